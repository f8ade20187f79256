package dev.lanewise.course;

import dev.lanewise.course.FullBatchDescent.Outcome;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Penalty;
import dev.lanewise.report.Axis;
import dev.lanewise.report.Beside;
import dev.lanewise.report.Chart;
import dev.lanewise.report.Part;
import dev.lanewise.report.Plane;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The regularisation lab: net 2-20-3-1, full batch, rate 0.3, 30 000 iterations, from the course's
 * weights and from those of other seeds.
 */
public final class FootballReplay {

  /** The course's iterations. */
  public static final int ITERATIONS = 30_000;

  private static final double KEEP = 0.86;

  /** Rows that single precision may turn after so many steps. */
  private static final int ROWS_ALLOWED = 3;

  /** The iterations whose costs are shown where none is published. */
  private static final int[] SHOWN = {0, 10_000, 20_000};

  private final FullBatchDescent descent;
  private final int seeds;
  private final Map<Integer, boolean[]> masks;

  /** Shares of rows that were right, means over ten runs in double precision. */
  private record Shares(double training, double test) {}

  /**
   * A way to regularise.
   *
   * @param name how the table calls it
   * @param net the net
   * @param givenMasks whether the course's masks stay in all steps
   * @param published what was published of the course's weights
   * @param single what the course's weights come to on average
   * @param several what other weights come to on average
   */
  private record Way(
      String name,
      CourseNet net,
      boolean givenMasks,
      Optional<Published> published,
      Optional<Shares> single,
      Optional<Shares> several) {

    static Way of(String name, CourseNet net) {
      return new Way(name, net, false, Optional.empty(), Optional.empty(), Optional.empty());
    }

    Way against(double first, double third, double twoThirds, double drift, int right, int test) {
      Published costs =
          new Published(
              new TreeMap<>(Map.of(0, first, 10_000, third, 20_000, twoThirds)),
              drift,
              right,
              test,
              ROWS_ALLOWED);
      return new Way(name, net, givenMasks, Optional.of(costs), single, several);
    }

    Way withGivenMasks() {
      return new Way(name, net, true, published, single, several);
    }

    Way single(double training, double test) {
      Shares shares = new Shares(training, test);
      return new Way(name, net, givenMasks, published, Optional.of(shares), several);
    }

    Way several(double training, double test) {
      Shares shares = new Shares(training, test);
      return new Way(name, net, givenMasks, published, single, Optional.of(shares));
    }
  }

  /**
   * The same net in NumPy's single precision is by up to 0.0028, 6e-5 and 1.5e-4 away from the
   * published costs of the first three ways: some three times that is allowed.
   */
  private static final List<Way> WAYS =
      List.of(
          Way.of("plain", net(Penalty.NONE, 1, false))
              .against(0.6557412523481002, 0.16329987525724213, 0.1385164242325169, 8e-3, 200, 183)
              .several(0.9540, 0.9240),
          Way.of("L2 0.7 per example", net(Penalty.l2PerExample(0.7), 1, false))
              .against(0.6974484493131264, 0.2684918873282239, 0.26809163371273004, 2e-4, 198, 186)
              .several(0.9322, 0.9365),
          Way.of("dropout, one mask", net(Penalty.NONE, KEEP, false))
              .against(
                  0.6543912405149825, 0.061016986574905605, 0.060582435798513114, 4e-4, 196, 190)
              .withGivenMasks(),
          Way.of("dropout", net(Penalty.NONE, KEEP, false))
              .single(0.9488, 0.9330)
              .several(0.9507, 0.9295),
          Way.of("batch norm", net(Penalty.NONE, 1, true)));

  /** Places in {@link #WAYS}. */
  private static final int PLAIN = 0;

  private static final int L2 = 1;

