package dev.lanewise.train;

import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Dataset;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How to train a network. Together with the data it determines the trained parameters bit for bit.
 * Immutable; safe for use by several threads.
 */
public final class Recipe {

  /** Where the first parameters come from. */
  public enum Start {
    /** The draws of the layers' initialisers. */
    DRAWN,
    /**
     * The same draws, and then the training rows (Holzmüller, Grinsztajn and Steinwart 2024): the
     * weights of each dense layer's units are scaled so that their sums vary by 1, and biases lie
     * such that each unit's 0 is among its sums.
     */
    DATA
  }

  private final Network network;
  private final Optimizer optimizer;
  private final int batchSize;
  private final boolean dropsTail;
  private final int microBatch;
  private final int epochs;
  private final long seed;
  private final EarlyStopping earlyStopping;
  private final Optional<ReduceOnPlateau> reduceOnPlateau;
  private final Optional<Averaging> averaging;
  private final List<Augmentation> augmentations;
  private final Optional<Schedule> dropoutFactor;
  private final Start start;

  /** What a recipe is made from; the defaults are those of {@link #of}. */
  private static final class Draft {
    Network network;
    Optimizer optimizer;
    int batchSize = 64;
    boolean dropsTail;
    int microBatch;
    int epochs = 100;
    long seed;
    EarlyStopping earlyStopping = EarlyStopping.never();
    Optional<ReduceOnPlateau> reduceOnPlateau = Optional.empty();
    Optional<Averaging> averaging = Optional.empty();
    List<Augmentation> augmentations = List.of();
    Optional<Schedule> dropoutFactor = Optional.empty();
    Start start = Start.DRAWN;
  }

