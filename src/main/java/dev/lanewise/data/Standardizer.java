package dev.lanewise.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Brings every column to a common scale by what the training rows had: x = (v − centre) / spread.
 *
 * <p>The usual one takes the mean and the standard deviation, σ = √(Σ(v − μ)²/n), so columns get
 * mean 0 and deviation 1. A robust one takes the median and the distance between the quartiles,
 * which outliers do not move, and clips smoothly: y = x / √(1 + (x/3)²), so |y| ≤ 3, y ≈ x near 0,
 * and no two numbers change places (Holzmüller, Grinsztajn and Steinwart, "Better by default",
 * 2024).
 *
 * <p>All in {@code double}, then rounded to {@code float} once: values that differ by little beside
 * their size, as times of one minute do, stay apart, and a row has the same bits in training and
 * prediction. Immutable; safe for use by several threads.
 */
public final class Standardizer {

  /** What the encoded numbers of a robust one stay within. */
  private static final double LIMIT = 3;

  private final double[] centre;
  private final double[] spread;

  /** Which columns are clipped; those of joined encoders may differ. */
  private final boolean[] clipped;

  private Standardizer(List<Fitted> columns) {
    int count = columns.size();
    centre = new double[count];
    spread = new double[count];
    clipped = new boolean[count];
    for (int c = 0; c < count; c++) {
      centre[c] = columns.get(c).centre;
      spread[c] = columns.get(c).spread;
      clipped[c] = columns.get(c).clipped;
    }
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
    List<Fitted> columns = new ArrayList<>();
    for (int c = 0; c < mean.length; c++) {
      if (!Double.isFinite(mean[c])
          || !(deviation[c] > 0 && deviation[c] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "column %d: mean %s, deviation %s; expected finite numbers and a deviation above 0"
                .formatted(c, mean[c], deviation[c]));
      }
      columns.add(new Fitted(mean[c], deviation[c], false));
    }
    return new Standardizer(columns);
  }

  /**
   * {@return a robust standardizer with known numbers}
   *
   * @param centre the median of each column, within the range of {@code float}
   * @param spread what each column is divided by, the distance between its quartiles or half its
   *     range, within the range of {@code float}; 0 for a column that was constant and is 0 in
   *     every row
   * @throws IllegalArgumentException if the lengths differ or a number is out of range
   */
  public static Standardizer robust(double[] centre, double[] spread) {
    if (centre.length != spread.length) {
      throw new IllegalArgumentException(
          "spread: %d columns; expected %d, as many as centres"
              .formatted(spread.length, centre.length));
    }
    List<Fitted> columns = new ArrayList<>();
    for (int c = 0; c < centre.length; c++) {
      float width = (float) spread[c];
      if (!Float.isFinite((float) centre[c])
          || !(spread[c] == 0 || width > 0 && width < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "column %d: centre %s, spread %s; expected numbers in the range of float and a spread of 0 or above"
                .formatted(c, centre[c], spread[c]));
      }
      columns.add(new Fitted(centre[c], spread[c], true));
    }
    return new Standardizer(columns);
  }

  /** Numbers of a column that can be gone through more than once. */
  interface Numbers {

    /** {@return the number of a row, from 0} */
    double get(int row);
  }

  /**
   * What a column is brought to scale by.
   *
   * @param centre what is subtracted
   * @param spread what is divided by; 0 if the column is 0 in every row
   * @param clipped whether the quotient is clipped
   */
  record Fitted(double centre, double spread, boolean clipped) {

    /** A column that stays as it is. */
    private static final Fitted NOTHING = new Fitted(0, 1, false);

    /**
     * {@return the moments of numbers, in two passes} Distances are taken from the first one, so a
     * constant column has exactly the mean that it is constant at, and numbers that lie close
     * together far from 0 lose nothing. A deviation that is 0, or would be in {@code float}, is 1.
     */
    static Fitted moments(int rows, Numbers numbers) {
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
      return moments(mean, squares, rows);
    }

    /** {@return the moments of a column that is 1 in some rows, else 0} */
    static Fitted moments(int rows, int ones) {
      double mean = (double) ones / rows;
      double squares = ones * (1 - mean) * (1 - mean) + (rows - ones) * mean * mean;
      return moments(mean, squares, rows);
    }

    private static Fitted moments(double mean, double squares, int rows) {
      double root = Math.sqrt(squares / rows);
      return new Fitted(mean, (float) root > 0 ? root : 1, false);
    }