  /** The part of the plane that the course shows. */
  private static final Plane PITCH = new Plane(-0.75, 0.40, -0.75, 0.65);

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
  public FootballReplay(CoursePoints points, int iterations, int seeds) {
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

  /**
   * {@return the results}
   *
   * @param runs where to train
   */
  public CourseSection run(CourseRuns runs) {
    List<Function<Engine, Optional<Outcome>>> trainings = new ArrayList<>();
    for (Way way : WAYS) {
      trainings.add(engine -> Optional.of(fromGiven(way, engine)));
      for (int s = 0; s < seeds; s++) {
        long seed = s;
        trainings.add(engine -> fromSeed(way, seed, engine));
      }
    }
    List<Optional<Outcome>> outcomes = runs.all("football", trainings);
    List<CourseFigure> figures = new ArrayList<>();
    for (int w = 0; w < WAYS.size(); w++) {
      int first = w * (1 + seeds);
      figures.addAll(single(WAYS.get(w), outcomes.get(first).orElseThrow()));
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
        figures,
        charts(outcomes, runs.engine()));
  }

  private List<Part> charts(List<Optional<Outcome>> outcomes, Engine engine) {
    Map<String, double[]> costs = new LinkedHashMap<>();
    Map<String, double[]> weights = new LinkedHashMap<>();
    List<Chart> regions = new ArrayList<>();
    for (int w = 0; w < WAYS.size(); w++) {
      Way way = WAYS.get(w);
      Outcome outcome = outcomes.get(w * (1 + seeds)).orElseThrow();
      costs.put(way.name(), outcome.costs());
      regions.add(regions(w, way, outcome, engine));
      if (w == PLAIN || w == L2) {
        weights.put(way.name(), Drawing.weights(way.net().network(), outcome.theta()));
      }
    }
    return List.of(
        Drawing.costs(
            "football-cost",
            "Cost by iteration.",
            "Full batch: each step descends the cost that is drawn. With one mask for all"
                + " iterations the cost is that of a smaller net, and so is low.",
            "iteration",
            Axis.of("cost"),
            costs),
        new Beside(regions),
        Drawing.histograms(
            "football-weights",
            "Weights with and without L2.",
            "Shares of all weights after training. The penalty draws them to 0.",
            "weight",
            weights));
  }

  private Chart regions(int number, Way way, Outcome outcome, Engine engine) {
    String caption =
        "Training points over what the net says of each place; right: %.1f %% of training rows,"
                .formatted(100 * outcome.training().accuracy())
            + " %.1f %% of test rows.".formatted(100 * outcome.test().accuracy());
    return Drawing.regions(
        "football-regions-" + (number + 1),
        way.name() + ".",
        caption,
        PITCH,
        way.net().network(),
        outcome.theta(),
        descent.points().training(),
        engine);
  }

  /** The course's weights have the variance 1/inputs. */
  private Outcome fromGiven(Way way, Engine engine) {
    return train(way, way.net().given(in -> 1 / Math.sqrt(in)), 0, engine);
  }

  /** Empty where the training diverges, so that the results of the others are still shown. */
  private Optional<Outcome> fromSeed(Way way, long seed, Engine engine) {
    try {
      return Optional.of(train(way, way.net().network().initialParameters(seed), seed, engine));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  private Outcome train(Way way, float[] initial, long seed, Engine engine) {
    return way.givenMasks()
        ? descent.withMasks(way.net(), initial, masks, engine)
        : descent.from(way.net(), initial, seed, engine);
  }

  private static List<CourseFigure> single(Way way, Outcome outcome) {
    if (way.published().isPresent()) {
      return way.published().get().beside(way.name(), outcome);
    }
    List<CourseFigure> figures = new ArrayList<>();
    for (int iteration : SHOWN) {
      if (iteration < outcome.costs().length) {
        figures.add(Published.cost(way.name(), iteration, outcome.costs()[iteration]));
      }
    }
    OptionalDouble training = share(way.single(), true);
    OptionalDouble test = share(way.single(), false);
    figures.add(
        beside(training, share(way.name(), "training accuracy", outcome.training().accuracy())));
    figures.add(beside(test, share(way.name(), "test accuracy", outcome.test().accuracy())));
    return figures;
  }

  private List<CourseFigure> several(Way way, List<Optional<Outcome>> tried) {
    String run = "%s, %d seed%s".formatted(way.name(), seeds, seeds == 1 ? "" : "s");
    List<Outcome> outcomes = tried.stream().flatMap(Optional::stream).toList();
    List<CourseFigure> figures = new ArrayList<>();
    if (!outcomes.isEmpty()) {
      figures.addAll(
          spread(run, "training", outcomes, Outcome::training, share(way.several(), true)));
      figures.addAll(spread(run, "test", outcomes, Outcome::test, share(way.several(), false)));
      long oneClass = outcomes.stream().filter(outcome -> outcome.training().oneClass()).count();
      figures.add(CourseFigure.of(run, "seeds with one class only", 0, oneClass));
    }
    if (outcomes.size() < tried.size()) {
      figures.add(CourseFigure.of(run, "seeds that diverged", 0, tried.size() - outcomes.size()));
    }
    return figures;
  }

  private static List<CourseFigure> spread(
      String run,
      String set,
      List<Outcome> outcomes,
      Function<Outcome, Verdict> of,
      OptionalDouble published) {
    Sample sample = new Sample(outcomes.stream().map(of).mapToDouble(Verdict::accuracy).toArray());
    String quantity = set + " accuracy, ";
    CourseFigure mean = beside(published, share(run, quantity + "mean", sample.mean()));
    if (sample.standardError().isPresent()) {
      mean = mean.withError(sample.standardError().getAsDouble());
    }
    return List.of(
        mean,
        share(run, quantity + "minimum", sample.minimum()),
        share(run, quantity + "median", sample.median()),
        share(run, quantity + "maximum", sample.maximum()));
  }

  private static CourseFigure share(String run, String quantity, double ours) {
    return CourseFigure.of(run, quantity, 4, ours);
  }

  private static OptionalDouble share(Optional<Shares> shares, boolean training) {
    return shares.stream().mapToDouble(s -> training ? s.training() : s.test()).findFirst();
  }

  /** The mean of ten runs is shown but not judged by. */
  private static CourseFigure beside(OptionalDouble mean, CourseFigure figure) {
    return mean.isPresent()
        ? figure.beside(mean.getAsDouble()).withNote("the mean of 10 runs in NumPy")
        : figure;
  }
}
