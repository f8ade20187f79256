package dev.lanewise.kernel;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Elementary functions by their series, to 60 digits: the judge of {@link DoubleFunctions}. */
final class Digits {

  private static final MathContext DIGITS = new MathContext(60);

  /** For the normal distribution's tail, which is what is left of one half after 50 digits. */
  private static final MathContext MORE = new MathContext(130);

  private static final BigDecimal HALF = new BigDecimal("0.5");

  private Digits() {}

  /** {@return eˣ} By the series at x/2ⁿ, squared n times. */
  static BigDecimal exp(BigDecimal x) {
    int halvings = Math.max(0, x.precision() - x.scale()) * 4 + 8;
    BigDecimal small = x.divide(BigDecimal.TWO.pow(halvings), MORE);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int k = 1; k < 60; k++) {
      term = term.multiply(small, MORE).divide(BigDecimal.valueOf(k), MORE);
      sum = sum.add(term, MORE);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, MORE);
    }
    return sum;
  }

  /** {@return ln x} By Newton's method, y + 2(x − eʸ)/(x + eʸ), which triples the digits. */
  static BigDecimal log(BigDecimal x) {
    int power = x.precision() - x.scale();
    BigDecimal y =
        BigDecimal.valueOf(
            StrictMath.log(x.scaleByPowerOfTen(-power).doubleValue()) + power * StrictMath.log(10));
    for (int i = 0; i < 3; i++) {
      BigDecimal e = exp(y);
      y = y.add(BigDecimal.TWO.multiply(x.subtract(e)).divide(x.add(e), MORE), MORE);
    }
    return y;
  }

  /** {@return sin(2πx)} By the series at what is left of x by whole turns. */
  static BigDecimal sine(BigDecimal x) {
    BigDecimal turn = x.subtract(x.setScale(0, RoundingMode.HALF_EVEN));
    BigDecimal angle = turn.multiply(pi(), MORE).multiply(BigDecimal.TWO);
    BigDecimal square = angle.multiply(angle, MORE);
    BigDecimal term = angle;
    BigDecimal sum = angle;
    for (int k = 1; k < 60; k++) {
      BigDecimal divisor = BigDecimal.valueOf(2L * k * (2 * k + 1));
      term = term.multiply(square, MORE).divide(divisor, MORE).negate();
      sum = sum.add(term, MORE);
    }
    return sum;
  }

  /** {@return Φ(−t)/φ(t) for 0 ≤ t ≤ 16} By √(2π)/2·e^(t²/2) − Σ t²ᵏ⁺¹/(1·3·…·(2k + 1)). */
  static BigDecimal mills(BigDecimal t) {
    BigDecimal square = t.multiply(t);
    BigDecimal term = t;
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 0; k < 900; k++) {
      sum = sum.add(term, MORE);
      term = term.multiply(square, MORE).divide(BigDecimal.valueOf(2 * k + 3), MORE);
    }
    BigDecimal all = exp(square.multiply(HALF)).multiply(rootOfTwoPi(), MORE).multiply(HALF);
    return all.subtract(sum).round(DIGITS);
  }

  /** {@return φ(t)} */
  static BigDecimal density(BigDecimal t) {
    return exp(t.multiply(t).multiply(HALF).negate()).divide(rootOfTwoPi(), MORE);
  }

  /** {@return √(2π)} With π by Machin's formula. */
  static BigDecimal rootOfTwoPi() {
    return pi().multiply(BigDecimal.TWO).sqrt(MORE);
  }

  /** {@return π = 16·arctan(1/5) − 4·arctan(1/239)} */
  static BigDecimal pi() {
    return arctanOfInverse(5)
        .multiply(BigDecimal.valueOf(16))
        .subtract(arctanOfInverse(239).multiply(BigDecimal.valueOf(4)));
  }

  private static BigDecimal arctanOfInverse(int n) {
    BigDecimal power = BigDecimal.ONE.divide(BigDecimal.valueOf(n), MORE);
    BigDecimal sum = power;
    for (int k = 3; k < 200; k += 2) {
      power = power.divide(BigDecimal.valueOf((long) -n * n), MORE);
      sum = sum.add(power.divide(BigDecimal.valueOf(k), MORE), MORE);
    }
    return sum;
  }
}
