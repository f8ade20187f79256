package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The functions against double precision, on every 19937th float and, where it matters, on more.
 */
class FunctionsTest {

  private interface Single {
    float of(float x);
  }

  private static final double ROOT = StrictMath.sqrt(2 / StrictMath.PI);

  private static double sigma(double x) {
    return x < 0 ? StrictMath.exp(x) / (1 + StrictMath.exp(x)) : 1 / (1 + StrictMath.exp(-x));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  private static double density(double t) {
    return StrictMath.exp(-t * t / 2) / StrictMath.sqrt(2 * StrictMath.PI);
  }

  /** Φ(−t) for t ≥ 0: the series in odd powers, or the continued fraction of the tail. */
  private static double tail(double t) {
    if (t < 3) {
      double sum = 0;
      double term = t;
      for (int k = 0; k < 100; k++) {
        sum += term;
        term *= t * t / (2 * k + 3);
      }
      return 0.5 - density(t) * sum;
    }
    double fraction = 0;
    for (int k = 300; k > 0; k--) {
      fraction = k / (t + fraction);
    }
    return density(t) / (t + fraction);
  }

  private static double phi(double x) {
    return x < 0 ? tail(-x) : 1 - tail(x);
  }

  private static double tanhGeluArgument(double x) {
    return 2 * ROOT * (x + 0.044715 * x * x * x);
  }

  private static double silu(double x) {
    return x < -1000 ? 0 : x * sigma(x);
  }

  private static double selu(double x) {
    return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * StrictMath.expm1(x));
  }

  private static double seluSlope(double x) {
    return 1.0507009873554805 * (x > 0 ? 1 : 1.6732632423543772 * StrictMath.exp(x));
  }

  private static double mish(double x) {
    return x < -1000 ? 0 : x * StrictMath.tanh(softplus(x));
  }

  private static double mishSlope(double x) {
    double t = StrictMath.tanh(softplus(x));
    return t + x * (1 - t * t) * sigma(x);
  }

  private static double gelu(double x) {
    return x < -40 ? 0 : x * phi(x);
  }

  /** Errors in units of the last place, or of 2^-149 where the value is no normal number. */
  private static void withinUlps(double bound, Single function, DoubleUnaryOperator exact) {
    for (long bits = 0; bits < 1L << 32; bits += 19937) {
      float x = Float.intBitsToFloat((int) bits);
      float y = function.of(x);
      double wanted = exact.applyAsDouble(x);
      if (Double.isNaN(wanted)) {
        assertTrue(Float.isNaN(y), () -> "at " + x + ": " + y + ", not NaN");
      } else if ((float) wanted != y) {
        double ulp = Math.max(Math.ulp((float) wanted), Float.MIN_VALUE);
        double error = Math.abs(y - wanted) / ulp;
        assertTrue(error <= bound, () -> "at " + x + ": " + y + ", off by " + error + " ulp");
      }
    }
  }

  /** Errors of a slope, in units of 2^-24; slopes are about 1 at most. */
  private static void slopeWithin(double bound, Single slope, DoubleUnaryOperator exact) {
    slopeWithin(bound, slope, exact, 1);
  }

  private static void slopeWithin(
      double bound, Single slope, DoubleUnaryOperator exact, float limit) {
    for (float x = -24; x < 24; x += 1 / 1024f) {
      float at = x;
      double error = Math.abs(slope.of(at) - exact.applyAsDouble(at)) * 0x1p24;
      assertTrue(error <= bound, () -> "at " + at + ": off by " + error);
    }
    assertTrue(slope.of(Float.NEGATIVE_INFINITY) == 0);
    assertEquals(limit, slope.of(Float.POSITIVE_INFINITY));
    assertTrue(Float.isNaN(slope.of(Float.NaN)));
  }

  private static void neverDecreases(Single function) {
    float before = function.of(Float.NEGATIVE_INFINITY);
    for (float start = -110; start < 110; start += 0.37f) {
      float x = start;
      before = Float.isNaN(before) ? function.of(x) : before;
      for (int i = 0; i < 2000; i++) {
        float y = function.of(x);
        float at = x;
        float last = before;
        assertTrue(y >= last, () -> "at " + at + ": " + y + " after " + last);
        before = y;
        x = Math.nextUp(x);
      }
    }
  }

  @Test
  void expIsWithinItsBound() {
    withinUlps(1.03, Functions::exp, StrictMath::exp);
  }

  @Test
  void logIsWithinItsBound() {
    withinUlps(1, Functions::log, StrictMath::log);
  }

  @Test
  void tanhIsWithinItsBound() {
    withinUlps(1, Functions::tanh, StrictMath::tanh);
  }

  @Test
  void sigmoidIsWithinItsBound() {
    withinUlps(1.5, Functions::sigmoid, FunctionsTest::sigma);
  }

  @Test
  void softplusIsWithinItsBound() {
    withinUlps(2, Functions::softplus, x -> x <= -Functions.GATE_END ? 0 : softplus(x));
  }

  @Test
  void eluIsWithinItsBound() {
    withinUlps(1, x -> Functions.elu(x, 1), x -> x > 0 ? x : StrictMath.expm1(x));
  }

  @Test
  void seluIsWithinItsBound() {
    withinUlps(2, Functions::selu, FunctionsTest::selu);
  }

