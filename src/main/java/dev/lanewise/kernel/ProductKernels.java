package dev.lanewise.kernel;

/**
 * The inner loops of matrix products.
 *
 * <p>Each output is one chain of fused multiply-adds, k ascending, begun from a given start; tiles,
 * panels and the number of rows never show in the bits. Vectors run across outputs, never along a
 * sum.
 */
public interface ProductKernels {

  /**
   * The most rows that {@link #tile} computes at once in registers; multiples of it are fastest.
   */
  int TILE_ROWS = 6;

  /** {@return the columns of a panel: what {@link #tile} computes side by side} */
  int panelColumns();

  /**
   * Computes a tile of a product, C = S + A·B: {@code rows} rows and one panel of columns.
   *
   * @param a the left factor; element (i, k) is at {@code ao + i·aRow + k·aStep}, so it is read in
   *     place, transposed or not
   * @param ao the offset of its first element
   * @param aRow the distance between rows
   * @param aStep the distance between steps of the sum
   * @param b the right factor, one packed panel {@code [depth][panelColumns]}
   * @param bo the panel's offset
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
  void tile(
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
      int depth);

  /**
   * Writes a penalty's gradient, g = l2·w + l1·sign(w), with sign(0) = 0.
   *
   * @param w the weights
   * @param wo their offset
   * @param g the gradient
   * @param go its offset
   * @param n the number of elements
   * @param l1 λ of λ·Σ|w|
   * @param l2 λ of λ/2·Σw²
   */
  void penaltyGradient(float[] w, int wo, float[] g, int go, int n, float l1, float l2);
}
