package dev.lanewise.train;

import dev.lanewise.data.Augmentation;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How to train a network. Together with the data it determines the trained parameters bit for bit.
 * Immutable.
 *
 * @param network the network; per-example penalties are resolved with the rows of the training set
 * @param optimizer the optimiser
 * @param batchSize the rows of a batch; 0 for all rows in one batch, which is never shuffled
 * @param microBatch the most rows that are taken through the network at once; a larger batch's
 *     gradient is accumulated over several such parts before the update; 0 for whole batches
 * @param epochs the passes over the training rows, at least 1
 * @param seed the seed of initial parameters, shuffles and dropout; 0 is a seed like any other
 * @param stopRule when to stop before the last epoch
 * @param plateau when to lower the learning rate, if ever
 * @param averaging how parameters are averaged, if they are
 * @param augmentations what is done to training examples, in this order; never to dev rows
 */
public record Recipe(
    Network network,
    Optimizer optimizer,
    int batchSize,
    int microBatch,
    int epochs,
    long seed,
    StopRule stopRule,
    Optional<Plateau> plateau,
    Optional<Averaging> averaging,
    List<Augmentation> augmentations) {

  /**
   * Creates a recipe.
   *
   * @throws IllegalArgumentException if a number is out of range, or batches of one row or parts of
   *     batches meet batch norm
   */
  public Recipe {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(stopRule, "stopRule");
    Objects.requireNonNull(plateau, "plateau");
    Objects.requireNonNull(averaging, "averaging");
    augmentations = List.copyOf(Objects.requireNonNull(augmentations, "augmentations"));
    if (batchSize < 0) {
      throw new IllegalArgumentException(
          "batchSize: %d; expected a number of rows, or 0 for all".formatted(batchSize));
    }
    if (microBatch < 0) {
      throw new IllegalArgumentException(
          "microBatch: %d; expected a number of rows, or 0 for whole batches"
              .formatted(microBatch));
    }
    if (microBatch > 0 && network.normalizesBatches()) {
      throw new IllegalArgumentException(
          "microBatch: %d; expected 0, because batch norm takes statistics over a whole batch"
              .formatted(microBatch));
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
    return new Recipe(
        network,
        optimizer,
        64,
        0,
        100,
        0,
        StopRule.never(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /**
   * {@return this recipe with another batch size}
   *
   * @param rows the rows of a batch; 0 for all rows in one batch
   */
  public Recipe withBatchSize(int rows) {
    return new Recipe(
        network,
        optimizer,
        rows,
        microBatch,
        epochs,
        seed,
        stopRule,
        plateau,
        averaging,
        augmentations);
  }

  /**
   * {@return this recipe with another number of epochs}
   *
   * @param count the passes over the training rows, at least 1
   */
  public Recipe withEpochs(int count) {
    return new Recipe(
        network,
        optimizer,
        batchSize,
        microBatch,
        count,
        seed,
        stopRule,
        plateau,
        averaging,
        augmentations);
  }

  /**
   * {@return this recipe with another seed}
   *
   * @param other the seed
   */
  public Recipe withSeed(long other) {
    return new Recipe(
        network,
        optimizer,
        batchSize,
        microBatch,
        epochs,
        other,
        stopRule,
        plateau,
        averaging,
        augmentations);
  }

  /**
   * {@return this recipe with another stop rule}
   *
   * @param rule when to stop before the last epoch
   */
  public Recipe with(StopRule rule) {
    return new Recipe(
        network,
        optimizer,
        batchSize,
        microBatch,
        epochs,
        seed,
        rule,
        plateau,
        averaging,
        augmentations);
  }

  /**
   * {@return this recipe with gradients accumulated over parts of a batch}
   *
   * @param rows the most rows of a part; 0 for whole batches
   */
  public Recipe withMicroBatch(int rows) {
    return new Recipe(
        network,
        optimizer,
        batchSize,
        rows,
        epochs,
        seed,
        stopRule,
        plateau,
        averaging,
        augmentations);
  }

  /**
   * {@return this recipe with a rule that lowers the learning rate}
   *
   * @param rule when to lower it
   */
  public Recipe with(Plateau rule) {
    return new Recipe(
        network,
        optimizer,
        batchSize,
        microBatch,
        epochs,
        seed,
        stopRule,
        Optional.of(Objects.requireNonNull(rule, "rule")),
        averaging,
        augmentations);
  }

  /**
   * {@return this recipe with averaged parameters as its result}
   *
   * @param form how they are averaged
   */
  public Recipe with(Averaging form) {
    return new Recipe(
        network,
        optimizer,
        batchSize,
        microBatch,
        epochs,
        seed,
        stopRule,
        plateau,
        Optional.of(Objects.requireNonNull(form, "form")),
        augmentations);
  }

  /**
   * {@return this recipe with training examples changed at random}
   *
   * @param changes what is done to an example, in this order
   */
  public Recipe withAugmentations(List<Augmentation> changes) {
    return new Recipe(
        network,
        optimizer,
        batchSize,
        microBatch,
        epochs,
        seed,
        stopRule,
        plateau,
        averaging,
        changes);
  }

  /** {@return this recipe without end, and without the rules that watch dev rows} */
  Recipe unwatched() {
    return new Recipe(
        network,
        optimizer,
        batchSize,
        microBatch,
        Integer.MAX_VALUE,
        seed,
        StopRule.never(),
        Optional.empty(),
        averaging,
        augmentations);
  }

  /**
   * {@return this recipe with another optimiser}
   *
   * @param other the optimiser
   */
  public Recipe with(Optimizer other) {
    return new Recipe(
        network,
        other,
        batchSize,
        microBatch,
        epochs,
        seed,
        stopRule,
        plateau,
        averaging,
        augmentations);
  }
}
