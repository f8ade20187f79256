package dev.lanewise.metric;

import java.util.Arrays;
import java.util.Objects;

/**
 * The probability of the second of two classes from which on a row is taken for that class, the
 * positive one. Immutable.
 *
 * @param probability the least probability of a positive row, in [0, 1]
 */
public record Threshold(float probability) {

  /** The threshold of the likelier class. */
  public static final Threshold HALF = new Threshold(0.5f);

  /** The measure by which a threshold can be chosen. */
  public enum Measure {
    /** The share of correct rows, (TP + TN) / n. */
    ACCURACY {
      @Override
      double of(int truePositives, int falsePositives, int positives, int negatives) {
        // TN = negatives - FP, and the negatives are the same for every threshold.
        return truePositives - falsePositives;
      }
    },
    /** 2·TP / (2·TP + FP + FN) of the positive class, 0 where there is nothing to divide by. */
    F1 {
      @Override
      double of(int truePositives, int falsePositives, int positives, int negatives) {
        long sum = (long) truePositives + falsePositives + positives;
        return sum == 0 ? 0 : 2.0 * truePositives / sum;
      }
    },
    /** J = TP / (TP + FN) + TN / (TN + FP) − 1 (Youden 1950); 0 unless both classes are there. */
    YOUDEN {
      @Override
      double of(int truePositives, int falsePositives, int positives, int negatives) {
        return (double) truePositives * negatives - (double) falsePositives * positives;
      }
    };

    /** {@return a number that orders thresholds over the same rows as the measure does} */
    abstract double of(int truePositives, int falsePositives, int positives, int negatives);
  }

  /**
   * Creates a threshold.
   *
   * @throws IllegalArgumentException if the probability is outside [0, 1]
   */
  public Threshold {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "threshold: %s; expected a probability in [0, 1]".formatted(probability));
    }
  }

  /**
   * {@return whether a row is positive}
   *
   * @param positive its probability of the positive class; NaN is not positive
   */
  public boolean admits(double positive) {
    return positive >= probability;
  }

  /**
   * {@return the threshold with the largest measure over rows; of equally good ones the one nearest
   * to 0.5, and the lower of two equally near}
   *
   * <p>The measure depends only on the two rows that the threshold lies between: there it is 0.5 if
   * that is between them, else halfway. Use rows that were not in the training, and other rows than
   * those that judge the result. Takes O(n·log n).
   *
   * @param probabilities each row's probability of the positive class, as the model gives it; the
   *     array may be longer
   * @param targets 1 for positive, 0 for negative; the array may be longer
   * @param rows the number of examples, at least 1
   * @param measure what is to be largest
   * @throws IllegalArgumentException if an array is too short, a probability is outside [0, 1] or a
   *     target neither
   */
  public static Threshold fit(double[] probabilities, float[] targets, int rows, Measure measure) {
    double[][] sorted = sorted(probabilities, targets, rows);
    Objects.requireNonNull(measure, "measure");
    int[] below = new int[2];
    double best = Double.NEGATIVE_INFINITY;
    float chosen = HALF.probability;
    double low = 0;
    while (true) {
      double high = Math.min(next(sorted[0], below[0]), next(sorted[1], below[1]));
      float cut = cut(low, Math.min(high, 1));
      if (below[0] + below[1] == 0 || isBetween(low, cut, high)) {
        double value =
            measure.of(
                sorted[1].length - below[1],
                sorted[0].length - below[0],
                sorted[1].length,
                sorted[0].length);
        if (value > best || value == best && fromHalf(cut) < fromHalf(chosen)) {
          best = value;
          chosen = cut;
        }
      }
      if (high > 1) {
        return new Threshold(chosen);
      }
      for (int c = 0; c < 2; c++) {
        while (next(sorted[c], below[c]) == high) {
          below[c]++;
        }
      }
      low = high;
    }
  }

  /** The probabilities of the rows of each class, sorted. */
  private static double[][] sorted(double[] probabilities, float[] targets, int rows) {
    Rows.check(rows, "probabilities", probabilities, 1);
    Rows.check(rows, "targets", targets, 1);
    int positives = 0;
    for (int r = 0; r < rows; r++) {
      Rows.checkProbability(probabilities[r], r);
      positives += Classification.actual(targets, r, 2);
    }
    double[][] sorted = {new double[rows - positives], new double[positives]};
    int[] filled = new int[2];
    for (int r = 0; r < rows; r++) {
      int actual = (int) targets[r];
      sorted[actual][filled[actual]++] = probabilities[r] + 0.0; // turns -0 into 0
    }
    Arrays.sort(sorted[0]);
    Arrays.sort(sorted[1]);
    return sorted;
  }

  /** {@return the lowest probability that is not yet passed; 2 after the last} */
  private static double next(double[] sorted, int below) {
    return below < sorted.length ? sorted[below] : 2;
  }

  /** Whether a cut separates the rows of one probability from those of the next. */
  private static boolean isBetween(double low, float cut, double high) {
    return cut > low && cut <= high;
  }

  /**
   * {@return a threshold above one probability and not above the next, if a float lies there; above
   * none it may be the first}
   */
  private static float cut(double low, double high) {
    if (low < 0.5 && high >= 0.5) {
      return 0.5f;
    }
    float middle = (float) ((low + high) / 2);
    if (isBetween(low, middle, high)) {
      return middle;
    }
    float end = (float) high;
    return end > high ? Math.nextDown(end) : end;
  }

  private static float fromHalf(float cut) {
    return Math.abs(cut - 0.5f);
  }
}
