package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.EXACT;
import static dev.lanewise.kernel.Lanes.EXACT_MASKS;
import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * The vector form of {@link SumKernels}: the 16 lanes of {@link Sums} are one, two or four vectors.
 * Lanes beyond the last element add 0, which changes nothing, because a sum that began with +0 is
 * never −0.
 */
interface VectorSum extends SumKernels {

  @Override
  default double sum(float[] x, int xo, int n) {
    return sum(x, xo, n, false);
  }

  @Override
  default double sumOfSquares(float[] x, int xo, int n) {
    return sum(x, xo, n, true);
  }

  @Override
  default double sumOfMagnitudes(float[] x, int xo, int n) {
    double sum = 0;
    for (int i = 0; i < n; i += Sums.BLOCK) {
      sum += blockOfMagnitudes(x, xo + i, xo + i + Math.min(n - i, Sums.BLOCK));
    }
    return sum;
  }

  /**
   * Rows of up to 16 elements have one element for each lane: one masked load of all lanes, then
   * the tree.
   */
  @Override
  default void rowSums(float[] x, int xo, int rows, int columns, float[] sums, int so) {
    if (columns > Sums.LANES) {
      SumKernels.super.rowSums(x, xo, rows, columns, sums, so);
      return;
    }
    FloatVector zero = EXACT.cast(FloatVector.zero(FLOATS));
    VectorMask<Float> first = EXACT_MASKS.cast(FLOATS.indexInRange(0, columns));
    VectorMask<Float> second = EXACT_MASKS.cast(FLOATS.indexInRange(LENGTH, columns));
    VectorMask<Float> third = EXACT_MASKS.cast(FLOATS.indexInRange(2 * LENGTH, columns));
    VectorMask<Float> fourth = EXACT_MASKS.cast(FLOATS.indexInRange(3 * LENGTH, columns));
    for (int r = 0; r < rows; r++) {
      int at = xo + r * columns;
      FloatVector v = zero.add(EXACT.cast(FloatVector.fromArray(FLOATS, x, at, first)));
      if (LENGTH == 8) {
        v =
            EXACT
                .cast(v)
                .add(zero.add(EXACT.cast(FloatVector.fromArray(FLOATS, x, at + LENGTH, second))));
      }
      if (LENGTH == 4) {
        FloatVector b =
            EXACT.cast(zero.add(EXACT.cast(FloatVector.fromArray(FLOATS, x, at + LENGTH, second))));
        FloatVector c =
            zero.add(EXACT.cast(FloatVector.fromArray(FLOATS, x, at + 2 * LENGTH, third)));
        FloatVector d =
            zero.add(EXACT.cast(FloatVector.fromArray(FLOATS, x, at + 3 * LENGTH, fourth)));
        v = EXACT.cast(EXACT.cast(v).add(c)).add(b.add(d));
      }
      if (LENGTH == 16) {
        v = EXACT.cast(v).add(EXACT.cast(v).rearrange(Down.BY_8));
      }
      if (LENGTH >= 8) {
        v = EXACT.cast(v).add(EXACT.cast(v).rearrange(Down.BY_4));
      }
      v = EXACT.cast(v).add(EXACT.cast(v).rearrange(Down.BY_2));
      sums[so + r] = EXACT.cast(v).lane(0) + EXACT.cast(v).lane(1);
    }
  }

  private static double sum(float[] x, int xo, int n, boolean square) {
    double sum = 0;
    for (int i = 0; i < n; i += Sums.BLOCK) {
      sum += block(x, xo + i, xo + i + Math.min(n - i, Sums.BLOCK), square);
    }
    return sum;
  }

