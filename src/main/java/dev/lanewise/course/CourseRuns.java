package dev.lanewise.course;

import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs independent trainings, as many at a time as there are threads, each on one thread. */
public final class CourseRuns {

  private final Engine engine;
  private final int threads;
  private final Consumer<String> progress;

  /**
   * Creates a place to run.
   *
   * @param engine the kernels, and how many threads there are
   * @param progress is told by the calling thread how many trainings are done, and in the end, also
   *     of a failure, the empty text
   */
  public CourseRuns(Engine engine, Consumer<String> progress) {
    this.engine = engine.withParallel(Parallel.callerRuns());
    threads = engine.parallel().width();
    this.progress = progress;
  }

  /** {@return the engine of each run} */
  public Engine engine() {
    return engine;
  }

  /**
   * {@return the results of the runs, in their order}
   *
   * @param what they are
   * @param runs take the engine
   */
  <T> List<T> all(String what, List<Function<Engine, T>> runs) {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<T>> futures = new ArrayList<>();
      for (Function<Engine, T> run : runs) {
        futures.add(executor.submit(() -> run.apply(engine)));
      }
      try {
        return results(what, futures);
      } catch (ExecutionException e) {
        executor.shutdownNow();
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        executor.shutdownNow();
        Thread.currentThread().interrupt();
        throw new CancellationException(what + ": interrupted");
      }
    } finally {
      progress.accept("");
    }
  }

  private <T> List<T> results(String what, List<Future<T>> futures)
      throws ExecutionException, InterruptedException {
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      progress.accept(
          "%s: %d of %d trainings done".formatted(what, results.size(), futures.size()));
      results.add(future.get());
    }
    return results;
  }
}
