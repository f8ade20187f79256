package dev.lanewise.learn;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.train.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The diagnosis of a model by its errors on training and dev rows, in the words of Ng's course:
 * <em>bias</em> is the training error less the human error, <em>variance</em> the dev error less
 * the training error. Each is high from a threshold on; what to do next follows from which are.
 *
 * <p>The error of classes is the share of wrong rows, and a gap is high from {@value
 * #POINTS_OF_CLASSES} (2 points) on. The error of values is the RMSE in the label's units; a gap is
 * high from {@value #SHARE_OF_DEVIATION} of the deviation of the training labels on, which is the
 * RMSE that predicting their mean would have. The human error stands for the least possible one
 * (Bayes'); where none is given, 0 is taken, and what nobody could predict counts as bias.
 *
 * <p>Every error and gap has an interval of 95 % by the bootstrap, of at most 10 000 draws a
 * sample. The verdict goes by the estimates; {@link #isSettled} tells whether the intervals leave
 * another one open. Immutable; prints as a table.
 */
public final class Diagnosis {

  /** The gap between errors of classes from which on it is high, as a share of rows. */
  public static final double POINTS_OF_CLASSES = 0.02;

  /** The gap between errors of values from which on it is high, as a share of the deviation. */
  public static final double SHARE_OF_DEVIATION = 0.05;

  /** The share of the bootstrap's samples that lie within an interval. */
  public static final double LEVEL = Bootstrap.LEVEL;

  /** What a model suffers from. */
  public enum Verdict {
    /** The training error is far above the human one: the model does not fit. */
    BIAS,
    /** The dev error is far above the training error: the model does not generalise. */
    VARIANCE,
    /** Both gaps are wide. */
    BOTH,
    /** Neither gap is. */
    NEITHER
  }

  /**
   * A number with its interval.
   *
   * @param value the number
   * @param low the lower end of its interval
   * @param high the upper end
   */
  public record Estimate(double value, double low, double high) {

    /**
     * Creates an estimate.
     *
     * @throws IllegalArgumentException if the value is not within the interval
     */
    public Estimate {
      if (!(low <= value && value <= high)) {
        throw new IllegalArgumentException(
            "value: %s; expected a number in [%s, %s]".formatted(value, low, high));
      }
    }

    /** {@return whether the whole interval is on the value's side of a number} */
    boolean isSettled(double at) {
      return isHigh(value, at) ? isHigh(low, at) : !isHigh(high, at);
    }
  }

  private static final String BIAS = "a bigger network, longer training, or another architecture";

  private static final String VARIANCE =
      "more training rows, regularisation (L2, dropout, augmentation, early stopping), or another"
          + " architecture";

  private static final long TRAIN = CounterRandom.stream("diagnosis train");
  private static final long DEV = CounterRandom.stream("diagnosis dev");

  private final RowErrors train;
  private final RowErrors dev;
  private final long seed;
  private final double deviation;
  private final OptionalDouble human;
  private final Optional<Remedies> remedies;
  private final Estimate trainError;
  private final Estimate devError;
  private final Estimate bias;
  private final Estimate variance;

  private Diagnosis(RowErrors train, RowErrors dev, long seed, double deviation) {
    this(train, dev, seed, deviation, OptionalDouble.empty(), Optional.empty());
  }

  private Diagnosis(
      RowErrors train,
      RowErrors dev,
      long seed,
      double deviation,
      OptionalDouble human,
      Optional<Remedies> remedies) {
    this.train = train;
    this.dev = dev;
    this.seed = seed;
    this.deviation = deviation;
    this.human = human;
    this.remedies = remedies;
    double[] ofTrain = Bootstrap.samples(List.of(train), seed, TRAIN);
    double[] ofDev = Bootstrap.samples(List.of(dev), seed, DEV);
    trainError = Bootstrap.interval(train.error(), ofTrain);
    devError = Bootstrap.interval(dev.error(), ofDev);
    double least = human.orElse(0);
    bias =
        new Estimate(
            trainError.value() - least, trainError.low() - least, trainError.high() - least);
    double[] gaps = new double[ofDev.length];
    for (int b = 0; b < gaps.length; b++) {
      gaps[b] = ofDev[b] - ofTrain[b];
    }
    variance = Bootstrap.interval(devError.value() - trainError.value(), gaps);
  }

  /**
   * {@return the diagnosis of what was learned from a table}
   *
   * @param learned the model and its split
   * @param table the table that it was learned from, with its dev rows
   * @throws IllegalArgumentException if there are no dev rows, or they had a table of their own
   */
  public static Diagnosis of(Learned learned, Table table) {
    Split split = Objects.requireNonNull(learned, "learned").split();
    Objects.requireNonNull(table, "table");
    if (split.dev().length == 0) {
      throw new IllegalArgumentException(
          "learned: %s; expected dev rows in the table"
              .formatted(
                  learned.dev().isEmpty()
                      ? "no dev rows"
                      : "its dev rows had a table of their own"));
    }
    Encoder encoder = learned.model().encoder().orElseThrow();
    return of(
        learned.model(),
        encoder.dataset(table, split.train()),
        encoder.dataset(table, split.dev()),
        0);
  }

  /**
   * {@return the diagnosis of a model} Predicts all rows once.
   *
   * @param model the model
   * @param train rows that it was trained on, at least 1
   * @param dev rows that it was not trained on, at least 1
   * @param seed the seed of the bootstrap
   * @throws IllegalArgumentException if there are no rows, or they do not fit the model
   * @throws ArithmeticException if a prediction is not finite
   */
  public static Diagnosis of(TrainedModel model, Dataset train, Dataset dev, long seed) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(train, "train");
    Objects.requireNonNull(dev, "dev");
    requireRows("train", train, model);
    requireRows("dev", dev, model);
    return new Diagnosis(
        RowErrors.of(model, train).sorted(),
        RowErrors.of(model, dev).sorted(),
        seed,
        RowErrors.deviation(model, train));
  }

  /**
   * {@return the diagnosis of a model of classes by its evaluations} The same as that of its rows,
   * without predicting them.
   *
   * @param train the evaluation on the training rows
   * @param dev the evaluation on the dev rows
   * @param seed the seed of the bootstrap
   */
  public static Diagnosis of(Evaluation.OfClasses train, Evaluation.OfClasses dev, long seed) {
    return new Diagnosis(
        counted(Objects.requireNonNull(train, "train")),
        counted(Objects.requireNonNull(dev, "dev")),
        seed,
        1);
  }

  private static RowErrors counted(Evaluation.OfClasses of) {
    return RowErrors.counted(of.rows() - of.classification().correct(), of.rows());
  }

  /** {@return the diagnosis of classes of which no more is known than how many are wrong} */
  static Diagnosis of(int trainWrong, int trainRows, int devWrong, int devRows) {
    return new Diagnosis(
        RowErrors.counted(trainWrong, trainRows), RowErrors.counted(devWrong, devRows), 0, 1);
  }

  private static void requireRows(String name, Dataset rows, TrainedModel model) {
    if (rows.rows() < 1) {
      throw new IllegalArgumentException("%s: no rows; expected at least 1".formatted(name));
    }
    if (rows.columns() != model.columns()) {
      throw new IllegalArgumentException(
          "%s: %d columns; expected %d, the network's inputs"
              .formatted(name, rows.columns(), model.columns()));
    }
  }

  /**
   * {@return this diagnosis with the least error that can be expected}
   *
   * @param error the error of people, or of the best possible model: a share of rows below 1; of
   *     values an RMSE in the label's units
   * @throws IllegalArgumentException if it is negative, not finite, or a share of 1 or more
   */
  public Diagnosis withHumanError(double error) {
    double most = ofClasses() ? 1 : Double.POSITIVE_INFINITY;
    if (!(error >= 0 && error < most)) {
      throw new IllegalArgumentException(
          "error: %s; expected %s"
              .formatted(
                  error,
                  ofClasses() ? "a share of rows, in [0, 1)" : "an RMSE, finite and 0 or more"));
    }
    return new Diagnosis(train, dev, seed, deviation, OptionalDouble.of(error), remedies);
  }

  /**
   * {@return this diagnosis with the training that it is of} Its {@link #advice} then leaves out
   * what the training did already, and says with which numbers it did the rest: a dropout of 0.15,
   * hidden layers of 256 units. Where dev rows chose an epoch of the first half, the variance keeps
   * the training error up, and the advice says so. More epochs are advised where the result is from
   * the last tenth of them; if the learning rate is counted in steps, as that of a preset, and
   * falls to nothing with the last of them, only of fewer than 64.
   *
   * @param recipe the recipe of the training
   * @param bestEpoch the epoch that the model is from, at most the recipe's last; 0 for that before
   *     the first
   * @throws IllegalArgumentException if the epoch is none of the recipe's
   */
  public Diagnosis withTraining(Recipe recipe, int bestEpoch) {
    Objects.requireNonNull(recipe, "recipe");
    if (bestEpoch < 0 || bestEpoch > recipe.epochs()) {
      throw new IllegalArgumentException(
          "bestEpoch: %d; expected a number from 0 to %d".formatted(bestEpoch, recipe.epochs()));
    }
    return new Diagnosis(
        train, dev, seed, deviation, human, Optional.of(new Remedies(recipe, bestEpoch)));
  }

  /** {@return whether errors are shares of wrong rows; else they are RMSE in the label's units} */
  public boolean ofClasses() {
    return train.ofClasses();
  }

  /** {@return the training error} */
  public Estimate trainError() {
    return trainError;
  }

  /** {@return the dev error} */
  public Estimate devError() {
    return devError;
  }

  /** {@return the human error that was given, if one was} */
  public OptionalDouble humanError() {
    return human;
  }

  /** {@return the training error less the human error} */
  public Estimate bias() {
    return bias;
  }

  /** {@return the dev error less the training error} */
  public Estimate variance() {
    return variance;
  }

  /** {@return the gap from which on bias or variance is high, in the units of the errors} */
  public double threshold() {
    return ofClasses() ? POINTS_OF_CLASSES : SHARE_OF_DEVIATION * deviation;
  }

  /** A gap of a threshold that rounding has made smaller is that gap; none at all never is high. */
  static boolean isHigh(double gap, double threshold) {
    return gap > 0 && gap >= threshold * (1 - 1e-9);
  }

  /** {@return what the model suffers from, by the estimates} */
  public Verdict verdict() {
    boolean biased = isHigh(bias.value(), threshold());
    boolean varies = isHigh(variance.value(), threshold());
    return biased
        ? varies ? Verdict.BOTH : Verdict.BIAS
        : varies ? Verdict.VARIANCE : Verdict.NEITHER;
  }

  /**
   * {@return whether the intervals of both gaps lie on one side of the threshold; else these rows
   * are too few to tell}
   */
  public boolean isSettled() {
    return bias.isSettled(threshold()) && variance.isSettled(threshold());
  }

  /**
   * {@return what to do next, the first thing first; of a training that is known, what it did not
   * do}
   */
  public List<String> advice() {
    List<String> advice = new ArrayList<>();
    Verdict verdict = verdict();
    if (verdict == Verdict.BIAS || verdict == Verdict.BOTH) {
      advice.add("for the bias: " + remedies.map(Remedies::ofBias).map(Diagnosis::or).orElse(BIAS));
      if (human.isEmpty()) {
        advice.add("a human error to compare with: without one, 0 is taken for possible");
      }
    }
    if (verdict == Verdict.VARIANCE || verdict == Verdict.BOTH) {
      advice.add(
          "for the variance: "
              + remedies.map(Remedies::ofVariance).map(Diagnosis::or).orElse(VARIANCE));
    }
    if (verdict == Verdict.NEITHER) {
      advice.add("judge it once by the test rows; what is left to gain is below the threshold");
    }
    if (!isSettled()) {
      advice.add("more rows to judge by: the intervals leave another verdict open");
    }
    return advice;
  }

  private static String or(List<String> remedies) {
    int last = remedies.size() - 1;
    return String.join(", ", remedies.subList(0, last)) + ", or " + remedies.get(last);
  }

  /**
   * {@return an error or a gap as text: a percentage of rows, or in the label's units}
   *
   * @param error the error
   */
  public String text(double error) {
    return text(ofClasses(), error);
  }

  /** A gap that rounds to nothing has no sign. */
  static String text(boolean ofClasses, double error) {
    return ofClasses
        ? String.format(Locale.ROOT, "%.2f %%", Math.rint(1e4 * error) / 100 + 0.0)
        : String.format(Locale.ROOT, "%.4g", error);
  }

  private String line(String name, Estimate of) {
    return "%n%-10s%12s  (%s to %s)"
        .formatted(name, text(of.value()), text(of.low()), text(of.high()));
  }

  /** {@return the verdict, a line for each error and gap, and what to do next} */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(verdict().name().toLowerCase(Locale.ROOT));
    text.append(isSettled() ? "" : ", not settled");
    text.append(", as a gap is high from ").append(text(threshold())).append(" on");
    text.append(line("train", trainError)).append(line("dev", devError));
    text.append(
        "%n%-10s%12s".formatted("human", human.isEmpty() ? "unknown" : text(human.getAsDouble())));
    text.append(line("bias", bias)).append(line("variance", variance));
    advice().forEach(next -> text.append("%n%-10s%s".formatted("next", next)));
    return text.toString();
  }
}
