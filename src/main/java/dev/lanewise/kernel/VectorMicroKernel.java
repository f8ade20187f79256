package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;
import static dev.lanewise.kernel.VectorProduct.PANEL;

import jdk.incubator.vector.FloatVector;

/**
 * The vector form of {@link MicroKernel}. Stateless: the sums live in registers.
 *
 * <p>Tall tiles keep the 12 sums of six rows in registers, beside two vectors of B and one element
 * of A; with 32 registers (512 bits) they keep 24 sums, of six rows of two panels. Few rows take
 * several panels side by side, so that eight sums are in flight: two multiply-add units with a
 * latency of four cycles need that many. With few steps, the panel itself stays in registers. Tiles
 * are written out, because sums in an array would leave the registers. The bounds checks of A stay
 * in the loops on purpose: without them C2 gathers the loads first and spills the sums.
 */
final class VectorMicroKernel implements MicroKernel {

  static final VectorMicroKernel INSTANCE = new VectorMicroKernel();

  /** The most steps whose panel of B is kept in registers. */
  private static final int FEW_STEPS = 4;

  /** Whether the registers hold the sums of six rows of two panels. */
  private static final boolean TWO_PANELS = LENGTH == 16;

  private VectorMicroKernel() {}

  @Override
  public void product(
      float[] a,
      int ao,
      int aRow,
      int aStep,
      float[] b,
      int bo,
      int pitch,
      int panels,
      float[] s,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int rows,
      int depth) {
    if (few(aStep, sRow, depth)) {
      for (int p = 0; p < panels; p++) {
        fewSteps(
            a,
            ao,
            aRow,
            b,
            bo + p * pitch,
            s,
            so + p * PANEL,
            c,
            co + p * PANEL,
            cRow,
            rows,
            depth);
      }
      return;
    }
    // Every even number from 4 on is a sum of sixes and fours; three rows are computed as four.
    int tall = rows == 3 ? 3 : rows < 3 ? 0 : rows & ~1;
    int sixes = tall % 6 == 2 ? tall - 8 : tall - tall % 6;
    int p = 0;
    if (TWO_PANELS) {
      for (; p + 2 <= panels; p += 2) {
        int bp = bo + p * pitch;
        int sp = so + p * PANEL;
        int cp = co + p * PANEL;
        for (int i = 0; i < sixes; i += 6) {
          sixByFour(
              a,
              ao + i * aRow,
              aRow,
              aStep,
              b,
              bp,
              pitch,
              s,
              sp + i * sRow,
              sRow,
              c,
              cp + i * cRow,
              cRow,
              depth);
        }
        for (int i = sixes; i < tall; i += 4) {
          fourByTwo(
              a,
              ao + i * aRow,
              aRow,
              aStep,
              b,
              bp,
              s,
              sp + i * sRow,
              sRow,
              c,
              cp + i * cRow,
              cRow,
              Math.min(4, tall - i),
              depth);
          fourByTwo(
              a,
              ao + i * aRow,
              aRow,
              aStep,
              b,
              bp + pitch,
              s,
              sp + PANEL + i * sRow,
              sRow,
              c,
              cp + PANEL + i * cRow,
              cRow,
              Math.min(4, tall - i),
              depth);
        }
      }
    }
    for (; p < panels; p++) {
      int bp = bo + p * pitch;
      int sp = so + p * PANEL;
      int cp = co + p * PANEL;
      for (int i = 0; i < sixes; i += 6) {
        sixByTwo(
            a,
            ao + i * aRow,
            aRow,
            aStep,
            b,
            bp,
            s,
            sp + i * sRow,
            sRow,
            c,
            cp + i * cRow,
            cRow,
            depth);
      }
      for (int i = sixes; i < tall; i += 4) {
        fourByTwo(
            a,
            ao + i * aRow,
            aRow,
            aStep,
            b,
            bp,
            s,
            sp + i * sRow,
            sRow,
            c,
            cp + i * cRow,
            cRow,
            Math.min(4, tall - i),
            depth);
      }
    }
    int i = tall;
    if (rows - i >= 2) {
      twoRows(
          a,
          ao + i * aRow,
          aRow,
          aStep,
          b,
          bo,
          pitch,
          panels,
          s,
          so + i * sRow,
          sRow,
          c,
          co + i * cRow,
          cRow,
          depth);
      i += 2;
    }
    if (i < rows) {
      oneRow(
          a, ao + i * aRow, aStep, b, bo, pitch, panels, s, so + i * sRow, c, co + i * cRow, depth);
    }
  }

