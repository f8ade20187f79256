package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Batches;
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

  /** … and where a short last batch is dropped, the mean over the rows that were dealt. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 40, 96, 97, 200})
  void rowsThatAreDroppedHaveNoPartInIt(int batchSize) {
    Network network = Network.inputs(2).dense(3).loss(new Loss.SoftmaxCrossEntropy());
    Dataset rows = Samples.classes(97, 1);
    float[] theta = network.initialParameters(3);
    Recipe recipe =
        Recipe.of(network, Optimizer.sgd(1e-30))
            .withBatchSize(batchSize)
            .withSeed(3)
            .withDroppedTail();
    TrainingPlan plan = TrainingPlan.compile(network, 97, ENGINE);
    Batches batches = Batches.of(rows, batchSize, 3, false);
    batches.start(0);
    int size = batchSize == 0 ? 97 : Math.min(batchSize, 97);
    int steps = 97 / size;
    double sum = 0;
    for (int b = 0; b < steps; b++) {
      sum += plan.gradients(theta, batches.get(b), 0, new float[theta.length]);
    }
    Training training = Training.start(recipe, TrainingData.of(rows), ENGINE);
    assertEquals(steps, training.stepsPerEpoch());
    assertEquals(sum / steps, training.finishEpoch().trainingLoss(), 1e-12);
    assertEquals(steps, training.steps());
  }
}
