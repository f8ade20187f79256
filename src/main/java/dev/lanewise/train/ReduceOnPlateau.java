package dev.lanewise.train;

import java.util.Objects;

/**
 * The rule that lowers the learning rate: each time after a number of epochs in a row, the
 * patience, without a better score on the dev rows. Immutable.
 */
public final class ReduceOnPlateau {

  private final int patience;
  private final double factor;
  private final double minimumDelta;
  private final double minimumRate;
  private final EarlyStopping.Watch watch;

  private ReduceOnPlateau(
      int patience,
      double factor,
      double minimumDelta,
      double minimumRate,
      EarlyStopping.Watch watch) {
    if (patience < 1) {
      throw new IllegalArgumentException(
          "patience: %d epochs; expected at least 1".formatted(patience));
    }
    if (!(factor > 0 && factor < 1)) {
      throw new IllegalArgumentException(
          "factor: %s; expected a number between 0 and 1".formatted(factor));
    }
    checkNotNegative("minimumDelta", minimumDelta);
    checkNotNegative("minimumRate", minimumRate);
    this.patience = patience;
    this.factor = factor;
    this.minimumDelta = minimumDelta;
    this.minimumRate = minimumRate;
    this.watch = watch;
  }

  /** {@return the epochs without improvement after which the rate is lowered, at least 1} */
  public int patience() {
    return patience;
  }

  /** {@return what the rate is multiplied with then, in (0, 1)} */
  public double factor() {
    return factor;
  }

  /** {@return how much better than the best a score must be to count, finite and at least 0} */
  public double minimumDelta() {
    return minimumDelta;
  }

  /** {@return a rate that is not gone below, finite and at least 0} */
  public double minimumRate() {
    return minimumRate;
  }

  /** {@return which score} */
  public EarlyStopping.Watch watch() {
    return watch;
  }

  private static void checkNotNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s: %s; expected a finite number >= 0".formatted(name, value));
    }
  }

  /**
   * {@return the rule that watches the dev loss, where any decrease is an improvement}
   *
   * @param patience the epochs without improvement after which the rate is lowered, at least 1
   * @param factor what the rate is multiplied with then, in (0, 1)
   */
  public static ReduceOnPlateau of(int patience, double factor) {
    return new ReduceOnPlateau(patience, factor, 0, 0, EarlyStopping.Watch.DEV_LOSS);
  }

  /** {@return this rule, watching the metric that is given with the data} */
  public ReduceOnPlateau onMetric() {
    return new ReduceOnPlateau(
        patience, factor, minimumDelta, minimumRate, EarlyStopping.Watch.DEV_METRIC);
  }

  /**
   * {@return this rule with another least improvement}
   *
   * @param delta how much better than the best a score must be to count, finite and at least 0
   * @throws IllegalArgumentException if it is not
   */
  public ReduceOnPlateau withMinimumDelta(double delta) {
    return new ReduceOnPlateau(patience, factor, delta, minimumRate, watch);
  }

  /**
   * {@return this rule with another least rate}
   *
   * @param rate a rate that is not gone below, finite and at least 0
   * @throws IllegalArgumentException if it is not
   */
  public ReduceOnPlateau withMinimumRate(double rate) {
    return new ReduceOnPlateau(patience, factor, minimumDelta, rate, watch);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof ReduceOnPlateau other
        && patience == other.patience
        && Double.compare(factor, other.factor) == 0
        && Double.compare(minimumDelta, other.minimumDelta) == 0
        && Double.compare(minimumRate, other.minimumRate) == 0
        && watch.equals(other.watch);
  }

  @Override
  public int hashCode() {
    return Objects.hash(patience, factor, minimumDelta, minimumRate, watch);
  }

  @Override
  public String toString() {
    return "ReduceOnPlateau[patience=%s, factor=%s, minimumDelta=%s, minimumRate=%s, watch=%s]"
        .formatted(patience, factor, minimumDelta, minimumRate, watch);
  }
}
