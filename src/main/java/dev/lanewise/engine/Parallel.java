package dev.lanewise.engine;

import dev.lanewise.kernel.Team;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * How the regions of a step are shared among threads: by the caller alone, or with helpers from the
 * embedder's executor.
 *
 * <p>The library starts no thread. Results depend neither on the width nor on which thread does
 * what. Immutable; safe for use by several threads.
 */
public final class Parallel {

  private static final Parallel CALLER = new Parallel(Runnable::run, 1);

  private final Executor executor;
  private final int width;

  private Parallel(Executor executor, int width) {
    this.executor = executor;
    this.width = width;
  }

  /** {@return the caller's thread alone} */
  public static Parallel callerRuns() {
    return CALLER;
  }

  /**
   * {@return the caller's thread and {@code width − 1} helpers}
   *
   * <p>A helper runs until its step ends. The caller never waits for one that has not come: an
   * executor may reject helpers, run them late, never, or on the caller's thread, and be shut down;
   * then the step is slower, with the same result. {@code execute} should return while its task is
   * waiting or running. If it does not, as where it waits for the task's end, or for room behind an
   * earlier helper, the helpers leave after some five seconds, and this executor is asked for none
   * again by the same training or predictor, which goes on alone. What else {@code execute} throws
   * reaches the caller of the step.
   *
   * @param executor runs the helpers; each step hands it {@code width − 1} tasks
   * @param width the number of threads, at least 1
   * @throws IllegalArgumentException if the width is below 1
   */
  public static Parallel on(Executor executor, int width) {
    Objects.requireNonNull(executor, "executor");
    if (width < 1) {
      throw new IllegalArgumentException("width: %d; expected at least 1".formatted(width));
    }
    return new Parallel(executor, width);
  }

  /** {@return the number of threads, the caller's included} */
  public int width() {
    return width;
  }

  /** {@return a new team of that width, which belongs to one plan; for this module's own use} */
  @SuppressWarnings("exports")
  public Team team() {
    return new Team(executor, width);
  }
}
