package dev.lanewise.kernel;

/**
 * The arithmetic of optimisers, element by element over ranges of {@code n} floats. An output may
 * be the same range as an input; ranges that overlap in another way are not allowed.
 *
 * <p>Every formula names its roundings: a product that is not inside an {@code fma} is rounded
 * before it is used.
 */
public interface UpdateKernels {

  /**
   * y = fma(b, z, a·x), which is BLAS's {@code axpby} with an output of its own: weighted averages,
   * Nesterov's look-ahead, decay and the descent itself.
   *
   * @param x the first input
   * @param xo where it starts
   * @param a the factor of x
   * @param z the second input
   * @param zo where it starts
   * @param b the factor of z
   * @param y the output
   * @param yo where it starts
   * @param n the number of elements, at least 0
   */
  void blend(float[] x, int xo, float a, float[] z, int zo, float b, float[] y, int yo, int n);

  /**
   * s = fma(b, s, (a·x)·x), a weighted average of squares.
   *
   * @param x the input
   * @param xo where it starts
   * @param a the new square's share
   * @param s the average, updated in place
   * @param so where it starts
   * @param b the old average's share
   * @param n the number of elements, at least 0
   */
  void blendSquares(float[] x, int xo, float a, float[] s, int so, float b, int n);

  /**
   * y = (a·x) / (√fma(c, s, inside) + outside), a step divided by a root mean square.
   *
   * @param x the numerator
   * @param xo where it starts
   * @param a the factor of x
   * @param s the mean squares, at least 0
   * @param so where they start
   * @param c the factor of s
   * @param inside what is added inside the root
   * @param outside what is added to the root
   * @param y the output
   * @param yo where it starts
   * @param n the number of elements, at least 0
   */
  void divideByRoot(
      float[] x,
      int xo,
      float a,
      float[] s,
      int so,
      float c,
      float inside,
      float outside,
      float[] y,
      int yo,
      int n);

  /**
   * Adam's step in one pass: s = fma(d, s, (c·x)·x), m = fma(b, m, a·x), then θ = fma(−rate, u, θ)
   * with u = (p·m) / (√fma(q, s, inside) + outside); the same bits as {@link #blendSquares}, {@link
   * #blend}, {@link #divideByRoot} and the descent one after the other.
   *
   * <p>All four arrays have the same offset, because C2 vectorises the scalar form only where one
   * index serves all of them.
   *
   * @param x the gradient
   * @param a the gradient's share in the mean
   * @param c the square's share in the mean square
   * @param m the means, updated in place
   * @param b the old mean's share
   * @param s the mean squares, updated in place
   * @param d the old mean square's share
   * @param p the factor that corrects the mean
   * @param q the factor that corrects the mean square
   * @param inside what is added inside the root
   * @param outside what is added to the root
   * @param theta the parameters θ, updated in place
   * @param rate the learning rate
   * @param at where they start
   * @param n the number of elements, at least 0
   */
  void adam(
      float[] x,
      float a,
      float c,
      float[] m,
      float b,
      float[] s,
      float d,
      float p,
      float q,
      float inside,
      float outside,
      float[] theta,
      float rate,
      int at,
      int n);

  /**
   * Lion's two averages and its sign in one pass: y = sign(fma(b, m, a·x)), then m = fma(d, m,
   * c·x). The sign of a zero is that zero, the sign of NaN is NaN.
   *
   * @param x the input
   * @param xo where it starts
   * @param a the input's share in the average whose sign is taken
   * @param b the old mean's share in it
   * @param m the means, updated in place
   * @param mo where they start
   * @param c the input's share in the new mean
   * @param d the old mean's share in it
   * @param y the signs
   * @param yo where they start
   * @param n the number of elements, at least 0
   */
  void lion(
      float[] x,
      int xo,
      float a,
      float b,
      float[] m,
      int mo,
      float c,
      float d,
      float[] y,
      int yo,
      int n);

  /**
   * y = max(x, y), a running maximum; NaN if either is.
   *
   * @param x the input
   * @param xo where it starts
   * @param y the largest so far, updated in place
   * @param yo where it starts
   * @param n the number of elements, at least 0
   */
  void raise(float[] x, int xo, float[] y, int yo, int n);

  /**
   * y = x limited to [−bound, bound]; NaN stays NaN.
   *
   * @param x the input
   * @param xo where it starts
   * @param bound the largest magnitude
   * @param y the output
   * @param yo where it starts
   * @param n the number of elements, at least 0
   */
  void clip(float[] x, int xo, float bound, float[] y, int yo, int n);

  /**
   * y = a·x.
   *
   * @param x the input
   * @param xo where it starts
   * @param a the factor
   * @param y the output
   * @param yo where it starts
   * @param n the number of elements, at least 0
   */
  void scale(float[] x, int xo, float a, float[] y, int yo, int n);
}
