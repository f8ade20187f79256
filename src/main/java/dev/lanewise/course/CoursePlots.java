package dev.lanewise.course;

import dev.lanewise.course.CourseTrajectory.Point;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Batches;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Initializer.Distribution;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.report.Axis;
import dev.lanewise.report.Beside;
import dev.lanewise.report.Chart;
import dev.lanewise.report.Plane;
import dev.lanewise.report.Prose;
import dev.lanewise.report.Section;
import dev.lanewise.report.XyChart;
import dev.lanewise.tensor.Slot;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import dev.lanewise.update.Updater;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The course's plots that no published experiment belongs to, of small trainings of their own. */
public final class CoursePlots {

  private static final long DRAWS = CounterRandom.stream("course plots");

  /** The points at the beginning of a way, where it turns. */
  private static final int DENSE = 48;

  private static final CourseNet MOONS_NET = CourseNet.plain(5, 2);

  private final Dataset moons = CourseSet.MOONS.generated().training();
  private final CourseRuns runs;

  /**
   * Creates the plots.
   *
   * @param runs where to train
   */
  public CoursePlots(CourseRuns runs) {
    this.runs = runs;
  }

  /** {@return a section for each plot} */
  public List<Section> sections() {
    return List.of(
        batchSizes(), stopping(), rates(), depth(), regions(), averages(), design(), search());
  }

  /** The cost of every step, of its own batch. */
  private Section batchSizes() {
    int steps = 400;
    Map<String, double[]> costs = new LinkedHashMap<>();
    for (int rows : new int[] {moons.rows(), 64, 8}) {
      costs.put(
          rows == moons.rows() ? "all %d rows".formatted(rows) : "%d rows".formatted(rows),
          steps(rows, steps));
    }
    return Section.of(
        "batch-size",
        "Batch and mini-batch",
        Drawing.costs(
            "cost-by-batch-size",
            "Cost of each step's batch.",
            "With all rows in a batch the cost falls smoothly; of small batches it is noisy,"
                + " because every step has other rows.",
            "step",
            Axis.of("cost"),
            costs));
  }

  private double[] steps(int batchRows, int steps) {
    Network network = MOONS_NET.network();
    TrainingPlan plan = TrainingPlan.compile(network, batchRows, runs.engine());
    Updater updater = Updater.compile(Optimizer.sgd(0.1), plan);
    Batches batches =
        Batches.inOrder(moons, batchRows, epoch -> MoonsReplay.order(epoch, moons.rows()));
    float[] theta = MOONS_NET.given(in -> Math.sqrt(2.0 / in));
    float[] gradient = new float[theta.length];
    double[] costs = new double[steps];
    for (int step = 0; step < steps; step++) {
      int position = step % batches.count();
      if (position == 0) {
        batches.start(step / batches.count());
      }
      Batch batch = batches.get(position);
      costs[step] = plan.gradients(theta, batch, 0, gradient);
      updater.update(theta, gradient, 0);
    }
    return costs;
  }

  /** A net that is large for its rows. */
  private Section stopping() {
    CoursePoints points = CourseSet.FOOTBALL.generated();
    Network network =
        Network.inputs(2)
            .dense(128)
            .relu()
            .dense(128)
            .relu()
            .dense(1)
            .loss(new Loss.SigmoidCrossEntropy());
    int epochs = 150;
    Recipe recipe =
        Recipe.of(network, Optimizer.adam(0.005))
            .withEpochs(epochs)
            .withEarlyStopping(EarlyStopping.patience(epochs));
    TrainingData data = TrainingData.of(points.training()).withDev(points.test().orElseThrow());
    Training training = Training.start(recipe, data, runs.engine());
    double[] numbers = new double[epochs];
    double[] train = new double[epochs];
    double[] dev = new double[epochs];
    for (Epoch epoch : training) {
      int i = epoch.number() - 1;
      numbers[i] = epoch.number();
      train[i] = epoch.trainingLoss();
      dev[i] = epoch.devLoss().orElseThrow();
    }
    return Section.of(
        "stopping",
        "Early stopping",
        XyChart.of(
                "train-and-dev",
                "Train and dev loss by epoch.",
                "The loss of the training rows goes on falling; that of the dev rows turns. Early"
                    + " stopping takes the parameters of the epoch where it is least.",
                Axis.of("epoch"),
                Axis.of("loss"))
            .line("train", numbers, train)
            .line("dev", numbers, dev)
            .vertical("stop: epoch " + training.bestEpoch(), training.bestEpoch())
            .chart());
  }

