package dev.lanewise.course;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.PackedNetwork;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.report.Part;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import dev.lanewise.update.Updater;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The batch-norm lab: moments of three columns before and after normalisation and at test time, the
 * gradient beside two-sided differences, and the losses of two nets.
 *
 * <p>The layer is run inside a small network that lets its numbers in and out. The features are the
 * identity, so that the first layer's weights are what is normalised, and their gradient is that of
 * the layer's input. Under squared error the targets {@code scores − rows·d} send the gradient d
 * backward.
 */
public final class BatchNormReplay {

  static final BatchNorm NORM = new BatchNorm(1e-5, 0.9, BatchNorm.Variance.BIASED);
  static final Loss SQUARED = new Loss.SquaredError();
  static final int SEED = 231;

  private static final int ROWS = 200;

  /** The batches whose statistics are averaged. */
  private static final int BATCHES = 50;

  /** The float engine's errors are some roundings of 6e-8. */
  private static final double FLOAT_ERROR = 1e-5;

  private BatchNormReplay() {}

  /**
   * {@return the results}
   *
   * @param engine what computes
   */
  public static CourseSection run(Engine engine) {
    List<CourseFigure> figures = new ArrayList<>(moments(engine));
    figures.addAll(errors(engine));
    figures.addAll(BatchNormNets.losses(engine));
    return new CourseSection(
        "batchNorm",
        "200 rows of 3 columns normalised; gradients of 4 rows of 5 columns; nets 15-20-30-10",
        "generated from the course's seed",
        true,
        figures,
        charts(engine));
  }

  private static List<Part> charts(Engine engine) {
    double[][] before = activations();
    double[][] after =
        new Probe(engine, before, new double[] {1, 1, 1}, new double[3]).normalised();
    return List.of(
        Drawing.histograms(
            "batch-norm-before",
            "Before batch norm.",
            "Three columns of 200 rows, each with a mean and a deviation of its own.",
            "value",
            columns(before)),
        Drawing.histograms(
            "batch-norm-after",
            "After batch norm.",
            "The same columns: all have the mean 0 and the deviation 1, and their shapes.",
            "value",
            columns(after)));
  }

  private static Map<String, double[]> columns(double[][] rows) {
    Map<String, double[]> columns = new LinkedHashMap<>();
    double[][] transposed = Matrix.transpose(rows);
    for (int j = 0; j < transposed.length; j++) {
      columns.put("column " + (j + 1), transposed[j]);
    }
    return columns;
  }

  /** Bars are some three roundings of a float at the number's magnitude. */
  private static List<CourseFigure> moments(Engine engine) {
    double[][] a = activations();
    double[] ones = {1, 1, 1};
    double[] scale = {1, 2, 3};
    double[] shift = {11, 12, 13};
    List<CourseFigure> figures = new ArrayList<>();
    add(
        figures,
        "before",
        new Probe(engine, a, ones, new double[3]).taken(),
        new double[] {-2.3814598, -13.18038246, 1.91780462},
        new double[] {27.18502186, 34.21455511, 37.68611762},
        1e-5);
    add(
        figures,
        "normalised",
        new Probe(engine, a, ones, new double[3]).left(),
        new double[3],
        new double[] {0.99999999, 1, 1},
        2e-7);
    add(
        figures,
        "scaled by 1, 2, 3, shifted by 11, 12, 13",
        new Probe(engine, a, scale, shift).left(),
        shift,
        scale,
        2e-6);
    add(
        figures,
        "at test time",
        Matrix.moments(atTestTime(engine)),
        new double[] {-0.03927354, -0.04349152, -0.10452688},
        new double[] {1.01531428, 1.01238373, 0.97819988},
        2e-7);
    return figures;
  }

  private static void add(
      List<CourseFigure> figures,
      String run,
      double[][] ours,
      double[] means,
      double[] deviations,
      double allowed) {
    for (int j = 0; j < means.length; j++) {
      String column = " of column " + (j + 1);
      figures.add(CourseFigure.of(run, "mean" + column, 8, ours[0][j]).against(means[j], allowed));
      figures.add(
          CourseFigure.of(run, "deviation" + column, 8, ours[1][j])
              .against(deviations[j], allowed));
    }
  }

  /** {@return what the lab normalises: two layers' output for 200 random rows} */
  static double[][] activations() {
    LegacyRandom random = new LegacyRandom(SEED);
    double[][] x = random.normals(ROWS, 50);
    double[][] first = random.normals(50, 60);
    return activations(x, first, random.normals(60, 3));
  }

  private static double[][] activations(double[][] x, double[][] first, double[][] second) {
    double[][] hidden = Matrix.product(x, first);
    for (double[] row : hidden) {
      for (int j = 0; j < row.length; j++) {
        row[j] = Math.max(0, row[j]);
      }
    }
    return Matrix.product(hidden, second);
  }

