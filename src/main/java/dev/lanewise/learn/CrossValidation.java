package dev.lanewise.learn;

import dev.lanewise.data.Folds;
import dev.lanewise.data.Target;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.train.Recipe;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The scores of a {@link Learner}, fold by fold, on rows that were not in the training. Immutable;
 * prints as a table of the scores.
 */
public final class CrossValidation {

  /**
   * A score over the folds.
   *
   * @param mean the mean of the folds' scores
   * @param standardError s/√k with s the standard deviation of the k folds' scores, divided by k −
   *     1; the folds share training rows, so it is an underestimate. NaN of a single fold
   */
  public record Score(double mean, double standardError) {}

  private final long seed;
  private final Recipe recipe;
  private final Folds folds;
  private final List<Learned> learned;
  private final Evaluation evaluation;
  private final double[] predictions;
  private final int columns;

  private CrossValidation(
      long seed,
      Recipe recipe,
      Folds folds,
      List<Learned> learned,
      Evaluation evaluation,
      double[] predictions,
      int columns) {
    this.seed = seed;
    this.recipe = recipe;
    this.folds = folds;
    this.learned = learned;
    this.evaluation = evaluation;
    this.predictions = predictions;
    this.columns = columns;
  }

  /** {@return the scores of all folds} */
  static CrossValidation of(long seed, Folds folds, List<FoldResult> results) {
    FoldResult first = results.getFirst();
    int columns = first.predictions().length / first.heldOut().length;
    double[] predictions = new double[Math.multiplyExact(folds.rows(), columns)];
    Arrays.fill(predictions, Double.NaN);
    for (FoldResult result : results) {
      for (int i = 0; i < result.heldOut().length; i++) {
        System.arraycopy(
            result.predictions(), i * columns, predictions, result.heldOut()[i] * columns, columns);
      }
    }
    return new CrossValidation(
        seed,
        first.recipe().withSeed(seed),
        folds,
        results.stream().map(FoldResult::learned).toList(),
        pooled(results, columns),
        predictions,
        columns);
  }

  /** Judges the rows of all folds together, in the order of the folds. */
  private static Evaluation pooled(List<FoldResult> results, int columns) {
    double[] predictions =
        results.stream().flatMapToDouble(r -> Arrays.stream(r.predictions())).toArray();
    double[] truth = results.stream().flatMapToDouble(r -> Arrays.stream(r.truth())).toArray();
    int rows = predictions.length / columns;
    Model model = results.getFirst().learned().model();
    if (!(model.encoder().orElseThrow().target() instanceof Target.Classes classes)) {
      return Evaluation.ofValues(predictions, truth, rows, columns)
          .withNames(model.encoder().orElseThrow().labels());
    }
    float[] numbers = new float[rows];
    for (int r = 0; r < rows; r++) {
      numbers[r] = (float) truth[r];
    }
    return Evaluation.ofProbabilities(predictions, columns, numbers, rows, Threshold.HALF)
        .withLabels(classes.labels());
  }

  /** {@return the folds} */
  public Folds folds() {
    return folds;
  }

  /** {@return the result of each fold, whose test rows are those held out} */
  public List<Learned> learned() {
    return learned;
  }

  /**
   * {@return the evaluation of the predictions of all held-out rows together, each made by the
   * model that was not trained on it} Classes are the more probable ones, whatever threshold a fold
   * fitted.
   */
  public Evaluation evaluation() {
    return evaluation;
  }

  /**
   * {@return the predictions of the rows by the models that were not trained on them, {@code
   * [rows][columns]}: a probability for each class, also of two, or values in original units; NaN
   * for rows that no fold held out} A copy.
   */
  public double[] predictions() {
    return predictions.clone();
  }

  /** {@return the columns of the predictions: classes, or values} */
  public int columns() {
    return columns;
  }

  /** {@return mean and standard error of each score over the folds that have it, by name} */
  public Map<String, Score> scores() {
    Map<String, Score> scores = new LinkedHashMap<>();
    for (String name : evaluation.scores().keySet()) {
      double[] ofFolds =
          learned.stream()
              .map(of -> of.test().orElseThrow().scores().get(name))
              .filter(score -> score != null)
              .mapToDouble(Double::doubleValue)
              .toArray();
      if (ofFolds.length > 0) {
        scores.put(name, score(ofFolds));
      }
    }
    return Collections.unmodifiableMap(scores);
  }

  private static Score score(double[] values) {
    double mean = Arrays.stream(values).sum() / values.length;
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    int k = values.length;
    return new Score(mean, Math.sqrt(squares / (k - 1) / k));
  }

  /**
   * {@return the models of all folds as one, which averages what they predict; its provenance
   * states folds, source, recipe and the learner's seed}
   */
  public Ensemble ensemble() {
    Ensemble ensemble = Ensemble.of(learned.stream().map(Learned::model).toList());
    return ensemble.withProvenance(
        ensemble
            .provenance()
            .with("folds", folds.toString())
            .with("seed", Long.toString(seed))
            .with("recipe", Run.text(recipe)));
  }

  /** {@return a line for each score} */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(folds.toString());
    scores()
        .forEach(
            (name, score) ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "%n%-16s %.5g ± %.2g",
                        name,
                        score.mean(),
                        score.standardError())));
    return text.toString();
  }
}
