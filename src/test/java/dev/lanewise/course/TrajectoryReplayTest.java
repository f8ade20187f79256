package dev.lanewise.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.course.CourseTrajectory.Point;
import dev.lanewise.engine.Engine;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** What optimisers do on a ravine, a saddle and Rosenbrock's valley. */
final class TrajectoryReplayTest {

  private static final List<CourseTrajectory> WAYS = TrajectoryReplay.run(Engine.standard());

  private static CourseTrajectory way(Surface surface, String optimizer) {
    return WAYS.stream()
        .filter(w -> w.surface() == surface && w.optimizer().startsWith(optimizer))
        .findFirst()
        .orElseThrow();
  }

  private static int steps(Surface surface, String optimizer) {
    return way(surface, optimizer).steps();
  }

  @Test
  void everyOptimizerReachesEveryGoal() {
    assertEquals(12, WAYS.size());
    assertTrue(WAYS.stream().allMatch(CourseTrajectory::reached), WAYS::toString);
  }

  @Test
  void momentumIsFasterThanDescentThroughTheRavineAndTheValley() {
    for (Surface surface : List.of(Surface.RAVINE, Surface.ROSENBROCK)) {
      assertTrue(2 * steps(surface, "momentum") < steps(surface, "gradient"), surface.formula);
    }
  }

  @Test
  void momentumRmspropAndAdamLeaveTheSaddleBeforeDescentDoes() {
    for (String optimizer : List.of("momentum", "RMSprop", "Adam")) {
      assertTrue(
          2 * steps(Surface.SADDLE, optimizer) < steps(Surface.SADDLE, "gradient"), optimizer);
    }
  }

  @Test
  void descentInTheRavineIsTheClosedForm() {
    CourseTrajectory way = way(Surface.RAVINE, "gradient");
    double rate = way.rate();
    for (Point point : way.points()) {
      assertEquals(-4 * Math.pow(1 - rate, point.step()), point.x(), 1e-5);
      assertEquals(1.5 * Math.pow(1 - 25 * rate, point.step()), point.y(), 1e-5);
    }
  }

  @Test
  void pointsAreThinnedAndKeepBothEnds() {
    for (CourseTrajectory way : WAYS) {
      List<Point> points = way.points();
      assertEquals(0, points.getFirst().step());
      assertEquals(way.steps(), points.getLast().step());
      assertTrue(points.size() < 400, way::toString);
      for (int i = 1; i < points.size(); i++) {
        int before = points.get(i - 1).step();
        assertTrue(points.get(i).step() > before);
        assertTrue(points.get(i).step() - before <= 1 + before / 16, way::toString);
      }
    }
  }

  @Property
  void slopesAreTwoSidedDifferencesOfHeights(
      @ForAll Surface surface,
      @ForAll @DoubleRange(min = -2, max = 2) double x,
      @ForAll @DoubleRange(min = -2, max = 2) double y) {
    float[] slope = new float[2];
    surface.slope(x, y, slope);
    double h = 1e-5;
    double byX = (surface.height(x + h, y) - surface.height(x - h, y)) / (2 * h);
    double byY = (surface.height(x, y + h) - surface.height(x, y - h)) / (2 * h);
    assertEquals(byX, slope[0], 1e-6 * (1 + Math.abs(byX)));
    assertEquals(byY, slope[1], 1e-6 * (1 + Math.abs(byY)));
  }
}
