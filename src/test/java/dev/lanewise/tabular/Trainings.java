package dev.lanewise.tabular;

import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.tabular.TabularSet.Loaded;
import dev.lanewise.tabular.TabularSet.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Every variant, trained on every set with every seed, on one thread each.
 *
 * @param seeds how many; the first is 0
 * @param judged the rows that the scores are of
 * @param atOnce how many trainings run at once; the scores do not depend on it
 * @param journal takes a line for each training; what it holds already is not trained again. It
 *     does not know of changes of the code
 * @param listener hears of each result as it comes, one at a time
 */
record Trainings(
    Variants variants,
    List<TabularSet> sets,
    int seeds,
    Part judged,
    int atOnce,
    Optional<Path> journal,
    Consumer<Result> listener) {

  /** {@return the results, also those of the journal} The first failure ends all. */
  List<Result> run() throws IOException, InterruptedException {
    List<Result> known = known();
    List<Future<Result>> results = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    try {
      for (TabularSet set : sets) {
        Loaded loaded = set.load(judged);
        for (String variant : variants.byName().keySet()) {
          for (long seed = 0; seed < seeds; seed++) {
            long its = seed;
            Optional<Result> before =
                known.stream().filter(r -> r.isOf(variant, set.name(), its)).findFirst();
            results.add(
                threads.submit(
                    () -> before.isPresent() ? before.get() : train(loaded, variant, its)));
          }
        }
      }
      List<Result> done = new ArrayList<>();
      for (Future<Result> result : results) {
        done.add(result.get());
      }
      return done;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private Result train(Loaded loaded, String variant, long seed) throws IOException {
    UnaryOperator<Learner> change = variants.byName().get(variant);
    long began = System.nanoTime();
    Learned learned;
    try {
      learned = change.apply(loaded.learner()).withSeed(seed).learn(loaded.train());
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "%s, %s, seed %d: %s".formatted(variant, loaded.set().name(), seed, e.getMessage()), e);
    }
    Result result =
        new Result(
            variant,
            loaded.set().name(),
            seed,
            Score.of(learned.evaluations().get(judged.toString())),
            learned.bestEpoch(),
            learned.epochs().size(),
            (System.nanoTime() - began) * 1e-9);
    record(result);
    return result;
  }

  private List<Result> known() throws IOException {
    if (journal.isEmpty() || !Files.exists(journal.get())) {
      return List.of();
    }
    List<String> lines = Files.readAllLines(journal.get());
    if (!lines.getFirst().equals(header())) {
      throw new IllegalArgumentException(
          "%s: begins with %s; expected %s".formatted(journal.get(), lines.getFirst(), header()));
    }
    return lines.stream().skip(1).map(Result::parse).toList();
  }

  private String header() {
    return judged + ":" + Result.HEADER;
  }

  private synchronized void record(Result result) throws IOException {
    listener.accept(result);
    if (journal.isPresent()) {
      String head = Files.exists(journal.get()) ? "" : header() + "\n";
      Files.writeString(
          journal.get(),
          head + result.line() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }
}
