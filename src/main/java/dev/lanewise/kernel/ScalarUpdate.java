package dev.lanewise.kernel;

/** The scalar form of {@link UpdateKernels}. */
interface ScalarUpdate extends UpdateKernels {

  @Override
  default void blend(
      float[] x, int xo, float a, float[] z, int zo, float b, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Fma.fma(b, z[zo + i], a * x[xo + i]);
    }
  }

  @Override
  default void blendSquares(float[] x, int xo, float a, float[] s, int so, float b, int n) {
    for (int i = 0; i < n; i++) {
      float value = x[xo + i];
      s[so + i] = Fma.fma(b, s[so + i], a * value * value);
    }
  }

  @Override
  default void divideByRoot(
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
      int n) {
    for (int i = 0; i < n; i++) {
      // A double root rounded to float is the correctly rounded float root: 53 bits are more than
      // 2·24 + 2.
      float root = (float) Math.sqrt(Fma.fma(c, s[so + i], inside));
      y[yo + i] = a * x[xo + i] / (root + outside);
    }
  }

  @Override
  default void adam(
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
      int n) {
    for (int i = at; i < at + n; i++) {
      float value = x[i];
      float square = Fma.fma(d, s[i], c * value * value);
      float mean = Fma.fma(b, m[i], a * value);
      s[i] = square;
      m[i] = mean;
      float root = (float) Math.sqrt(Fma.fma(q, square, inside));
      theta[i] = Fma.fma(-rate, p * mean / (root + outside), theta[i]);
    }
  }

  @Override
  default void lion(
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
      int n) {
    for (int i = 0; i < n; i++) {
      float value = x[xo + i];
      float mean = m[mo + i];
      y[yo + i] = Math.signum(Fma.fma(b, mean, a * value));
      m[mo + i] = Fma.fma(d, mean, c * value);
    }
  }

  @Override
  default void raise(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.max(x[xo + i], y[yo + i]);
    }
  }

  @Override
  default void clip(float[] x, int xo, float bound, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.max(-bound, Math.min(bound, x[xo + i]));
    }
  }

  @Override
  default void scale(float[] x, int xo, float a, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a * x[xo + i];
    }
  }
}
