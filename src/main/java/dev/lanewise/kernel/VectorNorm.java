package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.EXACT;
import static dev.lanewise.kernel.Lanes.EXACT_MASKS;
import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;
import static dev.lanewise.kernel.NarrowLanes.EXACTLY_NARROW;
import static dev.lanewise.kernel.NarrowLanes.NARROW;
import static dev.lanewise.kernel.NarrowLanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The vector form of {@link NormKernels}: two or four vectors of columns go down the rows side by
 * side, with their sums in registers. A single vector would use half of each cache line, and rows
 * whose distance is a power of two share so few sets of the first-level cache that the other half
 * is evicted before it is used. The last vectors overlap the ones before, so no row has a rest.
 * Columns that do not fill one vector go forward under a mask, and backward in the scalar form.
 *
 * <p>Forming sums and using them are separate methods: in a single method C2 exceeds its budget and
 * keeps the vectors in memory. A vector that a loop carries is an argument, never what a method is
 * called on, here and in all kernels; C2 would know its class by profiles alone.
 */
interface VectorNorm extends NormKernels {

  @Override
  default void columnSums(
      float[] x, int xo, int stride, int rows, int columns, float[] sums, int so) {
    if (columns <= 3 * WIDTH) {
      for (int j = 0; j < columns; j += WIDTH) {
        narrowColumnSums(x, xo + j, stride, rows, columns - j, sums, so + j);
      }
      return;
    }
    int last = columns - LENGTH;
    for (int j = 0; j < columns; j += 4 * LENGTH) {
      int j1 = Math.min(j + LENGTH, last);
      int j2 = Math.min(j + 2 * LENGTH, last);
      int j3 = Math.min(j + 3 * LENGTH, last);
      fourColumnSums(x, xo, Math.min(j, last), j1, j2, j3, stride, rows, sums, so);
    }
  }

