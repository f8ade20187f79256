package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.SharedData;
import dev.lanewise.course.CoursePoints;
import dev.lanewise.course.CourseSet;
import dev.lanewise.data.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the course's points come from. */
final class CourseFilesTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @Tag("shared")
  @EnumSource(names = {"CIRCLES", "MOONS"})
  void generatedPointsAreTheGivenOnes(CourseSet set) throws IOException {
    CoursePoints given = CourseFiles.in(SharedData.file("data")).points(set);
    CoursePoints generated = set.generated();
    assertSame(given.training(), generated.training());
    assertEquals(given.test().isPresent(), generated.test().isPresent());
    if (given.test().isPresent()) {
      assertSame(given.test().get(), generated.test().orElseThrow());
    }
  }

  /** Our sines and cosines are those of another library, so a float may round the other way. */
  private static void assertSame(Dataset given, Dataset generated) {
    assertArrayEquals(given.features(), generated.features(), 1.2e-7f);
    assertArrayEquals(given.targets(), generated.targets());
  }

  @ParameterizedTest
  @Tag("shared")
  @EnumSource
  void theGivenFilesAreTheCourses(CourseSet set) throws IOException {
    Path data = SharedData.file("data");
    CoursePoints points = CourseFiles.in(data).points(set);
    assertTrue(points.original());
    assertEquals(data.resolve(set.folder()).toString(), points.source());
  }

  @ParameterizedTest
  @Tag("shared")
  @CsvSource({"one number less exact", "the last row missing", "a label turned"})
  void otherRowsAreNotTheCourses(String change) throws IOException {
    List<String> lines = Files.readAllLines(SharedData.file("data/moons/moons.csv"));
    int last = lines.size() - 1;
    String row = lines.get(last);
    Files.createDirectory(folder.resolve("moons"));
    Files.write(
        folder.resolve("moons/moons.csv"),
        switch (change) {
          case "the last row missing" -> lines.subList(0, last);
          case "a label turned" ->
              with(lines, row.substring(0, row.length() - 1) + (row.endsWith("1") ? 0 : 1));
          default -> with(lines, row.replaceFirst("(\\.\\d{3})\\d*", "$1"));
        });
    CoursePoints points = CourseFiles.in(folder).points(CourseSet.MOONS);
    assertFalse(points.original());
    assertTrue(points.source().endsWith("moons, not the course's file"), points::source);
  }

  private static List<String> with(List<String> lines, String last) {
    List<String> changed = new ArrayList<>(lines);
    changed.set(lines.size() - 1, last);
    return changed;
  }

  @Test
  void whatIsAbsentInTheFolderIsNamed() throws IOException {
    CourseFiles files = CourseFiles.in(folder);
    assertEquals(
        "a generated look-alike: no football in " + folder,
        files.points(CourseSet.FOOTBALL).source());
    assertFalse(files.points(CourseSet.FOOTBALL).original());
    assertEquals(
        "generated from the course's seeds: no circles in " + folder,
        files.points(CourseSet.CIRCLES).source());
    assertTrue(files.points(CourseSet.CIRCLES).original());
    assertEquals(
        "a generated look-alike", CourseFiles.in(null).points(CourseSet.FOOTBALL).source());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x1,x2,label;1,2,3|line 2: label 3.0; expected 0 or 1",
        "x1,x2,label;1,two,0|line 2, column x2: two",
        "x1,x2,label;1,2|line 2: 2 fields; expected 3",
        "x1,y,label;1,2,0|no column x2",
      })
  void damagedFilesAreToldWithTheirLine(String lines, String complaint) throws IOException {
    Path moons = Files.createDirectory(folder.resolve("moons")).resolve("moons.csv");
    Files.write(moons, Arrays.asList(lines.split(";")));
    CourseFiles files = CourseFiles.in(folder);
    Exception e = assertThrows(Exception.class, () -> files.points(CourseSet.MOONS));
    assertTrue(e.getMessage().contains(complaint), e::getMessage);
    assertTrue(e.getMessage().contains("moons.csv"), e::getMessage);
  }

  @Test
  void allFilesAreReadBeforeTheFirstTraining() throws IOException {
    Files.write(
        Files.createDirectory(folder.resolve("moons")).resolve("moons.csv"),
        List.of("x1,x2,label", "1,2,3"));
    CommandLineRun run =
        CommandLineRun.of("course", "--data", folder, "--only", "circles,moons", "--seeds", "0");
    assertEquals(1, run.exit(), run::toString);
    assertTrue(run.out().isEmpty(), run::toString);
  }
}