    /**
     * {@return the median and the distance between the quartiles; where that is 0, or would be in
     * {@code float}, half the range}
     *
     * @param rows how many numbers there are, at least 1
     * @param sorted the numbers by rank, from 0
     */
    static Fitted quartiles(int rows, Numbers sorted) {
      double median = (sorted.get((rows - 1) / 2) + sorted.get(rows / 2)) / 2;
      double between = quantile(rows, sorted, 0.75) - quantile(rows, sorted, 0.25);
      double half = (sorted.get(rows - 1) - sorted.get(0)) / 2;
      double spread = (float) between > 0 ? between : (float) half > 0 ? half : 0;
      return new Fitted(median, spread, true);
    }

    /** The quantile between two ranks lies on the line between their numbers, as NumPy's does. */
    private static double quantile(int rows, Numbers sorted, double share) {
      double rank = share * (rows - 1);
      int below = (int) rank;
      double fraction = rank - below;
      double lower = sorted.get(below);
      double step = sorted.get(Math.min(below + 1, rows - 1)) - lower;
      return fraction < 0.5 ? lower + step * fraction : lower + step - step * (1 - fraction);
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
    List<Fitted> fitted = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      int column = c;
      fitted.add(
          Fitted.moments(features.length / columns, row -> features[row * columns + column]));
    }
    return of(fitted);
  }

  static Standardizer of(List<Fitted> columns) {
    return new Standardizer(columns);
  }

  /** {@return what encoders do whose columns stand one behind another} */
  static Optional<Standardizer> join(List<Encoder> encoders) {
    if (encoders.stream().allMatch(encoder -> encoder.standardizer().isEmpty())) {
      return Optional.empty();
    }
    List<Fitted> fitted = new ArrayList<>();
    for (Encoder encoder : encoders) {
      for (int c = 0; c < encoder.encodedColumns(); c++) {
        int column = c;
        fitted.add(
            encoder
                .standardizer()
                .map(s -> new Fitted(s.centre[column], s.spread[column], s.clipped[column]))
                .orElse(Fitted.NOTHING));
      }
    }
    return Optional.of(of(fitted));
  }

  /** {@return the number of columns} */
  public int columns() {
    return centre.length;
  }

  /** {@return what is subtracted from each column, μ or the median, a copy} */
  public double[] centre() {
    return centre.clone();
  }

  /** {@return what each column is divided by then, σ or what a robust one takes, a copy} */
  public double[] spread() {
    return spread.clone();
  }

  /** {@return whether columns are clipped; of joined encoders, whether some are} */
  public boolean isRobust() {
    for (boolean some : clipped) {
      if (some) {
        return true;
      }
    }
    return false;
  }

  /** {@return a column's number, standardised} */
  float apply(int column, double value) {
    double distance = value - centre[column];
    if (!clipped[column]) {
      return (float) (distance / spread[column]);
    }
    double x = spread[column] == 0 ? 0 : distance / spread[column];
    return (float) (x / Math.sqrt(1 + x / LIMIT * (x / LIMIT)));
  }

  /**
   * {@return a standardised number in the column's unit again} Of a clipped one, whatever is far
   * beyond the limit comes back as infinite: its distance is gone.
   *
   * @param column the column
   * @param value the standardised number
   * @throws IndexOutOfBoundsException if there is no such column
   */
  public double restore(int column, float value) {
    double x = value;
    if (clipped[column]) {
      x = spread[column] == 0 ? 0 : x / Math.sqrt(1 - x / LIMIT * (x / LIMIT));
    }
    return x * spread[column] + centre[column];
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
    int columns = centre.length;
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
    if (rows < 0 || offset < 0 || offset + (long) rows * centre.length > array.length) {
      throw new IllegalArgumentException(
          "%s: length %d; expected %d rows of %d columns from offset %d"
              .formatted(name, array.length, rows, centre.length, offset));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Standardizer that
        && Arrays.equals(centre, that.centre)
        && Arrays.equals(spread, that.spread)
        && Arrays.equals(clipped, that.clipped);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(centre) + Arrays.hashCode(spread);
  }

  /** {@return the number of columns, in words} */
  @Override
  public String toString() {
    return "standardises %d columns%s"
        .formatted(centre.length, isRobust() ? " by median and quartiles, clipped" : "");
  }
}
