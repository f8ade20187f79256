package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.metric.Classification;
import dev.lanewise.metric.ConfusionMatrix;
import dev.lanewise.metric.Regression;
import dev.lanewise.metric.Temperature;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.plan.Scorer;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/**
 * A score of the dev rows, taken after each epoch, that is reported and may be what early stopping
 * watches. Logits that are not finite have the score NaN, which is never an improvement. Immutable.
 *
 * <p>The ready-made ones are computed in {@code double}, each over all dev rows.
 */
public final class DevMetric {

  /** The function of a metric. */
  @FunctionalInterface
  public interface Score {

    /**
     * {@return the score}
     *
     * @param logits the network's outputs for the dev rows, {@code [rows][outputs]}: logits, or
     *     values as the network is trained on them; read only
     * @param dev the dev rows
     * @param loss the network's loss, which says what the outputs stand for
     */
    double of(float[] logits, Dataset dev, Loss loss);
  }

  private final String name;
  private final boolean largerIsBetter;
  private final Score score;

  /** Whether it is for networks that predict classes or for others; empty if for any. */
  private final Optional<Boolean> ofClasses;

  private DevMetric(String name, boolean largerIsBetter, Optional<Boolean> ofClasses, Score score) {
    this.name = name;
    this.largerIsBetter = largerIsBetter;
    this.ofClasses = ofClasses;
    this.score = score;
  }

  /**
   * {@return a metric of one's own}
   *
   * @param name what it is called, as {@code accuracy}; part of a checkpoint's identity
   * @param largerIsBetter whether larger is better
   * @param score the function; called by the thread that trains, with finite logits only
   */
  public static DevMetric of(String name, boolean largerIsBetter, Score score) {
    return new DevMetric(
        Objects.requireNonNull(name, "name"),
        largerIsBetter,
        Optional.empty(),
        Objects.requireNonNull(score, "score"));
  }

  /** {@return the share of rows whose most probable class is the true one} */
  public static DevMetric accuracy() {
    return ofClasses("accuracy", true, (logits, rows) -> confusion(logits, rows).accuracy());
  }

  /** {@return the area under the ROC curve of two classes; NaN unless rows of both are there} */
  public static DevMetric auc() {
    return ofClasses(
        "auc",
        true,
        (logits, rows) -> {
          if (rows.outputs() > 1) {
            throw new IllegalArgumentException(
                "metric: auc of %d outputs; expected the one of two classes"
                    .formatted(rows.outputs()));
          }
          return Classification.auc(logits, rows.numbers(), rows.rows()).orElse(Double.NaN);
        });
  }

  /** {@return the mean of the classes' F1, with the same weight for each class} */
  public static DevMetric macroF1() {
    return ofClasses("macroF1", true, (logits, rows) -> confusion(logits, rows).macroF1());
  }

  /** {@return −1/n·Σ ln p(true class); weights of rows are ignored} */
  public static DevMetric logLoss() {
    return ofClasses(
        "logLoss",
        false,
        (logits, rows) ->
            Classification.of(logits, rows.outputs(), rows.numbers(), rows.rows()).logLoss());
  }

  /**
   * {@return the log loss after the temperature that makes it least}
   *
   * <p>What is left of the log loss is how well rows are told apart, whatever the confidence, which
   * can be set right afterwards: an epoch that ranks better but is too sure of itself is not passed
   * over. Known as refinement error by temperature scaling (Berta, Holzmüller, Jordan and Bach
   * 2025, arXiv 2501.19195). One parameter is fitted on the rows that it is judged by, so the score
   * is a little too low for them, by some 1/(2·rows); that is alike in all epochs. Weights of rows
   * are ignored. Takes some ten passes over the logits.
   */
  public static DevMetric calibratedLogLoss() {
    return ofClasses(
        "calibratedLogLoss",
        false,
        (logits, rows) -> {
          Temperature best = Temperature.fit(logits, rows.outputs(), rows.numbers(), rows.rows());
          return Classification.of(logits, rows.outputs(), rows.numbers(), rows.rows(), best)
              .logLoss();
        });
  }

