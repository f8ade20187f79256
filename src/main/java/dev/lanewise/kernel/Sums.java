package dev.lanewise.kernel;

/**
 * The order of every whole-array and row sum, which settles its bits.
 *
 * <p>The array is cut into blocks of 4096 elements. Within a block, lane i of 16 adds up the
 * elements i, i + 16, i + 32 … from 0 on, in {@code float}; then lanes half the lanes apart are
 * added until one is left: i and i + 8, i and i + 4, i and i + 2, 0 and 1. The blocks' sums are
 * added in order, in {@code double}. Vectors of 4, 8 and 16 lanes can all follow this order.
 */
final class Sums {

  static final int BLOCK = 4096;
  static final int LANES = 16;

  /** What an element contributes to its lane; the constants below hold no state. */
  @FunctionalInterface
  interface Term {
    /** {@return the lane with the term of x and y added} */
    float addTo(float lane, float x, float y);
  }

  /** x. */
  static final Term VALUE = (lane, x, y) -> lane + x;

  /** x². */
  static final Term SQUARE = (lane, x, y) -> Fma.fma(x, x, lane);

  /** |x|. */
  static final Term MAGNITUDE = (lane, x, y) -> lane + Math.abs(x);

  /** x·y. */
  static final Term PRODUCT = (lane, x, y) -> Fma.fma(x, y, lane);

  private Sums() {}

  /** {@return the sum of a term over n elements of x from xo on and of y from yo on} */
  static double sum(Term term, float[] x, int xo, float[] y, int yo, int n) {
    double sum = 0;
    for (int i = 0; i < n; i += BLOCK) {
      sum += block(term, x, xo + i, y, yo + i, Math.min(n - i, BLOCK));
    }
    return sum;
  }

  private static float block(Term term, float[] x, int xo, float[] y, int yo, int n) {
    return (quarter(term, x, xo, y, yo, n, 0) + quarter(term, x, xo, y, yo, n, 2))
        + (quarter(term, x, xo, y, yo, n, 1) + quarter(term, x, xo, y, yo, n, 3));
  }

  /** {@return the sum of the lanes first, first + 4, first + 8 and first + 12} */
  private static float quarter(Term term, float[] x, int xo, float[] y, int yo, int n, int first) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = first;
    for (; i + 12 < n; i += LANES) {
      a = term.addTo(a, x[xo + i], y[yo + i]);
      b = term.addTo(b, x[xo + i + 4], y[yo + i + 4]);
      c = term.addTo(c, x[xo + i + 8], y[yo + i + 8]);
      d = term.addTo(d, x[xo + i + 12], y[yo + i + 12]);
    }
    if (i < n) {
      a = term.addTo(a, x[xo + i], y[yo + i]);
    }
    if (i + 4 < n) {
      b = term.addTo(b, x[xo + i + 4], y[yo + i + 4]);
    }
    if (i + 8 < n) {
      c = term.addTo(c, x[xo + i + 8], y[yo + i + 8]);
    }
    return (a + c) + (b + d);
  }
}
