package dev.lanewise.hostile;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Feeds a reader with inputs, each drawn by a seed of its own, and counts what it makes of them.
 * What is neither read nor refused as the reader documents ends it: the seed is printed and the
 * input kept under {@code target/fuzz}.
 *
 * <p>System properties: {@code lanewise.fuzz.seconds} says how long to feed each reader, in place
 * of a fixed number of inputs; {@code lanewise.fuzz.first} is the first seed, else 0, or one of the
 * clock under {@code lanewise.seeds=fresh}.
 */
final class Fuzzing {

  /** A reader and what it is fed with. */
  interface Subject {

    /** {@return the next input} */
    byte[] draw(Random random);

    /**
     * Reads an input and holds the laws of what can be read.
     *
     * @return whether it was read; else it was refused as documented
     * @throws Exception if something else happened
     */
    boolean reads(byte[] input) throws Exception;
  }

  /** Seconds of processor time for an input of a few kilobytes: a thousand times what is needed. */
  private static final double LONGEST = 20;

  /** Seconds of waiting for somebody. */
  private static final long LONGEST_WAIT = 240;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final String name;
  private final Subject subject;
  private final Thread worker;
  private final long first;
  private volatile long seed;
  private volatile long began;
  private volatile long beganCpu;
  private volatile Throwable failure;
  private long tries;
  private long read;

  private Fuzzing(String name, Subject subject, int most) {
    this.name = name;
    this.subject = subject;
    boolean fresh = "fresh".equals(System.getProperty("lanewise.seeds"));
    seed = Long.getLong("lanewise.fuzz.first", fresh ? System.currentTimeMillis() * 1000 : 0);
    first = seed;
    began = System.nanoTime();
    worker = new Thread(() -> feed(most), "fuzzing " + name);
    worker.setDaemon(true);
  }

  /** Feeds a reader with so many inputs, or for the seconds that the system property says. */
  static void feed(String name, Subject subject, int most) {
    Fuzzing fuzzing = new Fuzzing(name, subject, most);
    fuzzing.worker.start();
    fuzzing.watch();
  }

  private void feed(int most) {
    long seconds = Long.getLong("lanewise.fuzz.seconds", 0);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    try {
      while (seconds > 0 ? System.nanoTime() < end : tries < most) {
        byte[] input = subject.draw(new Random(seed));
        beganCpu = THREADS.getCurrentThreadCpuTime();
        began = System.nanoTime();
        read += subject.reads(input) ? 1 : 0;
        tries++;
        seed++;
      }
    } catch (Throwable e) { // whatever it is
      failure = e;
    }
  }

  private void watch() {
    try {
      while (worker.isAlive()) {
        worker.join(200);
        double cpu = (THREADS.getThreadCpuTime(worker.threadId()) - beganCpu) * 1e-9;
        long waited = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        if (worker.isAlive() && (cpu > LONGEST || waited > LONGEST_WAIT)) {
          fail(
              "%s: %.0f s of work, %d s waited at%n%s"
                  .formatted(kept(), cpu, waited, Arrays.toString(worker.getStackTrace())));
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (failure != null) {
      throw new AssertionError(kept() + ": " + failure, failure);
    }
    System.out.printf(
        "fuzzing %s from seed %d on: %d tries, %d read, %d refused, nothing else%n",
        name, first, tries, read, tries - read);
  }

  /** Keeps the input; {@return how to feed it again} */
  private String kept() {
    try {
      Path folder = Files.createDirectories(Path.of("target", "fuzz"));
      Path file = folder.resolve(name + "-" + seed);
      Files.write(file, subject.draw(new Random(seed)));
      return "%s: %s, again by -Dlanewise.fuzz.first=%d".formatted(name, file, seed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
