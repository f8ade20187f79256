package dev.lanewise.check;

import java.util.function.DoubleUnaryOperator;

/**
 * A function's values to the right and to the left of a place. The distance of the points is the
 * one after rounding, which is not exactly twice the step.
 *
 * @param right the place to the right
 * @param left the place to the left
 * @param above the value to the right
 * @param below the value to the left
 */
record TwoPoints(double right, double left, double above, double below) {

  static TwoPoints of(DoubleUnaryOperator f, double x, double h) {
    double right = x + h;
    double left = x - h;
    return new TwoPoints(right, left, f.applyAsDouble(right), f.applyAsDouble(left));
  }

  double slope() {
    return (above - below) / (right - left);
  }

  /**
   * {@return the difference of the slopes on both sides of the place}
   *
   * @param x the place
   * @param level the value there
   */
  double bend(double x, double level) {
    return Math.abs((above - level) / (right - x) - (level - below) / (x - left));
  }

  boolean finite() {
    return Double.isFinite(above) && Double.isFinite(below);
  }

  /** {@return whether both values are the given one} */
  boolean level(double value) {
    return above == value && below == value;
  }
}
