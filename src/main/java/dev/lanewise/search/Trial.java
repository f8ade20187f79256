package dev.lanewise.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One combination of values that a search tries, with what came of it: a rung for each time that it
 * was trained on. Immutable.
 */
public final class Trial {

  /** What has become of a trial. */
  public enum State {
    /** It would be trained on, but the budget of the search ended before. */
    OPEN,
    /** Others were better after its last rung, so it was not trained on. */
    STOPPED,
    /** It has all its epochs, or early stopping has ended it. */
    FINISHED,
    /** It was refused or has diverged; the reason is in its last rung. */
    FAILED
  }

  /**
   * One training of a trial up to the end of a rung; there is one for each fold.
   *
   * @param epochs the epochs trained, from the first on
   * @param bestEpoch the number of the epoch whose end the model is from; 0 if there is none
   * @param score the dev score of that model; NaN if there is none
   * @param finished whether the training has ended: all its epochs are done, or it was stopped
   *     early
   * @param curve the dev score after each epoch; NaN where it is undefined
   */
  public record Fit(int epochs, int bestEpoch, double score, boolean finished, List<Double> curve) {

    /** Creates a record. */
    public Fit {
      curve = List.copyOf(Objects.requireNonNull(curve, "curve"));
    }
  }

  /**
   * What a trial has reached at the end of a rung.
   *
   * @param number the number of the rung, from 0
   * @param fits a training for each fold, one without folds; of a failed rung those that were begun
   * @param score the mean of the trainings' dev scores; empty if it has failed
   * @param failure why it has failed, if it has
   * @param seconds how long this rung took, in this run of the search or the one that its journal
   *     tells of
   */
  public record Rung(
      int number, List<Fit> fits, OptionalDouble score, Optional<String> failure, double seconds) {

    /** Creates a record. */
    public Rung {
      fits = List.copyOf(Objects.requireNonNull(fits, "fits"));
      Objects.requireNonNull(score, "score");
      Objects.requireNonNull(failure, "failure");
    }

    /** {@return the epochs trained from the first on, by all folds together} */
    public int epochs() {
      return fits.stream().mapToInt(Fit::epochs).sum();
    }

    /** {@return whether all its trainings have ended} */
    public boolean finished() {
      return fits.stream().allMatch(Fit::finished);
    }

    /**
     * {@return the dev score after each epoch: the mean over the folds, as far as all of them go}
     */
    public List<Double> curve() {
      int length = fits.stream().mapToInt(fit -> fit.curve().size()).min().orElse(0);
      List<Double> means = new ArrayList<>();
      for (int e = 0; e < length; e++) {
        int epoch = e;
        means.add(fits.stream().mapToDouble(fit -> fit.curve().get(epoch)).sum() / fits.size());
      }
      return means;
    }
  }

  private final int number;
  private final Values values;
  private final State state;
  private final List<Rung> rungs;

  Trial(int number, Values values, State state, List<Rung> rungs) {
    this.number = number;
    this.values = values;
    this.state = state;
    this.rungs = List.copyOf(rungs);
  }

  /** {@return the trial's number, from 0} */
  public int number() {
    return number;
  }

  /** {@return the values of its parameters} */
  public Values values() {
    return values;
  }

  /** {@return what has become of it} */
  public State state() {
    return state;
  }

  /** {@return what it reached, rung by rung; empty if it was not begun} */
  public List<Rung> rungs() {
    return rungs;
  }

  /** {@return its latest dev score; empty if it has failed or was not begun} */
  public OptionalDouble score() {
    return rungs.isEmpty() ? OptionalDouble.empty() : rungs.getLast().score();
  }

  /** {@return the epochs that it was trained for, by all folds together} */
  public int epochs() {
    return rungs.isEmpty() ? 0 : rungs.getLast().epochs();
  }

  /** {@return why it has failed, if it has} */
  public Optional<String> failure() {
    return rungs.isEmpty() ? Optional.empty() : rungs.getLast().failure();
  }

  /** {@return number, state, score, epochs and values in one line} */
  @Override
  public String toString() {
    String reached =
        score().isPresent()
            ? String.format(Locale.ROOT, "score %.6g", score().getAsDouble())
            : failure().orElse("no score");
    return "trial %d, %s, %s, %d epochs: %s"
        .formatted(number, state.name().toLowerCase(Locale.ROOT), reached, epochs(), values);
  }
}
