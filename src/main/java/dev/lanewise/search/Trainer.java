package dev.lanewise.search;

import dev.lanewise.data.Split;
import dev.lanewise.json.Visible;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.net.Network;
import dev.lanewise.search.Trial.Fit;
import dev.lanewise.search.Trial.Rung;
import dev.lanewise.train.DevMetric;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Trains trials from rung to rung on rows that are encoded once. Each training begins from its
 * checkpoint of the rung before, or from the first epoch if there is none: the bits are the same.
 * For several threads at once, each with a trial of its own.
 */
final class Trainer {

  /** A learner with the rows that it has encoded. */
  private record Base(Learner learner, Run run) {}

  /**
   * What a trial has reached.
   *
   * @param recipe how it is trained, as texts; none if it was refused before that was known
   */
  record Reached(Rung rung, List<String> recipe) {}

  private final Search.Rows rows;
  private final Search.Setup setup;
  private final Optional<DevMetric> metric;
  private final int epochs;
  private final Checkpoints checkpoints;

  /** The learner with its own split. */
  private final Base whole;

  /** What trials are compared on: the learner itself, or one for each fold. */
  private final List<Base> folds;

  Trainer(
      Search.Rows rows,
      Learner learner,
      Search.Setup setup,
      Optional<DevMetric> metric,
      int epochs,
      int folds,
      Checkpoints checkpoints) {
    this.rows = rows;
    this.setup = setup;
    this.metric = metric;
    this.epochs = epochs;
    this.checkpoints = checkpoints;
    Learner full = learner.withRecipe(recipe -> recipe.withEpochs(epochs));
    Run run = rows.begin(full);
    whole = new Base(full.withSplit(run.split()), run);
    if (folds == 0) {
      if (run.dev().isEmpty()) {
        throw new IllegalArgumentException(
            "learner: no dev rows; expected some to compare trials by, or folds");
      }
      this.folds = List.of(whole);
    } else {
      this.folds =
          rows.folded(full, folds).stream().map(fold -> new Base(fold, rows.begin(fold))).toList();
    }
  }

  /** {@return the learner's own run, before any value is set} */
  Run whole() {
    return whole.run();
  }

  /** {@return the number of trainings of a trial} */
  int fits() {
    return folds.size();
  }

  /**
   * Trains a trial up to a rung.
   *
   * @param trial its number
   * @param epochsThen the epochs that it is to have then
   * @param before what it had reached at the rung before, if there is one
   * @param ends asked between two epochs whether to end
   * @return what it has reached; empty if it was to end before or the thread is interrupted
   * @throws IOException if a checkpoint cannot be kept
   */
  Optional<Reached> train(
      int trial,
      Values values,
      int rung,
      int epochsThen,
      Optional<Rung> before,
      BooleanSupplier ends)
      throws IOException {
    long began = System.nanoTime();
    List<Fit> fits = new ArrayList<>();
    List<String> recipe = List.of();
    Optional<String> failure = Optional.empty();
    for (int fold = 0; fold < folds.size() && failure.isEmpty(); fold++) {
      List<Double> curve = new ArrayList<>();
      try (Run run = begun(folds.get(fold), values)) {
        recipe = recipe.isEmpty() ? text(run) : recipe;
        Optional<Fit> from = Optional.empty();
        if (before.isPresent()) {
          from = Optional.of(before.get().fits().get(fold));
          curve.addAll(from(run, new Checkpoints.Name(trial, rung - 1, fold), from.get()));
        }
        if (!trained(run, epochsThen, curve, ends)) {
          return Optional.empty();
        }
        Fit fit = fit(run, curve);
        if (Double.isFinite(fit.score())) {
          checkpoints.keep(new Checkpoints.Name(trial, rung, fold), run.training().toBytes());
        } else {
          failure =
              Optional.of(
                  "the dev score is %s after %d epochs; expected a finite number"
                      .formatted(fit.score(), fit.epochs()));
        }
        fits.add(fit);
      } catch (CancellationException | UncheckedIOException e) {
        throw e;
      } catch (RuntimeException e) {
        // A combination that is refused or diverges is a result like any other.
        failure = Optional.of(reason(e));
        fits.add(new Fit(curve.size(), 0, Double.NaN, true, curve));
      }
    }
    OptionalDouble score =
        failure.isPresent()
            ? OptionalDouble.empty()
            : OptionalDouble.of(fits.stream().mapToDouble(Fit::score).sum() / fits.size());
    double seconds = (System.nanoTime() - began) * 1e-9;
    return Optional.of(new Reached(new Rung(rung, fits, score, failure, seconds), recipe));
  }

