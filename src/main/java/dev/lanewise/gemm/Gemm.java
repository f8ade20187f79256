package dev.lanewise.gemm;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Left;
import dev.lanewise.kernel.MicroKernel;
import dev.lanewise.kernel.ProductKernels;
import dev.lanewise.kernel.Result;
import dev.lanewise.kernel.Right;

/**
 * Matrix products C = S + A·B over a group of columns: what a worker sets, factors, start and
 * result, then {@link #multiply}.
 *
 * <p>B is cut into panels of as many columns as the micro-kernel computes side by side, and packed
 * panel by panel, beforehand or as the product goes; for a single row it is read in place. A is
 * read in place, or packed in blocks of rows, as the micro-kernel likes it. The steps of the sum
 * are taken in blocks, so that what is read again stays in a cache meanwhile. The next block
 * continues the sums from C, so that each output remains the single chain that {@link MicroKernel}
 * promises.
 *
 * <p>Not safe for use by several threads, because it owns scratch arrays: each worker has one of
 * its own.
 */
public final class Gemm {

  /** The rows of Aᵀ·B that a task works on at once; a multiple of what the micro-kernel takes. */
  public static final int LEFT_COLUMNS = 48;

  /** The columns of a task, filled up to panels: few, so that narrow matrices have several. */
  private static final int GROUP = 64;

  /** From here on a task has a block of columns, and the left factor is read less often. */
  private static final int WIDE = 1024;

  /** The fewest columns for which rows in place that collide are copied. */
  private static final int COPYING_COLUMNS = 256;

  /** Rows at this distance, or a multiple of it, map to few sets of the cache. */
  private static final int SET_DISTANCE = 256;

  /** The floats of a cache line. */
  private static final int LINE = 16;

  /** The most columns of a task with a single row. */
  private static final int LONGEST_ROW = 2048;

  private static final int BLOCKED_ROWS = 4;
  private static final int EDGE_ROWS = 12;

  private final Kernels kernels;
  private final Blocking blocking;
  private final Packing packing;
  private final Edge edge;

  private final Matrix left = new Matrix();

  /** The left factor where several tasks share it, packed; null otherwise. */
  private SharedLeft shared;

  private int sharedRow;
  private final Matrix right = new Matrix();

  /** The right factor where it is packed beforehand. */
  private final Right packed = new Right();

  private boolean isPacked;
  private final Result result = new Result();

  private final Left whole = new Left();
  private final Left leftPart = new Left();
  private final Right rightPart = new Right();
  private final Right rightColumns = new Right();
  private final Result resultPart = new Result();
  private final Result resultColumns = new Result();
  private final float[] leftScratch;
  private final float[] rightScratch;

  /** Where the sums of a single row start, and what they become. */
  private final float[] rowStarts;

  private final float[] rowSums;

  /**
   * Creates a worker's products.
   *
   * @param kernels the kernels
   * @param columns the most columns of a matrix that is packed during its product; 0 if none is
   */
  public Gemm(Kernels kernels, int columns) {
    this(kernels, columns, Blocking.of(kernels));
  }

  /** Creates a worker's products in blocks of other sizes. */
  Gemm(Kernels kernels, int columns, Blocking blocking) {
    this.kernels = kernels;
    this.blocking = blocking;
    packing = new Packing(kernels);
    edge = new Edge(kernels);
    leftScratch = new float[blocking.steps() * blocking.rows()];
    int group = columns == 0 ? 0 : group(kernels, columns);
    rightScratch = new float[blocking.steps() * group];
    int row = columns == 0 ? 0 : groupOfRow(kernels, columns);
    rowStarts = new float[row];
    rowSums = new float[row];
  }

  /**
   * {@return the columns of a task, whole panels: more where the matrix is wide}
   *
   * @param kernels the kernels
   * @param columns the columns of the matrix
   */
  public static int group(ProductKernels kernels, int columns) {
    if (columns >= WIDE) {
      return Blocking.columns(kernels);
    }
    int panel = kernels.panelColumns();
    return Math.ceilDiv(GROUP, panel) * panel;
  }

  /**
   * {@return the columns of a task whose matrix has a single row, whole panels} It reads each
   * element of B once, and memory serves long parts of B's rows several times faster.
   *
   * @param kernels the kernels
   * @param columns the columns of the matrix
   */
  public static int groupOfRow(ProductKernels kernels, int columns) {
    int panel = kernels.panelColumns();
    int part = Math.ceilDiv(columns, Math.ceilDiv(columns, LONGEST_ROW));
    return Math.max(group(kernels, columns), Math.ceilDiv(part, panel) * panel);
  }

  /**
   * {@return the best distance between the rows of a matrix: its columns, or a little more where
   * rows would map to few sets of the cache}
   *
   * @param columns the columns of the matrix
   */
  public static int stride(int columns) {
    return columns % SET_DISTANCE == 0 ? columns + LINE : columns;
  }

