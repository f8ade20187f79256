package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** By a clock that only the work moves. */
class WarmUpTest {

  private long now = Long.MAX_VALUE - 100;
  private int calls;

  /** Work whose calls take so many milliseconds, the last of them for ever. */
  private long millisecondsOf(int... milliseconds) {
    long began = now;
    WarmUp.repeat(
        () -> {
          int call = Math.min(calls++, milliseconds.length - 1);
          now += TimeUnit.MILLISECONDS.toNanos(milliseconds[call]);
        },
        () -> now);
    return TimeUnit.NANOSECONDS.toMillis(now - began);
  }

  /** The fourth call is the last that is faster; 80 · 7 is the first to last half a second. */
  @Test
  void workIsRepeatedForHalfASecondAfterItsLastProgress() {
    assertEquals(200 + 150 + 110 + 80 + 7 * 80, millisecondsOf(200, 150, 110, 80));
  }

  /** Calls of a millisecond are averaged over ten. */
  @Test
  void shortCallsAreJudgedInRoundsOfTenMilliseconds() {
    assertEquals(10 + 500, millisecondsOf(1));
  }

  @Test
  void lessThanATenthIsNoProgress() {
    assertEquals(100 + 95 + 5 * 91, millisecondsOf(100, 95, 91));
  }

  @Test
  void workThatBecomesFasterForEverEndsAfterTenSeconds() {
    int[] milliseconds = new int[100];
    for (int i = 0; i < 100; i++) {
      milliseconds[i] = (int) (3000 * Math.pow(0.89, i)) + 1;
    }
    long took = millisecondsOf(milliseconds);
    assertEquals(10_000, took, 3000);
  }

  @Test
  void workIsDoneOnceAtLeast() {
    assertEquals(20_000, millisecondsOf(20_000));
    assertEquals(1, calls);
  }
}
