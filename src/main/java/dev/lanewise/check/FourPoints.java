package dev.lanewise.check;

import java.util.function.DoubleUnaryOperator;

/**
 * Two-sided differences by h and by 2h. Each has an error of order h², which cancels where they are
 * joined, and shows where they lie apart.
 */
record FourPoints(double near, double far) {

  static FourPoints of(DoubleUnaryOperator f, double x, double h) {
    return new FourPoints(
        Difference.TWO_SIDED.derivative(f, x, h), Difference.TWO_SIDED.derivative(f, x, 2 * h));
  }

  double derivative() {
    return near + (near - far) / 3;
  }

  /** {@return how far the two lie apart} */
  double gap() {
    return Math.abs(near - far);
  }
}
