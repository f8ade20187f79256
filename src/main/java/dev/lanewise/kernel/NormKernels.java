package dev.lanewise.kernel;

/**
 * Column sums and batch normalisation over a panel of columns: {@code rows} rows at distance {@code
 * stride}, of which {@code columns} columns from the offset on are worked on.
 *
 * <p>Every column sum adds the rows in blocks of {@value #BLOCK} in order, then the blocks' sums in
 * order, in float.
 */
public interface NormKernels {

  /** The number of rows that are summed before their sum is added to the column's. */
  int BLOCK = 64;

  /**
   * Sums columns.
   *
   * @param x the matrix
   * @param xo the offset of the panel's first element
   * @param stride the distance between rows
   * @param rows the rows
   * @param columns the panel's columns
   * @param sums receives the sums
   * @param so their offset
   */
  void columnSums(float[] x, int xo, int stride, int rows, int columns, float[] sums, int so);

  /**
   * Computes each column's mean and biased variance by the corrected two-pass algorithm (Chan,
   * Golub and LeVeque 1983): (Σ(x − m)² − (Σ(x − m))²/n)/n, or 0 where rounding makes that
   * negative, as it can in a long column of equal values. The rounding error of the sum of squares
   * is carried from block to block (Kahan 1965); otherwise it would grow with the rows. The mean is
   * m + Σ(x − m)/n; its second term, the rounding error of m, is kept apart, because it matters
   * where a column's mean is large beside its deviation. Where a sum of squares overflows, the
   * variance is infinite up to 64 rows, and not a number beyond, because ∞ − ∞ is carried.
   *
   * @param x the matrix
   * @param xo the offset of the panel's first element
   * @param stride the distance between rows
   * @param rows the rows n, at least 1
   * @param columns the panel's columns
   * @param mean receives the means m
   * @param residual receives the rounding errors of the means, to be added to them
   * @param variance receives the variances
   * @param so the offset into all three
   */
  void moments(
      float[] x,
      int xo,
      int stride,
      int rows,
      int columns,
      float[] mean,
      float[] residual,
      float[] variance,
      int so);

  /**
   * Normalises columns: y = γ·x̂ + β with x̂ = (x − mean)·inverse + offset, computed as (x −
   * mean)·a + b with a = γ·inverse and b = γ·offset + β.
   *
   * @param x the matrix
   * @param y the result, of the same shape and offset; may be x
   * @param xo the offset of the panel's first element
   * @param stride the distance between rows
   * @param rows the rows
   * @param columns the panel's columns
   * @param mean the means
   * @param inverse 1/√(variance + ε)
   * @param offset −residual·inverse
   * @param so the offset into all three
   * @param parameters holds γ and β
   * @param scale the offset of γ
   * @param shift the offset of β
   */
  void normalize(
      float[] x,
      float[] y,
      int xo,
      int stride,
      int rows,
      int columns,
      float[] mean,
      float[] inverse,
      float[] offset,
      int so,
      float[] parameters,
      int scale,
      int shift);

  /**
   * The backward pass of batch normalisation in closed form: with x̂ = (x − mean)·inverse + offset,
   * dβ = Σdy, dγ = Σdy·x̂ and dx = γ·inverse·(dy − dβ/n − x̂·dγ/n), computed as ((x − mean)·p + (dy
   * − q))·γ·inverse with p = −inverse·dγ/n and q = dβ/n + offset·dγ/n. The factor is applied last
   * because the terms before it may nearly cancel.
   *
   * @param x what was normalised
   * @param d dy, replaced by dx; of the same shape and offset as x
   * @param xo the offset of the panel's first element
   * @param stride the distance between rows
   * @param rows the rows n, at least 1
   * @param columns the panel's columns
   * @param mean the means
   * @param inverse 1/√(variance + ε)
   * @param offset −residual·inverse
   * @param so the offset into all three
   * @param parameters holds γ
   * @param gradient receives dγ and dβ
   * @param scale the offset of γ, and of dγ in the gradient
   * @param shift the offset of dβ in the gradient
   */
  void normalizeGradient(
      float[] x,
      float[] d,
      int xo,
      int stride,
      int rows,
      int columns,
      float[] mean,
      float[] inverse,
      float[] offset,
      int so,
      float[] parameters,
      float[] gradient,
      int scale,
      int shift);
}
