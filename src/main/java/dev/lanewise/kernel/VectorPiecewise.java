package dev.lanewise.kernel;

import static dev.lanewise.kernel.NarrowLanes.EXACTLY_NARROW;
import static dev.lanewise.kernel.NarrowLanes.EXACTLY_NARROW_MASKS;
import static dev.lanewise.kernel.NarrowLanes.NARROW;
import static dev.lanewise.kernel.NarrowLanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The vector form of {@link PiecewiseKernels}: a number is compared with eight edges or four at
 * once, and the edges that it has reached are counted, without a branch that it would be hard to
 * predict; then vectors go along the functions of its bin.
 */
interface VectorPiecewise extends PiecewiseKernels {

  @Override
  default void piecewise(
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
      int size) {
    int whole = size - size % WIDTH;
    for (int i = 0, xi = xo, yi = yo; i < rows; i++, xi += xRow, yi += yRow) {
      int bin = bin(x[xi], edges, eo, bins);
      float f = ScalarPiecewise.fraction(x[xi], edges, eo + bin);
      FloatVector fraction = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, f));
      int a = lo + 2 * bin * size;
      for (int j = 0; j < whole; j += WIDTH) {
        FloatVector slope = FloatVector.fromArray(NARROW, lines, a + size + j);
        FloatVector start = FloatVector.fromArray(NARROW, lines, a + j);
        EXACTLY_NARROW.cast(fraction.fma(slope, start)).intoArray(y, yi + j);
      }
      for (int j = whole; j < size; j++) {
        y[yi + j] = Fma.fma(f, lines[a + size + j], lines[a + j]);
      }
    }
  }

  /** {@return the bin of the last edge that a number has reached} */
  private static int bin(float x, float[] edges, int eo, int bins) {
    FloatVector number = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, x));
    int reached = 0;
    for (int e = eo + 1; e <= eo + bins; e += WIDTH) {
      FloatVector some = FloatVector.fromArray(NARROW, edges, e);
      reached += EXACTLY_NARROW_MASKS.cast(number.compare(VectorOperators.GE, some)).trueCount();
    }
    return Math.min(reached, bins - 1);
  }

  @Override
  default void piecewiseGradient(
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
      int size) {
    int whole = size - size % WIDTH;
    for (int i = 0, xi = xo, di = at; i < rows; i++, xi += xRow, di += stride) {
      int bin = bin(x[xi], edges, eo, bins);
      float f = ScalarPiecewise.fraction(x[xi], edges, eo + bin);
      FloatVector fraction = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, f));
      int a = so + 2 * bin * size;
      for (int j = 0; j < whole; j += WIDTH) {
        FloatVector d = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, delta, di + j));
        FloatVector starts = FloatVector.fromArray(NARROW, sums, a + j);
        FloatVector slopes = FloatVector.fromArray(NARROW, sums, a + size + j);
        EXACTLY_NARROW.cast(d.add(starts)).intoArray(sums, a + j);
        EXACTLY_NARROW.cast(fraction.fma(d, slopes)).intoArray(sums, a + size + j);
      }
      for (int j = whole; j < size; j++) {
        sums[a + j] += delta[di + j];
        sums[a + size + j] = Fma.fma(f, delta[di + j], sums[a + size + j]);
      }
    }
  }
}