  /**
   * {@return the number of floats of packed columns, which fill whole vectors}
   *
   * @param kernels the kernels
   * @param depth the rows of B
   * @param columns the columns of B
   */
  public static int packedLength(ProductKernels kernels, int depth, int columns) {
    return Math.toIntExact((long) depth * Packing.padded(kernels, columns));
  }

  /**
   * {@return the place of an element among packed columns}
   *
   * @param kernels the kernels
   * @param k the element's row
   * @param j its column
   * @param depth the rows of B
   * @param columns the columns of B
   */
  public static int place(ProductKernels kernels, int k, int j, int depth, int columns) {
    return Packing.place(kernels, k, j, depth, columns);
  }

  /**
   * Packs columns of B, whose rows are contiguous.
   *
   * @param b the matrix; element (k, j) is at {@code bo + k·bRow + j}
   * @param bo the offset of its first element
   * @param bRow the distance between rows of B
   * @param depth the rows of B
   * @param columns the columns to pack
   * @param packed receives the panels, {@link #packedLength} floats
   * @param po their offset
   */
  public void pack(float[] b, int bo, int bRow, int depth, int columns, float[] packed, int po) {
    packing.panelsOfRows(b, bo, bRow, depth, columns, packed, po);
  }

  /**
   * Sets A.
   *
   * @param a the array; element (i, k) is at {@code at + i·row + k}
   * @param at the offset of its first element
   * @param row the distance between rows
   */
  public void left(float[] a, int at, int row) {
    left.rows(a, at, row);
    shared = null;
  }

  /**
   * Sets A, of which several tasks use the same rows.
   *
   * @param a the factor, packed if it asked for that
   * @param fromRow the first row, a multiple of 8
   */
  public void left(SharedLeft a, int fromRow) {
    if (a.isPacked()) {
      shared = a;
      sharedRow = fromRow;
    } else {
      a.show(left, fromRow);
      shared = null;
    }
  }

  /**
   * Sets A to the transpose of a matrix.
   *
   * @param a the array; element (i, k) of A is at {@code at + k·row + i}
   * @param at the offset of its first element
   * @param row the distance between the matrix' rows
   */
  public void leftTransposed(float[] a, int at, int row) {
    left.columns(a, at, row);
    shared = null;
  }

  /**
   * Sets B, to be packed as the product goes.
   *
   * @param b the array; element (k, j) is at {@code at + k·row + j}
   * @param at the offset of its first element
   * @param row the distance between rows
   */
  public void right(float[] b, int at, int row) {
    right.rows(b, at, row);
    isPacked = false;
  }

  /**
   * Sets B to the transpose of a matrix, to be packed as the product goes.
   *
   * @param b the array; element (k, j) of B is at {@code at + j·row + k}
   * @param at the offset of its first element
   * @param row the distance between the matrix' rows
   */
  public void rightTransposed(float[] b, int at, int row) {
    right.columns(b, at, row);
    isPacked = false;
  }

  /**
   * Sets B, packed beforehand.
   *
   * @param panels what {@link #pack} has left, from its offset 0 on
   * @param depth its rows
   */
  public void rightPacked(float[] panels, int depth) {
    packed.packed(panels, 0, depth);
    isPacked = true;
  }

  /** {@return where the result is, and what its sums start from: to be set before each product} */
  public Result result() {
    return result;
  }

  /**
   * Computes C = S + A·B. A result of several rows has at most {@link Result#MOST_FROM_ZERO}
   * columns if it starts from zero, and at most a {@link #group} if B is packed as the product
   * goes.
   *
   * @param rows the rows
   * @param columns the columns
   * @param depth the steps of the sum
   */
  public void multiply(int rows, int columns, int depth) {
    if (shared == null && left.transposed) {
      multiplyTransposed(rows, columns, depth);
      return;
    }
    if (shared == null && rows == 1 && !isPacked && !right.transposed) {
      multiplyRow(columns, depth);
      return;
    }
    if (shared == null) {
      whole.inPlace(left.elements, left.at, left.row, 1);
    } else {
      shared.show(whole, sharedRow);
    }
    int block = takesWholePanels(rows, columns, depth) ? depth : depthBlock(depth);
    int k = 0;
    do {
      int steps = Math.min(block, depth - k);
      if (isPacked) {
        rightPart.partOf(packed, 0, k);
      } else {
        packBlock(k, steps, columns);
      }
      resultPart.partOf(result, 0, 0);
      if (k > 0) {
        resultPart.startFromItself();
      }
      rowBlocks(k, rows, columns, steps);
      k += steps;
    } while (k < depth);
  }

  /** Computes a single row, for which to pack B would take longer than the product. */
  private void multiplyRow(int columns, int depth) {
    result.copyStarts(0, columns, rowStarts, 0);
    kernels.fewRows(
        left.elements,
        left.at,
        1,
        right.elements,
        right.at,
        right.row,
        rowStarts,
        rowSums,
        1,
        columns,
        depth);
    result.set(0, columns, rowSums, 0);
  }

