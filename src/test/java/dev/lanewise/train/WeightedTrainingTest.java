package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.net.Penalty.L1Form;
import dev.lanewise.optim.Optimizer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Losses, weights and penalties as the training loop has them. */
class WeightedTrainingTest {

  private static final Engine ENGINE = Engine.standard();

  private static Recipe recipe(Loss loss) {
    Network network = Network.inputs(2).dense(5).relu().dense(3).loss(loss);
    return Recipe.of(network, Optimizer.adam(0.01)).withBatchSize(16).withEpochs(3).withSeed(7);
  }

  private static Epoch last(Training training) {
    Epoch last = null;
    for (Epoch epoch : training) {
      last = epoch;
    }
    return last;
  }

  @Test
  void rowsOfWeightZeroLeaveNoTraceInTheParameters() {
    Dataset rows = Samples.classes(97, 1);
    float[] weights = new float[97];
    Arrays.fill(weights, 2);
    float[] others = rows.features().clone();
    for (int row = 0; row < 97; row += 4) {
      weights[row] = 0;
      others[2 * row] = 5;
    }
    Recipe recipe = recipe(new Loss.SoftmaxCrossEntropy());
    Training first = Training.start(recipe, TrainingData.of(rows.withWeights(weights)), ENGINE);
    Training second =
        Training.start(
            recipe,
            TrainingData.of(Dataset.of(others, 2, rows.targets(), 1).withWeights(weights)),
            ENGINE);
    assertEquals(last(first).trainingLoss(), last(second).trainingLoss());
    assertArrayEquals(first.parameters(), second.parameters());
  }

  @Test
  void devLossIsNeverSmoothed() {
    Recipe smoothed = recipe(new Loss.SoftmaxCrossEntropy(0.3f));
    Training training = Training.start(smoothed, Samples.data(), ENGINE);
    Epoch epoch = last(training);
    Recipe plain = recipe(new Loss.SoftmaxCrossEntropy()).withBatchSize(0).withEpochs(1);
    Dataset dev = Samples.classes(40, 2);
    double expected =
        last(Training.start(plain, TrainingData.of(dev), training.parameters(), ENGINE))
            .trainingLoss();
    assertEquals(expected, epoch.devLoss().orElseThrow(), 1e-6);
  }

  @Test
  void devLossTakesTheDevRowsOwnWeights() {
    Dataset dev = Samples.classes(40, 2);
    float[] threes = new float[40];
    Arrays.fill(threes, 3);
    Recipe recipe = recipe(new Loss.SoftmaxCrossEntropy());
    TrainingData data = TrainingData.of(Samples.classes(97, 1));
    double plain = last(Training.start(recipe, data.withDev(dev), ENGINE)).devLoss().orElseThrow();
    double weighted =
        last(Training.start(recipe, data.withDev(dev.withWeights(threes)), ENGINE))
            .devLoss()
            .orElseThrow();
    assertEquals(3 * plain, weighted, 1e-6);
  }

  @Test
  void targetsThatTheLossDoesNotTakeAreRefusedByTheirRow() {
    Dataset counts = Dataset.of(new float[6], 2, new float[] {0, 3, -1}, 1);
    Network network = Network.inputs(2).dense(1).loss(new Loss.Poisson());
    Recipe recipe = Recipe.of(network, Optimizer.adam(0.01));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Training.start(recipe, TrainingData.of(counts), ENGINE));
    assertEquals(
        "training: target -1.0 in row 2; expected a number that Poisson[] takes", e.getMessage());
  }

  @Test
  void severalOutputsAreTrainedAsManyNetworksOfOneOutput() {
    Dataset both = regression(2);
    for (Loss loss :
        new Loss[] {
          new Loss.SquaredError(), new Loss.Huber(0.5f), new Loss.Poisson(), new Loss.Quantile(0.9f)
        }) {
      Network two = Network.inputs(3).add(zeros(2)).loss(loss);
      Network one = Network.inputs(3).add(zeros(1)).loss(loss);
      float[] together = trained(two, both);
      for (int output = 0; output < 2; output++) {
        float[] targets = new float[both.rows()];
        for (int row = 0; row < targets.length; row++) {
          targets[row] = both.targets()[2 * row + output];
        }
        float[] alone = trained(one, Dataset.of(both.features(), 3, targets, 1));
        for (int k = 0; k < 4; k++) { // three weights and the bias
          assertEquals(alone[k], together[2 * k + output], 1e-6, loss.toString());
        }
      }
    }
  }

  private static Dense zeros(int units) {
    return new Dense(units).withInitializer(new Initializer.Zeros());
  }

  private static float[] trained(Network network, Dataset rows) {
    Recipe recipe = Recipe.of(network, Optimizer.sgd(0.05)).withBatchSize(8).withEpochs(5);
    Training training = Training.start(recipe, TrainingData.of(rows), ENGINE);
    last(training);
    return training.parameters();
  }

  private static Dataset regression(int outputs) {
    Dataset inputs = Samples.classes(37, 3, 5);
    float[] targets = new float[37 * outputs];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = Math.abs(inputs.features()[i]) + i % outputs;
    }
    return Dataset.of(inputs.features(), 3, targets, outputs);
  }

  @Test
  void aSoftThresholdLeavesOutColumnsThatTellNothing() {
    Dataset rows = Samples.classes(97, 20, 1);
    float[] features = rows.features().clone();
    for (int row = 0; row < 97; row++) {
      for (int c = 2; c < 20; c++) {
        features[row * 20 + c] = (row * 31 + c * 17) % 7 / 7f - 0.43f; // knows no class
      }
    }
    Network network =
        Network.inputs(20)
            .add(new Dense(3).withPenalty(Penalty.l1(0.05).withL1Form(L1Form.SOFT_THRESHOLD)))
            .loss(new Loss.SoftmaxCrossEntropy());
    Recipe recipe = Recipe.of(network, Optimizer.sgd(0.1)).withBatchSize(0).withEpochs(300);
    Training training =
        Training.start(
            recipe, TrainingData.of(Dataset.of(features, 20, rows.targets(), 1)), ENGINE);
    last(training);
    float[] theta = training.parameters();
    int zeros = 0;
    for (int i = 0; i < 60; i++) {
      zeros += theta[i] == 0 ? 1 : 0;
    }
    assertTrue(zeros >= 40, zeros + " weights are 0");
    boolean informed = false;
    for (int i = 0; i < 6; i++) {
      informed |= Math.abs(theta[i]) > 0.1;
    }
    assertTrue(informed);
  }
}
