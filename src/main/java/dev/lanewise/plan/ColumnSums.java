package dev.lanewise.plan;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.NormKernels;

/**
 * A vector of the gradient that is a sum over the batch's rows. The first part of a batch starts
 * the sum. Later parts add their rows block by block, in the order in which one batch would add
 * them.
 */
final class ColumnSums {

  private final Kernels kernels;
  private final Pass pass;

  /** The distance between rows of the summands. */
  private final int stride;

  /** Where the vector begins in the gradient. */
  private final int offset;

  /** The sums of a few rows of a later part. */
  private final float[] fewRows;

  ColumnSums(Kernels kernels, Pass pass, int stride, int width, int offset) {
    this.kernels = kernels;
    this.pass = pass;
    this.stride = stride;
    this.offset = offset;
    fewRows = new float[width];
  }

  /** The floats held. */
  long size() {
    return fewRows.length;
  }

  /** Sums columns of x {@code [rows][stride]}. */
  void of(float[] x, int column, int columns) {
    of(x, 0, column, columns);
  }

  /** The same where x begins at {@code first}. */
  void of(float[] x, int first, int column, int columns) {
    if (pass.firstRow() == 0) {
      kernels.columnSums(
          x, first + column, stride, pass.rows(), columns, pass.gradient(), offset + column);
      return;
    }
    for (int from = 0; from < pass.rows(); from += NormKernels.BLOCK) {
      int at = first + from * stride + column;
      kernels.columnSums(x, at, stride, block(from), columns, fewRows, column);
      add(column, columns);
    }
  }

  /** Sums columns of the elementwise product x·y, both {@code [rows][stride]}. */
  void ofProducts(float[] x, float[] y, int column, int columns) {
    if (pass.firstRow() == 0) {
      kernels.columnProducts(
          x, y, column, stride, pass.rows(), columns, pass.gradient(), offset + column);
      return;
    }
    for (int from = 0; from < pass.rows(); from += NormKernels.BLOCK) {
      int at = from * stride + column;
      kernels.columnProducts(x, y, at, stride, block(from), columns, fewRows, column);
      add(column, columns);
    }
  }

  private int block(int from) {
    return Math.min(NormKernels.BLOCK, pass.rows() - from);
  }

  private void add(int column, int columns) {
    for (int j = column; j < column + columns; j++) {
      pass.gradient()[offset + j] += fewRows[j];
    }
  }
}
