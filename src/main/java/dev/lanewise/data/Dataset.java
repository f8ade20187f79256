package dev.lanewise.data;

import dev.lanewise.random.CounterRandom;
import java.util.Objects;
import java.util.Optional;

/**
 * Examples in memory: a row-major matrix of features {@code [rows][columns]} and one of targets
 * {@code [rows][targetColumns]}.
 *
 * <p>A view: the arrays are neither copied nor written. Safe for use by several threads as long as
 * nobody writes to the arrays.
 */
public final class Dataset implements ExampleSet {

  private static final long BOOTSTRAP = CounterRandom.stream("bootstrap");

  private final float[] features;
  private final int columns;
  private final float[] targets;
  private final int targetColumns;

  /** The rows' weights; null where all weigh 1. */
  private final float[] weights;

  private final int rows;

  /** The encoder that made the rows; null if the caller made them. */
  private final Encoder encoder;

  private Dataset(
      float[] features,
      int columns,
      float[] targets,
      int targetColumns,
      float[] weights,
      int rows,
      Encoder encoder) {
    this.features = features;
    this.columns = columns;
    this.targets = targets;
    this.targetColumns = targetColumns;
    this.weights = weights;
    this.rows = rows;
    this.encoder = encoder;
  }

  /**
   * Wraps two matrices.
   *
   * @param features the features {@code [rows][columns]}; not copied
   * @param columns the columns of the features, at least 1
   * @param targets the targets {@code [rows][targetColumns]}; not copied
   * @param targetColumns the columns of the targets, at least 1
   * @return the data set
   * @throws IllegalArgumentException if an array is no whole number of rows or the numbers of rows
   *     differ
   */
  public static Dataset of(float[] features, int columns, float[] targets, int targetColumns) {
    int rows = rows("features", features, "columns", columns);
    int targetRows = rows("targets", targets, "targetColumns", targetColumns);
    if (rows != targetRows) {
      throw new IllegalArgumentException(
          "targets: %d rows; expected %d, as many as the features".formatted(targetRows, rows));
    }
    return new Dataset(features, columns, targets, targetColumns, null, rows, null);
  }

  /**
   * {@return the same rows with weights, by which their losses are multiplied}
   *
   * @param weights a finite number of at least 0 for each row; not copied
   * @throws IllegalArgumentException if their number or one of them does not fit
   */
  public Dataset withWeights(float[] weights) {
    Objects.requireNonNull(weights, "weights");
    if (weights.length != rows) {
      throw new IllegalArgumentException(
          "weights: %d numbers; expected one for each of the %d rows"
              .formatted(weights.length, rows));
    }
    for (int row = 0; row < rows; row++) {
      if (!(weights[row] >= 0 && weights[row] < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "weights: %s in row %d; expected a finite number >= 0".formatted(weights[row], row));
      }
    }
    return new Dataset(features, columns, targets, targetColumns, weights, rows, encoder);
  }

  /**
   * {@return the same rows with a target column for each class, 1 in the row's class and 0 in the
   * others, in place of one column of class numbers}
   *
   * @param classes the number of classes, at least 2
   * @throws IllegalArgumentException if targets have several columns or one is no class number from
   *     0 to classes − 1
   */
  public Dataset oneHot(int classes) {
    if (classes < 2) {
      throw new IllegalArgumentException("classes: %d; expected at least 2".formatted(classes));
    }
    if (targetColumns != 1) {
      throw new IllegalArgumentException(
          "targets: %d columns; expected one of class numbers".formatted(targetColumns));
    }
    float[] columnOfEach = matrix(rows, classes);
    for (int row = 0; row < rows; row++) {
      int number = (int) targets[row];
      if (number != targets[row] || number < 0 || number >= classes) {
        throw new IllegalArgumentException(
            "targets: %s in row %d; expected a class number, 0 to %d"
                .formatted(targets[row], row, classes - 1));
      }
      columnOfEach[row * classes + number] = 1;
    }
    return new Dataset(features, columns, columnOfEach, classes, weights, rows, encoder);
  }

  /** {@return the same rows, made by an encoder} */
  Dataset of(Encoder encoder) {
    return new Dataset(features, columns, targets, targetColumns, weights, rows, encoder);
  }

  private static int rows(String name, float[] matrix, String width, int columns) {
    Objects.requireNonNull(matrix, name);
    if (columns < 1) {
      throw new IllegalArgumentException("%s: %d; expected at least 1".formatted(width, columns));
    }
    if (matrix.length % columns != 0) {
      throw new IllegalArgumentException(
          "%s: %d numbers; expected whole rows of %d".formatted(name, matrix.length, columns));
    }
    return matrix.length / columns;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public int targetColumns() {
    return targetColumns;
  }

  @Override
  public Optional<Encoder> encoder() {
    return Optional.ofNullable(encoder);
  }

  /** {@return the features {@code [rows][columns]}, the array itself} */
  public float[] features() {
    return features;
  }

  /** {@return the targets {@code [rows][targetColumns]}, the array itself} */
  public float[] targets() {
    return targets;
  }

  /** {@return the rows' weights, the array itself; null where all weigh 1} */
  public float[] weights() {
    return weights;
  }

  /**
   * {@return a copy of some rows, in the order given}
   *
   * @param rows the rows' numbers, from 0; a row may be taken more than once
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public Dataset select(int[] rows) {
    float[] someFeatures = matrix(rows.length, columns);
    float[] someTargets = matrix(rows.length, targetColumns);
    for (int i = 0; i < rows.length; i++) {
      copyRow(Objects.checkIndex(rows[i], this.rows), someFeatures, someTargets, i);
    }
    float[] someWeights = weights == null ? null : new float[rows.length];
    for (int i = 0; weights != null && i < rows.length; i++) {
      someWeights[i] = weights[rows[i]];
    }
    return new Dataset(
        someFeatures, columns, someTargets, targetColumns, someWeights, rows.length, encoder);
  }

  /**
   * {@return a bootstrap sample: a copy of as many rows as there are, each drawn from all of them,
   * so that about 63 % of the rows are in it, some more than once (Efron 1979)}
   *
   * @param seed the seed of the draws
   * @param sample which of the seed's samples
   */
  public Dataset bootstrap(long seed, int sample) {
    return select(bootstrapRows(seed, sample));
  }

  /**
   * {@return the numbers of the rows of a bootstrap sample, in the order drawn}
   *
   * @param seed the seed of the draws
   * @param sample which of the seed's samples
   */
  public int[] bootstrapRows(long seed, int sample) {
    long key = CounterRandom.key(seed, BOOTSTRAP, sample);
    int[] drawn = new int[rows];
    for (int i = 0; i < rows; i++) {
      drawn[i] = CounterRandom.below(key, i, rows);
    }
    return drawn;
  }

  /** {@return a matrix {@code [rows][columns]} of zeros} */
  static float[] matrix(int rows, int columns) {
    if ((long) rows * columns > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "%d rows of %d columns; expected fewer than 2^31 numbers".formatted(rows, columns));
    }
    return new float[rows * columns];
  }

  /** Copies one example to a row of two other matrices. */
  void copyRow(int row, float[] toFeatures, float[] toTargets, int toRow) {
    System.arraycopy(features, row * columns, toFeatures, toRow * columns, columns);
    System.arraycopy(targets, row * targetColumns, toTargets, toRow * targetColumns, targetColumns);
  }

  /** {@return the sizes} */
  @Override
  public String toString() {
    return rows + " rows, " + columns + " columns, " + targetColumns + " target columns";
  }
}
