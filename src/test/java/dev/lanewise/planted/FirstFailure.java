package dev.lanewise.planted;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
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
 * The suite, class by class in a given order, until the first failure. Tests that are long, or need
 * files from elsewhere, stay out; and those that nothing is allocated, which judge the compiler's
 * leisure along with the code.
 *
 * <p>Leaves one line: the test that failed, or nothing and the number of tests; then the seconds.
 * Until then the line names the class under way. Beside it, what each class has taken.
 */
final class FirstFailure {

  private final Path report;
  private final boolean kernelsOnly;
  private final long began;
  private final Launcher launcher = LauncherFactory.create();
  private String failed;
  private long tests;

  /**
   * @param report where the line goes
   * @param kernelsOnly whether the tests of kernels are all that is wanted
   * @param began when seconds begin, in milliseconds of the system's clock
   */
  FirstFailure(Path report, boolean kernelsOnly, long began) {
    this.report = report;
    this.kernelsOnly = kernelsOnly;
    this.began = began;
  }

  /**
   * Runs the suite in a JVM of its own, and ends the JVM, whatever threads there are.
   *
   * @param arguments where the report goes; {@code kernels} for the tests with that tag alone or
   *     {@code all}; a file with the names of the test classes, a line each
   */
  public static void main(String[] arguments) throws Exception {
    long began = ManagementFactory.getRuntimeMXBean().getStartTime();
    new FirstFailure(Path.of(arguments[0]), arguments[1].equals("kernels"), began)
        .run(Files.readAllLines(Path.of(arguments[2])), FirstFailure.class.getClassLoader());
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  /** Runs classes of a loader. */
  void run(List<String> names, ClassLoader loader) throws IOException, ClassNotFoundException {
    StopAfterFailure.reset();
    for (String name : names) {
      if (failed == null) {
        run(Class.forName(name, false, loader));
      }
    }
    String line = failed == null ? "\t" + tests + " tests" : failed + "\tfailed";
    Path whole = Files.writeString(Path.of(report + ".whole"), line + "\t" + seconds());
    Files.move(whole, report, StandardCopyOption.ATOMIC_MOVE);
  }

  private void run(Class<?> tests) throws IOException {
    Files.writeString(report, tests.getName() + "\tunder way");
    double before = seconds();
    LauncherDiscoveryRequestBuilder request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(tests))
            .filters(TagFilter.excludeTags("long", "shared", "allocation"))
            .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
            .configurationParameter("jqwik.database", report + ".jqwik")
            .configurationParameter("jqwik.reporting.onlyfailures", "true")
            .configurationParameter("jqwik.shrinking.default", "OFF");
    if (kernelsOnly) {
      request.filters(TagFilter.includeTags("kernels"));
    }
    launcher.execute(request.build(), new Watch());
    Files.writeString(
        SuiteOrder.timesBeside(report),
        "%s\t%s%n".formatted(tests.getName(), seconds() - before),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private double seconds() {
    return (System.currentTimeMillis() - began) / 1e3;
  }

  private final class Watch implements TestExecutionListener {

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      tests += test.isTest() ? 1 : 0;
      if (result.getStatus() == TestExecutionResult.Status.FAILED && failed == null) {
        result.getThrowable().ifPresent(Throwable::printStackTrace);
        failed = name(test);
        StopAfterFailure.stop();
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
