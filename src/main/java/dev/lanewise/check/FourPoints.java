package dev.lanewise.check;

import java.util.function.DoubleUnaryOperator;

/**
 * Two-sided differences by h and by 2h. Each has an error of order h², which cancels where they are
 * joined, and shows where they lie apart.
 *
 * @param near the difference by h
 * @param far the difference by 2h
 * @param sum f(x+h) + f(x−h), which tells how the function bends
 */
record FourPoints(double near, double far, double sum) {

  static FourPoints of(DoubleUnaryOperator f, double x, double h) {
    double above = f.applyAsDouble(x + h);
    double below = f.applyAsDouble(x - h);
    return new FourPoints(
        (above - below) / (2 * h), Difference.TWO_SIDED.derivative(f, x, 2 * h), above + below);
  }

  double derivative() {
    return near + (near - far) / 3;
  }

  boolean finite() {
    return Double.isFinite(near) && Double.isFinite(far) && Double.isFinite(sum);
  }

  /** {@return how far the two lie apart} */
  double gap() {
    return Math.abs(near - far);
  }
}
