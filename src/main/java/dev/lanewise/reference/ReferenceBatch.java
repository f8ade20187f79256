package dev.lanewise.reference;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/**
 * The examples of one training step, with its dropout masks or the key that they are drawn from.
 * The arrays are not copied.
 *
 * @param x the inputs {@code [rows][columns]}
 * @param targets the targets {@code [rows][targetColumns]}
 * @param weights the rows' weights, by which their losses are multiplied
 * @param masks given keep-masks {@code [rows · width]} by the number of the dropout (0 on the
 *     inputs, n after block n), which replace the random ones
 * @param stepKey the key of the random masks
 */
public record ReferenceBatch(
    double[][] x,
    double[][] targets,
    double[] weights,
    Map<Integer, boolean[]> masks,
    long stepKey) {

  /**
   * Creates a batch.
   *
   * @throws IllegalArgumentException if there are no rows, the numbers of rows differ, or a matrix
   *     is not rectangular
   */
  public ReferenceBatch {
    checkRectangular("x", x);
    checkRectangular("targets", targets);
    if (x.length != targets.length) {
      throw new IllegalArgumentException(
          "targets: %d rows; expected %d, the rows of x".formatted(targets.length, x.length));
    }
    if (x.length != weights.length) {
      throw new IllegalArgumentException(
          "weights: %d numbers; expected %d, the rows of x".formatted(weights.length, x.length));
    }
    for (int r = 0; r < weights.length; r++) {
      if (!(weights[r] >= 0 && weights[r] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "weights: %s in row %d; expected a finite number >= 0".formatted(weights[r], r));
      }
    }
    masks = Map.copyOf(Objects.requireNonNull(masks, "masks"));
  }

  /**
   * Creates a batch whose rows all weigh 1.
   *
   * @param x the inputs {@code [rows][columns]}
   * @param targets the targets {@code [rows][targetColumns]}
   * @param masks given keep-masks by the number of the dropout
   * @param stepKey the key of the random masks
   */
  public ReferenceBatch(
      double[][] x, double[][] targets, Map<Integer, boolean[]> masks, long stepKey) {
    this(x, targets, ones(x.length), masks, stepKey);
  }

  /**
   * Creates a batch without random or given masks: dropout draws under key 0.
   *
   * @param x the inputs {@code [rows][columns]}
   * @param targets the targets {@code [rows][targetColumns]}
   */
  public ReferenceBatch(double[][] x, double[][] targets) {
    this(x, targets, Map.of(), 0);
  }

  /**
   * {@return the batch that row-major float matrices hold, widened exactly}
   *
   * @param rows the number of rows
   * @param features the inputs {@code [rows][columns]}, flat
   * @param targets the targets {@code [rows][targetColumns]}, flat
   * @param stepKey the key of the random masks
   */
  public static ReferenceBatch of(int rows, float[] features, float[] targets, long stepKey) {
    return new ReferenceBatch(
        matrix("features", features, rows), matrix("targets", targets, rows), Map.of(), stepKey);
  }

  /**
   * {@return this batch with given masks}
   *
   * @param given keep-masks by the number of the dropout
   */
  public ReferenceBatch withMasks(Map<Integer, boolean[]> given) {
    Objects.requireNonNull(given, "given");
    return new ReferenceBatch(x, targets, weights, given, stepKey);
  }

  /**
   * {@return this batch with weights}
   *
   * @param ofRows a weight for each row, widened exactly
   */
  public ReferenceBatch withWeights(float[] ofRows) {
    Objects.requireNonNull(ofRows, "ofRows");
    return new ReferenceBatch(x, targets, ReferenceNetwork.widen(ofRows), masks, stepKey);
  }

  /** {@return weights of 1} */
  static double[] ones(int rows) {
    double[] ones = new double[rows];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** {@return the number of examples} */
  public int rows() {
    return x.length;
  }

  private static double[][] matrix(String name, float[] flat, int rows) {
    Objects.requireNonNull(flat, name);
    if (rows < 1 || flat.length % rows != 0) {
      throw new IllegalArgumentException(
          "%s: %d values; expected a multiple of the rows, %d".formatted(name, flat.length, rows));
    }
    int columns = flat.length / rows;
    double[][] matrix = new double[rows][columns];
    for (int i = 0; i < flat.length; i++) {
      matrix[i / columns][i % columns] = flat[i];
    }
    return matrix;
  }

  private static void checkRectangular(String name, double[][] matrix) {
    Objects.requireNonNull(matrix, name);
    if (matrix.length == 0) {
      throw new IllegalArgumentException("%s: no rows; expected at least 1".formatted(name));
    }
    for (int r = 0; r < matrix.length; r++) {
      if (matrix[r].length != matrix[0].length) {
        throw new IllegalArgumentException(
            "%s: row %d has %d columns; expected %d, as row 0 has"
                .formatted(name, r, matrix[r].length, matrix[0].length));
      }
    }
  }
}
