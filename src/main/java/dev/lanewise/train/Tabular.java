package dev.lanewise.train;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Initializer.Distribution;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Scaling;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Rates.Rule;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * A preset for tables: an encoding, a network and a recipe that fit each other and do well on most
 * tables as they are, after RealMLP (Holzmüller, Grinsztajn and Steinwart 2024, arXiv 2407.04491).
 * Every constant can be changed. Immutable; safe for use by several threads.
 *
 * <p>Columns are scaled by median and quartiles and clipped smoothly, and then by trained factors,
 * which start at 1. Dense layers have the NTK parametrisation: with the start that they have, a
 * rate of 1/√in for the weights of a unit with so many inputs; see {@link Rates.Rule}. The last one
 * starts with zeros, so that training begins at probabilities of ½, or at the mean of the values.
 * The learning rate goes through cycles, each twice as long as the one before; it is counted in
 * steps, so epochs are to be changed here and not in the recipe. Nothing stops early: the result is
 * the epoch with the best dev loss, the latest of equal ones; without dev rows, the last.
 *
 * <p>Two classes have one sigmoid output, which stands for the difference of two softmax outputs.
 * Of these each would move by α·u and decay by α·λ, so that the one takes twice the rate and half
 * the decay: the same training but for rounding and Adam's ε.
 */
public final class Tabular {

  private static final double RATE_OF_CLASSES = 0.04;
  private static final double RATE_OF_VALUES = 0.07;

  /** What the rates of the one output are multiplied with that stands for two. */
  private static final double BOTH = 2;

  private final int[] hidden;
  private final Optional<Activation.Function> activation;
  private final Initializer initializer;
  private final Initializer lastInitializer;
  private final Initializer biasInitializer;
  private final boolean scales;
  private final double scalingRate;
  private final double dropout;
  private final float smoothing;
  private final OptionalDouble rate;
  private final double biasRate;
  private final List<Transform> transforms;
  private final double decay;
  private final int cycles;
  private final int batchSize;
  private final int epochs;
  private final long mostExamples;
  private final Encoder.Options encoding;

  /** What a preset is made from; the defaults are those of {@link #small}. */
  private static final class Draft {
    int[] hidden = {256, 256, 256};
    Optional<Activation.Function> activation = Optional.empty();
    Initializer initializer = new Initializer.LeCun(Distribution.NORMAL);
    Initializer lastInitializer = new Initializer.Zeros();
    Initializer biasInitializer = new Initializer.Fixed(1, Distribution.NORMAL);
    boolean scales = true;
    double scalingRate = 6;
    double dropout;
    float smoothing;
    OptionalDouble rate = OptionalDouble.empty();
    double biasRate = 0.1;
    List<Transform> transforms =
        List.of(new Transform.Adam(0.9, 0.95, 1e-8, EpsilonPlace.OUTSIDE_ROOT));
    double decay;
    int cycles = 4;
    int batchSize = 256;
    int epochs = 256;
    long mostExamples = 5_000_000;
    Encoder.Options encoding =
        Encoder.Options.standard()
            .withScale(Encoder.Scale.ROBUST)
            .withSignedPairs(true)
            .withMissingCategory(false);
  }

  private Tabular(Draft draft) {
    hidden = draft.hidden.clone();
    activation = draft.activation;
    initializer = draft.initializer;
    lastInitializer = draft.lastInitializer;
    biasInitializer = draft.biasInitializer;
    scales = draft.scales;
    scalingRate = draft.scalingRate;
    dropout = draft.dropout;
    smoothing = draft.smoothing;
    rate = draft.rate;
    biasRate = draft.biasRate;
    transforms = List.copyOf(draft.transforms);
    decay = draft.decay;
    cycles = draft.cycles;
    batchSize = draft.batchSize;
    epochs = draft.epochs;
    mostExamples = draft.mostExamples;
    encoding = draft.encoding;
  }

  /**
   * {@return the small form: seconds to a minute of training}
   *
   * <ul>
   *   <li>a category of two values is −1 or 1, of more one-hot; what is missing or unseen is 0
   *   <li>a trained factor for each column, with 6 times the learning rate
   *   <li>three hidden layers of 256 units, SELU for classes and Mish for values; weights of
   *       variance 1/in, biases of variance 1
   *   <li>cross-entropy without smoothing, or the squared error
   *   <li>Adam with β₁ = 0.9 and β₂ = 0.95, a peak rate of 0.04 for classes and 0.07 for values, a
   *       tenth of it for biases, in four cycles; no decay, no dropout
   *   <li>256 epochs, or fewer, so that rows times epochs are at most 5 million; batches of 256
   *       rows, or of all if there are fewer, without a short last batch
   * </ul>
   */
  public static Tabular small() {
    return new Tabular(new Draft());
  }

