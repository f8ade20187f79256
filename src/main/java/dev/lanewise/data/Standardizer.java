package dev.lanewise.data;

import java.util.Arrays;
import java.util.Objects;

/**
 * Brings every column to mean 0 and standard deviation 1 by what the training rows had: y = (x − μ)
 * / σ with σ = √(Σ(x − μ)²/n).
 *
 * <p>The same function serves training and prediction: one subtraction and one division in {@code
 * float}, so a row has the same bits in both. Immutable; safe for use by several threads.
 */
public final class Standardizer {

  private final float[] mean;
  private final float[] deviation;

  private Standardizer(float[] mean, float[] deviation) {
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
  public static Standardizer of(float[] mean, float[] deviation) {
    if (mean.length != deviation.length) {
      throw new IllegalArgumentException(
          "deviation: %d columns; expected %d, as many as means"
              .formatted(deviation.length, mean.length));
    }
    for (int c = 0; c < mean.length; c++) {
      if (!Float.isFinite(mean[c])
          || !(deviation[c] > 0 && deviation[c] < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "column %d: mean %s, deviation %s; expected finite numbers and a deviation above 0"
                .formatted(c, mean[c], deviation[c]));
      }
    }
    return new Standardizer(mean.clone(), deviation.clone());
  }

  /**
   * Learns from training rows, in {@code double}. A column that is constant there, or whose
   * deviation vanishes in {@code float}, gets the deviation 1, so it becomes 0.
   *
   * @param features the features {@code [rows][columns]}
   * @param columns the number of columns, at least 1
   * @return the standardizer
   * @throws IllegalArgumentException if there are no whole rows or a number is not finite
   */
  public static Standardizer fit(float[] features, int columns) {
    if (columns < 1 || features.length == 0 || features.length % columns != 0) {
      throw new IllegalArgumentException(
          "features: %d numbers in %d columns; expected whole rows, at least one"
              .formatted(features.length, columns));
    }
    int rows = features.length / columns;
    double[] sums = new double[columns];
    for (int i = 0; i < features.length; i++) {
      if (!Float.isFinite(features[i])) {
        throw new IllegalArgumentException(
            "features: row %d, column %d: %s; expected a finite number"
                .formatted(i / columns, i % columns, features[i]));
      }
      sums[i % columns] += features[i];
    }
    double[] squares = new double[columns];
    for (int i = 0; i < features.length; i++) {
      int c = i % columns;
      double distance = features[i] - sums[c] / rows;
      squares[c] += distance * distance;
    }
    float[] mean = new float[columns];
    float[] deviation = new float[columns];
    for (int c = 0; c < columns; c++) {
      mean[c] = (float) (sums[c] / rows);
      // A constant gives exactly 0: up to 2^29 equal floats add up without rounding in double.
      float root = (float) Math.sqrt(squares[c] / rows);
      deviation[c] = root > 0 ? root : 1;
    }
    return new Standardizer(mean, deviation);
  }

  /** {@return the number of columns} */
  public int columns() {
    return mean.length;
  }

  /** {@return μ of each column, a copy} */
  public float[] mean() {
    return mean.clone();
  }

  /** {@return σ of each column, a copy} */
  public float[] deviation() {
    return deviation.clone();
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
  public void apply(float[] x, int xo, float[] y, int yo, int rows) {
    checkRows("x", x, xo, rows);
    checkRows("y", y, yo, rows);
    int columns = mean.length;
    for (int r = 0; r < rows; r++) {
      int from = xo + r * columns;
      int to = yo + r * columns;
      for (int c = 0; c < columns; c++) {
        y[to + c] = (x[from + c] - mean[c]) / deviation[c];
      }
    }
  }

  /** Brings rows {@code [rows][columns]} back to original units, in place. */
  void restore(float[] rows, int count) {
    checkRows("scores", rows, 0, count);
    int columns = mean.length;
    for (int r = 0; r < count; r++) {
      for (int c = 0; c < columns; c++) {
        int at = r * columns + c;
        rows[at] = (float) ((double) rows[at] * deviation[c] + mean[c]);
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
