package dev.lanewise.train;

import java.util.Objects;

/**
 * The rule that chooses a training's epoch by a score of the dev rows: the result is the parameters
 * of the best one. After a number of epochs in a row without a better score, the patience, it ends
 * the training before its last epoch. Immutable.
 */
public final class EarlyStopping {

  private final int patience;
  private final double minimumDelta;
  private final Watch watch;
  private final boolean latestOfEqual;

  /** A score of the dev rows. */
  public enum Watch {
    /** The loss without penalties; smaller is better. */
    DEV_LOSS,
    /** The metric that is given with the data. */
    DEV_METRIC
  }

  private EarlyStopping(int patience, double minimumDelta, Watch watch, boolean latestOfEqual) {
    if (patience < 0) {
      throw new IllegalArgumentException(
          "patience: %d epochs; expected at least 0".formatted(patience));
    }
    if (!(minimumDelta >= 0 && minimumDelta < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "minimumDelta: %s; expected a finite number >= 0".formatted(minimumDelta));
    }
    if (latestOfEqual && minimumDelta > 0) {
      throw new IllegalArgumentException(
          "minimumDelta: %s; expected 0 where the latest of equal epochs is the best"
              .formatted(minimumDelta));
    }
    this.patience = patience;
    this.minimumDelta = minimumDelta;
    this.watch = watch;
    this.latestOfEqual = latestOfEqual;
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

  /** {@return whether of epochs with the same score the latest is the best, else the first is} */
  public boolean latestOfEqual() {
    return latestOfEqual;
  }

  /** {@return the rule that never stops, and leaves the last epoch as the result} */
  public static EarlyStopping never() {
    return new EarlyStopping(0, 0, Watch.DEV_LOSS, false);
  }

  /**
   * {@return the rule that never stops either, but makes the best epoch the result: a patience
   * longer than any training} It watches the dev loss.
   */
  public static EarlyStopping keepBest() {
    return patience(Integer.MAX_VALUE);
  }

  /**
   * {@return the rule that watches the dev loss; {@link #onMetric} watches another score}
   *
   * @param patience the epochs without improvement after which training stops, at least 1
   */
  public static EarlyStopping patience(int patience) {
    return new EarlyStopping(patience, 0, Watch.DEV_LOSS, false);
  }

  /** {@return this rule, watching the metric that is given with the data} */
  public EarlyStopping onMetric() {
    return new EarlyStopping(patience, minimumDelta, Watch.DEV_METRIC, latestOfEqual);
  }

  /**
   * {@return this rule with another least improvement}
   *
   * @param delta how much better than the best a score must be to count, finite and at least 0
   * @throws IllegalArgumentException if it is not, or above 0 where the latest of equal epochs is
   *     the best
   */
  public EarlyStopping withMinimumDelta(double delta) {
    return new EarlyStopping(patience, delta, watch, latestOfEqual);
  }

  /**
   * {@return this rule, taking the latest of epochs with the same score for the best, not the
   * first} The patience counts from it, too. Scores such as an accuracy on few rows are often the
   * same, and later epochs, of lower rates, are the calmer ones.
   *
   * @throws IllegalArgumentException if the least improvement is above 0
   */
  public EarlyStopping withLatestOfEqual() {
    return new EarlyStopping(patience, minimumDelta, watch, true);
  }

  /**
   * {@return whether the best epoch is the result, be it that the rule may stop a training or not}
   */
  public boolean active() {
    return patience > 0;
  }

  /**
   * {@return whether an epoch takes the place of the best one before it}
   *
   * @param score its score as a number of which smaller is better; NaN and ∞ are never better
   * @param best the score of the best one before it, ∞ if there is none
   */
  public boolean isBetter(double score, double best) {
    return latestOfEqual
        ? score <= best && score < Double.POSITIVE_INFINITY
        : score < best - minimumDelta;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof EarlyStopping other
        && patience == other.patience
        && Double.compare(minimumDelta, other.minimumDelta) == 0
        && watch == other.watch
        && latestOfEqual == other.latestOfEqual;
  }

  @Override
  public int hashCode() {
    return Objects.hash(patience, minimumDelta, watch, latestOfEqual);
  }

  /** {@return the numbers; which of equal epochs is the best only if it is the latest} */
  @Override
  public String toString() {
    return "EarlyStopping[patience=%s, minimumDelta=%s, watch=%s%s]"
        .formatted(patience, minimumDelta, watch, latestOfEqual ? ", latestOfEqual=true" : "");
  }
}
