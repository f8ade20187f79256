package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the measure of allocation sees and what it forgives, with bugs and noise of its own. */
@Tag("allocation")
final class AllocationTest {

  private static final long A_WHILE = 200_000_000L;

  private Object kept;
  private long calls;

  @Test
  void sixteenBytesInEachCallAreSeenAndTheirPlaceIsNamed() {
    AssertionError seen =
        assertThrows(
            AssertionError.class,
            () -> Allocation.assertAtMost(0, "planted", 100, i -> allocates(), A_WHILE));
    assertTrue(
        seen.getMessage().startsWith("planted: 100 calls allocate 1600 bytes"), seen::getMessage);
    assertTrue(seen.getMessage().contains("AllocationTest.allocates"), seen::getMessage);
  }

  @Test
  void sixteenBytesInEverySeventhCallAreSeen() {
    IntConsumer seventh =
        i -> {
          if (calls++ % 7 == 0) {
            allocates();
          }
        };
    AssertionError seen =
        assertThrows(
            AssertionError.class,
            () -> Allocation.assertAtMost(0, "planted", Allocation.FEWEST_CALLS, seventh, A_WHILE));
    assertTrue(seen.getMessage().contains("calls allocate 32 bytes"), seen::getMessage);
  }

  /** As the JVM's own bytes are: once, at a time that nobody knows. */
  @Test
  void whatIsAllocatedOnceIsForgivenHoweverLateItComes() {
    for (int late : new int[] {0, 19, 20, 399}) {
      calls = 0;
      Allocation.assertNone(
          "once",
          20,
          i -> {
            if (calls++ == late) {
              kept = new byte[944];
            }
          });
    }
    assertEquals(944, ((byte[]) kept).length);
  }

  @Test
  void aResultIsAllowedAndABytesMoreIsNot() {
    Allocation.assertAtMost(16, "a result", 100, i -> allocates());
    assertThrows(
        AssertionError.class,
        () -> Allocation.assertAtMost(15, "a result", 100, i -> allocates(), A_WHILE));
  }

  @Test
  void windowsOfFewCallsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Allocation.assertNone("few", 19, i -> {}));
  }

  private void allocates() {
    kept = new Object[0];
  }
}
