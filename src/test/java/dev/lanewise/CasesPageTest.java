package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of cases names the tests that hold them. */
final class CasesPageTest {

  private static final Pattern NAME = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

  @Test
  void everyCaseNamesTestsThatExist() throws IOException {
    List<String> cases =
        Files.readAllLines(Path.of("doc/cases.md")).stream()
            .filter(line -> line.matches("\\| \\d\\d \\|.*"))
            .toList();
    assertEquals(20, cases.stream().map(line -> line.substring(2, 4)).distinct().count(), "cases");
    for (String line : cases) {
      List<MatchResult> tests = NAME.matcher(line).results().toList();
      assertTrue(!tests.isEmpty(), line);
      for (MatchResult test : tests) {
        assertTrue(LawsTest.isTest(test.group(1), test.group(2)), test.group());
      }
    }
  }
}
