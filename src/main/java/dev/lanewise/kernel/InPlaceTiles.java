package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.EXACT;
import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;

import jdk.incubator.vector.FloatVector;

/**
 * Tiles of products that read the left factor in place, in either orientation: rows are {@code
 * aRow} apart, steps {@code aStep}. Written by {@code TileText}, a program among the tests.
 */
final class InPlaceTiles {

  private InPlaceTiles() {}

  static void sixByTwo(
      float[] a,
      int ao,
      int aRow,
      int aStep,
      float[] b,
      int bo,
      float[] s,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int depth) {
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    int a4 = 4 * aRow;
    int a5 = 5 * aRow;
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c01 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    FloatVector c10 = FloatVector.fromArray(FLOATS, s, so + sRow);
    FloatVector c11 = FloatVector.fromArray(FLOATS, s, so + sRow + LENGTH);
    FloatVector c20 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow);
    FloatVector c21 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow + LENGTH);
    FloatVector c30 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow);
    FloatVector c31 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow + LENGTH);
    FloatVector c40 = FloatVector.fromArray(FLOATS, s, so + 4 * sRow);
    FloatVector c41 = FloatVector.fromArray(FLOATS, s, so + 4 * sRow + LENGTH);
    FloatVector c50 = FloatVector.fromArray(FLOATS, s, so + 5 * sRow);
    FloatVector c51 = FloatVector.fromArray(FLOATS, s, so + 5 * sRow + LENGTH);
    int step = 2 * LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a1]));
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a2]));
      c20 = left.fma(b0, c20);
      c21 = left.fma(b1, c21);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a3]));
      c30 = left.fma(b0, c30);
      c31 = left.fma(b1, c31);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a4]));
      c40 = left.fma(b0, c40);
      c41 = left.fma(b1, c41);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a5]));
      c50 = left.fma(b0, c50);
      c51 = left.fma(b1, c51);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
    EXACT.cast(c10).intoArray(c, co + cRow);
    EXACT.cast(c11).intoArray(c, co + cRow + LENGTH);
    EXACT.cast(c20).intoArray(c, co + 2 * cRow);
    EXACT.cast(c21).intoArray(c, co + 2 * cRow + LENGTH);
    EXACT.cast(c30).intoArray(c, co + 3 * cRow);
    EXACT.cast(c31).intoArray(c, co + 3 * cRow + LENGTH);
    EXACT.cast(c40).intoArray(c, co + 4 * cRow);
    EXACT.cast(c41).intoArray(c, co + 4 * cRow + LENGTH);
    EXACT.cast(c50).intoArray(c, co + 5 * cRow);
    EXACT.cast(c51).intoArray(c, co + 5 * cRow + LENGTH);
  }

  /** Computes up to four rows; missing rows repeat the last one. */
  static void fourByTwo(
      float[] a,
      int ao,
      int aRow,
      int aStep,
      float[] b,
      int bo,
      float[] s,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int rows,
      int depth) {
    int r1 = Math.min(1, rows - 1);
    int r2 = Math.min(2, rows - 1);
    int r3 = Math.min(3, rows - 1);
    int a1 = r1 * aRow;
    int a2 = r2 * aRow;
    int a3 = r3 * aRow;
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c01 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    FloatVector c10 = FloatVector.fromArray(FLOATS, s, so + r1 * sRow);
    FloatVector c11 = FloatVector.fromArray(FLOATS, s, so + r1 * sRow + LENGTH);
    FloatVector c20 = FloatVector.fromArray(FLOATS, s, so + r2 * sRow);
    FloatVector c21 = FloatVector.fromArray(FLOATS, s, so + r2 * sRow + LENGTH);
    FloatVector c30 = FloatVector.fromArray(FLOATS, s, so + r3 * sRow);
    FloatVector c31 = FloatVector.fromArray(FLOATS, s, so + r3 * sRow + LENGTH);
    int step = 2 * LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a1]));
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a2]));
      c20 = left.fma(b0, c20);
      c21 = left.fma(b1, c21);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a3]));
      c30 = left.fma(b0, c30);
      c31 = left.fma(b1, c31);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
    EXACT.cast(c10).intoArray(c, co + r1 * cRow);
    EXACT.cast(c11).intoArray(c, co + r1 * cRow + LENGTH);
    EXACT.cast(c20).intoArray(c, co + r2 * cRow);
    EXACT.cast(c21).intoArray(c, co + r2 * cRow + LENGTH);
    EXACT.cast(c30).intoArray(c, co + r3 * cRow);
    EXACT.cast(c31).intoArray(c, co + r3 * cRow + LENGTH);
  }

  static void twoByFour(
      float[] a,
      int ao,
      int aRow,
      int aStep,
      float[] b,
      int bo,
      int pitch,
      float[] s,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int depth) {
    int a1 = aRow;
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c01 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    FloatVector c02 = FloatVector.fromArray(FLOATS, s, so + 2 * LENGTH);
    FloatVector c03 = FloatVector.fromArray(FLOATS, s, so + 3 * LENGTH);
    FloatVector c10 = FloatVector.fromArray(FLOATS, s, so + sRow);
    FloatVector c11 = FloatVector.fromArray(FLOATS, s, so + sRow + LENGTH);
    FloatVector c12 = FloatVector.fromArray(FLOATS, s, so + sRow + 2 * LENGTH);
    FloatVector c13 = FloatVector.fromArray(FLOATS, s, so + sRow + 3 * LENGTH);
    int step = 2 * LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bk + pitch);
      FloatVector b3 = FloatVector.fromArray(FLOATS, b, bk + pitch + LENGTH);
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      c02 = left.fma(b2, c02);
      c03 = left.fma(b3, c03);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a1]));
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
      c12 = left.fma(b2, c12);
      c13 = left.fma(b3, c13);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
    EXACT.cast(c02).intoArray(c, co + 2 * LENGTH);
    EXACT.cast(c03).intoArray(c, co + 3 * LENGTH);
    EXACT.cast(c10).intoArray(c, co + cRow);
    EXACT.cast(c11).intoArray(c, co + cRow + LENGTH);
    EXACT.cast(c12).intoArray(c, co + cRow + 2 * LENGTH);
    EXACT.cast(c13).intoArray(c, co + cRow + 3 * LENGTH);
  }

  static void oneByEight(
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int pitch,
      float[] s,
      int so,
      float[] c,
      int co,
      int depth) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c01 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    FloatVector c02 = FloatVector.fromArray(FLOATS, s, so + 2 * LENGTH);
    FloatVector c03 = FloatVector.fromArray(FLOATS, s, so + 3 * LENGTH);
    FloatVector c04 = FloatVector.fromArray(FLOATS, s, so + 4 * LENGTH);
    FloatVector c05 = FloatVector.fromArray(FLOATS, s, so + 5 * LENGTH);
    FloatVector c06 = FloatVector.fromArray(FLOATS, s, so + 6 * LENGTH);
    FloatVector c07 = FloatVector.fromArray(FLOATS, s, so + 7 * LENGTH);
    int step = 2 * LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(FloatVector.fromArray(FLOATS, b, bk), c00);
      c01 = left.fma(FloatVector.fromArray(FLOATS, b, bk + LENGTH), c01);
      c02 = left.fma(FloatVector.fromArray(FLOATS, b, bk + pitch), c02);
      c03 = left.fma(FloatVector.fromArray(FLOATS, b, bk + pitch + LENGTH), c03);
      c04 = left.fma(FloatVector.fromArray(FLOATS, b, bk + 2 * pitch), c04);
      c05 = left.fma(FloatVector.fromArray(FLOATS, b, bk + 2 * pitch + LENGTH), c05);
      c06 = left.fma(FloatVector.fromArray(FLOATS, b, bk + 3 * pitch), c06);
      c07 = left.fma(FloatVector.fromArray(FLOATS, b, bk + 3 * pitch + LENGTH), c07);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
    EXACT.cast(c02).intoArray(c, co + 2 * LENGTH);
    EXACT.cast(c03).intoArray(c, co + 3 * LENGTH);
    EXACT.cast(c04).intoArray(c, co + 4 * LENGTH);
    EXACT.cast(c05).intoArray(c, co + 5 * LENGTH);
    EXACT.cast(c06).intoArray(c, co + 6 * LENGTH);
    EXACT.cast(c07).intoArray(c, co + 7 * LENGTH);
  }

  static void oneByFour(
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int pitch,
      float[] s,
      int so,
      float[] c,
      int co,
      int depth) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c01 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    FloatVector c02 = FloatVector.fromArray(FLOATS, s, so + 2 * LENGTH);
    FloatVector c03 = FloatVector.fromArray(FLOATS, s, so + 3 * LENGTH);
    int step = 2 * LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(FloatVector.fromArray(FLOATS, b, bk), c00);
      c01 = left.fma(FloatVector.fromArray(FLOATS, b, bk + LENGTH), c01);
      c02 = left.fma(FloatVector.fromArray(FLOATS, b, bk + pitch), c02);
      c03 = left.fma(FloatVector.fromArray(FLOATS, b, bk + pitch + LENGTH), c03);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
    EXACT.cast(c02).intoArray(c, co + 2 * LENGTH);
    EXACT.cast(c03).intoArray(c, co + 3 * LENGTH);
  }

  static void oneByTwo(
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      float[] s,
      int so,
      float[] c,
      int co,
      int depth) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c01 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    int step = 2 * LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(FloatVector.fromArray(FLOATS, b, bk), c00);
      c01 = left.fma(FloatVector.fromArray(FLOATS, b, bk + LENGTH), c01);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
  }

  static void twelveByOne(
      float[] a,
      int ao,
      int aRow,
      int aStep,
      float[] b,
      int bo,
      float[] s,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int depth) {
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    FloatVector c0 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c1 = FloatVector.fromArray(FLOATS, s, so + sRow);
    FloatVector c2 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow);
    FloatVector c3 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow);
    FloatVector c4 = FloatVector.fromArray(FLOATS, s, so + 4 * sRow);
    FloatVector c5 = FloatVector.fromArray(FLOATS, s, so + 5 * sRow);
    FloatVector c6 = FloatVector.fromArray(FLOATS, s, so + 6 * sRow);
    FloatVector c7 = FloatVector.fromArray(FLOATS, s, so + 7 * sRow);
    FloatVector c8 = FloatVector.fromArray(FLOATS, s, so + 8 * sRow);
    FloatVector c9 = FloatVector.fromArray(FLOATS, s, so + 9 * sRow);
    FloatVector c10 = FloatVector.fromArray(FLOATS, s, so + 10 * sRow);
    FloatVector c11 = FloatVector.fromArray(FLOATS, s, so + 11 * sRow);
    int step = LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao, ai4 = ao + 4 * aRow, ai8 = ao + 8 * aRow;
        bk < end;
        bk += step, ai += aStep, ai4 += aStep, ai8 += aStep) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c0 = left.fma(b0, c0);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a1]));
      c1 = left.fma(b0, c1);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a2]));
      c2 = left.fma(b0, c2);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a3]));
      c3 = left.fma(b0, c3);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai4]));
      c4 = left.fma(b0, c4);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai4 + a1]));
      c5 = left.fma(b0, c5);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai4 + a2]));
      c6 = left.fma(b0, c6);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai4 + a3]));
      c7 = left.fma(b0, c7);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai8]));
      c8 = left.fma(b0, c8);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai8 + a1]));
      c9 = left.fma(b0, c9);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai8 + a2]));
      c10 = left.fma(b0, c10);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai8 + a3]));
      c11 = left.fma(b0, c11);
    }
    EXACT.cast(c0).intoArray(c, co);
    EXACT.cast(c1).intoArray(c, co + cRow);
    EXACT.cast(c2).intoArray(c, co + 2 * cRow);
    EXACT.cast(c3).intoArray(c, co + 3 * cRow);
    EXACT.cast(c4).intoArray(c, co + 4 * cRow);
    EXACT.cast(c5).intoArray(c, co + 5 * cRow);
    EXACT.cast(c6).intoArray(c, co + 6 * cRow);
    EXACT.cast(c7).intoArray(c, co + 7 * cRow);
    EXACT.cast(c8).intoArray(c, co + 8 * cRow);
    EXACT.cast(c9).intoArray(c, co + 9 * cRow);
    EXACT.cast(c10).intoArray(c, co + 10 * cRow);
    EXACT.cast(c11).intoArray(c, co + 11 * cRow);
  }

  /** Computes up to four rows; missing rows repeat the last one. */
  static void fourByOne(
      float[] a,
      int ao,
      int aRow,
      int aStep,
      float[] b,
      int bo,
      float[] s,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int rows,
      int depth) {
    int r1 = Math.min(1, rows - 1);
    int r2 = Math.min(2, rows - 1);
    int r3 = Math.min(3, rows - 1);
    int a1 = r1 * aRow;
    int a2 = r2 * aRow;
    int a3 = r3 * aRow;
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c10 = FloatVector.fromArray(FLOATS, s, so + r1 * sRow);
    FloatVector c20 = FloatVector.fromArray(FLOATS, s, so + r2 * sRow);
    FloatVector c30 = FloatVector.fromArray(FLOATS, s, so + r3 * sRow);
    int step = LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a1]));
      c10 = left.fma(b0, c10);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a2]));
      c20 = left.fma(b0, c20);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a3]));
      c30 = left.fma(b0, c30);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c10).intoArray(c, co + r1 * cRow);
    EXACT.cast(c20).intoArray(c, co + r2 * cRow);
    EXACT.cast(c30).intoArray(c, co + r3 * cRow);
  }
}
