package dev.lanewise.learn;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Folds;
import dev.lanewise.data.Split;
import dev.lanewise.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

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
    List<FutureTask<FoldResult>> tasks = new ArrayList<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    for (int f = 0; f < folds.count(); f++) {
      int fold = f;
      tasks.add(new FutureTask<>(() -> resultOrEnd(fold, failure, tasks)));
    }
    try {
      tasks.forEach(task -> submit(task, executor));
      List<FoldResult> results = new ArrayList<>();
      for (FutureTask<FoldResult> task : tasks) {
        task.run(); // unless the executor has begun it: it may wait for this very thread
        results.add(task.get());
      }
      return CrossValidation.of(learner.seed, folds, results);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted in cross-validation");
    } catch (ExecutionException e) {
      throw unwrapped(failure.get() == null ? e.getCause() : failure.get());
    } catch (CancellationException e) {
      if (failure.get() == null) {
        throw e;
      }
      Thread.interrupted(); // the fold that failed has ended the one that this thread was running
      throw unwrapped(failure.get());
    } finally {
      tasks.forEach(task -> task.cancel(true)); // what is done stays done
    }
  }

  /** What an executor refuses, as one that is shut down does, is left to the calling thread. */
  private static void submit(Runnable task, Executor executor) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      // the calling thread runs all tasks that nobody has begun
    }
  }

  private static RuntimeException unwrapped(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(cause);
  }

  /** {@return a fold's result} If it fails, the folds that are still running are ended. */
  private FoldResult resultOrEnd(
      int fold, AtomicReference<Throwable> failure, List<FutureTask<FoldResult>> tasks) {
    try {
      return result(fold);
    } catch (RuntimeException | Error e) {
      if (!tasks.get(fold).isCancelled() && failure.compareAndSet(null, e)) {
        for (int other = 0; other < tasks.size(); other++) {
          if (other != fold) {
            tasks.get(other).cancel(true);
          }
        }
      }
      throw e;
    }
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
