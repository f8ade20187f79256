package dev.lanewise.model;

import dev.lanewise.data.Dataset;
import dev.lanewise.net.Loss;
import java.util.Arrays;
import java.util.List;

/** Nonconformity scores of rows, computed for calibration and for predictions by the same code. */
final class ConformalScores {

  private ConformalScores() {}

  /**
   * Predicts the values that an interval is laid around: twice the prediction, or a lower and an
   * upper quantile. Where the lower quantile is above the upper one, they change places.
   *
   * @param lower receives {@code [count][outputs]}
   * @param upper receives {@code [count][outputs]}
   */
  static void band(
      TrainedModel model,
      Conformal.Score score,
      float[] rows,
      int count,
      double[] lower,
      double[] upper) {
    int numbers = count * model.outputs();
    if (score == Conformal.Score.RESIDUAL) {
      model.shared().values(rows, count, lower);
      System.arraycopy(lower, 0, upper, 0, numbers);
    } else {
      List<Model> pair = ((Ensemble) model).models();
      pair.get(0).shared().values(rows, count, lower);
      pair.get(1).shared().values(rows, count, upper);
    }
    order(lower, upper, numbers);
  }

  /** Puts the lower of two values first; of a mean e^z that overflows, takes the largest number. */
  static void order(double[] lower, double[] upper, int numbers) {
    for (int i = 0; i < numbers; i++) {
      double low = lower[i];
      lower[i] = Math.min(Math.min(low, upper[i]), Double.MAX_VALUE);
      upper[i] = Math.min(Math.max(low, upper[i]), Double.MAX_VALUE);
    }
  }

  /** {@return max(lo − y, y − hi), which is |y − ŷ| where both are ŷ} */
  static double ofValue(double lower, double upper, double truth) {
    return Math.max(lower - truth, truth - upper);
  }

  /**
   * {@return the score of one class of a row: 1 − p, or the probability of all classes before it in
   * the order of falling probabilities, equal ones in the order of their numbers; NaN if p is}
   */
  static double ofClass(Conformal.Score score, double[] p, int at, int classes, int c) {
    double its = p[at + c];
    if (score == Conformal.Score.LAC || Double.isNaN(its)) {
      return 1 - its;
    }
    double before = 0;
    for (int j = 0; j < classes; j++) {
      double other = p[at + j];
      before += other > its || other == its && j < c ? other : 0;
    }
    return Math.min(before, 1);
  }

  /**
   * {@return the sorted scores of labelled rows: a row of them for each value that is predicted, or
   * the one of sets}
   */
  static double[][] sorted(TrainedModel model, Dataset rows, Conformal.Score score) {
    double[][] scores =
        score.givesSets() ? ofLabels(model, rows, score) : ofTargets(model, rows, score);
    for (double[] ofColumn : scores) {
      Arrays.sort(ofColumn);
    }
    return scores;
  }

  private static double[][] ofTargets(TrainedModel model, Dataset rows, Conformal.Score score) {
    double[] truth = new Judgement(model).truth(rows);
    int columns = model.outputs();
    double[] lower = new double[truth.length];
    double[] upper = new double[truth.length];
    band(model, score, rows.features(), rows.rows(), lower, upper);
    double[][] scores = new double[columns][rows.rows()];
    for (int i = 0; i < truth.length; i++) {
      double its = ofValue(lower[i], upper[i], truth[i]);
      scores[i % columns][i / columns] = finite(its, i / columns);
    }
    return scores;
  }

  private static double[][] ofLabels(TrainedModel model, Dataset rows, Conformal.Score score) {
    int[] labels = labels(model, rows);
    int classes = classes(model);
    double[] p = new double[Math.multiplyExact(labels.length, classes)];
    model.shared().probabilities(rows.features(), labels.length, p);
    double[] scores = new double[labels.length];
    for (int r = 0; r < labels.length; r++) {
      scores[r] = finite(ofClass(score, p, r * classes, classes, labels[r]), r);
    }
    return new double[][] {scores};
  }

  /** Numbers that are not finite are no fault of the labels. */
  private static double finite(double score, int row) {
    if (!Double.isFinite(score)) {
      throw new ArithmeticException(
          "row %d: the score is %s: a feature is not finite, or the model's training has diverged"
              .formatted(row, score));
    }
    return score;
  }

  /** {@return the number of each row's class} */
  static int[] labels(TrainedModel model, Dataset rows) {
    new Judgement(model).checkFits(rows);
    int classes = classes(model);
    float[] targets = rows.targets();
    if (rows.targetColumns() != 1) {
      throw new IllegalArgumentException(
          "rows: %d target columns; expected 1, the number of the class"
              .formatted(rows.targetColumns()));
    }
    int[] labels = new int[rows.rows()];
    for (int r = 0; r < labels.length; r++) {
      labels[r] = (int) targets[r];
      if (labels[r] != targets[r] || labels[r] < 0 || labels[r] >= classes) {
        throw new IllegalArgumentException(
            "rows: target %s of row %d; expected a class from 0 to %d"
                .formatted(targets[r], r, classes - 1));
      }
    }
    return labels;
  }

  /** {@return the classes that probabilities are of} */
  static int classes(TrainedModel model) {
    return Links.classes(model.link(), model.outputs());
  }

  /** {@return whether outputs are of classes of which each row has one} */
  static boolean predictsClasses(TrainedModel model) {
    return model.link() == Loss.Link.SOFTMAX
        || model.link() == Loss.Link.SIGMOID && model.outputs() == 1;
  }

  /** {@return whether outputs are values} */
  static boolean predictsValues(TrainedModel model) {
    return model.link() == Loss.Link.IDENTITY || model.link() == Loss.Link.EXP;
  }
}
