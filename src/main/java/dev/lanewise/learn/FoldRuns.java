package dev.lanewise.learn;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Folds;
import dev.lanewise.data.Split;
import dev.lanewise.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/**
 * The trainings of a cross-validation, each a function of the learner, the rows and its fold's
 * number.
 */
record FoldRuns(
    Learner learner,
    Source source,
    Folds folds,
    Split.Ratios shares,
    Optional<int[]> classes,
    Optional<int[]> groups) {

  private static final long FOLD = CounterRandom.stream("fold");

  static FoldRuns of(Learner learner, Source source, Folds folds) {
    if (folds.rows() != source.rows()) {
      throw new IllegalArgumentException(
          "folds: of %d rows; expected the table's %d".formatted(folds.rows(), source.rows()));
    }
    if (learner.split.isPresent() || learner.test.isPresent()) {
      throw new IllegalArgumentException(
          "learner: has %s; expected none, as folds judge"
              .formatted(learner.test.isPresent() ? "test rows" : "a split"));
    }
    Split.Ratios of = learner.ratios.orElse(Split.Ratios.usual(false, false));
    double both = of.train() + of.dev();
    Split.Ratios shares =
        learner.dev.isPresent()
            ? new Split.Ratios(100, 0, 0)
            : new Split.Ratios(100 * of.train() / both, 100 - 100 * of.train() / both, 0);
    return new FoldRuns(
        learner,
        source,
        folds,
        shares,
        source.classes(learner.roles),
        source.groups(learner.roles));
  }

  /** {@return the results of all folds, in their order} */
  CrossValidation run(Executor executor) {
    List<Callable<FoldResult>> work = new ArrayList<>();
    for (int f = 0; f < folds.count(); f++) {
      int fold = f;
      work.add(() -> result(fold));
    }
    return CrossValidation.of(learner.seed, folds, Tasks.run("cross-validation", work, executor));
  }

  private FoldResult result(int fold) {
    long seed = CounterRandom.key(learner.seed, FOLD, fold);
    int[] held = folds.heldOut(fold);
    Split inner =
        folds.isTimeOrdered()
            ? folds.latest(fold, shares.dev() / 100)
            : Parts.split(classes, groups, folds.training(fold), shares, seed);
    if (inner.train().length == 0) {
      throw new DataException(
          "%s: fold %d of %d: no training rows; expected at least 1"
              .formatted(source.name(), fold + 1, folds.count()));
    }
    Split parts = new Split(inner.train(), inner.dev(), held);
    Run run = learner.begin(source, parts, seed);
    Learned learned = Learner.learned(run);
    return FoldResult.of(learned, run.recipe(), held, run.test().orElseThrow());
  }
}
