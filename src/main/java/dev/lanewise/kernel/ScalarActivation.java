package dev.lanewise.kernel;

import dev.lanewise.random.CounterRandom;

/** The scalar form of {@link ActivationKernels}. */
interface ScalarActivation extends ActivationKernels {

  @Override
  default void exp(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.exp(x[xo + i]);
    }
  }

  @Override
  default void relu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i] <= 0 ? 0 : x[xo + i];
    }
  }

  @Override
  default void leakyRelu(float[] x, int xo, float[] y, int yo, int n, float slope) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i] > 0 ? x[xo + i] : slope * x[xo + i];
    }
  }

  @Override
  default void elu(float[] x, int xo, float[] y, int yo, int n, float alpha) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.elu(x[xo + i], alpha);
    }
  }

  @Override
  default void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.sigmoid(x[xo + i]);
    }
  }

  @Override
  default void tanh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.tanh(x[xo + i]);
    }
  }

  @Override
  default void gelu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.gelu(x[xo + i]);
    }
  }

  @Override
  default void tanhGelu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.tanhGelu(x[xo + i]);
    }
  }

  @Override
  default void silu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.silu(x[xo + i]);
    }
  }

  @Override
  default void softplus(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Functions.softplus(x[xo + i]);
    }
  }

  @Override
  default void reluGate(float[] a, int ao, float[] d, int dOffset, int n, float scale) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = a[ao + i] <= 0 ? 0 : d[dOffset + i] * scale;
    }
  }

  @Override
  default void leakyReluGate(float[] z, int zo, float[] d, int dOffset, int n, float slope) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = z[zo + i] > 0 ? d[dOffset + i] : slope * d[dOffset + i];
    }
  }

  @Override
  default void eluGate(float[] z, int zo, float[] d, int dOffset, int n, float alpha) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Functions.eluSlope(z[zo + i], alpha);
    }
  }

  @Override
  default void sigmoidGate(float[] s, int so, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * (s[so + i] * (1 - s[so + i]));
    }
  }

  @Override
  default void tanhGate(float[] t, int to, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Fma.fma(-t[to + i], t[to + i], 1);
    }
  }

  @Override
  default void geluGate(float[] z, int zo, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Functions.geluSlope(z[zo + i]);
    }
  }

  @Override
  default void tanhGeluGate(float[] z, int zo, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Functions.tanhGeluSlope(z[zo + i]);
    }
  }

  @Override
  default void siluGate(float[] z, int zo, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Functions.siluSlope(z[zo + i]);
    }
  }

  @Override
  default void softplusGate(float[] z, int zo, float[] d, int dOffset, int n) {
    for (int i = 0; i < n; i++) {
      d[dOffset + i] = d[dOffset + i] * Functions.softplusSlope(z[zo + i]);
    }
  }

  @Override
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

  @Override
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
}
