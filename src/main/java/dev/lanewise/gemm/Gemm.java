package dev.lanewise.gemm;

import dev.lanewise.kernel.MicroKernel;
import dev.lanewise.kernel.ProductKernels;

/**
 * Matrix products C = S + A·B over a group of columns. B is packed into panels.
 *
 * <p>B is cut into panels of as many columns as the micro-kernel computes side by side; a panel
 * holds its columns step by step, {@code [depth][panelColumns]}, the last one padded. A is read in
 * place, in either orientation. The steps of the sum are taken in blocks of {@value #DEPTH_BLOCK},
 * so that a block of a panel stays in the first-level cache while all rows are multiplied by it.
 * The next block continues the sums from C, so that each output remains the single chain that
 * {@link MicroKernel} promises.
 *
 * <p>Not safe for use by several threads, because it owns scratch arrays: each worker has one of
 * its own.
 */
public final class Gemm {

  /** The least number of columns of a task; a multiple of every panel's width. */
  public static final int GROUP = 64;

  /** The rows of Aᵀ·B that a task works on at once; a multiple of what the micro-kernel takes. */
  public static final int LEFT_COLUMNS = 48;

  /** The columns of a task over a wide matrix, whose left factor is then read less often. */
  private static final int WIDE_GROUP = 256;

  private static final int WIDE = 1024;

  /** Rows at this distance, or a multiple of it, map to few sets of the cache. */
  private static final int SET_DISTANCE = 256;

  /** The floats of a cache line. */
  private static final int LINE = 16;

  private static final int DEPTH_BLOCK = 256;
  private static final int ROW_BLOCK = 96;
  private static final int BLOCKED_ROWS = 4;
  private static final int EDGE_ROWS = 12;
  private static final float[] ZEROS = new float[WIDE_GROUP];

  private final ProductKernels kernels;
  private final MicroKernel microKernel;
  private final int panel;
  private final float[] left = new float[DEPTH_BLOCK * ROW_BLOCK];
  private final float[] packedBlock;
  private final float[] edgeStart;
  private final float[] edge;

  /**
   * Creates a worker's products.
   *
   * @param kernels the kernels
   * @param columns the most columns of a matrix that is packed during its product; 0 if none is
   */
  public Gemm(ProductKernels kernels, int columns) {
    this.kernels = kernels;
    microKernel = kernels.microKernel();
    packedBlock = new float[columns == 0 ? 0 : DEPTH_BLOCK * group(columns)];
    panel = kernels.panelColumns();
    edgeStart = new float[EDGE_ROWS * panel];
    edge = new float[EDGE_ROWS * panel];
  }

