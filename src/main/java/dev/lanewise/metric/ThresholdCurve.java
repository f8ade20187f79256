package dev.lanewise.metric;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.RandomAccess;

/**
 * The counts of positive rows for every threshold on a score: the points of a ROC curve (recall
 * against the false positive rate), of a precision–recall curve, and of precision, recall and
 * accuracy against the threshold.
 *
 * <p>There is a point for each distinct score, from the highest down; it takes the rows of at least
 * that score for positive. Rows of equal scores are never parted, so that the areas do not depend
 * on the order of rows. A ROC curve begins at (0, 0), where no row is taken for positive, and goes
 * on through these points. Takes O(n·log n) and 16 bytes a point. Immutable.
 */
public final class ThresholdCurve {

  private final double[] scores;
  private final int[] truePositives;
  private final int[] falsePositives;
  private final int positives;
  private final int negatives;
  private final OptionalDouble auc;
  private final OptionalDouble averagePrecision;

  private ThresholdCurve(
      double[] scores,
      int[] truePositives,
      int[] falsePositives,
      int positives,
      int negatives,
      OptionalDouble auc,
      OptionalDouble averagePrecision) {
    this.scores = scores;
    this.truePositives = truePositives;
    this.falsePositives = falsePositives;
    this.positives = positives;
    this.negatives = negatives;
    this.auc = auc;
    this.averagePrecision = averagePrecision;
  }

  /**
   * Counts the rows of each class from each score on.
   *
   * @param scores a score for each row, larger for rows that are rather positive, as a probability
   *     or a logit; not NaN; the array may be longer
   * @param targets 1 for positive, 0 for negative; the array may be longer
   * @param rows the number of examples, at least 1
   * @return the curve with all its points
   * @throws IllegalArgumentException if an array is too short, a score is NaN or a target neither
   */
  public static ThresholdCurve of(double[] scores, float[] targets, int rows) {
    Rows.check(rows, "scores", scores, 1);
    Rows.check(rows, "targets", targets, 1);
    int positives = 0;
    for (int r = 0; r < rows; r++) {
      positives += Classification.actual(targets, r, 2);
      if (Double.isNaN(scores[r])) {
        throw new IllegalArgumentException("scores: row %d: NaN; expected a number".formatted(r));
      }
    }
    double[][] sorted = {new double[rows - positives], new double[positives]};
    int[] filled = new int[2];
    for (int r = 0; r < rows; r++) {
      int actual = (int) targets[r];
      sorted[actual][filled[actual]++] = scores[r] + 0.0; // turns -0 into 0
    }
    Arrays.sort(sorted[0]);
    Arrays.sort(sorted[1]);
    return counted(sorted[0], sorted[1]);
  }

  private static ThresholdCurve counted(double[] negative, double[] positive) {
    int rows = Math.addExact(negative.length, positive.length);
    double[] scores = new double[rows];
    int[] truePositives = new int[rows];
    int[] falsePositives = new int[rows];
    int points = 0;
    int negativesLeft = negative.length;
    int positivesLeft = positive.length;
    while (negativesLeft + positivesLeft > 0) {
      double score =
          Math.max(last(negative, negativesLeft), last(positive, positivesLeft)); // -∞ if none
      while (negativesLeft > 0 && negative[negativesLeft - 1] == score) {
        negativesLeft--;
      }
      while (positivesLeft > 0 && positive[positivesLeft - 1] == score) {
        positivesLeft--;
      }
      scores[points] = score;
      truePositives[points] = positive.length - positivesLeft;
      falsePositives[points] = negative.length - negativesLeft;
      points++;
    }
    ThresholdCurve curve =
        new ThresholdCurve(
            Arrays.copyOf(scores, points),
            Arrays.copyOf(truePositives, points),
            Arrays.copyOf(falsePositives, points),
            positive.length,
            negative.length,
            OptionalDouble.empty(),
            OptionalDouble.empty());
    return curve.withAreas(curve.area(), curve.precisionOverRecall());
  }

  private static double last(double[] sorted, int count) {
    return count > 0 ? sorted[count - 1] : Double.NEGATIVE_INFINITY;
  }

  private ThresholdCurve withAreas(OptionalDouble auc, OptionalDouble averagePrecision) {
    return new ThresholdCurve(
        scores, truePositives, falsePositives, positives, negatives, auc, averagePrecision);
  }

  /** Trapezoids between the points, whose halves are counted in whole numbers. */
  private OptionalDouble area() {
    if (positives == 0 || negatives == 0) {
      return OptionalDouble.empty();
    }
    long halves = 0;
    int found = 0;
    int wrong = 0;
    for (int i = 0; i < scores.length; i++) {
      halves += (long) (falsePositives[i] - wrong) * ((long) found + truePositives[i]);
      found = truePositives[i];
      wrong = falsePositives[i];
    }
    return OptionalDouble.of(halves / (2.0 * positives * negatives));
  }

