package dev.lanewise.cli;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.kernel.Engine;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * The batch-norm lab: moments of three columns before and after normalisation, and the gradient
 * beside two-sided differences.
 *
 * <p>The layer is run inside a small network that lets its numbers in and out. The features are the
 * identity, so that the first layer's weights are what is normalised, and their gradient is that of
 * the layer's input. Under squared error the targets {@code scores − rows·d} send the gradient d
 * backward.
 */
final class BatchNormReplay {

  static final BatchNorm NORM = new BatchNorm(1e-5, 0.9, BatchNorm.Variance.BIASED);
  static final Loss SQUARED = new Loss.SquaredError();
  static final int SEED = 231;

  private BatchNormReplay() {}

  /** {@return the results} */
  static CourseSection run(Engine engine) {
    List<CourseFigure> figures = new ArrayList<>(moments(engine));
    figures.addAll(errors(engine));
    return new CourseSection(
        "batchNorm",
        "200 rows of 3 columns normalised; gradients of 4 rows of 5 columns",
        "generated from the course's seed",
        true,
        figures);
  }

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
        1e-4);
    add(
        figures,
        "normalised",
        new Probe(engine, a, ones, new double[3]).left(),
        new double[3],
        new double[] {0.99999999, 1, 1},
        1e-6);
    add(
        figures,
        "scaled by 1, 2, 3, shifted by 11, 12, 13",
        new Probe(engine, a, scale, shift).left(),
        shift,
        scale,
        1e-5);
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
      figures.add(CourseFigure.of(run, "mean" + column, 6, ours[0][j]).against(means[j], allowed));
      figures.add(
          CourseFigure.of(run, "deviation" + column, 6, ours[1][j])
              .against(deviations[j], allowed));
    }
  }

  /** {@return what the lab normalises: two layers' output for 200 random rows} */
  static double[][] activations() {
    LegacyRandom random = new LegacyRandom(SEED);
    double[][] x = random.normals(200, 50);
    double[][] hidden = product(x, random.normals(50, 60));
    for (double[] row : hidden) {
      for (int j = 0; j < row.length; j++) {
        row[j] = Math.max(0, row[j]);
      }
    }
    return product(hidden, random.normals(60, 3));
  }

  private static double[][] product(double[][] left, double[][] right) {
    double[][] product = new double[left.length][right[0].length];
    for (int i = 0; i < left.length; i++) {
      for (int j = 0; j < right[0].length; j++) {
        for (int k = 0; k < right.length; k++) {
          product[i][j] += left[i][k] * right[k][j];
        }
      }
    }
    return product;
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
      put(theta, layout.slot("dense1.weight"), x);
      put(theta, layout.slot("norm1.scale"), scale);
      put(theta, layout.slot("norm1.shift"), shift);
      gradient = new float[theta.length];
      float[] features = floats(identity(rows, 1));
      Batch batch = Batch.of(Dataset.of(features, rows, floats(identity(rows, -rows)), rows));
      TrainingPlan.compile(network, rows, engine).gradients(floats(theta), batch, 0, gradient);
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

    /** {@return the means and deviations of what came out} */
    double[][] left() {
      Slot weight = layout.slot("dense2.weight");
      double[][] moments = new double[2][weight.rows()];
      for (int j = 0; j < weight.rows(); j++) {
        int from = weight.offset() + j * rows;
        for (int r = 0; r < rows; r++) {
          moments[0][j] += gradient[from + r] / (double) rows;
        }
        double squares = 0;
        for (int r = 0; r < rows; r++) {
          squares += (gradient[from + r] - moments[0][j]) * (gradient[from + r] - moments[0][j]);
        }
        moments[1][j] = Math.sqrt(squares / rows);
      }
      return moments;
    }
  }

  private static List<CourseFigure> errors(Engine engine) {
    BatchNormGradients check = new BatchNormGradients();
    double[] textbook = check.textbook();
    double[] floats = check.engine(engine);
    List<String> parts = List.of("x", "scale", "shift");
    double[] published = {1.70e-9, 7.42e-13, 2.88e-12};
    double[] allowed = {1e-10, 1e-11, 1e-11};
    List<CourseFigure> figures = new ArrayList<>();
    for (int i = 0; i < published.length; i++) {
      String part = parts.get(i);
      figures.add(
          CourseFigure.of("gradient, double", "error by " + part, -1, check.error(textbook, part))
              .against(published[i], allowed[i]));
    }
    for (String part : parts) {
      figures.add(
          CourseFigure.of("gradient, float", "error by " + part, -1, check.error(floats, part)));
    }
    return figures;
  }

  static double[][] identity(int size, double value) {
    double[][] identity = new double[size][size];
    for (int i = 0; i < size; i++) {
      identity[i][i] = value;
    }
    return identity;
  }

  static void put(double[] theta, Slot slot, double[]... values) {
    for (int i = 0; i < slot.size(); i++) {
      theta[slot.offset() + i] = values[i / values[0].length][i % values[0].length];
    }
  }

  static float[] floats(double[]... rows) {
    float[] floats = new float[rows.length * rows[0].length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) rows[i / rows[0].length][i % rows[0].length];
    }
    return floats;
  }
}