  private Section rates() {
    CoursePoints points = CourseSet.CIRCLES.generated();
    double[] rates = {0.001, 0.01, 0.1, 1, 3};
    CourseNet net = CourseNet.plain(10, 5);
    List<Function<Engine, double[]>> trainings = new ArrayList<>();
    for (double rate : rates) {
      trainings.add(
          engine ->
              new FullBatchDescent(points, rate, 2000)
                  .from(net, net.given(in -> Math.sqrt(2.0 / in)), 0, engine)
                  .costs());
    }
    List<double[]> results = runs.all("learning rates", trainings);
    Map<String, double[]> costs = new LinkedHashMap<>();
    for (int i = 0; i < rates.length; i++) {
      costs.put("rate " + rates[i], results.get(i));
    }
    return Section.of(
        "learning-rates",
        "Learning rates",
        Drawing.costs(
            "cost-by-rate",
            "Cost by iteration for five learning rates.",
            "The same net from the same weights. A rate that is too small learns slowly; one that"
                + " is too large leaps about.",
            "iteration",
            Axis.of("cost"),
            costs));
  }

  /** The gradient's root mean square in each layer of a deep net, at the start. */
  private Section depth() {
    int layers = 12;
    Map<String, Initializer> starts = new LinkedHashMap<>();
    starts.put("N(0, 0.01²)", new Initializer.Fixed(0.01, Distribution.NORMAL));
    starts.put("N(0, 1)", new Initializer.Fixed(1, Distribution.NORMAL));
    starts.put("Glorot", new Initializer.Glorot(Distribution.NORMAL));
    starts.put("He", new Initializer.He(Distribution.NORMAL));
    XyChart chart =
        XyChart.of(
            "gradients-by-depth",
            "Gradient by depth.",
            "The root mean square of the gradient of each layer's weights before the first step, in"
                + " a net of 12 ReLU layers. A line that falls to the left vanishes, one that rises"
                + " explodes; He's initialisation keeps it level.",
            Axis.of("layer"),
            Axis.log("gradient, root mean square"));
    double[] numbers = IntStream.rangeClosed(1, layers + 1).mapToDouble(i -> i).toArray();
    starts.forEach((name, start) -> chart.line(name, numbers, gradients(start, layers)));
    return Section.of("depth", "Vanishing and exploding gradients", chart.chart());
  }

  private double[] gradients(Initializer start, int layers) {
    Network.Builder builder = Network.inputs(2);
    for (int i = 0; i < layers; i++) {
      builder.add(new Dense(32).withInitializer(start)).relu();
    }
    Network network =
        builder.add(new Dense(1).withInitializer(start)).loss(new Loss.SigmoidCrossEntropy());
    float[] theta = network.initialParameters(0);
    float[] gradient = new float[theta.length];
    TrainingPlan.compile(network, moons.rows(), runs.engine())
        .gradients(theta, Batch.of(moons), 0, gradient);
    double[] sizes = new double[layers + 1];
    for (int i = 0; i <= layers; i++) {
      Slot weight = network.layout().slot("dense%d.weight".formatted(i + 1));
      double sum = 0;
      for (int j = weight.offset(); j < weight.end(); j++) {
        sum += (double) gradient[j] * gradient[j];
      }
      sizes[i] = Math.sqrt(sum / weight.size());
    }
    return sizes;
  }

