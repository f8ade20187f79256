package dev.lanewise.check;

import dev.lanewise.check.GradientReport.Component;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The Euclidean norms of a claimed gradient, of that from differences, and of their difference. */
record Norms(double claimed, double numeric, double distance) {

  static Norms of(List<Component> components) {
    return new Norms(
        norm(components, Component::claimed),
        norm(components, Component::numeric),
        norm(components, Component::distance));
  }

  /** Divides by the largest magnitude, so that no square overflows or vanishes. */
  private static double norm(List<Component> components, ToDoubleFunction<Component> part) {
    double largest = 0;
    for (Component c : components) {
      largest = Math.max(largest, Math.abs(part.applyAsDouble(c)));
    }
    if (largest == 0 || !Double.isFinite(largest)) {
      return largest;
    }
    double sum = 0;
    for (Component c : components) {
      double share = part.applyAsDouble(c) / largest;
      sum += share * share;
    }
    return largest * Math.sqrt(sum);
  }

  /** {@return half of ‖g‖ + ‖ĝ‖, which does not overflow} */
  double scale() {
    return claimed / 2 + numeric / 2;
  }

  /**
   * {@return half of a distance divided by a scale, with 0/0 = 0} Limited to 1, which only rounding
   * exceeds; NaN if the scale is not finite.
   */
  static double ratio(double distance, double scale) {
    if (distance == 0) {
      return 0;
    }
    return Double.isFinite(scale) ? Math.min(1, distance / 2 / scale) : Double.NaN;
  }
}
