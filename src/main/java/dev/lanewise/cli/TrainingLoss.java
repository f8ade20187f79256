package dev.lanewise.cli;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Batches;
import dev.lanewise.data.ExampleSet;
import dev.lanewise.engine.Engine;
import dev.lanewise.kernel.Team;
import dev.lanewise.model.Model;
import dev.lanewise.net.Network;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.MeanLoss;
import dev.lanewise.plan.PackedNetwork;

/** The loss of a training's result on its rows, as it was minimised. */
final class TrainingLoss {

  private static final int ROWS = 256;

  private TrainingLoss() {}

  /**
   * {@return the mean loss of training rows as it was trained on, weighted and smoothed, without
   * penalties and dropout; with members that of the mean of their predictions}
   *
   * @param trained the result
   * @param rows the rows, in memory or streamed
   * @param engine what computes
   */
  static double of(Model trained, ExampleSet rows, Engine engine) {
    Network network = trained.network();
    InferencePlan plan =
        InferencePlan.over(PackedNetwork.pack(network, trained.parameters(), engine));
    MeanLoss loss = MeanLoss.compile(network, ROWS, engine.cold());
    Team team = engine.parallel().team();
    float[] scores = new float[ROWS * network.outputs()];
    Batches batches = Batches.unshuffled(rows, ROWS);
    batches.start(0);
    double sum = 0;
    for (int i = 0; i < batches.count(); i++) {
      Batch some = batches.get(i);
      plan.scores(some.features(), 0, some.rows(), scores, 0);
      double mean =
          loss.of(team, scores, some.targets(), some.targetColumns(), some.weights(), some.rows());
      sum += mean * some.rows();
    }
    return sum / rows.rows();
  }
}
