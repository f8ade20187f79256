package dev.lanewise.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How well probabilities agree with the frequencies of what they predict.
 *
 * @param rows the number of examples, n
 * @param ece the expected calibration error, Σ over bins of |bin|/n · |accuracy − mean confidence|,
 *     in [0, 1]: a row's confidence is the probability of its most probable class, and the bins are
 *     the {@value #BINS} parts of (0, 1] of equal width (Guo et al. 2017)
 * @param brier the Brier score: of two classes 1/n·Σ(p − y)² with p the probability of the second,
 *     in [0, 1]; of several 1/n·Σ Σ_c (p_c − y_c)² with y one-hot, in [0, 2] (Brier 1950)
 * @param bins the bins, from the lowest confidence up: a reliability diagram
 */
public record Calibration(int rows, double ece, double brier, List<Bin> bins) {

  /** The number of bins of confidence. */
  public static final int BINS = 15;

  /**
   * The rows whose confidence lies in one part of (0, 1].
   *
   * @param rows their number
   * @param confidence their mean confidence; 0 if there are none
   * @param accuracy the share of those whose most probable class is the true one; 0 if there are
   *     none
   */
  public record Bin(int rows, double confidence, double accuracy) {

    /** The 97.5 % point of the normal distribution. */
    private static final double Z = 1.959963984540054;

    /**
     * {@return the lower end of the accuracy's 95 % interval, by Wilson's score (1927); 0 without
     * rows}
     */
    public double low() {
      return rows == 0 ? 0 : Math.max(0, centre() - half());
    }

    /**
     * {@return the upper end of the accuracy's 95 % interval, by Wilson's score (1927); 1 without
     * rows}
     */
    public double high() {
      return rows == 0 ? 1 : Math.min(1, centre() + half());
    }

    private double centre() {
      return (accuracy + Z * Z / (2.0 * rows)) / (1 + Z * Z / rows);
    }

    private double half() {
      double variance = accuracy * (1 - accuracy) / rows + Z * Z / (4.0 * rows * rows);
      return Z * Math.sqrt(variance) / (1 + Z * Z / rows);
    }
  }

  /** Creates a result; the numbers are not checked. */
  public Calibration {
    bins = List.copyOf(Objects.requireNonNull(bins, "bins"));
  }

  /**
   * Judges the first rows of a matrix of probabilities.
   *
   * @param probabilities {@code [rows][outputs]}, in [0, 1]; the array may be longer
   * @param outputs the number of outputs; 1 for two classes, the probability being the second's
   * @param targets the number of each row's class; the array may be longer
   * @param rows the number of examples, at least 1
   * @return the result
   * @throws IllegalArgumentException if an array is too short, a probability is outside [0, 1] or a
   *     target no class
   */
  public static Calibration of(double[] probabilities, int outputs, float[] targets, int rows) {
    Rows.check(rows, "probabilities", probabilities, outputs);
    Rows.check(rows, "targets", targets, 1);
    int classes = Math.max(2, outputs);
    double[] p = new double[classes];
    Bins bins = new Bins();
    for (int r = 0; r < rows; r++) {
      int actual = Classification.actual(targets, r, classes);
      for (int c = 0; c < outputs; c++) {
        Rows.checkProbability(probabilities[r * outputs + c], r);
        p[outputs == 1 ? 1 : c] = probabilities[r * outputs + c];
      }
      p[0] = outputs == 1 ? 1 - p[1] : p[0];
      bins.add(p, actual);
    }
    return bins.result(rows);
  }

  /**
   * {@return the rows by the probability of the second of two classes, in {@value #BINS} parts of
   * (0, 1] of equal width, from the lowest up} The confidence of a bin is the mean probability of
   * that class there, its accuracy the share of the class's rows.
   *
   * @param probabilities the probability of the second class, in [0, 1]; the array may be longer
   * @param targets 1 for the second class, 0 for the first; the array may be longer
   * @param rows the number of examples, at least 1
   * @throws IllegalArgumentException if an array is too short, a probability is outside [0, 1] or a
   *     target no class
   */
  public static List<Bin> ofSecondClass(double[] probabilities, float[] targets, int rows) {
    Rows.check(rows, "probabilities", probabilities, 1);
    Rows.check(rows, "targets", targets, 1);
    Bins bins = new Bins();
    for (int r = 0; r < rows; r++) {
      int actual = Classification.actual(targets, r, 2);
      Rows.checkProbability(probabilities[r], r);
      bins.add(probabilities[r], actual);
    }
    return bins.list();
  }

  /** Sums over rows, bin by bin. */
  static final class Bins {
    private final int[] rows = new int[BINS];
    private final int[] right = new int[BINS];
    private final double[] confidences = new double[BINS];
    private final double[] gaps = new double[BINS];
    private double squares;

    /** Counts a row; {@code p} has the probability of each class. */
    void add(double[] p, int actual) {
      for (int c = p.length == 2 ? 1 : 0; c < p.length; c++) {
        double error = p[c] - (c == actual ? 1 : 0);
        squares += error * error;
      }
      int likeliest = likeliest(p);
      add(p[likeliest], likeliest == actual ? 1 : 0);
    }

    /** Counts what was given a probability, and whether it is the case. */
    private void add(double confidence, int correct) {
      int bin = Math.max(0, (int) Math.ceil(confidence * BINS) - 1);
      rows[bin]++;
      right[bin] += correct;
      confidences[bin] += confidence;
      gaps[bin] += correct - confidence;
    }

    /**
     * {@return the most probable class: of equally probable ones the second of two, else the first}
     */
    static int likeliest(double[] p) {
      if (p.length == 2) {
        return p[1] >= p[0] ? 1 : 0;
      }
      int best = 0;
      for (int c = 1; c < p.length; c++) {
        best = p[c] > p[best] ? c : best;
      }
      return best;
    }

    Calibration result(int rowsOfAll) {
      double sum = 0;
      for (double gap : gaps) {
        sum += Math.abs(gap);
      }
      return new Calibration(rowsOfAll, sum / rowsOfAll, squares / rowsOfAll, list());
    }

    private List<Bin> list() {
      List<Bin> bins = new ArrayList<>();
      for (int b = 0; b < BINS; b++) {
        bins.add(
            rows[b] == 0
                ? new Bin(0, 0, 0)
                : new Bin(rows[b], confidences[b] / rows[b], (double) right[b] / rows[b]));
      }
      return bins;
    }
  }
}