  /**
   * {@return rows normalised by the running averages} The lab draws both layers first, then the
   * rows of each batch, then those of the test.
   */
  private static double[][] atTestTime(Engine engine) {
    LegacyRandom random = new LegacyRandom(SEED);
    double[][] first = random.normals(50, 60);
    double[][] second = random.normals(60, 3);
    Averages averages = new Averages(engine);
    for (int i = 0; i < BATCHES; i++) {
      averages.take(activations(random.normals(ROWS, 50), first, second));
    }
    return averages.normalised(activations(random.normals(ROWS, 50), first, second));
  }

  /** A normalisation between two identities, of whose parameters the running averages move. */
  private static final class Averages {
    private final Engine engine;
    private final Network network = Network.inputs(3).dense(3).add(NORM).dense(3).loss(SQUARED);
    private final TrainingPlan plan;
    private final Updater updater;
    private final float[] theta;

    Averages(Engine engine) {
      this.engine = engine;
      plan = TrainingPlan.compile(network, ROWS, engine);
      updater = Updater.compile(Optimizer.sgd(1), plan);
      double[] given = new double[network.layout().size()];
      Matrix.put(given, network.layout().slot("dense1.weight"), Matrix.identity(3, 1));
      Matrix.put(given, network.layout().slot("norm1.scale"), new double[] {1, 1, 1});
      Matrix.put(given, network.layout().slot("dense2.weight"), Matrix.identity(3, 1));
      theta = Matrix.floats(given);
    }

    void take(double[][] batch) {
      float[] gradient = new float[theta.length];
      Dataset rows = Dataset.of(Matrix.floats(batch), 3, new float[3 * batch.length], 3);
      plan.gradients(theta, Batch.of(rows), 0, gradient);
      for (Slot slot : network.layout().slots()) {
        if (slot.role() != Slot.Role.MEAN && slot.role() != Slot.Role.VARIANCE) {
          Arrays.fill(gradient, slot.offset(), slot.end(), 0);
        }
      }
      updater.update(theta, gradient, 0);
    }

    double[][] normalised(double[][] rows) {
      float[] scores = new float[3 * rows.length];
      InferencePlan.over(PackedNetwork.pack(network, theta, engine))
          .scores(Matrix.floats(rows), 0, rows.length, scores, 0);
      return Matrix.at(scores, 0, rows.length, 3);
    }
  }

  /**
   * The float engine's normalisation of rows. A last layer of weights 0, with as many units as
   * there are rows, gets the gradient 1 at unit r of row r alone; so the gradient of its weights is
   * what enters it, transposed.
   */
  private static final class Probe {
    private final Layout layout;
    private final int rows;
    private final float[] gradient;

    Probe(Engine engine, double[][] x, double[] scale, double[] shift) {
      rows = x.length;
      Network network = Network.inputs(rows).dense(x[0].length).add(NORM).dense(rows).loss(SQUARED);
      layout = network.layout();
      double[] theta = new double[layout.size()];
      Matrix.put(theta, layout.slot("dense1.weight"), x);
      Matrix.put(theta, layout.slot("norm1.scale"), scale);
      Matrix.put(theta, layout.slot("norm1.shift"), shift);
      gradient = new float[theta.length];
      float[] features = Matrix.floats(Matrix.identity(rows, 1));
      float[] targets = Matrix.floats(Matrix.identity(rows, -rows));
      Batch batch = Batch.of(Dataset.of(features, rows, targets, rows));
      TrainingPlan.compile(network, rows, engine)
          .gradients(Matrix.floats(theta), batch, 0, gradient);
    }

    /** {@return the batch's means and deviations, as the layer took them} */
    double[][] taken() {
      int columns = layout.slot("norm1.mean").size();
      double[][] moments = new double[2][columns];
      for (int j = 0; j < columns; j++) {
        moments[0][j] = gradient[layout.slot("norm1.mean").offset() + j];
        moments[1][j] = Math.sqrt(gradient[layout.slot("norm1.variance").offset() + j]);
      }
      return moments;
    }

    /** {@return what came out} */
    double[][] normalised() {
      Slot weight = layout.slot("dense2.weight");
      return Matrix.transpose(Matrix.at(gradient, weight.offset(), weight.rows(), rows));
    }

    /** {@return the means and deviations of what came out} */
    double[][] left() {
      return Matrix.moments(normalised());
    }
  }

  private static List<CourseFigure> errors(Engine engine) {
    BatchNormGradients check = new BatchNormGradients();
    double[] textbook = check.textbook();
    double[] floats = check.engine(engine);
    List<CourseFigure> figures = new ArrayList<>();
    // The first is the differences' own truncation, the others are a double's rounding.
    figures.add(error("double", "x", check, textbook, 5e-9).beside(1.70e-9));
    figures.add(error("double", "scale", check, textbook, 1e-11).beside(7.42e-13));
    figures.add(error("double", "shift", check, textbook, 1e-11).beside(2.88e-12));
    for (String part : List.of("x", "scale", "shift")) {
      figures.add(error("float", part, check, floats, FLOAT_ERROR));
    }
    return figures;
  }

  private static CourseFigure error(
      String precision, String part, BatchNormGradients check, double[] gradient, double bound) {
    return CourseFigure.of(
            "gradient, " + precision, "error by " + part, -1, check.error(gradient, part))
        .atMost(bound);
  }
}
