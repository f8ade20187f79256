package dev.lanewise.kernel;

/**
 * The order of every whole-array and row sum, which settles its bits.
 *
 * <p>The array is cut into blocks of 4096 elements. Within a block, lane i of 16 adds up the
 * elements i, i + 16, i + 32 … from 0 on, in {@code float}; then lanes half the lanes apart are
 * added until one is left: i and i + 8, i and i + 4, i and i + 2, 0 and 1. The blocks' sums are
 * added in order, in {@code double}. Any vector of 4, 8 or 16 lanes can keep to that.
 */
final class Sums {

  static final int BLOCK = 4096;
  static final int LANES = 16;

  /** What an element contributes to its lane; the constants below hold no state. */
  @FunctionalInterface
  interface Term {
    /** {@return the lane with the term of x and y added} */
    float addTo(float lane, float x, float y, float parameter);
  }

  /** x. */
  static final Term VALUE = (lane, x, y, parameter) -> lane + x;

  /** x². */
  static final Term SQUARE = (lane, x, y, parameter) -> Fma.fma(x, x, lane);

  /** |x|. */
  static final Term MAGNITUDE = (lane, x, y, parameter) -> lane + Math.abs(x);

  /** x·y. */
  static final Term PRODUCT = (lane, x, y, parameter) -> Fma.fma(x, y, lane);

  /** Sigmoid cross-entropy of the score x and the target y. */
  static final Term LOGISTIC =
      (lane, x, y, parameter) ->
          lane + (Fma.fma(-x, y, x < 0 ? 0 : x) + Functions.log1p(Functions.exp(-Math.abs(x))));

  /** Huber's loss of e = x − y: c·(e − ½c), where c is e cut to [−δ, δ]. */
  static final Term HUBER =
      (lane, x, y, delta) -> {
        float cut = Functions.bounded(x - y, delta);
        return Fma.fma(cut, x - y - 0.5f * cut, lane);
      };

  private Sums() {}

  /** {@return the sum of a term over n elements of x from xo on and of y from yo on} */
  static double sum(Term term, float[] x, int xo, float[] y, int yo, float parameter, int n) {
    double sum = 0;
    for (int i = 0; i < n; i += BLOCK) {
      sum += lanes(term, x, xo + i, y, yo + i, parameter, Math.min(n - i, BLOCK), 0, 1);
    }
    return sum;
  }

  /** {@return the sum of the lanes first, first + apart, first + 2·apart …} */
  private static float lanes(
      Term term,
      float[] x,
      int xo,
      float[] y,
      int yo,
      float parameter,
      int n,
      int first,
      int apart) {
    if (first >= n) {
      return 0; // empty lanes
    }
    if (apart == LANES) {
      float lane = 0;
      for (int i = first; i < n; i += LANES) {
        lane = term.addTo(lane, x[xo + i], y[yo + i], parameter);
      }
      return lane;
    }
    return lanes(term, x, xo, y, yo, parameter, n, first, 2 * apart)
        + lanes(term, x, xo, y, yo, parameter, n, first + apart, 2 * apart);
  }
}
