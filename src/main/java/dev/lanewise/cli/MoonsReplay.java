package dev.lanewise.cli;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Batches;
import dev.lanewise.kernel.Engine;
import dev.lanewise.metric.Classification;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform.MomentumForm;
import dev.lanewise.optim.Updater;
import dev.lanewise.plan.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The optimisation lab: net 2-5-2-1, batches of 64 dealt in the course's orders, three optimisers,
 * 10 000 epochs, and 5000 with each of three ways to let the rate decay.
 */
final class MoonsReplay {

  static final int EPOCHS = 10_000;

  private static final int BATCH = 64;
  private static final double RATE = 0.0007;

  /** A published share of 300 rows, and ours, may differ by this. */
  private static final double SHARE_ALLOWED = 0.01;

  private static final CourseNet NET = CourseNet.plain(5, 2);

  private static final List<String> OPTIMIZERS = List.of("gradient descent", "momentum", "Adam");

  /**
   * A run.
   *
   * @param optimizer its name
   * @param decay the name of the schedule
   * @param schedule the schedule
   * @param halved whether it has half of the epochs
   * @param published what is known of it
   */
  private record Way(
      String optimizer, String decay, Schedule schedule, boolean halved, Published published) {

    int epochs(int whole) {
      return halved ? whole / 2 : whole;
    }
  }

  /**
   * What is published of a run.
   *
   * @param costs costs by epoch
   * @param drift by how much they may differ in single precision
   * @param accuracy the share of rows that were right; NaN where it is unknown
   * @param note what there is to say of it
   */
  private record Published(
      SortedMap<Integer, Double> costs, double drift, double accuracy, String note) {

    Published(Map<Integer, Double> costs, double drift, double accuracy) {
      this(new TreeMap<>(costs), drift, accuracy, "");
    }

    static Published accuracy(double accuracy) {
      return new Published(Map.of(), 0, accuracy);
    }

    static final Published NOTHING = accuracy(Double.NaN);
  }

  private static final List<Published> CONSTANT =
      List.of(
          new Published(
              Map.of(0, 0.702405, 1000, 0.668101, 5000, 0.551977, 9000, 0.468014), 1e-3, 0.7967),
          new Published(Map.of(0, 0.702413, 1000, 0.668167, 9000, 0.468160), 1e-3, 0.7967),
          new Published(Map.of(0, 0.702166, 1000, 0.167845, 4000, 0.136066), 5e-3, 0.94));

  private static final List<Published> HALF_CONSTANT =
      List.of(Published.accuracy(0.7167), Published.accuracy(0.7167), Published.accuracy(0.9433));

  private static final List<Published> EACH_EPOCH =
      List.of(
          new Published(
              Map.of(0, 0.701091, 1000, 0.661884, 2000, 0.658620, 4000, 0.655486), 1e-3, 0.6533),
          Published.NOTHING,
          Published.NOTHING);

  private static final List<Published> STAIRS =
      List.of(
          new Published(
              new TreeMap<>(Map.of(0, 0.701091, 1000, 0.127161, 2000, 0.120304, 3000, 0.117033)),
              5e-3,
              0.946,
              "published as above 94.6 %; the formula gives 94.33 % in double precision"),
          new Published(
              new TreeMap<>(Map.of(0, 0.702226)),
              5e-3,
              0.956,
              "published as above 95.6 %; the formula gives 95.33 % in double precision"),
          Published.accuracy(0.94));

  private final CoursePoints points;
  private final int epochs;

  /**
   * Creates a replay.
   *
   * @param points the moons
   * @param epochs the epochs of the longer trainings, the course's {@link #EPOCHS}; the others have
   *     half as many
   */
  MoonsReplay(CoursePoints points, int epochs) {
    this.points = points;
    this.epochs = epochs;
  }

  /** {@return the order in which the course dealt the rows in an epoch} */
  static int[] order(int epoch, int rows) {
    return new LegacyRandom(11 + epoch).permutation(rows);
  }

