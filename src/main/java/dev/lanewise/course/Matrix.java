package dev.lanewise.course;

import dev.lanewise.tensor.Slot;
import java.util.Arrays;

/** Operations on matrices {@code [rows][columns]} in double precision. */
final class Matrix {

  private Matrix() {}

  static double[][] identity(int size, double value) {
    double[][] identity = new double[size][size];
    for (int i = 0; i < size; i++) {
      identity[i][i] = value;
    }
    return identity;
  }

  static double[][] product(double[][] left, double[][] right) {
    double[][] product = new double[left.length][right[0].length];
    for (int i = 0; i < left.length; i++) {
      for (int j = 0; j < right[0].length; j++) {
        for (int k = 0; k < right.length; k++) {
          product[i][j] += left[i][k] * right[k][j];
        }
      }
    }
    return product;
  }

  static double[][] transpose(double[][] matrix) {
    double[][] transposed = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[i].length; j++) {
        transposed[j][i] = matrix[i][j];
      }
    }
    return transposed;
  }

  /** {@return the means and the deviations of columns} */
  static double[][] moments(double[][] matrix) {
    double[][] columns = transpose(matrix);
    double[][] moments = new double[2][columns.length];
    for (int j = 0; j < columns.length; j++) {
      double mean = Arrays.stream(columns[j]).sum() / columns[j].length;
      double squares = Arrays.stream(columns[j]).map(x -> (x - mean) * (x - mean)).sum();
      moments[0][j] = mean;
      moments[1][j] = Math.sqrt(squares / columns[j].length);
    }
    return moments;
  }

  /** Writes a matrix into its place among parameters. */
  static void put(double[] theta, Slot slot, double[]... values) {
    for (int i = 0; i < slot.size(); i++) {
      theta[slot.offset() + i] = values[i / values[0].length][i % values[0].length];
    }
  }

  /** {@return a matrix among floats} */
  static double[][] at(float[] floats, int offset, int rows, int columns) {
    double[][] matrix = new double[rows][columns];
    for (int i = 0; i < rows * columns; i++) {
      matrix[i / columns][i % columns] = floats[offset + i];
    }
    return matrix;
  }

  static float[] floats(double[]... rows) {
    float[] floats = new float[rows.length * rows[0].length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) rows[i / rows[0].length][i % rows[0].length];
    }
    return floats;
  }
}
