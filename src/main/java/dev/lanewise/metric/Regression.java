package dev.lanewise.metric;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * How close predicted values p are to the true ones y.
 *
 * @param rows the number of examples, n
 * @param rmse √(1/nk·Σ(p − y)²) over the k values of all rows, in the unit of the values
 * @param mae 1/nk·Σ|p − y| over the k values of all rows, in the unit of the values
 * @param r2 1 − Σ(p − y)² / Σ(y − ȳ)², the share of the variance that is explained, the mean over
 *     the k columns; absent if all true values of a column are equal
 */
public record Regression(int rows, double rmse, double mae, OptionalDouble r2) {

  /** Keeps results as they are; {@code r2} is never null. */
  public Regression {
    Objects.requireNonNull(r2, "r2");
  }

  /**
   * Compares the first rows of two arrays.
   *
   * @param predicted p for each row, finite; the array may be longer
   * @param actual y for each row, finite; the array may be longer
   * @param rows the number of examples, at least 1
   * @return the result
   * @throws IllegalArgumentException if an array is too short or a value is not finite
   */
  public static Regression of(float[] predicted, float[] actual, int rows) {
    return of(predicted, actual, rows, 1);
  }

  /**
   * Compares the first rows of two matrices.
   *
   * @param predicted p {@code [rows][columns]}, finite; the array may be longer
   * @param actual y {@code [rows][columns]}, finite; the array may be longer
   * @param rows the number of examples, at least 1
   * @param columns the values of an example, at least 1
   * @return the result
   * @throws IllegalArgumentException if an array is too short or a value is not finite
   */
  public static Regression of(float[] predicted, float[] actual, int rows, int columns) {
    Rows.check(rows, "predicted", predicted, columns);
    Rows.check(rows, "actual", actual, columns);
    for (int r = 0; r < rows; r++) {
      Rows.checkFinite("predicted", predicted, columns, r);
      Rows.checkFinite("actual", actual, columns, r);
    }
    double squares = 0;
    double magnitudes = 0;
    double explained = 0;
    boolean varies = true;
    for (int c = 0; c < columns; c++) {
      double mean = mean(actual, rows, columns, c);
      double ofColumn = 0;
      double spread = 0;
      boolean same = true;
      for (int r = 0; r < rows; r++) {
        int at = r * columns + c;
        double error = (double) predicted[at] - actual[at];
        ofColumn += error * error;
        magnitudes += Math.abs(error);
        spread += (actual[at] - mean) * (actual[at] - mean);
        same &= actual[at] == actual[c];
      }
      squares += ofColumn;
      explained += 1 - ofColumn / spread;
      varies &= !same;
    }
    double values = (double) rows * columns;
    return new Regression(
        rows,
        Math.sqrt(squares / values),
        magnitudes / values,
        varies ? OptionalDouble.of(explained / columns) : OptionalDouble.empty());
  }

  /** {@return ȳ of a column} */
  private static double mean(float[] actual, int rows, int columns, int column) {
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      sum += actual[r * columns + column];
    }
    return sum / rows;
  }
}
