package dev.lanewise.check;

import java.util.OptionalDouble;

/** A way to find the derivative of a cost along an axis. */
interface Slope {

  /**
   * {@return the derivative, NaN where the cost is NaN; empty where a kink lies within the step}
   *
   * @param axis the axis, turned to a component
   * @param scale the component's scale
   */
  OptionalDouble along(Axis axis, double scale);

  /** {@return a rule with a step that is a multiple of a component's scale} */
  static Slope relative(GradientCheck.Difference rule, double step) {
    return (axis, scale) -> plain(rule, axis, Math.max(step * scale, axis.spacing()));
  }

  private static OptionalDouble plain(GradientCheck.Difference rule, Axis axis, double h) {
    double derivative = rule.derivative(axis, axis.place(), h);
    return axis.crossed() ? OptionalDouble.empty() : OptionalDouble.of(derivative);
  }
}