  private Tabular with(Consumer<Draft> change) {
    Draft draft = new Draft();
    draft.hidden = hidden;
    draft.activation = activation;
    draft.initializer = initializer;
    draft.lastInitializer = lastInitializer;
    draft.biasInitializer = biasInitializer;
    draft.scales = scales;
    draft.scalingRate = scalingRate;
    draft.dropout = dropout;
    draft.smoothing = smoothing;
    draft.rate = rate;
    draft.biasRate = biasRate;
    draft.transforms = transforms;
    draft.decay = decay;
    draft.cycles = cycles;
    draft.batchSize = batchSize;
    draft.epochs = epochs;
    draft.mostExamples = mostExamples;
    draft.encoding = encoding;
    change.accept(draft);
    return new Tabular(draft);
  }

  /**
   * {@return this preset with other hidden layers}
   *
   * @param units the units of each, at least 1; none for a linear model
   * @throws IllegalArgumentException if a layer has no units
   */
  public Tabular withHidden(int... units) {
    int[] copy = Objects.requireNonNull(units, "units").clone();
    for (int of : copy) {
      require(of >= 1, "units", of, "at least 1");
    }
    return with(draft -> draft.hidden = copy);
  }

  /**
   * {@return this preset with one activation, whatever is predicted}
   *
   * @param function the function behind each hidden layer
   */
  public Tabular withActivation(Activation.Function function) {
    Objects.requireNonNull(function, "function");
    return with(draft -> draft.activation = Optional.of(function));
  }

  /**
   * {@return this preset with other starts}
   *
   * @param ofHidden how the weights of hidden layers start; their rate fits a variance of 1/in
   * @param ofLast how those of the last layer start
   */
  public Tabular withInitializers(Initializer ofHidden, Initializer ofLast) {
    Objects.requireNonNull(ofHidden, "ofHidden");
    Objects.requireNonNull(ofLast, "ofLast");
    return with(
        draft -> {
          draft.initializer = ofHidden;
          draft.lastInitializer = ofLast;
        });
  }

  /**
   * {@return this preset with another start of the biases of hidden layers; those of the last layer
   * start at 0}
   *
   * @param ofHidden how they start: {@link Initializer.Zeros} or {@link Initializer.Fixed}
   * @throws IllegalArgumentException if it is another, which depends on the shape of a matrix
   */
  public Tabular withBiasInitializer(Initializer ofHidden) {
    Objects.requireNonNull(ofHidden, "ofHidden");
    new Dense(1).withBiasInitializer(ofHidden); // refuses what is no start of a bias
    return with(draft -> draft.biasInitializer = ofHidden);
  }

  /**
   * {@return this preset with another rate of the factors of columns}
   *
   * @param factor what their learning rate is multiplied with, finite and at least 0
   * @throws IllegalArgumentException if it is not
   */
  public Tabular withScalingRate(double factor) {
    requireCoefficient("factor", factor);
    return with(draft -> draft.scalingRate = factor);
  }

  /** {@return this preset without factors of columns} */
  public Tabular withoutScaling() {
    return with(draft -> draft.scales = false);
  }

  /**
   * {@return this preset with dropout behind each hidden layer}
   *
   * @param probability the probability of dropping a unit, in [0, 1); 0 for none
   * @throws IllegalArgumentException if it is not in [0, 1)
   */
  public Tabular withDropout(double probability) {
    require(probability >= 0 && probability < 1, "probability", probability, "a number in [0, 1)");
    return with(draft -> draft.dropout = probability);
  }

  /**
   * {@return this preset with label smoothing, which helps the error rate and harms probabilities}
   *
   * @param share s in (1 − s)·y + s/K for K classes, in [0, 1); values are not smoothed
   * @throws IllegalArgumentException if it is not in [0, 1)
   */
  public Tabular withSmoothing(float share) {
    require(share >= 0 && share < 1, "share", share, "a number in [0, 1)");
    return with(draft -> draft.smoothing = share);
  }

  /**
   * {@return this preset with one learning rate, whatever is predicted}
   *
   * @param peak the highest rate of a cycle, above 0
   * @throws IllegalArgumentException if it is not above 0 as a float
   */
  public Tabular withRate(double peak) {
    require(
        (float) peak > 0 && (float) peak < Float.POSITIVE_INFINITY,
        "peak",
        peak,
        "a finite number above 0");
    return with(draft -> draft.rate = OptionalDouble.of(peak));
  }

