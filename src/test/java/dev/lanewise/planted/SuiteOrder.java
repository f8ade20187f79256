package dev.lanewise.planted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * In what order a bug's trial runs the suite: the tests of its package that name its class, then
 * the others of its package, then those elsewhere that name its class, then all the rest; and among
 * these the quick ones first. The order settles how soon a bug is caught, not whether.
 */
final class SuiteOrder {

  private static final Path TESTS = Path.of("src/test/java");

  private final Map<String, Double> seconds = new HashMap<>();

  /**
   * @param times what each class has taken in an earlier run, if there is such a file
   */
  SuiteOrder(Path times) throws IOException {
    if (Files.exists(times)) {
      for (String line : Files.readAllLines(times)) {
        String[] words = line.split("\t");
        seconds.put(words[0], Double.valueOf(words[1]));
      }
    }
  }

  /** {@return where a run leaves its times} */
  static Path timesBeside(Path report) {
    return Path.of(report + ".times");
  }

  /** {@return the names of all test classes but those of the trial itself} */
  List<String> classes(Bug bug) throws IOException {
    Map<String, Integer> distances = new HashMap<>();
    try (Stream<Path> files = Files.walk(TESTS)) {
      files
          .filter(file -> file.toString().endsWith("Test.java"))
          .filter(file -> !name(file).startsWith("dev.lanewise.planted."))
          .forEach(file -> distances.put(name(file), distance(bug, file)));
    }
    return distances.keySet().stream()
        .sorted(
            Comparator.comparing((String name) -> distances.get(name))
                .thenComparing(name -> seconds.getOrDefault(name, 0.0))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private static String name(Path file) {
    return TESTS.relativize(file).toString().replace(".java", "").replaceAll("[/\\\\]", ".");
  }

  /** {@return 0 for a test class that is close to the bug, up to 3} */
  private static int distance(Bug bug, Path test) {
    boolean near = false;
    boolean names = false;
    String source = read(test);
    for (Edit edit : bug.edits()) {
      near |= name(test).startsWith("dev.lanewise." + edit.packageName() + ".");
      names |= Pattern.compile("\\b" + edit.className() + "\\b").matcher(source).find();
    }
    return (near ? 0 : 2) + (names ? 0 : 1);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
