package dev.lanewise.kernel;

/**
 * The inner loops of matrix products, over a right factor packed in panels.
 *
 * <p>Each output is one chain of fused multiply-adds, k ascending, begun from a given start; tiles,
 * panels, blocks and the number of rows never show in the bits. Vectors run across outputs, never
 * along a sum.
 *
 * <p>Not safe for use by several threads: each asks {@link ProductKernels#microKernel} for its own.
 */
public interface MicroKernel {

  /**
   * Computes C = S + A·B. Columns are filled up to whole vectors: as many starts are read, and up
   * to {@link ProductKernels#lanes} − 1 elements after a row's end are overwritten, with no
   * particular values. Within a panel, rows are finished in order.
   *
   * @param a the left factor, packed if {@link ProductKernels#readsBlocks} asks for it
   * @param b the right factor
   * @param c the result, and where its sums start, which may be the result itself
   * @param rows the number of rows, at least 0
   * @param columns the number of columns, at least 0
   * @param depth the number of steps of the sum, at least 0
   */
  void product(Left a, Right b, Result c, int rows, int columns, int depth);
}
