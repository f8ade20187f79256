package dev.lanewise.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The distance between the distributions of a column in two sets of rows, by the two-sample test of
 * Kolmogorov and Smirnov. Dev and test rows should come from one distribution, because what is
 * selected on dev rows is judged by test rows. Training rows may come from another one, but then a
 * gap between their loss and that of the dev rows may be due to that difference rather than to
 * variance.
 *
 * @param column the column's place
 * @param distance the largest difference between the sets' shares of rows up to a value, in [0, 1]
 * @param probability the probability of at least that distance if both sets come from one
 *     distribution; too large for a column of few distinct values
 */
public record ColumnShift(int column, double distance, double probability) {

  /**
   * Below this λ the probability is 1 in double precision, and the series would converge slowly.
   */
  private static final double CERTAIN = 0.2;

  /** The 25th term is below 1e-21 for such a λ. */
  private static final int TERMS = 25;

  /**
   * Compares two sets of rows. Sorts each column of both: n·log n, and a copy of it.
   *
   * @param first some rows, at least 1; read only
   * @param second other rows, at least 1; read only
   * @return a shift for each column, in their order
   * @throws IllegalArgumentException if a set has no rows, or the sets differ in their columns
   */
  public static List<ColumnShift> between(Dataset first, Dataset second) {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
    requireRows("first", first);
    requireRows("second", second);
    if (second.columns() != first.columns()) {
      throw new IllegalArgumentException(
          "second: %d columns; expected the first's %d"
              .formatted(second.columns(), first.columns()));
    }
    List<ColumnShift> shifts = new ArrayList<>();
    for (int column = 0; column < first.columns(); column++) {
      double distance = distance(sorted(first, column), sorted(second, column));
      shifts.add(
          new ColumnShift(column, distance, probability(distance, first.rows(), second.rows())));
    }
    return shifts;
  }

  private static void requireRows(String name, Dataset rows) {
    if (rows.rows() < 1) {
      throw new IllegalArgumentException("%s: no rows; expected at least 1".formatted(name));
    }
  }

  private static float[] sorted(Dataset rows, int column) {
    float[] values = new float[rows.rows()];
    for (int row = 0; row < values.length; row++) {
      values[row] = rows.features()[row * rows.columns() + column] + 0f; // −0 is 0
    }
    Arrays.sort(values);
    return values;
  }

  /** Equal values are passed in both sets together, however often they occur. */
  private static double distance(float[] a, float[] b) {
    double largest = 0;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      float value = Float.compare(a[i], b[j]) <= 0 ? a[i] : b[j];
      i = behind(a, i, value);
      j = behind(b, j, value);
      largest = Math.max(largest, Math.abs((double) i / a.length - (double) j / b.length));
    }
    return largest;
  }

  private static int behind(float[] sorted, int from, float value) {
    int place = from;
    while (place < sorted.length && Float.compare(sorted[place], value) <= 0) {
      place++;
    }
    return place;
  }

  /**
   * {@return 2·Σ(−1)^(k−1)·e^(−2k²λ²)} with λ = (√n + 0.12 + 0.11/√n)·distance for n = rows·others
   * / (rows + others) (Smirnov 1948, Stephens 1970).
   */
  private static double probability(double distance, int rows, int others) {
    double root = StrictMath.sqrt((double) rows * others / ((double) rows + others));
    double lambda = (root + 0.12 + 0.11 / root) * distance;
    if (lambda < CERTAIN) {
      return 1;
    }
    double sum = 0;
    for (int k = TERMS; k >= 1; k--) {
      sum = StrictMath.exp(-2.0 * k * k * lambda * lambda) - sum;
    }
    return Math.clamp(2 * sum, 0, 1);
  }
}
