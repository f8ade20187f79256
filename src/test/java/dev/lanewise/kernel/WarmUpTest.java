package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WarmUpTest {

  @Test
  void workIsRepeatedForHalfASecondAfterItsLastProgress() {
    int[] milliseconds = {200, 150, 110, 80};
    List<Long> began = new ArrayList<>();
    WarmUp.repeat(
        () -> {
          began.add(System.nanoTime());
          int duration = milliseconds[Math.min(began.size(), milliseconds.length) - 1];
          long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(duration);
          while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
          }
        });
    assertTrue(System.nanoTime() - began.get(3) >= 500_000_000, began::toString);
  }
}