  /** Adds v² or 1·v, which is exactly v. */
  private static float block(float[] x, int start, int end, boolean square) {
    FloatVector one = EXACT.cast(FloatVector.broadcast(FLOATS, 1));
    FloatVector a = EXACT.cast(FloatVector.zero(FLOATS));
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int i = start;
    for (; i <= end - Sums.LANES; i += Sums.LANES) {
      FloatVector v0 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i));
      a = v0.fma(square ? v0 : one, a);
      if (LENGTH < 16) {
        FloatVector v1 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i + LENGTH));
        b = v1.fma(square ? v1 : one, b);
      }
      if (LENGTH < 8) {
        FloatVector v2 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i + 2 * LENGTH));
        c = v2.fma(square ? v2 : one, c);
        FloatVector v3 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i + 3 * LENGTH));
        d = v3.fma(square ? v3 : one, d);
      }
    }
    if (i < end) {
      VectorMask<Float> mask = EXACT_MASKS.cast(FLOATS.indexInRange(i, end));
      FloatVector v0 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i, mask));
      a = v0.fma(square ? v0 : one, a);
    }
    if (LENGTH < 16 && i + LENGTH < end) {
      VectorMask<Float> mask = EXACT_MASKS.cast(FLOATS.indexInRange(i + LENGTH, end));
      FloatVector v1 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i + LENGTH, mask));
      b = v1.fma(square ? v1 : one, b);
    }
    if (LENGTH < 8 && i + 2 * LENGTH < end) {
      VectorMask<Float> mask = EXACT_MASKS.cast(FLOATS.indexInRange(i + 2 * LENGTH, end));
      FloatVector v2 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i + 2 * LENGTH, mask));
      c = v2.fma(square ? v2 : one, c);
    }
    if (LENGTH < 8 && i + 3 * LENGTH < end) {
      VectorMask<Float> mask = EXACT_MASKS.cast(FLOATS.indexInRange(i + 3 * LENGTH, end));
      FloatVector v3 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i + 3 * LENGTH, mask));
      d = v3.fma(square ? v3 : one, d);
    }
    a = EXACT.cast(a);
    b = EXACT.cast(b);
    FloatVector v = LENGTH == 16 ? a : LENGTH == 8 ? a.add(b) : EXACT.cast(a.add(c)).add(b.add(d));
    if (LENGTH == 16) {
      v = EXACT.cast(v).add(EXACT.cast(v).rearrange(Down.BY_8));
    }
    if (LENGTH >= 8) {
      v = EXACT.cast(v).add(EXACT.cast(v).rearrange(Down.BY_4));
    }
    v = EXACT.cast(v).add(EXACT.cast(v).rearrange(Down.BY_2));
    return EXACT.cast(v).lane(0) + EXACT.cast(v).lane(1);
  }

  /** Adds 1·|v|, in the same way. */
  private static float blockOfMagnitudes(float[] x, int start, int end) {
    FloatVector one = EXACT.cast(FloatVector.broadcast(FLOATS, 1));
    FloatVector a = EXACT.cast(FloatVector.zero(FLOATS));
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int i = start;
    for (; i <= end - Sums.LANES; i += Sums.LANES) {
      FloatVector v0 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i));
      a = one.fma(v0.abs(), a);
      if (LENGTH < 16) {
        FloatVector v1 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i + LENGTH));
        b = one.fma(v1.abs(), b);
      }
      if (LENGTH < 8) {
        FloatVector v2 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i + 2 * LENGTH));
        c = one.fma(v2.abs(), c);
        FloatVector v3 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i + 3 * LENGTH));
        d = one.fma(v3.abs(), d);
      }
    }
    if (i < end) {
      VectorMask<Float> mask = EXACT_MASKS.cast(FLOATS.indexInRange(i, end));
      FloatVector v0 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i, mask));
      a = one.fma(v0.abs(), a);
    }
    if (LENGTH < 16 && i + LENGTH < end) {
      VectorMask<Float> mask = EXACT_MASKS.cast(FLOATS.indexInRange(i + LENGTH, end));
      FloatVector v1 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i + LENGTH, mask));
      b = one.fma(v1.abs(), b);
    }
    if (LENGTH < 8 && i + 2 * LENGTH < end) {
      VectorMask<Float> mask = EXACT_MASKS.cast(FLOATS.indexInRange(i + 2 * LENGTH, end));
      FloatVector v2 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i + 2 * LENGTH, mask));
      c = one.fma(v2.abs(), c);
    }
    if (LENGTH < 8 && i + 3 * LENGTH < end) {
      VectorMask<Float> mask = EXACT_MASKS.cast(FLOATS.indexInRange(i + 3 * LENGTH, end));
      FloatVector v3 = EXACT.cast(FloatVector.fromArray(FLOATS, x, i + 3 * LENGTH, mask));
      d = one.fma(v3.abs(), d);
    }
    a = EXACT.cast(a);
    b = EXACT.cast(b);
    FloatVector v = LENGTH == 16 ? a : LENGTH == 8 ? a.add(b) : EXACT.cast(a.add(c)).add(b.add(d));
    if (LENGTH == 16) {
      v = EXACT.cast(v).add(EXACT.cast(v).rearrange(Down.BY_8));
    }
    if (LENGTH >= 8) {
      v = EXACT.cast(v).add(EXACT.cast(v).rearrange(Down.BY_4));
    }
    v = EXACT.cast(v).add(EXACT.cast(v).rearrange(Down.BY_2));
    return EXACT.cast(v).lane(0) + EXACT.cast(v).lane(1);
  }

  /** Shuffles that bring the lanes to be added into place. */
  final class Down {
    static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(FLOATS, 8, 1, true);
    static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(FLOATS, 4, 1, true);
    static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(FLOATS, 2, 1, true);
    static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(FLOATS, 1, 1, true);

    private Down() {}
  }
}
