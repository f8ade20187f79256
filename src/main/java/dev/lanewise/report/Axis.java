package dev.lanewise.report;

import dev.lanewise.json.Json;
import java.util.Objects;

/**
 * An axis of numbers.
 *
 * @param name what is measured, with its unit if it has one
 * @param logarithmic whether equal distances are equal ratios
 * @param low the least number shown; NaN for what the data needs
 * @param high the largest number shown; NaN for what the data needs
 * @param whole whether only whole numbers are marked
 */
public record Axis(String name, boolean logarithmic, double low, double high, boolean whole) {

  /** Creates an axis. */
  public Axis {
    Objects.requireNonNull(name, "name");
  }

  /**
   * {@return an axis as long as its data}
   *
   * @param name what is measured
   */
  public static Axis of(String name) {
    return new Axis(name, false, Double.NaN, Double.NaN, false);
  }

  /**
   * {@return a logarithmic axis as long as its data; numbers that are not above 0 are not drawn}
   *
   * @param name what is measured
   */
  public static Axis log(String name) {
    return new Axis(name, true, Double.NaN, Double.NaN, false);
  }

  /**
   * {@return an axis of whole numbers, as long as its data}
   *
   * @param name what is counted
   */
  public static Axis whole(String name) {
    return new Axis(name, false, Double.NaN, Double.NaN, true);
  }

  /**
   * {@return this axis between two numbers}
   *
   * @param from the least number shown
   * @param to the largest number shown
   */
  public Axis between(double from, double to) {
    return new Axis(name, logarithmic, from, to, whole);
  }

  Json.Obj json() {
    Members members =
        Members.none()
            .with("type", logarithmic ? "log" : "value")
            .with("name", name)
            .with("scale", true);
    if (Double.isFinite(low)) {
      members.with("min", low);
    }
    if (Double.isFinite(high)) {
      members.with("max", high);
    }
    if (whole) {
      members.with("minInterval", 1);
    }
    return members.json();
  }
}
