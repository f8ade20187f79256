package dev.lanewise.random;

/**
 * The inverse of the standard normal distribution function, which turns one uniform draw into one
 * normal draw.
 *
 * <p>Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution", Applied
 * Statistics 37 (1988), PPND16: three rational approximations, of the middle 85 %, the tails and
 * the far tails, with a relative error of below 1e-15. Arithmetic and {@code StrictMath} make the
 * results the same on every machine.
 */
final class NormalQuantile {

  /** Where the middle ends, as a distance from ½. */
  private static final double MIDDLE = 0.425;

  /** Where the tails end and the far tails begin, as √(−ln p). */
  private static final double FAR = 5;

  private NormalQuantile() {}

  /**
   * {@return the draw for 64 random bits: the quantile at the middle of the interval of length
   * 2^-53 that the upper 53 bits select, counted from the median} The complement of the bits gives
   * the negated draw; the largest magnitude is 8.29.
   *
   * @param bits the bits; the draw grows with them, read as a signed number
   */
  static double draw(long bits) {
    return at((2 * (bits >> 11) + 1) * 0x1p-54);
  }

  /**
   * {@return the number below which a standard normal draw falls with probability ½ + q} Odd in q;
   * a q near −½ or ½ costs a logarithm. Allocates nothing.
   *
   * @param q the distance from the median, in (−½, ½)
   */
  static double at(double q) {
    if (Math.abs(q) <= MIDDLE) {
      return middle(q);
    }
    double root = StrictMath.sqrt(-StrictMath.log(0.5 - Math.abs(q)));
    return Math.copySign(root <= FAR ? tail(root - 1.6) : farTail(root - FAR), q);
  }

  private static double middle(double q) {
    double r = MIDDLE * MIDDLE - q * q;
    double over = 2509.0809287301226727 * r + 33430.575583588128105;
    over = (over * r + 67265.770927008700853) * r + 45921.953931549871457;
    over = (over * r + 13731.693765509461125) * r + 1971.5909503065514427;
    over = (over * r + 133.14166789178437745) * r + 3.3871328727963666080;
    double under = 5226.4952788528545610 * r + 28729.085735721942674;
    under = (under * r + 39307.895800092710610) * r + 21213.794301586595867;
    under = (under * r + 5394.1960214247511077) * r + 687.18700749205790830;
    under = (under * r + 42.313330701600911252) * r + 1;
    return q * over / under;
  }

  private static double tail(double r) {
    double over = 7.74545014278341407640e-4 * r + 2.27238449892691845833e-2;
    over = (over * r + 2.41780725177450611770e-1) * r + 1.27045825245236838258;
    over = (over * r + 3.64784832476320460504) * r + 5.76949722146069140550;
    over = (over * r + 4.63033784615654529590) * r + 1.42343711074968357734;
    double under = 1.05075007164441684324e-9 * r + 5.47593808499534494600e-4;
    under = (under * r + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1;
    under = (under * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940;
    under = (under * r + 2.05319162663775882187) * r + 1;
    return over / under;
  }

  private static double farTail(double r) {
    double over = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5;
    over = (over * r + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2;
    over = (over * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580;
    over = (over * r + 5.46378491116411436990) * r + 6.65790464350110377720;
    double under = 2.04426310338993978564e-15 * r + 1.42151175831644588870e-7;
    under = (under * r + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4;
    under = (under * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1;
    under = (under * r + 5.99832206555887937690e-1) * r + 1;
    return over / under;
  }
}
