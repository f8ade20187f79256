package dev.lanewise.gemm;

import dev.lanewise.kernel.NarrowKernels;

/**
 * The products of a layer with few inputs or few outputs, each output the same chain as in {@link
 * Gemm}.
 *
 * <p>Not safe for use by several threads, because it owns scratch arrays: each worker has one of
 * its own.
 */
public final class NarrowProducts {

  /** The most columns that {@link #multiplyTransposed} computes at once. */
  private static final int GROUP = 64;

  private final NarrowKernels kernels;

  /** Weights, in the order in which a kernel takes them. */
  private final float[] right;

  private final float[] zeros;
  private final float[] start = new float[NarrowKernels.WIDE];
  private final float[] fewStart = new float[NarrowKernels.FEW * GROUP];
  private final float[] few = new float[NarrowKernels.FEW * GROUP];

  /**
   * Creates a worker's products.
   *
   * @param kernels the kernels
   * @param widest the most inputs or outputs of the layers
   */
  public NarrowProducts(NarrowKernels kernels, int widest) {
    this.kernels = kernels;
    right = new float[NarrowKernels.WIDE * widest];
    zeros = new float[widest];
  }

  /**
   * {@return whether a layer's products are best computed here}
   *
   * @param in the layer's inputs
   * @param out its outputs
   */
  public static boolean fit(int in, int out) {
    return Math.min(in, out) <= NarrowKernels.FEW;
  }

  /**
   * Computes C = S + A·B for one task's columns of a product that has a few columns in all, or a
   * few steps.
   *
   * @param a the left factor; element (i, k) is at {@code ao + i·aRow + k}
   * @param ao the offset of its first element
   * @param aRow the distance between rows
   * @param b the right factor; element (k, j) is at {@code bo + k·bStep + j·bColumn}
   * @param bo the offset of its first element
   * @param bStep the distance between rows of B
   * @param bColumn the distance between columns of B
   * @param s the vector that starts every row's sums; null for zero
   * @param so the offset of its first element
   * @param c the result; element (i, j) is at {@code co + i·cRow + j}
   * @param co the offset of its first element
   * @param cRow the distance between rows; the columns, if there are few in all
   * @param rows the rows
   * @param columns the columns
   * @param depth the steps of the sum
   */
  public void multiply(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      int bo,
      int bStep,
      int bColumn,
      float[] s,
      int so,
      float[] c,
      int co,
      int cRow,
      int rows,
      int columns,
      int depth) {
    if (cRow == 1 && depth > NarrowKernels.FEW) {
      for (int k = 0; k < depth; k++) {
        right[k] = b[bo + k * bStep];
      }
      kernels.oneColumn(a, ao, aRow, right, s == null ? 0 : s[so], c, co, rows, depth);
      return;
    }
    if (cRow <= NarrowKernels.FEW) {
      for (int k = 0; k < depth; k++) {
        for (int j = 0; j < columns; j++) {
          float weight = b[bo + k * bStep + j * bColumn];
          right[k * NarrowKernels.WIDE + j] = weight;
          right[k * NarrowKernels.WIDE + NarrowKernels.FEW + j] = weight;
        }
      }
      for (int j = 0; j < columns; j++) {
        start[j] = s == null ? 0 : s[so + j];
        start[NarrowKernels.FEW + j] = start[j];
      }
      kernels.fewColumns(a, ao, aRow, right, start, c, co, rows, columns, depth);
      return;
    }
    float[] sums = s == null ? zeros : s;
    int sumsAt = s == null ? 0 : so;
    if (bColumn == 1) {
      kernels.fewSteps(a, ao, aRow, b, bo, bStep, sums, sumsAt, c, co, cRow, rows, columns, depth);
      return;
    }
    for (int k = 0; k < depth; k++) {
      for (int j = 0; j < columns; j++) {
        right[k * columns + j] = b[bo + k * bStep + j * bColumn];
      }
    }
    kernels.fewSteps(
        a, ao, aRow, right, 0, columns, sums, sumsAt, c, co, cRow, rows, columns, depth);
  }

  /**
   * Computes C = S + Aᵀ·B where the result has few rows or few columns. Vectors run along the
   * longer side: with few columns, the transposed product is computed.
   *
   * @param a the left factor; element (k, i) is at {@code ao + k·aRow + i}
   * @param ao the offset of its first element
   * @param aRow the distance between rows
   * @param b the right factor; element (k, j) is at {@code bo + k·bRow + j}
   * @param bo the offset of its first element
   * @param bRow the distance between rows
   * @param start where the sums start, laid out as the result; null for zero. May be the result
   * @param c the result; element (i, j) is at {@code co + i·columns + j}
   * @param co the offset of its first element
   * @param rows the rows of the result, which are the columns of A
   * @param columns the columns
   * @param depth the steps of the sum, which are the rows of A
   */
  public void multiplyTransposed(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      int bo,
      int bRow,
      float[] start,
      float[] c,
      int co,
      int rows,
      int columns,
      int depth) {
    if (rows <= columns) {
      fewRows(a, ao, aRow, b, bo, bRow, start, c, co, columns, 1, rows, columns, depth);
    } else {
      fewRows(b, bo, bRow, a, ao, aRow, start, c, co, 1, columns, columns, rows, depth);
    }
  }

  /** The element (i, j) of the result is at {@code co + i·cRow + j·cColumn}. */
  private void fewRows(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      int bo,
      int bRow,
      float[] s,
      float[] c,
      int co,
      int cRow,
      int cColumn,
      int rows,
      int columns,
      int depth) {
    for (int j = 0; j < columns; j += GROUP) {
      int some = Math.min(GROUP, columns - j);
      int result = co + j * cColumn;
      for (int i = 0; i < rows; i++) {
        for (int column = 0; column < some; column++) {
          int at = result + i * cRow + column * cColumn;
          fewStart[i * some + column] = s == null ? 0 : s[at];
        }
      }
      kernels.fewRows(a, ao, aRow, b, bo + j, bRow, fewStart, few, rows, some, depth);
      for (int i = 0; i < rows; i++) {
        for (int column = 0; column < some; column++) {
          c[result + i * cRow + column * cColumn] = few[i * some + column];
        }
      }
    }
  }
}
