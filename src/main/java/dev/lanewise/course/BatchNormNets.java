package dev.lanewise.course;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.plan.TrainingPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The lab's two nets 15-20-30-10 with batch norm, for two rows, without and with a penalty of
 * {@code λ/2·Σw²}: rows, classes, the first net's weights and the second's are drawn in this order.
 */
final class BatchNormNets {

  private static final int ROWS = 2;
  private static final int[] UNITS = {15, 20, 30, 10};
  private static final double DEVIATION = 5e-2;

  /** A share of the loss: some sixteen roundings of a float. */
  private static final double ALLOWED = 1e-6;

  private final LegacyRandom random = new LegacyRandom(BatchNormReplay.SEED);
  private final double[][] x = random.normals(ROWS, UNITS[0]);
  private final int[] classes = {random.below(UNITS[3]), random.below(UNITS[3])};

  /** {@return both losses} */
  static List<CourseFigure> losses(Engine engine) {
    BatchNormNets nets = new BatchNormNets();
    return List.of(
        nets.loss(0, 2.2611955101340957, engine), nets.loss(3.14, 6.996533220108303, engine));
  }

  /** {@return the features} */
  double[][] x() {
    return x;
  }

  int[] classes() {
    return classes;
  }

  /** {@return the weights of the next net, layer by layer} */
  List<double[][]> nextWeights() {
    List<double[][]> weights = new ArrayList<>();
    for (int n = 1; n < UNITS.length; n++) {
      double[][] weight = random.normals(UNITS[n - 1], UNITS[n]);
      for (double[] row : weight) {
        for (int j = 0; j < row.length; j++) {
          row[j] *= DEVIATION;
        }
      }
      weights.add(weight);
    }
    return weights;
  }

  private CourseFigure loss(double lambda, double published, Engine engine) {
    Network network = network(Penalty.l2(lambda));
    double[] theta = new double[network.layout().size()];
    List<double[][]> weights = nextWeights();
    for (int n = 1; n <= weights.size(); n++) {
      Matrix.put(theta, network.layout().slot("dense" + n + ".weight"), weights.get(n - 1));
    }
    for (int n = 1; n <= 2; n++) {
      double[] ones = new double[UNITS[n]];
      Arrays.fill(ones, 1);
      Matrix.put(theta, network.layout().slot("norm" + n + ".scale"), ones);
    }
    float[] parameters = Matrix.floats(theta);
    float[] labels = {classes[0], classes[1]};
    Batch batch = Batch.of(Dataset.of(Matrix.floats(x), UNITS[0], labels, 1));
    TrainingPlan plan = TrainingPlan.compile(network, ROWS, engine);
    double loss =
        plan.gradients(parameters, batch, 0, new float[parameters.length])
            + plan.penalty(parameters);
    return CourseFigure.of("net 15-20-30-10", lambda == 0 ? "loss" : "loss, L2 " + lambda, 8, loss)
        .against(published, ALLOWED * published);
  }

  private static Network network(Penalty penalty) {
    Network.Builder builder = Network.inputs(UNITS[0]);
    for (int n = 1; n <= 2; n++) {
      builder.add(new Dense(UNITS[n]).withPenalty(penalty)).add(BatchNormReplay.NORM).relu();
    }
    return builder
        .add(new Dense(UNITS[3]).withPenalty(penalty))
        .loss(new Loss.SoftmaxCrossEntropy());
  }
}