  private static List<Way> ways() {
    List<Way> ways = new ArrayList<>();
    for (int i = 0; i < OPTIMIZERS.size(); i++) {
      String name = OPTIMIZERS.get(i);
      double initial = name.equals("Adam") ? 0.01 : 0.1;
      Schedule constant = new Schedule.Constant(RATE);
      ways.add(new Way(name, "0.0007", constant, false, CONSTANT.get(i)));
      ways.add(new Way(name, "0.0007", constant, true, HALF_CONSTANT.get(i)));
      ways.add(
          new Way(
              name,
              initial + "/(1+epoch)",
              new Schedule.InverseTime(initial, 1, 1),
              true,
              EACH_EPOCH.get(i)));
      ways.add(
          new Way(
              name,
              initial + "/(1+epoch div 1000)",
              new Schedule.InverseTime(initial, 1, 1000),
              true,
              STAIRS.get(i)));
    }
    return ways;
  }

  private static Optimizer optimizer(Way way) {
    Optimizer optimizer =
        switch (way.optimizer()) {
          case "Adam" -> Optimizer.adam(RATE);
          case "momentum" -> Optimizer.momentum(RATE, 0.9, MomentumForm.EWMA);
          default -> Optimizer.gradientDescent(RATE);
        };
    return optimizer.with(way.schedule());
  }

  /**
   * What a training came to.
   *
   * @param costs an epoch's mean cost, each row's before its batch's step
   * @param training how the rows are predicted in the end
   */
  private record Outcome(double[] costs, Classification training) {}

  /** {@return the results} */
  CourseSection run(CourseRuns runs) {
    List<Way> ways = ways();
    List<Function<Engine, Outcome>> trainings = new ArrayList<>();
    for (Way way : ways) {
      trainings.add(engine -> train(way, engine));
    }
    List<Outcome> outcomes = runs.all("moons", trainings);
    List<CourseFigure> figures = new ArrayList<>();
    for (int i = 0; i < ways.size(); i++) {
      figures.addAll(figures(ways.get(i), outcomes.get(i)));
    }
    return new CourseSection(
        "moons",
        "net 2-5-2-1, batches of 64; momentum 0.9 in the averaging form",
        points.source(),
        points.original(),
        figures);
  }

  private Outcome train(Way way, Engine engine) {
    Network network = NET.network();
    TrainingPlan plan = TrainingPlan.compile(network, BATCH, engine);
    Updater updater = Updater.compile(optimizer(way), plan);
    int rows = points.training().rows();
    IntFunction<int[]> orders = epoch -> order(epoch, rows);
    Batches batches = Batches.inOrder(points.training(), BATCH, orders);
    float[] theta = NET.given(in -> Math.sqrt(2.0 / in));
    float[] gradient = new float[theta.length];
    double[] costs = new double[way.epochs(epochs)];
    for (int epoch = 0; epoch < costs.length; epoch++) {
      batches.start(epoch);
      for (int i = 0; i < batches.count(); i++) {
        Batch batch = batches.get(i);
        costs[epoch] += plan.gradients(theta, batch, 0, gradient) * batch.rows() / rows;
        // The lab takes the decayed rate of an epoch at its end: the next one trains with it.
        updater.update(theta, gradient, Math.max(0, epoch - 1));
      }
    }
    return new Outcome(costs, NET.judge(theta, points.training(), engine));
  }

  private List<CourseFigure> figures(Way way, Outcome outcome) {
    Published published = way.published();
    String name =
        "%s %s, %d epochs".formatted(way.optimizer(), way.decay(), outcome.costs().length);
    List<CourseFigure> figures = new ArrayList<>();
    published
        .costs()
        .headMap(outcome.costs().length)
        .forEach(
            (epoch, cost) ->
                figures.add(
                    CourseFigure.of(name, "cost at " + epoch, 6, outcome.costs()[epoch])
                        .against(cost, epoch == 0 ? 1e-5 : published.drift())));
    CourseFigure accuracy =
        CourseFigure.of(name, "training accuracy", 4, outcome.training().accuracy());
    figures.add(
        Double.isNaN(published.accuracy())
            ? accuracy
            : accuracy.against(published.accuracy(), SHARE_ALLOWED).withNote(published.note()));
    return figures;
  }
}