  /**
   * {@return this preset with another rate of biases}
   *
   * @param factor what the learning rate of biases is multiplied with, finite and at least 0
   * @throws IllegalArgumentException if it is not
   */
  public Tabular withBiasRate(double factor) {
    requireCoefficient("factor", factor);
    return with(draft -> draft.biasRate = factor);
  }

  /**
   * {@return this preset with other links of the optimiser}
   *
   * @param links what turns gradients into updates, in order, in place of Adam
   * @throws IllegalArgumentException if clipping by the global norm stands behind another link
   */
  public Tabular withTransforms(List<Transform> links) {
    List<Transform> copy = List.copyOf(Objects.requireNonNull(links, "links"));
    new Optimizer(copy, new Schedule.Constant(1)); // refuses an order
    return with(draft -> draft.transforms = copy);
  }

  /**
   * {@return this preset with decoupled decay of weights behind the links of the optimiser}
   *
   * @param lambda λ, finite and at least 0; 0 for none
   * @throws IllegalArgumentException if it is not
   */
  public Tabular withDecay(double lambda) {
    requireCoefficient("lambda", lambda);
    return with(draft -> draft.decay = lambda);
  }

  /**
   * {@return this preset with another number of cycles of the rate}
   *
   * @param count the cycles, from 1 to 52
   * @throws IllegalArgumentException if there are fewer or more
   */
  public Tabular withCycles(int count) {
    require(count >= 1 && count <= 52, "count", count, "a number from 1 to 52");
    return with(draft -> draft.cycles = count);
  }

  /**
   * {@return this preset with another batch size}
   *
   * @param rows the rows of a batch; 0 for all rows
   * @throws IllegalArgumentException if it is negative
   */
  public Tabular withBatchSize(int rows) {
    require(rows >= 0, "rows", rows, "a number of rows, or 0 for all");
    return with(draft -> draft.batchSize = rows);
  }

  /**
   * {@return this preset with another number of epochs}
   *
   * @param most the epochs, at least 1; fewer where {@link #withMostExamples} limits them
   * @throws IllegalArgumentException if it is below 1
   */
  public Tabular withEpochs(int most) {
    require(most >= 1, "most", most, "at least 1");
    return with(draft -> draft.epochs = most);
  }

  /**
   * {@return this preset with another limit of what is trained on}
   *
   * @param most the most rows times epochs, at least 1; one epoch is trained in any case. {@link
   *     Long#MAX_VALUE} for no limit
   * @throws IllegalArgumentException if it is below 1
   */
  public Tabular withMostExamples(long most) {
    require(most >= 1, "most", most, "at least 1");
    return with(draft -> draft.mostExamples = most);
  }

  /**
   * {@return this preset with another encoding of tables}
   *
   * @param options what is made of columns
   */
  public Tabular withEncoding(Encoder.Options options) {
    Objects.requireNonNull(options, "options");
    return with(draft -> draft.encoding = options);
  }

