package dev.lanewise.check;

import java.util.OptionalDouble;

/** A way to find the derivative of a cost along an axis. */
interface Slope {

  /**
   * {@return the derivative, not a number where the cost is none; empty where a kink is in the way}
   *
   * @param axis the axis, turned to a component
   * @param scale the component's scale
   */
  OptionalDouble along(Axis axis, double scale);

  /** {@return a rule by a step that is so many times a component's scale} */
  static Slope relative(Difference rule, double step) {
    return (axis, scale) -> plain(rule, axis, Math.max(step * scale, axis.spacing()));
  }

  private static OptionalDouble plain(Difference rule, Axis axis, double h) {
    double derivative = rule.derivative(axis, axis.place(), h);
    return axis.crossed() ? OptionalDouble.empty() : OptionalDouble.of(derivative);
  }
}
