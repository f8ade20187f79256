package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;

/** Rows that a network could be trained on, drawn by a seed: features are standard normal. */
final class RandomRows {

  private static final long FEATURES = CounterRandom.stream("random features");
  private static final long TARGETS = CounterRandom.stream("random targets");
  private static final int LARGEST_COUNT = 5;

  private RandomRows() {}

  /**
   * {@return rows that fit a network}
   *
   * @param network the network
   * @param rows how many
   * @param seed the seed
   * @throws IllegalArgumentException if they are too many numbers for one array
   */
  static Dataset of(Network network, int rows, long seed) {
    long featureKey = CounterRandom.key(seed, FEATURES, 0);
    float[] features = numbers(rows, network.inputs());
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) CounterRandom.normal(featureKey, i);
    }
    boolean classNumbers = network.loss().takesClassNumbers(1);
    int columns = classNumbers ? 1 : network.outputs();
    long targetKey = CounterRandom.key(seed, TARGETS, 0);
    float[] targets = numbers(rows, columns);
    for (int i = 0; i < targets.length; i++) {
      targets[i] =
          switch (network.loss().link()) {
            case SOFTMAX -> CounterRandom.below(targetKey, i, network.outputs());
            case SIGMOID -> CounterRandom.below(targetKey, i, 2);
            case EXP -> CounterRandom.below(targetKey, i, LARGEST_COUNT + 1);
            case IDENTITY -> (float) CounterRandom.normal(targetKey, i);
          };
    }
    return Dataset.of(features, network.inputs(), targets, columns);
  }

  /** Both words of a normal draw need an index, so half of all indices is the limit. */
  private static float[] numbers(int rows, int columns) {
    if ((long) rows * columns > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "--rows: %d of %d columns; expected fewer than 2^30 numbers".formatted(rows, columns));
    }
    return new float[rows * columns];
  }
}
