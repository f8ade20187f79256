package dev.lanewise.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The errors of predicted values p against the true values y.
 *
 * @param rows the number of examples, n
 * @param rmse √(1/nk·Σ(p − y)²) over the k values of all rows, in the unit of the values
 * @param mae 1/nk·Σ|p − y| over the k values of all rows, in the unit of the values
 * @param r2 1 − Σ(p − y)² / Σ(y − ȳ)², the share of the variance that is explained, the mean over
 *     the k columns; absent if all true values of a column are equal
 * @param columns the same, column by column
 */
public record Regression(
    int rows, double rmse, double mae, OptionalDouble r2, List<Column> columns) {

  /**
   * The errors of the predicted values of one column.
   *
   * @param rmse √(1/n·Σ(p − y)²), in the unit of the column
   * @param mae 1/n·Σ|p − y|, in the unit of the column
   * @param r2 1 − Σ(p − y)² / Σ(y − ȳ)²; absent if all true values are equal
   */
  public record Column(double rmse, double mae, OptionalDouble r2) {

    /** Creates the errors; the numbers are not checked. */
    public Column {
      Objects.requireNonNull(r2, "r2");
    }
  }

  /** Creates the errors; the numbers are not checked. */
  public Regression {
    Objects.requireNonNull(r2, "r2");
    columns = List.copyOf(Objects.requireNonNull(columns, "columns"));
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
  public static Regression of(double[] predicted, double[] actual, int rows) {
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
  public static Regression of(double[] predicted, double[] actual, int rows, int columns) {
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
    List<Column> ofColumns = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      double mean = mean(actual, rows, columns, c);
      double ofColumn = 0;
      double absolute = 0;
      double spread = 0;
      boolean same = true;
      for (int r = 0; r < rows; r++) {
        int at = r * columns + c;
        double error = predicted[at] - actual[at];
        ofColumn += error * error;
        absolute += Math.abs(error);
        // Distances from the first value keep the digits of values large beside their spread.
        double distance = actual[at] - actual[c] - mean;
        spread += distance * distance;
        same &= actual[at] == actual[c];
      }
      double share = 1 - ofColumn / spread;
      ofColumns.add(
          new Column(
              Math.sqrt(ofColumn / rows),
              absolute / rows,
              same ? OptionalDouble.empty() : OptionalDouble.of(share)));
      squares += ofColumn;
      magnitudes += absolute;
      explained += share;
      varies &= !same;
    }
    double values = (double) rows * columns;
    return new Regression(
        rows,
        Math.sqrt(squares / values),
        magnitudes / values,
        varies ? OptionalDouble.of(explained / columns) : OptionalDouble.empty(),
        ofColumns);
  }

  /** {@return ȳ of a column, less its first value} */
  private static double mean(double[] actual, int rows, int columns, int column) {
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      sum += actual[r * columns + column] - actual[column];
    }
    return sum / rows;
  }
}