  /**
   * {@return whether all steps are taken at once} Few rows read each element of B once, which is
   * fastest along whole panels. If they are to be packed, there must be room.
   */
  private boolean takesWholePanels(int rows, int columns, int depth) {
    return isPacked
        && rows < BLOCKED_ROWS
        && (shared != null || !packsRows(rows, columns) || hasRoom(rows, depth));
  }

  /** {@return whether rows in place are packed before they are multiplied} */
  private boolean packsRows(int rows, int columns) {
    return rows > 1 && kernels.readsBlocks(columns);
  }

  private boolean hasRoom(int rows, int steps) {
    return (long) rows * steps <= leftScratch.length;
  }

  private void packBlock(int k, int steps, int columns) {
    if (right.transposed) {
      packing.panelsOfColumns(
          right.elements, right.at + k, right.row, steps, columns, rightScratch, 0);
    } else {
      packing.panelsOfRows(
          right.elements, right.at + k * right.row, right.row, steps, columns, rightScratch, 0);
    }
    rightPart.packed(rightScratch, 0, steps);
  }

  /** {@return the steps of a block: blocks are as even as possible, so that none is very short} */
  private int depthBlock(int depth) {
    int blocks = Math.max(1, Math.ceilDiv(depth, blocking.steps()));
    return Math.ceilDiv(depth, blocks);
  }

  /** Multiplies the rows by a block of steps, taking so many at a time that A stays in a cache. */
  private void rowBlocks(int k, int rows, int columns, int steps) {
    boolean blocks = !whole.isPacked() && packsRows(rows, columns);
    boolean collide =
        !whole.isPacked()
            && whole.row() % SET_DISTANCE == 0
            && rows >= EDGE_ROWS
            && columns >= COPYING_COLUMNS;
    int block = whole.isPacked() || hasRoom(rows, steps) ? rows : blocking.rows();
    for (int i = 0; i < rows; i += block) {
      int some = Math.min(block, rows - i);
      if (blocks) {
        int from = left.at + i * left.row + k;
        packing.blocksOfRows(left.elements, from, left.row, some, steps, leftScratch, 0);
        leftPart.packed(leftScratch, steps);
      } else {
        leftPart.partOf(whole, i, k);
        if (collide) {
          copyRows(some, steps);
        }
      }
      resultColumns.partOf(resultPart, i, 0);
      columnBlocks(rows - i, some, columns, steps);
    }
  }

  private void copyRows(int rows, int steps) {
    for (int i = 0; i < rows; i++) {
      leftPart.copy(i, steps, leftScratch, i * steps);
    }
    leftPart.inPlace(leftScratch, 0, steps, 1);
  }

  /** Goes through blocks of columns of B that stay in a cache while all rows are multiplied. */
  private void columnBlocks(int rowsLeft, int rows, int columns, int steps) {
    if (!leftPart.isPacked() || columns <= blocking.columns() || rows <= 8) {
      edge.multiply(leftPart, rightPart, resultColumns, rowsLeft, rows, columns, steps);
      return;
    }
    for (int j = 0; j < columns; j += blocking.columns()) {
      int some = Math.min(blocking.columns(), columns - j);
      rightColumns.partOf(rightPart, j, 0);
      edge.multiply(leftPart, rightColumns, resultColumns, rowsLeft, rows, some, steps);
      resultColumns.partOf(resultColumns, 0, some);
    }
  }

  /**
   * Computes C = S + Aᵀ·B, {@value #LEFT_COLUMNS} rows of the result at a time, whose part of A is
   * copied, because the elements of a column map to few sets of the cache.
   */
  private void multiplyTransposed(int rows, int columns, int depth) {
    int block = depthBlock(depth);
    for (int i = 0; i < rows; i += LEFT_COLUMNS) {
      int some = Math.min(LEFT_COLUMNS, rows - i);
      int k = 0;
      do {
        int steps = Math.min(block, depth - k);
        showColumns(i, some, k, steps, columns);
        for (int j = 0; j < columns; j += blocking.columns()) {
          int width = Math.min(blocking.columns(), columns - j);
          rightPart.partOf(packed, j, k);
          resultColumns.partOf(result, i, j);
          if (k > 0) {
            resultColumns.startFromItself();
          }
          edge.multiply(leftPart, rightPart, resultColumns, some, some, width, steps);
        }
        k += steps;
      } while (k < depth);
    }
  }

  /**
   * Shows steps of some rows of Aᵀ: in place where they are all of A, copied or packed where not.
   */
  private void showColumns(int i, int some, int k, int steps, int columns) {
    int from = left.at + k * left.row + i;
    if (packsRows(some, columns)) {
      packing.blocksOfColumns(left.elements, from, left.row, some, steps, leftScratch);
      leftPart.packed(leftScratch, steps);
      return;
    }
    leftPart.inPlace(left.elements, from, 1, left.row);
    if (some != left.row) {
      for (int step = 0; step < steps; step++) {
        System.arraycopy(left.elements, from + step * left.row, leftScratch, step * some, some);
      }
      leftPart.inPlace(leftScratch, 0, 1, some);
    }
  }
}
