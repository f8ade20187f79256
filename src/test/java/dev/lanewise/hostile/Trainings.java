package dev.lanewise.hostile;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.Averaging;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.ReduceOnPlateau;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.io.IOException;
import java.util.Random;

/** Small trainings that between them have everything that a checkpoint can hold. */
final class Trainings {

  /** How many kinds there are. */
  static final int KINDS = 5;

  private static final Dataset ROWS = rows(20, 1);
  private static final Dataset DEV = rows(9, 2);

  private Trainings() {}

  private static Dataset rows(int rows, long seed) {
    Random random = new Random(seed);
    float[] features = new float[2 * rows];
    float[] targets = new float[rows];
    for (int row = 0; row < rows; row++) {
      features[2 * row] = (float) random.nextGaussian();
      features[2 * row + 1] = (float) random.nextGaussian();
      targets[row] = random.nextInt(3);
    }
    return Dataset.of(features, 2, targets, 1);
  }

  private static Recipe recipe(int kind) {
    Network.Builder network = Network.inputs(2).dense(3);
    Recipe recipe =
        Recipe.of(
                (kind == 1 ? network : network.batchNorm())
                    .relu()
                    .dense(3)
                    .loss(new Loss.SoftmaxCrossEntropy()),
                kind == 2 ? Optimizer.nesterov(0.1, 0.9) : Optimizer.adam(0.01))
            .withBatchSize(7)
            .withEpochs(5)
            .withSeed(kind);
    return switch (kind) {
      case 0 -> recipe;
      case 1 ->
          recipe
              .withAveraging(new Averaging.Exponential(0.9))
              .withEarlyStopping(EarlyStopping.patience(2));
      case 2 ->
          recipe
              .withAveraging(new Averaging.Epochs(2))
              .withEarlyStopping(EarlyStopping.patience(3))
              .withReduceOnPlateau(ReduceOnPlateau.of(2, 0.5));
      case 3 -> recipe.withReduceOnPlateau(ReduceOnPlateau.of(1, 0.1).withMinimumDelta(1));
      default ->
          recipe.withDroppedTail().withEarlyStopping(EarlyStopping.keepBest().withLatestOfEqual());
    };
  }

  private static TrainingData data(int kind) {
    TrainingData data = TrainingData.of(ROWS);
    return kind == 0 ? data : data.withDev(DEV);
  }

  /** {@return a training of a kind at its beginning} */
  static Training start(int kind, Engine engine) {
    return Training.start(recipe(kind), data(kind), engine);
  }

  /** {@return the checkpoint of a training of a kind after some steps, or at its end} */
  static byte[] checkpoint(int kind, int steps) {
    try (Training training = start(kind, Engine.standard())) {
      for (int i = 0; i < steps && !training.finished(); i++) {
        training.step();
      }
      if (kind == 3) {
        training.changeRate(0.02);
      }
      return training.toBytes();
    }
  }

  /** {@return the training of a kind that a checkpoint holds} */
  static Training resume(int kind, byte[] checkpoint, Engine engine) throws IOException {
    return Training.resume(checkpoint, recipe(kind), data(kind), engine);
  }
}
