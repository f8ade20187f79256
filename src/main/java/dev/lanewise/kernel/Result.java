package dev.lanewise.kernel;

import java.util.Arrays;

/**
 * A worker's view of the result of a product, and of what its sums start from.
 *
 * <p>Mutable, allocated once, set before each product; not safe for use by several threads.
 */
public final class Result {

  /** The most columns of a product that starts from zero. */
  public static final int MOST_FROM_ZERO = 1024;

  private static final float[] ZEROS = new float[MOST_FROM_ZERO];

  /** What the sums start from. */
  private enum Start {
    ZERO,
    /** One vector for every row. */
    VECTOR,
    /** An element for each. */
    MATRIX
  }

  private Start start = Start.ZERO;
  float[] elements = {};
  int at;
  int row;
  float[] starts = ZEROS;
  int startsAt;
  int startsRow;

  /** Creates a view of nothing. */
  public Result() {}

  /**
   * Shows a matrix; element (i, j) is at {@code at + i·row + j}.
   *
   * @param c the array
   * @param at the offset of its first element
   * @param row the distance between rows
   */
  public void in(float[] c, int at, int row) {
    elements = c;
    this.at = at;
    this.row = row;
  }

  /** Has every element start from zero. */
  public void startFromZero() {
    start = Start.ZERO;
    starts = ZEROS;
    startsAt = 0;
    startsRow = 0;
  }

  /**
   * Has every row start from a vector.
   *
   * @param s the array
   * @param at the offset of its first element
   */
  public void startFromVector(float[] s, int at) {
    start = Start.VECTOR;
    starts = s;
    startsAt = at;
    startsRow = 0;
  }

  /**
   * Has every element start from that of a matrix.
   *
   * @param s the array, which may be the result's
   * @param at the offset of its first element
   * @param row the distance between its rows
   */
  public void startFromMatrix(float[] s, int at, int row) {
    start = Start.MATRIX;
    starts = s;
    startsAt = at;
    startsRow = row;
  }

  /** Has every element start from what it is. */
  public void startFromItself() {
    startFromMatrix(elements, at, row);
  }

  /** {@return whether all rows start from the same vector, or from zero} */
  public boolean startsAlike() {
    return start != Start.MATRIX;
  }

  /** {@return the distance between rows} */
  public int row() {
    return row;
  }

  /**
   * Shows a part of another view.
   *
   * @param whole the other view, or this one
   * @param fromRow the part's first row
   * @param fromColumn the part's first column
   */
  public void partOf(Result whole, int fromRow, int fromColumn) {
    elements = whole.elements;
    row = whole.row;
    at = whole.at + fromRow * row + fromColumn;
    start = whole.start;
    starts = whole.starts;
    startsRow = whole.startsRow;
    startsAt = start == Start.ZERO ? 0 : whole.startsAt + fromRow * startsRow + fromColumn;
  }

  /**
   * Copies where the sums of a row start.
   *
   * @param i the row
   * @param n how many
   * @param to receives them
   * @param position where
   */
  public void copyStarts(int i, int n, float[] to, int position) {
    if (start == Start.ZERO) {
      Arrays.fill(to, position, position + n, 0);
    } else {
      System.arraycopy(starts, startsAt + i * startsRow, to, position, n);
    }
  }

  /**
   * Overwrites a row.
   *
   * @param i the row
   * @param n how many elements
   * @param from their new values
   * @param position where they are
   */
  public void set(int i, int n, float[] from, int position) {
    System.arraycopy(from, position, elements, at + i * row, n);
  }
}
