package dev.lanewise.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Evaluates rows of classes one by one. */
final class Judging {

  private final int classes;
  private final int rows;
  private final Threshold threshold;
  private final int[][] counts;
  private final Calibration.Bins bins;

  /** The probability of each class of the current row. */
  private final double[] p;

  /** Of two classes, the probabilities of the second by the true class; else null. */
  private final double[][] second;

  /** Of two classes, the numbers that rank the rows, by the true class; else null. */
  private final double[][] rank;

  private double loss;

  /**
   * @throws IllegalArgumentException if several classes have a threshold
   */
  Judging(int classes, int rows, Threshold threshold) {
    this.classes = classes;
    this.rows = rows;
    this.threshold = Objects.requireNonNull(threshold, "threshold");
    if (classes > 2 && !threshold.equals(Threshold.HALF)) {
      throw new IllegalArgumentException(
          "threshold: %s; expected 0.5, as there are %d classes"
              .formatted(threshold.probability(), classes));
    }
    counts = new int[classes][classes];
    bins = new Calibration.Bins();
    p = new double[classes];
    second = new double[2][];
    rank = new double[2][];
  }

  Evaluation.OfClasses ofLogits(
      float[] logits, int outputs, float[] targets, Temperature temperature) {
    count(targets);
    for (int r = 0; r < rows; r++) {
      Rows.checkFinite("logits", logits, outputs, r);
      temperature.probabilities(logits, r, outputs, p);
      int actual = (int) targets[r];
      loss += Classification.loss(logits, r, outputs, actual, temperature);
      boolean bySign = threshold.equals(Threshold.HALF);
      int predicted =
          bySign ? Classification.predicted(logits, r, outputs) : threshold.admits(p[1]) ? 1 : 0;
      add(actual, predicted, outputs == 1 ? logits[r] : margin(logits, r));
    }
    return result();
  }

  /** Of two columns the difference ranks as the one logit of a sigmoid does. */
  private double margin(float[] logits, int row) {
    return classes == 2 ? (double) logits[2 * row + 1] - logits[2 * row] : 0;
  }

  Evaluation.OfClasses ofProbabilities(double[] probabilities, float[] targets) {
    count(targets);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < classes; c++) {
        p[c] = probabilities[r * classes + c];
        Rows.checkProbability(p[c], r);
      }
      int actual = (int) targets[r];
      loss -= StrictMath.log(Math.max(p[actual], Double.MIN_VALUE));
      boolean likelier = threshold.equals(Threshold.HALF);
      add(actual, likelier ? likeliest() : threshold.admits(p[1]) ? 1 : 0, odds());
    }
    return result();
  }

  /** ln p₁ − ln p₀, which distinguishes rows also where p₁ is near 1. */
  private double odds() {
    return classes == 2 ? StrictMath.log(p[1]) - StrictMath.log(p[0]) : 0;
  }

  private int likeliest() {
    if (classes == 2) {
      return p[1] >= p[0] ? 1 : 0;
    }
    return Calibration.Bins.likeliest(p);
  }

  /** Makes room for the rows of two classes, after all targets have been found to be classes. */
  private void count(float[] targets) {
    int positives = 0;
    for (int r = 0; r < rows; r++) {
      int actual = Classification.actual(targets, r, classes);
      positives += actual == 1 ? 1 : 0;
    }
    if (classes == 2) {
      for (double[][] byClass : List.of(second, rank)) {
        byClass[0] = new double[rows - positives];
        byClass[1] = new double[positives];
      }
    }
  }

  private void add(int actual, int predicted, double ranked) {
    if (classes == 2) {
      int at = counts[actual][0] + counts[actual][1];
      second[actual][at] = p[1];
      rank[actual][at] = ranked;
    }
    counts[actual][predicted]++;
    bins.add(p, actual);
  }

  private Evaluation.OfClasses result() {
    ConfusionMatrix confusion = new ConfusionMatrix(counts);
    OptionalDouble auc =
        classes == 2 ? Classification.auc(rank[1], rank[0]) : OptionalDouble.empty();
    return new Evaluation.OfClasses(
        IntStream.range(0, classes).mapToObj(Integer::toString).toList(),
        new Classification(rows, confusion.correct(), loss / rows, auc),
        confusion,
        bins.result(rows),
        classes == 2 ? curve() : List.of());
  }

  /** The points of the threshold curve, from the highest threshold down. */
  private List<Evaluation.CurvePoint> curve() {
    Arrays.sort(second[0]);
    Arrays.sort(second[1]);
    int distinct = 0;
    int[] left = {second[0].length, second[1].length};
    while (left[0] + left[1] > 0) {
      pass(left);
      distinct++;
    }
    int points = Math.min(distinct, Evaluation.OfClasses.MOST_POINTS);
    List<Evaluation.CurvePoint> curve = new ArrayList<>(points);
    left = new int[] {second[0].length, second[1].length};
    for (int i = 0; i < distinct; i++) {
      double value = pass(left);
      // Point k is the distinct probability number k·(distinct − 1)/(points − 1), rounded down.
      long wanted = points == 1 ? 0 : (long) curve.size() * (distinct - 1) / (points - 1);
      if (i == wanted) {
        int truePositives = second[1].length - left[1];
        int falsePositives = second[0].length - left[0];
        curve.add(
            new Evaluation.CurvePoint(
                value, truePositives, falsePositives, second[1].length, second[0].length));
      }
    }
    return List.copyOf(curve);
  }

  /** Passes all rows of the highest probability that is left; {@return that probability} */
  private double pass(int[] left) {
    double value = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < 2; c++) {
      value = left[c] > 0 ? Math.max(value, second[c][left[c] - 1]) : value;
    }
    for (int c = 0; c < 2; c++) {
      while (left[c] > 0 && second[c][left[c] - 1] == value) {
        left[c]--;
      }
    }
    return value;
  }
}
