package dev.lanewise.kernel;

/** The scalar form of {@link SumKernels}. */
interface ScalarSum extends SumKernels {

  @Override
  default double sum(float[] x, int xo, int n) {
    return Sums.sum(Sums.VALUE, x, xo, x, xo, n);
  }

  @Override
  default double sumOfSquares(float[] x, int xo, int n) {
    return Sums.sum(Sums.SQUARE, x, xo, x, xo, n);
  }

  @Override
  default double sumOfMagnitudes(float[] x, int xo, int n) {
    return Sums.sum(Sums.MAGNITUDE, x, xo, x, xo, n);
  }
}
