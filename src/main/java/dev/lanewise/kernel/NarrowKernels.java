package dev.lanewise.kernel;

/**
 * Matrix products with a side of at most {@value #FEW}: those of layers with few inputs or outputs.
 * Tiles would take longer to begin and to end than for their steps, and packing as long as the
 * product.
 *
 * <p>Each output is one chain of fused multiply-adds as in {@link MicroKernel}.
 */
public interface NarrowKernels {

  /**
   * The most rows of {@link #fewRows}, columns of {@link #fewColumns}, steps of {@link #fewSteps}.
   */
  int FEW = 4;

  /** The floats of a row of the right factor of {@link #fewColumns}. */
  int WIDE = 2 * FEW;

  /**
   * Computes C = S + Aᵀ·B for a few rows, with both factors in place.
   *
   * @param a the left factor; element (k, i) is at {@code ao + k·aStep + i}
   * @param ao the offset of its first element
   * @param aStep the distance between its rows
   * @param b the right factor; element (k, j) is at {@code bo + k·bStep + j}
   * @param bo the offset of its first element
   * @param bStep the distance between its rows
   * @param s where the chains start, {@code [rows][columns]}; not the result
   * @param c the result, {@code [rows][columns]}
   * @param rows the rows of the result, 1 to {@value #FEW}
   * @param columns the columns
   * @param depth the steps of the sum
   */
  void fewRows(
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int bStep,
      float[] s,
      float[] c,
      int rows,
      int columns,
      int depth);

  /**
   * Computes C = S + A·B for a few columns.
   *
   * @param a the left factor; element (i, k) is at {@code ao + i·aRow + k}
   * @param ao the offset of its first element
   * @param aRow the distance between its rows
   * @param b the right factor {@code [depth]}[{@value #WIDE}], each row filled up to {@value #FEW}
   *     with any numbers and repeated
   * @param s the vector that starts every row's sums, filled up and repeated, too
   * @param c the result, {@code [rows][columns]}
   * @param co the offset of its first element
   * @param rows the rows
   * @param columns the columns, 1 to {@value #FEW}
   * @param depth the steps of the sum
   */
  void fewColumns(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      float[] s,
      float[] c,
      int co,
      int rows,
      int columns,
      int depth);

  /**
   * Computes C = S + A·B for a single column, with A in place.
   *
   * @param a the left factor; element (i, k) is at {@code ao + i·aRow + k}
   * @param ao the offset of its first element
   * @param aRow the distance between its rows
   * @param b the right factor, {@code depth} elements
   * @param s what every row's sum starts from
   * @param c the result, a column whose elements lie side by side
   * @param co the offset of its first element
   * @param rows the rows
   * @param depth the steps of the sum
   */
  void oneColumn(
      float[] a, int ao, int aRow, float[] b, float s, float[] c, int co, int rows, int depth);

  /**
   * Computes C = S + A·B for few steps of the sum.
   *
   * @param a the left factor; element (i, k) is at {@code ao + i·aRow + k}
   * @param ao the offset of its first element
   * @param aRow the distance between its rows
   * @param b the right factor; element (k, j) is at {@code bo + k·bRow + j}
   * @param bo the offset of its first element
   * @param bRow the distance between its rows
   * @param s the vector that starts every row's sums
   * @param so the offset of its first element
   * @param c the result; element (i, j) is at {@code co + i·cRow + j}
   * @param co the offset of its first element
   * @param cRow the distance between its rows
   * @param rows the rows
   * @param columns the columns
   * @param depth the steps of the sum, 1 to {@value #FEW}
   */
  void fewSteps(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      int bo,
      int bRow,
      float[] s,
      int so,
      float[] c,
      int co,
      int cRow,
      int rows,
      int columns,
      int depth);
}
