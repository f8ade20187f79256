package dev.lanewise.data;

import java.util.Map;
import java.util.Objects;

/**
 * The examples of one training step: the first {@link #rows} rows of two row-major matrices, and
 * keep-masks for dropout where a replay gives them.
 *
 * <p>A batch from {@link Batches} is valid until the next one is taken, because its arrays are used
 * again. Not safe for use by several threads.
 */
public final class Batch {

  private static final boolean[][] NONE = {};

  private final float[] features;
  private final int columns;
  private final float[] targets;
  private final int targetColumns;

  /** The rows' weights; null where all weigh 1. */
  private final float[] weights;

  private final boolean[][] masks;
  private int rows;

  /** The rows' numbers from {@link #orderAt} on; null where they are 0, 1, 2 … */
  private int[] order;

  private int orderAt;

  private Batch(
      float[] features,
      int columns,
      float[] targets,
      int targetColumns,
      float[] weights,
      int rows,
      boolean[][] masks) {
    this.features = features;
    this.columns = columns;
    this.targets = targets;
    this.targetColumns = targetColumns;
    this.weights = weights;
    this.rows = rows;
    this.masks = masks;
  }

  /**
   * {@return a whole data set as one batch; nothing is copied}
   *
   * @param whole the data set
   */
  public static Batch of(Dataset whole) {
    return new Batch(
        whole.features(),
        whole.columns(),
        whole.targets(),
        whole.targetColumns(),
        whole.weights(),
        whole.rows(),
        NONE);
  }

  /** {@return an empty batch with room for so many rows like those of a data set} */
  static Batch withRoom(ExampleSet like, int maxRows) {
    boolean weighted = like instanceof Dataset rows && rows.weights() != null;
    return new Batch(
        Dataset.matrix(maxRows, like.columns()),
        like.columns(),
        Dataset.matrix(maxRows, like.targetColumns()),
        like.targetColumns(),
        weighted ? new float[maxRows] : null,
        0,
        NONE);
  }

  /** Replaces the examples by the rows {@code order[start] … order[end - 1]} of a data set. */
  void gather(Dataset from, int[] order, int start, int end) {
    rows = end - start;
    this.order = order;
    orderAt = start;
    for (int i = 0; i < rows; i++) {
      from.copyRow(order[start + i], features, targets, i);
    }
    for (int i = 0; weights != null && i < rows; i++) {
      weights[i] = from.weights()[order[start + i]];
    }
  }

  /** Removes the examples; those to come are added one by one. */
  void clear() {
    rows = 0;
    orderAt = 0;
    if (order == null) {
      order = new int[targets.length / targetColumns];
    }
  }

  /** Adds a copy of an example, which has a number in its stream. */
  void add(float[] fromFeatures, int featuresAt, float[] fromTargets, int targetsAt, int number) {
    System.arraycopy(fromFeatures, featuresAt, features, rows * columns, columns);
    System.arraycopy(fromTargets, targetsAt, targets, rows * targetColumns, targetColumns);
    order[rows] = number;
    rows++;
  }

  /**
   * {@return these examples (the arrays are shared) with given keep-masks instead of random ones}
   *
   * @param byDropout masks {@code [rows][width]} by the number of the dropout: 0 for the one on the
   *     inputs, n for the one after block n; true keeps a unit
   * @throws IllegalArgumentException if a number is negative or a mask has no whole rows
   */
  public Batch withMasks(Map<Integer, boolean[]> byDropout) {
    int highest = -1;
    for (Map.Entry<Integer, boolean[]> entry : byDropout.entrySet()) {
      int number = entry.getKey();
      int length = Objects.requireNonNull(entry.getValue(), "mask").length;
      if (number < 0) {
        throw new IllegalArgumentException("dropout: %d; expected 0 or more".formatted(number));
      }
      if (rows == 0 ? length != 0 : length == 0 || length % rows != 0) {
        throw new IllegalArgumentException(
            "mask of dropout %d: %d units; expected a multiple of the %d rows"
                .formatted(number, length, rows));
      }
      highest = Math.max(highest, number);
    }
    boolean[][] given = new boolean[highest + 1][];
    byDropout.forEach((number, mask) -> given[number] = mask);
    Batch masked = new Batch(features, columns, targets, targetColumns, weights, rows, given);
    masked.order = order;
    masked.orderAt = orderAt;
    return masked;
  }

  /** {@return the features {@code [rows][columns]}; the array may be longer} */
  public float[] features() {
    return features;
  }

  /** {@return the targets {@code [rows][targetColumns]}; the array may be longer} */
  public float[] targets() {
    return targets;
  }

  /**
   * {@return the rows' weights, by which their losses are multiplied; null where all weigh 1; the
   * array may be longer}
   */
  public float[] weights() {
    return weights;
  }

  /** {@return the number of examples} */
  public int rows() {
    return rows;
  }

  /**
   * {@return an example's number in the data set or stream that the batch is from, from 0}
   *
   * @param row the example's row in the batch
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public int number(int row) {
    Objects.checkIndex(row, rows);
    return order == null ? row : order[orderAt + row];
  }

  /** {@return the number of features of an example} */
  public int columns() {
    return columns;
  }

  /** {@return the number of targets of an example} */
  public int targetColumns() {
    return targetColumns;
  }

  /**
   * {@return one more than the largest number of a dropout that has a given mask; 0 without masks}
   */
  public int masks() {
    return masks.length;
  }

  /**
   * {@return the given keep-mask {@code [rows][width]} of a dropout, or null if none is given}
   *
   * @param dropout the number of the dropout
   */
  public boolean[] mask(int dropout) {
    return dropout < masks.length ? masks[dropout] : null;
  }
}
