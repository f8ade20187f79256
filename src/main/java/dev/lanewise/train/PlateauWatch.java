package dev.lanewise.train;

import dev.lanewise.update.Updater;

/**
 * Applies a {@link ReduceOnPlateau} rule from epoch to epoch, to a score of which smaller is
 * better.
 */
final class PlateauWatch {

  /** The least rate that a step in floats distinguishes from 0; no rule lowers a rate further. */
  private static final double LEAST = Float.MIN_NORMAL;

  private final ReduceOnPlateau rule;
  private double best = Double.POSITIVE_INFINITY;
  private int waited;

  PlateauWatch(ReduceOnPlateau rule) {
    this.rule = rule;
  }

  /**
   * The part of a checkpoint.
   *
   * @param best the best score so far
   * @param waited the epochs without improvement since then, or since the rate was last lowered
   */
  record State(double best, int waited) {}

  /** Takes an epoch's score, and lowers the rate if that is due. NaN is never an improvement. */
  void offer(double score, Updater updater, int epochs) {
    if (score < best - rule.minimumDelta()) {
      best = score;
      waited = 0;
      return;
    }
    waited++;
    if (waited == rule.patience()) {
      waited = 0;
      lower(updater, updater.rate(epochs));
    }
  }

  private void lower(Updater updater, double rate) {
    double least = Math.max(rule.minimumRate(), LEAST);
    if (rate > least) {
      updater.scaleRate(Math.max(rule.factor(), least / rate));
    }
  }

  State state() {
    return new State(best, waited);
  }

  /**
   * Continues from a checkpoint.
   *
   * @throws IllegalArgumentException if there is no state, or one that the rule cannot lead to
   */
  void restore(State state) {
    if (state == null || state.waited < 0 || state.waited >= rule.patience()) {
      throw new IllegalArgumentException(
          "plateau: %s; expected a score and 0 to %d epochs waited"
              .formatted(state, rule.patience() - 1));
    }
    best = state.best;
    waited = state.waited;
  }
}
