package dev.lanewise.kernel;

/**
 * Products with weights at half width: bfloat16, the upper 16 bits of a float, two to an {@code
 * int}.
 *
 * <p>A half is widened exactly, so a product is the one that {@link ProductKernels} computes with
 * the rounded weights, in the same chains of fused multiply-adds: the same bits. Panels are {@link
 * #halfPanelColumns} wide, {@code [depth][halfPanelColumns / 2]}; an {@code int} holds a column of
 * the panel's first half in its lower bits and one of the second half in its upper bits, so that a
 * shift and a mask widen a vector of them.
 */
public interface HalfKernels extends ProductKernels {

  /** {@return the number of columns of a panel of halves} */
  int halfPanelColumns();

  /**
   * Rounds columns of a matrix to halves and packs them: to the nearest, ties to even. NaN stays
   * NaN; a number that is half a unit of the last place or more beyond the largest half becomes
   * infinite.
   *
   * @param b the matrix; element (k, j) is at {@code bo + k·bStep + j}
   * @param bo the offset of its first element
   * @param bStep the distance between its rows
   * @param depth its rows
   * @param columns its columns
   * @param halves receives the panels, the last one padded with zeros
   * @param ho where they begin
   */
  default void packHalves(
      float[] b, int bo, int bStep, int depth, int columns, int[] halves, int ho) {
    int width = halfPanelColumns() / 2;
    int to = ho;
    for (int panel = 0; panel < columns; panel += 2 * width) {
      for (int k = 0; k < depth; k++) {
        for (int j = panel; j < panel + width; j++, to++) {
          int at = bo + k * bStep + j;
          int lower = j < columns ? rounded(b[at]) >>> 16 : 0;
          int upper = j + width < columns ? rounded(b[at + width]) & 0xffff0000 : 0;
          halves[to] = upper | lower;
        }
      }
    }
  }

  /** {@return a float's bits, of which the upper 16 are the rounded float's} */
  private static int rounded(float x) {
    int bits = Float.floatToRawIntBits(x);
    // A NaN keeps its upper bits and is made quiet, as the bits of its payload that are kept may
    // all be 0.
    return x == x ? bits + 0x7fff + (bits >>> 16 & 1) : bits | 0x00400000;
  }

  /**
   * Computes C = S + A·B for whole panels of columns.
   *
   * @param a the left factor; element (i, k) is at {@code ao + i·aRow + k}
   * @param ao the offset of its first element
   * @param aRow the distance between rows
   * @param halves B, packed
   * @param panels the number of panels
   * @param s the vector that starts every row's chains {@code [panels · halfPanelColumns]}
   * @param c receives the result {@code [rows][panels · halfPanelColumns]}
   * @param co where it begins
   * @param rows the number of rows, at least 0
   * @param depth the number of steps of the sum, at least 0
   */
  void productByHalves(
      float[] a,
      int ao,
      int aRow,
      int[] halves,
      int panels,
      float[] s,
      float[] c,
      int co,
      int rows,
      int depth);
}