  private Recipe(Draft draft) {
    network = Objects.requireNonNull(draft.network, "network");
    optimizer = Objects.requireNonNull(draft.optimizer, "optimizer");
    batchSize = draft.batchSize;
    dropsTail = draft.dropsTail;
    microBatch = draft.microBatch;
    epochs = draft.epochs;
    seed = draft.seed;
    earlyStopping = draft.earlyStopping;
    reduceOnPlateau = draft.reduceOnPlateau;
    averaging = draft.averaging;
    augmentations = List.copyOf(draft.augmentations);
    dropoutFactor = draft.dropoutFactor;
    start = draft.start;
    dropoutFactor.ifPresent(factor -> DropoutFactor.check(factor, network));
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
   * @param network the network; per-example penalties are resolved with the rows of the training
   *     set
   * @param optimizer the optimiser
   */
  public static Recipe of(Network network, Optimizer optimizer) {
    Draft draft = new Draft();
    draft.network = network;
    draft.optimizer = optimizer;
    return new Recipe(draft);
  }

  /**
   * {@return the recipe of {@link Tabular#small()} with its network}
   *
   * @param rows the training rows of a table, encoded as the preset says
   * @throws IllegalArgumentException if no encoder made them
   */
  public static Recipe tabular(Dataset rows) {
    return Tabular.small().recipe(rows);
  }

  private Recipe with(Consumer<Draft> change) {
    Draft draft = new Draft();
    draft.network = network;
    draft.optimizer = optimizer;
    draft.batchSize = batchSize;
    draft.dropsTail = dropsTail;
    draft.microBatch = microBatch;
    draft.epochs = epochs;
    draft.seed = seed;
    draft.earlyStopping = earlyStopping;
    draft.reduceOnPlateau = reduceOnPlateau;
    draft.averaging = averaging;
    draft.augmentations = augmentations;
    draft.dropoutFactor = dropoutFactor;
    draft.start = start;
    change.accept(draft);
    return new Recipe(draft);
  }

  /**
   * {@return this recipe with another optimiser}
   *
   * @param other the optimiser
   */
  public Recipe withOptimizer(Optimizer other) {
    Objects.requireNonNull(other, "other");
    return with(draft -> draft.optimizer = other);
  }

  /**
   * {@return this recipe with another batch size}
   *
   * @param rows the rows of a batch; 0 for all rows in one batch, which is never shuffled
   * @throws IllegalArgumentException if it is negative, or 1 with batch norm
   */
  public Recipe withBatchSize(int rows) {
    return with(draft -> draft.batchSize = rows);
  }

  /**
   * {@return this recipe with batches of one size only: the rows that are left over at the end of
   * an epoch are dropped} They are other rows in each epoch, as rows are shuffled, and add to
   * neither step nor loss of it. Fewer rows than a batch are one batch still, and of all rows in
   * one batch none is dropped. Penalties per example count all rows.
   */
  public Recipe withDroppedTail() {
    return with(draft -> draft.dropsTail = true);
  }

  /** {@return this recipe with a short last batch of the rows that are left over} */
  public Recipe withoutDroppedTail() {
    return with(draft -> draft.dropsTail = false);
  }

  /**
   * {@return this recipe with gradients accumulated over parts of a batch}
   *
   * @param rows the most rows that are taken through the network at once; 0 for whole batches
   * @throws IllegalArgumentException if it is negative, or above 0 with batch norm
   */
  public Recipe withMicroBatch(int rows) {
    return with(draft -> draft.microBatch = rows);
  }

  /**
   * {@return this recipe with another number of epochs}
   *
   * @param count the passes over the training rows, at least 1
   * @throws IllegalArgumentException if it is below 1
   */
  public Recipe withEpochs(int count) {
    return with(draft -> draft.epochs = count);
  }

  /**
   * {@return this recipe with another seed}
   *
   * @param other the seed of initial parameters, shuffles and dropout; 0 is a seed like any other
   */
  public Recipe withSeed(long other) {
    return with(draft -> draft.seed = other);
  }

  /**
   * {@return this recipe with another early-stopping rule}
   *
   * @param rule when to stop before the last epoch; {@link EarlyStopping#never()} for never
   */
  public Recipe withEarlyStopping(EarlyStopping rule) {
    Objects.requireNonNull(rule, "rule");
    return with(draft -> draft.earlyStopping = rule);
  }

  /**
   * {@return this recipe with a rule that lowers the learning rate}
   *
   * @param rule when to lower it
   */
  public Recipe withReduceOnPlateau(ReduceOnPlateau rule) {
    Objects.requireNonNull(rule, "rule");
    return with(draft -> draft.reduceOnPlateau = Optional.of(rule));
  }

  /** {@return this recipe without a rule that lowers the learning rate} */
  public Recipe withoutReduceOnPlateau() {
    return with(draft -> draft.reduceOnPlateau = Optional.empty());
  }

  /**
   * {@return this recipe with averaged parameters as its result}
   *
   * @param form how they are averaged
   */
  public Recipe withAveraging(Averaging form) {
    Objects.requireNonNull(form, "form");
    return with(draft -> draft.averaging = Optional.of(form));
  }

  /** {@return this recipe with the parameters of a step as its result, not averaged ones} */
  public Recipe withoutAveraging() {
    return with(draft -> draft.averaging = Optional.empty());
  }

  /**
   * {@return this recipe with training examples changed at random}
   *
   * @param changes what is done to training examples, in this order; never to dev rows
   */
  public Recipe withAugmentations(List<Augmentation> changes) {
    Objects.requireNonNull(changes, "changes");
    return with(draft -> draft.augmentations = changes);
  }

  /**
   * {@return this recipe with a factor on the probabilities of dropping units, in all dropouts}
   *
   * @param factor the factor, from 0 to 1, as a function of the epochs completed or, within {@link
   *     Schedule.PerStep}, of the steps done; with 0 nothing is dropped. A rate that is changed by
   *     hand does not change it. The network of a model has its own probabilities, whatever the
   *     factor of the last step
   * @throws IllegalArgumentException if the schedule ever exceeds 1, or the network has classic
   *     dropout, whose factor in inference belongs to one probability
   */
  public Recipe withDropoutFactor(Schedule factor) {
    Objects.requireNonNull(factor, "factor");
    return with(draft -> draft.dropoutFactor = Optional.of(factor));
  }

  /** {@return this recipe with the network's own probabilities of dropping units throughout} */
  public Recipe withoutDropoutFactor() {
    return with(draft -> draft.dropoutFactor = Optional.empty());
  }

  /**
   * {@return this recipe with another source of the first parameters} Given first parameters are
   * taken as they are, whatever the source.
   *
   * @param from where the first parameters come from. From {@link Start#DATA}, a training begins
   *     with an inference over up to 16 384 training rows, the first ones, for each dense layer and
   *     each batch norm; streamed rows are read anew for each
   */
  public Recipe withStart(Start from) {
    Objects.requireNonNull(from, "from");
    return with(draft -> draft.start = from);
  }

  /** {@return this recipe with endless epochs and without the rules that watch dev rows} */
  Recipe unwatched() {
    return withEpochs(Integer.MAX_VALUE)
        .withEarlyStopping(EarlyStopping.never())
        .withoutReduceOnPlateau();
  }

  /** {@return the network} */
  public Network network() {
    return network;
  }

  /** {@return the optimiser} */
  public Optimizer optimizer() {
    return optimizer;
  }

  /** {@return the rows of a batch; 0 for all rows in one batch} */
  public int batchSize() {
    return batchSize;
  }

  /** {@return whether the rows that are left over at the end of an epoch are dropped} */
  public boolean dropsTail() {
    return dropsTail;
  }

  /** {@return the most rows that are taken through the network at once; 0 for whole batches} */
  public int microBatch() {
    return microBatch;
  }

  /** {@return the passes over the training rows, at least 1} */
  public int epochs() {
    return epochs;
  }

  /** {@return the seed of initial parameters, shuffles and dropout} */
  public long seed() {
    return seed;
  }

  /** {@return the early-stopping rule} */
  public EarlyStopping earlyStopping() {
    return earlyStopping;
  }

  /** {@return when to lower the learning rate, if ever} */
  public Optional<ReduceOnPlateau> reduceOnPlateau() {
    return reduceOnPlateau;
  }

  /** {@return how parameters are averaged, if they are} */
  public Optional<Averaging> averaging() {
    return averaging;
  }

  /** {@return the random changes of training examples, in this order} */
  public List<Augmentation> augmentations() {
    return augmentations;
  }

  /** {@return the factor on the probabilities of dropping units, if there is one} */
  public Optional<Schedule> dropoutFactor() {
    return dropoutFactor;
  }

  /** {@return where the first parameters come from} */
  public Start start() {
    return start;
  }

  /** {@return the parts of the recipe but the network, one a line} */
  @Override
  public String toString() {
    return """
    %s
    batches of %s, %d epochs, seed %d
    early stopping: %s
    reduce on plateau: %s
    averaging: %s
    augmentations: %s%s%s\
    """
        .formatted(
            optimizer,
            (batchSize == 0 ? "all rows" : batchSize + " rows")
                + (dropsTail ? ", tail dropped" : ""),
            epochs,
            seed,
            earlyStopping,
            reduceOnPlateau.map(ReduceOnPlateau::toString).orElse("none"),
            averaging.map(Averaging::toString).orElse("none"),
            augmentations.isEmpty() ? "none" : augmentations,
            dropoutFactor.map(factor -> "\ndropout factor: " + factor).orElse(""),
            start == Start.DATA ? "\nstart: by data" : "");
  }
}
