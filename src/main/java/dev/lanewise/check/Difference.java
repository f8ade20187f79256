package dev.lanewise.check;

import java.util.function.DoubleUnaryOperator;

/** A rule that approximates the derivative of a function of one variable by differences. */
public enum Difference {
  /** (f(x+h) − f(x))/h, with an error of order h. */
  ONE_SIDED,
  /** (f(x+h) − f(x−h))/2h, with an error of order h². */
  TWO_SIDED,
  /** (8·(f(x+h) − f(x−h)) − (f(x+2h) − f(x−2h)))/12h, with an error of order h⁴. */
  FOUR_POINT;

  /**
   * {@return the approximate derivative}
   *
   * @param f the function
   * @param x where
   * @param h the step, above 0
   */
  public double derivative(DoubleUnaryOperator f, double x, double h) {
    return switch (this) {
      case ONE_SIDED -> (f.applyAsDouble(x + h) - f.applyAsDouble(x)) / h;
      case TWO_SIDED -> (f.applyAsDouble(x + h) - f.applyAsDouble(x - h)) / (2 * h);
      case FOUR_POINT -> FourPoints.of(f, x, h).derivative();
    };
  }
}
