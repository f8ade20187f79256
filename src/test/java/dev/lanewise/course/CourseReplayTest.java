package dev.lanewise.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.SharedData;
import dev.lanewise.course.FullBatchDescent.Outcome;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Penalty;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The course's experiments come out as published, within the differences that are allowed. */
final class CourseReplayTest {

  private static CourseRuns runs(int threads) {
    Engine engine = Engine.standard().withParallel(Parallel.on(Runnable::run, threads));
    return new CourseRuns(engine, line -> {});
  }

  private static CoursePoints givenPitch() throws IOException {
    return CourseSet.FOOTBALL.read("given", List.of(rows("train"), rows("test")));
  }

  private static Dataset rows(String set) throws IOException {
    double[][] cells =
        lines(set + ".csv")
            .map(row -> Arrays.stream(row).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new);
    float[][] columns = new float[3][cells.length];
    for (int i = 0; i < cells.length; i++) {
      for (int j = 0; j < 3; j++) {
        columns[j][i] = (float) cells[i][j];
      }
    }
    return CourseSet.points(columns[0], columns[1], columns[2]);
  }

  private static Stream<String[]> lines(String file) throws IOException {
    return Files.readAllLines(SharedData.file("data/football/" + file)).stream()
        .skip(1)
        .map(line -> line.split(","));
  }

  private static void assertWithin(int judged, CourseSection section) {
    List<CourseFigure> outside = new ArrayList<>();
    int count = 0;
    for (CourseFigure figure : section.figures()) {
      if (figure.within().isPresent()) {
        count++;
        if (!figure.within().get()) {
          outside.add(figure);
        }
      }
    }
    assertTrue(section.comparable());
    assertEquals(List.of(), outside);
    assertEquals(judged, count, "figures that are judged");
  }

  private static CourseFigure figure(List<CourseFigure> figures, String run, String quantity) {
    Predicate<CourseFigure> wanted = f -> f.run().equals(run) && f.quantity().equals(quantity);
    return figures.stream().filter(wanted).findFirst().orElseThrow();
  }

  @Test
  @Tag("shared")
  void footballIsAsPublishedAndFreshMasksAndBatchNormDoTheirWork() throws IOException {
    CourseSection football =
        new FootballReplay(givenPitch(), FootballReplay.ITERATIONS, 0).run(runs(2));
    assertWithin(15, football);
    String late = "cost at 20000";
    double plain = figure(football.figures(), "plain", late).ours();
    double oneMask = figure(football.figures(), "dropout, one mask", late).ours();
    assertTrue(figure(football.figures(), "dropout", late).ours() > 2 * oneMask);
    assertTrue(figure(football.figures(), "batch norm", late).ours() < plain / 2);
  }

  @ParameterizedTest
  @Tag("shared")
  @ValueSource(strings = {"none", "l2", "dropout"})
  void footballsFirstCostsAreNumPysToAMillionth(String run) throws IOException {
    Penalty penalty = run.equals("l2") ? Penalty.l2PerExample(0.7) : Penalty.NONE;
    CourseNet net = new CourseNet(20, 3, penalty, run.equals("dropout") ? 0.86 : 1, false);
    int last = run.equals("dropout") ? 500 : 1000;
    FullBatchDescent descent = new FullBatchDescent(givenPitch(), 0.3, last + 1);
    float[] initial = net.given(in -> 1 / Math.sqrt(in));
    Map<Integer, boolean[]> masks = FootballReplay.masks(211);
    Outcome outcome =
        run.equals("dropout")
            ? descent.withMasks(net, initial, masks, Engine.standard())
            : descent.from(net, initial, 0, Engine.standard());
    int compared = 0;
    for (String[] row : lines("expected.csv").toList()) {
      int iteration = Integer.parseInt(row[2]);
      if (row[0].equals(run) && row[1].equals("cost") && iteration <= last) {
        assertEquals(Double.parseDouble(row[3]), outcome.costs()[iteration], 1e-6);
        compared++;
      }
    }
    assertTrue(compared > 5, "costs compared: " + compared);
  }

  @Test
  void circlesAreAsPublished() {
    CoursePoints circles = CourseSet.CIRCLES.generated();
    assertWithin(16, new CirclesReplay(circles, CirclesReplay.ITERATIONS).run(runs(2)));
  }

  @Test
  void theCostOfLargeWeightsIsFinite() {
    CourseSection section = new CirclesReplay(CourseSet.CIRCLES.generated(), 1).run(runs(1));
    CourseFigure cost = figure(section.figures(), "large, N(0, 100)", "cost at 0");
    assertTrue(cost.ours() > 1000 && cost.ours() < 3000, cost::toString);
    assertTrue(cost.published().isEmpty() && cost.note().contains("inf"), cost::toString);
  }

  @Test
  void moonsAreAsPublished() {
    CoursePoints moons = CourseSet.MOONS.generated();
    assertWithin(53, new MoonsReplay(moons, MoonsReplay.EPOCHS).run(runs(2)));
  }

