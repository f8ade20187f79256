package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.EXACT;
import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;
import static dev.lanewise.kernel.NarrowLanes.EXACTLY_NARROW;
import static dev.lanewise.kernel.NarrowLanes.NARROW;
import static dev.lanewise.kernel.NarrowLanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The vector form of {@link NarrowKernels#fewRows}: vectors along the rows of B. The last vectors
 * of a row overlap columns already computed, and compute them again to the same values.
 */
interface VectorFewRows extends NarrowKernels {

  /** From so many columns on, single rows are computed along B's rows. */
  int LONG = 1024;

  @Override
  default void fewRows(
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int bStep,
      float[] s,
      float[] c,
      int rows,
      int columns,
      int depth) {
    int last = columns - WIDTH;
    if (last < 0) {
      fourMasked(a, ao, aStep, b, bo, bStep, s, c, rows, columns, depth);
      return;
    }
    if (rows == 1 && columns > 3 * WIDTH) {
      oneRow(a, ao, aStep, b, bo, bStep, s, c, columns, depth);
      return;
    }
    for (int j = 0; j < columns; j += 3 * WIDTH) {
      int j0 = Math.min(j, last);
      int j1 = Math.min(j + WIDTH, last);
      int j2 = Math.min(j + 2 * WIDTH, last);
      if (rows <= 2) {
        twoRows(a, ao, aStep, b, bo, bStep, s, c, rows, columns, j0, j1, j2, depth);
      } else {
        fourRows(a, ao, aStep, b, bo, bStep, s, c, rows, columns, j0, j1, j2, depth);
      }
    }
  }

  /** Computes one row, in whole vectors and several of them at a time. */
  private static void oneRow(
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int bStep,
      float[] s,
      float[] c,
      int columns,
      int depth) {
    if (columns >= LONG) {
      oneLongRow(a, ao, aStep, b, bo, bStep, s, c, columns, depth);
      return;
    }
    int last = columns - LENGTH;
    int j = 0;
    for (; j + 4 * LENGTH < columns; j += 8 * LENGTH) {
      oneByEight(a, ao, aStep, b, bo, bStep, s, c, j, last, depth);
    }
    if (j < columns) {
      oneByFour(a, ao, aStep, b, bo, bStep, s, c, j, last, depth);
    }
  }

  /**
   * Computes a long row, eight steps at a time: so B is read along its rows, which memory serves
   * several times faster than a few vectors of each.
   */
  private static void oneLongRow(
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int bStep,
      float[] s,
      float[] c,
      int columns,
      int depth) {
    System.arraycopy(s, 0, c, 0, columns);
    int k = 0;
    for (; k <= depth - 8; k += 8) {
      eightSteps(a, ao + k * aStep, aStep, b, bo + k * bStep, bStep, c, columns);
    }
    for (; k < depth; k++) {
      oneStep(a[ao + k * aStep], b, bo + k * bStep, c, columns);
    }
  }

  /** Adds eight steps to a row of sums. */
  private static void eightSteps(
      float[] a, int ao, int aStep, float[] b, int bo, int bStep, float[] c, int columns) {
    FloatVector a0 = EXACT.cast(FloatVector.broadcast(FLOATS, a[ao]));
    FloatVector a1 = EXACT.cast(FloatVector.broadcast(FLOATS, a[ao + aStep]));
    FloatVector a2 = EXACT.cast(FloatVector.broadcast(FLOATS, a[ao + 2 * aStep]));
    FloatVector a3 = EXACT.cast(FloatVector.broadcast(FLOATS, a[ao + 3 * aStep]));
    FloatVector a4 = EXACT.cast(FloatVector.broadcast(FLOATS, a[ao + 4 * aStep]));
    FloatVector a5 = EXACT.cast(FloatVector.broadcast(FLOATS, a[ao + 5 * aStep]));
    FloatVector a6 = EXACT.cast(FloatVector.broadcast(FLOATS, a[ao + 6 * aStep]));
    FloatVector a7 = EXACT.cast(FloatVector.broadcast(FLOATS, a[ao + 7 * aStep]));
    int bound = FLOATS.loopBound(columns);
    for (int j = 0; j < bound; j += LENGTH) {
      int at = bo + j;
      FloatVector sum = FloatVector.fromArray(FLOATS, c, j);
      sum = a0.fma(FloatVector.fromArray(FLOATS, b, at), sum);
      sum = a1.fma(FloatVector.fromArray(FLOATS, b, at + bStep), sum);
      sum = a2.fma(FloatVector.fromArray(FLOATS, b, at + 2 * bStep), sum);
      sum = a3.fma(FloatVector.fromArray(FLOATS, b, at + 3 * bStep), sum);
      sum = a4.fma(FloatVector.fromArray(FLOATS, b, at + 4 * bStep), sum);
      sum = a5.fma(FloatVector.fromArray(FLOATS, b, at + 5 * bStep), sum);
      sum = a6.fma(FloatVector.fromArray(FLOATS, b, at + 6 * bStep), sum);
      sum = a7.fma(FloatVector.fromArray(FLOATS, b, at + 7 * bStep), sum);
      EXACT.cast(sum).intoArray(c, j);
    }
    for (int j = bound; j < columns; j++) {
      for (int k = 0; k < 8; k++) {
        c[j] = Fma.fma(a[ao + k * aStep], b[bo + k * bStep + j], c[j]);
      }
    }
  }

  /** Adds one step to a row of sums. */
  private static void oneStep(float left, float[] b, int bo, float[] c, int columns) {
    FloatVector a0 = EXACT.cast(FloatVector.broadcast(FLOATS, left));
    int bound = FLOATS.loopBound(columns);
    for (int j = 0; j < bound; j += LENGTH) {
      FloatVector sum = FloatVector.fromArray(FLOATS, c, j);
      EXACT.cast(a0.fma(FloatVector.fromArray(FLOATS, b, bo + j), sum)).intoArray(c, j);
    }
    for (int j = bound; j < columns; j++) {
      c[j] = Fma.fma(left, b[bo + j], c[j]);
    }
  }

  /** Computes eight vectors of a row; those beyond the last one repeat it. */
  private static void oneByEight(
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int bStep,
      float[] s,
      float[] c,
      int j,
      int last,
      int depth) {
    int j0 = Math.min(j, last);
    int j1 = Math.min(j + LENGTH, last);
    int j2 = Math.min(j + 2 * LENGTH, last);
    int j3 = Math.min(j + 3 * LENGTH, last);
    int j4 = Math.min(j + 4 * LENGTH, last);
    int j5 = Math.min(j + 5 * LENGTH, last);
    int j6 = Math.min(j + 6 * LENGTH, last);
    int j7 = Math.min(j + 7 * LENGTH, last);
    FloatVector c0 = FloatVector.fromArray(FLOATS, s, j0);
    FloatVector c1 = FloatVector.fromArray(FLOATS, s, j1);
    FloatVector c2 = FloatVector.fromArray(FLOATS, s, j2);
    FloatVector c3 = FloatVector.fromArray(FLOATS, s, j3);
    FloatVector c4 = FloatVector.fromArray(FLOATS, s, j4);
    FloatVector c5 = FloatVector.fromArray(FLOATS, s, j5);
    FloatVector c6 = FloatVector.fromArray(FLOATS, s, j6);
    FloatVector c7 = FloatVector.fromArray(FLOATS, s, j7);
    for (int k = 0, ai = ao, bi = bo; k < depth; k++, ai += aStep, bi += bStep) {
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c0 = left.fma(FloatVector.fromArray(FLOATS, b, bi + j0), c0);
      c1 = left.fma(FloatVector.fromArray(FLOATS, b, bi + j1), c1);
      c2 = left.fma(FloatVector.fromArray(FLOATS, b, bi + j2), c2);
      c3 = left.fma(FloatVector.fromArray(FLOATS, b, bi + j3), c3);
      c4 = left.fma(FloatVector.fromArray(FLOATS, b, bi + j4), c4);
      c5 = left.fma(FloatVector.fromArray(FLOATS, b, bi + j5), c5);
      c6 = left.fma(FloatVector.fromArray(FLOATS, b, bi + j6), c6);
      c7 = left.fma(FloatVector.fromArray(FLOATS, b, bi + j7), c7);
    }
    EXACT.cast(c0).intoArray(c, j0);
    EXACT.cast(c1).intoArray(c, j1);
    EXACT.cast(c2).intoArray(c, j2);
    EXACT.cast(c3).intoArray(c, j3);
    EXACT.cast(c4).intoArray(c, j4);
    EXACT.cast(c5).intoArray(c, j5);
    EXACT.cast(c6).intoArray(c, j6);
    EXACT.cast(c7).intoArray(c, j7);
  }

  /** The same for four vectors. */
  private static void oneByFour(
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int bStep,
      float[] s,
      float[] c,
      int j,
      int last,
      int depth) {
    int j0 = Math.min(j, last);
    int j1 = Math.min(j + LENGTH, last);
    int j2 = Math.min(j + 2 * LENGTH, last);
    int j3 = Math.min(j + 3 * LENGTH, last);
    FloatVector c0 = FloatVector.fromArray(FLOATS, s, j0);
    FloatVector c1 = FloatVector.fromArray(FLOATS, s, j1);
    FloatVector c2 = FloatVector.fromArray(FLOATS, s, j2);
    FloatVector c3 = FloatVector.fromArray(FLOATS, s, j3);
    for (int k = 0, ai = ao, bi = bo; k < depth; k++, ai += aStep, bi += bStep) {
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c0 = left.fma(FloatVector.fromArray(FLOATS, b, bi + j0), c0);
      c1 = left.fma(FloatVector.fromArray(FLOATS, b, bi + j1), c1);
      c2 = left.fma(FloatVector.fromArray(FLOATS, b, bi + j2), c2);
      c3 = left.fma(FloatVector.fromArray(FLOATS, b, bi + j3), c3);
    }
    EXACT.cast(c0).intoArray(c, j0);
    EXACT.cast(c1).intoArray(c, j1);
    EXACT.cast(c2).intoArray(c, j2);
    EXACT.cast(c3).intoArray(c, j3);
  }

  /** Computes one row or two; a missing one repeats the other. */
  private static void twoRows(
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int bStep,
      float[] s,
      float[] c,
      int rows,
      int columns,
      int j0,
      int j1,
      int j2,
      int depth) {
    int a1 = Math.min(1, rows - 1);
    int r1 = a1 * columns;
    FloatVector c00 = FloatVector.fromArray(NARROW, s, j0);
    FloatVector c01 = FloatVector.fromArray(NARROW, s, j1);
    FloatVector c02 = FloatVector.fromArray(NARROW, s, j2);
    FloatVector c10 = FloatVector.fromArray(NARROW, s, r1 + j0);
    FloatVector c11 = FloatVector.fromArray(NARROW, s, r1 + j1);
    FloatVector c12 = FloatVector.fromArray(NARROW, s, r1 + j2);
    for (int k = 0, ai = ao, bi = bo; k < depth; k++, ai += aStep, bi += bStep) {
      FloatVector b0 = FloatVector.fromArray(NARROW, b, bi + j0);
      FloatVector b1 = FloatVector.fromArray(NARROW, b, bi + j1);
      FloatVector b2 = FloatVector.fromArray(NARROW, b, bi + j2);
      FloatVector left = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai]));
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      c02 = left.fma(b2, c02);
      left = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai + a1]));
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
      c12 = left.fma(b2, c12);
    }
    EXACTLY_NARROW.cast(c00).intoArray(c, j0);
    EXACTLY_NARROW.cast(c01).intoArray(c, j1);
    EXACTLY_NARROW.cast(c02).intoArray(c, j2);
    EXACTLY_NARROW.cast(c10).intoArray(c, r1 + j0);
    EXACTLY_NARROW.cast(c11).intoArray(c, r1 + j1);
    EXACTLY_NARROW.cast(c12).intoArray(c, r1 + j2);
  }

  /** Computes up to four rows; missing rows repeat the last one. */
  private static void fourRows(
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int bStep,
      float[] s,
      float[] c,
      int rows,
      int columns,
      int j0,
      int j1,
      int j2,
      int depth) {
    int a1 = Math.min(1, rows - 1);
    int a2 = Math.min(2, rows - 1);
    int a3 = Math.min(3, rows - 1);
    int r1 = a1 * columns;
    int r2 = a2 * columns;
    int r3 = a3 * columns;
    FloatVector c00 = FloatVector.fromArray(NARROW, s, j0);
    FloatVector c01 = FloatVector.fromArray(NARROW, s, j1);
    FloatVector c02 = FloatVector.fromArray(NARROW, s, j2);
    FloatVector c10 = FloatVector.fromArray(NARROW, s, r1 + j0);
    FloatVector c11 = FloatVector.fromArray(NARROW, s, r1 + j1);
    FloatVector c12 = FloatVector.fromArray(NARROW, s, r1 + j2);
    FloatVector c20 = FloatVector.fromArray(NARROW, s, r2 + j0);
    FloatVector c21 = FloatVector.fromArray(NARROW, s, r2 + j1);
    FloatVector c22 = FloatVector.fromArray(NARROW, s, r2 + j2);
    FloatVector c30 = FloatVector.fromArray(NARROW, s, r3 + j0);
    FloatVector c31 = FloatVector.fromArray(NARROW, s, r3 + j1);
    FloatVector c32 = FloatVector.fromArray(NARROW, s, r3 + j2);
    for (int k = 0, ai = ao, bi = bo; k < depth; k++, ai += aStep, bi += bStep) {
      FloatVector b0 = FloatVector.fromArray(NARROW, b, bi + j0);
      FloatVector b1 = FloatVector.fromArray(NARROW, b, bi + j1);
      FloatVector b2 = FloatVector.fromArray(NARROW, b, bi + j2);
      FloatVector left = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai]));
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      c02 = left.fma(b2, c02);
      left = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai + a1]));
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
      c12 = left.fma(b2, c12);
      left = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai + a2]));
      c20 = left.fma(b0, c20);
      c21 = left.fma(b1, c21);
      c22 = left.fma(b2, c22);
      left = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai + a3]));
      c30 = left.fma(b0, c30);
      c31 = left.fma(b1, c31);
      c32 = left.fma(b2, c32);
    }
    EXACTLY_NARROW.cast(c00).intoArray(c, j0);
    EXACTLY_NARROW.cast(c01).intoArray(c, j1);
    EXACTLY_NARROW.cast(c02).intoArray(c, j2);
    EXACTLY_NARROW.cast(c10).intoArray(c, r1 + j0);
    EXACTLY_NARROW.cast(c11).intoArray(c, r1 + j1);
    EXACTLY_NARROW.cast(c12).intoArray(c, r1 + j2);
    EXACTLY_NARROW.cast(c20).intoArray(c, r2 + j0);
    EXACTLY_NARROW.cast(c21).intoArray(c, r2 + j1);
    EXACTLY_NARROW.cast(c22).intoArray(c, r2 + j2);
    EXACTLY_NARROW.cast(c30).intoArray(c, r3 + j0);
    EXACTLY_NARROW.cast(c31).intoArray(c, r3 + j1);
    EXACTLY_NARROW.cast(c32).intoArray(c, r3 + j2);
  }

  /** Computes up to four rows of less than a vector; missing rows repeat the last one. */
  private static void fourMasked(
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int bStep,
      float[] s,
      float[] c,
      int rows,
      int columns,
      int depth) {
    VectorMask<Float> mask = NARROW.indexInRange(0, columns);
    int a1 = Math.min(1, rows - 1);
    int a2 = Math.min(2, rows - 1);
    int a3 = Math.min(3, rows - 1);
    FloatVector c0 = FloatVector.fromArray(NARROW, s, 0, mask);
    FloatVector c1 = FloatVector.fromArray(NARROW, s, a1 * columns, mask);
    FloatVector c2 = FloatVector.fromArray(NARROW, s, a2 * columns, mask);
    FloatVector c3 = FloatVector.fromArray(NARROW, s, a3 * columns, mask);
    for (int k = 0, ai = ao, bi = bo; k < depth; k++, ai += aStep, bi += bStep) {
      FloatVector right = FloatVector.fromArray(NARROW, b, bi, mask);
      c0 = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai])).fma(right, c0);
      c1 = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai + a1])).fma(right, c1);
      c2 = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai + a2])).fma(right, c2);
      c3 = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai + a3])).fma(right, c3);
    }
    EXACTLY_NARROW.cast(c0).intoArray(c, 0, mask);
    EXACTLY_NARROW.cast(c1).intoArray(c, a1 * columns, mask);
    EXACTLY_NARROW.cast(c2).intoArray(c, a2 * columns, mask);
    EXACTLY_NARROW.cast(c3).intoArray(c, a3 * columns, mask);
  }
}
