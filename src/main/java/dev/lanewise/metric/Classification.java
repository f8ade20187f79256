package dev.lanewise.metric;

import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The accuracy, log loss and AUC of logits for classes.
 *
 * <p>With one output (two classes) the positive class is predicted if the logit is 0 or more, that
 * is, if its probability is 0.5 or more; with several outputs the class of the largest logit, the
 * first of equal ones.
 *
 * @param rows the number of examples, n
 * @param correct the number of those whose predicted class is the true one
 * @param logLoss −1/n·Σ ln p(true class), by softmax or, for one output, sigmoid, computed from the
 *     logits so that it is finite for finite logits
 * @param auc the area under the ROC curve, for one output if both classes are there; see {@link
 *     #auc}
 */
public record Classification(int rows, int correct, double logLoss, OptionalDouble auc) {

  /** Creates a result; the numbers are not checked. */
  public Classification {
    Objects.requireNonNull(auc, "auc");
  }

  /**
   * Judges the first rows of a matrix of logits.
   *
   * @param logits the logits {@code [rows][outputs]}, finite; the array may be longer
   * @param outputs the number of outputs; 1 for two classes
   * @param targets the number of each row's class; the array may be longer
   * @param rows the number of examples, at least 1
   * @return the result
   * @throws IllegalArgumentException if an array is too short, a logit is not finite or a target no
   *     class
   */
  public static Classification of(float[] logits, int outputs, float[] targets, int rows) {
    return of(logits, outputs, targets, rows, Temperature.NONE);
  }

  /**
   * Judges the first rows of a matrix of logits, whose probabilities a temperature changes, and
   * with them the log loss. The predicted classes and the order of rows it leaves alone.
   *
   * @param logits the logits {@code [rows][outputs]}, finite, not divided by the temperature; the
   *     array may be longer
   * @param outputs the number of outputs; 1 for two classes
   * @param targets the number of each row's class; the array may be longer
   * @param rows the number of examples, at least 1
   * @param temperature what logits are divided by before they become probabilities
   * @return the result
   * @throws IllegalArgumentException if an array is too short, a logit is not finite or a target no
   *     class
   */
  public static Classification of(
      float[] logits, int outputs, float[] targets, int rows, Temperature temperature) {
    double logLoss = logLoss(logits, outputs, targets, rows, temperature);
    int correct = 0;
    for (int r = 0; r < rows; r++) {
      correct += predicted(logits, r, outputs) == (int) targets[r] ? 1 : 0;
    }
    OptionalDouble auc = outputs == 1 ? auc(logits, targets, rows) : OptionalDouble.empty();
    return new Classification(rows, correct, logLoss, auc);
  }

  /** {@return −1/n·Σ ln p(true class)} */
  static double logLoss(
      float[] logits, int outputs, float[] targets, int rows, Temperature temperature) {
    Rows.check(rows, "logits", logits, outputs);
    Rows.check(rows, "targets", targets, 1);
    double loss = 0;
    for (int r = 0; r < rows; r++) {
      int actual = actual(targets, r, Math.max(2, outputs));
      Rows.checkFinite("logits", logits, outputs, r);
      loss += loss(logits, r, outputs, actual, temperature);
    }
    return loss / rows;
  }

  /** {@return −ln p(true class) of a row} */
  static double loss(float[] logits, int row, int outputs, int actual, Temperature temperature) {
    return outputs == 1
        ? sigmoidLoss(temperature.applied(logits[row]), actual)
        : softmaxLoss(logits, row, outputs, actual, temperature);
  }

  /** {@return the share of correct predictions, correct / rows} */
  public double accuracy() {
    return (double) correct / rows;
  }

  /**
   * {@return the class predicted for a row}
   *
   * @param logits the logits {@code [rows][outputs]}
   * @param row the row
   * @param outputs the number of outputs; 1 for two classes
   */
  public static int predicted(float[] logits, int row, int outputs) {
    int from = row * outputs;
    if (outputs == 1) {
      return logits[from] >= 0 ? 1 : 0;
    }
    int best = 0;
    for (int c = 1; c < outputs; c++) {
      if (logits[from + c] > logits[from + best]) {
        best = c;
      }
    }
    return best;
  }

  /**
   * {@return the area under the ROC curve: the probability that a positive example has a higher
   * score than a negative one, equal scores counting half (mid-ranks; Mann and Whitney 1947)} Exact
   * up to one division; absent unless both classes are there. Takes O(n·log n).
   *
   * @param scores a score for each row, not NaN; the array may be longer
   * @param targets 1 for positive, 0 for negative; the array may be longer
   * @param rows the number of examples, at least 1
   * @throws IllegalArgumentException if an array is too short, a score is NaN or a target neither
   */
  public static OptionalDouble auc(float[] scores, float[] targets, int rows) {
    Rows.check(rows, "scores", scores, 1);
    Rows.check(rows, "targets", targets, 1);
    int positives = 0;
    for (int r = 0; r < rows; r++) {
      positives += actual(targets, r, 2);
    }
    int negatives = rows - positives;
    double[] positive = new double[positives];
    double[] negative = new double[negatives];
    for (int r = 0; r < rows; r++) {
      if (Float.isNaN(scores[r])) {
        throw Rows.notFinite("scores", r, 0, scores[r]);
      }
      if (targets[r] == 1) {
        positive[--positives] = scores[r];
      } else {
        negative[--negatives] = scores[r];
      }
    }
    return auc(positive, negative);
  }

  /** {@return the area for the scores of both classes, which are sorted here} */
  static OptionalDouble auc(double[] positive, double[] negative) {
    return positive.length == 0 || negative.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            halfWins(positive, negative) / (2.0 * positive.length * negative.length));
  }

  /** Twice the number of pairs where the positive's score is higher, plus that of equal pairs. */
  private static long halfWins(double[] positive, double[] negative) {
    Arrays.sort(positive);
    Arrays.sort(negative);
    long wins = 0;
    int below = 0;
    int notAbove = 0;
    for (double score : positive) {
      while (below < negative.length && negative[below] < score) {
        below++;
      }
      while (notAbove < negative.length && negative[notAbove] <= score) {
        notAbove++;
      }
      wins += (long) below + notAbove;
    }
    return wins;
  }

  static int actual(float[] targets, int row, int classes) {
    int number = (int) targets[row];
    if (number != targets[row] || number < 0 || number >= classes) {
      throw new IllegalArgumentException(
          "targets: row %d: %s; expected a class's number, 0 to %d"
              .formatted(row, targets[row], classes - 1));
    }
    return number;
  }

  /** ln(1 + e^z) − z·y, without overflow. */
  private static double sigmoidLoss(double z, int y) {
    return Math.max(z, 0) - z * y + StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
  }

  /** ln Σ e^z − z(true), shifted by the largest logit. */
  private static double softmaxLoss(
      float[] logits, int row, int outputs, int actual, Temperature temperature) {
    int from = row * outputs;
    double largest = temperature.applied(logits[from + predicted(logits, row, outputs)]);
    double sum = 0;
    for (int c = 0; c < outputs; c++) {
      sum += StrictMath.exp(temperature.applied(logits[from + c]) - largest);
    }
    return StrictMath.log(sum) + (largest - temperature.applied(logits[from + actual]));
  }
}
