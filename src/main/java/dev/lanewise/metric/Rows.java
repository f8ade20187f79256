package dev.lanewise.metric;

import java.util.Objects;

/** The checks that all scores make of a row-major matrix {@code [rows][columns]}. */
final class Rows {

  private Rows() {}

  static void check(int rows, String name, float[] matrix, int columns) {
    Objects.requireNonNull(matrix, name);
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "%s: %d rows of %d; expected at least 1 of 1".formatted(name, rows, columns));
    }
    if (matrix.length < (long) rows * columns) {
      throw new IllegalArgumentException(
          "%s: %d numbers; expected at least %d rows of %d"
              .formatted(name, matrix.length, rows, columns));
    }
  }

  static void checkFinite(String name, float[] matrix, int columns, int row) {
    for (int c = 0; c < columns; c++) {
      if (!Float.isFinite(matrix[row * columns + c])) {
        throw notFinite(name, row, c, matrix[row * columns + c]);
      }
    }
  }

  static IllegalArgumentException notFinite(String name, int row, int column, float value) {
    return new IllegalArgumentException(
        "%s: row %d, column %d: %s; expected a finite number".formatted(name, row, column, value));
  }

  static IllegalArgumentException notProbability(int row, float value) {
    return new IllegalArgumentException(
        "probabilities: row %d: %s; expected a number in [0, 1]".formatted(row, value));
  }
}