  private Section regions() {
    Dataset spirals = spirals(3, 100);
    Network softmax = Network.inputs(2).dense(3).loss(new Loss.SoftmaxCrossEntropy());
    Network deep =
        Network.inputs(2)
            .dense(32)
            .relu()
            .dense(32)
            .relu()
            .dense(3)
            .loss(new Loss.SoftmaxCrossEntropy());
    Plane plane = new Plane(-1.15, 1.15, -1.15, 1.15);
    return Section.of(
        "regions",
        "Softmax regression and several classes",
        new Beside(
            List.of(
                spirals(
                    "regions-linear",
                    "Softmax regression.",
                    "Straight borders.",
                    softmax,
                    spirals,
                    plane),
                spirals(
                    "regions-deep",
                    "Two hidden layers.",
                    "Borders as curved as the classes need.",
                    deep,
                    spirals,
                    plane))));
  }

  private Chart spirals(
      String id, String title, String caption, Network network, Dataset points, Plane plane) {
    Recipe recipe = Recipe.of(network, Optimizer.adam(0.01)).withEpochs(200).withBatchSize(32);
    Training training = Training.start(recipe, TrainingData.of(points), runs.engine());
    training.forEach(epoch -> {});
    return Drawing.regions(
        id, title, caption, plane, network, training.parameters(), points, runs.engine());
  }

  private static Dataset spirals(int arms, int count) {
    long key = CounterRandom.key(0, DRAWS, 0);
    float[] features = new float[2 * arms * count];
    float[] labels = new float[arms * count];
    for (int i = 0; i < labels.length; i++) {
      double share = (double) (i % count + 1) / count;
      double angle =
          i / count * (2 * Math.PI / arms) + 4 * share + 0.15 * CounterRandom.normal(key, i);
      features[2 * i] = (float) (share * StrictMath.cos(angle));
      features[2 * i + 1] = (float) (share * StrictMath.sin(angle));
      labels[i] = i / count;
    }
    return Dataset.of(features, 2, labels, 1);
  }

  /** A third of a year of temperatures, as the course has them. */
  private static Section averages() {
    int days = 120;
    long key = CounterRandom.key(0, DRAWS, 1);
    double[] day = new double[days];
    double[] temperature = new double[days];
    for (int t = 0; t < days; t++) {
      day[t] = t + 1;
      temperature[t] =
          11 - 9 * StrictMath.cos(2 * Math.PI * t / 365) + 3 * CounterRandom.normal(key, t);
    }
    List<Chart> charts = new ArrayList<>();
    for (boolean corrected : new boolean[] {false, true}) {
      XyChart chart =
          XyChart.of(
                  corrected ? "averages-corrected" : "averages",
                  corrected ? "With bias correction." : "Without bias correction.",
                  corrected
                      ? "Divided by 1 − βᵗ, the average is right from the first day."
                      : "v = βv + (1 − β)x is a mean of about 1/(1 − β) days; begun at 0, it is too"
                          + " low at first.",
                  Axis.of("day"),
                  Axis.of("temperature, °C"))
              .points("a day", day, temperature);
      for (double beta : new double[] {0.5, 0.9, 0.98}) {
        double[] averages = new double[days];
        double v = 0;
        for (int t = 0; t < days; t++) {
          v = beta * v + (1 - beta) * temperature[t];
          averages[t] = corrected ? v / (1 - StrictMath.pow(beta, t + 1)) : v;
        }
        chart.line("β = " + beta, day, averages);
      }
      charts.add(chart.chart());
    }
    return Section.of("averages", "Exponentially weighted averages", new Beside(charts));
  }

  private static Section design() {
    int side = 5;
    int count = side * side;
    long key = CounterRandom.key(0, DRAWS, 2);
    double[][] grid = new double[2][count];
    double[][] random = new double[2][count];
    for (int i = 0; i < count; i++) {
      grid[0][i] = (i % side + 0.5) / side;
      grid[1][i] = (i / side + 0.5) / side;
      random[0][i] = CounterRandom.uniform(key, 2 * i);
      random[1][i] = CounterRandom.uniform(key, 2 * i + 1);
    }
    return Section.of(
        "random-and-grid",
        "Random search against a grid",
        new Prose(
            "If only the first parameter matters, a grid of 25 points has tried 5 values of it, and"
                + " random draws 25."),
        new Beside(
            List.of(
                design("design-grid", "Grid: 5 values of each parameter.", grid),
                design("design-random", "Random: 25 values of each parameter.", random))));
  }