  private static void twoRows(
      float[] a,
      int ao,
      int aRow,
      int aStep,
      float[] b,
      int bo,
      int pitch,
      int panels,
      float[] s,
      int so,
      int sRow,
      float[] c,
      int co,
      int cRow,
      int depth) {
    int p = 0;
    for (; p + 2 <= panels; p += 2) {
      twoByFour(
          a,
          ao,
          aRow,
          aStep,
          b,
          bo + p * pitch,
          pitch,
          s,
          so + p * PANEL,
          sRow,
          c,
          co + p * PANEL,
          cRow,
          depth);
    }
    if (p < panels) {
      fourByTwo(
          a,
          ao,
          aRow,
          aStep,
          b,
          bo + p * pitch,
          s,
          so + p * PANEL,
          sRow,
          c,
          co + p * PANEL,
          cRow,
          2,
          depth);
    }
  }

  private static void oneRow(
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int pitch,
      int panels,
      float[] s,
      int so,
      float[] c,
      int co,
      int depth) {
    int p = 0;
    for (; p + 4 <= panels; p += 4) {
      oneByEight(
          a, ao, aStep, b, bo + p * pitch, pitch, s, so + p * PANEL, c, co + p * PANEL, depth);
    }
    for (; p + 2 <= panels; p += 2) {
      oneByFour(
          a, ao, aStep, b, bo + p * pitch, pitch, s, so + p * PANEL, c, co + p * PANEL, depth);
    }
    if (p < panels) {
      oneByTwo(a, ao, aStep, b, bo + p * pitch, s, so + p * PANEL, c, co + p * PANEL, depth);
    }
  }

  @Override
  public void halfPanel(
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
    for (; i + 12 <= rows && !few(aStep, sRow, depth); i += 12) {
      twelveByOne(
          a,
          ao + i * aRow,
          aRow,
          aStep,
          b,
          bo,
          s,
          so + i * sRow,
          sRow,
          c,
          co + i * cRow,
          cRow,
          depth);
    }
    product(
        a,
        ao + i * aRow,
        aRow,
        aStep,
        b,
        bo,
        0,
        1,
        s,
        so + i * sRow,
        sRow,
        c,
        co + i * cRow,
        cRow,
        rows - i,
        depth);
  }

  private static void twelveByOne(
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
    int end = bo + depth * PANEL;
    for (int bk = bo, ai = ao, ai4 = ao + 4 * aRow, ai8 = ao + 8 * aRow;
        bk < end;
        bk += PANEL, ai += aStep, ai4 += aStep, ai8 += aStep) {
      FloatVector right = FloatVector.fromArray(FLOATS, b, bk);
      c0 = FloatVector.broadcast(FLOATS, a[ai]).fma(right, c0);
      c1 = FloatVector.broadcast(FLOATS, a[ai + a1]).fma(right, c1);
      c2 = FloatVector.broadcast(FLOATS, a[ai + a2]).fma(right, c2);
      c3 = FloatVector.broadcast(FLOATS, a[ai + a3]).fma(right, c3);
      c4 = FloatVector.broadcast(FLOATS, a[ai4]).fma(right, c4);
      c5 = FloatVector.broadcast(FLOATS, a[ai4 + a1]).fma(right, c5);
      c6 = FloatVector.broadcast(FLOATS, a[ai4 + a2]).fma(right, c6);
      c7 = FloatVector.broadcast(FLOATS, a[ai4 + a3]).fma(right, c7);
      c8 = FloatVector.broadcast(FLOATS, a[ai8]).fma(right, c8);
      c9 = FloatVector.broadcast(FLOATS, a[ai8 + a1]).fma(right, c9);
      c10 = FloatVector.broadcast(FLOATS, a[ai8 + a2]).fma(right, c10);
      c11 = FloatVector.broadcast(FLOATS, a[ai8 + a3]).fma(right, c11);
    }
    c0.intoArray(c, co);
    c1.intoArray(c, co + cRow);
    c2.intoArray(c, co + 2 * cRow);
    c3.intoArray(c, co + 3 * cRow);
    c4.intoArray(c, co + 4 * cRow);
    c5.intoArray(c, co + 5 * cRow);
    c6.intoArray(c, co + 6 * cRow);
    c7.intoArray(c, co + 7 * cRow);
    c8.intoArray(c, co + 8 * cRow);
    c9.intoArray(c, co + 9 * cRow);
    c10.intoArray(c, co + 10 * cRow);
    c11.intoArray(c, co + 11 * cRow);
  }

