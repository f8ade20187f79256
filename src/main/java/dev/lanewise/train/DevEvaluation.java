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
import java.util.function.Supplier;

/**
 * Computes the dev rows' loss and metric after each epoch, with one inference plan that is repacked
 * in place.
 */
final class DevEvaluation {

  private final Dataset dev;
  private final Optional<DevMetric> metric;
  private final Loss loss;
  private final Network network;
  private final Supplier<Engine> engine;
  private final Team team;

  /** The engine that the three below are compiled for. */
  private Engine compiledFor;

  private MeanLoss meanLoss;
  private PackedNetwork packed;
  private InferencePlan plan;
  private final float[] scores;

  /**
   * @param theta the first parameters
   * @param engine the engine that computes the training's steps now
   */
  DevEvaluation(
      Network network,
      Dataset dev,
      Optional<DevMetric> metric,
      float[] theta,
      Supplier<Engine> engine) {
    this.network = network;
    this.dev = dev;
    this.metric = metric;
    this.engine = engine;
    loss = network.loss();
    team = engine.get().parallel().team();
    scores = new float[Math.multiplyExact(dev.rows(), network.outputs())];
    compile(theta);
  }

  private void compile(float[] theta) {
    compiledFor = engine.get();
    meanLoss = MeanLoss.compileUnsmoothed(network, dev.rows(), compiledFor);
    packed = PackedNetwork.pack(network, theta, compiledFor);
    plan = InferencePlan.over(packed);
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
    if (engine.get() != compiledFor) {
      compile(theta);
    } else {
      packed.repack(theta);
    }
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
