package dev.lanewise.check;

import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/** A rule that approximates the derivative of a function of one variable by differences. */
public enum Difference {
  /** (f(x+h) − f(x))/h, with an error of order h. */
  ONE_SIDED(0x1p-26),
  /** (f(x+h) − f(x−h))/2h, with an error of order h². */
  TWO_SIDED(6e-6),
  /** (8·(f(x+h) − f(x−h)) − (f(x+2h) − f(x−2h)))/12h, with an error of order h⁴. */
  FOUR_POINT(1e-5);

  private final double step;

  Difference(double step) {
    this.step = step;
  }

  /**
   * {@return the step for an x, and a function that changes, of the order of 1} The root of 2⁻⁵² of
   * an order one above that of the error balances truncation and rounding: 1.5e-8 for one side,
   * 6e-6 for two. Four points would allow 7e-4; with 1e-5 their rounding error is no larger than
   * that of two points, their truncation error is negligible, and they seldom cross a kink.
   */
  public double step() {
    return step;
  }

  /**
   * {@return the approximate derivative} Divides by the distance of the points after rounding, so a
   * step too small to change x gives NaN.
   *
   * @param f the function
   * @param x where
   * @param h the step, above 0
   * @throws IllegalArgumentException if the step is not above 0
   */
  public double derivative(DoubleUnaryOperator f, double x, double h) {
    Objects.requireNonNull(f, "f");
    if (!(h > 0 && h < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("h: %s; expected a finite number above 0".formatted(h));
    }
    return switch (this) {
      case ONE_SIDED -> (f.applyAsDouble(x + h) - f.applyAsDouble(x)) / (x + h - x);
      case TWO_SIDED -> TwoPoints.of(f, x, h).slope();
      case FOUR_POINT -> FourPoints.of(f, x, h).derivative();
    };
  }
}
