package dev.lanewise.cli;

import dev.lanewise.cli.FullBatchDescent.Outcome;
import dev.lanewise.kernel.Engine;
import dev.lanewise.metric.Classification;
import dev.lanewise.net.Penalty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The regularisation lab: net 2-20-3-1, full batch, rate 0.3, 30 000 iterations, from the course's
 * weights and from those of other seeds.
 */
final class FootballReplay {

  static final int ITERATIONS = 30_000;

  private static final double KEEP = 0.86;

  /** Rows that single precision may turn after so many steps. */
  private static final int ROWS_ALLOWED = 3;

  private final FullBatchDescent descent;
  private final int seeds;
  private final Map<Integer, boolean[]> masks;

  /**
   * What the course published of a run.
   *
   * @param first the cost before the first step
   * @param third the cost after a third of the steps
   * @param twoThirds the cost after two thirds
   * @param drift by how much these two may differ in single precision
   * @param training the training rows that were right
   * @param test the test rows that were right
   */
  private record Published(
      double first, double third, double twoThirds, double drift, int training, int test) {}

  /** A way to regularise. */
  private record Way(
      String name, CourseNet net, boolean givenMasks, Optional<Published> published) {}

  private static final List<Way> WAYS =
      List.of(
          new Way(
              "plain",
              net(Penalty.NONE, 1, false),
              false,
              Optional.of(
                  new Published(
                      0.6557412523481002,
                      0.16329987525724213,
                      0.1385164242325169,
                      0.01,
                      200,
                      183))),
          new Way(
              "L2 0.7 per example",
              net(Penalty.l2PerExample(0.7), 1, false),
              false,
              Optional.of(
                  new Published(
                      0.6974484493131264,
                      0.2684918873282239,
                      0.26809163371273004,
                      0.001,
                      198,
                      186))),
          new Way(
              "dropout, one mask",
              net(Penalty.NONE, KEEP, false),
              true,
              Optional.of(
                  new Published(
                      0.6543912405149825,
                      0.061016986574905605,
                      0.060582435798513114,
                      0.001,
                      196,
                      190))),
          new Way("dropout", net(Penalty.NONE, KEEP, false), false, Optional.empty()),
          new Way("batch norm", net(Penalty.NONE, 1, true), false, Optional.empty()));

  private static CourseNet net(Penalty penalty, double keep, boolean batchNorm) {
    return new CourseNet(20, 3, penalty, keep, batchNorm);
  }

  /**
   * Creates a replay.
   *
   * @param points the pitch
   * @param iterations the steps of a training; the course's {@link #ITERATIONS}
   * @param seeds the number of seeds, from 0, that each way is tried with besides
   */
  FootballReplay(CoursePoints points, int iterations, int seeds) {
    descent = new FullBatchDescent(points, 0.3, iterations);
    this.seeds = seeds;
    masks = masks(points.training().rows());
  }

  /**
   * The masks that the lab drew in every iteration anew, always from seed 1: first the first
   * layer's, {@code [units][examples]}, then the second's.
   */
  static Map<Integer, boolean[]> masks(int rows) {
    LegacyRandom random = new LegacyRandom(1);
    return Map.of(1, mask(random, 20, rows), 2, mask(random, 3, rows));
  }

  private static boolean[] mask(LegacyRandom random, int units, int rows) {
    boolean[] mask = new boolean[units * rows];
    for (int unit = 0; unit < units; unit++) {
      for (int row = 0; row < rows; row++) {
        mask[row * units + unit] = random.uniform() < KEEP;
      }
    }
    return mask;
  }

  /** {@return the initial weights of the course: variance 1/inputs} */
  static float[] given(CourseNet net) {
    return net.given(in -> 1 / Math.sqrt(in));
  }

  /** {@return the results} */
  CourseSection run(CourseRuns runs) {
    List<Function<Engine, Outcome>> trainings = new ArrayList<>();
    for (Way way : WAYS) {
      trainings.add(engine -> train(way, given(way.net()), 0, engine));
      for (int s = 0; s < seeds; s++) {
        long seed = s;
        trainings.add(
            engine -> train(way, way.net().network().initialParameters(seed), seed, engine));
      }
    }
    List<Outcome> outcomes = runs.all("football", trainings);
    List<CourseFigure> figures = new ArrayList<>();
    for (int w = 0; w < WAYS.size(); w++) {
      int first = w * (1 + seeds);
      figures.addAll(single(WAYS.get(w), outcomes.get(first)));
      if (seeds > 0) {
        figures.addAll(several(WAYS.get(w), outcomes.subList(first + 1, first + 1 + seeds)));
      }
    }
    return new CourseSection(
        "football",
        "net 2-20-3-1, full batch, gradient descent with rate 0.3, %d iterations"
            .formatted(descent.iterations()),
        descent.points().source(),
        descent.points().original(),
        figures);
  }

  private Outcome train(Way way, float[] initial, long seed, Engine engine) {
    return way.givenMasks()
        ? descent.withMasks(way.net(), initial, masks, engine)
        : descent.from(way.net(), initial, seed, engine);
  }

  private List<CourseFigure> single(Way way, Outcome outcome) {
    int third = descent.iterations() / 3;
    CourseFigure first = cost(way, outcome, 0);
    CourseFigure second = cost(way, outcome, third);
    CourseFigure last = cost(way, outcome, 2 * third);
    CourseFigure training = right(way, "training", outcome.training());
    CourseFigure test = right(way, "test", outcome.test());
    if (way.published().isEmpty()) {
      return List.of(first, second, last, training, test);
    }
    Published published = way.published().get();
    return List.of(
        first.against(published.first(), 1e-6),
        second.against(published.third(), published.drift()),
        last.against(published.twoThirds(), published.drift()),
        training.against(published.training(), ROWS_ALLOWED),
        test.against(published.test(), ROWS_ALLOWED));
  }

  private static CourseFigure cost(Way way, Outcome outcome, int iteration) {
    return CourseFigure.of(way.name(), "cost at " + iteration, 6, outcome.costs()[iteration]);
  }

  private static CourseFigure right(Way way, String set, Classification result) {
    return CourseFigure.of(
        way.name(), "%s right of %d".formatted(set, result.rows()), 0, result.correct());
  }

  private List<CourseFigure> several(Way way, List<Outcome> outcomes) {
    List<CourseFigure> figures = new ArrayList<>();
    figures.addAll(spread(way, "training", outcomes, Outcome::training, Published::training));
    figures.addAll(spread(way, "test", outcomes, Outcome::test, Published::test));
    return figures;
  }

  private List<CourseFigure> spread(
      Way way,
      String set,
      List<Outcome> outcomes,
      Function<Outcome, Classification> of,
      ToDoubleFunction<Published> right) {
    Sample sample =
        new Sample(outcomes.stream().map(of).mapToDouble(Classification::accuracy).toArray());
    String run = "%s, %d seed%s".formatted(way.name(), seeds, seeds == 1 ? "" : "s");
    CourseFigure mean = CourseFigure.of(run, set + " accuracy, mean", 4, sample.mean());
    if (sample.standardError().isPresent()) {
      mean = mean.withError(sample.standardError().getAsDouble());
    }
    if (way.published().isPresent()) {
      int rows = of.apply(outcomes.getFirst()).rows();
      mean = mean.beside(right.applyAsDouble(way.published().get()) / rows);
    }
    return List.of(mean, CourseFigure.of(run, set + " accuracy, median", 4, sample.median()));
  }
}
