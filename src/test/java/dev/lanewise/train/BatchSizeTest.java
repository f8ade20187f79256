package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Batches;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.plan.TrainingPlan;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * An epoch is a step for each batch, and a step goes down the gradient of the mean over its own
 * rows, whether they are one, some or all.
 */
class BatchSizeTest {

  private static final Engine ENGINE = Engine.standard();
  private static final Network NETWORK =
      Network.inputs(2).dense(5).relu().dense(3).loss(new Loss.SoftmaxCrossEntropy());
  private static final float RATE = 0.25f;
  private static final long SEED = 9;

  private static void assertAnEpochIsAStepForEachBatch(int rows, int size) {
    Dataset data = Samples.classes(rows, 4);
    Recipe recipe = Recipe.of(NETWORK, Optimizer.sgd(RATE)).withBatchSize(size).withSeed(SEED);
    Training training = Training.start(recipe, TrainingData.of(data), ENGINE);
    training.finishEpoch();
    float[] theta = NETWORK.initialParameters(SEED);
    Batches batches = Batches.of(data, size, SEED, false);
    batches.start(0);
    for (int b = 0; b < batches.count(); b++) {
      descend(theta, batches.get(b));
    }
    assertEquals(batches.count(), training.steps());
    float[] trained = training.parameters();
    for (int i = 0; i < theta.length; i++) {
      assertEquals(theta[i], trained[i], 1e-5);
    }
  }

  /** By the sum over single rows, in double, divided by the batch's own rows. */
  private static void descend(float[] theta, Batch batch) {
    TrainingPlan plan = TrainingPlan.compile(NETWORK, 1, ENGINE);
    double[] sum = new double[theta.length];
    float[] gradient = new float[theta.length];
    for (int row = 0; row < batch.rows(); row++) {
      Dataset one =
          Dataset.of(
              Arrays.copyOfRange(batch.features(), 2 * row, 2 * row + 2),
              2,
              Arrays.copyOfRange(batch.targets(), row, row + 1),
              1);
      plan.gradients(theta, Batch.of(one), 0, gradient);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += gradient[i];
      }
    }
    for (int i = 0; i < sum.length; i++) {
      theta[i] -= (float) (RATE * sum[i] / batch.rows());
    }
  }

  @Example
  void aFullBatchIsOneStepByTheMeanOverAllRows() {
    assertAnEpochIsAStepForEachBatch(53, 0);
  }

  @Example
  void stochasticDescentIsAStepForEachRow() {
    assertAnEpochIsAStepForEachBatch(53, 1);
  }

  @Example
  void theLastShortBatchIsScaledByItsOwnSize() {
    assertAnEpochIsAStepForEachBatch(53, 52);
    assertAnEpochIsAStepForEachBatch(53, 50);
  }

  @Property(tries = 30)
  void miniBatchesAreAStepForEachBatch(
      @ForAll @IntRange(min = 1, max = 60) int rows, @ForAll @IntRange(max = 70) int size) {
    assertAnEpochIsAStepForEachBatch(rows, size);
  }
}
