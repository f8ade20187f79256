package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what work allocates on the calling thread once it is compiled. */
public final class Allocation {

  private static final long LONGEST_WARM_UP = 30_000_000_000L;

  private Allocation() {}

  /**
   * Asserts that work, repeated, comes to allocate nothing. Before C2 has compiled a kernel its
   * vectors are objects, and a busy machine compiles late: so what counts is not a number of
   * repetitions but that this ends. Asserts nothing under mutation testing, whose probes may
   * allocate.
   *
   * @param what the work's name
   * @param work many calls of what is measured
   */
  public static void assertNone(String what, Runnable work) {
    if (Boolean.getBoolean("lanewise.mutation")) {
      return; // not an assumption: a property whose every try is rejected fails
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long deadline = System.nanoTime() + LONGEST_WARM_UP;
    long allocated;
    do {
      long before = threads.getCurrentThreadAllocatedBytes();
      work.run();
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    } while (allocated != 0 && System.nanoTime() - deadline < 0);
    assertEquals(0, allocated, () -> "bytes allocated by " + what);
  }
}
