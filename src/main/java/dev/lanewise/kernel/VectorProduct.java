package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The vector form of {@link ProductKernels}: six rows by as many vectors as the register file
 * holds, written out because sums in an array would leave the registers.
 *
 * <p>With 32 registers (512 bits) a tile is 6×4: 24 sums, 4 vectors of B and a broadcast element of
 * A. With 16 it is 6×2: 12 sums, 2 of B, 1 of A.
 */
interface VectorProduct extends ProductKernels {

  /** The vectors side by side in a tile. */
  int TILE_VECTORS = LENGTH == 16 ? 4 : 2;

  @Override
  default int panelColumns() {
    return TILE_VECTORS * LENGTH;
  }

  @Override
  default void tile(
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
    int i = 0;
    for (; i + TILE_ROWS <= rows; i += TILE_ROWS) {
      int ai = ao + i * aRow;
      int si = so + i * sRow;
      int ci = co + i * cRow;
      if (TILE_VECTORS == 4) {
        tile6x4(a, ai, aRow, aStep, b, bo, s, si, sRow, c, ci, cRow, depth);
      } else {
        tile6x2(a, ai, aRow, aStep, b, bo, s, si, sRow, c, ci, cRow, depth);
      }
    }
    for (; i < rows; i++) {
      int ai = ao + i * aRow;
      int si = so + i * sRow;
      int ci = co + i * cRow;
      if (TILE_VECTORS == 4) {
        tile1x4(a, ai, aStep, b, bo, s, si, c, ci, depth);
      } else {
        tile1x2(a, ai, aStep, b, bo, s, si, c, ci, depth);
      }
    }
  }

