package dev.lanewise.metric;

import java.util.Arrays;

/**
 * The probability of the second of two classes from which on a row is taken for that class, the
 * positive one. Immutable.
 *
 * @param probability the least probability of a positive row, in [0, 1]
 */
public record Threshold(float probability) {

  /** The threshold of the likelier class. */
  public static final Threshold HALF = new Threshold(0.5f);

  /** What a threshold can be chosen by. */
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

    /** {@return what is the larger, the larger the measure is over the same rows} */
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
  public boolean admits(float positive) {
    return positive >= probability;
  }

  /**
   * {@return the threshold under which a measure of rows is largest; of equally good ones the one
   * nearest to 0.5, and the lower of two as near}
   *
   * <p>What counts is between which rows it lies; there it is 0.5 if it can be, else halfway. Rows
   * that training has not seen are needed, and others than those that the result is judged by.
   * Takes O(n·log n).
   *
   * @param probabilities each row's probability of the positive class, as the model gives it; the
   *     array may be longer
   * @param targets 1 for positive, 0 for negative; the array may be longer
   * @param rows the number of examples, at least 1
   * @param measure what is to be largest
   * @throws IllegalArgumentException if an array is too short, a probability is outside [0, 1] or a
   *     target neither
   */
  public static Threshold fit(float[] probabilities, float[] targets, int rows, Measure measure) {
    long[] sorted = sorted(probabilities, targets, rows);
    int positives = 0;
    for (long row : sorted) {
      positives += positive(row);
    }
    int truePositives = positives;
    double best = Double.NEGATIVE_INFINITY;
    float chosen = HALF.probability;
    for (int below = 0; below <= rows; below++) {
      float low = below == 0 ? 0 : probability(sorted[below - 1]);
      float high = below == rows ? 1 : probability(sorted[below]);
      if (below == 0 || low < high) {
        int falsePositives = rows - below - truePositives;
        double value = measure.of(truePositives, falsePositives, positives, rows - positives);
        float cut = cut(low, high);
        if (value > best || value == best && fromHalf(cut) < fromHalf(chosen)) {
          best = value;
          chosen = cut;
        }
      }
      truePositives -= below == rows ? 0 : positive(sorted[below]);
    }
    return new Threshold(chosen);
  }

  /**
   * Rows by probability: the probability's bits, which are in its order, and behind them 0 or 1.
   */
  private static long[] sorted(float[] probabilities, float[] targets, int rows) {
    Rows.check(rows, "probabilities", probabilities, 1);
    Rows.check(rows, "targets", targets, 1);
    long[] sorted = new long[rows];
    for (int r = 0; r < rows; r++) {
      float probability = probabilities[r];
      if (!(probability >= 0 && probability <= 1)) {
        throw Rows.notProbability(r, probability);
      }
      int target = Classification.actual(targets, r, 1);
      sorted[r] = (long) Float.floatToIntBits(Math.abs(probability)) << 1 | target;
    }
    Arrays.sort(sorted);
    return sorted;
  }

  private static float probability(long row) {
    return Float.intBitsToFloat((int) (row >>> 1));
  }

  private static int positive(long row) {
    return (int) (row & 1);
  }

  /** A threshold above one probability and not above the next; above none it may be the first. */
  private static float cut(float low, float high) {
    if (low < 0.5f && high >= 0.5f) {
      return 0.5f;
    }
    float middle = (low + high) / 2;
    return middle > low ? middle : high;
  }

  private static float fromHalf(float cut) {
    return Math.abs(cut - 0.5f);
  }
}
