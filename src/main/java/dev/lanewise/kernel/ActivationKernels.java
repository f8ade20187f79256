package dev.lanewise.kernel;

/**
 * Activation functions, their derivatives and dropout, element by element.
 *
 * <p>Functions read {@code n} elements of {@code x} from {@code xo} on and write as many of {@code
 * y} from {@code yo} on; both may be the same array at the same offset. Gates multiply {@code d},
 * the gradient for a function's output, by the derivative, which makes it the gradient for the
 * input.
 */
public interface ActivationKernels {

  /**
   * Computes eˣ.
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  void exp(float[] x, int xo, float[] y, int yo, int n);

  /**
   * Computes 0 where x ≤ 0, else x; NaN passes.
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  void relu(float[] x, int xo, float[] y, int yo, int n);

  /**
   * Computes x above 0, else slope·x.
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   * @param slope the slope below 0
   */
  void leakyRelu(float[] x, int xo, float[] y, int yo, int n, float slope);

  /**
   * Computes x above 0, else alpha·(eˣ − 1).
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   * @param alpha α
   */
  void elu(float[] x, int xo, float[] y, int yo, int n, float alpha);

  /**
   * Computes 1/(1 + e⁻ˣ).
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  void sigmoid(float[] x, int xo, float[] y, int yo, int n);

  /**
   * Computes the hyperbolic tangent of x.
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  void tanh(float[] x, int xo, float[] y, int yo, int n);

  /**
   * Computes x·Φ(x), Φ being the standard normal distribution.
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  void gelu(float[] x, int xo, float[] y, int yo, int n);

  /**
   * Computes ½x·(1 + tanh(√(2/π)·(x + 0.044715x³))).
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  void tanhGelu(float[] x, int xo, float[] y, int yo, int n);

  /**
   * Computes x/(1 + e⁻ˣ).
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  void silu(float[] x, int xo, float[] y, int yo, int n);

  /**
   * Computes ln(1 + eˣ).
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  void softplus(float[] x, int xo, float[] y, int yo, int n);

  /**
   * Multiplies by scale where a > 0 or NaN, else 0.
   *
   * @param a ReLU's output, after the dropout with that scale (1 without)
   * @param ao where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   * @param scale 1 divided by the probability of keeping
   */
  void reluGate(float[] a, int ao, float[] d, int dOffset, int n, float scale);

  /**
   * Multiplies by 1 where z > 0, else the slope.
   *
   * @param z its input
   * @param zo where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   * @param slope the slope below 0
   */
  void leakyReluGate(float[] z, int zo, float[] d, int dOffset, int n, float slope);

  /**
   * Multiplies by 1 where z > 0, else alpha·eᶻ.
   *
   * @param z its input
   * @param zo where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   * @param alpha α
   */
  void eluGate(float[] z, int zo, float[] d, int dOffset, int n, float alpha);

  /**
   * Multiplies by s·(1 − s).
   *
   * @param s the sigmoid's output
   * @param so where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  void sigmoidGate(float[] s, int so, float[] d, int dOffset, int n);

  /**
   * Multiplies by 1 − t².
   *
   * @param t tanh's output
   * @param to where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  void tanhGate(float[] t, int to, float[] d, int dOffset, int n);

  /**
   * Multiplies by Φ(z) + z·φ(z).
   *
   * @param z its input
   * @param zo where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  void geluGate(float[] z, int zo, float[] d, int dOffset, int n);

  /**
   * Multiplies by that of the tanh form of GELU.
   *
   * @param z its input
   * @param zo where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  void tanhGeluGate(float[] z, int zo, float[] d, int dOffset, int n);

  /**
   * Multiplies by σ(z)·(1 + z·(1 − σ(z))).
   *
   * @param z its input
   * @param zo where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  void siluGate(float[] z, int zo, float[] d, int dOffset, int n);

  /**
   * Multiplies by σ(z).
   *
   * @param z its input
   * @param zo where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  void softplusGate(float[] z, int zo, float[] d, int dOffset, int n);

  /**
   * Keeps elements, scaled, or writes 0, by a random mask.
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   * @param key the mask's key
   * @param index the first element's index under that key
   * @param threshold decides which words mean "kept", as in {@code CounterRandom.kept}
   * @param scale the factor of what is kept
   */
  void dropout(
      float[] x, int xo, float[] y, int yo, int n, long key, int index, int threshold, float scale);

  /**
   * Computes ReLU and drops elements of its output, by a random mask.
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   * @param key the mask's key
   * @param index the first element's index under that key
   * @param threshold decides which words mean "kept", as in {@code CounterRandom.kept}
   * @param scale the factor of what is kept
   */
  void reluDropout(
      float[] x, int xo, float[] y, int yo, int n, long key, int index, int threshold, float scale);

  /**
   * Keeps elements, scaled, or writes 0, by a given mask; for replays, so one form does for all
   * kernels.
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   * @param kept the mask
   * @param ko where it begins
   * @param scale the factor of what is kept
   */
  default void keep(
      float[] x, int xo, float[] y, int yo, int n, boolean[] kept, int ko, float scale) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = kept[ko + i] ? x[xo + i] * scale : 0;
    }
  }
}
