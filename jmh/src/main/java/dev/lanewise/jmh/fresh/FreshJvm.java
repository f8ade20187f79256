package dev.lanewise.jmh.fresh;

import com.sun.management.ThreadMXBean;
import dev.lanewise.engine.Engine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * One JVM of {@link FreshJvms}: repeats a piece of work from the first call on, until calls have
 * allocated nothing for a while, or for as long as it may, and prints how that went in one line.
 *
 * <p>Times are those of the working thread's processor, so that threads beside it lengthen the wait
 * for the compilers but do not count as work.
 */
final class FreshJvm {

  /** A window lasts as long as this, or a call. */
  private static final long WINDOW = 100_000_000;

  /**
   * What part of a window's calls allocate nothing once vectors stay in registers. Not all: the
   * first time that C2 compiles a method of a class, the thread that asks for it resolves the
   * class's texts.
   */
  private static final double CLEAN = 0.9;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private FreshJvm() {}

  /**
   * What a window of calls measured.
   *
   * @param began when it began, in nanoseconds of the thread since the first call
   * @param wall the same by the clock
   * @param call nanoseconds a call
   * @param bytes bytes a call
   * @param clean whether its calls allocate nothing, but for some
   */
  private record Window(long began, long wall, double call, double bytes, boolean clean) {}

  /**
   * Works.
   *
   * @param arguments the piece of work, the kernels, the seconds without a byte after which it
   *     stops, and the seconds after which it stops without
   */
  public static void main(String[] arguments) throws IOException {
    Engine engine = Engine.of(arguments[1]);
    long hold = (long) (1e9 * Double.parseDouble(arguments[2]));
    long longest = (long) (1e9 * Double.parseDouble(arguments[3]));
    FreshWork work = FreshWork.of(arguments[0], engine);
    long wall = System.nanoTime();
    long start = THREADS.getCurrentThreadCpuTime();
    work.call();
    long firstWall = System.nanoTime() - wall;
    long first = THREADS.getCurrentThreadCpuTime() - start;
    List<Window> windows = new ArrayList<>();
    long arrived = 0;
    long now = first;
    while (now - arrived < hold && now < longest) {
      Window window = window(work, now, System.nanoTime() - wall);
      windows.add(window);
      now = THREADS.getCurrentThreadCpuTime() - start;
      arrived = window.clean() ? arrived : now;
    }
    int dirty = windows.size();
    while (dirty > 0 && windows.get(dirty - 1).clean()) {
      dirty--;
    }
    boolean arrives = now - arrived >= hold;
    // The half of the windows that come last, so that the wait for compilers is behind it.
    List<Window> steady = windows.subList(Math.min(dirty, windows.size() / 2), windows.size());
    steady = steady.subList(steady.size() / 2, steady.size());
    long arrivedWall = arrives ? windows.get(dirty).wall() : System.nanoTime() - wall;
    System.out.printf(
        Locale.ROOT,
        "fresh arrived=%b first=%.2f firstWall=%.2f until=%.2f untilWall=%.2f bytes=%.0f"
            + " call=%.3f%n",
        arrives,
        first * 1e-6,
        firstWall * 1e-6,
        arrived * 1e-9,
        arrivedWall * 1e-9,
        steady.stream().mapToDouble(Window::bytes).min().orElse(0),
        steady.stream().mapToDouble(Window::call).min().orElse(0) * 1e-3);
    if (!arrives) {
      printObjects(work);
    }
  }

  private static Window window(FreshWork work, long began, long wall) {
    long start = THREADS.getCurrentThreadCpuTime();
    long end = start;
    long bytes = 0;
    int calls = 0;
    int clean = 0;
    while (end - start < WINDOW) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      boolean counts = work.call();
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      end = THREADS.getCurrentThreadCpuTime();
      if (counts) {
        bytes += allocated;
        clean += allocated == 0 ? 1 : 0;
        calls++;
      }
    }
    double some = Math.max(calls, 1);
    return new Window(
        began, wall, (end - start) / some, bytes / some, clean >= Math.max(1, CLEAN * calls));
  }

  /** Prints which methods allocate, by the flight recorder, in lines that begin with a blank. */
  private static void printObjects(FreshWork work) throws IOException {
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ObjectAllocationSample").with("throttle", "off").withStackTrace();
      recording.start();
      long end = THREADS.getCurrentThreadCpuTime() + 1_000_000_000;
      while (THREADS.getCurrentThreadCpuTime() < end) {
        work.call();
      }
      recording.stop();
      Path file =
          Path.of(
              System.getProperty("java.io.tmpdir"),
              "fresh-" + ProcessHandle.current().pid() + ".jfr");
      recording.dump(file);
      RecordingFile.readAllEvents(file).stream()
          .collect(Collectors.groupingBy(FreshJvm::place, Collectors.counting()))
          .entrySet()
          .stream()
          .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
          .limit(12)
          .forEach(
              place -> System.out.printf("  %,d samples: %s%n", place.getValue(), place.getKey()));
      file.toFile().delete();
    }
  }

  private static String place(RecordedEvent event) {
    RecordedClass kind = event.getClass("objectClass");
    String frames =
        event.getStackTrace() == null
            ? "unknown"
            : event.getStackTrace().getFrames().stream()
                .filter(f -> f.getMethod().getType().getName().startsWith("dev.lanewise."))
                .map(
                    f ->
                        f.getMethod().getType().getName()
                            + "."
                            + f.getMethod().getName()
                            + ":"
                            + f.getLineNumber())
                .limit(3)
                .collect(Collectors.joining(" < "));
    return kind.getName() + " in " + frames;
  }
}