  /** {@return the root of the mean squared error, in original units} */
  public static DevMetric rmse() {
    return ofValues("rmse", false, Regression::rmse);
  }

  /** {@return the mean absolute error, in original units} */
  public static DevMetric mae() {
    return ofValues("mae", false, Regression::mae);
  }

  /** {@return the share of the variance that is explained; NaN if all true values are equal} */
  public static DevMetric r2() {
    return ofValues("r2", true, of -> of.r2().orElse(Double.NaN));
  }

  private static DevMetric ofClasses(
      String name, boolean largerIsBetter, ToDoubleBiFunction<float[], Scorer.Classes> score) {
    return new DevMetric(
        name,
        largerIsBetter,
        Optional.of(true),
        (logits, dev, loss) ->
            score.applyAsDouble(
                logits,
                scorer(loss, dev).classes(dev.targets(), dev.rows(), logits.length / dev.rows())));
  }

  private static DevMetric ofValues(
      String name, boolean largerIsBetter, ToDoubleFunction<Regression> score) {
    return new DevMetric(
        name,
        largerIsBetter,
        Optional.of(false),
        (logits, dev, loss) -> {
          Scorer scorer = scorer(loss, dev);
          double[] values = scorer.values(logits, dev.rows());
          for (double value : values) {
            if (!Double.isFinite(value)) {
              return Double.NaN; // a mean that overflows where its logarithm does not
            }
          }
          return score.applyAsDouble(
              Regression.of(
                  values,
                  scorer.restored(dev.targets(), dev.rows()),
                  dev.rows(),
                  dev.targetColumns()));
        });
  }

  private static Scorer scorer(Loss loss, Dataset dev) {
    return new Scorer(loss, dev.encoder().map(Encoder::target));
  }

  private static ConfusionMatrix confusion(float[] logits, Scorer.Classes rows) {
    int[] actual = new int[rows.rows()];
    int[] predicted = new int[rows.rows()];
    for (int r = 0; r < actual.length; r++) {
      actual[r] = (int) rows.numbers()[r];
      predicted[r] = Classification.predicted(logits, r, rows.outputs());
    }
    return ConfusionMatrix.of(actual, predicted, Math.max(2, rows.outputs()));
  }

  /** Refuses a network of another kind than the metric is for. */
  void checkFits(Network network) {
    boolean classes = new Scorer(network.loss(), Optional.empty()).judgesClasses();
    if (ofClasses.isPresent() && ofClasses.get() != classes) {
      throw new IllegalArgumentException(
          "metric: %s under %s; expected a network that predicts %s"
              .formatted(name, network.loss(), ofClasses.get() ? "classes" : "values"));
    }
  }

  /** {@return the metric's name, as {@code accuracy}} */
  public String name() {
    return name;
  }

  /** {@return whether larger is better} */
  public boolean largerIsBetter() {
    return largerIsBetter;
  }

  /**
   * {@return a score as a number of which smaller is better: negated if larger is}
   *
   * @param score a score of this metric
   */
  public double asLoss(double score) {
    return largerIsBetter ? -score : score;
  }

  /**
   * {@return the score; NaN if a logit is not finite}
   *
   * @param logits the network's outputs for the dev rows, {@code [rows][outputs]}
   * @param dev the dev rows
   * @param loss the network's loss, which says what the outputs stand for
   */
  public double score(float[] logits, Dataset dev, Loss loss) {
    Objects.requireNonNull(logits, "logits");
    Objects.requireNonNull(dev, "dev");
    Objects.requireNonNull(loss, "loss");
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        return Double.NaN;
      }
    }
    return score.of(logits, dev, loss);
  }

  /** {@return the name} */
  @Override
  public String toString() {
    return name;
  }
}
