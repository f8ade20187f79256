package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.course.CourseFigure;
import dev.lanewise.course.CourseSection;
import dev.lanewise.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command {@code course}: options, tables and the object. */
final class CourseTest {

  private static final List<CourseFigure> FIGURES =
      List.of(
          CourseFigure.of("first", "rows", 0, 195).against(196, 3),
          CourseFigure.of("first", "cost", 3, 0.5).against(0.4, 0.05),
          CourseFigure.of("second", "share", 2, 0.987).withError(0.012).beside(0.99),
          CourseFigure.of("second", "cost", 1, Double.NaN).withNote("no \"number\""),
          CourseFigure.of("third", "error", -1, 2e-6).beside(3e-9).atMost(1e-5));

  private static List<String> lines(boolean json, CourseSection section) {
    StringWriter text = new StringWriter();
    CourseReport report = new CourseReport(new PrintWriter(text), json);
    report.add(section);
    report.end("scalar");
    return text.toString().lines().toList();
  }

  private static CourseSection section(boolean comparable) {
    return new CourseSection("lab", "a title", "a source", comparable, FIGURES, List.of());
  }

  @Test
  void tablesShowOursBesideThePublishedNumberAndWhetherItIsNearEnough() {
    List<String> lines = lines(false, section(true));
    assertEquals("lab: a title", lines.get(0));
    assertEquals("data: a source", lines.get(1));
    List<List<String>> cells =
        lines.subList(3, 8).stream().map(l -> List.of(l.strip().split("\\s{2,}"))).toList();
    assertEquals(List.of("first", "rows", "195", "196", "3", "yes"), cells.get(0));
    assertEquals(List.of("cost", "0.500", "0.400", "0.05", "NO"), cells.get(1));
    assertEquals(List.of("second", "share", "0.99 ± 0.01", "0.99", "-", "-"), cells.get(2));
    assertEquals(List.of("cost", "NaN", "-", "-", "- (no \"number\")"), cells.get(3));
    assertEquals(List.of("third", "error", "2.00e-06", "3.00e-09", "≤ 1e-05", "yes"), cells.get(4));
  }

  @Test
  void publishedNumbersOfOtherDataAreNotComparable() {
    List<String> lines = lines(false, section(false));
    assertTrue(lines.get(1).endsWith("not comparable"), lines::toString);
    assertEquals(5, lines.stream().filter(l -> l.endsWith("not comparable")).count());
    Map<String, Json> object = object(lines(true, section(false)).getLast());
    for (Json figure : ((Json.Arr) object.get("lab")).items()) {
      assertEquals(new Json.Null(), ((Json.Obj) figure).members().get("within"));
    }
  }

  @Test
  void theObjectHasAllNumbersOfASection() {
    List<String> lines = lines(true, section(true));
    assertEquals(1, lines.size());
    Map<String, Json> object = object(lines.getFirst());
    assertEquals(Set.of("lab", "data", "kernels"), object.keySet());
    List<Json> figures = ((Json.Arr) object.get("lab")).items();
    assertEquals(
        "{\"run\":\"first\",\"quantity\":\"rows\",\"ours\":195.0,\"published\":196.0,"
            + "\"allowed\":3.0,\"comparable\":true,\"within\":true}",
        figures.get(0).toString());
    assertEquals(Json.of(false), ((Json.Obj) figures.get(1)).members().get("within"));
    assertEquals(Json.of(0.012), ((Json.Obj) figures.get(2)).members().get("standardError"));
    assertEquals(new Json.Null(), ((Json.Obj) figures.get(3)).members().get("ours"));
    assertEquals(
        "{\"run\":\"third\",\"quantity\":\"error\",\"ours\":2.0E-6,\"published\":3.0E-9,"
            + "\"allowed\":null,\"atMost\":1.0E-5,\"comparable\":true,\"within\":true}",
        figures.get(4).toString());
  }

