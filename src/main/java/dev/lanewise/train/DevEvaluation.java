package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.MeanLoss;
import dev.lanewise.plan.PackedNetwork;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Computes the dev rows' loss and metric after each epoch, with one inference plan that is repacked
 * in place.
 */
final class DevEvaluation {

  private final Dataset dev;
  private final Optional<DevMetric> metric;
  private final Loss loss;
  private final MeanLoss meanLoss;
  private final Team team;
  private final PackedNetwork packed;
  private final InferencePlan plan;
  private final float[] scores;

  DevEvaluation(
      Network network, Dataset dev, Optional<DevMetric> metric, float[] theta, Engine engine) {
    this.dev = dev;
    this.metric = metric;
    loss = network.loss();
    meanLoss = MeanLoss.compileUnsmoothed(network, dev.rows(), engine);
    team = engine.parallel().team();
    packed = PackedNetwork.pack(network, theta, engine);
    plan = InferencePlan.over(packed);
    scores = new float[Math.multiplyExact(dev.rows(), network.outputs())];
  }

  /**
   * The dev rows' scores.
   *
   * @param loss the mean loss, weighted if the rows have weights, never smoothed; not finite if the
   *     network has diverged
   * @param metric the metric, if there is one
   */
  record Result(double loss, OptionalDouble metric) {}

  Result evaluate(float[] theta) {
    packed.repack(theta);
    plan.scores(dev.features(), 0, dev.rows(), scores, 0);
    // The metric comes first, because the loss overwrites the logits with their gradient.
    OptionalDouble score =
        metric.isPresent()
            ? OptionalDouble.of(metric.get().score(scores, dev, loss))
            : OptionalDouble.empty();
    double mean =
        meanLoss.of(team, scores, dev.targets(), dev.targetColumns(), dev.weights(), dev.rows());
    return new Result(mean, score);
  }

  /**
   * {@return where a dev row's number is first not finite for the parameters evaluated last, as
   * {@code dense2: Infinity in row 3, unit 17}; empty if all is finite as far as the scores}
   */
  Optional<String> firstNonFinite() {
    return plan.firstNonFinite(dev.features(), dev.rows());
  }
}
