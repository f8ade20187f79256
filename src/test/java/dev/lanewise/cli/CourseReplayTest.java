package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.SharedData;
import dev.lanewise.kernel.Engine;
import dev.lanewise.kernel.Parallel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The course's experiments come out as published, within the differences that are allowed. */
final class CourseReplayTest {

  private static CourseRuns runs(int threads) {
    Engine engine = Engine.standard().with(Parallel.on(Runnable::run, threads));
    return new CourseRuns(engine, new PrintWriter(Writer.nullWriter()));
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
    assertEquals(judged, count, "figures that have a published number");
  }

  @Test
  @Tag("shared")
  void footballIsWithinThreeRowsOfThePublishedCounts() throws IOException {
    CoursePoints pitch = CourseSets.in(SharedData.file("data")).football();
    assertWithin(15, new FootballReplay(pitch, FootballReplay.ITERATIONS, 0).run(runs(2)));
  }

  @Test
  void circlesAreWithinTwoRowsOfThePublishedCounts() throws IOException {
    CoursePoints circles = CourseSets.in(null).circles();
    CourseSection section = new CirclesReplay(circles, CirclesReplay.ITERATIONS).run(runs(2));
    assertWithin(16, section);
  }

  @Test
  void theCostOfLargeWeightsIsFinite() throws IOException {
    CoursePoints circles = CourseSets.in(null).circles();
    CourseFigure cost =
        new CirclesReplay(circles, 1)
            .run(runs(1)).figures().stream()
                .filter(f -> f.run().startsWith("large") && f.quantity().equals("cost at 0"))
                .findFirst()
                .orElseThrow();
    assertTrue(cost.ours() > 1000 && cost.ours() < 3000, cost::toString);
    assertTrue(cost.published().isEmpty() && cost.note().contains("inf"), cost::toString);
  }

  @Test
  void moonsAreWithinAPointOfThePublishedShares() throws IOException {
    CoursePoints moons = CourseSets.in(null).moons();
    assertWithin(29, new MoonsReplay(moons, MoonsReplay.EPOCHS).run(runs(2)));
  }

  @Test
  void batchNormHasThePublishedMomentsAndGradientErrors() {
    assertWithin(21, BatchNormReplay.run(Engine.standard()));
  }

  @Test
  void resultsDependOnSeedsAndNotOnThreads() throws IOException {
    CoursePoints pitch = CourseSets.in(null).football();
    List<CourseFigure> alone = new FootballReplay(pitch, 30, 3).run(runs(1)).figures();
    List<CourseFigure> together = new FootballReplay(pitch, 30, 3).run(runs(3)).figures();
    assertEquals(alone, together);
  }

  @Test
  void severalSeedsHaveAMeanAndItsStandardError() throws IOException {
    CoursePoints pitch = CourseSets.in(null).football();
    List<CourseFigure> figures = new FootballReplay(pitch, 30, 3).run(runs(1)).figures();
    assertEquals(5 * (5 + 4), figures.size());
    List<CourseFigure> means =
        figures.stream().filter(f -> f.quantity().endsWith("accuracy, mean")).toList();
    assertEquals(10, means.size());
    assertTrue(means.stream().allMatch(f -> f.run().endsWith(", 3 seeds")), means::toString);
    assertTrue(means.stream().allMatch(f -> f.error().isPresent()), means::toString);
    assertTrue(means.stream().anyMatch(f -> f.error().getAsDouble() > 1e-3), means::toString);
    assertTrue(means.stream().allMatch(f -> f.within().isEmpty()), means::toString);
  }

  @Test
  void aSingleSeedHasNoStandardError() throws IOException {
    CoursePoints pitch = CourseSets.in(null).football();
    List<CourseFigure> figures = new FootballReplay(pitch, 3, 1).run(runs(1)).figures();
    assertTrue(figures.stream().allMatch(f -> f.error().isEmpty()), figures::toString);
  }

  @Test
  void aNumberAtTheEdgeOfWhatIsAllowedIsWithin() {
    CourseFigure figure = CourseFigure.of("run", "rows", 0, 203);
    assertTrue(figure.against(200, 3).within().orElseThrow());
    assertTrue(!figure.against(199, 3).within().orElseThrow());
    assertTrue(figure.beside(203).within().isEmpty());
    assertTrue(figure.within().isEmpty());
  }
}
