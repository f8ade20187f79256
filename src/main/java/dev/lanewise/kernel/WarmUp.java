package dev.lanewise.kernel;

import java.util.function.LongSupplier;

/**
 * Waits until the JVM has compiled a piece of work: a JVM interprets code at first, and vectors are
 * objects until the optimising compiler has compiled the code that uses them.
 */
public final class WarmUp {

  /** The nanoseconds over which calls are averaged. */
  private static final long ROUND = 10_000_000;

  /** The nanoseconds without progress after which everything counts as compiled. */
  private static final long PATIENCE = 500_000_000;

  /** The most nanoseconds to wait. */
  private static final long LONGEST = 10_000_000_000L;

  private static final double PROGRESS = 0.9;

  private WarmUp() {}

  /**
   * Repeats work until it has not become faster by a tenth for half a second; for ten seconds at
   * most, and at least once.
   *
   * @param work one call of what is to be compiled
   */
  public static void repeat(Runnable work) {
    repeat(work, System::nanoTime);
  }

  /** Repeats work by a clock of nanoseconds. */
  static void repeat(Runnable work, LongSupplier clock) {
    long start = clock.getAsLong();
    long now = start;
    long progressed = start;
    double best = Double.POSITIVE_INFINITY;
    while (now - progressed < PATIENCE && now - start < LONGEST) {
      long began = now;
      int calls = 0;
      do {
        work.run();
        calls++;
        now = clock.getAsLong();
      } while (now - began < ROUND);
      double mean = (double) (now - began) / calls;
      if (mean < PROGRESS * best) {
        best = mean;
        progressed = now;
      }
    }
  }
}