  /** Whether the steps are so few that B stays in registers, and all rows start alike. */
  private static boolean few(int aStep, int sRow, int depth) {
    return depth > 0 && depth <= FEW_STEPS && aStep == 1 && sRow == 0;
  }

  /**
   * Computes one row after the other, with the panel and the start in registers: a tile would take
   * longer to begin and to end than for its steps. Missing steps load the last step's part of B.
   */
  private static void fewSteps(
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
      int depth) {
    int b1 = bo + Math.min(1, depth - 1) * PANEL;
    int b2 = bo + Math.min(2, depth - 1) * PANEL;
    int b3 = bo + Math.min(3, depth - 1) * PANEL;
    FloatVector b00 = FloatVector.fromArray(FLOATS, b, bo);
    FloatVector b01 = FloatVector.fromArray(FLOATS, b, bo + LENGTH);
    FloatVector b10 = FloatVector.fromArray(FLOATS, b, b1);
    FloatVector b11 = FloatVector.fromArray(FLOATS, b, b1 + LENGTH);
    FloatVector b20 = FloatVector.fromArray(FLOATS, b, b2);
    FloatVector b21 = FloatVector.fromArray(FLOATS, b, b2 + LENGTH);
    FloatVector b30 = FloatVector.fromArray(FLOATS, b, b3);
    FloatVector b31 = FloatVector.fromArray(FLOATS, b, b3 + LENGTH);
    FloatVector s0 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector s1 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    for (int i = 0, ai = ao, ci = co; i < rows; i++, ai += aRow, ci += cRow) {
      FloatVector left = FloatVector.broadcast(FLOATS, a[ai]);
      FloatVector c0 = left.fma(b00, s0);
      FloatVector c1 = left.fma(b01, s1);
      if (depth > 1) {
        left = FloatVector.broadcast(FLOATS, a[ai + 1]);
        c0 = left.fma(b10, c0);
        c1 = left.fma(b11, c1);
      }
      if (depth > 2) {
        left = FloatVector.broadcast(FLOATS, a[ai + 2]);
        c0 = left.fma(b20, c0);
        c1 = left.fma(b21, c1);
      }
      if (depth > 3) {
        left = FloatVector.broadcast(FLOATS, a[ai + 3]);
        c0 = left.fma(b30, c0);
        c1 = left.fma(b31, c1);
      }
      c0.intoArray(c, ci);
      c1.intoArray(c, ci + LENGTH);
    }
  }

  private static void sixByFour(
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
    int end = bo + depth * PANEL;
    for (int bk = bo, ai = ao; bk < end; bk += PANEL, ai += aStep) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bk + pitch);
      FloatVector b3 = FloatVector.fromArray(FLOATS, b, bk + pitch + LENGTH);
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