  @Test
  void chosenExperimentsAloneAreRun() {
    CommandLineRun run = CommandLineRun.of("course", "--only", "trajectories,batch-norm", "--json");
    assertEquals(0, run.exit(), run::toString);
    Map<String, Json> object = object(run.out().getLast());
    assertEquals(
        List.of("batchNorm", "trajectories", "data", "kernels"), List.copyOf(object.keySet()));
    Map<String, Json> way =
        ((Json.Obj) ((Json.Arr) object.get("trajectories")).items().getFirst()).members();
    assertEquals(
        List.of("surface", "goal", "optimizer", "rate", "steps", "reached", "points"),
        List.copyOf(way.keySet()));
    assertEquals(
        "[0,-4.0,1.5,36.125]", ((Json.Arr) way.get("points")).items().getFirst().toString());
    assertTrue(run.err().isEmpty(), run::toString);
  }

  @Test
  void trajectoriesArePrintedAsATable() {
    CommandLineRun run = CommandLineRun.of("course", "--only", "trajectories");
    assertEquals(3, run.out().stream().filter(l -> l.contains("; goal: ")).count());
    assertEquals(12, run.out().stream().filter(l -> l.endsWith(" steps")).count());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--only rugby|--only: rugby; expected some of football,circles",
        "--only football,|--only: football,; expected some of",
        "--seeds -1|--seeds: -1; expected a number from 0",
        "--seeds many|--seeds",
        "--threads 0|--threads: 0; expected a number from 1",
        "--kernels fast|--kernels: fast; expected one of auto",
        "now|now",
      })
  void wrongOptionsAreNamedBeforeAnyFolderIsOpened(String options, String complaint) {
    CommandLineRun run =
        CommandLineRun.of((Object[]) ("course --data nowhere " + options).split(" "));
    assertEquals(2, run.exit(), run::toString);
    assertEquals(1, run.err().size(), run::toString);
    assertTrue(run.err().getFirst().contains(complaint), run::toString);
    assertTrue(run.out().isEmpty(), run::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"nowhere|nowhere: no such file", "pom.xml|pom.xml: a file; expected a folder"})
  void aFolderThatIsNoneIsToldInOneLine(String folder, String complaint) {
    CommandLineRun run = CommandLineRun.of("course", "--data", folder);
    assertEquals(1, run.exit(), run::toString);
    assertEquals(List.of("lanewise: " + complaint), run.err());
  }

  private static Map<String, Json> object(String line) {
    return ((Json.Obj) Json.parse(line)).members();
  }

  @Test
  void theReportHasThePlotsOfTheCourse(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("course.html");
    Path numbers = folder.resolve("numbers");
    String[] words = {"course", "--only", "trajectories,batch-norm", "--report", page.toString()};
    CommandLineRun run = CommandLineRun.of((Object[]) words);
    assertEquals(0, run.exit(), run::toString);
    byte[] once = Files.readAllBytes(page);
    CommandLineRun again =
        CommandLineRun.of(
            "course",
            "--only",
            "trajectories,batch-norm",
            "--report",
            page,
            "--export-data",
            numbers);
    assertEquals(run.out(), again.out());
    assertArrayEquals(once, Files.readAllBytes(page), "another run gives other bytes");
    for (String chart :
        List.of(
            "batch-norm-before",
            "batch-norm-after",
            "trajectory-ravine",
            "trajectory-saddle",
            "trajectory-rosenbrock",
            "cost-by-batch-size",
            "train-and-dev",
            "cost-by-rate",
            "gradients-by-depth",
            "regions-linear",
            "regions-deep",
            "averages",
            "averages-corrected",
            "design-grid",
            "design-random",
            "search-log-axis")) {
      List<String> lines = Files.readAllLines(numbers.resolve(chart + ".csv"));
      assertTrue(lines.size() > 3, chart);
    }
  }

  @Test
  void aReportIsNotWrittenOverTheCoursesFiles(@TempDir Path folder) throws IOException {
    Path moons = Files.createDirectory(folder.resolve("moons")).resolve("moons.csv");
    Files.writeString(moons, "x1,x2,label\n1,2,0\n2,1,1\n");
    CommandLineRun run =
        CommandLineRun.of("course", "--only", "moons", "--data", folder, "--report", moons);
    assertEquals(1, run.exit(), run::toString);
    assertTrue(run.err().getFirst().contains("--report"), run::toString);
    assertEquals("x1,x2,label\n1,2,0\n2,1,1\n", Files.readString(moons));
  }
}
