package dev.lanewise.train;

import java.util.Objects;

/**
 * The rule that ends a training before its last epoch: after a number of epochs in a row, the
 * patience, without a better score on the dev rows. The result is then the parameters of the best
 * epoch, also if the last epoch is reached first. Immutable.
 */
public final class EarlyStopping {

  private final int patience;
  private final double minimumDelta;
  private final Watch watch;

  /** A score of the dev rows. */
  public enum Watch {
    /** The loss without penalties; smaller is better. */
    DEV_LOSS,
    /** The metric that is given with the data. */
    DEV_METRIC
  }

  private EarlyStopping(int patience, double minimumDelta, Watch watch) {
    if (patience < 0) {
      throw new IllegalArgumentException(
          "patience: %d epochs; expected at least 0".formatted(patience));
    }
    if (!(minimumDelta >= 0 && minimumDelta < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "minimumDelta: %s; expected a finite number >= 0".formatted(minimumDelta));
    }
    this.patience = patience;
    this.minimumDelta = minimumDelta;
    this.watch = watch;
  }

  /**
   * {@return the epochs without improvement after which training stops; 0 for never, which also
   * leaves the parameters of the last epoch as the result}
   */
  public int patience() {
    return patience;
  }

  /** {@return how much better than the best a score must be to count, finite and at least 0} */
  public double minimumDelta() {
    return minimumDelta;
  }

  /** {@return which score} */
  public Watch watch() {
    return watch;
  }

  /** {@return the rule that never stops} */
  public static EarlyStopping never() {
    return new EarlyStopping(0, 0, Watch.DEV_LOSS);
  }

  /**
   * {@return the rule that watches the dev loss; {@link #onMetric} watches another score}
   *
   * @param patience the epochs without improvement after which training stops, at least 1
   */
  public static EarlyStopping patience(int patience) {
    return new EarlyStopping(patience, 0, Watch.DEV_LOSS);
  }

  /** {@return this rule, watching the metric that is given with the data} */
  public EarlyStopping onMetric() {
    return new EarlyStopping(patience, minimumDelta, Watch.DEV_METRIC);
  }

  /**
   * {@return this rule with another least improvement}
   *
   * @param delta how much better than the best a score must be to count, finite and at least 0
   * @throws IllegalArgumentException if it is not
   */
  public EarlyStopping withMinimumDelta(double delta) {
    return new EarlyStopping(patience, delta, watch);
  }

  /** {@return whether the rule can stop a training} */
  public boolean active() {
    return patience > 0;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof EarlyStopping other
        && patience == other.patience
        && Double.compare(minimumDelta, other.minimumDelta) == 0
        && watch == other.watch;
  }

  @Override
  public int hashCode() {
    return Objects.hash(patience, minimumDelta, watch);
  }

  @Override
  public String toString() {
    return "EarlyStopping[patience=%s, minimumDelta=%s, watch=%s]"
        .formatted(patience, minimumDelta, watch);
  }
}
