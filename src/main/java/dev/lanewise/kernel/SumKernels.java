package dev.lanewise.kernel;

/**
 * Sums over whole arrays, in the order that all kernels share: 16 lanes, lane i taking elements i
 * mod 16 of a block of 4096, added as a tree; then the blocks in order, in {@code double}.
 *
 * <p>All read {@code n} elements of {@code x} from {@code xo} on.
 */
public interface SumKernels {

  /**
   * {@return the sum of the elements}
   *
   * @param x the array
   * @param xo where to begin
   * @param n the number of elements
   */
  double sum(float[] x, int xo, int n);

  /**
   * {@return the sum of the elements' squares}
   *
   * @param x the array
   * @param xo where to begin
   * @param n the number of elements
   */
  double sumOfSquares(float[] x, int xo, int n);

  /**
   * {@return the sum of the elements' magnitudes}
   *
   * @param x the array
   * @param xo where to begin
   * @param n the number of elements
   */
  double sumOfMagnitudes(float[] x, int xo, int n);

  /**
   * Sums rows.
   *
   * @param x the rows
   * @param xo where they begin
   * @param rows the number of rows
   * @param columns their length
   * @param sums receives the sums
   * @param so their offset
   */
  default void rowSums(float[] x, int xo, int rows, int columns, float[] sums, int so) {
    for (int r = 0; r < rows; r++) {
      sums[so + r] = (float) sum(x, xo + r * columns, columns);
    }
  }
}
