package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.EXACT;
import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;

import java.util.Objects;
import jdk.incubator.vector.FloatVector;

/**
 * Tiles of products whose left factor is packed in blocks of rows: a step's elements of A lie side
 * by side, {@code aStep} from one step to the next. Written by {@code TileText}, a program among
 * the tests.
 */
final class BlockTiles {

  private BlockTiles() {}

  static void eightByThree(
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] s,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int depth) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c01 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    FloatVector c02 = FloatVector.fromArray(FLOATS, s, so + 2 * LENGTH);
    FloatVector c10 = FloatVector.fromArray(FLOATS, s, so + sRow);
    FloatVector c11 = FloatVector.fromArray(FLOATS, s, so + sRow + LENGTH);
    FloatVector c12 = FloatVector.fromArray(FLOATS, s, so + sRow + 2 * LENGTH);
    FloatVector c20 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow);
    FloatVector c21 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow + LENGTH);
    FloatVector c22 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow + 2 * LENGTH);
    FloatVector c30 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow);
    FloatVector c31 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow + LENGTH);
    FloatVector c32 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow + 2 * LENGTH);
    FloatVector c40 = FloatVector.fromArray(FLOATS, s, so + 4 * sRow);
    FloatVector c41 = FloatVector.fromArray(FLOATS, s, so + 4 * sRow + LENGTH);
    FloatVector c42 = FloatVector.fromArray(FLOATS, s, so + 4 * sRow + 2 * LENGTH);
    FloatVector c50 = FloatVector.fromArray(FLOATS, s, so + 5 * sRow);
    FloatVector c51 = FloatVector.fromArray(FLOATS, s, so + 5 * sRow + LENGTH);
    FloatVector c52 = FloatVector.fromArray(FLOATS, s, so + 5 * sRow + 2 * LENGTH);
    FloatVector c60 = FloatVector.fromArray(FLOATS, s, so + 6 * sRow);
    FloatVector c61 = FloatVector.fromArray(FLOATS, s, so + 6 * sRow + LENGTH);
    FloatVector c62 = FloatVector.fromArray(FLOATS, s, so + 6 * sRow + 2 * LENGTH);
    FloatVector c70 = FloatVector.fromArray(FLOATS, s, so + 7 * sRow);
    FloatVector c71 = FloatVector.fromArray(FLOATS, s, so + 7 * sRow + LENGTH);
    FloatVector c72 = FloatVector.fromArray(FLOATS, s, so + 7 * sRow + 2 * LENGTH);
    int step = 3 * LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += 8) {
      Objects.checkIndex(ai + 7, a.length);
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bk + 2 * LENGTH);
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      c02 = left.fma(b2, c02);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 1]));
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
      c12 = left.fma(b2, c12);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 2]));
      c20 = left.fma(b0, c20);
      c21 = left.fma(b1, c21);
      c22 = left.fma(b2, c22);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 3]));
      c30 = left.fma(b0, c30);
      c31 = left.fma(b1, c31);
      c32 = left.fma(b2, c32);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 4]));
      c40 = left.fma(b0, c40);
      c41 = left.fma(b1, c41);
      c42 = left.fma(b2, c42);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 5]));
      c50 = left.fma(b0, c50);
      c51 = left.fma(b1, c51);
      c52 = left.fma(b2, c52);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 6]));
      c60 = left.fma(b0, c60);
      c61 = left.fma(b1, c61);
      c62 = left.fma(b2, c62);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 7]));
      c70 = left.fma(b0, c70);
      c71 = left.fma(b1, c71);
      c72 = left.fma(b2, c72);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
    EXACT.cast(c02).intoArray(c, co + 2 * LENGTH);
    EXACT.cast(c10).intoArray(c, co + cRow);
    EXACT.cast(c11).intoArray(c, co + cRow + LENGTH);
    EXACT.cast(c12).intoArray(c, co + cRow + 2 * LENGTH);
    EXACT.cast(c20).intoArray(c, co + 2 * cRow);
    EXACT.cast(c21).intoArray(c, co + 2 * cRow + LENGTH);
    EXACT.cast(c22).intoArray(c, co + 2 * cRow + 2 * LENGTH);
    EXACT.cast(c30).intoArray(c, co + 3 * cRow);
    EXACT.cast(c31).intoArray(c, co + 3 * cRow + LENGTH);
    EXACT.cast(c32).intoArray(c, co + 3 * cRow + 2 * LENGTH);
    EXACT.cast(c40).intoArray(c, co + 4 * cRow);
    EXACT.cast(c41).intoArray(c, co + 4 * cRow + LENGTH);
    EXACT.cast(c42).intoArray(c, co + 4 * cRow + 2 * LENGTH);
    EXACT.cast(c50).intoArray(c, co + 5 * cRow);
    EXACT.cast(c51).intoArray(c, co + 5 * cRow + LENGTH);
    EXACT.cast(c52).intoArray(c, co + 5 * cRow + 2 * LENGTH);
    EXACT.cast(c60).intoArray(c, co + 6 * cRow);
    EXACT.cast(c61).intoArray(c, co + 6 * cRow + LENGTH);
    EXACT.cast(c62).intoArray(c, co + 6 * cRow + 2 * LENGTH);
    EXACT.cast(c70).intoArray(c, co + 7 * cRow);
    EXACT.cast(c71).intoArray(c, co + 7 * cRow + LENGTH);
    EXACT.cast(c72).intoArray(c, co + 7 * cRow + 2 * LENGTH);
  }

  static void fourByThree(
      float[] a,
      int ao,
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
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c01 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    FloatVector c02 = FloatVector.fromArray(FLOATS, s, so + 2 * LENGTH);
    FloatVector c10 = FloatVector.fromArray(FLOATS, s, so + sRow);
    FloatVector c11 = FloatVector.fromArray(FLOATS, s, so + sRow + LENGTH);
    FloatVector c12 = FloatVector.fromArray(FLOATS, s, so + sRow + 2 * LENGTH);
    FloatVector c20 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow);
    FloatVector c21 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow + LENGTH);
    FloatVector c22 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow + 2 * LENGTH);
    FloatVector c30 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow);
    FloatVector c31 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow + LENGTH);
    FloatVector c32 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow + 2 * LENGTH);
    int step = 3 * LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bk + 2 * LENGTH);
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      c02 = left.fma(b2, c02);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 1]));
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
      c12 = left.fma(b2, c12);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 2]));
      c20 = left.fma(b0, c20);
      c21 = left.fma(b1, c21);
      c22 = left.fma(b2, c22);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 3]));
      c30 = left.fma(b0, c30);
      c31 = left.fma(b1, c31);
      c32 = left.fma(b2, c32);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
    EXACT.cast(c02).intoArray(c, co + 2 * LENGTH);
    EXACT.cast(c10).intoArray(c, co + cRow);
    EXACT.cast(c11).intoArray(c, co + cRow + LENGTH);
    EXACT.cast(c12).intoArray(c, co + cRow + 2 * LENGTH);
    EXACT.cast(c20).intoArray(c, co + 2 * cRow);
    EXACT.cast(c21).intoArray(c, co + 2 * cRow + LENGTH);
    EXACT.cast(c22).intoArray(c, co + 2 * cRow + 2 * LENGTH);
    EXACT.cast(c30).intoArray(c, co + 3 * cRow);
    EXACT.cast(c31).intoArray(c, co + 3 * cRow + LENGTH);
    EXACT.cast(c32).intoArray(c, co + 3 * cRow + 2 * LENGTH);
  }

  static void twoByThree(
      float[] a,
      int ao,
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
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c01 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    FloatVector c02 = FloatVector.fromArray(FLOATS, s, so + 2 * LENGTH);
    FloatVector c10 = FloatVector.fromArray(FLOATS, s, so + sRow);
    FloatVector c11 = FloatVector.fromArray(FLOATS, s, so + sRow + LENGTH);
    FloatVector c12 = FloatVector.fromArray(FLOATS, s, so + sRow + 2 * LENGTH);
    int step = 3 * LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bk + 2 * LENGTH);
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      c02 = left.fma(b2, c02);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 1]));
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
      c12 = left.fma(b2, c12);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
    EXACT.cast(c02).intoArray(c, co + 2 * LENGTH);
    EXACT.cast(c10).intoArray(c, co + cRow);
    EXACT.cast(c11).intoArray(c, co + cRow + LENGTH);
    EXACT.cast(c12).intoArray(c, co + cRow + 2 * LENGTH);
  }

  static void oneByThree(
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
    FloatVector c02 = FloatVector.fromArray(FLOATS, s, so + 2 * LENGTH);
    int step = 3 * LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(FloatVector.fromArray(FLOATS, b, bk), c00);
      c01 = left.fma(FloatVector.fromArray(FLOATS, b, bk + LENGTH), c01);
      c02 = left.fma(FloatVector.fromArray(FLOATS, b, bk + 2 * LENGTH), c02);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
    EXACT.cast(c02).intoArray(c, co + 2 * LENGTH);
  }

  static void eightByTwo(
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] s,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int depth) {
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
    FloatVector c60 = FloatVector.fromArray(FLOATS, s, so + 6 * sRow);
    FloatVector c61 = FloatVector.fromArray(FLOATS, s, so + 6 * sRow + LENGTH);
    FloatVector c70 = FloatVector.fromArray(FLOATS, s, so + 7 * sRow);
    FloatVector c71 = FloatVector.fromArray(FLOATS, s, so + 7 * sRow + LENGTH);
    int step = 2 * LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += 8) {
      Objects.checkIndex(ai + 7, a.length);
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 1]));
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 2]));
      c20 = left.fma(b0, c20);
      c21 = left.fma(b1, c21);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 3]));
      c30 = left.fma(b0, c30);
      c31 = left.fma(b1, c31);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 4]));
      c40 = left.fma(b0, c40);
      c41 = left.fma(b1, c41);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 5]));
      c50 = left.fma(b0, c50);
      c51 = left.fma(b1, c51);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 6]));
      c60 = left.fma(b0, c60);
      c61 = left.fma(b1, c61);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 7]));
      c70 = left.fma(b0, c70);
      c71 = left.fma(b1, c71);
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
    EXACT.cast(c60).intoArray(c, co + 6 * cRow);
    EXACT.cast(c61).intoArray(c, co + 6 * cRow + LENGTH);
    EXACT.cast(c70).intoArray(c, co + 7 * cRow);
    EXACT.cast(c71).intoArray(c, co + 7 * cRow + LENGTH);
  }

  static void fourByTwo(
      float[] a,
      int ao,
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
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c01 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    FloatVector c10 = FloatVector.fromArray(FLOATS, s, so + sRow);
    FloatVector c11 = FloatVector.fromArray(FLOATS, s, so + sRow + LENGTH);
    FloatVector c20 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow);
    FloatVector c21 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow + LENGTH);
    FloatVector c30 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow);
    FloatVector c31 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow + LENGTH);
    int step = 2 * LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 1]));
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 2]));
      c20 = left.fma(b0, c20);
      c21 = left.fma(b1, c21);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 3]));
      c30 = left.fma(b0, c30);
      c31 = left.fma(b1, c31);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
    EXACT.cast(c10).intoArray(c, co + cRow);
    EXACT.cast(c11).intoArray(c, co + cRow + LENGTH);
    EXACT.cast(c20).intoArray(c, co + 2 * cRow);
    EXACT.cast(c21).intoArray(c, co + 2 * cRow + LENGTH);
    EXACT.cast(c30).intoArray(c, co + 3 * cRow);
    EXACT.cast(c31).intoArray(c, co + 3 * cRow + LENGTH);
  }

  static void twoByTwo(
      float[] a,
      int ao,
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
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c01 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    FloatVector c10 = FloatVector.fromArray(FLOATS, s, so + sRow);
    FloatVector c11 = FloatVector.fromArray(FLOATS, s, so + sRow + LENGTH);
    int step = 2 * LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 1]));
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
    EXACT.cast(c10).intoArray(c, co + cRow);
    EXACT.cast(c11).intoArray(c, co + cRow + LENGTH);
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

  static void eightByOne(
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] s,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int depth) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c10 = FloatVector.fromArray(FLOATS, s, so + sRow);
    FloatVector c20 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow);
    FloatVector c30 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow);
    FloatVector c40 = FloatVector.fromArray(FLOATS, s, so + 4 * sRow);
    FloatVector c50 = FloatVector.fromArray(FLOATS, s, so + 5 * sRow);
    FloatVector c60 = FloatVector.fromArray(FLOATS, s, so + 6 * sRow);
    FloatVector c70 = FloatVector.fromArray(FLOATS, s, so + 7 * sRow);
    int step = LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += 8) {
      Objects.checkIndex(ai + 7, a.length);
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 1]));
      c10 = left.fma(b0, c10);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 2]));
      c20 = left.fma(b0, c20);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 3]));
      c30 = left.fma(b0, c30);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 4]));
      c40 = left.fma(b0, c40);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 5]));
      c50 = left.fma(b0, c50);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 6]));
      c60 = left.fma(b0, c60);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 7]));
      c70 = left.fma(b0, c70);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c10).intoArray(c, co + cRow);
    EXACT.cast(c20).intoArray(c, co + 2 * cRow);
    EXACT.cast(c30).intoArray(c, co + 3 * cRow);
    EXACT.cast(c40).intoArray(c, co + 4 * cRow);
    EXACT.cast(c50).intoArray(c, co + 5 * cRow);
    EXACT.cast(c60).intoArray(c, co + 6 * cRow);
    EXACT.cast(c70).intoArray(c, co + 7 * cRow);
  }

  static void fourByOne(
      float[] a,
      int ao,
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
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c10 = FloatVector.fromArray(FLOATS, s, so + sRow);
    FloatVector c20 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow);
    FloatVector c30 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow);
    int step = LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 1]));
      c10 = left.fma(b0, c10);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 2]));
      c20 = left.fma(b0, c20);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 3]));
      c30 = left.fma(b0, c30);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c10).intoArray(c, co + cRow);
    EXACT.cast(c20).intoArray(c, co + 2 * cRow);
    EXACT.cast(c30).intoArray(c, co + 3 * cRow);
  }

  static void twoByOne(
      float[] a,
      int ao,
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
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c10 = FloatVector.fromArray(FLOATS, s, so + sRow);
    int step = LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 1]));
      c10 = left.fma(b0, c10);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c10).intoArray(c, co + cRow);
  }

  static void oneByOne(
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
    int step = LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(FloatVector.fromArray(FLOATS, b, bk), c00);
    }
    EXACT.cast(c00).intoArray(c, co);
  }

  static void oneByNine(
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
    FloatVector c08 = FloatVector.fromArray(FLOATS, s, so + 8 * LENGTH);
    int step = 3 * LENGTH;
    int end = bo + depth * step;
    for (int bk = bo, ai = ao; bk < end; bk += step, ai += aStep) {
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(FloatVector.fromArray(FLOATS, b, bk), c00);
      c01 = left.fma(FloatVector.fromArray(FLOATS, b, bk + LENGTH), c01);
      c02 = left.fma(FloatVector.fromArray(FLOATS, b, bk + 2 * LENGTH), c02);
      c03 = left.fma(FloatVector.fromArray(FLOATS, b, bk + pitch), c03);
      c04 = left.fma(FloatVector.fromArray(FLOATS, b, bk + pitch + LENGTH), c04);
      c05 = left.fma(FloatVector.fromArray(FLOATS, b, bk + pitch + 2 * LENGTH), c05);
      c06 = left.fma(FloatVector.fromArray(FLOATS, b, bk + 2 * pitch), c06);
      c07 = left.fma(FloatVector.fromArray(FLOATS, b, bk + 2 * pitch + LENGTH), c07);
      c08 = left.fma(FloatVector.fromArray(FLOATS, b, bk + 2 * pitch + 2 * LENGTH), c08);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
    EXACT.cast(c02).intoArray(c, co + 2 * LENGTH);
    EXACT.cast(c03).intoArray(c, co + 3 * LENGTH);
    EXACT.cast(c04).intoArray(c, co + 4 * LENGTH);
    EXACT.cast(c05).intoArray(c, co + 5 * LENGTH);
    EXACT.cast(c06).intoArray(c, co + 6 * LENGTH);
    EXACT.cast(c07).intoArray(c, co + 7 * LENGTH);
    EXACT.cast(c08).intoArray(c, co + 8 * LENGTH);
  }
}
