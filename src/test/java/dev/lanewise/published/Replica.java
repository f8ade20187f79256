package dev.lanewise.published;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.PackedNetwork;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.tensor.Slot;
import dev.lanewise.update.Updater;

/**
 * A published network as the float engine runs it: parameters given by name, the gradient of a
 * batch, steps of an optimiser, scores.
 */
final class Replica {

  private static final Engine ENGINE = Engine.standard();

  private final Network network;
  private final TrainingPlan plan;
  private final float[] theta;
  private final float[] gradient;

  /**
   * A network with weights of 0, for batches of up to so many rows; they are also the training rows
   * of a per-example penalty.
   */
  Replica(Network network, int rows) {
    this.network = network.resolve(rows);
    plan = TrainingPlan.compile(this.network, rows, ENGINE);
    theta = network.initialParameters(0);
    for (Slot slot : plan.layout().slots()) {
      if (slot.role() == Slot.Role.WEIGHT) {
        put(slot.name(), new double[slot.rows()][slot.columns()]);
      }
    }
    gradient = new float[theta.length];
  }

  /** Sets a tensor, rounded to floats; a vector is one row. */
  Replica put(String tensor, double[]... values) {
    write(theta, tensor, values);
    return this;
  }

  /** Sets a part of the gradient, as if a batch had left it. */
  void putGradient(String tensor, double[]... values) {
    write(gradient, tensor, values);
  }

  private void write(float[] target, String tensor, double[][] values) {
    Slot slot = plan.layout().slot(tensor);
    float[] flat = floats(values);
    if (flat.length != slot.size() || values.length != slot.rows()) {
      throw new IllegalArgumentException(
          "%s: %d numbers in %d rows; expected %s"
              .formatted(tensor, flat.length, values.length, slot));
    }
    System.arraycopy(flat, 0, target, slot.offset(), flat.length);
  }

  /** Takes the gradient of a batch; returns the loss without penalties. */
  double loss(Batch batch) {
    return plan.gradients(theta, batch, 0, gradient);
  }

  /** Takes the gradient of a batch; returns the loss with penalties. */
  double cost(Batch batch) {
    return loss(batch) + penalty();
  }

  double penalty() {
    return plan.penalty(theta);
  }

  Updater updater(Optimizer optimizer) {
    return Updater.compile(optimizer, network, ENGINE);
  }

  /** Moves the parameters by the gradient that was taken last. */
  void step(Updater updater) {
    updater.update(theta, gradient, 0);
  }

  double[][] parameter(String tensor) {
    return read(theta, tensor);
  }

  double[][] gradient(String tensor) {
    return read(gradient, tensor);
  }

  private double[][] read(float[] source, String tensor) {
    Slot slot = plan.layout().slot(tensor);
    return doubles(source, slot.offset(), slot.rows(), slot.columns());
  }

  /** The scores of rows at inference. */
  double[][] scores(double[][] features) {
    float[] scores = new float[features.length * network.outputs()];
    InferencePlan.over(PackedNetwork.pack(network, theta, ENGINE))
        .scores(floats(features), 0, features.length, scores, 0);
    return doubles(scores, 0, features.length, network.outputs());
  }

  static Dataset dataset(double[][] features, double[][] targets) {
    return Dataset.of(floats(features), features[0].length, floats(targets), targets[0].length);
  }

  static Batch batch(double[][] features, double[][] targets) {
    return Batch.of(dataset(features, targets));
  }

  static float[] floats(double[]... rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) rows[i / rows[0].length][i % rows[0].length];
    }
    return flat;
  }

  static double[][] doubles(float[] flat, int offset, int rows, int columns) {
    double[][] matrix = new double[rows][columns];
    for (int i = 0; i < rows * columns; i++) {
      matrix[i / columns][i % columns] = flat[offset + i];
    }
    return matrix;
  }
}
