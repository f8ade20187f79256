package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.plan.TrainingPlan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an epoch reports of its batches. */
final class EpochLossTest {

  private static final Engine ENGINE = Engine.standard();

  /** At a rate that moves nothing, it is the loss of all rows in one batch. */
  @ParameterizedTest
  @ValueSource(ints = {1, 16, 40, 96, 97})
  void theLossOfAnEpochIsTheMeanOverItsRowsWhateverTheBatches(int batchSize) {
    Network network = Network.inputs(2).dense(3).loss(new Loss.SoftmaxCrossEntropy());
    Dataset rows = Samples.classes(97, 1);
    float[] theta = network.initialParameters(3);
    TrainingPlan plan = TrainingPlan.compile(network, 97, ENGINE);
    double expected = plan.gradients(theta, Batch.of(rows), 0, new float[theta.length]);
    Recipe recipe = Recipe.of(network, Optimizer.sgd(1e-30)).withBatchSize(batchSize).withSeed(3);
    Training training = Training.start(recipe, TrainingData.of(rows), ENGINE);
    assertEquals(expected, training.finishEpoch().trainingLoss(), 1e-6);
    assertArrayEquals(theta, training.parameters(), 1e-20f);
  }
}
