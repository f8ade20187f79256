package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Small data and recipes that use everything at once: batch norm, dropout, a penalty, Adam, short
 * last batches.
 */
final class Samples {

  /** The share of rows whose largest score is their class's. */
  static final DevMetric ACCURACY =
      DevMetric.of("accuracy", true, (logits, dev, loss) -> accuracy(logits, dev));

  private Samples() {}

  private static double accuracy(float[] logits, Dataset dev) {
    int correct = 0;
    int outputs = logits.length / dev.rows();
    for (int row = 0; row < dev.rows(); row++) {
      int best = 0;
      for (int c = 1; c < outputs; c++) {
        best = logits[row * outputs + c] > logits[row * outputs + best] ? c : best;
      }
      correct += best == dev.targets()[row] ? 1 : 0;
    }
    return (double) correct / dev.rows();
  }

  static Recipe recipe() {
    Network network =
        Network.inputs(2)
            .add(new Dense(16).withPenalty(Penalty.l2PerExample(0.1)))
            .batchNorm()
            .relu()
            .dropout(0.2)
            .dense(3)
            .loss(new Loss.SoftmaxCrossEntropy());
    return Recipe.of(network, Optimizer.adam(0.01)).withBatchSize(16).withEpochs(20).withSeed(7);
  }

  /** {@return a training that has done all its epochs} */
  static Training trained(Recipe recipe, TrainingData data, Engine engine) {
    Training training = Training.start(recipe, data, engine);
    training.forEach(epoch -> {});
    return training;
  }

  /** 97 training rows, so that the last batch of 16 would have one row, and 40 dev rows. */
  static TrainingData data() {
    return TrainingData.of(classes(97, 1)).withDev(classes(40, 2));
  }

  /** Three clouds of points. */
  static Dataset classes(int rows, long seed) {
    return classes(rows, 2, seed);
  }

  static Dataset classes(int rows, int columns, long seed) {
    Random random = new Random(seed);
    float[] features = new float[rows * columns];
    float[] targets = new float[rows];
    for (int row = 0; row < rows; row++) {
      targets[row] = random.nextInt(3);
      for (int c = 0; c < columns; c++) {
        double centre = 2 * Math.cos(2 * Math.PI * (targets[row] / 3 + c / 4.0));
        features[row * columns + c] = (float) (centre + 0.7 * random.nextGaussian());
      }
    }
    return Dataset.of(features, columns, targets, 1);
  }

  /** Points left and right of a line, with targets 0 and 1. */
  static Dataset binary(int rows, long seed) {
    Random random = new Random(seed);
    float[] features = new float[rows * 2];
    float[] targets = new float[rows];
    for (int row = 0; row < rows; row++) {
      features[2 * row] = (float) random.nextGaussian();
      features[2 * row + 1] = (float) random.nextGaussian();
      targets[row] = features[2 * row] + features[2 * row + 1] > 0 ? 1 : 0;
    }
    return Dataset.of(features, 2, targets, 1);
  }

  /** A metric that gives the same scores whatever happens, one after the other. */
  static DevMetric scripted(double... scores) {
    AtomicInteger epoch = new AtomicInteger();
    return DevMetric.of("scripted", true, (logits, dev, loss) -> scores[epoch.getAndIncrement()]);
  }
}
