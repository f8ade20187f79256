package dev.lanewise.kernel;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The functions in double precision, good to 2^-40 of their values: what {@link Functions} is
 * judged by, float by float. Where |x| is below 2^-13 the first terms of a series are as good and
 * take a tenth of the time.
 */
final class DoubleFunctions {

  private static final double SMALL = 0x1p-13;

  /** Grid points of Mills' ratio, 1/16 apart. */
  private static final int POINTS = 16 * 16;

  /** Terms of its Taylor series at each. */
  private static final int TERMS = 8;

  private static final MathContext DIGITS = new MathContext(50);

  private static final double[] MILLS = mills();

  private static final double ROOT_TWO_PI = Digits.rootOfTwoPi().doubleValue();

  /** √(2/π). */
  private static final double ROOT = 2 / ROOT_TWO_PI;

  private static final double CUBE = 0.044715;

  /** λ of SELU. */
  private static final double SELU_SCALE = 1.0507009873554805;

  /** α of SELU. */
  private static final double SELU_ALPHA = 1.6732632423543772;

  private DoubleFunctions() {}

  static double exp(double x) {
    return Math.abs(x) < SMALL ? 1 + expm1(x) : StrictMath.exp(x);
  }

  static double expm1(double x) {
    return Math.abs(x) < SMALL ? x * (1 + x * (0.5 + x / 6)) : StrictMath.expm1(x);
  }

  static double log1p(double x) {
    return x < SMALL ? x * (1 - x * (0.5 - x * (1.0 / 3 - x / 4))) : StrictMath.log1p(x);
  }

  static double tanh(double x) {
    return Math.abs(x) < SMALL ? x * (1 - x * x / 3) : StrictMath.tanh(x);
  }

  static double elu(double x) {
    return x > 0 ? x : expm1(x);
  }

  static double eluSlope(double x) {
    return x > 0 ? 1 : exp(x);
  }

  static double selu(double x) {
    return SELU_SCALE * (x > 0 ? x : SELU_ALPHA * expm1(x));
  }

  static double seluSlope(double x) {
    return SELU_SCALE * (x > 0 ? 1 : SELU_ALPHA * exp(x));
  }

  static double sigmoid(double x) {
    if (Math.abs(x) < SMALL) {
      return 0.5 + x * (0.25 - x * x / 48);
    }
    double e = StrictMath.exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  static double sigmoidSlope(double x) {
    if (Math.abs(x) < SMALL) {
      return 0.25 - x * x / 16;
    }
    double e = StrictMath.exp(-Math.abs(x));
    return e / ((1 + e) * (1 + e));
  }

  /** (1 − t)(1 + t), with 1 − t = 2e/(1 + e) for e = e^(−2|x|). */
  static double tanhSlope(double x) {
    return 4 * sigmoidSlope(2 * x);
  }

  static double softplus(double x) {
    return Math.abs(x) < SMALL
        ? 0x1.62e42fefa39efp-1 + x * (0.5 + x / 8)
        : Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  static double silu(double x) {
    if (Math.abs(x) < SMALL) {
      return x * (0.5 + x / 4);
    }
    return x < -1000 ? 0 : x * sigmoid(x);
  }

  static double siluSlope(double x) {
    if (Math.abs(x) < SMALL) {
      return 0.5 + x / 2;
    }
    return Math.abs(x) > 1000 ? x < 0 ? 0 : 1 : sigmoid(x) * (1 + x * sigmoid(-x));
  }

  static double mish(double x) {
    if (Math.abs(x) < SMALL) {
      return x * (0.6 + x * (0.32 - 0.016 * x));
    }
    return x < -1000 ? 0 : x * StrictMath.tanh(softplus(x));
  }

  static double mishSlope(double x) {
    if (Math.abs(x) < SMALL) {
      return 0.6 + x * (0.64 - 0.048 * x);
    }
    if (Math.abs(x) > 1000) {
      return x < 0 ? 0 : 1;
    }
    double t = StrictMath.tanh(softplus(x));
    return t + x * (1 - t) * (1 + t) * sigmoid(x);
  }

  static double tanhGelu(double x) {
    if (Math.abs(x) < SMALL) {
      return x * (0.5 + x * ROOT / 2);
    }
    return x < -1000 ? 0 : x * sigmoid(tanhGeluArgument(x));
  }

  static double tanhGeluSlope(double x) {
    if (Math.abs(x) < SMALL) {
      return 0.5 + x * ROOT;
    }
    if (Math.abs(x) > 1000) {
      return x < 0 ? 0 : 1;
    }
    double g = tanhGeluArgument(x);
    return sigmoid(g) * (1 + x * sigmoid(-g) * 2 * ROOT * (1 + 3 * CUBE * x * x));
  }

  private static double tanhGeluArgument(double x) {
    return 2 * ROOT * x * (1 + CUBE * x * x);
  }

  static double gelu(double x) {
    if (Math.abs(x) < SMALL) {
      return x * (0.5 + x / ROOT_TWO_PI);
    }
    double t = Math.abs(x);
    double tail = t > 15.5 ? 0 : t * density(t) * mills(t);
    return x < 0 ? -tail : x - tail;
  }

  static double geluSlope(double x) {
    if (Math.abs(x) < SMALL) {
      return 0.5 + x * ROOT;
    }
    double t = Math.abs(x);
    double tail = t > 15.5 ? 0 : density(t) * (mills(t) - t);
    return x < 0 ? tail : 1 - tail;
  }

  /** φ(t). */
  static double density(double t) {
    return StrictMath.exp(-t * t / 2) / ROOT_TWO_PI;
  }

  /** Φ(−t)/φ(t) for 0 ≤ t ≤ 15.5, by the Taylor series at the next grid point. */
  static double mills(double t) {
    int point = (int) (16 * t + 0.5);
    double h = t - point / 16.0;
    int at = point * TERMS;
    double sum = MILLS[at + TERMS - 1];
    for (int i = TERMS - 2; i >= 0; i--) {
      sum = MILLS[at + i] + h * sum;
    }
    return sum;
  }

  /** R′ = tR − 1, hence (n + 1)·c₍ₙ₊₁₎ = t·cₙ + c₍ₙ₋₁₎ for the series' terms from c₁ on. */
  private static double[] mills() {
    double[] terms = new double[POINTS * TERMS];
    for (int point = 0; point < POINTS; point++) {
      BigDecimal t = BigDecimal.valueOf(point / 16.0);
      BigDecimal before = Digits.mills(t);
      BigDecimal term = t.multiply(before).subtract(BigDecimal.ONE);
      terms[point * TERMS] = before.doubleValue();
      for (int n = 1; n < TERMS; n++) {
        terms[point * TERMS + n] = term.doubleValue();
        BigDecimal next = t.multiply(term).add(before).divide(BigDecimal.valueOf(n + 1L), DIGITS);
        before = term;
        term = next;
      }
    }
    return terms;
  }

  /** What is left of t by whole turns is exact, and so is its distance from a quarter. */
  static double cosTurns(double t) {
    double a = Math.abs(t - Math.rint(t));
    return StrictMath.sin(2 * Math.PI * (0.25 - a));
  }

  static double cosTurnsSlope(double t) {
    double r = t - Math.rint(t);
    double folded = Math.abs(r) > 0.25 ? Math.copySign(0.5 - Math.abs(r), r) : r;
    return -2 * Math.PI * StrictMath.sin(2 * Math.PI * folded);
  }
}
