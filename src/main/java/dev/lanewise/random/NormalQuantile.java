package dev.lanewise.random;

/**
 * The inverse of the standard normal distribution function: turns one uniform draw into one normal
 * draw, for most with a division and no logarithm, and allocates nothing.
 *
 * <p>Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution", Applied
 * Statistics 37 (1988), PPND7: rational approximations with a relative error below 1.2e-7.
 * Stateless; safe for use by several threads.
 */
public final class NormalQuantile {

  /** Where the middle ends, as a distance from ½. */
  private static final double MIDDLE = 0.425;

  /** Where the tails end and the far tails begin, as √(−ln p). */
  private static final double FAR = 5;

  private NormalQuantile() {}

  /**
   * {@return the number below which a standard normal draw falls with a probability}
   *
   * @param p the probability, in (0, 1)
   */
  public static double of(double p) {
    double q = p - 0.5;
    if (Math.abs(q) <= MIDDLE) {
      double r = MIDDLE * MIDDLE - q * q;
      return q
          * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)
          / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1);
    }
    double tail = tail(StrictMath.sqrt(-StrictMath.log(q < 0 ? p : 1 - p)));
    return q < 0 ? -tail : tail;
  }

  private static double tail(double root) {
    if (root <= FAR) {
      double r = root - 1.6;
      return (((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777)
          / ((0.12021132975 * r + 0.73700164250) * r + 1);
    }
    double r = root - FAR;
    return (((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150)
        / ((0.012258202635 * r + 0.24197894225) * r + 1);
  }

  /**
   * {@return a draw from the standard normal distribution; the largest magnitude is 6.34}
   *
   * @param key the key
   * @param index which of the key's words it is made of
   */
  public static double draw(long key, int index) {
    return of((Integer.toUnsignedLong(CounterRandom.word(key, index)) + 0.5) * 0x1p-32);
  }
}
