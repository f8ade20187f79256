package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import dev.lanewise.engine.Engine;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * The tests of kernels at the widths that no other run has. The suite runs at the preferred width
 * and at 128 bits; a machine of 512 bits also has kernels of 256, and what a wider machine would
 * run is emulated here: vectors that the processor lacks are computed lane by lane, slowly and with
 * the same bits.
 *
 * <p>A JVM has one width, so each of these runs has a JVM of its own.
 */
final class WidthsTest {

  /** Of each property: the same samples in each run, and enough to meet each remainder. */
  private static final int TRIES = 20;

  /** Runs the tests of kernels at the width that is given, whether the machine has it or not. */
  static final class Run {

    private Run() {}

    /** Says how many tests passed, or which failed. */
    public static void main(String[] bits) {
      VectorWidth.request(Integer.parseInt(bits[0]));
      assertEquals("vector" + bits[0], "vector" + Lanes.FLOATS.vectorBitSize());
      assertEquals("vector" + bits[0], Engine.standard().kernels().name());
      SummaryGeneratingListener listener = new SummaryGeneratingListener();
      LauncherFactory.create()
          .execute(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(selectPackage("dev.lanewise.kernel"))
                  .selectors(selectPackage("dev.lanewise.gemm"))
                  .filters(TagFilter.includeTags("kernels"))
                  .filters(TagFilter.excludeTags("long", "shared", "allocation"))
                  .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                  .configurationParameter("jqwik.database", "")
                  .configurationParameter("jqwik.reporting.onlyfailures", "true")
                  .configurationParameter("jqwik.shrinking.default", "OFF")
                  .build(),
              listener);
      TestExecutionSummary summary = listener.getSummary();
      summary.printFailuresTo(new PrintWriter(System.out, true), 5);
      System.out.println(summary.getTestsSucceededCount() + " passed");
      System.out.flush();
      Runtime.getRuntime().halt(summary.getTotalFailureCount() == 0 ? 0 : 1);
    }
  }

  static IntStream widthsThatNoOtherRunHas() {
    int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    return IntStream.of(256, 512).filter(bits -> bits != preferred);
  }

  @ParameterizedTest
  @MethodSource("widthsThatNoOtherRunHas")
  void kernelsOfEveryWidthPassTheirTests(int bits) throws Exception {
    run(bits);
  }

  /** Where the processor has 512 bits, the JVM is told that it has only 256. */
  @Test
  void kernelsOf512BitsPassTheirTestsWhereTheProcessorLacksThem() throws Exception {
    assumeTrue(FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512, "emulated in the other test");
    run(512, "-XX:UseAVX=2");
  }

  private static void run(int bits, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "--add-modules=jdk.incubator.vector",
            "-Dlanewise.kernels=vector",
            "-Dlanewise.expectedKernels=vector" + bits,
            "-Dlanewise.seeds=" + System.getProperty("lanewise.seeds", "fixed"),
            "-Djqwik.tries.default=" + TRIES,
            "-cp",
            System.getProperty("java.class.path"),
            Run.class.getName(),
            String.valueOf(bits)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    long passed = Long.parseLong(said.strip().replaceFirst("(?s).*?(\\d+) passed$", "$1"));
    assertTrue(passed > 100, said);
  }
}
