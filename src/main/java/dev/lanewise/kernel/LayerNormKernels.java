package dev.lanewise.kernel;

/**
 * Layer normalisation, a row at a time. The sequence of operations on a row stands here once; the
 * loops are kernels that each implementation has, so that all compute the same bits.
 *
 * <p>Row sums are those of {@link SumKernels}; column sums add rows in blocks of {@value
 * NormKernels#BLOCK}, as in {@link NormKernels}.
 */
public interface LayerNormKernels extends SumKernels {

  /**
   * Normalises a row: x̂ = (x − μ)/√(σ² + ε) and y = γ·x̂ + β. The variance is the corrected
   * two-pass one (Chan, Golub and LeVeque 1983), Σd²/n − (Σd/n)² with d = x − m, where m is the
   * mean rounded to float; the rounding error of the mean, Σd/n, is part of the term that is added.
   *
   * @param x the row, replaced by x̂
   * @param xo where it begins
   * @param y receives the result; may be x at the same offset, which then holds y
   * @param yo where it begins
   * @param n the number of units, at least 1
   * @param epsilon ε
   * @param parameters holds γ and β
   * @param scale the offset of γ
   * @param shift the offset of β
   * @return 1/√(σ² + ε)
   */
  default float normalizeRow(
      float[] x,
      int xo,
      float[] y,
      int yo,
      int n,
      double epsilon,
      float[] parameters,
      int scale,
      int shift) {
    subtract(x, xo, (float) (sum(x, xo, n) / n), n);
    double left = sum(x, xo, n) / n;
    double variance = Math.max(0, sumOfSquares(x, xo, n) / n - left * left);
    double inverse = 1 / Math.sqrt(variance + epsilon);
    standardize(
        x, xo, y, yo, n, (float) inverse, (float) (-left * inverse), parameters, scale, shift);
    return (float) inverse;
  }

  /**
   * The backward pass of a row: with g = γ·dy, dx = (g − Σg/n − x̂·Σ(g·x̂)/n)/√(σ² + ε). The factor
   * is applied last because the terms before it may nearly cancel.
   *
   * @param normal x̂
   * @param no where it begins
   * @param d dy, replaced by dx
   * @param at where it begins
   * @param n the number of units, at least 1
   * @param inverse 1/√(σ² + ε)
   * @param parameters holds γ
   * @param scale the offset of γ
   */
  default void normalizeRowGradient(
      float[] normal,
      int no,
      float[] d,
      int at,
      int n,
      float inverse,
      float[] parameters,
      int scale) {
    multiply(d, at, parameters, scale, n);
    float mean = (float) (sum(d, at, n) / n);
    float slope = (float) (-sumOfProducts(normal, no, d, at, n) / n);
    decorrelate(normal, no, slope, d, at, mean, inverse, n);
  }

  /**
   * x = x − m.
   *
   * @param x the array, changed in place
   * @param xo where it starts
   * @param m what is subtracted
   * @param n the number of elements, at least 0
   */
  void subtract(float[] x, int xo, float m, int n);

  /**
   * x = fma(x, factor, term), then y = fma(γ, x, β).
   *
   * @param x the array, changed in place
   * @param xo where it starts
   * @param y the result; may be x at the same offset, which then holds y
   * @param yo where it starts
   * @param n the number of elements, at least 0
   * @param factor the factor
   * @param term what is added
   * @param parameters holds γ and β
   * @param scale the offset of γ
   * @param shift the offset of β
   */
  void standardize(
      float[] x,
      int xo,
      float[] y,
      int yo,
      int n,
      float factor,
      float term,
      float[] parameters,
      int scale,
      int shift);

  /**
   * d = d·f.
   *
   * @param d the array, changed in place
   * @param at where it starts
   * @param f the factors
   * @param fo where they start
   * @param n the number of elements, at least 0
   */
  void multiply(float[] d, int at, float[] f, int fo, int n);

  /**
   * {@return the sum of the elements' products}
   *
   * @param x the one array
   * @param xo where to begin
   * @param y the other array
   * @param yo where to begin
   * @param n the number of elements
   */
  double sumOfProducts(float[] x, int xo, float[] y, int yo, int n);

  /**
   * d = fma(x, slope, d − mean)·factor.
   *
   * @param x the other array
   * @param xo where it starts
   * @param slope its factor
   * @param d the array, changed in place
   * @param at where it starts
   * @param mean what is subtracted
   * @param factor the factor, which is applied last
   * @param n the number of elements, at least 0
   */
  void decorrelate(
      float[] x, int xo, float slope, float[] d, int at, float mean, float factor, int n);

  /**
   * Sums the columns of the element-wise product of two matrices of the same shape and offset.
   *
   * @param x the one matrix
   * @param y the other matrix
   * @param xo the offset of the panel's first element in both
   * @param stride the distance between rows
   * @param rows the rows
   * @param columns the panel's columns
   * @param sums receives Σx·y of each column
   * @param so their offset
   */
  void columnProducts(
      float[] x, float[] y, int xo, int stride, int rows, int columns, float[] sums, int so);
}
