package dev.lanewise.kernel;

/**
 * A worker's view of the left factor of a product: where its elements are, in place or packed in
 * blocks of rows.
 *
 * <p>In place, element (i, k) is {@code row} from one row to the next and {@code step} from one
 * step of the sum to the next. Packed, a block has {@link ProductKernels#blockRows} rows, the last
 * one what is left; it holds them step by step, {@code [depth][rows of the block]}, and blocks
 * follow one another.
 *
 * <p>Mutable, allocated once, set before each product; not safe for use by several threads.
 */
public final class Left {

  float[] elements = {};
  private int first;
  private int row;
  private int step;
  private boolean packed;

  /** The steps of a packed factor that lie before this view's first. */
  private int before;

  /** Creates a view of nothing. */
  public Left() {}

  /**
   * Shows a matrix in place.
   *
   * @param a the array
   * @param at the offset of its first element
   * @param row the distance between rows
   * @param step the distance between steps of the sum
   */
  public void inPlace(float[] a, int at, int row, int step) {
    elements = a;
    first = at;
    this.row = row;
    this.step = step;
    packed = false;
  }

  /**
   * Shows a packed matrix.
   *
   * @param blocks its blocks, from the first on
   * @param depth the steps that it has
   */
  public void packed(float[] blocks, int depth) {
    elements = blocks;
    first = 0;
    row = depth;
    before = 0;
    packed = true;
  }

  /**
   * Shows a part of another view.
   *
   * @param whole the other view, or this one
   * @param fromRow the part's first row; of a packed factor, the first of a block
   * @param fromStep the part's first step
   */
  public void partOf(Left whole, int fromRow, int fromStep) {
    elements = whole.elements;
    row = whole.row;
    step = whole.step;
    packed = whole.packed;
    first = whole.first + fromRow * row + (packed ? 0 : fromStep * step);
    before = whole.before + fromStep;
  }

  /** {@return whether the factor is packed in blocks of rows} */
  public boolean isPacked() {
    return packed;
  }

  /** {@return the distance between rows in place} */
  public int row() {
    return row;
  }

  /** {@return the distance between steps in place} */
  public int step() {
    return step;
  }

  /** {@return the offset of a row's first element in place} */
  int at(int i) {
    return first + i * row;
  }

  /** {@return the offset of the first element of a packed block of so many rows} */
  int block(int i, int rows) {
    return first + i * row + before * rows;
  }

  /**
   * Copies elements in place.
   *
   * @param i their row
   * @param n their number, along whichever of rows and steps is contiguous
   * @param to receives them
   * @param at where
   */
  public void copy(int i, int n, float[] to, int at) {
    System.arraycopy(elements, at(i), to, at, n);
  }
}