  private static void sixByTwo(
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
    int end = bo + depth * PANEL;
    for (int bk = bo, ai = ao; bk < end; bk += PANEL, ai += aStep) {
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

  /** Computes up to four rows; missing rows repeat the last one. */
  private static void fourByTwo(
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
    int end = bo + depth * PANEL;
    for (int bk = bo, ai = ao; bk < end; bk += PANEL, ai += aStep) {
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
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + LENGTH);
    c10.intoArray(c, co + r1 * cRow);
    c11.intoArray(c, co + r1 * cRow + LENGTH);
    c20.intoArray(c, co + r2 * cRow);
    c21.intoArray(c, co + r2 * cRow + LENGTH);
    c30.intoArray(c, co + r3 * cRow);
    c31.intoArray(c, co + r3 * cRow + LENGTH);
  }

  private static void twoByFour(
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
    int end = bo + depth * PANEL;
    for (int bk = bo, ai = ao; bk < end; bk += PANEL, ai += aStep) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bk);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bk + LENGTH);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bk + pitch);
      FloatVector b3 = FloatVector.fromArray(FLOATS, b, bk + pitch + LENGTH);
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
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + LENGTH);
    c02.intoArray(c, co + 2 * LENGTH);
    c03.intoArray(c, co + 3 * LENGTH);
    c10.intoArray(c, co + cRow);
    c11.intoArray(c, co + cRow + LENGTH);
    c12.intoArray(c, co + cRow + 2 * LENGTH);
    c13.intoArray(c, co + cRow + 3 * LENGTH);
  }

  private static void oneByEight(
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
    int end = bo + depth * PANEL;
    for (int bk = bo, ai = ao; bk < end; bk += PANEL, ai += aStep) {
      FloatVector left = FloatVector.broadcast(FLOATS, a[ai]);
      c00 = left.fma(FloatVector.fromArray(FLOATS, b, bk), c00);
      c01 = left.fma(FloatVector.fromArray(FLOATS, b, bk + LENGTH), c01);
      c02 = left.fma(FloatVector.fromArray(FLOATS, b, bk + pitch), c02);
      c03 = left.fma(FloatVector.fromArray(FLOATS, b, bk + pitch + LENGTH), c03);
      c04 = left.fma(FloatVector.fromArray(FLOATS, b, bk + 2 * pitch), c04);
      c05 = left.fma(FloatVector.fromArray(FLOATS, b, bk + 2 * pitch + LENGTH), c05);
      c06 = left.fma(FloatVector.fromArray(FLOATS, b, bk + 3 * pitch), c06);
      c07 = left.fma(FloatVector.fromArray(FLOATS, b, bk + 3 * pitch + LENGTH), c07);
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + LENGTH);
    c02.intoArray(c, co + 2 * LENGTH);
    c03.intoArray(c, co + 3 * LENGTH);
    c04.intoArray(c, co + 4 * LENGTH);
    c05.intoArray(c, co + 5 * LENGTH);
    c06.intoArray(c, co + 6 * LENGTH);
    c07.intoArray(c, co + 7 * LENGTH);
  }

  private static void oneByFour(
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
    int end = bo + depth * PANEL;
    for (int bk = bo, ai = ao; bk < end; bk += PANEL, ai += aStep) {
      FloatVector left = FloatVector.broadcast(FLOATS, a[ai]);
      c00 = left.fma(FloatVector.fromArray(FLOATS, b, bk), c00);
      c01 = left.fma(FloatVector.fromArray(FLOATS, b, bk + LENGTH), c01);
      c02 = left.fma(FloatVector.fromArray(FLOATS, b, bk + pitch), c02);
      c03 = left.fma(FloatVector.fromArray(FLOATS, b, bk + pitch + LENGTH), c03);
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + LENGTH);
    c02.intoArray(c, co + 2 * LENGTH);
    c03.intoArray(c, co + 3 * LENGTH);
  }

  private static void oneByTwo(
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
    int end = bo + depth * PANEL;
    for (int bk = bo, ai = ao; bk < end; bk += PANEL, ai += aStep) {
      FloatVector left = FloatVector.broadcast(FLOATS, a[ai]);
      c00 = left.fma(FloatVector.fromArray(FLOATS, b, bk), c00);
      c01 = left.fma(FloatVector.fromArray(FLOATS, b, bk + LENGTH), c01);
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + LENGTH);
  }
}