  /** Sums four vectors of columns, at j0 to j3, which may overlap. */
  private static void fourColumnSums(
      float[] x,
      int xo,
      int j0,
      int j1,
      int j2,
      int j3,
      int stride,
      int rows,
      float[] sums,
      int so) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int at = xo;
    for (int from = 0; from < rows; from += BLOCK) {
      FloatVector block0 = FloatVector.zero(FLOATS);
      FloatVector block1 = block0;
      FloatVector block2 = block0;
      FloatVector block3 = block0;
      int to = Math.min(rows, from + BLOCK);
      for (int i = from; i < to; i++, at += stride) {
        block0 = EXACT.cast(FloatVector.fromArray(FLOATS, x, at + j0)).add(block0);
        block1 = EXACT.cast(FloatVector.fromArray(FLOATS, x, at + j1)).add(block1);
        block2 = EXACT.cast(FloatVector.fromArray(FLOATS, x, at + j2)).add(block2);
        block3 = EXACT.cast(FloatVector.fromArray(FLOATS, x, at + j3)).add(block3);
      }
      sum0 = EXACT.cast(block0).add(sum0);
      sum1 = EXACT.cast(block1).add(sum1);
      sum2 = EXACT.cast(block2).add(sum2);
      sum3 = EXACT.cast(block3).add(sum3);
    }
    EXACT.cast(sum0).intoArray(sums, so + j0);
    EXACT.cast(sum1).intoArray(sums, so + j1);
    EXACT.cast(sum2).intoArray(sums, so + j2);
    EXACT.cast(sum3).intoArray(sums, so + j3);
  }

  /**
   * Sums up to one narrow vector of columns, in four blocks of rows at once: one after the other,
   * each addition would wait for the one before. Missing blocks repeat the last one. What is loaded
   * beside the columns is not stored; blocks at the end of the array are loaded under a mask.
   */
  private static void narrowColumnSums(
      float[] x, int xo, int stride, int rows, int columns, float[] sums, int so) {
    VectorMask<Float> mask = NARROW.indexInRange(0, columns);
    FloatVector sum = FloatVector.zero(NARROW);
    int block = BLOCK * stride;
    int whole = rows / BLOCK;
    while (whole > 0 && xo + whole * block - stride + WIDTH > x.length) {
      whole--;
    }
    for (int first = 0; first < whole; first += 4) {
      int last = Math.min(3, whole - first - 1);
      int at0 = xo + first * block;
      int at1 = at0 + Math.min(1, last) * block;
      int at2 = at0 + Math.min(2, last) * block;
      int at3 = at0 + last * block;
      FloatVector block0 = FloatVector.zero(NARROW);
      FloatVector block1 = block0;
      FloatVector block2 = block0;
      FloatVector block3 = block0;
      for (int i = 0; i < block; i += stride) {
        block0 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, x, at0 + i)).add(block0);
        block1 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, x, at1 + i)).add(block1);
        block2 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, x, at2 + i)).add(block2);
        block3 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, x, at3 + i)).add(block3);
      }
      sum = EXACTLY_NARROW.cast(block0).add(sum);
      if (last > 0) {
        sum = EXACTLY_NARROW.cast(block1).add(sum);
      }
      if (last > 1) {
        sum = EXACTLY_NARROW.cast(block2).add(sum);
      }
      if (last > 2) {
        sum = EXACTLY_NARROW.cast(block3).add(sum);
      }
    }
    for (int from = whole * BLOCK; from < rows; from += BLOCK) {
      FloatVector rest = FloatVector.zero(NARROW);
      int to = Math.min(rows, from + BLOCK);
      for (int i = from; i < to; i++) {
        rest =
            EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, x, xo + i * stride, mask)).add(rest);
      }
      sum = EXACTLY_NARROW.cast(rest).add(sum);
    }
    EXACTLY_NARROW.cast(sum).intoArray(sums, so, mask);
  }

  @Override
  default void moments(
      float[] x,
      int xo,
      int stride,
      int rows,
      int columns,
      float[] mean,
      float[] residual,
      float[] variance,
      int so) {
    if (columns < LENGTH) {
      int room = Math.min(mean.length, Math.min(residual.length, variance.length));
      if (so + LENGTH > room) {
        ScalarKernels.INSTANCE.moments(x, xo, stride, rows, columns, mean, residual, variance, so);
        return;
      }
      columnSums(x, xo, stride, rows, columns, mean, so);
      fewMoments(x, xo, stride, rows, columns, mean, residual, variance, so);
      return;
    }
    columnSums(x, xo, stride, rows, columns, mean, so);
    int last = columns - LENGTH;
    for (int j = firstPair(columns); j < columns; j += 2 * LENGTH) {
      int j0 = Math.max(j, 0);
      int j1 = Math.min(j + LENGTH, last);
      twoMoments(x, xo, j0, j1, stride, rows, mean, residual, variance, so);
    }
  }

  /**
   * Where the first pair of the vectors that cover the columns begins: before the columns if their
   * number is odd, which makes a pair of the first vector alone. Vectors overlap within the last
   * pair only, so results may take the place of what they are computed from.
   */
  private static int firstPair(int columns) {
    return (columns + LENGTH - 1) / LENGTH % 2 == 0 ? 0 : -LENGTH;
  }

  /** Computes the moments of the vectors of columns at j0 and j1, whose sums are in the mean. */
  private static void twoMoments(
      float[] x,
      int xo,
      int j0,
      int j1,
      int stride,
      int rows,
      float[] mean,
      float[] residual,
      float[] variance,
      int so) {
    FloatVector m0 = EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, mean, so + j0)).div(rows));
    FloatVector m1 = EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, mean, so + j1)).div(rows));
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector squares0 = sum0;
    FloatVector squares1 = sum0;
    FloatVector excess0 = sum0;
    FloatVector excess1 = sum0;
    int at = xo;
    for (int from = 0; from < rows; from += BLOCK) {
      FloatVector blockSum0 = FloatVector.zero(FLOATS);
      FloatVector blockSum1 = blockSum0;
      FloatVector blockSquares0 = blockSum0;
      FloatVector blockSquares1 = blockSum0;
      int to = Math.min(rows, from + BLOCK);
      for (int i = from; i < to; i++, at += stride) {
        FloatVector deviation0 =
            EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, x, at + j0)).sub(m0));
        FloatVector deviation1 =
            EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, x, at + j1)).sub(m1));
        blockSum0 = deviation0.add(blockSum0);
        blockSum1 = deviation1.add(blockSum1);
        blockSquares0 = deviation0.fma(deviation0, blockSquares0);
        blockSquares1 = deviation1.fma(deviation1, blockSquares1);
      }
      sum0 = EXACT.cast(blockSum0).add(sum0);
      sum1 = EXACT.cast(blockSum1).add(sum1);
      FloatVector more0 = EXACT.cast(EXACT.cast(blockSquares0).sub(excess0));
      FloatVector more1 = EXACT.cast(EXACT.cast(blockSquares1).sub(excess1));
      FloatVector next0 = EXACT.cast(more0.add(squares0));
      FloatVector next1 = EXACT.cast(more1.add(squares1));
      excess0 = EXACT.cast(next0.sub(squares0)).sub(more0);
      excess1 = EXACT.cast(next1.sub(squares1)).sub(more1);
      squares0 = next0;
      squares1 = next1;
    }
    sum0 = EXACT.cast(sum0);
    sum1 = EXACT.cast(sum1);
    m0.intoArray(mean, so + j0);
    m1.intoArray(mean, so + j1);
    EXACT.cast(sum0.div(rows)).intoArray(residual, so + j0);
    EXACT.cast(sum1.div(rows)).intoArray(residual, so + j1);
    FloatVector sum = EXACT.cast(squares0).sub(EXACT.cast(sum0.mul(sum0)).div(rows));
    EXACT.cast(EXACT.cast(EXACT.cast(sum).div(rows)).max(0f)).intoArray(variance, so + j0);
    sum = EXACT.cast(squares1).sub(EXACT.cast(sum1.mul(sum1)).div(rows));
    EXACT.cast(EXACT.cast(EXACT.cast(sum).div(rows)).max(0f)).intoArray(variance, so + j1);
  }

  /**
   * Computes the moments of fewer columns than a vector has, whose sums are in {@code mean}. Rows
   * are read as whole vectors, those at the end of the array from a copy in {@code residual}: under
   * a mask that reaches beyond an array the Vector API computes another one, in memory now and
   * then. For the same reason the results need room for a whole vector.
   */
  private static void fewMoments(
      float[] x,
      int xo,
      int stride,
      int rows,
      int columns,
      float[] mean,
      float[] residual,
      float[] variance,
      int so) {
    FloatVector m = EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, mean, so)).div(rows));
    FloatVector sum = FloatVector.zero(FLOATS);
    FloatVector squares = sum;
    FloatVector excess = sum;
    int whole = wholeRows(x, xo, stride, rows);
    for (int from = 0; from < rows; from += BLOCK) {
      FloatVector blockSum = FloatVector.zero(FLOATS);
      FloatVector blockSquares = blockSum;
      int to = Math.min(rows, from + BLOCK);
      for (int i = from; i < to; i++) {
        float[] row = x;
        int at = xo + i * stride;
        if (i >= whole) {
          System.arraycopy(x, at, residual, so, columns);
          row = residual;
          at = so;
        }
        FloatVector deviation =
            EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, row, at)).sub(m));
        blockSum = deviation.add(blockSum);
        blockSquares = deviation.fma(deviation, blockSquares);
      }
      sum = EXACT.cast(blockSum).add(sum);
      FloatVector more = EXACT.cast(EXACT.cast(blockSquares).sub(excess));
      FloatVector next = EXACT.cast(more.add(squares));
      excess = EXACT.cast(next.sub(squares)).sub(more);
      squares = next;
    }
    sum = EXACT.cast(sum);
    VectorMask<Float> mask = EXACT_MASKS.cast(FLOATS.indexInRange(0, columns));
    m.intoArray(mean, so, mask);
    EXACT.cast(sum.div(rows)).intoArray(residual, so, mask);
    FloatVector excessive = EXACT.cast(EXACT.cast(squares).sub(EXACT.cast(sum.mul(sum)).div(rows)));
    EXACT.cast(EXACT.cast(excessive.div(rows)).max(0f)).intoArray(variance, so, mask);
  }

  /** Returns how many rows of a panel can be read as whole vectors from its first column on. */
  private static int wholeRows(float[] x, int xo, int stride, int rows) {
    return Math.clamp((x.length - LENGTH - xo + stride) / stride, 0, rows);
  }

  @Override
  default void normalize(
      float[] x,
      float[] y,
      int xo,
      int stride,
      int rows,
      int columns,
      float[] mean,
      float[] inverse,
      float[] offset,
      int so,
      float[] parameters,
      int scale,
      int shift) {
    if (columns < LENGTH) {
      int whole = wholeRows(x, xo, stride, rows);
      maskedNormalize(
          x, y, xo, stride, whole, columns, mean, inverse, offset, so, parameters, scale, shift);
      ScalarKernels.INSTANCE.normalize(
          x,
          y,
          xo + whole * stride,
          stride,
          rows - whole,
          columns,
          mean,
          inverse,
          offset,
          so,
          parameters,
          scale,
          shift);
      return;
    }
    int last = columns - LENGTH;
    for (int j = firstPair(columns); j < columns; j += 2 * LENGTH) {
      int j0 = Math.max(j, 0);
      int j1 = Math.min(j + LENGTH, last);
      twoNormalized(
          x, y, xo, j0, j1, stride, rows, mean, inverse, offset, so, parameters, scale, shift);
    }
  }

  /** Normalises the vectors of columns at j0 and j1. */
  private static void twoNormalized(
      float[] x,
      float[] y,
      int xo,
      int j0,
      int j1,
      int stride,
      int rows,
      float[] mean,
      float[] inverse,
      float[] offset,
      int so,
      float[] parameters,
      int scale,
      int shift) {
    FloatVector m0 = EXACT.cast(FloatVector.fromArray(FLOATS, mean, so + j0));
    FloatVector m1 = EXACT.cast(FloatVector.fromArray(FLOATS, mean, so + j1));
    FloatVector gamma0 = EXACT.cast(FloatVector.fromArray(FLOATS, parameters, scale + j0));
    FloatVector gamma1 = EXACT.cast(FloatVector.fromArray(FLOATS, parameters, scale + j1));
    FloatVector factor0 = gamma0.mul(FloatVector.fromArray(FLOATS, inverse, so + j0));
    FloatVector factor1 = gamma1.mul(FloatVector.fromArray(FLOATS, inverse, so + j1));
    FloatVector beta0 = FloatVector.fromArray(FLOATS, parameters, shift + j0);
    FloatVector beta1 = FloatVector.fromArray(FLOATS, parameters, shift + j1);
    FloatVector term0 = gamma0.fma(FloatVector.fromArray(FLOATS, offset, so + j0), beta0);
    FloatVector term1 = gamma1.fma(FloatVector.fromArray(FLOATS, offset, so + j1), beta1);
    int at = xo;
    for (int i = 0; i < rows; i++, at += stride) {
      FloatVector deviation0 =
          EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, x, at + j0)).sub(m0));
      FloatVector deviation1 =
          EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, x, at + j1)).sub(m1));
      EXACT.cast(deviation0.fma(factor0, term0)).intoArray(y, at + j0);
      EXACT.cast(deviation1.fma(factor1, term1)).intoArray(y, at + j1);
    }
  }

  /**
   * Normalises rows of less than a vector, each of which could be read as a whole one; at the end
   * of the array the Vector API would compute another mask.
   */
  private static void maskedNormalize(
      float[] x,
      float[] y,
      int xo,
      int stride,
      int rows,
      int columns,
      float[] mean,
      float[] inverse,
      float[] offset,
      int so,
      float[] parameters,
      int scale,
      int shift) {
    VectorMask<Float> mask = EXACT_MASKS.cast(FLOATS.indexInRange(0, columns));
    FloatVector m = EXACT.cast(FloatVector.fromArray(FLOATS, mean, so, mask));
    FloatVector gamma = EXACT.cast(FloatVector.fromArray(FLOATS, parameters, scale, mask));
    FloatVector factor = gamma.mul(EXACT.cast(FloatVector.fromArray(FLOATS, inverse, so, mask)));
    FloatVector term =
        gamma.fma(
            EXACT.cast(FloatVector.fromArray(FLOATS, offset, so, mask)),
            EXACT.cast(FloatVector.fromArray(FLOATS, parameters, shift, mask)));
    for (int i = 0; i < rows; i++) {
      int at = xo + i * stride;
      FloatVector deviation = EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, x, at)).sub(m));
      EXACT.cast(deviation.fma(factor, term)).intoArray(y, at, mask);
    }
  }

  @Override
  default void normalizeGradient(
      float[] x,
      float[] d,
      int xo,
      int stride,
      int rows,
      int columns,
      float[] mean,
      float[] inverse,
      float[] offset,
      int so,
      float[] parameters,
      float[] gradient,
      int scale,
      int shift) {
    if (columns < LENGTH) {
      ScalarKernels.INSTANCE.normalizeGradient(
          x,
          d,
          xo,
          stride,
          rows,
          columns,
          mean,
          inverse,
          offset,
          so,
          parameters,
          gradient,
          scale,
          shift);
      return;
    }
    int last = columns - LENGTH;
    for (int j = firstPair(columns); j < columns; j += 2 * LENGTH) {
      int j0 = Math.max(j, 0);
      int j1 = Math.min(j + LENGTH, last);
      twoGradientSums(
          x, d, xo, j0, j1, stride, rows, mean, inverse, offset, so, gradient, scale, shift);
      twoGradients(
          x,
          d,
          xo,
          j0,
          j1,
          stride,
          rows,
          mean,
          inverse,
          offset,
          so,
          parameters,
          gradient,
          scale,
          shift);
    }
  }

  /** Computes dx from dβ and dγ for the vectors of columns at j0 and j1. */
  private static void twoGradients(
      float[] x,
      float[] d,
      int xo,
      int j0,
      int j1,
      int stride,
      int rows,
      float[] mean,
      float[] inverse,
      float[] offset,
      int so,
      float[] parameters,
      float[] gradient,
      int scale,
      int shift) {
    FloatVector m0 = EXACT.cast(FloatVector.fromArray(FLOATS, mean, so + j0));
    FloatVector m1 = EXACT.cast(FloatVector.fromArray(FLOATS, mean, so + j1));
    FloatVector r0 = EXACT.cast(FloatVector.fromArray(FLOATS, inverse, so + j0));
    FloatVector r1 = EXACT.cast(FloatVector.fromArray(FLOATS, inverse, so + j1));
    FloatVector o0 = EXACT.cast(FloatVector.fromArray(FLOATS, offset, so + j0));
    FloatVector o1 = EXACT.cast(FloatVector.fromArray(FLOATS, offset, so + j1));
    FloatVector sum0 = EXACT.cast(FloatVector.fromArray(FLOATS, gradient, shift + j0)).div(rows);
    FloatVector sum1 = EXACT.cast(FloatVector.fromArray(FLOATS, gradient, shift + j1)).div(rows);
    FloatVector product0 =
        EXACT.cast(FloatVector.fromArray(FLOATS, gradient, scale + j0)).div(rows);
    FloatVector product1 =
        EXACT.cast(FloatVector.fromArray(FLOATS, gradient, scale + j1)).div(rows);
    FloatVector factor0 = r0.mul(FloatVector.fromArray(FLOATS, parameters, scale + j0));
    FloatVector factor1 = r1.mul(FloatVector.fromArray(FLOATS, parameters, scale + j1));
    FloatVector slope0 = EXACT.cast(r0.mul(product0)).neg();
    FloatVector slope1 = EXACT.cast(r1.mul(product1)).neg();
    FloatVector term0 = o0.fma(product0, sum0);
    FloatVector term1 = o1.fma(product1, sum1);
    int at = xo;
    for (int i = 0; i < rows; i++, at += stride) {
      FloatVector deviation0 =
          EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, x, at + j0)).sub(m0));
      FloatVector deviation1 =
          EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, x, at + j1)).sub(m1));
      FloatVector centred0 = EXACT.cast(FloatVector.fromArray(FLOATS, d, at + j0)).sub(term0);
      FloatVector centred1 = EXACT.cast(FloatVector.fromArray(FLOATS, d, at + j1)).sub(term1);
      EXACT.cast(EXACT.cast(deviation0.fma(slope0, centred0)).mul(factor0)).intoArray(d, at + j0);
      EXACT.cast(EXACT.cast(deviation1.fma(slope1, centred1)).mul(factor1)).intoArray(d, at + j1);
    }
  }

  /** Computes dβ and dγ of the vectors of columns at j0 and j1. */
  private static void twoGradientSums(
      float[] x,
      float[] d,
      int xo,
      int j0,
      int j1,
      int stride,
      int rows,
      float[] mean,
      float[] inverse,
      float[] offset,
      int so,
      float[] gradient,
      int scale,
      int shift) {
    FloatVector m0 = EXACT.cast(FloatVector.fromArray(FLOATS, mean, so + j0));
    FloatVector m1 = EXACT.cast(FloatVector.fromArray(FLOATS, mean, so + j1));
    FloatVector r0 = EXACT.cast(FloatVector.fromArray(FLOATS, inverse, so + j0));
    FloatVector r1 = EXACT.cast(FloatVector.fromArray(FLOATS, inverse, so + j1));
    FloatVector o0 = EXACT.cast(FloatVector.fromArray(FLOATS, offset, so + j0));
    FloatVector o1 = EXACT.cast(FloatVector.fromArray(FLOATS, offset, so + j1));
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector product0 = sum0;
    FloatVector product1 = sum0;
    int at = xo;
    for (int from = 0; from < rows; from += BLOCK) {
      FloatVector blockSum0 = FloatVector.zero(FLOATS);
      FloatVector blockSum1 = blockSum0;
      FloatVector blockProduct0 = blockSum0;
      FloatVector blockProduct1 = blockSum0;
      int to = Math.min(rows, from + BLOCK);
      for (int i = from; i < to; i++, at += stride) {
        FloatVector dy0 = EXACT.cast(FloatVector.fromArray(FLOATS, d, at + j0));
        FloatVector dy1 = EXACT.cast(FloatVector.fromArray(FLOATS, d, at + j1));
        FloatVector deviation0 =
            EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, x, at + j0)).sub(m0));
        FloatVector deviation1 =
            EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, x, at + j1)).sub(m1));
        blockSum0 = dy0.add(blockSum0);
        blockSum1 = dy1.add(blockSum1);
        blockProduct0 = dy0.fma(deviation0.fma(r0, o0), blockProduct0);
        blockProduct1 = dy1.fma(deviation1.fma(r1, o1), blockProduct1);
      }
      sum0 = EXACT.cast(blockSum0).add(sum0);
      sum1 = EXACT.cast(blockSum1).add(sum1);
      product0 = EXACT.cast(blockProduct0).add(product0);
      product1 = EXACT.cast(blockProduct1).add(product1);
    }
    EXACT.cast(sum0).intoArray(gradient, shift + j0);
    EXACT.cast(sum1).intoArray(gradient, shift + j1);
    EXACT.cast(product0).intoArray(gradient, scale + j0);
    EXACT.cast(product1).intoArray(gradient, scale + j1);
  }
}
