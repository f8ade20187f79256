package dev.lanewise.optim;

/**
 * Half a period of the cosine, scaled to fall from 1 to 0, with the same bits on every machine. A
 * training step must not allocate, and {@code StrictMath.cos} does.
 */
final class HalfCosine {

  /** The terms of the series; π/4 to the power of 2·TERMS is far below (2·TERMS)!·2⁻⁵³. */
  private static final int TERMS = 9;

  private HalfCosine() {}

  /**
   * {@return (1 + cos(π·x))/2 = cos²(π·x/2) for x in [0, 1]; 1 and 0 at the ends, the relative
   * error below 2⁻⁵⁰}
   */
  static double of(double x) {
    double root = x <= 0.5 ? cosine(x * (Math.PI / 2)) : sine((1 - x) * (Math.PI / 2));
    return root * root;
  }

  /** {@return the cosine of a number in [0, π/4]} */
  private static double cosine(double x) {
    return 1 - x * x / 2 * series(x * x, 2);
  }

  /** {@return the sine of a number in [0, π/4]} */
  private static double sine(double x) {
    return x * series(x * x, 1);
  }

  /** {@return 1 − s/((n+1)(n+2))·(1 − s/((n+3)(n+4))·(…))} */
  private static double series(double s, int n) {
    double sum = 1;
    for (int k = n + 2 * TERMS; k > n; k -= 2) {
      sum = 1 - s / ((double) k * (k - 1)) * sum;
    }
    return sum;
  }
}