  private static void requireCoefficient(String name, double value) {
    require(
        value >= 0 && (float) value < Float.POSITIVE_INFINITY, name, value, "a finite number >= 0");
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s: %s; expected %s".formatted(name, value, expected));
    }
  }

  /** {@return what is made of the columns of a table} */
  public Encoder.Options encoding() {
    return encoding;
  }

  /**
   * {@return the loss: cross-entropy of classes, the squared error of values}
   *
   * @param target what is predicted
   */
  public Loss loss(Target target) {
    return switch (Objects.requireNonNull(target, "target")) {
      case Target.Classes classes when classes.outputs() == 1 ->
          new Loss.SigmoidCrossEntropy(smoothing);
      case Target.Classes classes -> new Loss.SoftmaxCrossEntropy(smoothing);
      case Target.Values values -> new Loss.SquaredError();
    };
  }

  /**
   * {@return the network for encoded rows}
   *
   * @param encoder the encoder, fitted on the training rows
   * @param loss the loss, one for the target
   * @throws IllegalArgumentException if the loss does not fit the outputs
   */
  public Network network(Encoder encoder, Loss loss) {
    Objects.requireNonNull(encoder, "encoder");
    Objects.requireNonNull(loss, "loss");
    Network.Builder network = Network.inputs(encoder.encodedColumns());
    if (scales) {
      network.add(new Scaling());
    }
    for (int units : hidden) {
      network
          .add(new Dense(units).withInitializer(initializer).withBiasInitializer(biasInitializer))
          .activation(
              activation.orElse(
                  predictsClasses(loss) ? Activation.Function.SELU : Activation.Function.MISH));
      if (dropout > 0) {
        network.dropout(dropout);
      }
    }
    Dense last = new Dense(encoder.target().outputs()).withInitializer(lastInitializer);
    return network.add(last).loss(loss);
  }

  private static boolean predictsClasses(Loss loss) {
    return switch (loss.link()) {
      case SIGMOID, SOFTMAX -> true;
      case IDENTITY, EXP -> false;
    };
  }

  /** {@return the units of the hidden layers} */
  public int[] hidden() {
    return hidden.clone();
  }

  /**
   * {@return the highest learning rate of a cycle}
   *
   * @param loss the loss, of classes or of values
   */
  public double rate(Loss loss) {
    Objects.requireNonNull(loss, "loss");
    return rate.orElse(predictsClasses(loss) ? RATE_OF_CLASSES : RATE_OF_VALUES);
  }

  /** {@return the links of the optimiser before the decay} */
  public List<Transform> transforms() {
    return transforms;
  }

  /** {@return the rows of a batch, of fewer rows all; 0 for all rows} */
  public int batchSize() {
    return batchSize;
  }

  /** {@return the most epochs, those of few rows} */
  public int mostEpochs() {
    return epochs;
  }

  /** {@return the most rows times epochs} */
  public long mostExamples() {
    return mostExamples;
  }

  /**
   * {@return the epochs for so many rows: the most, or fewer, so that rows times epochs stay below
   * a limit}
   *
   * @param rows the training rows, at least 1
   * @throws IllegalArgumentException if there are none
   */
  public int epochs(int rows) {
    requireRows(rows);
    return (int) Math.min(epochs, Math.max(1, mostExamples / rows));
  }

  private static void requireRows(int rows) {
    require(rows >= 1, "rows", rows, "at least 1");
  }

  /**
   * {@return how a network is trained, with seed 0}
   *
   * @param network the preset's network, or another in its place
   * @param rows the training rows, at least 1
   * @throws IllegalArgumentException if there are none, or batches are too small for the network
   */
  public Recipe recipe(Network network, int rows) {
    Objects.requireNonNull(network, "network");
    int count = epochs(rows);
    int batch = batchSize == 0 ? rows : Math.min(batchSize, rows);
    long steps = (long) count * (rows / batch);
    Optimizer optimizer =
        new Optimizer(
            transforms,
            new Schedule.PerStep(new Schedule.CosineLog(rate(network.loss()), cycles, steps)),
            rates(network));
    return Recipe.of(
            network, decay > 0 ? optimizer.then(new Transform.WeightDecay(decay)) : optimizer)
        .withBatchSize(batchSize == 0 ? 0 : batch)
        .withDroppedTail()
        .withEpochs(count)
        .withEarlyStopping(EarlyStopping.keepBest().withLatestOfEqual());
  }

  /** {@return the factors of single tensors, for those that the network has} */
  private Rates rates(Network network) {
    Rates all =
        new Rates(
            List.of(new Rule("*.weight", 1).withRootOfInputs(), new Rule("*.bias", biasRate)));
    if (network.layers().stream().anyMatch(Scaling.class::isInstance)) {
      all = all.then(new Rule("scaling*", scalingRate));
    }
    return network.loss().link() == Loss.Link.SIGMOID
        ? all.then(new Rule("last.weight", BOTH).withDecay(1 / BOTH).withRootOfInputs())
            .then(new Rule("last.bias", BOTH * biasRate))
        : all;
  }

  /** {@return all constants, by name} */
  @Override
  public String toString() {
    return """
    Tabular[hidden=%s, activation=%s, initializers=%s and %s, biasInitializer=%s, scaling=%s, \
    scalingRate=%s, dropout=%s, smoothing=%s, rate=%s, \
    biasRate=%s, transforms=%s, decay=%s, cycles=%d, batchSize=%d, epochs=%d, mostExamples=%d, \
    encoding=%s]\
    """
        .formatted(
            Arrays.toString(hidden),
            activation.map(Enum::name).orElse("SELU or MISH"),
            initializer,
            lastInitializer,
            biasInitializer,
            scales,
            scalingRate,
            dropout,
            smoothing,
            rate.isPresent()
                ? Double.toString(rate.getAsDouble())
                : RATE_OF_CLASSES + " or " + RATE_OF_VALUES,
            biasRate,
            transforms,
            decay,
            cycles,
            batchSize,
            epochs,
            mostExamples,
            encoding);
  }
}
