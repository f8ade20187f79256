package dev.lanewise.kernel;

/**
 * A worker's view of the right factor of a product, packed in panels of columns.
 *
 * <p>A panel has {@link ProductKernels#panelColumns} columns, the last one what is left, filled up
 * to whole vectors; it holds them step by step, {@code [depth][columns of the panel]}, and panels
 * follow one another.
 *
 * <p>Mutable, allocated once, set before each product; not safe for use by several threads.
 */
public final class Right {

  float[] elements = {};
  private int first;
  private int depth;

  /** The steps that lie before this view's first. */
  private int before;

  /** Creates a view of nothing. */
  public Right() {}

  /**
   * Shows a packed matrix.
   *
   * @param panels the array
   * @param at the offset of the first panel
   * @param depth the steps that it has
   */
  public void packed(float[] panels, int at, int depth) {
    elements = panels;
    first = at;
    this.depth = depth;
    before = 0;
  }

  /**
   * Shows a part of another view.
   *
   * @param whole the other view, or this one
   * @param fromColumn the part's first column, the first of a panel
   * @param fromStep the part's first step
   */
  public void partOf(Right whole, int fromColumn, int fromStep) {
    elements = whole.elements;
    first = whole.first + fromColumn * whole.depth;
    depth = whole.depth;
    before = whole.before + fromStep;
  }

  /** {@return the distance between panels of so many columns} */
  int pitch(int columns) {
    return columns * depth;
  }

  /** {@return the offset of a panel's first step} */
  int panel(int firstColumn, int columns) {
    return first + firstColumn * depth + before * columns;
  }
}