  private static void tile6x4(
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
    FloatVector c02 = FloatVector.fromArray(FLOATS, s, so + 2 * LENGTH);
    FloatVector c03 = FloatVector.fromArray(FLOATS, s, so + 3 * LENGTH);
    FloatVector c10 = FloatVector.fromArray(FLOATS, s, so + sRow);
    FloatVector c11 = FloatVector.fromArray(FLOATS, s, so + sRow + LENGTH);
    FloatVector c12 = FloatVector.fromArray(FLOATS, s, so + sRow + 2 * LENGTH);
    FloatVector c13 = FloatVector.fromArray(FLOATS, s, so + sRow + 3 * LENGTH);
    FloatVector c20 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow);
    FloatVector c21 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow + LENGTH);
    FloatVector c22 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow + 2 * LENGTH);
    FloatVector c23 = FloatVector.fromArray(FLOATS, s, so + 2 * sRow + 3 * LENGTH);
    FloatVector c30 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow);
    FloatVector c31 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow + LENGTH);
    FloatVector c32 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow + 2 * LENGTH);
    FloatVector c33 = FloatVector.fromArray(FLOATS, s, so + 3 * sRow + 3 * LENGTH);
    FloatVector c40 = FloatVector.fromArray(FLOATS, s, so + 4 * sRow);
    FloatVector c41 = FloatVector.fromArray(FLOATS, s, so + 4 * sRow + LENGTH);
    FloatVector c42 = FloatVector.fromArray(FLOATS, s, so + 4 * sRow + 2 * LENGTH);
    FloatVector c43 = FloatVector.fromArray(FLOATS, s, so + 4 * sRow + 3 * LENGTH);
    FloatVector c50 = FloatVector.fromArray(FLOATS, s, so + 5 * sRow);
    FloatVector c51 = FloatVector.fromArray(FLOATS, s, so + 5 * sRow + LENGTH);
    FloatVector c52 = FloatVector.fromArray(FLOATS, s, so + 5 * sRow + 2 * LENGTH);
    FloatVector c53 = FloatVector.fromArray(FLOATS, s, so + 5 * sRow + 3 * LENGTH);
    for (int k = 0, ai = ao, bk = bo; k < depth; k++, ai += aStep, bk += 4 * LENGTH) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bk + 2 * LENGTH);
      FloatVector b3 = FloatVector.fromArray(FLOATS, b, bk + 3 * LENGTH);
      FloatVector left = FloatVector.broadcast(FLOATS, a[ai]);
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      c02 = left.fma(b2, c02);
      c03 = left.fma(b3, c03);
      left = FloatVector.broadcast(FLOATS, a[ai + a1]);
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
      c12 = left.fma(b2, c12);
      c13 = left.fma(b3, c13);
      left = FloatVector.broadcast(FLOATS, a[ai + a2]);
      c20 = left.fma(b0, c20);
      c21 = left.fma(b1, c21);
      c22 = left.fma(b2, c22);
      c23 = left.fma(b3, c23);
      left = FloatVector.broadcast(FLOATS, a[ai + a3]);
      c30 = left.fma(b0, c30);
      c31 = left.fma(b1, c31);
      c32 = left.fma(b2, c32);
      c33 = left.fma(b3, c33);
      left = FloatVector.broadcast(FLOATS, a[ai + a4]);
      c40 = left.fma(b0, c40);
      c41 = left.fma(b1, c41);
      c42 = left.fma(b2, c42);
      c43 = left.fma(b3, c43);
      left = FloatVector.broadcast(FLOATS, a[ai + a5]);
      c50 = left.fma(b0, c50);
      c51 = left.fma(b1, c51);
      c52 = left.fma(b2, c52);
      c53 = left.fma(b3, c53);
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + LENGTH);
    c02.intoArray(c, co + 2 * LENGTH);
    c03.intoArray(c, co + 3 * LENGTH);
    c10.intoArray(c, co + cRow);
    c11.intoArray(c, co + cRow + LENGTH);
    c12.intoArray(c, co + cRow + 2 * LENGTH);
    c13.intoArray(c, co + cRow + 3 * LENGTH);
    c20.intoArray(c, co + 2 * cRow);
    c21.intoArray(c, co + 2 * cRow + LENGTH);
    c22.intoArray(c, co + 2 * cRow + 2 * LENGTH);
    c23.intoArray(c, co + 2 * cRow + 3 * LENGTH);
    c30.intoArray(c, co + 3 * cRow);
    c31.intoArray(c, co + 3 * cRow + LENGTH);
    c32.intoArray(c, co + 3 * cRow + 2 * LENGTH);
    c33.intoArray(c, co + 3 * cRow + 3 * LENGTH);
    c40.intoArray(c, co + 4 * cRow);
    c41.intoArray(c, co + 4 * cRow + LENGTH);
    c42.intoArray(c, co + 4 * cRow + 2 * LENGTH);
    c43.intoArray(c, co + 4 * cRow + 3 * LENGTH);
    c50.intoArray(c, co + 5 * cRow);
    c51.intoArray(c, co + 5 * cRow + LENGTH);
    c52.intoArray(c, co + 5 * cRow + 2 * LENGTH);
    c53.intoArray(c, co + 5 * cRow + 3 * LENGTH);
  }

  private static void tile6x2(
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
    for (int k = 0, ai = ao, bk = bo; k < depth; k++, ai += aStep, bk += 2 * LENGTH) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector left = FloatVector.broadcast(FLOATS, a[ai]);
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      left = FloatVector.broadcast(FLOATS, a[ai + a1]);
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
      left = FloatVector.broadcast(FLOATS, a[ai + a2]);
      c20 = left.fma(b0, c20);
      c21 = left.fma(b1, c21);
      left = FloatVector.broadcast(FLOATS, a[ai + a3]);
      c30 = left.fma(b0, c30);
      c31 = left.fma(b1, c31);
      left = FloatVector.broadcast(FLOATS, a[ai + a4]);
      c40 = left.fma(b0, c40);
      c41 = left.fma(b1, c41);
      left = FloatVector.broadcast(FLOATS, a[ai + a5]);
      c50 = left.fma(b0, c50);
      c51 = left.fma(b1, c51);
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + LENGTH);
    c10.intoArray(c, co + cRow);
    c11.intoArray(c, co + cRow + LENGTH);
    c20.intoArray(c, co + 2 * cRow);
    c21.intoArray(c, co + 2 * cRow + LENGTH);
    c30.intoArray(c, co + 3 * cRow);
    c31.intoArray(c, co + 3 * cRow + LENGTH);
    c40.intoArray(c, co + 4 * cRow);
    c41.intoArray(c, co + 4 * cRow + LENGTH);
    c50.intoArray(c, co + 5 * cRow);
    c51.intoArray(c, co + 5 * cRow + LENGTH);
  }

  private static void tile1x4(
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
    FloatVector c03 = FloatVector.fromArray(FLOATS, s, so + 3 * LENGTH);
    for (int k = 0, ai = ao, bk = bo; k < depth; k++, ai += aStep, bk += 4 * LENGTH) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bk + 2 * LENGTH);
      FloatVector b3 = FloatVector.fromArray(FLOATS, b, bk + 3 * LENGTH);
      FloatVector left = FloatVector.broadcast(FLOATS, a[ai]);
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      c02 = left.fma(b2, c02);
      c03 = left.fma(b3, c03);
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + LENGTH);
    c02.intoArray(c, co + 2 * LENGTH);
    c03.intoArray(c, co + 3 * LENGTH);
  }

  private static void tile1x2(
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
    for (int k = 0, ai = ao, bk = bo; k < depth; k++, ai += aStep, bk += 2 * LENGTH) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector left = FloatVector.broadcast(FLOATS, a[ai]);
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + LENGTH);
  }

  @Override
  default void penaltyGradient(float[] w, int wo, float[] g, int go, int n, float l1, float l2) {
    int i = 0;
    for (int end = FLOATS.loopBound(n); i < end; i += LENGTH) {
      FloatVector weight = FloatVector.fromArray(FLOATS, w, wo + i);
      VectorMask<Float> above = weight.compare(VectorOperators.GT, 0f);
      VectorMask<Float> below = weight.compare(VectorOperators.LT, 0f);
      FloatVector sign = FloatVector.zero(FLOATS).blend(l1, above).blend(-l1, below);
      weight.fma(FloatVector.broadcast(FLOATS, l2), sign).intoArray(g, go + i);
    }
    for (; i < n; i++) {
      g[go + i] = ScalarProduct.penaltyGradient(w[wo + i], l1, l2);
    }
  }
}
