package dev.lanewise.kernel;

/**
 * Packing for matrix products, their {@link MicroKernel}, and the gradient of penalties, from which
 * the gradient of W starts.
 */
public interface ProductKernels {

  /** {@return the columns of a vector: a panel has whole vectors} */
  int lanes();

  /**
   * {@return the number of columns of a panel, which lie side by side in the packed right factor}
   */
  int panelColumns();

  /** {@return the rows of the largest tile, whose sums stay in registers} */
  int tileRows();

  /** {@return the rows of a block of the packed left factor; 1 if it is always read in place} */
  int blockRows();

  /**
   * {@return whether the micro-kernel reads a left factor that is packed in blocks, and not in
   * place} A single row is the same either way.
   *
   * @param columns the columns of the product
   */
  default boolean readsBlocks(int columns) {
    return blockRows() > 1 && columns > 2 * lanes();
  }

  /**
   * {@return a micro-kernel for one thread: it may own scratch}
   *
   * <p>To be asked for when a plan is compiled, not at each product.
   */
  MicroKernel microKernel();

  /**
   * Packs columns of a matrix whose rows are contiguous into panels, as {@link Right} says.
   *
   * @param b the matrix; element (k, j) is at {@code bo + k·bStep + j}
   * @param bo the offset of its first element
   * @param bStep the distance between rows
   * @param depth the number of rows to pack
   * @param vectors the columns in vectors
   * @param packed receives the panels
   * @param po the first panel's offset
   * @param pitch the rows of a panel, at least {@code depth}
   */
  void packRows(
      float[] b, int bo, int bStep, int depth, int vectors, float[] packed, int po, int pitch);

  /**
   * Packs eight rows of a matrix side by side, so that they are transposed.
   *
   * @param a the matrix; element (i, k) is at {@code ao + i·aRow + k}
   * @param ao the offset of its first element
   * @param aRow the distance between rows
   * @param depth the length of rows
   * @param packed receives element (i, k) at {@code po + k·step + i}
   * @param po the offset of the first
   * @param step the distance between steps
   */
  default void packEightRows(
      float[] a, int ao, int aRow, int depth, float[] packed, int po, int step) {
    // Four rows at a time: more streams would compete for one set of the cache.
    for (int i = 0; i < 8; i += 4) {
      int a0 = ao + i * aRow;
      int a1 = a0 + aRow;
      int a2 = a1 + aRow;
      int a3 = a2 + aRow;
      for (int k = 0, to = po + i; k < depth; k++, to += step) {
        packed[to] = a[a0 + k];
        packed[to + 1] = a[a1 + k];
        packed[to + 2] = a[a2 + k];
        packed[to + 3] = a[a3 + k];
      }
    }
  }

  /**
   * Copies eight columns of a matrix, so that they lie side by side.
   *
   * @param a the matrix; element (k, i) is at {@code ao + k·aStep + i}
   * @param ao the offset of its first element
   * @param aStep the distance between rows
   * @param depth the number of rows
   * @param packed receives element (k, i) at {@code po + 8·k + i}
   * @param po the offset of the first
   */
  default void packEightColumns(float[] a, int ao, int aStep, int depth, float[] packed, int po) {
    for (int k = 0; k < depth; k++) {
      System.arraycopy(a, ao + k * aStep, packed, po + 8 * k, 8);
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
