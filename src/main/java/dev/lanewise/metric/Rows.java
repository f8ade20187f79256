package dev.lanewise.metric;

/** The checks of row-major matrices {@code [rows][columns]} that all metrics share. */
final class Rows {

  private Rows() {}

  static void check(int rows, String name, float[] matrix, int columns) {
    check(rows, name, matrix == null ? -1 : matrix.length, columns);
  }

  static void check(int rows, String name, double[] matrix, int columns) {
    check(rows, name, matrix == null ? -1 : matrix.length, columns);
  }

  /** A length of −1 stands for an absent array. */
  private static void check(int rows, String name, int length, int columns) {
    if (length < 0) {
      throw new NullPointerException(name);
    }
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "%s: %d rows of %d; expected at least 1 of 1".formatted(name, rows, columns));
    }
    if (length < (long) rows * columns) {
      throw new IllegalArgumentException(
          "%s: %d numbers; expected at least %d rows of %d".formatted(name, length, rows, columns));
    }
  }

  static void checkFinite(String name, float[] matrix, int columns, int row) {
    for (int c = 0; c < columns; c++) {
      if (!Float.isFinite(matrix[row * columns + c])) {
        throw notFinite(name, row, c, matrix[row * columns + c]);
      }
    }
  }

  static void checkFinite(String name, double[] matrix, int columns, int row) {
    for (int c = 0; c < columns; c++) {
      if (!Double.isFinite(matrix[row * columns + c])) {
        throw notFinite(name, row, c, matrix[row * columns + c]);
      }
    }
  }

  static void checkProbability(double value, int row) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "probabilities: row %d: %s; expected a number in [0, 1]".formatted(row, value));
    }
  }

  static IllegalArgumentException notFinite(String name, int row, int column, Number value) {
    return new IllegalArgumentException(
        "%s: row %d, column %d: %s; expected a finite number".formatted(name, row, column, value));
  }
}
