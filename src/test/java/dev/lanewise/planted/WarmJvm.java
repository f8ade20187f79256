package dev.lanewise.planted;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM that runs {@link WarmSuite}, on scalar kernels, which need no optimising compiler, and with
 * few tries of each property, always the same. Begins anew after a bug that hangs. Not safe for use
 * by several threads.
 */
final class WarmJvm {

  private static final long POLL_MILLIS = 20;

  private final Path log;
  private final Path tests;
  private final long limitSeconds;
  private Process process;
  private Writer orders;

  /**
   * @param log where the JVM's output goes
   * @param tests the folder of the tests' classes
   * @param limitSeconds after which a suite counts as hung
   */
  WarmJvm(Path log, Path tests, long limitSeconds) {
    this.log = log;
    this.tests = tests;
    this.limitSeconds = limitSeconds;
  }

  /**
   * {@return what the suite's report says in the end}
   *
   * @param classes the folder of the engine's classes
   * @param report where the report goes
   * @param suite the file with the names of test classes
   */
  String run(Path classes, Path report, Path suite) throws IOException, InterruptedException {
    if (process == null || !process.isAlive()) {
      start();
    }
    orders.write("%s\t%s\t%s\t%s%n".formatted(classes, tests, report, suite));
    orders.flush();
    long end = System.currentTimeMillis() + 1000 * limitSeconds;
    while (System.currentTimeMillis() < end && process.isAlive()) {
      Thread.sleep(POLL_MILLIS);
      String said = Files.exists(report) ? Files.readString(report) : "";
      if (said.split("\t").length == 3) {
        return said;
      }
    }
    stop();
    return Files.exists(report) ? Files.readString(report) : "";
  }

  private void start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-modules=jdk.incubator.vector",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dlanewise.expectedKernels=scalar",
            "-Dlanewise.mutation=true",
            "-Djqwik.tries.default=25",
            "-cp",
            System.getProperty("java.class.path"),
            WarmSuite.class.getName()));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    orders = process.outputWriter();
  }

  /** Ends the JVM, if there is one. */
  void stop() throws InterruptedException {
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }
}
