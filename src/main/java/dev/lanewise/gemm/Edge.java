package dev.lanewise.gemm;

import dev.lanewise.kernel.Left;
import dev.lanewise.kernel.MicroKernel;
import dev.lanewise.kernel.ProductKernels;
import dev.lanewise.kernel.Result;
import dev.lanewise.kernel.Right;

/**
 * Products of any number of columns by a micro-kernel that computes whole vectors of them.
 *
 * <p>Where the result's rows are contiguous and start alike, a row may be written past its end into
 * the next row, which is computed later. The last columns of the remaining rows go through a tile
 * of scratch.
 */
final class Edge {

  /** The rows of a tile of scratch: few rows by themselves are slow. */
  private static final int IN_PLACE_ROWS = 12;

  private static final int PACKED_ROWS = 16;

  private final MicroKernel microKernel;
  private final int lanes;
  private final int panel;
  private final float[] starts;
  private final float[] sums;
  private final Left leftRows = new Left();
  private final Right lastPanel = new Right();
  private final Result resultRows = new Result();
  private final Result tile = new Result();

  Edge(ProductKernels kernels) {
    microKernel = kernels.microKernel();
    lanes = kernels.lanes();
    panel = kernels.panelColumns();
    starts = new float[PACKED_ROWS * panel];
    sums = new float[PACKED_ROWS * panel];
  }

  /**
   * Computes C = S + A·B.
   *
   * @param following the rows of the result from the first of these on: those that follow are
   *     computed later
   */
  void multiply(Left a, Right b, Result c, int following, int rows, int columns, int depth) {
    if (columns % lanes == 0) {
      microKernel.product(a, b, c, rows, columns, depth);
      return;
    }
    int whole = columns - columns % panel;
    int height = a.isPacked() ? PACKED_ROWS : IN_PLACE_ROWS;
    boolean contiguous = c.startsAlike() && columns == c.row();
    int spilling = contiguous ? Math.min(rows, spillingRows(following, columns, height)) : 0;
    lastPanel.partOf(b, whole, 0);
    lastColumns(a, c, whole, columns - whole, spilling, rows, height, depth);
    if (whole > 0) {
      microKernel.product(a, b, c, rows, whole, depth);
    }
  }

  /**
   * {@return how many rows can be computed in whole vectors without writing beyond the result} A
   * multiple of a tile's.
   */
  private int spillingRows(int rows, int columns, int height) {
    int padding = Math.ceilDiv(columns, lanes) * lanes - columns;
    // Row i ends padding elements after its end, which must lie before that of the last row.
    int spilling = rows - Math.ceilDiv(padding, columns);
    return Math.max(0, spilling - Math.floorMod(spilling, height));
  }

  /** Computes the last panel, of some rows in place, of the others through scratch. */
  private void lastColumns(
      Left a, Result c, int whole, int width, int spilling, int rows, int height, int depth) {
    boolean alike = c.startsAlike();
    resultRows.partOf(c, 0, whole);
    if (alike) {
      resultRows.copyStarts(0, width, starts, 0);
    }
    if (spilling > 0) {
      tile.partOf(resultRows, 0, 0);
      tile.startFromVector(starts, 0);
      microKernel.product(a, lastPanel, tile, spilling, width, depth);
    }
    tile.in(sums, 0, panel);
    for (int i = spilling; i < rows; i += height) {
      int some = Math.min(height, rows - i);
      leftRows.partOf(a, i, 0);
      if (!alike) {
        for (int r = 0; r < some; r++) {
          resultRows.copyStarts(i + r, width, starts, r * panel);
        }
        tile.startFromMatrix(starts, 0, panel);
      } else {
        tile.startFromVector(starts, 0);
      }
      microKernel.product(leftRows, lastPanel, tile, some, width, depth);
      for (int r = 0; r < some; r++) {
        resultRows.set(i + r, width, sums, r * panel);
      }
    }
  }
}
