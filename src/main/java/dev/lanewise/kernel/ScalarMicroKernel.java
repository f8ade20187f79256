package dev.lanewise.kernel;

import static dev.lanewise.kernel.ScalarProduct.PANEL;

import java.util.Arrays;

/**
 * The scalar form of {@link MicroKernel}.
 *
 * <p>C2 vectorises {@code sum[j] = fma(a, b[j], sum[j])} where every array is indexed by the loop
 * variable alone: with offsets it has to assume that a store may change what is read next. So rows
 * of B and of C are copied to arrays of their own, {@value #STEPS} steps of the sum are taken in a
 * pass, and loops are long, because each begins and ends with single elements. Few rows or columns
 * are not worth the copies; their sums stay in registers.
 */
final class ScalarMicroKernel implements MicroKernel {

  private static final int STEPS = 8;
  private static final int ROWS = 48;
  private static final int COLUMNS = 128;

  /** The fewest rows and columns for which copies are made. */
  private static final int FEW_ROWS = 4;

  private static final int FEW_COLUMNS = 40;

  /** The steps of a call of {@link #chains} at first, and about how many calls are so short. */
  private static final int SHORT_CALL = 128;

  private static final int SHORT_CALLS = 300;

  /**
   * Pads rows to whole multiples of a vector, array header included, so that all are aligned alike.
   */
  private static final int PADDING = 4;

  /** The rows of B of a pass, then the rows of C. */
  private final float[][] copies = new float[STEPS + ROWS][COLUMNS + PADDING];

  /** The left factor of the last pass, {@code [ROWS][STEPS]}. */
  private final float[] left = new float[ROWS * STEPS];

  private int shortCalls = SHORT_CALLS;

  @Override
  public void product(Left left, Right right, Result result, int rows, int columns, int depth) {
    int panels = Math.ceilDiv(columns, PANEL);
    float[] a = left.elements;
    int ao = left.at(0);
    int aRow = left.row();
    int aStep = left.step();
    float[] b = right.elements;
    int bo = right.panel(0, PANEL);
    int pitch = right.pitch(PANEL);
    float[] s = result.starts;
    int so = result.startsAt;
    int sRow = result.startsRow;
    float[] c = result.elements;
    int co = result.at;
    int cRow = result.row;
    int p = 0;
    if (columns % PANEL != 0) {
      // First the last panel, which overwrites the beginnings of the next rows.
      panels--;
      chainsOfRows(
          a,
          ao,
          aRow,
          aStep,
          b,
          bo + panels * pitch,
          s,
          so + panels * PANEL,
          sRow,
          c,
          co + panels * PANEL,
          cRow,
          rows,
          depth);
    }
    if (rows >= FEW_ROWS) {
      for (; (panels - p) * PANEL >= FEW_COLUMNS; p += COLUMNS / PANEL) {
        int some = Math.min(panels - p, COLUMNS / PANEL);
        for (int i = 0; i < rows; i += ROWS) {
          block(
              a,
              ao + i * aRow,
              aRow,
              aStep,
              b,
              bo + p * pitch,
              pitch,
              some,
              s,
              so + i * sRow + p * PANEL,
              sRow,
              c,
              co + i * cRow + p * PANEL,
              cRow,
              Math.min(ROWS, rows - i),
              depth);
        }
      }
    }
    for (; p < panels; p++) {
      int j = p * PANEL;
      chainsOfRows(
          a, ao, aRow, aStep, b, bo + p * pitch, s, so + j, sRow, c, co + j, cRow, rows, depth);
    }
  }

  private void chainsOfRows(
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
    for (int i = 0; i < rows; i++) {
      int from = ao + i * aRow;
      int to = co + i * cRow;
      if (shortCalls > 0) {
        shortChains(a, from, aStep, b, bo, s, so + i * sRow, c, to, depth);
      } else {
        chains(a, from, aStep, b, bo, s, so + i * sRow, c, to, depth);
      }
    }
  }

  /** The same as {@link #chains} in short calls: a JVM sooner compiles what is called often. */
  private void shortChains(
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
    int steps = Math.min(depth, SHORT_CALL);
    chains(a, ao, aStep, b, bo, s, so, c, co, steps);
    shortCalls--;
    for (int k = steps; k < depth; k += steps) {
      steps = Math.min(depth - k, SHORT_CALL);
      chains(a, ao + k * aStep, aStep, b, bo + k * PANEL, c, co, c, co, steps);
      shortCalls--;
    }
  }

