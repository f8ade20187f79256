package dev.lanewise;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * A published unit-test case: blocks {@code KIND NAME ROWS COLUMNS}, each followed by its rows,
 * with KIND one of input, expected (in full precision) and published (as printed by the course).
 */
public final class CourseCase {

  private final String name;
  private final Map<String, double[][]> matrices;

  private CourseCase(String name, Map<String, double[][]> matrices) {
    this.name = name;
    this.matrices = matrices;
  }

  /**
   * Reads a case by its name, as {@code c2w1-cost-l2}; aborts the test where the files are absent.
   */
  public static CourseCase read(String name) {
    try {
      List<String> lines =
          Files.readAllLines(SharedData.file("data/course-cases/cases/" + name + ".txt"));
      return new CourseCase(name, parse(lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, double[][]> parse(List<String> lines) {
    Map<String, double[][]> matrices = new HashMap<>();
    Iterator<String> rest =
        lines.stream().filter(l -> !l.startsWith("#") && !l.isBlank()).iterator();
    while (rest.hasNext()) {
      String[] head = rest.next().split(" ");
      double[][] matrix = new double[Integer.parseInt(head[2])][];
      for (int r = 0; r < matrix.length; r++) {
        matrix[r] =
            Arrays.stream(rest.next().split(" ")).mapToDouble(Double::parseDouble).toArray();
        if (matrix[r].length != Integer.parseInt(head[3])) {
          throw new IllegalArgumentException(String.join(" ", head) + ": row " + r);
        }
      }
      matrices.put(head[0] + " " + head[1], matrix);
    }
    return matrices;
  }

  /** {@return a mask with a row for each example, of one that has a column for each} */
  public static boolean[] mask(double[][] examplesInColumns) {
    double[][] rows = transpose(examplesInColumns);
    boolean[] mask = new boolean[rows.length * rows[0].length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = rows[i / rows[0].length][i % rows[0].length] == 1;
    }
    return mask;
  }

  public double[][] input(String tensor) {
    return matrix("input " + tensor);
  }

  public double[][] expected(String tensor) {
    return matrix("expected " + tensor);
  }

  public double[][] published(String tensor) {
    return matrix("published " + tensor);
  }

  /** {@return the only element of a 1×1 matrix} */
  public static double scalar(double[][] matrix) {
    return matrix[0][0];
  }

  /** Turns examples in columns, as in one of the courses, into examples in rows, and back. */
  public static double[][] transpose(double[][] matrix) {
    double[][] transposed = new double[matrix[0].length][matrix.length];
    for (int r = 0; r < matrix.length; r++) {
      for (int c = 0; c < matrix[r].length; c++) {
        transposed[c][r] = matrix[r][c];
      }
    }
    return transposed;
  }

  /** {@return evenly spaced values from first to last} */
  public static double[] linspace(double first, double last, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = first + i * ((last - first) / (count - 1));
    }
    return values;
  }

  /** {@return a flat array as a matrix with that many columns} */
  public static double[][] matrix(double[] flat, int columns) {
    double[][] matrix = new double[flat.length / columns][];
    for (int r = 0; r < matrix.length; r++) {
      matrix[r] = Arrays.copyOfRange(flat, r * columns, (r + 1) * columns);
    }
    return matrix;
  }

  private double[][] matrix(String key) {
    double[][] matrix = matrices.get(key);
    if (matrix == null) {
      throw new NoSuchElementException(name + " has no " + key + "; it has " + matrices.keySet());
    }
    return matrix;
  }
}
