package dev.lanewise.kernel;

import static dev.lanewise.kernel.NarrowLanes.EXACTLY_FOUR;
import static dev.lanewise.kernel.NarrowLanes.EXACTLY_NARROW;
import static dev.lanewise.kernel.NarrowLanes.FOUR;
import static dev.lanewise.kernel.NarrowLanes.NARROW;
import static dev.lanewise.kernel.NarrowLanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * The vector form of {@link NarrowKernels#fewColumns}: a vector holds a row of the result, or two.
 */
interface VectorFewColumns extends NarrowKernels {

  /**
   * A row is written past its end, into rows that are computed later; the last ones are left to the
   * scalar form. The last tile overlaps rows already computed.
   */
  @Override
  default void fewColumns(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      float[] s,
      float[] c,
      int co,
      int rows,
      int columns,
      int depth) {
    int whole = Math.max(0, rows - (FEW - 1) / columns);
    if (depth == 0) {
      whole = 0;
    } else if (depth <= FEW) {
      oneVector(a, ao, aRow, b, s, c, co, whole, columns, depth);
    } else if (whole >= 12 && WIDTH == 8) {
      sixPairs(a, ao, aRow, b, s, c, co, whole, columns, depth);
    } else if (whole >= 12) {
      for (int i = 0; i < whole; i += 12) {
        int row = Math.min(i, whole - 12);
        twelveByFour(a, ao + row * aRow, aRow, b, s, c, co + row * columns, columns, depth);
      }
    } else if (whole >= 4) {
      for (int i = 0; i < whole; i += 4) {
        int row = Math.min(i, whole - 4);
        fourByFour(a, ao + row * aRow, aRow, b, s, c, co + row * columns, columns, depth);
      }
    } else {
      whole = 0;
    }
    ScalarKernels.INSTANCE.fewColumns(
        a, ao + whole * aRow, aRow, b, s, c, co + whole * columns, rows - whole, columns, depth);
  }

  /**
   * Computes twelve rows, two in a vector: its halves hold four steps of a row each, of which one
   * after the other is copied to all lanes of its half. So A is read a vector at a time; element by
   * element, each would be checked to lie within its array.
   */
  private static void sixPairs(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      float[] s,
      float[] c,
      int co,
      int rows,
      int columns,
      int depth) {
    int a2 = 2 * aRow;
    int a4 = 4 * aRow;
    int a6 = 6 * aRow;
    int a8 = 8 * aRow;
    int a10 = 10 * aRow;
    int upper = aRow - FEW;
    FloatVector start = FloatVector.fromArray(NARROW, s, 0);
    for (int i = 0; i < rows; i += 12) {
      int row = Math.min(i, rows - 12);
      int from = ao + row * aRow;
      int to = co + row * columns;
      FloatVector c0 = start;
      FloatVector c1 = start;
      FloatVector c2 = start;
      FloatVector c3 = start;
      FloatVector c4 = start;
      FloatVector c5 = start;
      int k = 0;
      for (int ai = from, bi = 0; k <= depth - FEW; k += FEW, ai += FEW, bi += FEW * WIDE) {
        FloatVector b0 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, b, bi));
        FloatVector b1 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, b, bi + WIDE));
        FloatVector b2 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, b, bi + 2 * WIDE));
        FloatVector b3 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, b, bi + 3 * WIDE));
        FloatVector p0 =
            EXACTLY_NARROW.cast(
                EXACTLY_NARROW
                    .cast(FloatVector.fromArray(NARROW, a, ai))
                    .blend(FloatVector.fromArray(NARROW, a, ai + upper), Pair.UPPER));
        c0 = b0.fma(p0.rearrange(Pair.STEP_0), c0);
        c0 = b1.fma(p0.rearrange(Pair.STEP_1), c0);
        c0 = b2.fma(p0.rearrange(Pair.STEP_2), c0);
        c0 = b3.fma(p0.rearrange(Pair.STEP_3), c0);
        FloatVector p1 =
            EXACTLY_NARROW.cast(
                EXACTLY_NARROW
                    .cast(FloatVector.fromArray(NARROW, a, ai + a2))
                    .blend(FloatVector.fromArray(NARROW, a, ai + a2 + upper), Pair.UPPER));
        c1 = b0.fma(p1.rearrange(Pair.STEP_0), c1);
        c1 = b1.fma(p1.rearrange(Pair.STEP_1), c1);
        c1 = b2.fma(p1.rearrange(Pair.STEP_2), c1);
        c1 = b3.fma(p1.rearrange(Pair.STEP_3), c1);
        FloatVector p2 =
            EXACTLY_NARROW.cast(
                EXACTLY_NARROW
                    .cast(FloatVector.fromArray(NARROW, a, ai + a4))
                    .blend(FloatVector.fromArray(NARROW, a, ai + a4 + upper), Pair.UPPER));
        c2 = b0.fma(p2.rearrange(Pair.STEP_0), c2);
        c2 = b1.fma(p2.rearrange(Pair.STEP_1), c2);
        c2 = b2.fma(p2.rearrange(Pair.STEP_2), c2);
        c2 = b3.fma(p2.rearrange(Pair.STEP_3), c2);
        FloatVector p3 =
            EXACTLY_NARROW.cast(
                EXACTLY_NARROW
                    .cast(FloatVector.fromArray(NARROW, a, ai + a6))
                    .blend(FloatVector.fromArray(NARROW, a, ai + a6 + upper), Pair.UPPER));
        c3 = b0.fma(p3.rearrange(Pair.STEP_0), c3);
        c3 = b1.fma(p3.rearrange(Pair.STEP_1), c3);
        c3 = b2.fma(p3.rearrange(Pair.STEP_2), c3);
        c3 = b3.fma(p3.rearrange(Pair.STEP_3), c3);
        FloatVector p4 =
            EXACTLY_NARROW.cast(
                EXACTLY_NARROW
                    .cast(FloatVector.fromArray(NARROW, a, ai + a8))
                    .blend(FloatVector.fromArray(NARROW, a, ai + a8 + upper), Pair.UPPER));
        c4 = b0.fma(p4.rearrange(Pair.STEP_0), c4);
        c4 = b1.fma(p4.rearrange(Pair.STEP_1), c4);
        c4 = b2.fma(p4.rearrange(Pair.STEP_2), c4);
        c4 = b3.fma(p4.rearrange(Pair.STEP_3), c4);
        FloatVector p5 =
            EXACTLY_NARROW.cast(
                EXACTLY_NARROW
                    .cast(FloatVector.fromArray(NARROW, a, ai + a10))
                    .blend(FloatVector.fromArray(NARROW, a, ai + a10 + upper), Pair.UPPER));
        c5 = b0.fma(p5.rearrange(Pair.STEP_0), c5);
        c5 = b1.fma(p5.rearrange(Pair.STEP_1), c5);
        c5 = b2.fma(p5.rearrange(Pair.STEP_2), c5);
        c5 = b3.fma(p5.rearrange(Pair.STEP_3), c5);
      }
      for (int ai = from + k; k < depth; k++, ai++) {
        FloatVector right = FloatVector.fromArray(NARROW, b, k * WIDE);
        FloatVector p0 =
            EXACTLY_NARROW.cast(
                EXACTLY_NARROW
                    .cast(FloatVector.broadcast(NARROW, a[ai]))
                    .blend(a[ai + aRow], Pair.UPPER));
        c0 = p0.fma(right, c0);
        FloatVector p1 =
            EXACTLY_NARROW.cast(
                EXACTLY_NARROW
                    .cast(FloatVector.broadcast(NARROW, a[ai + a2]))
                    .blend(a[ai + a2 + aRow], Pair.UPPER));
        c1 = p1.fma(right, c1);
        FloatVector p2 =
            EXACTLY_NARROW.cast(
                EXACTLY_NARROW
                    .cast(FloatVector.broadcast(NARROW, a[ai + a4]))
                    .blend(a[ai + a4 + aRow], Pair.UPPER));
        c2 = p2.fma(right, c2);
        FloatVector p3 =
            EXACTLY_NARROW.cast(
                EXACTLY_NARROW
                    .cast(FloatVector.broadcast(NARROW, a[ai + a6]))
                    .blend(a[ai + a6 + aRow], Pair.UPPER));
        c3 = p3.fma(right, c3);
        FloatVector p4 =
            EXACTLY_NARROW.cast(
                EXACTLY_NARROW
                    .cast(FloatVector.broadcast(NARROW, a[ai + a8]))
                    .blend(a[ai + a8 + aRow], Pair.UPPER));
        c4 = p4.fma(right, c4);
        FloatVector p5 =
            EXACTLY_NARROW.cast(
                EXACTLY_NARROW
                    .cast(FloatVector.broadcast(NARROW, a[ai + a10]))
                    .blend(a[ai + a10 + aRow], Pair.UPPER));
        c5 = p5.fma(right, c5);
      }
      EXACTLY_FOUR.cast(EXACTLY_NARROW.cast(c0).castShape(FOUR, 0)).intoArray(c, to);
      EXACTLY_FOUR
          .cast(
              EXACTLY_NARROW
                  .cast(EXACTLY_NARROW.cast(c0).rearrange(Pair.HALVES))
                  .castShape(FOUR, 0))
          .intoArray(c, to + columns);
      EXACTLY_FOUR.cast(EXACTLY_NARROW.cast(c1).castShape(FOUR, 0)).intoArray(c, to + 2 * columns);
      EXACTLY_FOUR
          .cast(
              EXACTLY_NARROW
                  .cast(EXACTLY_NARROW.cast(c1).rearrange(Pair.HALVES))
                  .castShape(FOUR, 0))
          .intoArray(c, to + 3 * columns);
      EXACTLY_FOUR.cast(EXACTLY_NARROW.cast(c2).castShape(FOUR, 0)).intoArray(c, to + 4 * columns);
      EXACTLY_FOUR
          .cast(
              EXACTLY_NARROW
                  .cast(EXACTLY_NARROW.cast(c2).rearrange(Pair.HALVES))
                  .castShape(FOUR, 0))
          .intoArray(c, to + 5 * columns);
      EXACTLY_FOUR.cast(EXACTLY_NARROW.cast(c3).castShape(FOUR, 0)).intoArray(c, to + 6 * columns);
      EXACTLY_FOUR
          .cast(
              EXACTLY_NARROW
                  .cast(EXACTLY_NARROW.cast(c3).rearrange(Pair.HALVES))
                  .castShape(FOUR, 0))
          .intoArray(c, to + 7 * columns);
      EXACTLY_FOUR.cast(EXACTLY_NARROW.cast(c4).castShape(FOUR, 0)).intoArray(c, to + 8 * columns);
      EXACTLY_FOUR
          .cast(
              EXACTLY_NARROW
                  .cast(EXACTLY_NARROW.cast(c4).rearrange(Pair.HALVES))
                  .castShape(FOUR, 0))
          .intoArray(c, to + 9 * columns);
      EXACTLY_FOUR.cast(EXACTLY_NARROW.cast(c5).castShape(FOUR, 0)).intoArray(c, to + 10 * columns);
      EXACTLY_FOUR
          .cast(
              EXACTLY_NARROW
                  .cast(EXACTLY_NARROW.cast(c5).rearrange(Pair.HALVES))
                  .castShape(FOUR, 0))
          .intoArray(c, to + 11 * columns);
    }
  }

  /** What two rows in a vector take. */
  final class Pair {
    private static final VectorMask<Float> UPPER = VectorMask.fromLong(NARROW, 0b11110000);
    private static final VectorShuffle<Float> HALVES = VectorShuffle.fromOp(NARROW, i -> i ^ 4);
    private static final VectorShuffle<Float> STEP_0 = VectorShuffle.fromOp(NARROW, i -> i & 4);
    private static final VectorShuffle<Float> STEP_1 = VectorShuffle.fromOp(NARROW, i -> i & 4 | 1);
    private static final VectorShuffle<Float> STEP_2 = VectorShuffle.fromOp(NARROW, i -> i & 4 | 2);
    private static final VectorShuffle<Float> STEP_3 = VectorShuffle.fromOp(NARROW, i -> i & 4 | 3);

    private Pair() {}
  }

  private static void twelveByFour(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      float[] s,
      float[] c,
      int co,
      int columns,
      int depth) {
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    FloatVector c0 = FloatVector.fromArray(FOUR, s, 0);
    FloatVector c1 = c0;
    FloatVector c2 = c0;
    FloatVector c3 = c0;
    FloatVector c4 = c0;
    FloatVector c5 = c0;
    FloatVector c6 = c0;
    FloatVector c7 = c0;
    FloatVector c8 = c0;
    FloatVector c9 = c0;
    FloatVector c10 = c0;
    FloatVector c11 = c0;
    for (int k = 0, ai = ao, ai4 = ao + 4 * aRow, ai8 = ao + 8 * aRow;
        k < depth;
        k++, ai++, ai4++, ai8++) {
      FloatVector right = FloatVector.fromArray(FOUR, b, k * WIDE);
      c0 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai])).fma(right, c0);
      c1 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai + a1])).fma(right, c1);
      c2 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai + a2])).fma(right, c2);
      c3 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai + a3])).fma(right, c3);
      c4 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai4])).fma(right, c4);
      c5 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai4 + a1])).fma(right, c5);
      c6 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai4 + a2])).fma(right, c6);
      c7 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai4 + a3])).fma(right, c7);
      c8 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai8])).fma(right, c8);
      c9 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai8 + a1])).fma(right, c9);
      c10 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai8 + a2])).fma(right, c10);
      c11 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai8 + a3])).fma(right, c11);
    }
    EXACTLY_FOUR.cast(c0).intoArray(c, co);
    EXACTLY_FOUR.cast(c1).intoArray(c, co + columns);
    EXACTLY_FOUR.cast(c2).intoArray(c, co + 2 * columns);
    EXACTLY_FOUR.cast(c3).intoArray(c, co + 3 * columns);
    EXACTLY_FOUR.cast(c4).intoArray(c, co + 4 * columns);
    EXACTLY_FOUR.cast(c5).intoArray(c, co + 5 * columns);
    EXACTLY_FOUR.cast(c6).intoArray(c, co + 6 * columns);
    EXACTLY_FOUR.cast(c7).intoArray(c, co + 7 * columns);
    EXACTLY_FOUR.cast(c8).intoArray(c, co + 8 * columns);
    EXACTLY_FOUR.cast(c9).intoArray(c, co + 9 * columns);
    EXACTLY_FOUR.cast(c10).intoArray(c, co + 10 * columns);
    EXACTLY_FOUR.cast(c11).intoArray(c, co + 11 * columns);
  }

  /**
   * Computes one row after the other, with B and the start in registers; missing steps load the
   * last step's part of B.
   */
  private static void oneVector(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      float[] s,
      float[] c,
      int co,
      int rows,
      int columns,
      int depth) {
    FloatVector start = FloatVector.fromArray(FOUR, s, 0);
    FloatVector b0 = FloatVector.fromArray(FOUR, b, 0);
    FloatVector b1 = FloatVector.fromArray(FOUR, b, Math.min(1, depth - 1) * WIDE);
    FloatVector b2 = FloatVector.fromArray(FOUR, b, Math.min(2, depth - 1) * WIDE);
    FloatVector b3 = FloatVector.fromArray(FOUR, b, Math.min(3, depth - 1) * WIDE);
    for (int i = 0, ai = ao, ci = co; i < rows; i++, ai += aRow, ci += columns) {
      FloatVector sum = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai])).fma(b0, start);
      if (depth > 1) {
        sum = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai + 1])).fma(b1, sum);
      }
      if (depth > 2) {
        sum = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai + 2])).fma(b2, sum);
      }
      if (depth > 3) {
        sum = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai + 3])).fma(b3, sum);
      }
      EXACTLY_FOUR.cast(sum).intoArray(c, ci);
    }
  }

  private static void fourByFour(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      float[] s,
      float[] c,
      int co,
      int columns,
      int depth) {
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    FloatVector c0 = FloatVector.fromArray(FOUR, s, 0);
    FloatVector c1 = c0;
    FloatVector c2 = c0;
    FloatVector c3 = c0;
    for (int k = 0, ai = ao; k < depth; k++, ai++) {
      FloatVector right = FloatVector.fromArray(FOUR, b, k * WIDE);
      c0 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai])).fma(right, c0);
      c1 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai + a1])).fma(right, c1);
      c2 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai + a2])).fma(right, c2);
      c3 = EXACTLY_FOUR.cast(FloatVector.broadcast(FOUR, a[ai + a3])).fma(right, c3);
    }
    EXACTLY_FOUR.cast(c0).intoArray(c, co);
    EXACTLY_FOUR.cast(c1).intoArray(c, co + columns);
    EXACTLY_FOUR.cast(c2).intoArray(c, co + 2 * columns);
    EXACTLY_FOUR.cast(c3).intoArray(c, co + 3 * columns);
  }
}
