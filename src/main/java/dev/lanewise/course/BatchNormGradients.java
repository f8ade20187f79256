package dev.lanewise.course;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Network;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;

/**
 * The lab's gradient check of the layer: {@code x = 5·randn + 12}, scales, shifts and the gradient
 * that comes from above, drawn in this order.
 */
final class BatchNormGradients {
  private static final double STEP = 1e-5;
  private static final int ROWS = 4;
  private static final int COLUMNS = 5;

  private final Network network =
      Network.inputs(ROWS)
          .dense(COLUMNS)
          .add(BatchNormReplay.NORM)
          .dense(COLUMNS)
          .loss(BatchNormReplay.SQUARED);
  private final ReferenceNetwork reference = new ReferenceNetwork(network);
  private final Layout layout = network.layout();
  private final double[] theta = new double[layout.size()];
  private final double[][] above;
  private final double[][] targets;

  BatchNormGradients() {
    LegacyRandom random = new LegacyRandom(BatchNormReplay.SEED);
    double[][] x = random.normals(ROWS, COLUMNS);
    for (double[] row : x) {
      for (int j = 0; j < COLUMNS; j++) {
        row[j] = 5 * row[j] + 12;
      }
    }
    Matrix.put(theta, slot("x"), x);
    Matrix.put(theta, slot("scale"), random.normals(1, COLUMNS));
    Matrix.put(theta, slot("shift"), random.normals(1, COLUMNS));
    Matrix.put(theta, layout.slot("dense2.weight"), Matrix.identity(COLUMNS, 1));
    above = random.normals(ROWS, COLUMNS);
    targets = scores(theta);
    for (int r = 0; r < ROWS; r++) {
      for (int j = 0; j < COLUMNS; j++) {
        targets[r][j] -= ROWS * above[r][j];
      }
    }
  }

  Slot slot(String part) {
    return layout.slot(part.equals("x") ? "dense1.weight" : "norm1." + part);
  }

  /** The layer's output. */
  private double[][] scores(double[] parameters) {
    return reference.trainingLogits(
        parameters,
        new ReferenceNetwork.Batch(Matrix.identity(ROWS, 1), new double[ROWS][COLUMNS]));
  }

  /** {@return the textbook's gradient, in double precision} */
  double[] textbook() {
    return reference.gradient(theta, new ReferenceNetwork.Batch(Matrix.identity(ROWS, 1), targets));
  }

  /** {@return the engine's gradient} */
  double[] engine(Engine engine) {
    float[] gradient = new float[theta.length];
    Batch batch =
        Batch.of(
            Dataset.of(
                Matrix.floats(Matrix.identity(ROWS, 1)), ROWS, Matrix.floats(targets), COLUMNS));
    TrainingPlan.compile(network, ROWS, engine).gradients(Matrix.floats(theta), batch, 0, gradient);
    return ReferenceNetwork.widen(gradient);
  }

  /** The derivative of Σ above·output by one parameter, by a two-sided difference. */
  private double difference(int parameter) {
    double[] moved = theta.clone();
    moved[parameter] = theta[parameter] + STEP;
    double[][] more = scores(moved);
    moved[parameter] = theta[parameter] - STEP;
    double[][] less = scores(moved);
    double sum = 0;
    for (int r = 0; r < ROWS; r++) {
      for (int j = 0; j < COLUMNS; j++) {
        sum += (more[r][j] - less[r][j]) * above[r][j];
      }
    }
    return sum / (2 * STEP);
  }

  /** {@return the largest relative error of a part's gradient beside differences} */
  double error(double[] gradient, String part) {
    double largest = 0;
    for (int i = slot(part).offset(); i < slot(part).end(); i++) {
      double difference = difference(i);
      double scale = Math.max(1e-8, Math.abs(gradient[i]) + Math.abs(difference));
      largest = Math.max(largest, Math.abs(gradient[i] - difference) / scale);
    }
    return largest;
  }
}