  @Test
  void batchNormHasThePublishedMomentsErrorsAndLosses() {
    assertWithin(32, BatchNormReplay.run(Engine.standard()));
  }

  @Test
  void resultsDoNotDependOnThreads() {
    CoursePoints pitch = CourseSet.FOOTBALL.generated();
    List<CourseFigure> alone = new FootballReplay(pitch, 30, 3).run(runs(1)).figures();
    List<CourseFigure> together = new FootballReplay(pitch, 30, 3).run(runs(3)).figures();
    assertEquals(alone, together);
  }

  @Test
  void seedsDrawOtherWeightsAndOtherMasks() {
    CoursePoints pitch = CourseSet.FOOTBALL.generated();
    CourseNet net = new CourseNet(20, 3, Penalty.NONE, 0.86, false);
    FullBatchDescent descent = new FullBatchDescent(pitch, 0.3, 1);
    float[] initial = net.given(in -> 1 / Math.sqrt(in));
    double first = descent.from(net, initial, 0, Engine.standard()).costs()[0];
    assertEquals(first, descent.from(net, initial, 0, Engine.standard()).costs()[0]);
    assertNotEquals(first, descent.from(net, initial, 1, Engine.standard()).costs()[0]);
    List<CourseFigure> figures = new FootballReplay(pitch, 300, 2).run(runs(1)).figures();
    assertTrue(
        figure(figures, "plain, 2 seeds", "training accuracy, minimum").ours()
            < figure(figures, "plain, 2 seeds", "training accuracy, maximum").ours());
  }

  @Test
  void severalSeedsHaveAMeanWithItsErrorAndTheirRange() {
    CoursePoints pitch = CourseSet.FOOTBALL.generated();
    List<CourseFigure> figures = new FootballReplay(pitch, 30, 3).run(runs(1)).figures();
    assertEquals(5 * (3 + 2 * 4 + 1), figures.size());
    List<CourseFigure> means =
        figures.stream().filter(f -> f.quantity().endsWith("accuracy, mean")).toList();
    assertEquals(10, means.size());
    assertTrue(means.stream().allMatch(f -> f.run().endsWith(", 3 seeds")), means::toString);
    assertTrue(means.stream().allMatch(f -> f.error().isPresent()), means::toString);
    assertTrue(means.stream().anyMatch(f -> f.error().getAsDouble() > 1e-3), means::toString);
    assertTrue(means.stream().allMatch(f -> f.within().isEmpty()), means::toString);
    for (CourseFigure mean : means) {
      String set = mean.quantity().replace("mean", "");
      double minimum = figure(figures, mean.run(), set + "minimum").ours();
      double median = figure(figures, mean.run(), set + "median").ours();
      double maximum = figure(figures, mean.run(), set + "maximum").ours();
      assertTrue(minimum <= median && median <= maximum, mean::toString);
    }
  }

  @Test
  void aSingleSeedHasNoStandardError() {
    CoursePoints pitch = CourseSet.FOOTBALL.generated();
    List<CourseFigure> figures = new FootballReplay(pitch, 3, 1).run(runs(1)).figures();
    assertTrue(figures.stream().allMatch(f -> f.error().isEmpty()), figures::toString);
  }

  @Test
  void seedsWhosePredictionsAreOneClassAreCounted() {
    assertTrue(Verdict.of(new float[] {0, 1, 2}, new float[] {0, 1, 1}).oneClass());
    assertTrue(Verdict.of(new float[] {-1, -2, -3}, new float[] {0, 1, 1}).oneClass());
    Verdict mixed = Verdict.of(new float[] {-1, 1, 2}, new float[] {0, 1, 0});
    assertTrue(!mixed.oneClass());
    assertEquals(2.0 / 3, mixed.accuracy());
  }

  @Test
  void aFailureEndsTheLineOfProgress() {
    List<String> told = new ArrayList<>();
    CourseRuns runs = new CourseRuns(Engine.standard(), told::add);
    assertThrows(
        ArithmeticException.class,
        () ->
            runs.all(
                "lab",
                List.of(
                    engine -> 1,
                    engine -> {
                      throw new ArithmeticException();
                    })));
    assertEquals(List.of("lab: 0 of 2 trainings done", "lab: 1 of 2 trainings done", ""), told);
  }

  @Test
  void aNumberAtTheEdgeOfWhatIsAllowedIsWithin() {
    CourseFigure figure = CourseFigure.of("run", "rows", 0, 203);
    assertTrue(figure.against(200, 3).within().orElseThrow());
    assertTrue(!figure.against(199, 3).within().orElseThrow());
    assertTrue(figure.against(203, 0).within().orElseThrow());
    assertTrue(figure.atMost(203).within().orElseThrow());
    assertTrue(!figure.atMost(202).beside(203).within().orElseThrow());
    assertTrue(figure.beside(203).within().isEmpty());
    assertTrue(figure.within().isEmpty());
  }
}
