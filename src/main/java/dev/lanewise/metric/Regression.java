package dev.lanewise.metric;

import java.util.OptionalDouble;

/**
 * How close predicted values p are to the true ones y.
 *
 * @param rows the number of examples, n
 * @param rmse √(1/n·Σ(p − y)²), in the unit of the values
 * @param mae 1/n·Σ|p − y|, in the unit of the values
 * @param r2 1 − Σ(p − y)² / Σ(y − ȳ)², the share of the variance that is explained; absent if all
 *     true values are equal
 */
public record Regression(int rows, double rmse, double mae, OptionalDouble r2) {

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
    Rows.check(rows, "predicted", predicted, 1);
    Rows.check(rows, "actual", actual, 1);
    double sum = 0;
    boolean varies = false;
    for (int r = 0; r < rows; r++) {
      Rows.checkFinite("predicted", predicted, 1, r);
      Rows.checkFinite("actual", actual, 1, r);
      sum += actual[r];
      varies |= actual[r] != actual[0];
    }
    double mean = sum / rows;
    double squares = 0;
    double magnitudes = 0;
    double spread = 0;
    for (int r = 0; r < rows; r++) {
      double error = (double) predicted[r] - actual[r];
      squares += error * error;
      magnitudes += Math.abs(error);
      spread += (actual[r] - mean) * (actual[r] - mean);
    }
    return new Regression(
        rows,
        Math.sqrt(squares / rows),
        magnitudes / rows,
        varies ? OptionalDouble.of(1 - squares / spread) : OptionalDouble.empty());
  }
}
