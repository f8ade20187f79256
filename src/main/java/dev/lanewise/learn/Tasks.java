package dev.lanewise.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tasks that do not depend on one another, on a caller's executor. If one fails, the others are
 * interrupted.
 *
 * @param <T> what a task results in
 */
final class Tasks<T> {

  private final String name;
  private final List<FutureTask<T>> tasks = new ArrayList<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private Tasks(String name, List<Callable<T>> work) {
    this.name = name;
    for (int i = 0; i < work.size(); i++) {
      int number = i;
      tasks.add(new FutureTask<>(() -> resultOrEnd(number, work.get(number))));
    }
  }

  /**
   * {@return the results in the order of the tasks}
   *
   * @param name what is interrupted if the thread is
   * @param work the tasks
   * @param executor runs them; the calling thread runs those that it has not begun or refuses
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  static <T> List<T> run(String name, List<Callable<T>> work, Executor executor) {
    return new Tasks<>(name, work).run(executor);
  }

  private List<T> run(Executor executor) {
    try {
      tasks.forEach(task -> submit(task, executor));
      List<T> results = new ArrayList<>();
      for (FutureTask<T> task : tasks) {
        task.run(); // unless the executor has begun it: it may wait for this very thread
        results.add(task.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted in " + name);
    } catch (ExecutionException e) {
      throw unwrapped(failure.get() == null ? e.getCause() : failure.get());
    } catch (CancellationException e) {
      if (failure.get() == null) {
        throw e;
      }
      Thread.interrupted(); // the task that failed has ended the one that this thread was running
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

  /** {@return a task's result} If it fails, the tasks that are still running are ended. */
  private T resultOrEnd(int number, Callable<T> work) throws Exception {
    try {
      return work.call();
    } catch (RuntimeException | Error e) {
      if (!tasks.get(number).isCancelled() && failure.compareAndSet(null, e)) {
        for (int other = 0; other < tasks.size(); other++) {
          if (other != number) {
            tasks.get(other).cancel(true);
          }
        }
      }
      throw e;
    }
  }
}
