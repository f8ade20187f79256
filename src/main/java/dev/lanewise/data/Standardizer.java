package dev.lanewise.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Brings every column to mean 0 and standard deviation 1 by what the training rows had: y = (x − μ)
 * / σ with σ = √(Σ(x − μ)²/n).
 *
 * <p>One subtraction and one division in {@code double}, then rounded to {@code float}: values that
 * differ by little beside their size, as times of one minute do, stay apart, and a row has the same
 * bits in training and prediction. Immutable; safe for use by several threads.
 */
public final class Standardizer {

  private final double[] mean;
  private final double[] deviation;

  private Standardizer(double[] mean, double[] deviation) {
    this.mean = mean;
    this.deviation = deviation;
  }

  /**
   * {@return a standardizer with known numbers}
   *
   * @param mean μ of each column, finite
   * @param deviation σ of each column, finite and above 0
   * @throws IllegalArgumentException if the lengths differ or a number is out of range
   */
  public static Standardizer of(double[] mean, double[] deviation) {
    if (mean.length != deviation.length) {
      throw new IllegalArgumentException(
          "deviation: %d columns; expected %d, as many as means"
              .formatted(deviation.length, mean.length));
    }
    for (int c = 0; c < mean.length; c++) {
      if (!Double.isFinite(mean[c])
          || !(deviation[c] > 0 && deviation[c] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "column %d: mean %s, deviation %s; expected finite numbers and a deviation above 0"
                .formatted(c, mean[c], deviation[c]));
      }
    }
    return new Standardizer(mean.clone(), deviation.clone());
  }

  /** Numbers of a column that can be gone through more than once. */
  interface Numbers {

    /** {@return the number of a row, from 0} */
    double get(int row);
  }

  /** A mean and a deviation. */
  record Moments(double mean, double deviation) {

    /**
     * {@return the moments of numbers, in two passes} Distances are taken from the first one, so a
     * constant column has exactly the mean that it is constant at, and numbers that lie close
     * together far from 0 lose nothing. A deviation that is 0, or would be in {@code float}, is 1.
     */
    static Moments of(int rows, Numbers numbers) {
      double first = numbers.get(0);
      double sum = 0;
      for (int row = 0; row < rows; row++) {
        sum += numbers.get(row) - first;
      }
      double mean = first + sum / rows;
      double squares = 0;
      for (int row = 0; row < rows; row++) {
        double distance = numbers.get(row) - mean;
        squares += distance * distance;
      }
      return of(mean, squares, rows);
    }

    /** {@return the moments of a column that is 1 in some rows, else 0} */
    static Moments of(int rows, int ones) {
      double mean = (double) ones / rows;
      double squares = ones * (1 - mean) * (1 - mean) + (rows - ones) * mean * mean;
      return of(mean, squares, rows);
    }

    private static Moments of(double mean, double squares, int rows) {
      double root = Math.sqrt(squares / rows);
      return new Moments(mean, (float) root > 0 ? root : 1);
    }
  }

  /**
   * Learns from training rows, in {@code double}. A column that is constant there, or whose
   * deviation would vanish in {@code float}, gets the deviation 1, so it becomes 0.
   *
   * @param features the features {@code [rows][columns]}
   * @param columns the number of columns, at least 1
   * @return the standardizer
   * @throws IllegalArgumentException if there are no whole rows or a number is not finite
   */
  static Standardizer fit(float[] features, int columns) {
    if (columns < 1 || features.length == 0 || features.length % columns != 0) {
      throw new IllegalArgumentException(
          "features: %d numbers in %d columns; expected whole rows, at least one"
              .formatted(features.length, columns));
    }
    for (int i = 0; i < features.length; i++) {
      if (!Float.isFinite(features[i])) {
        throw new IllegalArgumentException(
            "features: row %d, column %d: %s; expected a finite number"
                .formatted(i / columns, i % columns, features[i]));
      }
    }
    List<Moments> moments = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      int column = c;
      moments.add(Moments.of(features.length / columns, row -> features[row * columns + column]));
    }
    return of(moments);
  }

  static Standardizer of(List<Moments> columns) {
    return new Standardizer(
        columns.stream().mapToDouble(Moments::mean).toArray(),
        columns.stream().mapToDouble(Moments::deviation).toArray());
  }

  /** {@return what encoders do whose columns stand one behind another} */
  static Optional<Standardizer> join(List<Encoder> encoders) {
    if (encoders.stream().allMatch(encoder -> encoder.standardizer().isEmpty())) {
      return Optional.empty();
    }
    List<Moments> moments = new ArrayList<>();
    for (Encoder encoder : encoders) {
      for (int c = 0; c < encoder.encodedColumns(); c++) {
        int column = c;
        moments.add(
            encoder
                .standardizer()
                .map(s -> new Moments(s.mean[column], s.deviation[column]))
                .orElse(new Moments(0, 1)));
      }
    }
    return Optional.of(of(moments));
  }

  /** {@return the number of columns} */
  public int columns() {
    return mean.length;
  }

  /** {@return μ of each column, a copy} */
  public double[] mean() {
    return mean.clone();
  }

  /** {@return σ of each column, a copy} */
  public double[] deviation() {
    return deviation.clone();
  }

  /** {@return a column's number, standardised} */
  float apply(int column, double value) {
    return (float) ((value - mean[column]) / deviation[column]);
  }

  /** {@return a standardised number in the column's unit again} */
  double restore(int column, float value) {
    return value * deviation[column] + mean[column];
  }

  /**
   * Standardises rows; the two matrices may be one.
   *
   * @param x the matrix {@code [rows][columns]} in original units
   * @param xo where it begins
   * @param y the matrix {@code [rows][columns]} that is written
   * @param yo where it begins
   * @param rows the number of rows
   * @throws IllegalArgumentException if an array is too short or the number of rows negative
   */
  void apply(float[] x, int xo, float[] y, int yo, int rows) {
    checkRows("x", x, xo, rows);
    checkRows("y", y, yo, rows);
    int columns = mean.length;
    for (int r = 0; r < rows; r++) {
      int from = xo + r * columns;
      int to = yo + r * columns;
      for (int c = 0; c < columns; c++) {
        y[to + c] = apply(c, x[from + c]);
      }
    }
  }

  private void checkRows(String name, float[] array, int offset, int rows) {
    Objects.requireNonNull(array, name);
    if (rows < 0 || offset < 0 || offset + (long) rows * mean.length > array.length) {
      throw new IllegalArgumentException(
          "%s: length %d; expected %d rows of %d columns from offset %d"
              .formatted(name, array.length, rows, mean.length, offset));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Standardizer that
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(deviation, that.deviation);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(mean) + Arrays.hashCode(deviation);
  }

  /** {@return the number of columns, in words} */
  @Override
  public String toString() {
    return "standardises %d columns".formatted(mean.length);
  }
}
