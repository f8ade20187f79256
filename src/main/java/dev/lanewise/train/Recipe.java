package dev.lanewise.train;

import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import java.util.Objects;

/**
 * How to train a network. Together with the data it determines the trained parameters bit for bit.
 * Immutable.
 *
 * @param network the network; per-example penalties are resolved with the rows of the training set
 * @param optimizer the optimiser
 * @param batchSize the rows of a batch; 0 for all rows in one batch, which is never shuffled
 * @param epochs the passes over the training rows, at least 1
 * @param seed the seed of initial parameters, shuffles and dropout; 0 is a seed like any other
 * @param stopRule when to stop before the last epoch
 */
public record Recipe(
    Network network, Optimizer optimizer, int batchSize, int epochs, long seed, StopRule stopRule) {

  /**
   * Creates a recipe.
   *
   * @throws IllegalArgumentException if a number is out of range, or batches of one row meet batch
   *     norm
   */
  public Recipe {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(stopRule, "stopRule");
    if (batchSize < 0) {
      throw new IllegalArgumentException(
          "batchSize: %d; expected a number of rows, or 0 for all".formatted(batchSize));
    }
    if (batchSize == 1 && network.normalizesBatches()) {
      throw new IllegalArgumentException(
          "batchSize: 1; expected at least 2, because batch norm takes statistics over a batch");
    }
    if (epochs < 1) {
      throw new IllegalArgumentException("epochs: %d; expected at least 1".formatted(epochs));
    }
  }

  /**
   * {@return a recipe with batches of 64 rows, 100 epochs, seed 0 and no early stopping}
   *
   * @param network the network
   * @param optimizer the optimiser
   */
  public static Recipe of(Network network, Optimizer optimizer) {
    return new Recipe(network, optimizer, 64, 100, 0, StopRule.never());
  }

  /**
   * {@return this recipe with another batch size}
   *
   * @param rows the rows of a batch; 0 for all rows in one batch
   */
  public Recipe withBatchSize(int rows) {
    return new Recipe(network, optimizer, rows, epochs, seed, stopRule);
  }

  /**
   * {@return this recipe with another number of epochs}
   *
   * @param count the passes over the training rows, at least 1
   */
  public Recipe withEpochs(int count) {
    return new Recipe(network, optimizer, batchSize, count, seed, stopRule);
  }

  /**
   * {@return this recipe with another seed}
   *
   * @param other the seed
   */
  public Recipe withSeed(long other) {
    return new Recipe(network, optimizer, batchSize, epochs, other, stopRule);
  }

  /**
   * {@return this recipe with another stop rule}
   *
   * @param rule when to stop before the last epoch
   */
  public Recipe with(StopRule rule) {
    return new Recipe(network, optimizer, batchSize, epochs, seed, rule);
  }
}
