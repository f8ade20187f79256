package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * The vector form of {@link SumKernels}: the 16 lanes of {@link Sums} are one, two or four vectors. Lanes beyond the last
 * element add 0, which changes nothing, as a sum that began with +0 is never −0.
 */
interface VectorSum extends SumKernels {

  @Override
  default double sum(float[] x, int xo, int n) {
    double sum = 0;
    for (int i = 0; i < n; i += Sums.BLOCK) {
      sum += values(x, xo + i, xo + i + Math.min(n - i, Sums.BLOCK));
    }
    return sum;
  }

  private static float values(float[] x, int start, int end) {
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = start; i < end; i += Sums.LANES) {
      a = a.add(load(x, i, end));
      if (LENGTH < 16) {
        b = b.add(load(x, i + LENGTH, end));
      }
      if (LENGTH < 8) {
        c = c.add(load(x, i + 2 * LENGTH, end));
        d = d.add(load(x, i + 3 * LENGTH, end));
      }
    }
    return total(a, b, c, d);
  }

  @Override
  default double sumOfSquares(float[] x, int xo, int n) {
    double sum = 0;
    for (int i = 0; i < n; i += Sums.BLOCK) {
      sum += squares(x, xo + i, xo + i + Math.min(n - i, Sums.BLOCK));
    }
    return sum;
  }

  private static float squares(float[] x, int start, int end) {
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = start; i < end; i += Sums.LANES) {
      a = square(load(x, i, end), a);
      if (LENGTH < 16) {
        b = square(load(x, i + LENGTH, end), b);
      }
      if (LENGTH < 8) {
        c = square(load(x, i + 2 * LENGTH, end), c);
        d = square(load(x, i + 3 * LENGTH, end), d);
      }
    }
    return total(a, b, c, d);
  }

  @Override
  default double sumOfMagnitudes(float[] x, int xo, int n) {
    double sum = 0;
    for (int i = 0; i < n; i += Sums.BLOCK) {
      sum += magnitudes(x, xo + i, xo + i + Math.min(n - i, Sums.BLOCK));
    }
    return sum;
  }

  private static float magnitudes(float[] x, int start, int end) {
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = start; i < end; i += Sums.LANES) {
      a = a.add(load(x, i, end).abs());
      if (LENGTH < 16) {
        b = b.add(load(x, i + LENGTH, end).abs());
      }
      if (LENGTH < 8) {
        c = c.add(load(x, i + 2 * LENGTH, end).abs());
        d = d.add(load(x, i + 3 * LENGTH, end).abs());
      }
    }
    return total(a, b, c, d);
  }

  private static FloatVector load(float[] x, int at, int end) {
    return at <= end - LENGTH
        ? FloatVector.fromArray(FLOATS, x, at)
        : FloatVector.fromArray(FLOATS, x, at, FLOATS.indexInRange(at, end));
  }

  private static FloatVector square(FloatVector x, FloatVector lane) {
    return x.fma(x, lane);
  }

  private static float total(FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
    FloatVector v = LENGTH == 16 ? a : LENGTH == 8 ? a.add(b) : a.add(c).add(b.add(d));
    if (LENGTH == 16) {
      v = v.add(v.rearrange(Down.BY_8));
    }
    if (LENGTH >= 8) {
      v = v.add(v.rearrange(Down.BY_4));
    }
    v = v.add(v.rearrange(Down.BY_2));
    return v.lane(0) + v.lane(1);
  }

  /** Shuffles that bring the lanes to be added into place. */
  final class Down {
    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(FLOATS, 8, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(FLOATS, 4, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(FLOATS, 2, 1, true);

    private Down() {}
  }
}
