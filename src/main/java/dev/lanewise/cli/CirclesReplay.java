package dev.lanewise.cli;

import dev.lanewise.cli.FullBatchDescent.Outcome;
import dev.lanewise.kernel.Engine;
import dev.lanewise.metric.Classification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/**
 * The initialisation lab: net 2-10-5-1, full batch, rate 0.01, 15 000 iterations, from zeros, from
 * large weights and from He's.
 */
final class CirclesReplay {

  static final int ITERATIONS = 15_000;

  private static final CourseNet NET = CourseNet.plain(10, 5);
  private static final int ROWS_ALLOWED = 2;

  /**
   * A way to begin.
   *
   * @param name how the table calls it
   * @param deviation the standard deviation of a weight, given the layer's inputs
   * @param costs the published costs by iteration; infinite where the course's is
   * @param drift by how much costs but the first may differ in single precision
   * @param training the published count of training rows that were right
   * @param test that of test rows
   */
  private record Start(
      String name,
      IntToDoubleFunction deviation,
      SortedMap<Integer, Double> costs,
      double drift,
      int training,
      int test) {}

  private static final List<Start> STARTS =
      List.of(
          new Start(
              "zeros",
              in -> 0,
              new TreeMap<>(
                  Map.of(
                      0, 0.6931471805599453,
                      1000, 0.6931471805599453,
                      14_000, 0.6931471805599453)),
              1e-6,
              150,
              50),
          new Start(
              "large, N(0, 100)",
              in -> 10,
              new TreeMap<>(Map.of(0, Double.POSITIVE_INFINITY, 1000, 0.625068, 14_000, 0.382805)),
              0.02,
              249,
              86),
          new Start(
              "He",
              in -> Math.sqrt(2.0 / in),
              new TreeMap<>(
                  Map.of(
                      0, 0.8830537463419761,
                      1000, 0.6879825919728063,
                      5000, 0.5304944491717495,
                      10_000, 0.15015556280371817,
                      14_000, 0.07357895962677366)),
              1e-3,
              298,
              96));

  private final FullBatchDescent descent;

  /**
   * Creates a replay.
   *
   * @param points the circles
   * @param iterations the steps of a training; the course's {@link #ITERATIONS}
   */
  CirclesReplay(CoursePoints points, int iterations) {
    descent = new FullBatchDescent(points, 0.01, iterations);
  }

  /** {@return the course's first parameters of He's initialisation} */
  static float[] he() {
    return NET.given(in -> Math.sqrt(2.0 / in));
  }

  /** {@return the results} */
  CourseSection run(CourseRuns runs) {
    List<Function<Engine, Outcome>> trainings = new ArrayList<>();
    for (Start start : STARTS) {
      trainings.add(engine -> descent.from(NET, NET.given(start.deviation()), 0, engine));
    }
    List<Outcome> outcomes = runs.all("circles", trainings);
    List<CourseFigure> figures = new ArrayList<>();
    for (int i = 0; i < STARTS.size(); i++) {
      figures.addAll(figures(STARTS.get(i), outcomes.get(i)));
    }
    return new CourseSection(
        "circles",
        "net 2-10-5-1, full batch, gradient descent with rate 0.01, %d iterations"
            .formatted(descent.iterations()),
        descent.points().source(),
        descent.points().original(),
        figures);
  }

  private List<CourseFigure> figures(Start start, Outcome outcome) {
    List<CourseFigure> figures = new ArrayList<>();
    start
        .costs()
        .headMap(descent.iterations())
        .forEach((i, cost) -> figures.add(cost(start, i, outcome.costs()[i], cost)));
    figures.add(right(start, "training", outcome.training(), start.training()));
    figures.add(right(start, "test", outcome.test(), start.test()));
    return figures;
  }

  private static CourseFigure cost(Start start, int iteration, double ours, double published) {
    CourseFigure figure = CourseFigure.of(start.name(), "cost at " + iteration, 6, ours);
    return Double.isInfinite(published)
        ? figure.withNote("published inf, the logarithm of a probability rounded to 0")
        : figure.against(published, iteration == 0 ? 1e-6 : start.drift());
  }

  private static CourseFigure right(Start start, String set, Classification result, int published) {
    return CourseFigure.of(
            start.name(), "%s right of %d".formatted(set, result.rows()), 0, result.correct())
        .against(published, ROWS_ALLOWED);
  }
}
