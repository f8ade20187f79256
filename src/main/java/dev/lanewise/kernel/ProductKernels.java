package dev.lanewise.kernel;

/**
 * The inner loops of matrix products.
 *
 * <p>Each output is one chain of fused multiply-adds, k ascending, begun from a given start; tiles,
 * panels and the number of rows never show in the bits. Vectors run across outputs, never along a
 * sum.
 */
public interface ProductKernels {

  /** {@return the columns of a panel: those that share a step of the packed right factor} */
  int panelColumns();

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

  /**
   * Packs whole panels of a matrix whose rows are contiguous.
   *
   * @param b the matrix; element (k, j) is at {@code bo + k·bStep + j}
   * @param bo the offset of its first element
   * @param bStep the distance between rows
   * @param depth the number of rows
   * @param packed receives the panels {@code [depth][panelColumns]}
   * @param po the first panel's offset
   * @param pitch the distance between panels
   * @param panels the number of panels
   */
  void packRows(
      float[] b, int bo, int bStep, int depth, float[] packed, int po, int pitch, int panels);

  /**
   * Packs whole panels of a matrix whose columns are contiguous, so that it is transposed on the
   * way.
   *
   * @param b the matrix; element (k, j) is at {@code bo + j·bColumn + k}
   * @param bo the offset of its first element
   * @param bColumn the distance between columns
   * @param depth the number of rows
   * @param packed receives the panels {@code [depth][panelColumns]}
   * @param po the first panel's offset
   * @param pitch the distance between panels
   * @param panels the number of panels
   */
  default void packColumns(
      float[] b, int bo, int bColumn, int depth, float[] packed, int po, int pitch, int panels) {
    int panel = panelColumns();
    for (int p = 0; p < panels; p++) {
      // Four columns at a time: more streams than that run into one set of the cache.
      for (int j = 0; j < panel; j += 4) {
        int to = po + p * pitch + j;
        int b0 = bo + (p * panel + j) * bColumn;
        int b1 = b0 + bColumn;
        int b2 = b1 + bColumn;
        int b3 = b2 + bColumn;
        for (int k = 0; k < depth; k++) {
          int at = to + k * panel;
          packed[at] = b[b0 + k];
          packed[at + 1] = b[b1 + k];
          packed[at + 2] = b[b2 + k];
          packed[at + 3] = b[b3 + k];
        }
      }
    }
  }

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
