package dev.lanewise.kernel;

/** The scalar form of {@link PiecewiseKernels}. */
interface ScalarPiecewise extends PiecewiseKernels {

  @Override
  default void piecewise(
      float[] x,
      int xo,
      int xRow,
      float[] edges,
      int eo,
      int bins,
      float[] lines,
      int lo,
      float[] y,
      int yo,
      int yRow,
      int rows,
      int size) {
    for (int i = 0, xi = xo, yi = yo; i < rows; i++, xi += xRow, yi += yRow) {
      int bin = bin(x[xi], edges, eo, bins);
      float fraction = fraction(x[xi], edges, eo + bin);
      int a = lo + 2 * bin * size;
      for (int j = 0; j < size; j++) {
        y[yi + j] = Fma.fma(fraction, lines[a + size + j], lines[a + j]);
      }
    }
  }

  @Override
  default void piecewiseGradient(
      float[] x,
      int xo,
      int xRow,
      float[] edges,
      int eo,
      int bins,
      float[] delta,
      int at,
      int stride,
      float[] sums,
      int so,
      int rows,
      int size) {
    for (int i = 0, xi = xo, di = at; i < rows; i++, xi += xRow, di += stride) {
      int bin = bin(x[xi], edges, eo, bins);
      float fraction = fraction(x[xi], edges, eo + bin);
      int a = so + 2 * bin * size;
      for (int j = 0; j < size; j++) {
        sums[a + j] += delta[di + j];
        sums[a + size + j] = Fma.fma(fraction, delta[di + j], sums[a + size + j]);
      }
    }
  }

  private static int bin(float x, float[] edges, int eo, int bins) {
    int bin = 0;
    while (bin < bins - 1 && x >= edges[eo + bin + 1]) {
      bin++;
    }
    return bin;
  }

  /** By a division, so that it is 1 at the bin's end; NaN stays. */
  static float fraction(float x, float[] edges, int edge) {
    float fraction = (x - edges[edge]) / (edges[edge + 1] - edges[edge]);
    return fraction < 0 ? 0 : fraction > 1 ? 1 : fraction;
  }
}
