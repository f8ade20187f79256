package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.EXACT;
import static dev.lanewise.kernel.Lanes.EXACT_MASKS;
import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The vector form of {@link LayerNormKernels}. Elements after the last full vector are left to the
 * scalar form, with two exceptions: in sums they belong to the vectors' lanes, and columns are
 * summed with masked vectors.
 */
interface VectorLayerNorm extends LayerNormKernels {

  @Override
  default void subtract(float[] x, int xo, float m, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = xo; i < xo + bound; i += LENGTH) {
      EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, x, i)).sub(m)).intoArray(x, i);
    }
    ScalarKernels.INSTANCE.subtract(x, xo + bound, m, n - bound);
  }

  @Override
  default void standardize(
      float[] x,
      int xo,
      float[] y,
      int yo,
      int n,
      float factor,
      float term,
      float[] parameters,
      int scale,
      int shift) {
    int bound = FLOATS.loopBound(n);
    FloatVector factors = FloatVector.broadcast(FLOATS, factor);
    FloatVector terms = FloatVector.broadcast(FLOATS, term);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector normal =
          EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i)).fma(factors, terms));
      normal.intoArray(x, xo + i);
      FloatVector beta = EXACT.cast(FloatVector.fromArray(FLOATS, parameters, shift + i));
      EXACT
          .cast(EXACT.cast(FloatVector.fromArray(FLOATS, parameters, scale + i)).fma(normal, beta))
          .intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.standardize(
        x,
        xo + bound,
        y,
        yo + bound,
        n - bound,
        factor,
        term,
        parameters,
        scale + bound,
        shift + bound);
  }

  @Override
  default void multiply(float[] d, int at, float[] f, int fo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector factor = EXACT.cast(FloatVector.fromArray(FLOATS, f, fo + i));
      EXACT
          .cast(EXACT.cast(FloatVector.fromArray(FLOATS, d, at + i)).mul(factor))
          .intoArray(d, at + i);
    }
    ScalarKernels.INSTANCE.multiply(d, at + bound, f, fo + bound, n - bound);
  }

  @Override
  default double sumOfProducts(float[] x, int xo, float[] y, int yo, int n) {
    double sum = 0;
    for (int i = 0; i < n; i += Sums.BLOCK) {
      int some = Math.min(n - i, Sums.BLOCK);
      if (some % Sums.LANES == 0) {
        sum += productBlock(x, xo + i, y, yo + i, some);
      } else if (LENGTH < 8) {
        sum += ScalarKernels.INSTANCE.sumOfProducts(x, xo + i, y, yo + i, some);
      } else {
        sum += maskedProductBlock(x, xo + i, y, yo + i, some);
      }
    }
    return sum;
  }

  /** Sums a block that fills all lanes. */
  private static float productBlock(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector a = EXACT.cast(FloatVector.zero(FLOATS));
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = 0; i < n; i += Sums.LANES) {
      FloatVector w = EXACT.cast(FloatVector.fromArray(FLOATS, y, yo + i));
      a = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i)).fma(w, a);
      if (LENGTH < 16) {
        w = EXACT.cast(FloatVector.fromArray(FLOATS, y, yo + i + LENGTH));
        b = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i + LENGTH)).fma(w, b);
      }
      if (LENGTH < 8) {
        w = EXACT.cast(FloatVector.fromArray(FLOATS, y, yo + i + 2 * LENGTH));
        c = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i + 2 * LENGTH)).fma(w, c);
        w = EXACT.cast(FloatVector.fromArray(FLOATS, y, yo + i + 3 * LENGTH));
        d = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i + 3 * LENGTH)).fma(w, d);
      }
    }
    a = EXACT.cast(a);
    b = EXACT.cast(b);
    FloatVector v = LENGTH == 16 ? a : LENGTH == 8 ? a.add(b) : EXACT.cast(a.add(c)).add(b.add(d));
    if (LENGTH == 16) {
      v = EXACT.cast(v).add(EXACT.cast(v).rearrange(VectorSum.Down.BY_8));
    }
    if (LENGTH >= 8) {
      v = EXACT.cast(v).add(EXACT.cast(v).rearrange(VectorSum.Down.BY_4));
    }
    v = EXACT.cast(v).add(EXACT.cast(v).rearrange(VectorSum.Down.BY_2));
    return EXACT.cast(v).lane(0) + EXACT.cast(v).lane(1);
  }

  /**
   * Sums a block whose last lanes have one element fewer, in one or two vectors. Four vectors would
   * need eight masked loads, more than C1 compiles, and a method that C1 leaves out may never reach
   * C2. Lanes without an element add 0. That can turn a −0 left by an underflow into +0, which does
   * not show: the sum over the blocks begins with +0 and is never −0.
   */
  private static float maskedProductBlock(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector a = EXACT.cast(FloatVector.zero(FLOATS));
    FloatVector b = a;
    for (int i = 0; i < n; i += Sums.LANES) {
      VectorMask<Float> mask = EXACT_MASKS.cast(FLOATS.indexInRange(i, n));
      FloatVector w = EXACT.cast(FloatVector.fromArray(FLOATS, y, yo + i, mask));
      a = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i, mask)).fma(w, a);
      if (LENGTH < 16) {
        mask = EXACT_MASKS.cast(FLOATS.indexInRange(i + LENGTH, n));
        w = EXACT.cast(FloatVector.fromArray(FLOATS, y, yo + i + LENGTH, mask));
        b = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i + LENGTH, mask)).fma(w, b);
      }
    }
    a = EXACT.cast(a);
    FloatVector v = LENGTH == 16 ? a.add(a.rearrange(VectorSum.Down.BY_8)) : a.add(b);
    v = EXACT.cast(v).add(EXACT.cast(v).rearrange(VectorSum.Down.BY_4));
    v = EXACT.cast(v).add(EXACT.cast(v).rearrange(VectorSum.Down.BY_2));
    return EXACT.cast(v).lane(0) + EXACT.cast(v).lane(1);
  }

  @Override
  default void decorrelate(
      float[] x, int xo, float slope, float[] d, int at, float mean, float factor, int n) {
    int bound = FLOATS.loopBound(n);
    FloatVector slopes = FloatVector.broadcast(FLOATS, slope);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector centred = EXACT.cast(FloatVector.fromArray(FLOATS, d, at + i)).sub(mean);
      FloatVector normal = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      EXACT.cast(EXACT.cast(normal.fma(slopes, centred)).mul(factor)).intoArray(d, at + i);
    }
    ScalarKernels.INSTANCE.decorrelate(
        x, xo + bound, slope, d, at + bound, mean, factor, n - bound);
  }

  @Override
  default void columnProducts(
      float[] x, float[] y, int xo, int stride, int rows, int columns, float[] sums, int so) {
    int j = 0;
    for (int end = columns - columns % (2 * LENGTH); j < end; j += 2 * LENGTH) {
      FloatVector sum0 = FloatVector.zero(FLOATS);
      FloatVector sum1 = sum0;
      int at = xo + j;
      for (int from = 0; from < rows; from += NormKernels.BLOCK) {
        FloatVector block0 = FloatVector.zero(FLOATS);
        FloatVector block1 = block0;
        int to = Math.min(rows, from + NormKernels.BLOCK);
        for (int i = from; i < to; i++, at += stride) {
          FloatVector y0 = EXACT.cast(FloatVector.fromArray(FLOATS, y, at));
          FloatVector y1 = EXACT.cast(FloatVector.fromArray(FLOATS, y, at + LENGTH));
          block0 = EXACT.cast(FloatVector.fromArray(FLOATS, x, at)).fma(y0, block0);
          block1 = EXACT.cast(FloatVector.fromArray(FLOATS, x, at + LENGTH)).fma(y1, block1);
        }
        sum0 = EXACT.cast(block0).add(sum0);
        sum1 = EXACT.cast(block1).add(sum1);
      }
      EXACT.cast(sum0).intoArray(sums, so + j);
      EXACT.cast(sum1).intoArray(sums, so + j + LENGTH);
    }
    for (; j < columns; j += LENGTH) {
      maskedColumnProducts(x, y, xo + j, stride, rows, columns - j, sums, so + j);
    }
  }

  /** Sums the products of up to one vector of columns. */
  private static void maskedColumnProducts(
      float[] x, float[] y, int xo, int stride, int rows, int columns, float[] sums, int so) {
    VectorMask<Float> mask = EXACT_MASKS.cast(FLOATS.indexInRange(0, columns));
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int from = 0; from < rows; from += NormKernels.BLOCK) {
      FloatVector block = FloatVector.zero(FLOATS);
      int to = Math.min(rows, from + NormKernels.BLOCK);
      for (int i = from; i < to; i++) {
        int at = xo + i * stride;
        FloatVector w = EXACT.cast(FloatVector.fromArray(FLOATS, y, at, mask));
        block = EXACT.cast(FloatVector.fromArray(FLOATS, x, at, mask)).fma(w, block);
      }
      sum = EXACT.cast(block).add(sum);
    }
    EXACT.cast(sum).intoArray(sums, so, mask);
  }
}
