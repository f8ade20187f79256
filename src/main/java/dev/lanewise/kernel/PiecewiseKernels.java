package dev.lanewise.kernel;

/**
 * Functions of one number that are straight lines between edges, several at once: on bin k, between
 * its edges e_k and e_(k+1), they are a_k + f·b_k with the fraction f = (x − e_k)/(e_(k+1) − e_k).
 * Below the first edge f is 0 in the first bin, above the last one 1 in the last bin: they stay as
 * at the edge. That of NaN is NaN.
 */
public interface PiecewiseKernels {

  /** Edges are compared so many at once, so there is room for them behind the last one. */
  int EDGES = 8;

  /**
   * {@return the floats that the edges of some bins take: one more than there are bins, and NaN up
   * to a multiple of {@value #EDGES} behind the first}
   *
   * @param bins the number of bins
   */
  static int edges(int bins) {
    return 1 + Math.ceilDiv(bins, EDGES) * EDGES;
  }

  /**
   * Computes the functions of a column of numbers. Each value is one fused multiply-add.
   *
   * @param x the numbers; that of row i is at {@code xo + i·xRow}
   * @param xo the offset of the first
   * @param xRow the distance between them
   * @param edges the edges, ascending, filled up as {@link #edges} says
   * @param eo the offset of the first
   * @param bins the number of bins, at least 1
   * @param lines the lines {@code [bins][2][size]}: of each bin a, then b
   * @param lo the offset of the first
   * @param y the values; those of row i begin at {@code yo + i·yRow}
   * @param yo the offset of the first
   * @param yRow the distance between rows
   * @param rows the rows
   * @param size the number of functions
   */
  void piecewise(
      float[] x,
      int xo,
      int xRow,
      float[] edges,
      int eo,
      int bins,
      float[] lines,
      int lo,
      float[] y,
      int yo,
      int yRow,
      int rows,
      int size);

  /**
   * Adds to the gradient of the lines that of a column of numbers, row by row.
   *
   * @param x the numbers; that of row i is at {@code xo + i·xRow}
   * @param xo the offset of the first
   * @param xRow the distance between them
   * @param edges the edges, ascending, filled up as {@link #edges} says
   * @param eo the offset of the first
   * @param bins the number of bins, at least 1
   * @param delta the gradient of the values; that of row i begins at {@code at + i·stride}
   * @param at the offset of the first
   * @param stride the distance between rows
   * @param sums the gradient of the lines so far {@code [bins][2][size]}: of each bin that of a, a
   *     sum of δ, then that of b, a sum of f·δ
   * @param so the offset of the first
   * @param rows the rows
   * @param size the number of functions
   */
  void piecewiseGradient(
      float[] x,
      int xo,
      int xRow,
      float[] edges,
      int eo,
      int bins,
      float[] delta,
      int at,
      int stride,
      float[] sums,
      int so,
      int rows,
      int size);
}
