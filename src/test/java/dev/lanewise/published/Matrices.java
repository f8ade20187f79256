package dev.lanewise.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.CourseCase;
import dev.lanewise.SharedData;
import dev.lanewise.tensor.Slot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;

/** Matrices of published numbers, and how near ours have to be. */
final class Matrices {

  private Matrices() {}

  /** Reads numbers from a file below {@code data}. */
  static double[][] csv(String file, int headerLines) {
    return Arrays.stream(cells(file, headerLines))
        .map(row -> Arrays.stream(row).mapToDouble(Double::parseDouble).toArray())
        .toArray(double[][]::new);
  }

  static String[][] cells(String file, int headerLines) {
    try {
      return Files.readAllLines(SharedData.file("data/" + file)).stream()
          .skip(headerLines)
          .map(line -> line.split(","))
          .toArray(String[][]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static double[][] columns(double[][] rows, int from, int to) {
    return Arrays.stream(rows)
        .map(row -> Arrays.copyOfRange(row, from, to))
        .toArray(double[][]::new);
  }

  static double[][] scaled(double factor, double[][] matrix) {
    return Arrays.stream(matrix)
        .map(row -> Arrays.stream(row).map(x -> factor * x).toArray())
        .toArray(double[][]::new);
  }

  static double[][] identity(int n) {
    double[][] identity = new double[n][n];
    for (int i = 0; i < n; i++) {
      identity[i][i] = 1;
    }
    return identity;
  }

  /** Mean and biased deviation of each column, as two rows. */
  static double[][] moments(double[][] rows) {
    double[][] columns = CourseCase.transpose(rows);
    double[][] moments = new double[2][columns.length];
    for (int j = 0; j < columns.length; j++) {
      double mean = Arrays.stream(columns[j]).average().orElseThrow();
      moments[0][j] = mean;
      moments[1][j] =
          Math.sqrt(
              Arrays.stream(columns[j]).map(x -> (x - mean) * (x - mean)).average().orElseThrow());
    }
    return moments;
  }

  /** {@return a tensor's part of flat parameters} */
  static double[][] read(double[] flat, Slot slot) {
    double[][] matrix = new double[slot.rows()][slot.columns()];
    for (int i = 0; i < slot.size(); i++) {
      matrix[i / slot.columns()][i % slot.columns()] = flat[slot.offset() + i];
    }
    return matrix;
  }

  /** Writes a tensor's part of flat parameters. */
  static void write(double[][] matrix, double[] flat, Slot slot) {
    int offset = slot.offset();
    for (double[] row : matrix) {
      System.arraycopy(row, 0, flat, offset, row.length);
      offset += row.length;
    }
  }

  /** Expects a number within a share of the published one. */
  static void assertNear(double tolerance, double published, double ours, String what) {
    assertNear(tolerance, new double[][] {{published}}, new double[][] {{ours}}, what);
  }

  /** Expects elements within a share of the published tensor's largest magnitude. */
  static void assertNear(double tolerance, double[][] published, double[][] ours, String what) {
    assertEquals(published.length, ours.length, what + ": rows");
    double largest = 0;
    double deviation = 0;
    for (int r = 0; r < published.length; r++) {
      assertEquals(published[r].length, ours[r].length, what + ": columns");
      for (int c = 0; c < published[r].length; c++) {
        largest = Math.max(largest, Math.abs(published[r][c]));
        deviation = Math.max(deviation, Math.abs(ours[r][c] - published[r][c]));
      }
    }
    assertTrue(
        deviation <= tolerance * largest,
        "%s: deviates by %s, published magnitudes are up to %s; allowed is %s of that"
            .formatted(what, deviation, largest, tolerance));
  }
}
