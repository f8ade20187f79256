package dev.lanewise.planted;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The suite in a JVM of its own, class by class in a given order, until the first failure. Tests
 * that are long, or need files from elsewhere, stay out.
 *
 * <p>Leaves one line: the test that failed, or nothing and the number of tests; then the seconds
 * since the JVM began. Until then the line names the class under way. Beside it, what each class
 * has taken.
 */
final class FirstFailure {

  private final Path report;
  private final boolean kernelsOnly;
  private final Launcher launcher = LauncherFactory.create();
  private long tests;

  private FirstFailure(Path report, boolean kernelsOnly) {
    this.report = report;
    this.kernelsOnly = kernelsOnly;
  }

  /**
   * Runs the suite.
   *
   * @param arguments where the report goes; {@code kernels} for the tests with that tag alone or
   *     {@code all}; a file with the names of the test classes, a line each
   */
  public static void main(String[] arguments) throws IOException {
    FirstFailure suite = new FirstFailure(Path.of(arguments[0]), arguments[1].equals("kernels"));
    for (String name : Files.readAllLines(Path.of(arguments[2]))) {
      suite.run(name);
    }
    suite.end("\t" + suite.tests + " tests");
  }

  private void run(String className) throws IOException {
    write(className + "\tunder way");
    double began = seconds();
    LauncherDiscoveryRequestBuilder request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(className))
            .filters(TagFilter.excludeTags("long", "shared"))
            .configurationParameter("jqwik.database", report + ".jqwik")
            .configurationParameter("jqwik.shrinking.default", "OFF");
    if (kernelsOnly) {
      request.filters(TagFilter.includeTags("kernels"));
    }
    launcher.execute(request.build(), new Watch());
    Files.writeString(
        SuiteOrder.timesBeside(report),
        "%s\t%s%n".formatted(className, seconds() - began),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private void write(String line) {
    try {
      Files.writeString(report, line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double seconds() {
    return ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
  }

  /** Leaves the report's last word and ends the JVM, whatever threads there are. */
  private void end(String line) {
    write(line + "\t" + seconds());
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private final class Watch implements TestExecutionListener {

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      tests += test.isTest() ? 1 : 0;
      if (result.getStatus() == TestExecutionResult.Status.FAILED) {
        result.getThrowable().ifPresent(Throwable::printStackTrace);
        end(name(test) + "\tfailed");
      }
    }

    private static String name(TestIdentifier test) {
      TestSource source = test.getSource().orElse(null);
      return switch (source) {
        case MethodSource m -> simple(m.getClassName()) + "." + m.getMethodName();
        case ClassSource c -> simple(c.getClassName());
        case null, default -> test.getDisplayName();
      };
    }

    private static String simple(String className) {
      return className.substring(className.lastIndexOf('.') + 1);
    }
  }
}
