package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.function.Executable;

/**
 * Ends tests that would hang. What is waited for takes milliseconds, the guard minutes: it judges
 * whether something happens at all, never how soon. The only clock that may fail a test.
 */
public final class Guard {

  /** How long a test may wait for one thing. */
  public static final int SECONDS = 300;

  private Guard() {}

  /** Waits for a latch. */
  public static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(SECONDS, TimeUnit.SECONDS), "what is waited for never came");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for a result. */
  public static <T> T get(Future<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(SECONDS, TimeUnit.SECONDS);
  }

  /** Waits for the end of a thread. */
  public static void join(Thread thread) throws InterruptedException {
    assertTrue(thread.join(Duration.ofSeconds(SECONDS)), "the thread never ended");
  }

  /** Waits until something is so. */
  public static void until(BooleanSupplier so) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    while (!so.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "what is waited for never came");
      Thread.sleep(1);
    }
  }

  /** Runs what must come to an end. */
  public static void run(Executable work) {
    assertTimeoutPreemptively(Duration.ofSeconds(SECONDS), work);
  }
}
