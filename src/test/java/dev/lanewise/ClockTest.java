package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No test goes by the clock but those that {@code doc/suite.md} lists with their margins. */
final class ClockTest {

  private static final Path TESTS = Path.of("src/test/java");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+Test)` \\|");

  private static final Pattern CLOCK =
      Pattern.compile(
          "\\b(nanoTime|currentTimeMillis|sleep|parkNanos|parkUntil|Duration|TimeUnit|Timeout"
              + "|assertTimeout\\w*|Guard|Allocation|ThreadMXBean|getProcessCpuTime|Fuzzing"
              + "|InstantSource|Instant\\.now|Tab)\\b");

  /** What only {@link Allocation}, {@link Guard} and the programs beside the tests may ask. */
  private static final Pattern MEASURE =
      Pattern.compile(
          "\\b(ThreadMXBean|getCurrentThread\\w+|parkNanos|parkUntil|Duration|assertTimeout\\w*"
              + "|\\w+\\.await\\(\\d+|\\w+\\.get\\(\\d+, TimeUnit|@Timeout\\(value = \\d+)");

  @Test
  void everyTestThatGoesByTheClockIsListed() throws IOException {
    Set<String> listed = new TreeSet<>();
    Matcher rows = ROW.matcher(Files.readString(Path.of("doc/suite.md")));
    while (rows.find()) {
      listed.add(rows.group(1));
    }
    assertEquals(tests(source -> CLOCK.matcher(source).find()), listed);
  }

  @Test
  void testsMeasureAndWaitThroughTheHelpersAlone() throws IOException {
    assertEquals(Set.of(), tests(source -> MEASURE.matcher(source).find()));
  }

  @Test
  void testsOfAllocationUseTheMeasureOfAllocation() throws IOException {
    assertEquals(
        Set.of(), tests(s -> s.contains("@Tag(\"allocation\")") && !s.contains("Allocation.")));
  }

  private static Set<String> tests(Predicate<String> is) throws IOException {
    try (Stream<Path> files = Files.walk(TESTS)) {
      return files
          .filter(file -> file.toString().endsWith("Test.java"))
          .filter(file -> !file.endsWith("ClockTest.java"))
          .filter(file -> is.test(source(file)))
          .map(file -> file.getFileName().toString().replace(".java", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String source(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
