package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of laws names tests that exist. */
final class LawsTest {

  private static final Path TESTS = Path.of("src/test/java");
  private static final Pattern NAME = Pattern.compile("`(\\w+)\\.(\\w+)`");

  @Test
  void everyLawNamesATestThatExistsAndABreak() throws IOException {
    List<String> laws =
        Files.readAllLines(Path.of("doc/laws.md")).stream()
            .filter(line -> line.startsWith("|") && !line.startsWith("| law") && !isRule(line))
            .toList();
    assertTrue(laws.size() > 50, () -> laws.size() + " laws");
    List<String> wanting = new ArrayList<>();
    for (String law : laws) {
      String[] cells = law.split("\\|");
      List<MatchResult> tests =
          cells.length == 4 ? NAME.matcher(cells[2]).results().toList() : List.of();
      boolean proven = !tests.isEmpty() && !cells[1].isBlank() && !cells[3].isBlank();
      for (MatchResult test : tests) {
        proven &= isTest(test.group(1), test.group(2));
      }
      if (!proven) {
        wanting.add(law);
      }
    }
    assertEquals(List.of(), wanting);
  }

  private static boolean isRule(String line) {
    return line.matches("[|\\-: ]+");
  }

  static boolean isTest(String className, String method) throws IOException {
    try (Stream<Path> files = Files.walk(TESTS)) {
      return files
          .filter(file -> file.endsWith(className + ".java"))
          .flatMap(file -> Arrays.stream(load(file).getDeclaredMethods()))
          .anyMatch(candidate -> candidate.getName().equals(method) && isAnnotated(candidate));
    }
  }

  private static Class<?> load(Path file) {
    String name = TESTS.relativize(file).toString().replace(".java", "");
    try {
      return Class.forName(
          name.replace('/', '.').replace('\\', '.'), false, LawsTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether a method is a test of JUnit or jqwik, not a helper of one. */
  private static boolean isAnnotated(Method method) {
    List<String> kinds = List.of("Test", "ParameterizedTest", "Property", "Example");
    return Arrays.stream(method.getAnnotations())
        .anyMatch(a -> kinds.contains(a.annotationType().getSimpleName()));
  }
}
