package dev.lanewise;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the tests of allocation many times, each in a JVM of its own, as the build does: all of
 * them, and those of kernels at 128 bits. Every other run is beside threads that do nothing but
 * keep processors busy. What fails once in a hundred shows here.
 *
 * <p>Started by {@code mvn -Pallocation verify}; {@code -Dallocation.runs=100} says how many,
 * {@code -Dallocation.busy=2} how many threads are busy, {@code
 * -Dallocation.options="-XX:UseAVX=2"} what else the JVMs are told. Leaves a table in {@code
 * target/allocation-runs.md}, and a log of each JVM that fails in {@code target/allocation-runs}.
 */
public final class AllocationRuns {

  private static final Path TESTS = Path.of("src/test/java");
  private static final Path TABLE = Path.of("target/allocation-runs.md");
  private static final Path LOGS = Path.of("target/allocation-runs");

  private AllocationRuns() {}

  /** Runs the tests in this JVM: those with all the tags that are given. */
  public static final class Once {

    private Once() {}

    /** Ends with 1 if a test fails, or if there is none. */
    public static void main(String[] tags) throws IOException, ClassNotFoundException {
      Files.createDirectories(LOGS);
      Counts counts = new Counts();
      Launcher launcher = LauncherFactory.create();
      for (String name : testClasses()) {
        LauncherDiscoveryRequestBuilder request =
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(Class.forName(name)))
                .filters(TagFilter.excludeTags("long"))
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .configurationParameter("jqwik.database", LOGS.resolve("jqwik").toString())
                .configurationParameter("jqwik.reporting.onlyfailures", "true");
        for (String tag : tags) {
          request.filters(TagFilter.includeTags(tag));
        }
        launcher.execute(request.build(), counts);
      }
      System.out.println(counts.passed + " passed, " + counts.failed + " failed");
      System.out.flush();
      Runtime.getRuntime().halt(counts.failed > 0 || counts.passed == 0 ? 1 : 0);
    }

    private static List<String> testClasses() throws IOException {
      try (Stream<Path> files = Files.walk(TESTS)) {
        return files
            .filter(file -> file.toString().endsWith("Test.java"))
            .filter(file -> source(file).contains("@Tag(\"allocation\")"))
            .map(file -> TESTS.relativize(file).toString())
            .map(file -> file.replace(".java", "").replaceAll("[/\\\\]", "."))
            .sorted()
            .toList();
      }
    }
  }

  private static String source(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Counts implements TestExecutionListener {
    private int passed;
    private int failed;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (result.getStatus() == TestExecutionResult.Status.FAILED) {
        failed++;
        System.out.println("FAILED " + test.getUniqueId());
        result.getThrowable().ifPresent(e -> e.printStackTrace(System.out));
      } else if (test.isTest()) {
        passed++;
      }
    }
  }

  /** Runs the JVMs, one after the other; ends with 1 if one fails. */
  public static void main(String[] arguments) throws Exception {
    int runs = Integer.getInteger("allocation.runs", 100);
    Files.createDirectories(LOGS);
    Files.writeString(
        TABLE,
        "| run | tests | busy threads | load | seconds | outcome |\n"
            + "|---:|---|---:|---:|---:|---|\n");
    int failures = 0;
    for (int run = 1; run <= runs; run++) {
      int busy = run % 2 == 0 ? Integer.getInteger("allocation.busy", 2) : 0;
      Busy beside = new Busy(busy);
      failures +=
          once(
              run, "allocation", busy, List.of("allocation"), List.of("-Dlanewise.kernels=vector"));
      failures +=
          once(
              run,
              "allocation-128",
              busy,
              List.of("allocation", "kernels"),
              List.of("-Dlanewise.kernels=vector128"));
      beside.end();
    }
    System.out.printf("%d of %d JVMs failed%n", failures, 2 * runs);
    System.exit(failures > 0 ? 1 : 0);
  }

  private static int once(int run, String name, int busy, List<String> tags, List<String> options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.addAll(options);
    String more = System.getProperty("allocation.options", "").strip();
    command.addAll(more.isEmpty() ? List.of() : List.of(more.split("\\s+")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Once.class.getName()));
    command.addAll(tags);
    Path log = LOGS.resolve("%s-%d.log".formatted(name, run));
    long began = System.nanoTime();
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    double seconds = (System.nanoTime() - began) * 1e-9;
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    String outcome = status == 0 ? "passed" : "**failed**: " + log;
    String row =
        String.format(
            Locale.ROOT,
            "| %d | %s | %d | %.1f | %.0f | %s |%n",
            run,
            name,
            busy,
            load,
            seconds,
            outcome);
    Files.writeString(TABLE, row, StandardOpenOption.APPEND);
    System.out.print(row);
    if (status == 0) {
      Files.delete(log);
    }
    return status == 0 ? 0 : 1;
  }

  /** Threads that keep processors busy. */
  private static final class Busy {
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    Busy(int count) {
      for (int i = 0; i < count; i++) {
        threads.add(Thread.ofPlatform().daemon().start(this::spin));
      }
    }

    private void spin() {
      while (!ended) {
        Thread.onSpinWait();
      }
    }

    void end() throws InterruptedException {
      ended = true;
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }
}