  private static Chart design(String id, String title, double[][] points) {
    return XyChart.of(
            id,
            title,
            "The points that are tried.",
            Axis.of("parameter that matters").between(0, 1),
            Axis.of("parameter that does not").between(0, 1))
        .points("tried", points[0], points[1])
        .chart();
  }

  /** The learning rate is 10^r with r uniform in [−4, 0]. */
  private Section search() {
    int trials = 25;
    long key = CounterRandom.key(0, DRAWS, 3);
    double[] rates = new double[trials];
    List<Function<Engine, Double>> trainings = new ArrayList<>();
    Dataset dev = CourseSet.moons(4, 200);
    for (int i = 0; i < trials; i++) {
      double rate = StrictMath.pow(10, -4 * CounterRandom.uniform(key, i));
      rates[i] = rate;
      trainings.add(engine -> devLoss(rate, dev, engine));
    }
    double[] losses = runs.all("search", trainings).stream().mapToDouble(l -> l).toArray();
    return Section.of(
        "search-by-rate",
        "Search results",
        XyChart.of(
                "search-log-axis",
                "Dev loss by learning rate.",
                "25 random trials. Rates are drawn evenly on a logarithmic scale, from 10⁻⁴ to 1;"
                    + " on a linear one, nine of ten would lie above 0.1.",
                Axis.log("learning rate"),
                Axis.of("dev loss"))
            .points("trial", rates, losses)
            .chart());
  }

  private double devLoss(double rate, Dataset dev, Engine engine) {
    Recipe recipe =
        Recipe.of(MOONS_NET.network(), Optimizer.sgd(rate)).withEpochs(60).withBatchSize(64);
    Training training = Training.start(recipe, TrainingData.of(moons).withDev(dev), engine);
    double loss = Double.NaN;
    for (Epoch epoch : training) {
      loss = epoch.devLoss().orElseThrow();
    }
    return loss;
  }

  /**
   * {@return the paths of optimisers over the surfaces' heights, a chart for each surface}
   *
   * @param trajectories the paths
   */
  public static List<Chart> charts(List<CourseTrajectory> trajectories) {
    List<Chart> charts = new ArrayList<>();
    for (Surface surface : Surface.values()) {
      List<CourseTrajectory> own =
          trajectories.stream().filter(way -> way.surface() == surface).toList();
      if (!own.isEmpty()) {
        charts.add(chart(surface, own));
      }
    }
    return charts;
  }

  private static Chart chart(Surface surface, List<CourseTrajectory> ways) {
    Plane plane =
        Plane.around(
            ways.stream().flatMap(way -> way.points().stream()).mapToDouble(Point::x).toArray(),
            ways.stream().flatMap(way -> way.points().stream()).mapToDouble(Point::y).toArray());
    byte[] contours =
        plane.heights(
            12,
            (xs, ys) -> {
              float[] heights = new float[xs.length];
              double least =
                  IntStream.range(0, xs.length)
                      .mapToDouble(i -> surface.height(xs[i], ys[i]))
                      .min()
                      .orElse(0);
              for (int i = 0; i < xs.length; i++) {
                heights[i] = (float) StrictMath.log1p(10 * (surface.height(xs[i], ys[i]) - least));
              }
              return heights;
            });
    XyChart chart =
        plane.chart(
            "trajectory-" + surface.name().toLowerCase(Locale.ROOT),
            surface.formula + ".",
            "The ways of four optimisers from (%s, %s) over the height, whose bands are logarithmic."
                    .formatted(surface.startX, surface.startY)
                + " Goal: "
                + surface.goal
                + ".",
            "x",
            "y",
            "height",
            contours);
    for (CourseTrajectory way : ways) {
      List<Point> drawn = thinned(way.points());
      chart.line(
          way.optimizer(),
          drawn.stream().mapToDouble(Point::x).toArray(),
          drawn.stream().mapToDouble(Point::y).toArray());
    }
    return chart.chart();
  }

  /** {@return the first points, and then ever fewer of the slow end} */
  private static List<Point> thinned(List<Point> points) {
    return IntStream.range(0, points.size())
        .filter(i -> i < DENSE || i % 4 == 0 || i == points.size() - 1)
        .mapToObj(points::get)
        .toList();
  }
}
