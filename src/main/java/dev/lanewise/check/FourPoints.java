package dev.lanewise.check;

import java.util.function.DoubleUnaryOperator;

/**
 * Two-sided differences by h and by 2h. Each has an error of order h², which cancels in their
 * combination and shows in their difference.
 *
 * @param near the points at h
 * @param far the points at 2h
 */
record FourPoints(TwoPoints near, TwoPoints far) {

  static FourPoints of(DoubleUnaryOperator f, double x, double h) {
    return new FourPoints(TwoPoints.of(f, x, h), TwoPoints.of(f, x, 2 * h));
  }

  double derivative() {
    double slope = near.slope();
    return slope + (slope - far.slope()) / 3;
  }

  boolean finite() {
    return near.finite() && far.finite();
  }

  /** {@return the difference of the two slopes} */
  double gap() {
    return Math.abs(near.slope() - far.slope());
  }

  /** {@return whether all four values are the given one} */
  boolean level(double value) {
    return near.level(value) && far.level(value);
  }
}
