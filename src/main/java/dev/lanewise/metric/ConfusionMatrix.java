package dev.lanewise.metric;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The counts of rows by true and predicted class, and the scores that follow from them. A score is
 * 0 where there is nothing to divide by. Micro-averages over all classes need no methods:
 * precision, recall and F1 then all equal the accuracy. Immutable.
 */
public final class ConfusionMatrix {

  private final int[][] counts;

  /** Keeps the counts. */
  ConfusionMatrix(int[][] counts) {
    this.counts = counts;
  }

  /**
   * Counts classes against predicted ones.
   *
   * @param actual the number of each row's true class
   * @param predicted the number of each row's predicted class
   * @param classes the number of classes, at least 2
   * @return the matrix
   * @throws IllegalArgumentException if the lengths differ or a number is no class
   */
  public static ConfusionMatrix of(int[] actual, int[] predicted, int classes) {
    if (classes < 2) {
      throw new IllegalArgumentException("classes: %d; expected at least 2".formatted(classes));
    }
    if (actual.length != predicted.length) {
      throw new IllegalArgumentException(
          "predicted: %d rows; expected %d, as many as actual"
              .formatted(predicted.length, actual.length));
    }
    int[][] counts = new int[classes][classes];
    for (int r = 0; r < actual.length; r++) {
      counts[checked("actual", actual, r, classes)][checked("predicted", predicted, r, classes)]++;
    }
    return new ConfusionMatrix(counts);
  }

  private static int checked(String name, int[] numbers, int row, int classes) {
    if (numbers[row] < 0 || numbers[row] >= classes) {
      throw new IllegalArgumentException(
          "%s: row %d: %d; expected a class's number, 0 to %d"
              .formatted(name, row, numbers[row], classes - 1));
    }
    return numbers[row];
  }

  /** {@return the number of classes} */
  public int classes() {
    return counts.length;
  }

  /**
   * {@return how many rows of one class were taken for another, or for itself}
   *
   * @param actual the true class
   * @param predicted the predicted class
   */
  public int count(int actual, int predicted) {
    return counts[actual][predicted];
  }

  /** {@return the number of rows} */
  public int rows() {
    return IntStream.range(0, classes()).map(this::support).sum();
  }

  /** {@return the number of rows whose predicted class is the true one} */
  public int correct() {
    return IntStream.range(0, classes()).map(c -> counts[c][c]).sum();
  }

  /** {@return correct / rows} */
  public double accuracy() {
    return ratio(correct(), rows());
  }

  /**
   * {@return the share of right ones among the rows predicted as a class: TP / (TP + FP)}
   *
   * @param number the class
   */
  public double precision(int number) {
    return ratio(counts[number][number], predicted(number));
  }

  /**
   * {@return the share of a class's rows that were found: TP / (TP + FN)}
   *
   * @param number the class
   */
  public double recall(int number) {
    return ratio(counts[number][number], support(number));
  }

  /**
   * {@return the harmonic mean of precision and recall: 2·TP / (2·TP + FP + FN)}
   *
   * @param number the class
   */
  public double f1(int number) {
    return ratio(2L * counts[number][number], (long) predicted(number) + support(number));
  }

  /**
   * {@return the rows of a class}
   *
   * @param number the class
   */
  public int support(int number) {
    return Arrays.stream(counts[number]).sum();
  }

  /** {@return the mean of the classes' precisions, with the same weight for each class} */
  public double macroPrecision() {
    return mean(this::precision);
  }

  /** {@return the mean of the classes' recalls, which is the balanced accuracy} */
  public double macroRecall() {
    return mean(this::recall);
  }

  /** {@return the mean of the classes' F1} */
  public double macroF1() {
    return mean(this::f1);
  }

  private int predicted(int number) {
    return Arrays.stream(counts).mapToInt(row -> row[number]).sum();
  }

  private double mean(IntToDoubleFunction score) {
    double sum = 0;
    for (int c = 0; c < classes(); c++) {
      sum += score.applyAsDouble(c);
    }
    return sum / classes();
  }

  /** {@return part / whole; 0 where there is nothing to divide by} */
  static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfusionMatrix that && Arrays.deepEquals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(counts);
  }

  /** {@return a line for each true class with its counts by predicted class} */
  @Override
  public String toString() {
    return String.join("\n", Arrays.stream(counts).map(Arrays::toString).toList());
  }
}
