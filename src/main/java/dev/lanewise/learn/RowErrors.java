package dev.lanewise.learn;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.metric.Classification;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Loss;
import dev.lanewise.plan.Scorer;
import java.util.Arrays;

/**
 * The errors of a model row by row: whether the class is wrong, or how far the values are off.
 *
 * @param ofClasses whether these are 0 for a right class and 1 for a wrong one; else each is the
 *     mean square of a row's distances in original units
 * @param values the errors; where a row may have several labels, one for each of them
 */
record RowErrors(boolean ofClasses, double[] values) {

  /**
   * {@return the errors of rows, as evaluations count them}
   *
   * @throws ArithmeticException if a prediction is not finite
   */
  static RowErrors of(TrainedModel model, Dataset rows) {
    Scorer scorer = scorer(model);
    return scorer.judgesClasses() ? wrong(model, scorer, rows) : squares(model, scorer, rows);
  }

  /** {@return errors of which only the number is known} */
  static RowErrors counted(int wrong, int rows) {
    double[] values = new double[rows];
    Arrays.fill(values, rows - wrong, rows, 1);
    return new RowErrors(true, values);
  }

  /** {@return the errors in ascending order, as if no more were known than how many there are} */
  RowErrors sorted() {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new RowErrors(ofClasses, sorted);
  }

  private static RowErrors wrong(TrainedModel model, Scorer scorer, Dataset rows) {
    Predictor predictor = model.predictor();
    float[] logits = new float[Math.multiplyExact(rows.rows(), predictor.outputs())];
    predictor.logits(rows.features(), rows.rows(), logits);
    for (float logit : logits) {
      requireFinite(logit);
    }
    Scorer.Classes classes = scorer.classes(rows.targets(), rows.rows(), predictor.outputs());
    boolean likelier = model.threshold().equals(Threshold.HALF);
    double[] both =
        likelier
            ? null
            : model.temperature().probabilities(logits, classes.outputs(), classes.rows());
    double[] wrong = new double[classes.rows()];
    for (int r = 0; r < wrong.length; r++) {
      int predicted =
          likelier
              ? Classification.predicted(logits, r, classes.outputs())
              : model.threshold().admits(both[2 * r + 1]) ? 1 : 0;
      wrong[r] = predicted == classes.numbers()[r] ? 0 : 1;
    }
    return new RowErrors(true, wrong);
  }

  private static RowErrors squares(TrainedModel model, Scorer scorer, Dataset rows) {
    Predictor predictor = model.predictor();
    int columns = predictor.outputs();
    double[] values = new double[Math.multiplyExact(rows.rows(), columns)];
    predictor.values(rows.features(), rows.rows(), values);
    double[] truth = scorer.restored(rows.targets(), rows.rows());
    double[] squares = new double[rows.rows()];
    for (int i = 0; i < values.length; i++) {
      requireFinite(values[i]);
      double off = values[i] - truth[i];
      squares[i / columns] += off * off / columns;
    }
    return new RowErrors(false, squares);
  }

  /**
   * {@return the deviation of the rows' values in original units, over all columns: the root of the
   * mean square of their distances from the column's mean; 1 of classes}
   */
  static double deviation(TrainedModel model, Dataset rows) {
    Scorer scorer = scorer(model);
    return scorer.judgesClasses()
        ? 1
        : deviation(scorer.restored(rows.targets(), rows.rows()), rows.targetColumns());
  }

  private static double deviation(double[] values, int columns) {
    double squares = 0;
    for (int c = 0; c < columns; c++) {
      double sum = 0;
      for (int i = c; i < values.length; i += columns) {
        sum += values[i] - values[c];
      }
      double mean = values[c] + sum / (values.length / columns);
      for (int i = c; i < values.length; i += columns) {
        squares += (values[i] - mean) * (values[i] - mean);
      }
    }
    return Math.sqrt(squares / values.length);
  }

  /** {@return the meaning of a model's outputs} */
  static Scorer scorer(TrainedModel model) {
    Loss loss =
        switch (model) {
          case Model one -> one.network().loss();
          case Ensemble several -> several.models().getFirst().network().loss();
        };
    return new Scorer(loss, model.encoder().map(Encoder::target));
  }

  private static void requireFinite(double number) {
    if (!Double.isFinite(number)) {
      throw new ArithmeticException(
          "the model gives %s: a feature is not finite, or its training has diverged"
              .formatted(number));
    }
  }

  /** {@return the error of a mean: a share of rows, or the root of a mean square} */
  double error(double mean) {
    return ofClasses ? mean : Math.sqrt(mean);
  }

  /** {@return the share of wrong rows, or the root of the mean square} */
  double error() {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return error(sum / values.length);
  }
}
