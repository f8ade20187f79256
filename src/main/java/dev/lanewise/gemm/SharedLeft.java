package dev.lanewise.gemm;

import dev.lanewise.kernel.Left;
import dev.lanewise.kernel.ProductKernels;

/**
 * The left factor of a product that several tasks share, each for some columns of the result:
 * packed once, by tasks of its own, where the micro-kernel reads it packed.
 *
 * <p>Tasks may run on different threads; {@link #set} must have returned before.
 */
public final class SharedLeft {

  /** The rows that a task packs; a multiple of a block's. */
  private static final int TASK_ROWS = 32;

  private final ProductKernels kernels;
  private final Packing packing;
  private final float[] packed;
  private boolean isPacked;
  private float[] a;
  private int at;
  private int row;
  private int rows;
  private int depth;

  /**
   * Creates room for a left factor.
   *
   * @param kernels the kernels
   * @param elements the most elements of a left factor
   */
  public SharedLeft(ProductKernels kernels, int elements) {
    this.kernels = kernels;
    packing = new Packing(kernels);
    packed = new float[kernels.blockRows() > 1 ? elements : 0];
  }

  /** {@return the floats held} */
  public int size() {
    return packed.length;
  }

  /**
   * Sets the factor of the next product.
   *
   * @param a the matrix; element (i, k) is at {@code at + i·row + k}
   * @param at the offset of its first element
   * @param row the distance between rows
   * @param rows the rows
   * @param depth the steps of the sum
   * @param columns the columns of the product
   * @return the number of tasks of {@link #pack}, all of which must run before the product
   */
  public int set(float[] a, int at, int row, int rows, int depth, int columns) {
    this.a = a;
    this.at = at;
    this.row = row;
    this.rows = rows;
    this.depth = depth;
    isPacked = rows > 1 && kernels.readsBlocks(columns);
    return isPacked ? Math.ceilDiv(rows, TASK_ROWS) : 0;
  }

  /**
   * Packs some rows.
   *
   * @param task which, from 0
   */
  public void pack(int task) {
    int from = task * TASK_ROWS;
    int some = Math.min(TASK_ROWS, rows - from);
    packing.blocksOfRows(a, at + from * row, row, some, depth, packed, from * depth);
  }

  /** {@return whether the factor is packed, or in place} */
  boolean isPacked() {
    return isPacked;
  }

  /** Shows packed rows from one on, the first of a block. */
  void show(Left view, int fromRow) {
    view.packed(packed, depth);
    view.partOf(view, fromRow, 0);
  }

  /** Shows rows in place from one on. */
  void show(Matrix view, int fromRow) {
    view.rows(a, at + fromRow * row, row);
  }
}