  private OptionalDouble precisionOverRecall() {
    if (positives == 0) {
      return OptionalDouble.empty();
    }
    double sum = 0;
    int found = 0;
    for (int i = 0; i < scores.length; i++) {
      sum += (truePositives[i] - found) * point(i).precision();
      found = truePositives[i];
    }
    return OptionalDouble.of(sum / positives);
  }

  /** {@return the points, from the highest threshold down; a view} */
  public List<Evaluation.CurvePoint> points() {
    return new Points();
  }

  private Evaluation.CurvePoint point(int i) {
    return new Evaluation.CurvePoint(
        scores[i], truePositives[i], falsePositives[i], positives, negatives);
  }

  /** {@return the number of positive rows} */
  public int positives() {
    return positives;
  }

  /** {@return the number of other rows} */
  public int negatives() {
    return negatives;
  }

  /**
   * {@return the area under the ROC curve of all points, which is {@link Classification#auc};
   * absent unless both classes are there}
   */
  public OptionalDouble auc() {
    return auc;
  }

  /**
   * {@return the average precision, Σ (Rᵢ − Rᵢ₋₁)·Pᵢ over all points, with Pᵢ the precision and Rᵢ
   * the recall; absent without positive rows} Nothing is interpolated between points: that would be
   * too good a curve.
   */
  public OptionalDouble averagePrecision() {
    return averagePrecision;
  }

  /**
   * {@return this curve with fewer points, to be drawn} The first and the last are among them, then
   * the corners of the ROC curve's convex hull, where the best thresholds for any costs lie, then
   * others that are spread evenly along the ROC curve. The areas stay those of all points.
   *
   * @param most the most points, at least 2
   * @throws IllegalArgumentException if that is fewer
   */
  public ThresholdCurve thinned(int most) {
    if (most < 2) {
      throw new IllegalArgumentException("most: %d; expected at least 2".formatted(most));
    }
    if (scores.length <= most) {
      return this;
    }
    int[] corners = corners();
    BitSet kept = new BitSet(scores.length);
    kept.set(0);
    kept.set(scores.length - 1);
    int fits = Math.min(corners.length, most);
    for (int k = 0; k < fits; k++) {
      kept.set(corners[(int) ((long) k * (corners.length - 1) / Math.max(1, fits - 1))]);
    }
    fill(kept, most);
    int[] chosen = kept.stream().limit(most).toArray();
    chosen[chosen.length - 1] = scores.length - 1;
    return selected(chosen);
  }

  /** {@return the points at which the upper convex hull turns, from (0, 0) to (1, 1)} */
  private int[] corners() {
    int[] hull = new int[scores.length];
    int size = 0;
    for (int i = 0; i < scores.length; i++) {
      while (size > 0 && turn(size > 1 ? hull[size - 2] : -1, hull[size - 1], i) >= 0) {
        size--;
      }
      hull[size++] = i;
    }
    return Arrays.copyOf(hull, size);
  }

  /** {@return above 0 if the way from a over b to c turns left, 0 if it is straight} */
  private long turn(int a, int b, int c) {
    int x = a < 0 ? 0 : falsePositives[a];
    int y = a < 0 ? 0 : truePositives[a];
    return (long) (falsePositives[b] - x) * (truePositives[c] - y)
        - (long) (truePositives[b] - y) * (falsePositives[c] - x);
  }

  /** Adds points at even distances along the curve, as many as there is room for. */
  private void fill(BitSet kept, int most) {
    int room = most - kept.cardinality();
    int i = 0;
    for (int k = 1; k <= room; k++) {
      double wanted = 2.0 * k / (room + 1);
      while (i < scores.length - 1 && length(i) < wanted) {
        i++;
      }
      kept.set(i);
    }
  }

  /** {@return how far a point is along the curve, from 0 to 2, to the right and up} */
  private double length(int i) {
    return ConfusionMatrix.ratio(truePositives[i], positives)
        + ConfusionMatrix.ratio(falsePositives[i], negatives);
  }

  private ThresholdCurve selected(int[] chosen) {
    double[] some = new double[chosen.length];
    int[] found = new int[chosen.length];
    int[] wrong = new int[chosen.length];
    for (int k = 0; k < chosen.length; k++) {
      some[k] = scores[chosen[k]];
      found[k] = truePositives[chosen[k]];
      wrong[k] = falsePositives[chosen[k]];
    }
    return new ThresholdCurve(some, found, wrong, positives, negatives, auc, averagePrecision);
  }

  /** {@return the number of points and the areas} */
  @Override
  public String toString() {
    return "ThresholdCurve[points=%d, auc=%s, averagePrecision=%s]"
        .formatted(scores.length, auc, averagePrecision);
  }

  /** The points, made when they are asked for. */
  private final class Points extends AbstractList<Evaluation.CurvePoint> implements RandomAccess {

    @Override
    public Evaluation.CurvePoint get(int i) {
      return point(i);
    }

    @Override
    public int size() {
      return scores.length;
    }
  }
}