  @Test
  void mishIsWithinItsBound() {
    withinUlps(2.75, Functions::mish, x -> x <= -Functions.GATE_END ? 0 : mish(x));
  }

  @Test
  void siluIsWithinItsBound() {
    withinUlps(3.5, Functions::silu, x -> x <= -Functions.GATE_END ? 0 : silu(x));
  }

  @Test
  void geluIsWithinItsBound() {
    withinUlps(3.75, Functions::gelu, x -> x <= -Functions.NORMAL_END ? 0 : gelu(x));
  }

  @Test
  void expNeverDecreases() {
    neverDecreases(Functions::exp);
  }

  @Test
  void logNeverDecreases() {
    neverDecreases(x -> x < 0 ? Float.NEGATIVE_INFINITY : Functions.log(x));
  }

  @Test
  void tanhNeverDecreases() {
    neverDecreases(Functions::tanh);
  }

  @Test
  void sigmoidNeverDecreases() {
    neverDecreases(Functions::sigmoid);
  }

  @Test
  void tanhGeluIsExactRelativeToItsArgument() {
    for (float x = -24; x < 24; x += 1 / 1024f) {
      double wanted = x * sigma(tanhGeluArgument(x));
      assertEquals(wanted, Functions.tanhGelu(x), 3 * 0x1p-24 * Math.max(1, Math.abs(x)));
    }
    assertTrue(Functions.tanhGelu(Float.NEGATIVE_INFINITY) == 0);
    assertEquals(Float.POSITIVE_INFINITY, Functions.tanhGelu(Float.POSITIVE_INFINITY));
  }

  @Test
  void eluSlopeIsItsDerivative() {
    slopeWithin(2, x -> Functions.eluSlope(x, 1), x -> x > 0 ? 1 : StrictMath.exp(x));
  }

  @Test
  void softplusSlopeIsItsDerivative() {
    slopeWithin(2, Functions::softplusSlope, FunctionsTest::sigma);
  }

  @Test
  void seluSlopeIsItsDerivative() {
    slopeWithin(
        2.5,
        x -> Functions.seluSlope(Functions.selu(x)),
        FunctionsTest::seluSlope,
        Functions.SELU_SCALE);
  }

  @Test
  void mishSlopeIsItsDerivative() {
    slopeWithin(2.5, Functions::mishSlope, FunctionsTest::mishSlope);
  }

  @Test
  void siluSlopeIsItsDerivative() {
    slopeWithin(4, Functions::siluSlope, x -> sigma(x) * (1 + x * sigma(-x)));
  }

  @Test
  void geluSlopeIsItsDerivative() {
    slopeWithin(2, Functions::geluSlope, x -> phi(x) + x * density(x));
  }

  @Test
  void tanhGeluSlopeIsItsDerivative() {
    slopeWithin(
        4,
        Functions::tanhGeluSlope,
        x -> {
          double g = tanhGeluArgument(x);
          double slope = 2 * ROOT * (1 + 3 * 0.044715 * x * x);
          return sigma(g) * (1 + x * sigma(-g) * slope);
        });
  }

  /** At every quarter the value is exact, as far as floats have quarters; then all are whole. */
  @Test
  void quartersOfTurnsAreExact() {
    for (int k = -3_000_000; k <= 3_000_000; k += 1) {
      int quarter = k & 3;
      float t = k / 4f;
      assertTrue(Functions.cosTurns(t) == (quarter == 0 ? 1 : quarter == 2 ? -1 : 0), "at " + t);
      float sine = quarter == 1 ? 1 : quarter == 3 ? -1 : 0;
      assertTrue(Functions.sinTurns(t) == sine, () -> "at " + t);
    }
    for (float t : new float[] {0x1p22f, 0x1p22f + 1, 0x1p23f, 0x1p23f + 1, 0x1p24f, 1e30f}) {
      assertEquals(1, Functions.cosTurns(t));
      assertEquals(1, Functions.cosTurns(-t));
      assertTrue(Functions.sinTurns(t) == 0 && Functions.sinTurns(-t) == 0);
    }
    assertEquals(-1, Functions.cosTurns(0x1p22f + 0.5f));
    assertTrue(Float.isNaN(Functions.cosTurns(Float.POSITIVE_INFINITY)));
    assertTrue(Float.isNaN(Functions.sinTurns(Float.NEGATIVE_INFINITY)));
    assertTrue(Float.isNaN(Functions.cosTurns(Float.NaN)));
  }

  /**
   * Whole turns change nothing but a zero's sign, and signs are those of an even and an odd
   * function.
   */
  @Test
  void turnsRepeat() {
    for (int k = 0; k < 1 << 16; k++) {
      float t = k * 0x1p-16f;
      for (float turns : new float[] {1, 7, 64}) {
        assertEquals(Functions.cosTurns(t), Functions.cosTurns(t + turns));
        assertEquals(Functions.sinTurns(t), Functions.sinTurns(t + turns), 0f);
        assertEquals(Functions.cosTurns(t), Functions.cosTurns(t - turns), 0f);
      }
      assertEquals(Functions.cosTurns(t), Functions.cosTurns(-t));
      assertEquals(Functions.sinTurns(t), -Functions.sinTurns(-t), 0f);
    }
  }
}