  /** {@return how a trial with some values is trained, or why it is refused} */
  List<String> recipe(Values values) {
    try (Run run = begun(folds.getFirst(), values)) {
      return text(run);
    } catch (RuntimeException e) {
      return List.of(reason(e));
    }
  }

  private static List<String> text(Run run) {
    Network network = run.recipe().network();
    List<String> lines = new ArrayList<>();
    lines.add("%d inputs, %s, %s".formatted(network.inputs(), network.layers(), network.loss()));
    run.recipe().toString().lines().forEach(lines::add);
    return lines;
  }

  private static String reason(RuntimeException e) {
    String message = e.getMessage() == null ? "" : ": " + Visible.line(e.getMessage());
    return e.getClass().getSimpleName() + message;
  }

  /** {@return a run with a trial's values, not yet begun} */
  private Run begun(Base base, Values values) {
    Learner changed = setup.learner(base.learner(), values);
    if (changed == null) {
      throw new NullPointerException("setup: gave null; expected a learner");
    }
    Learner measured = metric.map(changed::withMetric).orElse(changed);
    Run run = base.run().sharedBy(measured).orElseGet(() -> rows.begin(measured));
    requireSameRows(base.run().split(), run.split());
    if (run.recipe().epochs() > epochs) {
      throw new IllegalArgumentException(
          "setup: a recipe of %d epochs; expected at most the search's %d"
              .formatted(run.recipe().epochs(), epochs));
    }
    return run;
  }

  /** Scores on other dev rows cannot be compared. */
  private static void requireSameRows(Split expected, Split split) {
    if (!Arrays.equals(expected.dev(), split.dev())
        || !Arrays.equals(expected.test(), split.test())) {
      throw new IllegalArgumentException(
          "setup: another split than the learner's; expected the same dev and test rows for all");
    }
  }

  /**
   * Has a run go on from a checkpoint, if there is one that fits.
   *
   * @return the curve so far; empty if the run begins with its first epoch
   */
  private List<Double> from(Run run, Checkpoints.Name name, Fit reached) {
    Optional<byte[]> saved = checkpoints.get(name);
    if (saved.isEmpty()) {
      return List.of();
    }
    Training training;
    try {
      training = Training.resume(saved.get(), run.recipe(), run.data(), run.engine());
    } catch (IOException e) {
      return List.of(); // damaged, or of another training: the epochs are trained again
    }
    if (training.epochs() != reached.epochs()) {
      return List.of();
    }
    run.use(training);
    return reached.curve();
  }

  /** {@return whether the epochs are done, or all that the recipe allows} */
  private boolean trained(Run run, int epochsThen, List<Double> curve, BooleanSupplier ends) {
    Iterator<Epoch> left = run.iterator();
    while (curve.size() < epochsThen && !run.training().finished()) {
      if (ends.getAsBoolean() || !left.hasNext()) {
        return false;
      }
      curve.add(score(left.next()));
    }
    return true;
  }

  private double score(Epoch epoch) {
    return (metric.isPresent() ? epoch.devMetric() : epoch.devLoss()).orElse(Double.NaN);
  }

  private static Fit fit(Run run, List<Double> curve) {
    int best = run.training().bestEpoch();
    double score = best == 0 ? Double.NaN : curve.get(best - 1);
    return new Fit(curve.size(), best, score, run.training().finished(), curve);
  }

  /**
   * {@return the training of a trial as it is after its latest rung; with folds, trained on the
   * learner's own split}
   */
  Run restored(Trial trial) {
    Run run = begun(whole, trial.values());
    List<Double> curve = new ArrayList<>();
    int epochsThen = epochs;
    if (folds.getFirst() == whole) {
      Rung rung = trial.rungs().getLast();
      Fit reached = rung.fits().getFirst();
      epochsThen = reached.epochs();
      curve.addAll(from(run, new Checkpoints.Name(trial.number(), rung.number(), 0), reached));
    }
    if (!trained(run, epochsThen, curve, () -> false)) {
      run.close();
      throw new CancellationException("interrupted in a search");
    }
    return run;
  }
}
