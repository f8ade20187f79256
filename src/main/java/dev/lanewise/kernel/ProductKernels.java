package dev.lanewise.kernel;

/**
 * Packing for matrix products, their {@link MicroKernel}, and the gradient of penalties, from which
 * the gradient of W starts.
 */
public interface ProductKernels {

  /**
   * {@return the number of columns of a panel, which lie side by side in the packed right factor}
   */
  int panelColumns();

  /**
   * {@return a micro-kernel for one thread: it may own scratch}
   *
   * <p>To be asked for when a plan is compiled, not at each product.
   */
  MicroKernel microKernel();

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
      // Four columns at a time: more streams would compete for one set of the cache.
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
