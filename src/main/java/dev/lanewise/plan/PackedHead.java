package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;

/**
 * A layer made ready for inference that makes a matrix of its own. Any number of threads may apply
 * it.
 */
abstract class PackedHead {

  /** {@return the columns of the output, padding included} */
  abstract int columns();

  /** {@return the floats that it needs for each row of the input beside the output} */
  int room() {
    return 0;
  }

  /** {@return the bytes of the arrays} */
  abstract long heapBytes();

  /**
   * Takes what it needs of θ.
   *
   * @param theta θ
   * @param folding what of the chain's neighbours goes into it
   * @param gemm the thread's products
   * @param room room for a group of folded columns
   */
  abstract void pack(float[] theta, Folding folding, Gemm gemm, float[] room);

  /** Takes what the same head holds that is made for other kernels; this one is new. */
  abstract void copy(PackedHead other);

  /**
   * Computes the output.
   *
   * @param gemm the thread's products
   * @param x the input; row i begins at {@code xo + i·xRow}
   * @param xo the offset of its first row
   * @param xRow the distance between its rows
   * @param y the output {@code [rows][columns]}, with the copies that it makes of each row
   * @param rows the number of rows of the input
   * @param room at least {@link #room} floats for each row, for the calling thread's use; may be
   *     the input of any head but the first
   */
  abstract void apply(Gemm gemm, float[] x, int xo, int xRow, float[] y, int rows, float[] room);
}
