package dev.lanewise.kernel;

/** The scalar form of {@link LayerNormKernels}. */
interface ScalarLayerNorm extends LayerNormKernels {

  @Override
  default void subtract(float[] x, int xo, float m, int n) {
    for (int i = xo; i < xo + n; i++) {
      x[i] -= m;
    }
  }

  @Override
  default void standardize(
      float[] x,
      int xo,
      float[] y,
      int yo,
      int n,
      float factor,
      float term,
      float[] parameters,
      int scale,
      int shift) {
    for (int i = 0; i < n; i++) {
      float normal = Fma.fma(x[xo + i], factor, term);
      x[xo + i] = normal;
      y[yo + i] = Fma.fma(parameters[scale + i], normal, parameters[shift + i]);
    }
  }

  @Override
  default void multiply(float[] d, int at, float[] f, int fo, int n) {
    for (int i = 0; i < n; i++) {
      d[at + i] *= f[fo + i];
    }
  }

  @Override
  default double sumOfProducts(float[] x, int xo, float[] y, int yo, int n) {
    return Sums.sum(Sums.PRODUCT, x, xo, y, yo, n);
  }

  @Override
  default void decorrelate(
      float[] x, int xo, float slope, float[] d, int at, float mean, float factor, int n) {
    for (int i = 0; i < n; i++) {
      d[at + i] = Fma.fma(x[xo + i], slope, d[at + i] - mean) * factor;
    }
  }

  @Override
  default void columnProducts(
      float[] x, float[] y, int xo, int stride, int rows, int columns, float[] sums, int so) {
    for (int j = 0; j < columns; j++) {
      float sum = 0;
      for (int from = 0; from < rows; from += NormKernels.BLOCK) {
        float block = 0;
        for (int i = from; i < Math.min(rows, from + NormKernels.BLOCK); i++) {
          int at = xo + i * stride + j;
          block = Fma.fma(x[at], y[at], block);
        }
        sum += block;
      }
      sums[so + j] = sum;
    }
  }
}
