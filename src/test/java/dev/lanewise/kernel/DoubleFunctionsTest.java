package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The judge of the functions, judged in turn by series of 60 digits. */
class DoubleFunctionsTest {

  private static final MathContext DIGITS = new MathContext(60);
  private static final BigDecimal ONE = BigDecimal.ONE;
  private static final BigDecimal TWO = BigDecimal.TWO;

  /** The constants of SELU, to 29 digits. */
  private static final BigDecimal LAMBDA = new BigDecimal("1.0507009873554804934193349852946");

  private static final BigDecimal ALPHA = new BigDecimal("1.6732632423543772848170429916717");

  private static BigDecimal sigma(BigDecimal x) {
    return ONE.divide(ONE.add(Digits.exp(x.negate())), DIGITS);
  }

  private static BigDecimal tanh(BigDecimal x) {
    return sigma(x.multiply(TWO)).multiply(TWO).subtract(ONE);
  }

  /** tanh(ln(1 + eˣ)). */
  private static BigDecimal mishTangent(BigDecimal x) {
    return tanh(Digits.log(ONE.add(Digits.exp(x))));
  }

  private static BigDecimal phi(BigDecimal x) {
    BigDecimal tail = Digits.mills(x.abs()).multiply(Digits.density(x));
    return x.signum() < 0 ? tail : ONE.subtract(tail);
  }

  private static BigDecimal root() {
    return TWO.divide(Digits.rootOfTwoPi(), DIGITS);
  }

  private static BigDecimal argument(BigDecimal x) {
    BigDecimal cube = x.pow(3).multiply(new BigDecimal("0.044715"));
    return TWO.multiply(root()).multiply(x.add(cube));
  }

  private static BigDecimal argumentSlope(BigDecimal x) {
    BigDecimal square = x.pow(2).multiply(new BigDecimal("0.134145"));
    return TWO.multiply(root()).multiply(ONE.add(square));
  }

  private static UnaryOperator<BigDecimal> digits(Curve curve) {
    return switch (curve) {
      case EXP -> Digits::exp;
      case LOG -> Digits::log;
      case LOG1P -> x -> Digits.log(ONE.add(x));
      case TANH -> DoubleFunctionsTest::tanh;
      case SIGMOID, SOFTPLUS_SLOPE -> DoubleFunctionsTest::sigma;
      case SOFTPLUS -> x -> Digits.log(ONE.add(Digits.exp(x)));
      case ELU -> x -> x.signum() > 0 ? x : Digits.exp(x).subtract(ONE);
      case SELU ->
          x -> LAMBDA.multiply(x.signum() > 0 ? x : ALPHA.multiply(Digits.exp(x).subtract(ONE)));
      case SILU -> x -> x.multiply(sigma(x));
      case MISH -> x -> x.multiply(mishTangent(x));
      case GELU -> x -> x.multiply(phi(x));
      case TANH_GELU -> x -> x.multiply(sigma(argument(x)));
      case COS_TURNS -> x -> Digits.sine(new BigDecimal("0.25").subtract(x));
      case COS_TURNS_SLOPE -> x -> Digits.sine(x).multiply(Digits.pi()).multiply(TWO).negate();
      case SIGMOID_SLOPE -> x -> sigma(x).multiply(sigma(x.negate()));
      case TANH_SLOPE -> x -> ONE.subtract(tanh(x).pow(2));
      case ELU_SLOPE -> x -> x.signum() > 0 ? ONE : Digits.exp(x);
      case SELU_SLOPE -> x -> LAMBDA.multiply(x.signum() > 0 ? ONE : ALPHA.multiply(Digits.exp(x)));
      case SILU_SLOPE -> x -> sigma(x).multiply(ONE.add(x.multiply(sigma(x.negate()))));
      case MISH_SLOPE ->
          x -> {
            BigDecimal t = mishTangent(x);
            return t.add(x.multiply(ONE.subtract(t.pow(2))).multiply(sigma(x)));
          };
      case GELU_SLOPE -> x -> phi(x).add(x.multiply(Digits.density(x)));
      case TANH_GELU_SLOPE ->
          x -> {
            BigDecimal shut = sigma(argument(x).negate());
            return sigma(argument(x))
                .multiply(ONE.add(x.multiply(shut).multiply(argumentSlope(x))));
          };
    };
  }

  /** Over all magnitudes that matter and, half of them, where a polynomial ends. */
  private static float draw(Curve curve, Random random) {
    double magnitude =
        random.nextBoolean()
            ? StrictMath.pow(2, -20 + 23.8 * random.nextDouble())
            : StrictMath.pow(2, -13.5 + random.nextDouble());
    return (float)
        switch (curve) {
          case LOG -> StrictMath.pow(2, 250 * random.nextDouble() - 125);
          case LOG1P -> Math.min(1, magnitude / 14);
          default -> random.nextBoolean() ? magnitude : -magnitude;
        };
  }

  @ParameterizedTest
  @EnumSource
  void doublesHaveTwelveDigits(Curve curve) {
    Random random = new Random(curve.ordinal());
    for (int i = 0; i < 60; i++) {
      float x = draw(curve, random);
      BigDecimal exact = digits(curve).apply(new BigDecimal(x));
      double size =
          switch (curve.measure) {
            case ULP -> Math.abs(exact.doubleValue());
            case ONE -> 1;
            case ARGUMENT -> Math.max(1, Math.abs(x));
          };
      double error =
          new BigDecimal(curve.exact(x)).subtract(exact, DIGITS).abs().doubleValue() / size;
      assertTrue(error <= 0x1p-40, () -> curve.title + " at " + x + ": off by " + error);
    }
  }

  /** Published digits: e, ln 2, √(2π), Φ(−1)/φ(1). */
  @Test
  void seriesGiveKnownConstants() {
    near("2.71828182845904523536028747135266249775724709369995", Digits.exp(ONE));
    near("0.693147180559945309417232121458176568075500134360255", Digits.log(TWO));
    near("2.50662827463100050241576528481104525300698674060994", Digits.rootOfTwoPi());
    near("0.655679542418798471543871230730811283399282332870469", Digits.mills(ONE));
    near("3.14159265358979323846264338327950288419716939937511", Digits.pi());
    near("0.5", Digits.sine(ONE.divide(new BigDecimal("12"), DIGITS)));
  }

  private static void near(String digits, BigDecimal found) {
    assertEquals(
        0, found.subtract(new BigDecimal(digits)).abs().compareTo(new BigDecimal("1e-48")) + 1);
  }
}
