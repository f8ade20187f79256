package dev.lanewise.course;

import dev.lanewise.course.FullBatchDescent.Outcome;
import dev.lanewise.engine.Engine;
import dev.lanewise.report.Axis;
import dev.lanewise.report.Beside;
import dev.lanewise.report.Chart;
import dev.lanewise.report.Part;
import dev.lanewise.report.Plane;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The initialisation lab: net 2-10-5-1, full batch, rate 0.01, 15 000 iterations, from zeros, from
 * large weights and from He's.
 */
public final class CirclesReplay {

  /** The course's iterations. */
  public static final int ITERATIONS = 15_000;

  private static final CourseNet NET = CourseNet.plain(10, 5);
  private static final int ROWS_ALLOWED = 2;

  /**
   * A way to begin.
   *
   * @param name how the table calls it
   * @param deviation the standard deviation of a weight, given the layer's inputs
   * @param published what the course published
   */
  private record Start(String name, IntToDoubleFunction deviation, Published published) {}

  /**
   * A net of zeros never leaves ln 2, so nothing but its rounding is allowed, and no row. Two
   * computations in double precision from large weights are 0.0019 apart at iteration 1000: some
   * 2.5 times that is allowed. He's costs are 14 digits apart in double precision; a float's
   * rounding has moved ours by 2e-6, and three times that is allowed.
   */
  private static final List<Start> STARTS =
      List.of(
          new Start(
              "zeros",
              in -> 0,
              new Published(
                  new TreeMap<>(
                      Map.of(
                          0, 0.6931471805599453,
                          1000, 0.6931471805599453,
                          14_000, 0.6931471805599453)),
                  1e-6,
                  150,
                  50,
                  0)),
          new Start(
              "large, N(0, 100)",
              in -> 10,
              new Published(
                  new TreeMap<>(
                      Map.of(0, Double.POSITIVE_INFINITY, 1000, 0.625068, 14_000, 0.382805)),
                  5e-3,
                  249,
                  86,
                  ROWS_ALLOWED)),
          new Start(
              "He",
              in -> Math.sqrt(2.0 / in),
              new Published(
                  new TreeMap<>(
                      Map.of(
                          0, 0.8830537463419761,
                          1000, 0.6879825919728063,
                          5000, 0.5304944491717495,
                          10_000, 0.15015556280371817,
                          14_000, 0.07357895962677366)),
                  6e-6,
                  298,
                  96,
                  ROWS_ALLOWED)));

  private final FullBatchDescent descent;

  /**
   * Creates a replay.
   *
   * @param points the circles
   * @param iterations the steps of a training; the course's {@link #ITERATIONS}
   */
  public CirclesReplay(CoursePoints points, int iterations) {
    descent = new FullBatchDescent(points, 0.01, iterations);
  }

  /**
   * {@return the results}
   *
   * @param runs where to train
   */
  public CourseSection run(CourseRuns runs) {
    List<Function<Engine, Outcome>> trainings = new ArrayList<>();
    for (Start start : STARTS) {
      trainings.add(engine -> descent.from(NET, NET.given(start.deviation()), 0, engine));
    }
    List<Outcome> outcomes = runs.all("circles", trainings);
    List<CourseFigure> figures = new ArrayList<>();
    for (int i = 0; i < STARTS.size(); i++) {
      Start start = STARTS.get(i);
      figures.addAll(start.published().beside(start.name(), outcomes.get(i)));
    }
    return new CourseSection(
        "circles",
        "net 2-10-5-1, full batch, gradient descent with rate 0.01, %d iterations"
            .formatted(descent.iterations()),
        descent.points().source(),
        descent.points().original(),
        figures,
        charts(outcomes, runs.engine()));
  }

  private List<Part> charts(List<Outcome> outcomes, Engine engine) {
    Map<String, double[]> costs = new LinkedHashMap<>();
    List<Chart> regions = new ArrayList<>();
    float[] features = descent.points().training().features();
    double[] xs =
        IntStream.range(0, features.length / 2).mapToDouble(i -> features[2 * i]).toArray();
    double[] ys =
        IntStream.range(0, features.length / 2).mapToDouble(i -> features[2 * i + 1]).toArray();
    for (int i = 0; i < STARTS.size(); i++) {
      Outcome outcome = outcomes.get(i);
      costs.put(STARTS.get(i).name(), outcome.costs());
      regions.add(
          Drawing.regions(
              "circles-regions-" + (i + 1),
              STARTS.get(i).name() + ".",
              "Right: %.1f %% of test rows.".formatted(100 * outcome.test().accuracy()),
              Plane.around(xs, ys),
              NET.network(),
              outcome.theta(),
              descent.points().training(),
              engine));
    }
    return List.of(
        Drawing.costs(
            "circles-cost",
            "Cost by iteration from three initialisations.",
            "From zeros all units of a layer stay the same and nothing is learned; large weights"
                + " begin with a large cost; He's variance suits ReLU.",
            "iteration",
            Axis.log("cost"),
            costs),
        new Beside(regions));
  }
}
