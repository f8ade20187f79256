package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * Measures what calls allocate on the calling thread once they are compiled.
 *
 * <p>Until C2 has compiled a kernel its vectors are objects; and the first time that C2 compiles a
 * method of a class, the thread that asks for it resolves the class's texts, some hundred bytes,
 * long after all that matters is compiled. Neither is the product's. So a window of calls is
 * repeated, and the smallest one counts: what a call really allocates is in every window.
 *
 * <p>How long to wait is not a matter of time, since a busy machine compiles late, but of work: it
 * ends as soon as a window is within its bound, and fails once the compilers have been still while
 * the calling thread has used {@link #PATIENCE} of the processor. Compilers that have something to
 * do get as much of it.
 */
public final class Allocation {

  /** Calls in a window at least, so that what happens once in some calls is in each. */
  static final int FEWEST_CALLS = 20;

  /** Nanoseconds of the calling thread: several times what one method takes to compile. */
  private static final long PATIENCE = 15_000_000_000L;

  /** Whatever the compilers do. */
  private static final long LONGEST = 300_000_000_000L;

  private static final long SAMPLED = 3_000_000_000L;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final CompilationMXBean COMPILERS = ManagementFactory.getCompilationMXBean();

  private final String what;
  private final int calls;
  private final IntConsumer call;

  private Allocation(String what, int calls, IntConsumer call) {
    if (calls < FEWEST_CALLS) {
      throw new IllegalArgumentException(
          "calls: %d; expected at least %d".formatted(calls, FEWEST_CALLS));
    }
    this.what = what;
    this.calls = calls;
    this.call = call;
  }

  /**
   * Asserts that calls come to allocate nothing.
   *
   * @param what the call's name
   * @param calls how many calls are a window
   * @param call what is measured; given the number of the call in its window, from 0
   */
  public static void assertNone(String what, int calls, IntConsumer call) {
    assertAtMost(0, what, calls, call);
  }

  /**
   * Asserts that calls come to allocate little: their results, say. Asserts nothing under mutation
   * testing, whose probes may allocate.
   *
   * @param bytes the most that a call may allocate
   * @param what the call's name
   * @param calls how many calls are a window
   * @param call what is measured; given the number of the call in its window, from 0
   */
  public static void assertAtMost(long bytes, String what, int calls, IntConsumer call) {
    if (!Boolean.getBoolean("lanewise.mutation")) { // no assumption: jqwik counts rejected tries
      new Allocation(what, calls, call).settle(bytes * calls, PATIENCE);
    }
  }

  /** The same with another patience, in nanoseconds of the calling thread; for tests of this. */
  static void assertAtMost(long bytes, String what, int calls, IntConsumer call, long patience) {
    new Allocation(what, calls, call).settle(bytes * calls, patience);
  }

  /** {@return the bytes that the calling thread allocates in a run, as they come} */
  public static long of(Runnable work) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    work.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /** {@return the nanoseconds of the processor that calls take of this thread, as they come} */
  public static long cpuOf(int calls, IntConsumer call) {
    long before = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < calls; i++) {
      call.accept(i);
    }
    return THREADS.getCurrentThreadCpuTime() - before;
  }

  private void settle(long bound, long patience) {
    long smallest = Long.MAX_VALUE;
    int windows = 0;
    long compiled = COMPILERS.getTotalCompilationTime();
    long began = THREADS.getCurrentThreadCpuTime();
    long still = began;
    long now = began;
    while (smallest > bound && now - still < patience && now - began < LONGEST) {
      smallest = Math.min(smallest, of(this::window));
      windows++;
      now = THREADS.getCurrentThreadCpuTime();
      long later = COMPILERS.getTotalCompilationTime();
      if (later != compiled) {
        compiled = later;
        still = now;
      }
    }
    if (smallest > bound) {
      throw new AssertionError(
          """
          %s: %d calls allocate %d bytes at least; expected at most %d
          This is the smallest of %d windows, and the compilers were still for the last %.1f s of \
          this thread: the calls allocate, or C2 leaves vectors in memory. The machine's load is \
          not to blame.
          %s\
          """
              .formatted(what, calls, smallest, bound, windows, (now - still) * 1e-9, objects()));
    }
    assertTrue(windows > 0, "no window");
  }

  private void window() {
    for (int i = 0; i < calls; i++) {
      call.accept(i);
    }
  }

  /** {@return what calls allocate in a while, and where, as the flight recorder sees it} */
  private String objects() {
    Map<String, Long> bytes = new TreeMap<>();
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ObjectAllocationSample").with("throttle", "off").withStackTrace();
      recording.start();
      long end = THREADS.getCurrentThreadCpuTime() + SAMPLED;
      do {
        window();
      } while (THREADS.getCurrentThreadCpuTime() < end);
      recording.stop();
      Path file = Files.createTempFile("allocation", ".jfr");
      try {
        recording.dump(file);
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
          bytes.merge(place(event), event.getLong("weight"), Long::sum);
        }
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(8)
        .map(place -> "%,d bytes: %s".formatted(place.getValue(), place.getKey()))
        .collect(Collectors.joining("\n", "Sampled in a while:\n", ""));
  }

  private static String place(RecordedEvent event) {
    RecordedClass kind = event.getClass("objectClass");
    String frames =
        event.getStackTrace() == null
            ? "unknown"
            : event.getStackTrace().getFrames().stream()
                .map(
                    f ->
                        f.getMethod().getType().getName()
                            + "."
                            + f.getMethod().getName()
                            + ":"
                            + f.getLineNumber())
                .filter(f -> f.startsWith("dev.lanewise."))
                .limit(4)
                .collect(Collectors.joining(" < "));
    return kind.getName() + " in " + frames;
  }
}
