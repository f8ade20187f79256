package dev.lanewise.kernel;

import static dev.lanewise.kernel.NarrowLanes.EXACTLY_NARROW;
import static dev.lanewise.kernel.NarrowLanes.NARROW;
import static dev.lanewise.kernel.NarrowLanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/** The vector form of {@link NarrowKernels#oneColumn}: a vector holds some rows of the column. */
interface VectorOneColumn extends NarrowKernels {

  /** Rows at this distance, or a multiple of it, map to the same set of the cache. */
  int SET_DISTANCE = 1024;

  /**
   * Lanes are rows, a group of them in a vector; the last group overlaps rows already computed. Two
   * groups at once do not wait for their sums, but so many rows at {@value #SET_DISTANCE} floats
   * from one another would drive each other out of the first-level cache.
   */
  @Override
  default void oneColumn(
      float[] a, int ao, int aRow, float[] b, float s, float[] c, int co, int rows, int depth) {
    if (rows < WIDTH) {
      ScalarKernels.INSTANCE.oneColumn(a, ao, aRow, b, s, c, co, rows, depth);
      return;
    }
    int steps = depth - depth % FEW;
    int i = 0;
    for (; i + 2 * WIDTH <= rows && aRow % SET_DISTANCE != 0; i += 2 * WIDTH) {
      twoGroups(a, ao + i * aRow, aRow, b, s, c, co + i, steps);
    }
    for (; i < rows; i += WIDTH) {
      int row = Math.min(i, rows - WIDTH);
      oneGroup(a, ao + row * aRow, aRow, b, s, c, co + row, steps);
    }
    if (steps < depth) {
      lastSteps(a, ao + steps, aRow, b, steps, c, co, rows, depth - steps);
    }
  }

  /** Continues the sums of a column by up to three steps. */
  private static void lastSteps(
      float[] a, int ao, int aRow, float[] b, int bo, float[] c, int co, int rows, int steps) {
    int k1 = Math.min(1, steps - 1);
    int k2 = Math.min(2, steps - 1);
    float b0 = b[bo];
    float b1 = b[bo + k1];
    float b2 = b[bo + k2];
    for (int i = 0, ai = ao; i < rows; i++, ai += aRow) {
      float sum = Fma.fma(a[ai], b0, c[co + i]);
      if (steps > 1) {
        sum = Fma.fma(a[ai + k1], b1, sum);
      }
      if (steps > 2) {
        sum = Fma.fma(a[ai + k2], b2, sum);
      }
      c[co + i] = sum;
    }
  }

