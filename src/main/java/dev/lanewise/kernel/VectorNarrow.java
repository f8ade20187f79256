package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.EXACT;
import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector form of {@link NarrowKernels}. Its vectors have at most eight lanes, whatever the
 * width of the others: wider ones would go far beyond the ends of short rows. The last vectors of a
 * row overlap columns already computed, and compute them again to the same values.
 */
interface VectorNarrow extends NarrowKernels {

  /** The species of vectors along the longer side. */
  VectorSpecies<Float> NARROW = LENGTH < 8 ? FloatVector.SPECIES_128 : FloatVector.SPECIES_256;

  /** Its length. */
  int WIDTH = NARROW.length();

  /** Their class, see {@link Lanes#EXACT}. */
  Class<? extends FloatVector> EXACTLY_NARROW = NARROW.vectorType().asSubclass(FloatVector.class);

  /** Rows at this distance, or a multiple of it, map to the same set of the cache. */
  int SET_DISTANCE = 1024;

  /** From so many columns on a product of one step is written row by row. */
  int LONG = 16 * WIDTH;

  /** The species of a few columns. */
  VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;

  /** Their class. */
  Class<? extends FloatVector> EXACTLY_FOUR = FOUR.vectorType().asSubclass(FloatVector.class);

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
    int last = columns - LENGTH;
    int j = 0;
    for (; j + 4 * LENGTH < columns; j += 8 * LENGTH) {
      oneByEight(a, ao, aStep, b, bo, bStep, s, c, j, last, depth);
    }
    if (j < columns) {
      oneByFour(a, ao, aStep, b, bo, bStep, s, c, j, last, depth);
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
        FloatVector b0 = FloatVector.fromArray(NARROW, b, bi);
        FloatVector b1 = FloatVector.fromArray(NARROW, b, bi + WIDE);
        FloatVector b2 = FloatVector.fromArray(NARROW, b, bi + 2 * WIDE);
        FloatVector b3 = FloatVector.fromArray(NARROW, b, bi + 3 * WIDE);
        FloatVector p0 =
            EXACTLY_NARROW
                .cast(FloatVector.fromArray(NARROW, a, ai))
                .blend(FloatVector.fromArray(NARROW, a, ai + upper), Pair.UPPER);
        c0 = p0.rearrange(Pair.STEP_0).fma(b0, c0);
        c0 = p0.rearrange(Pair.STEP_1).fma(b1, c0);
        c0 = p0.rearrange(Pair.STEP_2).fma(b2, c0);
        c0 = p0.rearrange(Pair.STEP_3).fma(b3, c0);
        FloatVector p1 =
            EXACTLY_NARROW
                .cast(FloatVector.fromArray(NARROW, a, ai + a2))
                .blend(FloatVector.fromArray(NARROW, a, ai + a2 + upper), Pair.UPPER);
        c1 = p1.rearrange(Pair.STEP_0).fma(b0, c1);
        c1 = p1.rearrange(Pair.STEP_1).fma(b1, c1);
        c1 = p1.rearrange(Pair.STEP_2).fma(b2, c1);
        c1 = p1.rearrange(Pair.STEP_3).fma(b3, c1);
        FloatVector p2 =
            EXACTLY_NARROW
                .cast(FloatVector.fromArray(NARROW, a, ai + a4))
                .blend(FloatVector.fromArray(NARROW, a, ai + a4 + upper), Pair.UPPER);
        c2 = p2.rearrange(Pair.STEP_0).fma(b0, c2);
        c2 = p2.rearrange(Pair.STEP_1).fma(b1, c2);
        c2 = p2.rearrange(Pair.STEP_2).fma(b2, c2);
        c2 = p2.rearrange(Pair.STEP_3).fma(b3, c2);
        FloatVector p3 =
            EXACTLY_NARROW
                .cast(FloatVector.fromArray(NARROW, a, ai + a6))
                .blend(FloatVector.fromArray(NARROW, a, ai + a6 + upper), Pair.UPPER);
        c3 = p3.rearrange(Pair.STEP_0).fma(b0, c3);
        c3 = p3.rearrange(Pair.STEP_1).fma(b1, c3);
        c3 = p3.rearrange(Pair.STEP_2).fma(b2, c3);
        c3 = p3.rearrange(Pair.STEP_3).fma(b3, c3);
        FloatVector p4 =
            EXACTLY_NARROW
                .cast(FloatVector.fromArray(NARROW, a, ai + a8))
                .blend(FloatVector.fromArray(NARROW, a, ai + a8 + upper), Pair.UPPER);
        c4 = p4.rearrange(Pair.STEP_0).fma(b0, c4);
        c4 = p4.rearrange(Pair.STEP_1).fma(b1, c4);
        c4 = p4.rearrange(Pair.STEP_2).fma(b2, c4);
        c4 = p4.rearrange(Pair.STEP_3).fma(b3, c4);
        FloatVector p5 =
            EXACTLY_NARROW
                .cast(FloatVector.fromArray(NARROW, a, ai + a10))
                .blend(FloatVector.fromArray(NARROW, a, ai + a10 + upper), Pair.UPPER);
        c5 = p5.rearrange(Pair.STEP_0).fma(b0, c5);
        c5 = p5.rearrange(Pair.STEP_1).fma(b1, c5);
        c5 = p5.rearrange(Pair.STEP_2).fma(b2, c5);
        c5 = p5.rearrange(Pair.STEP_3).fma(b3, c5);
      }
      for (int ai = from + k; k < depth; k++, ai++) {
        FloatVector right = FloatVector.fromArray(NARROW, b, k * WIDE);
        FloatVector p0 =
            EXACTLY_NARROW
                .cast(FloatVector.broadcast(NARROW, a[ai]))
                .blend(a[ai + aRow], Pair.UPPER);
        c0 = p0.fma(right, c0);
        FloatVector p1 =
            EXACTLY_NARROW
                .cast(FloatVector.broadcast(NARROW, a[ai + a2]))
                .blend(a[ai + a2 + aRow], Pair.UPPER);
        c1 = p1.fma(right, c1);
        FloatVector p2 =
            EXACTLY_NARROW
                .cast(FloatVector.broadcast(NARROW, a[ai + a4]))
                .blend(a[ai + a4 + aRow], Pair.UPPER);
        c2 = p2.fma(right, c2);
        FloatVector p3 =
            EXACTLY_NARROW
                .cast(FloatVector.broadcast(NARROW, a[ai + a6]))
                .blend(a[ai + a6 + aRow], Pair.UPPER);
        c3 = p3.fma(right, c3);
        FloatVector p4 =
            EXACTLY_NARROW
                .cast(FloatVector.broadcast(NARROW, a[ai + a8]))
                .blend(a[ai + a8 + aRow], Pair.UPPER);
        c4 = p4.fma(right, c4);
        FloatVector p5 =
            EXACTLY_NARROW
                .cast(FloatVector.broadcast(NARROW, a[ai + a10]))
                .blend(a[ai + a10 + aRow], Pair.UPPER);
        c5 = p5.fma(right, c5);
      }
      EXACTLY_FOUR.cast(c0.castShape(FOUR, 0)).intoArray(c, to);
      EXACTLY_FOUR.cast(c0.rearrange(Pair.HALVES).castShape(FOUR, 0)).intoArray(c, to + columns);
      EXACTLY_FOUR.cast(c1.castShape(FOUR, 0)).intoArray(c, to + 2 * columns);
      EXACTLY_FOUR
          .cast(c1.rearrange(Pair.HALVES).castShape(FOUR, 0))
          .intoArray(c, to + 3 * columns);
      EXACTLY_FOUR.cast(c2.castShape(FOUR, 0)).intoArray(c, to + 4 * columns);
      EXACTLY_FOUR
          .cast(c2.rearrange(Pair.HALVES).castShape(FOUR, 0))
          .intoArray(c, to + 5 * columns);
      EXACTLY_FOUR.cast(c3.castShape(FOUR, 0)).intoArray(c, to + 6 * columns);
      EXACTLY_FOUR
          .cast(c3.rearrange(Pair.HALVES).castShape(FOUR, 0))
          .intoArray(c, to + 7 * columns);
      EXACTLY_FOUR.cast(c4.castShape(FOUR, 0)).intoArray(c, to + 8 * columns);
      EXACTLY_FOUR
          .cast(c4.rearrange(Pair.HALVES).castShape(FOUR, 0))
          .intoArray(c, to + 9 * columns);
      EXACTLY_FOUR.cast(c5.castShape(FOUR, 0)).intoArray(c, to + 10 * columns);
      EXACTLY_FOUR
          .cast(c5.rearrange(Pair.HALVES).castShape(FOUR, 0))
          .intoArray(c, to + 11 * columns);
    }
  }

  /** Shuffles that bring the upper lanes down. */
  final class Down {
    static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(NARROW, 4, 1, true);
    static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(NARROW, 2, 1, true);
    static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(NARROW, 1, 1, true);

    private Down() {}
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
        p0 = p0.blend(FloatVector.fromArray(NARROW, a, a0 + k + upper), Turn.UPPER);
        q0 = q0.blend(FloatVector.fromArray(NARROW, a, a0 + k + aRow + upper), Turn.UPPER);
        r0 = r0.blend(FloatVector.fromArray(NARROW, a, a0 + k + 2 * aRow + upper), Turn.UPPER);
        t0 = t0.blend(FloatVector.fromArray(NARROW, a, a0 + k + 3 * aRow + upper), Turn.UPPER);
      }
      FloatVector u0 = p0.blend(r0.rearrange(Turn.PAIRS), Turn.UPPER_PAIRS);
      FloatVector w0 = p0.rearrange(Turn.PAIRS).blend(r0, Turn.UPPER_PAIRS);
      FloatVector v0 = q0.blend(t0.rearrange(Turn.PAIRS), Turn.UPPER_PAIRS);
      FloatVector x0 = q0.rearrange(Turn.PAIRS).blend(t0, Turn.UPPER_PAIRS);
      sum0 = b0.fma(u0.blend(v0.rearrange(Turn.NEIGHBOURS), Turn.ODD), sum0);
      sum0 = b1.fma(u0.rearrange(Turn.NEIGHBOURS).blend(v0, Turn.ODD), sum0);
      sum0 = b2.fma(w0.blend(x0.rearrange(Turn.NEIGHBOURS), Turn.ODD), sum0);
      sum0 = b3.fma(w0.rearrange(Turn.NEIGHBOURS).blend(x0, Turn.ODD), sum0);
      FloatVector p1 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, a1 + k));
      FloatVector q1 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, a1 + k + aRow));
      FloatVector r1 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, a1 + k + 2 * aRow));
      FloatVector t1 = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, a, a1 + k + 3 * aRow));
      if (WIDTH == 2 * FEW) {
        p1 = p1.blend(FloatVector.fromArray(NARROW, a, a1 + k + upper), Turn.UPPER);
        q1 = q1.blend(FloatVector.fromArray(NARROW, a, a1 + k + aRow + upper), Turn.UPPER);
        r1 = r1.blend(FloatVector.fromArray(NARROW, a, a1 + k + 2 * aRow + upper), Turn.UPPER);
        t1 = t1.blend(FloatVector.fromArray(NARROW, a, a1 + k + 3 * aRow + upper), Turn.UPPER);
      }
      FloatVector u1 = p1.blend(r1.rearrange(Turn.PAIRS), Turn.UPPER_PAIRS);
      FloatVector w1 = p1.rearrange(Turn.PAIRS).blend(r1, Turn.UPPER_PAIRS);
      FloatVector v1 = q1.blend(t1.rearrange(Turn.PAIRS), Turn.UPPER_PAIRS);
      FloatVector x1 = q1.rearrange(Turn.PAIRS).blend(t1, Turn.UPPER_PAIRS);
      sum1 = b0.fma(u1.blend(v1.rearrange(Turn.NEIGHBOURS), Turn.ODD), sum1);
      sum1 = b1.fma(u1.rearrange(Turn.NEIGHBOURS).blend(v1, Turn.ODD), sum1);
      sum1 = b2.fma(w1.blend(x1.rearrange(Turn.NEIGHBOURS), Turn.ODD), sum1);
      sum1 = b3.fma(w1.rearrange(Turn.NEIGHBOURS).blend(x1, Turn.ODD), sum1);
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
        p = p.blend(FloatVector.fromArray(NARROW, a, ao + k + upper), Turn.UPPER);
        q = q.blend(FloatVector.fromArray(NARROW, a, ao + k + aRow + upper), Turn.UPPER);
        r = r.blend(FloatVector.fromArray(NARROW, a, ao + k + 2 * aRow + upper), Turn.UPPER);
        t = t.blend(FloatVector.fromArray(NARROW, a, ao + k + 3 * aRow + upper), Turn.UPPER);
      }
      FloatVector u = p.blend(r.rearrange(Turn.PAIRS), Turn.UPPER_PAIRS);
      FloatVector w = p.rearrange(Turn.PAIRS).blend(r, Turn.UPPER_PAIRS);
      FloatVector v = q.blend(t.rearrange(Turn.PAIRS), Turn.UPPER_PAIRS);
      FloatVector x = q.rearrange(Turn.PAIRS).blend(t, Turn.UPPER_PAIRS);
      sum = b0.fma(u.blend(v.rearrange(Turn.NEIGHBOURS), Turn.ODD), sum);
      sum = b1.fma(u.rearrange(Turn.NEIGHBOURS).blend(v, Turn.ODD), sum);
      sum = b2.fma(w.blend(x.rearrange(Turn.NEIGHBOURS), Turn.ODD), sum);
      sum = b3.fma(w.rearrange(Turn.NEIGHBOURS).blend(x, Turn.ODD), sum);
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

  @Override
  default void fewSteps(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      int bo,
      int bRow,
      float[] s,
      int so,
      float[] c,
      int co,
      int cRow,
      int rows,
      int columns,
      int depth) {
    int last = columns - WIDTH;
    if (last < 0) {
      ScalarKernels.INSTANCE.fewSteps(
          a, ao, aRow, b, bo, bRow, s, so, c, co, cRow, rows, columns, depth);
      return;
    }
    if (depth == 1 && columns >= LONG) {
      oneStep(a, ao, aRow, b, bo, s, so, c, co, cRow, rows, columns);
      return;
    }
    for (int j = 0; j < columns; j += 3 * WIDTH) {
      int j0 = Math.min(j, last);
      int j1 = Math.min(j + WIDTH, last);
      int j2 = Math.min(j + 2 * WIDTH, last);
      threeVectors(a, ao, aRow, b, bo, bRow, s, so, c, co, cRow, j0, j1, j2, rows, depth);
    }
  }

  /**
   * Computes the products of one step in the order of the result's elements, whose writing takes
   * longest.
   */
  private static void oneStep(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      int bo,
      float[] s,
      int so,
      float[] c,
      int co,
      int cRow,
      int rows,
      int columns) {
    int last = columns - LENGTH;
    for (int i = 0, ai = ao, ci = co; i < rows; i++, ai += aRow, ci += cRow) {
      FloatVector left = Lanes.EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      for (int j = 0; j < last; j += LENGTH) {
        FloatVector right = Lanes.EXACT.cast(FloatVector.fromArray(FLOATS, b, bo + j));
        FloatVector start = Lanes.EXACT.cast(FloatVector.fromArray(FLOATS, s, so + j));
        left.fma(right, start).intoArray(c, ci + j);
      }
      FloatVector right = Lanes.EXACT.cast(FloatVector.fromArray(FLOATS, b, bo + last));
      FloatVector start = Lanes.EXACT.cast(FloatVector.fromArray(FLOATS, s, so + last));
      left.fma(right, start).intoArray(c, ci + last);
    }
  }

  /**
   * Computes three vectors of columns, at j0 to j2, which may overlap: one row after the other,
   * with B and the start in registers. Missing steps load the last step's part of B.
   */
  private static void threeVectors(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      int bo,
      int bRow,
      float[] s,
      int so,
      float[] c,
      int co,
      int cRow,
      int j0,
      int j1,
      int j2,
      int rows,
      int depth) {
    int b1 = bo + Math.min(1, depth - 1) * bRow;
    int b2 = bo + Math.min(2, depth - 1) * bRow;
    int b3 = bo + Math.min(3, depth - 1) * bRow;
    FloatVector s0 = FloatVector.fromArray(NARROW, s, so + j0);
    FloatVector s1 = FloatVector.fromArray(NARROW, s, so + j1);
    FloatVector s2 = FloatVector.fromArray(NARROW, s, so + j2);
    FloatVector b00 = FloatVector.fromArray(NARROW, b, bo + j0);
    FloatVector b01 = FloatVector.fromArray(NARROW, b, bo + j1);
    FloatVector b02 = FloatVector.fromArray(NARROW, b, bo + j2);
    FloatVector b10 = FloatVector.fromArray(NARROW, b, b1 + j0);
    FloatVector b11 = FloatVector.fromArray(NARROW, b, b1 + j1);
    FloatVector b12 = FloatVector.fromArray(NARROW, b, b1 + j2);
    FloatVector b20 = FloatVector.fromArray(NARROW, b, b2 + j0);
    FloatVector b21 = FloatVector.fromArray(NARROW, b, b2 + j1);
    FloatVector b22 = FloatVector.fromArray(NARROW, b, b2 + j2);
    FloatVector b30 = FloatVector.fromArray(NARROW, b, b3 + j0);
    FloatVector b31 = FloatVector.fromArray(NARROW, b, b3 + j1);
    FloatVector b32 = FloatVector.fromArray(NARROW, b, b3 + j2);
    for (int i = 0, ai = ao, ci = co; i < rows; i++, ai += aRow, ci += cRow) {
      FloatVector left = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai]));
      FloatVector c0 = left.fma(b00, s0);
      FloatVector c1 = left.fma(b01, s1);
      FloatVector c2 = left.fma(b02, s2);
      if (depth > 1) {
        left = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai + 1]));
        c0 = left.fma(b10, c0);
        c1 = left.fma(b11, c1);
        c2 = left.fma(b12, c2);
      }
      if (depth > 2) {
        left = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai + 2]));
        c0 = left.fma(b20, c0);
        c1 = left.fma(b21, c1);
        c2 = left.fma(b22, c2);
      }
      if (depth > 3) {
        left = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai + 3]));
        c0 = left.fma(b30, c0);
        c1 = left.fma(b31, c1);
        c2 = left.fma(b32, c2);
      }
      EXACTLY_NARROW.cast(c0).intoArray(c, ci + j0);
      EXACTLY_NARROW.cast(c1).intoArray(c, ci + j1);
      EXACTLY_NARROW.cast(c2).intoArray(c, ci + j2);
    }
  }
}
