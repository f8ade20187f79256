package dev.lanewise.reference;

/** The standard normal distribution and the error function, to the last digits of a double. */
final class Gaussian {

  /** Above this the continued fraction converges faster than the series. */
  private static final double TAIL = 2;

  private static final int FRACTION_TERMS = 120;

  private Gaussian() {}

  /** {@return Φ(z), the probability of a draw up to z} */
  static double cumulative(double z) {
    return 0.5 * erfc(-z / Math.sqrt(2));
  }

  /** {@return φ(z) = e^(−z²/2)/√(2π)} */
  static double density(double z) {
    return StrictMath.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  }

  /** {@return erf(x) = 2/√π · ∫₀ˣ e^(−t²) dt} */
  static double erf(double x) {
    return Math.abs(x) < TAIL ? series(x) : Math.signum(x) * (1 - fraction(Math.abs(x)));
  }

  /** {@return 1 − erf(x)}, without cancellation for large x. */
  static double erfc(double x) {
    return x < TAIL ? 1 - erf(x) : fraction(x);
  }

  /** erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x²ⁿ⁺¹/(1·3·…·(2n+1)), whose terms all have the sign of x. */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > Math.ulp(sum) / 4; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-x * x) * sum;
  }

  /** erfc(x) = e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))) for x > 0, from the inside out. */
  private static double fraction(double x) {
    double tail = x;
    for (int k = FRACTION_TERMS; k >= 1; k--) {
      tail = x + 0.5 * k / tail;
    }
    return StrictMath.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
  }
}