  private void block(
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
      int count,
      int depth) {
    int columns = panels * PANEL;
    for (int i = 0; i < count; i++) {
      System.arraycopy(s, so + i * sRow, copies[STEPS + i], 0, columns);
    }
    int k = 0;
    for (; k + STEPS <= depth; k += STEPS) {
      for (int step = 0; step < STEPS; step++) {
        unpack(b, bo + (k + step) * PANEL, pitch, copies[step], columns);
      }
      pass(a, ao + k * aStep, aRow, aStep, copies, count);
    }
    if (k < depth) {
      lastPass(a, ao + k * aStep, aRow, aStep, b, bo + k * PANEL, pitch, count, columns, depth - k);
    }
    for (int i = 0; i < count; i++) {
      System.arraycopy(copies[STEPS + i], 0, c, co + i * cRow, columns);
    }
  }

  /** Does the last pass, filled up with steps of −0·0, which change no sum, not even −0. */
  private void lastPass(
      float[] a,
      int ao,
      int aRow,
      int aStep,
      float[] b,
      int bo,
      int pitch,
      int count,
      int columns,
      int steps) {
    Arrays.fill(left, -0f);
    for (int step = 0; step < STEPS; step++) {
      if (step >= steps) {
        Arrays.fill(copies[step], 0f);
        continue;
      }
      unpack(b, bo + step * PANEL, pitch, copies[step], columns);
      for (int i = 0; i < count; i++) {
        left[i * STEPS + step] = a[ao + i * aRow + step * aStep];
      }
    }
    pass(left, 0, STEPS, 1, copies, count);
  }

  /** Copies one step of the panels; missing columns are zero. */
  private static void unpack(float[] b, int bo, int pitch, float[] row, int columns) {
    for (int j = 0, from = bo; j < columns; j += PANEL, from += pitch) {
      row[j] = b[from];
      row[j + 1] = b[from + 1];
      row[j + 2] = b[from + 2];
      row[j + 3] = b[from + 3];
      row[j + 4] = b[from + 4];
      row[j + 5] = b[from + 5];
      row[j + 6] = b[from + 6];
      row[j + 7] = b[from + 7];
    }
    Arrays.fill(row, columns, COLUMNS, 0f);
  }

  /**
   * Adds the steps of a pass to all rows. The number of columns is a constant: otherwise C2 would
   * go by the loop lengths it has profiled, and keep short vectors once it has seen short loops.
   */
  private static void pass(float[] a, int ao, int aRow, int aStep, float[][] copies, int count) {
    float[] b0 = copies[0];
    float[] b1 = copies[1];
    float[] b2 = copies[2];
    float[] b3 = copies[3];
    float[] b4 = copies[4];
    float[] b5 = copies[5];
    float[] b6 = copies[6];
    float[] b7 = copies[7];
    for (int i = 0; i < count; i++) {
      float[] sums = copies[STEPS + i];
      int at = ao + i * aRow;
      float a0 = a[at];
      float a1 = a[at + aStep];
      float a2 = a[at + 2 * aStep];
      float a3 = a[at + 3 * aStep];
      float a4 = a[at + 4 * aStep];
      float a5 = a[at + 5 * aStep];
      float a6 = a[at + 6 * aStep];
      float a7 = a[at + 7 * aStep];
      for (int j = 0; j < COLUMNS; j++) {
        float sum = Fma.fma(a0, b0[j], sums[j]);
        sum = Fma.fma(a1, b1[j], sum);
        sum = Fma.fma(a2, b2[j], sum);
        sum = Fma.fma(a3, b3[j], sum);
        sum = Fma.fma(a4, b4[j], sum);
        sum = Fma.fma(a5, b5[j], sum);
        sum = Fma.fma(a6, b6[j], sum);
        sums[j] = Fma.fma(a7, b7[j], sum);
      }
    }
  }

  private static void chains(
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
    float c0 = s[so];
    float c1 = s[so + 1];
    float c2 = s[so + 2];
    float c3 = s[so + 3];
    float c4 = s[so + 4];
    float c5 = s[so + 5];
    float c6 = s[so + 6];
    float c7 = s[so + 7];
    for (int k = 0, bk = bo, ai = ao; k < depth; k++, bk += PANEL, ai += aStep) {
      float left = a[ai];
      c0 = Fma.fma(left, b[bk], c0);
      c1 = Fma.fma(left, b[bk + 1], c1);
      c2 = Fma.fma(left, b[bk + 2], c2);
      c3 = Fma.fma(left, b[bk + 3], c3);
      c4 = Fma.fma(left, b[bk + 4], c4);
      c5 = Fma.fma(left, b[bk + 5], c5);
      c6 = Fma.fma(left, b[bk + 6], c6);
      c7 = Fma.fma(left, b[bk + 7], c7);
    }
    c[co] = c0;
    c[co + 1] = c1;
    c[co + 2] = c2;
    c[co + 3] = c3;
    c[co + 4] = c4;
    c[co + 5] = c5;
    c[co + 6] = c6;
    c[co + 7] = c7;
  }
}
