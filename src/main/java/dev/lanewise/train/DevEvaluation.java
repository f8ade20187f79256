package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.kernel.Engine;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.PackedNetwork;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Takes the dev rows' loss and metric, epoch after epoch, with one inference plan that is repacked
 * in place.
 */
final class DevEvaluation {

  private final Network network;
  private final Dataset dev;
  private final Optional<DevMetric> metric;
  private final Kernels kernels;
  private final PackedNetwork packed;
  private final InferencePlan plan;
  private final float[] scores;
  private final float[] losses;

  DevEvaluation(
      Network network, Dataset dev, Optional<DevMetric> metric, float[] theta, Engine engine) {
    this.network = network;
    this.dev = dev;
    this.metric = metric;
    kernels = engine.kernels();
    packed = PackedNetwork.pack(network, theta, engine);
    plan = InferencePlan.over(packed);
    scores = new float[Math.multiplyExact(dev.rows(), network.outputs())];
    losses = new float[dev.rows()];
  }

  /**
   * The dev rows' scores.
   *
   * @param loss the mean loss
   * @param metric the metric, if there is one
   */
  record Result(double loss, OptionalDouble metric) {}

  Result evaluate(float[] theta) {
    packed.repack(theta);
    plan.scores(dev.features(), 0, dev.rows(), scores, 0);
    // The metric comes first, because the loss kernels leave gradients in place of the scores.
    OptionalDouble score =
        metric.isPresent()
            ? OptionalDouble.of(metric.get().of(scores, dev))
            : OptionalDouble.empty();
    rowLosses(dev.targets(), dev.rows(), network.outputs());
    return new Result(kernels.sum(losses, 0, dev.rows()) / dev.rows(), score);
  }

  private void rowLosses(float[] targets, int rows, int outputs) {
    switch (network.loss()) {
      case Loss.SoftmaxCrossEntropy l ->
          kernels.softmaxCrossEntropy(
              scores, 0, rows, outputs, targets, 0, dev.targetColumns(), 1, losses, 0);
      case Loss.SigmoidCrossEntropy l ->
          kernels.sigmoidCrossEntropy(scores, 0, rows, outputs, targets, 0, 1, losses, 0);
      case Loss.SquaredError l ->
          kernels.squaredError(scores, 0, rows, outputs, targets, 0, 1, losses, 0);
      case Loss.Huber l ->
          kernels.huber(scores, 0, rows, outputs, targets, 0, 1, losses, 0, l.delta());
    }
  }
}