  /**
   * {@return the columns of a task: {@value #GROUP}, or more where the matrix is wide}
   *
   * @param columns the columns of the matrix
   */
  public static int group(int columns) {
    return columns < WIDE ? GROUP : WIDE_GROUP;
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
   * {@return the number of floats of packed columns, which fill whole panels}
   *
   * @param kernels the kernels
   * @param depth the rows of B
   * @param columns the columns of B
   */
  public static int packedLength(ProductKernels kernels, int depth, int columns) {
    int panel = kernels.panelColumns();
    return Math.toIntExact((long) depth * ((columns + panel - 1) / panel * panel));
  }

  /**
   * Packs columns of B.
   *
   * @param b the matrix; element (k, j) is at {@code bo + k·bStep + j·bColumn}
   * @param bo the offset of its first element
   * @param bStep the distance between rows of B
   * @param bColumn the distance between columns of B; this or {@code bStep} is 1
   * @param depth the rows of B
   * @param columns the columns to pack
   * @param packed receives the panels, {@link #packedLength} floats
   * @param po their offset
   */
  public void pack(
      float[] b, int bo, int bStep, int bColumn, int depth, int columns, float[] packed, int po) {
    int pitch = depth * panel;
    int k = 0;
    int j = 0;
    if (bColumn == 1) {
      // The padding of the last panel receives what follows in the matrix, or keeps its old content
      // where nothing follows. The outputs it leads to are never read.
      int panels = Math.ceilDiv(columns, panel);
      int spare = b.length - bo - panels * panel;
      k = Math.clamp(Math.floorDiv(spare, bStep) + 1, 0, depth);
      kernels.packRows(b, bo, bStep, k, packed, po, pitch, panels);
    } else {
      j = columns - columns % panel;
      kernels.packColumns(b, bo, bColumn, depth, packed, po, pitch, j / panel);
    }
    for (; k < depth; k++) {
      for (int column = j; column < columns; column++) {
        packed[po + column / panel * pitch + k * panel + column % panel] =
            b[bo + k * bStep + column * bColumn];
      }
    }
  }

  /**
   * Computes C = S + A·B for the columns of one task, packing B block by block as it goes.
   *
   * @param a the left factor; element (i, k) is at {@code ao + i·aRow + k}
   * @param ao the offset of its first element
   * @param aRow the distance between rows
   * @param b the right factor; element (k, j) is at {@code bo + k·bStep + j·bColumn}
   * @param bo the offset of its first element
   * @param bStep the distance between rows of B
   * @param bColumn the distance between columns of B; this or {@code bStep} is 1
   * @param start where the sums start; null for zero
   * @param so the offset of the first start
   * @param sRow the distance between the starts of two rows; 0 for one vector that starts every row
   * @param c the result; element (i, j) is at {@code co + i·cRow + j}
   * @param co the offset of its first element
   * @param cRow the distance between rows
   * @param rows the rows
   * @param columns the columns, at most {@link #group} of the matrix's
   * @param depth the steps of the sum
   */
  public void multiply(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      int bo,
      int bStep,
      int bColumn,
      float[] start,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int rows,
      int columns,
      int depth) {
    int block = depthBlock(depth);
    int k = 0;
    do {
      int steps = Math.min(block, depth - k);
      pack(b, bo + k * bStep, bStep, bColumn, steps, columns, packedBlock, 0);
      panels(
          a,
          ao + k,
          aRow,
          1,
          packedBlock,
          0,
          steps,
          k == 0 ? start : c,
          k == 0 ? so : co,
          k == 0 ? sRow : cRow,
          c,
          co,
          cRow,
          rows,
          columns,
          steps);
      k += steps;
    } while (k < depth);
  }

  /**
   * Computes C = S + A·B with B packed beforehand.
   *
   * @param a the left factor; element (i, k) is at {@code ao + i·aRow + k}
   * @param ao the offset of its first element
   * @param aRow the distance between rows
   * @param packed B as {@link #pack} leaves it
   * @param start the vector that starts every row's sums
   * @param c the result; element (i, j) is at {@code co + i·cRow + j}
   * @param co the offset of its first element
   * @param cRow the distance between rows
   * @param rows the rows
   * @param columns the columns
   * @param depth the steps of the sum
   */
  public void multiplyPacked(
      float[] a,
      int ao,
      int aRow,
      float[] packed,
      float[] start,
      float[] c,
      int co,
      int cRow,
      int rows,
      int columns,
      int depth) {
    // Few rows read each element of B once, which is fastest along whole panels.
    int block = rows < BLOCKED_ROWS ? depth : depthBlock(depth);
    int k = 0;
    do {
      int steps = Math.min(block, depth - k);
      panels(
          a,
          ao + k,
          aRow,
          1,
          packed,
          k * panel,
          depth,
          k == 0 ? start : c,
          k == 0 ? 0 : co,
          k == 0 ? 0 : cRow,
          c,
          co,
          cRow,
          rows,
          columns,
          steps);
      k += steps;
    } while (k < depth);
  }

  /**
   * Computes C = S + Aᵀ·B with B packed beforehand. A is copied, {@value #LEFT_COLUMNS} columns at
   * a time, because the elements of a column map to few sets of the cache.
   *
   * @param a the left factor; element (k, i) is at {@code ao + k·aRow + i}
   * @param ao the offset of its first element
   * @param aRow the distance between rows
   * @param packed B as {@link #pack} leaves it
   * @param start where the sums start, laid out as the result; null for zero. May be the result
   * @param c the result; element (i, j) is at {@code co + i·cRow + j}
   * @param co the offset of its first element
   * @param cRow the distance between rows
   * @param rows the rows of the result, which are the columns of A
   * @param columns the columns
   * @param depth the steps of the sum, which are the rows of A
   */
  public void multiplyTransposed(
      float[] a,
      int ao,
      int aRow,
      float[] packed,
      float[] start,
      float[] c,
      int co,
      int cRow,
      int rows,
      int columns,
      int depth) {
    int block = depthBlock(depth);
    for (int i = 0; i < rows; i += LEFT_COLUMNS) {
      int some = Math.min(LEFT_COLUMNS, rows - i);
      int result = co + i * cRow;
      int k = 0;
      do {
        int steps = Math.min(block, depth - k);
        boolean inPlace = some == aRow;
        if (!inPlace) {
          for (int step = 0; step < steps; step++) {
            System.arraycopy(a, ao + (k + step) * aRow + i, left, step * some, some);
          }
        }
        for (int j = 0; j < columns; j += WIDE_GROUP) {
          panels(
              inPlace ? a : left,
              inPlace ? ao + k * aRow : 0,
              1,
              some,
              packed,
              j * depth + k * panel,
              depth,
              k == 0 ? start : c,
              result + j,
              cRow,
              c,
              result + j,
              cRow,
              some,
              Math.min(WIDE_GROUP, columns - j),
              steps);
        }
        k += steps;
      } while (k < depth);
    }
  }

  /** {@return the steps of a block: blocks are as even as possible, so that none is very short} */
  private static int depthBlock(int depth) {
    int blocks = Math.max(1, (depth + DEPTH_BLOCK - 1) / DEPTH_BLOCK);
    return (depth + blocks - 1) / blocks;
  }

  /**
   * Goes through the rows in blocks that stay in the second-level cache, and for each block through
   * the panels; {@code pitch} is the depth of the panels, of which {@code depth} steps are taken.
   */
  private void panels(
      float[] a,
      int ao,
      int aRow,
      int aStep,
      float[] packed,
      int po,
      int pitch,
      float[] start,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int rows,
      int columns,
      int depth) {
    float[] s = start == null ? ZEROS : start;
    int sFirst = start == null ? 0 : so;
    int sStride = start == null ? 0 : sRow;
    int whole = columns - columns % panel;
    boolean copies =
        aRow % SET_DISTANCE == 0
            && rows >= EDGE_ROWS
            && columns >= WIDE_GROUP
            && depth <= DEPTH_BLOCK;
    // A block of A has at most this many floats, so a copy of it has room.
    int block = (long) rows * depth <= left.length ? rows : ROW_BLOCK;
    for (int i = 0; i < rows; i += block) {
      int some = Math.min(block, rows - i);
      float[] source = a;
      int from = ao + i * aRow;
      int distance = aRow;
      if (copies) {
        for (int r = 0; r < some; r++) {
          System.arraycopy(a, from + r * aRow, left, r * depth, depth);
        }
        source = left;
        from = 0;
        distance = depth;
      }
      int sums = sFirst + i * sStride;
      int result = co + i * cRow;
      if (whole < columns) {
        int spilling = columns == cRow ? spillingRows(rows - i, columns, whole) : 0;
        lastColumns(
            source,
            from,
            distance,
            aStep,
            packed,
            po + whole * pitch,
            s,
            sums + whole,
            sStride,
            c,
            result + whole,
            cRow,
            some,
            columns - whole,
            depth,
            Math.min(some, spilling));
      }
      microKernel.product(
          source,
          from,
          distance,
          aStep,
          packed,
          po,
          pitch * panel,
          whole / panel,
          s,
          sums,
          sStride,
          c,
          result,
          cRow,
          some,
          depth);
    }
  }

  /**
   * {@return how many rows can be computed over a whole last panel without writing beyond the
   * result} A multiple of {@value #EDGE_ROWS}, because few rows by themselves are slow.
   */
  private int spillingRows(int rows, int columns, int whole) {
    int spilling = Math.max(0, (rows * columns - whole - panel) / columns + 1);
    return spilling - spilling % EDGE_ROWS;
  }

  /**
   * The last panel, of fewer columns than the micro-kernel computes. Where the result's rows are
   * contiguous and one vector starts all sums, a row may be written past its end into the next row,
   * which is computed later. The remaining rows go through a tile of scratch.
   */
  private void lastColumns(
      float[] a,
      int ao,
      int aRow,
      int aStep,
      float[] packed,
      int po,
      float[] s,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int rows,
      int width,
      int depth,
      int spilling) {
    int i = 0;
    if (sRow == 0) {
      System.arraycopy(s, so, edgeStart, 0, width);
      lastPanel(
          a, ao, aRow, aStep, packed, po, edgeStart, 0, 0, c, co, cRow, spilling, width, depth);
      i = spilling;
    }
    for (; i < rows; i += EDGE_ROWS) {
      int height = Math.min(EDGE_ROWS, rows - i);
      for (int r = 0; r < height && sRow != 0; r++) {
        System.arraycopy(s, so + (i + r) * sRow, edgeStart, r * panel, width);
      }
      lastPanel(
          a,
          ao + i * aRow,
          aRow,
          aStep,
          packed,
          po,
          edgeStart,
          0,
          sRow == 0 ? 0 : panel,
          edge,
          0,
          panel,
          height,
          width,
          depth);
      for (int r = 0; r < height; r++) {
        System.arraycopy(edge, r * panel, c, co + (i + r) * cRow, width);
      }
    }
  }

  private void lastPanel(
      float[] a,
      int ao,
      int aRow,
      int aStep,
      float[] packed,
      int po,
      float[] s,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int rows,
      int width,
      int depth) {
    if (width <= panel / 2) {
      microKernel.halfPanel(a, ao, aRow, aStep, packed, po, s, so, sRow, c, co, cRow, rows, depth);
    } else {
      microKernel.product(
          a, ao, aRow, aStep, packed, po, 0, 1, s, so, sRow, c, co, cRow, rows, depth);
    }
  }
}
