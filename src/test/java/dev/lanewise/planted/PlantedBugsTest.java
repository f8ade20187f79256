package dev.lanewise.planted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The catalogue of planted bugs fits the sources; see {@link PlantedBugs} for the trial itself. */
final class PlantedBugsTest {

  @Test
  void everyPlantedBugHasItsPlaceInTheSources() throws IOException {
    for (Bug bug : Catalogue.read()) {
      for (Edit edit : bug.edits()) {
        String source = Files.readString(Catalogue.SOURCES.resolve(edit.file()));
        String broken = bug.applyTo(edit.file(), source);
        assertTrue(broken.contains(edit.after()), bug.id());
      }
    }
  }

  @Test
  void thereAreManyPlantedBugs() throws IOException {
    int bugs = Catalogue.read().size();
    assertTrue(bugs >= 50, () -> bugs + " bugs");
  }

  @Test
  void theHarmlessChangeIsInEveryPackage() throws IOException {
    Bug harmless = Catalogue.harmless();
    Set<String> packages = new TreeSet<>();
    for (Edit edit : harmless.edits()) {
      String source = Files.readString(Catalogue.SOURCES.resolve(edit.file()));
      assertTrue(harmless.applyTo(edit.file(), source).contains("\n// A comment.\n"), edit.file());
      packages.add(edit.packageName());
    }
    try (Stream<Path> folders = Files.list(Catalogue.SOURCES)) {
      Set<String> all = folders.map(f -> f.getFileName().toString()).collect(Collectors.toSet());
      assertEquals(all, packages);
    }
  }

  @Test
  void anEditTakesWholeLinesThatAreThereOnce() {
    Edit edit = new Edit("kernel/Some.java", "  b;\n", "  c;\n");
    assertEquals("  a;\n  c;\n  a;\n", edit.applyTo("  a;\n  b;\n  a;\n"));
    assertThrows(IllegalStateException.class, () -> edit.applyTo("  b;\n  b;\n"));
    assertThrows(IllegalStateException.class, () -> edit.applyTo("    b;\n"));
  }

  @Test
  void testsOfTheBugsOwnPackageComeFirst() throws IOException {
    Edit edit = new Edit("data/Split.java", "a;\n", "b;\n");
    Bug bug = new Bug("bug", "A bug.", List.of(edit));
    List<String> classes = new SuiteOrder(Path.of("no-such-file")).classes(bug);
    long near = classes.stream().filter(name -> name.startsWith("dev.lanewise.data.")).count();
    assertTrue(near > 5 && classes.size() > 60, classes::toString);
    assertTrue(
        classes.stream().limit(near).allMatch(name -> name.startsWith("dev.lanewise.data.")),
        classes::toString);
  }

  @Test
  void testsOfTheSecondRoundAloneAreTestsOfTheSuite() throws IOException {
    Bug none = new Bug("none", "No bug.", List.of());
    List<String> classes = new SuiteOrder(Path.of("no-such-file")).classes(none);
    assertTrue(classes.containsAll(Trial.SECOND_ROUND), classes::toString);
  }

  @Test
  void aPageIsReadSectionBySection() {
    String page =
        """
        # Kind

        Words.

        ## first-bug

        What it is,
        and does.

        `kernel/Some.java`
        ```diff
           same;
        -  old;
        +  new;
        ```
        `plan/Other.java`
        ```diff
        -gone
        ```
        """;
    assertEquals(
        List.of(
            new Bug(
                "first-bug",
                "What it is, and does.",
                List.of(
                    new Edit("kernel/Some.java", "  same;\n  old;\n", "  same;\n  new;\n"),
                    new Edit("plan/Other.java", "gone\n", "")))),
        Catalogue.parse(page));
  }
}
