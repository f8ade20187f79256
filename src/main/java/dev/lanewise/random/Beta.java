package dev.lanewise.random;

/**
 * Draws from Beta(α, α), as pure functions of a key. {@code StrictMath} makes them the same on
 * every machine. Stateless; safe for use by several threads.
 */
public final class Beta {

  private Beta() {}

  /**
   * {@return a draw from Beta(α, α): X / (X + Y) for independent X, Y from Gamma(α, 1); in [0, 1];
   * with a small α a draw may round to 0 or 1}
   *
   * @param alpha α, finite and above 0
   * @param key the key of the draw
   */
  public static double symmetric(double alpha, long key) {
    double x = logGamma(alpha, CounterRandom.key(key, 0, 0));
    double y = logGamma(alpha, CounterRandom.key(key, 1, 0));
    // Logarithms, because draws for a small α are too small for a double.
    return 1 / (1 + StrictMath.exp(y - x));
  }

  /**
   * The logarithm of a draw from Gamma(α, 1). Marsaglia and Tsang, "A simple method for generating
   * gamma variables" (2000), which needs α of at least 1: below, a draw for α + 1 is multiplied by
   * U^(1/α).
   */
  private static double logGamma(double alpha, long key) {
    double boosted = alpha < 1 ? alpha + 1 : alpha;
    double d = boosted - 1 / 3.0;
    double c = 1 / StrictMath.sqrt(9 * d);
    for (int attempt = 0; ; attempt++) {
      // Four words an attempt: two for the normal draw, one for the decision, one for the power of
      // U.
      double normal = CounterRandom.normal(key, 2 * attempt);
      double root = 1 + c * normal;
      double v = root * root * root;
      double decision = StrictMath.log(CounterRandom.uniform(key, 4 * attempt + 2));
      if (v > 0 && decision < normal * normal / 2 + d - d * v + d * StrictMath.log(v)) {
        double boost = StrictMath.log(CounterRandom.uniform(key, 4 * attempt + 3)) / alpha;
        return StrictMath.log(d * v) + (alpha < 1 ? boost : 0);
      }
    }
  }
}
