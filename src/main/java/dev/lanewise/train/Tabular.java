package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Initializer.Distribution;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.train.TabularConstants.Each;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * A preset for tables: an encoding, a network and a recipe that fit each other and do well on most
 * tables as they are, after RealMLP (Holzmüller, Grinsztajn and Steinwart 2024, arXiv 2407.04491).
 * There are three, of which each takes longer and is more accurate on most tables than the one
 * before: {@link #small}, {@link #full} and {@link #ensemble}. Every constant can be changed.
 * Immutable; safe for use by several threads.
 *
 * <p>Columns are scaled by median and quartiles and clipped smoothly, and then by trained factors,
 * which start at 1. Dense layers have the NTK parametrisation: with the start that they have, a
 * rate of 1/√in for the weights of a unit with so many inputs; see {@link Rates.Rule}. The learning
 * rate goes through cycles, each twice as long as the one before; it is counted in steps, so epochs
 * are to be changed here and not in the recipe. Nothing stops early: the result is the epoch with
 * the best dev loss, the latest of equal ones; without dev rows, the last. Where a learner trains
 * for classes, it goes by {@link DevMetric#calibratedLogLoss} in place of the dev loss, and the
 * model keeps the temperature if that is worth it: see {@link #withCalibration}.
 *
 * <p>Two classes have one sigmoid output, which stands for the difference of two softmax outputs.
 * Of these each would move by α·u and decay by α·λ, so that the one takes twice the rate and half
 * the decay: the same training but for rounding and Adam's ε.
 */
public final class Tabular {

  /** What numbers become that have more than two values in the training rows. */
  public enum Numbers {
    /** They stay as they are. */
    AS_THEY_ARE,
    /** Several piecewise-linear functions of each, with kinks at quantiles of its values. */
    PIECEWISE_LINEAR,
    /** Each and some periodic functions of it: {@link dev.lanewise.net.Embedding.Periodic}. */
    PERIODIC
  }

  private final TabularConstants its;

  private Tabular(TabularConstants its) {
    this.its = its;
  }

  /**
   * {@return the small form: seconds to a minute of training}
   *
   * <ul>
   *   <li>a category of two values is −1 or 1, of up to 8 one-hot, of more 8 trained numbers a
   *       value; what is missing or unseen is 0
   *   <li>a trained factor for each column, with 6 times the learning rate
   *   <li>three hidden layers of 256 units, SELU and dropout of 0.15 for classes, Mish for values;
   *       weights of variance 1/in, biases of variance 1, zeros in the last layer, so that training
   *       begins at probabilities of ½, or at the mean of the values
   *   <li>cross-entropy without smoothing, or the squared error
   *   <li>Adam with β₁ = 0.9 and β₂ = 0.95, a peak rate of 0.04 for classes and 0.07 for values, a
   *       tenth of it for biases, in four cycles; for classes a decay of 0.02 of all but biases
   *   <li>128 epochs for classes and 256 for values, or fewer, so that rows times epochs are at
   *       most 5 million; batches of 64 rows up to 1024 rows, 128 up to 8192, 256 up to 30 000, 512
   *       up to 100 000, then 1024, without a short last batch
   * </ul>
   */
  public static Tabular small() {
    return new Tabular(new TabularConstants());
  }

  /**
   * {@return the full form: the small one, and besides}
   *
   * <ul>
   *   <li>numbers of more than two values become piecewise linear functions for classes, joined by
   *       periodic ones for values, with a tenth of the learning rate
   *   <li>blends of each activation and the identity, with a tenth of the learning rate
   *   <li>a start by data, the last layer too; a peak rate of 0.2 for values, whose predictions
   *       stay in the range of the training rows
   *   <li>dropout of 0.3 for classes and the decay for values as well, both of which fall to 0 on a
   *       cosine in the second half of the training
   * </ul>
   */
  public static Tabular full() {
    TabularConstants full = new TabularConstants();
    full.encoding = full.encoding.withClampedPredictions(true);
    full.numbers = new Each<>(Numbers.PIECEWISE_LINEAR, Numbers.PERIODIC);
    full.blends = true;
    full.dropout = new Each<>(0.3, 0.0);
    full.lastInitializer = new Initializer.LeCun(Distribution.NORMAL);
    full.start = Recipe.Start.DATA;
    full.rate = new Each<>(0.04, 0.2);
    full.decay = Each.same(0.02);
    full.fades = true;
    return new Tabular(full);
  }

  /**
   * {@return the full form with {@link Members}: some networks in one, whose predictions are
   * averaged; at most 64 epochs} A step takes about as much longer as there are members.
   *
   * @param members how many, at least 1; 8 are enough for most tables
   * @throws IllegalArgumentException if there are none
   */
  public static Tabular ensemble(int members) {
    return full().withMembers(members).withEpochs(64);
  }

  private Tabular with(Consumer<TabularConstants> change) {
    TabularConstants changed = new TabularConstants(its);
    change.accept(changed);
    return new Tabular(changed);
  }

  /**
   * {@return this preset with another encoding of tables}
   *
   * @param options what is made of columns
   */
  public Tabular withEncoding(Encoder.Options options) {
    Objects.requireNonNull(options, "options");
    return with(constants -> constants.encoding = options);
  }

  /**
   * {@return this preset with another size of what a category becomes that the encoding gives by
   * number}
   *
   * @param size how many trained numbers a value becomes, at least 1
   * @throws IllegalArgumentException if it is not
   */
  public Tabular withCategorySize(int size) {
    require(size >= 1, "size", size, "at least 1");
    return with(constants -> constants.categorySize = size);
  }

  /**
   * {@return this preset with one form of numbers, whatever is predicted}
   *
   * @param form what numbers become
   */
  public Tabular withNumbers(Numbers form) {
    Objects.requireNonNull(form, "form");
    return with(constants -> constants.numbers = Each.same(form));
  }

  /**
   * {@return this preset with other sizes of {@link Numbers#PIECEWISE_LINEAR}}
   *
   * @param bins into how many intervals the values of a column are divided at most, at least 1
   * @param size how many functions a column becomes, at least 1
   * @throws IllegalArgumentException if a number is below 1
   */
  public Tabular withPiecewiseSizes(int bins, int size) {
    require(bins >= 1, "bins", bins, "at least 1");
    require(size >= 1, "size", size, "at least 1");
    return with(
        constants -> {
          constants.bins = bins;
          constants.numberSize = size;
        });
  }

  /**
   * {@return this preset with another rate of what numbers become}
   *
   * @param factor what their learning rate is multiplied with, finite and at least 0
   * @throws IllegalArgumentException if it is not
   */
  public Tabular withNumberRate(double factor) {
    requireCoefficient("factor", factor);
    return with(constants -> constants.numberRate = factor);
  }

  /** {@return this preset without factors of columns} */
  public Tabular withoutScaling() {
    return with(constants -> constants.scales = false);
  }

  /**
   * {@return this preset with another rate of the factors of columns}
   *
   * @param factor what their learning rate is multiplied with, finite and at least 0
   * @throws IllegalArgumentException if it is not
   */
  public Tabular withScalingRate(double factor) {
    requireCoefficient("factor", factor);
    return with(constants -> constants.scalingRate = factor);
  }

  /**
   * {@return this preset with another number of networks in one}
   *
   * @param count how many {@link Members}, which start with signs, one for all columns of a
   *     feature; 1 for none
   * @throws IllegalArgumentException if it is below 1
   */
  public Tabular withMembers(int count) {
    require(count >= 1, "count", count, "at least 1");
    return with(constants -> constants.members = count);
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
    return with(constants -> constants.hidden = copy);
  }

  /**
   * {@return this preset with one activation, whatever is predicted}
   *
   * @param function the function behind each hidden layer
   */
  public Tabular withActivation(Activation.Function function) {
    Objects.requireNonNull(function, "function");
    return with(constants -> constants.activation = Each.same(function));
  }

  /**
   * {@return this preset with or without {@link Blend} in place of activations}
   *
   * @param blends whether there is a trained share of the identity in them
   */
  public Tabular withBlends(boolean blends) {
    return with(constants -> constants.blends = blends);
  }

  /**
   * {@return this preset with another rate of the shares of blends}
   *
   * @param factor what their learning rate is multiplied with, finite and at least 0
   * @throws IllegalArgumentException if it is not
   */
  public Tabular withBlendRate(double factor) {
    requireCoefficient("factor", factor);
    return with(constants -> constants.blendRate = factor);
  }

  /**
   * {@return this preset with one dropout behind each hidden layer, whatever is predicted}
   *
   * @param probability the probability of dropping a unit, in [0, 1); 0 for none
   * @throws IllegalArgumentException if it is not in [0, 1)
   */
  public Tabular withDropout(double probability) {
    require(probability >= 0 && probability < 1, "probability", probability, "a number in [0, 1)");
    return with(constants -> constants.dropout = Each.same(probability));
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
        constants -> {
          constants.initializer = ofHidden;
          constants.lastInitializer = ofLast;
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
    return with(constants -> constants.biasInitializer = ofHidden);
  }

  /**
   * {@return this preset with another source of the first parameters}
   *
   * @param from whether the starts of dense layers are scaled by the training rows
   */
  public Tabular withStart(Recipe.Start from) {
    Objects.requireNonNull(from, "from");
    return with(constants -> constants.start = from);
  }

  /**
   * {@return this preset with label smoothing, which helps the error rate and harms probabilities}
   *
   * @param share s in (1 − s)·y + s/K for K classes, in [0, 1); values are not smoothed
   * @throws IllegalArgumentException if it is not in [0, 1)
   */
  public Tabular withSmoothing(float share) {
    require(share >= 0 && share < 1, "share", share, "a number in [0, 1)");
    return with(constants -> constants.smoothing = share);
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
    return with(constants -> constants.rate = Each.same(peak));
  }

  /**
   * {@return this preset with another rate of biases}
   *
   * @param factor what the learning rate of biases is multiplied with, finite and at least 0
   * @throws IllegalArgumentException if it is not
   */
  public Tabular withBiasRate(double factor) {
    requireCoefficient("factor", factor);
    return with(constants -> constants.biasRate = factor);
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
    return with(constants -> constants.transforms = copy);
  }

  /**
   * {@return this preset with one decoupled decay behind the links of the optimiser, whatever is
   * predicted; of all but biases and the factors of members}
   *
   * @param lambda λ, finite and at least 0; 0 for none
   * @throws IllegalArgumentException if it is not
   */
  public Tabular withDecay(double lambda) {
    requireCoefficient("lambda", lambda);
    return with(constants -> constants.decay = Each.same(lambda));
  }

  /**
   * {@return this preset with dropout and decay that fade, or stay}
   *
   * @param fades whether both fall to 0 on a cosine in the second half of the training
   */
  public Tabular withFading(boolean fades) {
    return with(constants -> constants.fades = fades);
  }

  /**
   * {@return this preset with another number of cycles of the rate}
   *
   * @param count the cycles, from 1 to 52
   * @throws IllegalArgumentException if there are fewer or more
   */
  public Tabular withCycles(int count) {
    require(count >= 1 && count <= 52, "count", count, "a number from 1 to 52");
    return with(constants -> constants.cycles = count);
  }

  /**
   * {@return this preset with one batch size, however many rows there are}
   *
   * @param rows the rows of a batch; 0 for all rows
   * @throws IllegalArgumentException if it is negative
   */
  public Tabular withBatchSize(int rows) {
    require(rows >= 0, "rows", rows, "a number of rows, or 0 for all");
    return with(constants -> constants.batchSize = OptionalInt.of(rows));
  }

  /**
   * {@return this preset with another number of epochs, whatever is predicted}
   *
   * @param most the epochs, at least 1; fewer where {@link #withMostExamples} limits them
   * @throws IllegalArgumentException if it is below 1
   */
  public Tabular withEpochs(int most) {
    require(most >= 1, "most", most, "at least 1");
    return with(constants -> constants.epochs = Each.same(most));
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
    return with(constants -> constants.mostExamples = most);
  }

  /**
   * {@return this preset with or without a temperature of classes} With it, as is the default, a
   * learner chooses the epoch by {@link DevMetric#calibratedLogLoss}, and the model has the
   * temperature that {@link dev.lanewise.metric.Temperature#fitCautiously} finds for the dev rows.
   * Without, it goes by the dev loss. Values, and trainings without dev rows, have none of it.
   *
   * @param calibrates whether there is one
   */
  public Tabular withCalibration(boolean calibrates) {
    return with(constants -> constants.calibrates = calibrates);
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
    return its.encoding;
  }

  /**
   * {@return the loss: cross-entropy of classes, the squared error of values}
   *
   * @param target what is predicted
   */
  public Loss loss(Target target) {
    return switch (Objects.requireNonNull(target, "target")) {
      case Target.Classes classes when classes.outputs() == 1 ->
          new Loss.SigmoidCrossEntropy(its.smoothing);
      case Target.Classes classes -> new Loss.SoftmaxCrossEntropy(its.smoothing);
      case Target.Values values -> new Loss.SquaredError();
    };
  }

  /**
   * {@return the network for encoded rows}
   *
   * @param rows the training rows, encoded as the preset says
   * @param loss the loss, one for the target
   * @throws IllegalArgumentException if no encoder made the rows, or the loss does not fit the
   *     outputs
   */
  public Network network(Dataset rows, Loss loss) {
    Objects.requireNonNull(loss, "loss");
    return TabularNetwork.of(its, rows, encoder(rows), loss);
  }

  private static Encoder encoder(Dataset rows) {
    return rows.encoder()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "rows: made by no encoder; expected those of one, which tells what columns"
                        + " hold"));
  }

  /** {@return the units of the hidden layers} */
  public int[] hidden() {
    return its.hidden.clone();
  }

  /**
   * {@return the highest learning rate of a cycle}
   *
   * @param loss the loss, of classes or of values
   */
  public double rate(Loss loss) {
    return its.rate.of(Objects.requireNonNull(loss, "loss"));
  }

  /** {@return the links of the optimiser before the decay} */
  public List<Transform> transforms() {
    return its.transforms;
  }

  /**
   * {@return the most epochs, those of few rows}
   *
   * @param loss the loss, of classes or of values
   */
  public int mostEpochs(Loss loss) {
    return its.epochs.of(Objects.requireNonNull(loss, "loss"));
  }

  /** {@return the most rows times epochs} */
  public long mostExamples() {
    return its.mostExamples;
  }

  /** {@return whether the epoch of classes is chosen after a temperature, which a model keeps} */
  public boolean calibrates() {
    return its.calibrates;
  }

  /**
   * {@return how a network is trained, with seed 0; its rule watches the dev loss}
   *
   * @param network the preset's network, or another in its place
   * @param rows the training rows, at least 1
   * @throws IllegalArgumentException if there are none, or batches are too small for the network
   */
  public Recipe recipe(Network network, int rows) {
    Objects.requireNonNull(network, "network");
    return TabularRecipe.of(its, network, rows, epochs(network.loss(), rows));
  }

  /**
   * {@return how the preset's network is trained by the preset's loss, with seed 0}
   *
   * @param rows the training rows, encoded as the preset says
   * @throws IllegalArgumentException if no encoder made the rows
   */
  public Recipe recipe(Dataset rows) {
    return recipe(network(rows, loss(encoder(rows).target())), rows.rows());
  }

  /**
   * {@return the epochs for so many rows: the most, or fewer, so that rows times epochs stay below
   * a limit}
   *
   * @param loss the loss, of classes or of values
   * @param rows the training rows, at least 1
   * @throws IllegalArgumentException if there are none
   */
  public int epochs(Loss loss, int rows) {
    require(rows >= 1, "rows", rows, "at least 1");
    return (int) Math.min(mostEpochs(loss), Math.max(1, its.mostExamples / rows));
  }

  /** {@return all constants, by name} */
  @Override
  public String toString() {
    return "Tabular[" + its + "]";
  }
}
