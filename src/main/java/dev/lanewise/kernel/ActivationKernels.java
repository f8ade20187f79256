package dev.lanewise.kernel;

import dev.lanewise.random.CounterRandom;

/**
 * Activation functions, their derivatives and dropout, element by element. The methods here are the
 * scalar form; {@link VectorActivation} has the vector form.
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
  default void exp(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.exp(x[xo + i]);
    }
  }

  /**
   * Computes 0 where x ≤ 0, else x; NaN passes.
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  default void relu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i] <= 0 ? 0 : x[xo + i];
    }
  }

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
  default void leakyRelu(float[] x, int xo, float[] y, int yo, int n, float slope) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i] > 0 ? x[xo + i] : slope * x[xo + i];
    }
  }

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
  default void elu(float[] x, int xo, float[] y, int yo, int n, float alpha) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.elu(x[xo + i], alpha);
    }
  }

  /**
   * Computes λx above 0, else λα·(eˣ − 1), with the λ and α of SELU.
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  default void selu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.selu(x[xo + i]);
    }
  }

  /**
   * Computes 1/(1 + e⁻ˣ).
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  default void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.sigmoid(x[xo + i]);
    }
  }

  /**
   * Computes the hyperbolic tangent of x.
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  default void tanh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.tanh(x[xo + i]);
    }
  }

  /**
   * Computes x·Φ(x), Φ being the standard normal distribution.
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  default void gelu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.gelu(x[xo + i]);
    }
  }

  /**
   * Computes ½x·(1 + tanh(√(2/π)·(x + 0.044715x³))).
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  default void tanhGelu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.tanhGelu(x[xo + i]);
    }
  }

  /**
   * Computes x/(1 + e⁻ˣ).
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  default void silu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.silu(x[xo + i]);
    }
  }

  /**
   * Computes x·tanh(ln(1 + eˣ)).
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  default void mish(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.mish(x[xo + i]);
    }
  }

  /**
   * Computes ln(1 + eˣ).
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  default void softplus(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.softplus(x[xo + i]);
    }
  }

  /**
   * Moves the elements of a panel of columns towards others, by a share of the way for each column:
   * d = s − x and y = x + α·d.
   *
   * @param x where they are
   * @param s where the way ends
   * @param d receives the way; may be x or s
   * @param y receives the result; may be x or s
   * @param at where the panel begins in all four
   * @param stride the distance between their rows
   * @param rows the number of rows
   * @param columns the columns of the panel
   * @param alpha the shares α
   * @param ao where they begin
   */
  default void moveTowards(
      float[] x,
      float[] s,
      float[] d,
      float[] y,
      int at,
      int stride,
      int rows,
      int columns,
      float[] alpha,
      int ao) {
    for (int row = 0; row < rows; row++) {
      int from = at + row * stride;
      for (int j = 0; j < columns; j++) {
        float start = x[from + j];
        float way = s[from + j] - start;
        d[from + j] = way;
        y[from + j] = Fma.fma(alpha[ao + j], way, start);
      }
    }
  }

  /**
   * Computes cos(2πt).
   *
   * @param t the input, in turns
   * @param to where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   */
  default void cosTurns(float[] t, int to, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.cosTurns(t[to + i]);
    }
  }

  /**
   * Multiplies d by −2π·sin(2πt), the derivative of cos(2πt).
   *
   * @param t the function's input, in turns
   * @param to where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  default void cosTurnsGate(float[] t, int to, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Functions.cosTurnsSlope(t[to + i]);
    }
  }

  /**
   * Multiplies d by scale where a > 0 or NaN, else by 0: the derivative of ReLU with dropout.
   *
   * @param a ReLU's output, after the dropout with that scale (1 without)
   * @param ao where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   * @param scale 1 divided by the probability of keeping
   */
  default void reluGate(float[] a, int ao, float[] d, int dOffset, int n, float scale) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = a[ao + i] <= 0 ? 0 : d[dOffset + i] * scale;
    }
  }

  /**
   * Multiplies d by 1 where z > 0, else by the slope: the derivative of leaky ReLU.
   *
   * @param z the function's input
   * @param zo where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   * @param slope the slope below 0
   */
  default void leakyReluGate(float[] z, int zo, float[] d, int dOffset, int n, float slope) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = z[zo + i] > 0 ? d[dOffset + i] : slope * d[dOffset + i];
    }
  }

  /**
   * Multiplies d by 1 where z > 0, else by alpha·eᶻ: the derivative of ELU.
   *
   * @param z the function's input
   * @param zo where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   * @param alpha α
   */
  default void eluGate(float[] z, int zo, float[] d, int dOffset, int n, float alpha) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Functions.eluSlope(z[zo + i], alpha);
    }
  }

  /**
   * Multiplies d by λ where s > 0, else by s + λα: the derivative of SELU.
   *
   * @param s SELU's output
   * @param so where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  default void seluGate(float[] s, int so, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Functions.seluSlope(s[so + i]);
    }
  }

  /**
   * Multiplies d by s·(1 − s), the derivative of the sigmoid.
   *
   * @param s the sigmoid's output
   * @param so where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  default void sigmoidGate(float[] s, int so, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * (s[so + i] * (1 - s[so + i]));
    }
  }

  /**
   * Multiplies d by 1 − t², the derivative of tanh.
   *
   * @param t tanh's output
   * @param to where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  default void tanhGate(float[] t, int to, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Fma.fma(-t[to + i], t[to + i], 1);
    }
  }

  /**
   * Multiplies d by Φ(z) + z·φ(z), the derivative of GELU.
   *
   * @param z the function's input
   * @param zo where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  default void geluGate(float[] z, int zo, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Functions.geluSlope(z[zo + i]);
    }
  }

  /**
   * Multiplies d by the derivative of the tanh form of GELU.
   *
   * @param z the function's input
   * @param zo where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  default void tanhGeluGate(float[] z, int zo, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Functions.tanhGeluSlope(z[zo + i]);
    }
  }

  /**
   * Multiplies d by σ(z)·(1 + z·(1 − σ(z))), the derivative of SiLU.
   *
   * @param z the function's input
   * @param zo where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  default void siluGate(float[] z, int zo, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Functions.siluSlope(z[zo + i]);
    }
  }

  /**
   * Multiplies d by the derivative of z·tanh(ln(1 + eᶻ)).
   *
   * @param z the function's input
   * @param zo where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  default void mishGate(float[] z, int zo, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Functions.mishSlope(z[zo + i]);
    }
  }

  /**
   * Multiplies d by σ(z), the derivative of softplus.
   *
   * @param z the function's input
   * @param zo where it begins
   * @param d the gradient, changed in place
   * @param dOffset where it begins
   * @param n the number of elements
   */
  default void softplusGate(float[] z, int zo, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Functions.softplusSlope(z[zo + i]);
    }
  }

  /**
   * Drops elements by a random mask: writes kept elements times scale, and 0 for the others.
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   * @param key the mask's key
   * @param index the first element's index under that key
   * @param threshold decides which words mean "kept", as in {@code CounterRandom.kept}
   * @param scale the factor of kept elements
   */
  default void dropout(
      float[] x,
      int xo,
      float[] y,
      int yo,
      int n,
      long key,
      int index,
      int threshold,
      float scale) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = CounterRandom.kept(key, index + i, threshold) ? x[xo + i] * scale : 0;
    }
  }

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
   * @param scale the factor of kept elements
   */
  default void reluDropout(
      float[] x,
      int xo,
      float[] y,
      int yo,
      int n,
      long key,
      int index,
      int threshold,
      float scale) {
    for (int i = 0; i < n; i++) {
      boolean passes = CounterRandom.kept(key, index + i, threshold) && !(x[xo + i] <= 0);
      y[yo + i] = passes ? x[xo + i] * scale : 0;
    }
  }

  /**
   * Drops elements by a given mask: writes kept elements times scale, and 0 for the others. Used in
   * replays only, so one implementation serves all kernels.
   *
   * @param x the input
   * @param xo where it begins
   * @param y the output
   * @param yo where it begins
   * @param n the number of elements
   * @param kept the mask
   * @param ko where it begins
   * @param scale the factor of kept elements
   */
  default void keep(
      float[] x, int xo, float[] y, int yo, int n, boolean[] kept, int ko, float scale) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = kept[ko + i] ? x[xo + i] * scale : 0;
    }
  }
}