  /**
   * Computes two groups of rows, four steps at a time: the elements of four rows and steps, in each
   * half of a vector, are transposed by exchanging pairs, then neighbours.
   */
  private static void twoGroups(
      float[] a, int a0, int aRow, float[] b, float s, float[] c, int co, int depth) {
    int a1 = a0 + WIDTH * aRow;
    int upper = FEW * aRow - FEW;
    FloatVector sum0 = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, s));
    FloatVector sum1 = sum0;
    for (int k = 0; k < depth; k += FEW) {
      FloatVector b0 = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, b[k]));
      FloatVector b1 = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, b[k + 1]));
      FloatVector b2 = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, b[k + 2]));
      FloatVector b3 = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, b[k + 3]));
      FloatVector p0 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, a0 + k));
      FloatVector q0 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, a0 + k + aRow));
      FloatVector r0 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, a0 + k + 2 * aRow));
      FloatVector t0 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, a0 + k + 3 * aRow));
      if (WIDTH == 2 * FEW) {
        p0 =
            EXACTLY_NARROW
                .cast(p0)
                .blend(FloatVector.fromArray(NARROW, a, a0 + k + upper), Turn.UPPER);
        q0 =
            EXACTLY_NARROW
                .cast(q0)
                .blend(FloatVector.fromArray(NARROW, a, a0 + k + aRow + upper), Turn.UPPER);
        r0 =
            EXACTLY_NARROW
                .cast(r0)
                .blend(FloatVector.fromArray(NARROW, a, a0 + k + 2 * aRow + upper), Turn.UPPER);
        t0 =
            EXACTLY_NARROW
                .cast(t0)
                .blend(FloatVector.fromArray(NARROW, a, a0 + k + 3 * aRow + upper), Turn.UPPER);
      }
      FloatVector u0 =
          EXACTLY_NARROW.cast(
              EXACTLY_NARROW
                  .cast(p0)
                  .blend(EXACTLY_NARROW.cast(r0).rearrange(Turn.PAIRS), Turn.UPPER_PAIRS));
      FloatVector w0 =
          EXACTLY_NARROW.cast(
              EXACTLY_NARROW
                  .cast(EXACTLY_NARROW.cast(p0).rearrange(Turn.PAIRS))
                  .blend(r0, Turn.UPPER_PAIRS));
      FloatVector v0 =
          EXACTLY_NARROW.cast(
              EXACTLY_NARROW
                  .cast(q0)
                  .blend(EXACTLY_NARROW.cast(t0).rearrange(Turn.PAIRS), Turn.UPPER_PAIRS));
      FloatVector x0 =
          EXACTLY_NARROW.cast(
              EXACTLY_NARROW
                  .cast(EXACTLY_NARROW.cast(q0).rearrange(Turn.PAIRS))
                  .blend(t0, Turn.UPPER_PAIRS));
      sum0 = b0.fma(u0.blend(v0.rearrange(Turn.NEIGHBOURS), Turn.ODD), sum0);
      sum0 = b1.fma(EXACTLY_NARROW.cast(u0.rearrange(Turn.NEIGHBOURS)).blend(v0, Turn.ODD), sum0);
      sum0 = b2.fma(w0.blend(x0.rearrange(Turn.NEIGHBOURS), Turn.ODD), sum0);
      sum0 = b3.fma(EXACTLY_NARROW.cast(w0.rearrange(Turn.NEIGHBOURS)).blend(x0, Turn.ODD), sum0);
      FloatVector p1 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, a1 + k));
      FloatVector q1 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, a1 + k + aRow));
      FloatVector r1 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, a1 + k + 2 * aRow));
      FloatVector t1 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, a1 + k + 3 * aRow));
      if (WIDTH == 2 * FEW) {
        p1 =
            EXACTLY_NARROW
                .cast(p1)
                .blend(FloatVector.fromArray(NARROW, a, a1 + k + upper), Turn.UPPER);
        q1 =
            EXACTLY_NARROW
                .cast(q1)
                .blend(FloatVector.fromArray(NARROW, a, a1 + k + aRow + upper), Turn.UPPER);
        r1 =
            EXACTLY_NARROW
                .cast(r1)
                .blend(FloatVector.fromArray(NARROW, a, a1 + k + 2 * aRow + upper), Turn.UPPER);
        t1 =
            EXACTLY_NARROW
                .cast(t1)
                .blend(FloatVector.fromArray(NARROW, a, a1 + k + 3 * aRow + upper), Turn.UPPER);
      }
      FloatVector u1 =
          EXACTLY_NARROW.cast(
              EXACTLY_NARROW
                  .cast(p1)
                  .blend(EXACTLY_NARROW.cast(r1).rearrange(Turn.PAIRS), Turn.UPPER_PAIRS));
      FloatVector w1 =
          EXACTLY_NARROW.cast(
              EXACTLY_NARROW
                  .cast(EXACTLY_NARROW.cast(p1).rearrange(Turn.PAIRS))
                  .blend(r1, Turn.UPPER_PAIRS));
      FloatVector v1 =
          EXACTLY_NARROW.cast(
              EXACTLY_NARROW
                  .cast(q1)
                  .blend(EXACTLY_NARROW.cast(t1).rearrange(Turn.PAIRS), Turn.UPPER_PAIRS));
      FloatVector x1 =
          EXACTLY_NARROW.cast(
              EXACTLY_NARROW
                  .cast(EXACTLY_NARROW.cast(q1).rearrange(Turn.PAIRS))
                  .blend(t1, Turn.UPPER_PAIRS));
      sum1 = b0.fma(u1.blend(v1.rearrange(Turn.NEIGHBOURS), Turn.ODD), sum1);
      sum1 = b1.fma(EXACTLY_NARROW.cast(u1.rearrange(Turn.NEIGHBOURS)).blend(v1, Turn.ODD), sum1);
      sum1 = b2.fma(w1.blend(x1.rearrange(Turn.NEIGHBOURS), Turn.ODD), sum1);
      sum1 = b3.fma(EXACTLY_NARROW.cast(w1.rearrange(Turn.NEIGHBOURS)).blend(x1, Turn.ODD), sum1);
    }
    EXACTLY_NARROW.cast(sum0).intoArray(c, co);
    EXACTLY_NARROW.cast(sum1).intoArray(c, co + WIDTH);
  }

  /** The same for one group. */
  private static void oneGroup(
      float[] a, int ao, int aRow, float[] b, float s, float[] c, int co, int depth) {
    int upper = FEW * aRow - FEW;
    FloatVector sum = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, s));
    for (int k = 0; k < depth; k += FEW) {
      FloatVector b0 = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, b[k]));
      FloatVector b1 = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, b[k + 1]));
      FloatVector b2 = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, b[k + 2]));
      FloatVector b3 = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, b[k + 3]));
      FloatVector p = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, ao + k));
      FloatVector q = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, ao + k + aRow));
      FloatVector r = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, ao + k + 2 * aRow));
      FloatVector t = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, ao + k + 3 * aRow));
      if (WIDTH == 2 * FEW) {
        p =
            EXACTLY_NARROW
                .cast(p)
                .blend(FloatVector.fromArray(NARROW, a, ao + k + upper), Turn.UPPER);
        q =
            EXACTLY_NARROW
                .cast(q)
                .blend(FloatVector.fromArray(NARROW, a, ao + k + aRow + upper), Turn.UPPER);
        r =
            EXACTLY_NARROW
                .cast(r)
                .blend(FloatVector.fromArray(NARROW, a, ao + k + 2 * aRow + upper), Turn.UPPER);
        t =
            EXACTLY_NARROW
                .cast(t)
                .blend(FloatVector.fromArray(NARROW, a, ao + k + 3 * aRow + upper), Turn.UPPER);
      }
      FloatVector u =
          EXACTLY_NARROW.cast(
              EXACTLY_NARROW
                  .cast(p)
                  .blend(EXACTLY_NARROW.cast(r).rearrange(Turn.PAIRS), Turn.UPPER_PAIRS));
      FloatVector w =
          EXACTLY_NARROW.cast(
              EXACTLY_NARROW
                  .cast(EXACTLY_NARROW.cast(p).rearrange(Turn.PAIRS))
                  .blend(r, Turn.UPPER_PAIRS));
      FloatVector v =
          EXACTLY_NARROW.cast(
              EXACTLY_NARROW
                  .cast(q)
                  .blend(EXACTLY_NARROW.cast(t).rearrange(Turn.PAIRS), Turn.UPPER_PAIRS));
      FloatVector x =
          EXACTLY_NARROW.cast(
              EXACTLY_NARROW
                  .cast(EXACTLY_NARROW.cast(q).rearrange(Turn.PAIRS))
                  .blend(t, Turn.UPPER_PAIRS));
      sum = b0.fma(u.blend(v.rearrange(Turn.NEIGHBOURS), Turn.ODD), sum);
      sum = b1.fma(EXACTLY_NARROW.cast(u.rearrange(Turn.NEIGHBOURS)).blend(v, Turn.ODD), sum);
      sum = b2.fma(w.blend(x.rearrange(Turn.NEIGHBOURS), Turn.ODD), sum);
      sum = b3.fma(EXACTLY_NARROW.cast(w.rearrange(Turn.NEIGHBOURS)).blend(x, Turn.ODD), sum);
    }
    EXACTLY_NARROW.cast(sum).intoArray(c, co);
  }

  /** What is exchanged when four rows of four steps are transposed. */
  final class Turn {
    private static final VectorShuffle<Float> PAIRS = VectorShuffle.fromOp(NARROW, i -> i ^ 2);
    private static final VectorShuffle<Float> NEIGHBOURS = VectorShuffle.fromOp(NARROW, i -> i ^ 1);
    private static final VectorMask<Float> UPPER = VectorMask.fromLong(NARROW, 0b11110000);
    private static final VectorMask<Float> UPPER_PAIRS = VectorMask.fromLong(NARROW, 0b11001100);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(NARROW, 0b10101010);

    private Turn() {}
  }
}
