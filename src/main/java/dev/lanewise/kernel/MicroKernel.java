package dev.lanewise.kernel;

/**
 * The inner loops of matrix products, over packed panels of {@link ProductKernels#panelColumns}.
 *
 * <p>Each output is one chain of fused multiply-adds, k ascending, begun from a given start; tiles,
 * panels and the number of rows never show in the bits. Vectors run across outputs, never along a
 * sum.
 *
 * <p>Not safe for use by several threads: each asks {@link ProductKernels#microKernel} for its own.
 */
public interface MicroKernel {

  /**
   * Computes C = S + A·B for whole panels of columns; within a panel, rows are finished in order.
   *
   * @param a the left factor; element (i, k) is at {@code ao + i·aRow + k·aStep}, so it is read in
   *     place, transposed or not
   * @param ao the offset of its first element
   * @param aRow the distance between rows
   * @param aStep the distance between steps of the sum
   * @param b the right factor in packed panels {@code [depth][panelColumns]}
   * @param bo the first panel's offset
   * @param pitch the distance between panels
   * @param panels the number of panels
   * @param s where the chains start; element (i, j) is at {@code so + i·sRow + j}, so {@code sRow =
   *     0} starts every row from one vector. May be C itself
   * @param so the offset of its first element
   * @param sRow the distance between rows
   * @param c the result; element (i, j) is at {@code co + i·cRow + j}
   * @param co the offset of its first element
   * @param cRow the distance between rows
   * @param rows the number of rows, at least 0
   * @param depth the number of steps of the sum, at least 0
   */
  void product(
      float[] a,
      int ao,
      int aRow,
      int aStep,
      float[] b,
      int bo,
      int pitch,
      int panels,
      float[] s,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int rows,
      int depth);

  /**
   * Computes C = S + A·B for the first half of one panel's columns; the other half may be computed
   * too. Rows are finished in order.
   *
   * @param a the left factor; element (i, k) is at {@code ao + i·aRow + k·aStep}
   * @param ao the offset of its first element
   * @param aRow the distance between rows
   * @param aStep the distance between steps of the sum
   * @param b the right factor, one packed panel {@code [depth][panelColumns]}
   * @param bo the panel's offset
   * @param s where the chains start; element (i, j) is at {@code so + i·sRow + j}
   * @param so the offset of its first element
   * @param sRow the distance between rows
   * @param c the result; element (i, j) is at {@code co + i·cRow + j}
   * @param co the offset of its first element
   * @param cRow the distance between rows
   * @param rows the number of rows, at least 0
   * @param depth the number of steps of the sum, at least 0
   */
  default void halfPanel(
      float[] a,
      int ao,
      int aRow,
      int aStep,
      float[] b,
      int bo,
      float[] s,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int rows,
      int depth) {
    product(a, ao, aRow, aStep, b, bo, 0, 1, s, so, sRow, c, co, cRow, rows, depth);
  }
}
