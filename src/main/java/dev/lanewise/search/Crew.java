package dev.lanewise.search;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

/**
 * The calling thread and those that an executor lends it. All take tasks one after the other; the
 * caller waits for tasks that were begun, never for a thread that has not come. A thread that comes
 * late finds nothing to do.
 *
 * @param executor lends threads
 * @param width the most threads at work, the caller among them
 */
record Crew(Executor executor, int width) {

  /** Something to do. */
  interface Task {
    /**
     * Does it, unless it is to end before.
     *
     * @param ends whether this is asked to end
     * @return whether it is done; if not, its thread was interrupted or asked to end, and it can be
     *     begun again
     */
    boolean done(BooleanSupplier ends) throws IOException;
  }

  /**
   * Does all tasks.
   *
   * @throws IOException the first that a task throws; others under way are asked to end then
   * @throws CancellationException if the calling thread is interrupted; it stays so
   */
  void run(Collection<? extends Task> tasks) throws IOException {
    Shift shift = new Shift(tasks);
    for (int helper = 1; helper < Math.min(width, tasks.size()); helper++) {
      try {
        executor.execute(shift::help);
      } catch (RejectedExecutionException e) {
        break; // the caller does what nobody else takes
      }
    }
    shift.lead();
  }

  private static final class Shift {
    private final Deque<Task> waiting;
    private int underWay;
    private boolean over;
    private Throwable failure;

    Shift(Collection<? extends Task> tasks) {
      waiting = new ArrayDeque<>(tasks);
    }

    private synchronized boolean over() {
      return over;
    }

    private synchronized Task taken() {
      if (over || waiting.isEmpty()) {
        return null;
      }
      underWay++;
      return waiting.poll();
    }

    private synchronized void returned(Task unfinished) {
      waiting.addFirst(unfinished);
      underWay--;
      notifyAll();
    }

    private synchronized void ended(Throwable thrown) {
      if (thrown != null) {
        over = true;
        failure = failure == null ? thrown : failure;
      }
      underWay--;
      notifyAll();
    }

    /** Takes tasks until there are none or this thread is interrupted. */
    void help() {
      for (Task task = taken(); task != null; task = taken()) {
        Throwable thrown = null;
        boolean done = false;
        try {
          done = task.done(this::over);
        } catch (IOException | RuntimeException | Error e) {
          thrown = e;
        }
        if (!done && thrown == null) {
          returned(task);
          return;
        }
        ended(thrown);
      }
    }

    void lead() throws IOException {
      boolean interrupted = false;
      while (true) {
        help();
        interrupted |= Thread.interrupted();
        if (interrupted) {
          end();
        }
        interrupted |= waits();
        if (finished()) {
          break;
        }
      }
      end();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      rethrow();
      if (interrupted && left()) {
        throw new CancellationException("interrupted in a search");
      }
    }

    private synchronized boolean left() {
      return !waiting.isEmpty();
    }

    private synchronized void end() {
      over = true;
    }

    private synchronized boolean finished() {
      return underWay == 0 && (over || waiting.isEmpty());
    }

    /** Waits for tasks under way, or for one that came back; {@return whether interrupted} */
    private synchronized boolean waits() {
      boolean interrupted = false;
      while (underWay > 0 && (over || waiting.isEmpty())) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
          over = true;
        }
      }
      return interrupted;
    }

    private void rethrow() throws IOException {
      switch (failure) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new AssertionError(failure);
      }
    }
  }
}
