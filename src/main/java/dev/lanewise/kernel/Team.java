package dev.lanewise.kernel;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads that share the regions of one step: between {@link #open} and {@link #close} helpers
 * go from region to region, spinning for a while and then parked, so that a region costs no
 * hand-over to the executor.
 *
 * <p>A region is a number of tasks, claimed one at a time. The caller claims tasks too and never
 * waits for a helper that has not arrived, only for tasks that a helper has claimed; a helper that
 * starts after the step finds it closed. Where the executor does not return from {@code execute}
 * while a helper runs, the helpers leave after some seconds, and the executor is asked no more.
 *
 * <p>Belongs to one caller at a time. Allocates nothing after its creation.
 */
public final class Team {

  /**
   * The work of a region, split into numbered tasks that may run in any order, on any thread of the
   * team.
   */
  public interface Task {
    /**
     * Does one part of the work.
     *
     * @param index the part, from 0
     * @param worker the thread's number in the team, from 0, to choose scratch space by
     */
    void run(int index, int worker);
  }

  /** The task index of a ticket between regions, larger than any number of tasks. */
  private static final int NO_TASK = Integer.MAX_VALUE;

  private static final int SPINS = 1 << 14;

  /** How often a helper waits for a caller that is still asking for others. */
  private static final int PATIENCE = 50;

  /** The nanoseconds of such a wait. */
  private static final long WAIT = 100_000_000;

  private final Executor executor;
  private final Helper[] helpers;
  private final int patience;

  /** The region's number in the upper half, the next task to claim in the lower. */
  private final AtomicLong ticket = new AtomicLong(NO_TASK);

  private final AtomicInteger completed = new AtomicInteger();
  private volatile boolean open;

  /** Whether the caller is asking the executor for helpers. */
  private volatile boolean asking;

  /** Whether helpers have waited in vain for the executor to let the caller go on. */
  private volatile boolean blocked;

  /** How often the caller has opened this team; used by the caller's thread only. */
  private int openings;

  /** Who has opened this team: an executor may run a helper on that very thread. */
  private Thread caller;

  private volatile Throwable failure;

  /* Written only while the ticket says NO_TASK, published by the ticket. A helper may read them stale, but then its
   * claim fails, because the ticket has moved on. */
  private Task task;
  private int count;

  /**
   * Creates a team that is closed.
   *
   * @param executor runs the helpers; not used if there are none
   * @param width the number of threads, the caller's included, at least 1
   */
  public Team(Executor executor, int width) {
    this(executor, width, PATIENCE);
  }

  /** Creates a team whose helpers wait so many tenths of a second for a blocked caller. */
  Team(Executor executor, int width, int patience) {
    this.patience = patience;
    this.executor = Objects.requireNonNull(executor, "executor");
    helpers = new Helper[width - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper(i + 1);
    }
  }

  /** {@return the number of threads, the caller's included} */
  public int width() {
    return helpers.length + 1;
  }

  /**
   * Begins a step: asks the executor for the helpers. A part of the step may open the team again,
   * which asks for no more.
   */
  public void open() {
    if (openings++ > 0) {
      return;
    }
    caller = Thread.currentThread();
    asking = true;
    open = true;
    try {
      for (int i = 0; i < helpers.length && !blocked; i++) {
        executor.execute(helpers[i]);
      }
    } catch (RejectedExecutionException busy) {
      return; // the step runs without the rest: slower, with the same result
    } catch (RuntimeException | Error e) {
      close(); // or helpers that have come would stay
      throw e;
    } finally {
      asking = false;
    }
  }

  /**
   * Ends what the last {@link #open} began. At the end of the step the helpers leave; nobody waits
   * for them.
   */
  public void close() {
    if (--openings > 0) {
      return;
    }
    open = false;
    wake();
  }

  /**
   * Runs a region: all tasks {@code 0 … count − 1}, and returns when all are done. What they wrote
   * is visible to the caller, and to the tasks of later regions.
   *
   * @param region the work
   * @param tasks the number of tasks, at least 0
   * @throws IllegalArgumentException if the number of tasks is negative
   */
  public void run(Task region, int tasks) {
    Objects.requireNonNull(region, "region");
    if (tasks < 0) {
      throw new IllegalArgumentException("tasks: %d; expected at least 0".formatted(tasks));
    }
    if (helpers.length == 0 || tasks < 2 || !open) {
      for (int i = 0; i < tasks; i++) {
        region.run(i, 0);
      }
      return;
    }
    task = region;
    count = tasks;
    completed.set(0);
    failure = null;
    long number = (ticket.get() >>> 32) + 1;
    ticket.set(number << 32);
    wake();
    while (claimAndRun(0)) {}
    for (int spins = 0; completed.get() < tasks; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
    ticket.set(number + 1 << 32 | NO_TASK);
    rethrow();
  }

  private void wake() {
    for (Helper helper : helpers) {
      Thread parked = helper.parked;
      if (parked != null) {
        LockSupport.unpark(parked);
      }
    }
  }

  private void rethrow() {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(failure);
    }
  }

  /** Claims one task of the current region and runs it; {@return whether there was one} */
  private boolean claimAndRun(int worker) {
    while (true) {
      long claim = ticket.get();
      if ((int) claim >= count) {
        return false;
      }
      Task claimed = task;
      if (ticket.compareAndSet(claim, claim + 1)) {
        try {
          claimed.run((int) claim, worker);
        } catch (Throwable e) {
          failure = e;
        } finally {
          completed.incrementAndGet();
        }
        return true;
      }
    }
  }

  /**
   * A helper's work in a step. The executor may still run a helper of an earlier step: then one of
   * the two leaves. The caller itself cannot be a helper, since a helper waits for the end of the
   * step: where the executor runs its tasks on the caller's thread, the helper leaves at once.
   */
  private final class Helper implements Runnable {
    private final int worker;
    private final AtomicBoolean present = new AtomicBoolean();
    private volatile Thread parked;

    Helper(int worker) {
      this.worker = worker;
    }

    @Override
    public void run() {
      while (open
          && !blocked
          && Thread.currentThread() != caller
          && present.compareAndSet(false, true)) {
        try {
          stay();
        } finally {
          present.set(false);
        }
      }
    }

    private void stay() {
      long came = System.nanoTime();
      int waits = 0;
      int spins = 0;
      while (open) {
        if (claimAndRun(worker)) {
          spins = 0;
        } else if (spins++ < SPINS) {
          Thread.onSpinWait();
        } else if (asking) {
          // Waits and time: an interrupted thread does not wait, and a machine may sleep for hours.
          if (waits++ >= patience && System.nanoTime() - came >= patience * WAIT) {
            blocked = true;
            return;
          }
          parked = Thread.currentThread();
          LockSupport.parkNanos(Team.this, WAIT);
          parked = null;
          spins = 0;
        } else {
          park();
          spins = 0;
        }
      }
    }

    private void park() {
      parked = Thread.currentThread();
      if (open && (int) ticket.get() >= count) {
        LockSupport.park(Team.this);
      }
      parked = null;
    }
  }
}
