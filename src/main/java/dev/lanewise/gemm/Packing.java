package dev.lanewise.gemm;

import dev.lanewise.kernel.ProductKernels;

/** How factors are packed: the right one in panels, the left one in blocks of rows. */
final class Packing {

  /** The rows that are transposed together. */
  private static final int EIGHT = 8;

  private final ProductKernels kernels;
  private final int lanes;
  private final int block;

  Packing(ProductKernels kernels) {
    this.kernels = kernels;
    lanes = kernels.lanes();
    block = kernels.blockRows();
  }

  /** {@return columns filled up to whole vectors} */
  static int padded(ProductKernels kernels, int columns) {
    return Math.ceilDiv(columns, kernels.lanes()) * kernels.lanes();
  }

  /**
   * Packs columns of a matrix whose rows are contiguous.
   *
   * @param b the matrix; element (k, j) is at {@code bo + k·bRow + j}
   * @param packed receives the panels from {@code po} on
   */
  void panelsOfRows(float[] b, int bo, int bRow, int depth, int columns, float[] packed, int po) {
    // The padding of the last panel receives what follows in the matrix, or keeps its old content
    // where nothing follows. The outputs it leads to are never read.
    int vectors = Math.ceilDiv(columns, lanes);
    int spare = b.length - bo - vectors * lanes;
    int k = Math.clamp(Math.floorDiv(spare, bRow) + 1, 0, depth);
    kernels.packRows(b, bo, bRow, k, vectors, packed, po, depth);
    for (; k < depth; k++) {
      for (int j = 0; j < columns; j++) {
        packed[po + place(kernels, k, j, depth, columns)] = b[bo + k * bRow + j];
      }
    }
  }

  /**
   * Packs columns of a matrix whose columns are contiguous, so that it is transposed.
   *
   * @param b the matrix; element (k, j) is at {@code bo + j·bColumn + k}
   * @param packed receives the panels from {@code po} on
   */
  void panelsOfColumns(
      float[] b, int bo, int bColumn, int depth, int columns, float[] packed, int po) {
    int j = 0;
    for (; lanes >= EIGHT && j + EIGHT <= columns; j += EIGHT) {
      int width = panelWidth(kernels, j, columns);
      kernels.packEightRows(
          b,
          bo + j * bColumn,
          bColumn,
          depth,
          packed,
          po + place(kernels, 0, j, depth, columns),
          width);
    }
    for (; j < columns; j++) {
      int width = panelWidth(kernels, j, columns);
      int to = po + place(kernels, 0, j, depth, columns);
      for (int k = 0; k < depth; k++) {
        packed[to + k * width] = b[bo + j * bColumn + k];
      }
    }
  }

  /** {@return the columns, padding included, of the panel that column {@code j} lies in} */
  private static int panelWidth(ProductKernels kernels, int j, int columns) {
    int panel = kernels.panelColumns();
    return Math.min(panel, padded(kernels, columns - (j - j % panel)));
  }

  /** {@return the place of element (k, j) among packed columns} */
  static int place(ProductKernels kernels, int k, int j, int depth, int columns) {
    int column = j % kernels.panelColumns();
    return (j - column) * depth + k * panelWidth(kernels, j, columns) + column;
  }

  /**
   * Packs rows of a left factor whose rows are contiguous.
   *
   * @param a the matrix; element (i, k) is at {@code ao + i·aRow + k}
   * @param packed receives the blocks from {@code po} on
   */
  void blocksOfRows(float[] a, int ao, int aRow, int rows, int depth, float[] packed, int po) {
    int i = 0;
    for (; i + block <= rows; i += block) {
      kernels.packEightRows(a, ao + i * aRow, aRow, depth, packed, po + i * depth, block);
    }
    int rest = rows - i;
    for (int r = 0; r < rest; r++) {
      int from = ao + (i + r) * aRow;
      for (int k = 0, to = po + i * depth + r; k < depth; k++, to += rest) {
        packed[to] = a[from + k];
      }
    }
  }

  /**
   * Packs rows of a left factor whose columns are contiguous.
   *
   * @param a the matrix; element (i, k) is at {@code ao + k·aStep + i}
   * @param packed receives the blocks
   */
  void blocksOfColumns(float[] a, int ao, int aStep, int rows, int depth, float[] packed) {
    for (int i = 0; i < rows; i += block) {
      int height = Math.min(block, rows - i);
      int to = i * depth;
      if (height == EIGHT) {
        kernels.packEightColumns(a, ao + i, aStep, depth, packed, to);
        continue;
      }
      for (int k = 0; k < depth; k++) {
        System.arraycopy(a, ao + k * aStep + i, packed, to + k * height, height);
      }
    }
  }
}
