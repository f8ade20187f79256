package dev.lanewise.kernel;

/**
 * Whole powers, the same bits on every machine. A training step must not allocate, and {@code
 * StrictMath.pow} does until it is compiled and inlined.
 */
public final class Power {

  private Power() {}

  /**
   * {@return baseⁿ by squaring; the relative error is below n·2⁻⁵²}
   *
   * @param base the base
   * @param n the exponent, at least 0
   */
  public static double of(double base, long n) {
    double power = 1;
    for (double square = base; n > 0; n >>= 1) {
      if ((n & 1) != 0) {
        power *= square;
      }
      square *= square;
    }
    return power;
  }
}
