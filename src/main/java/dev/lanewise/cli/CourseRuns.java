package dev.lanewise.cli;

import dev.lanewise.kernel.Engine;
import dev.lanewise.kernel.Parallel;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Does trainings that have nothing to do with each other, as many at a time as there are threads;
 * each has its thread to itself. On a terminal it tells on standard error how many are done.
 */
final class CourseRuns {

  private static final boolean TERMINAL = Boolean.getBoolean("lanewise.terminal");
  private static final String TO_LINE_START = "\r\033[K";

  private final Engine engine;
  private final int threads;
  private final PrintWriter err;

  /**
   * Creates a place to run.
   *
   * @param engine the kernels, and how many threads there are
   * @param err standard error
   */
  CourseRuns(Engine engine, PrintWriter err) {
    this.engine = engine.with(Parallel.callerRuns());
    threads = engine.parallel().width();
    this.err = err;
  }

  /** {@return the engine of each run} */
  Engine engine() {
    return engine;
  }

  /**
   * {@return what the runs came to, in their order}
   *
   * @param what they are
   * @param runs take the engine
   */
  <T> List<T> all(String what, List<Function<Engine, T>> runs) {
    List<T> results = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<T>> futures = new ArrayList<>();
      for (Function<Engine, T> run : runs) {
        futures.add(executor.submit(() -> run.apply(engine)));
      }
      try {
        for (Future<T> future : futures) {
          tell("%s: %d of %d trainings done".formatted(what, results.size(), runs.size()));
          results.add(future.get());
        }
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
    }
    tell("");
    return results;
  }

  private void tell(String line) {
    if (TERMINAL) {
      err.print(TO_LINE_START + line);
      err.flush();
    }
  }
}
