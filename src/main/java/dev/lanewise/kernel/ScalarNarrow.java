package dev.lanewise.kernel;

/** The scalar form of {@link NarrowKernels}. */
interface ScalarNarrow extends NarrowKernels {

  /** The sums of a row that are computed together. */
  int EIGHT = 8;

  /**
   * Computes four rows at a time; missing rows repeat the last one. Of a single row, eight columns
   * are computed at a time.
   */
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
    int whole = rows == 1 ? columns - columns % EIGHT : 0;
    for (int j = 0; j < whole; j += EIGHT) {
      eightOfOneRow(a, ao, aStep, b, bo + j, bStep, s, c, j, depth);
    }
    int r1 = Math.min(1, rows - 1);
    int r2 = Math.min(2, rows - 1);
    int r3 = Math.min(3, rows - 1);
    for (int j = whole; j < columns; j++) {
      float c0 = s[j];
      float c1 = s[j + r1 * columns];
      float c2 = s[j + r2 * columns];
      float c3 = s[j + r3 * columns];
      for (int k = 0, ai = ao, bi = bo + j; k < depth; k++, ai += aStep, bi += bStep) {
        float right = b[bi];
        c0 = Fma.fma(a[ai], right, c0);
        c1 = Fma.fma(a[ai + r1], right, c1);
        c2 = Fma.fma(a[ai + r2], right, c2);
        c3 = Fma.fma(a[ai + r3], right, c3);
      }
      c[j] = c0;
      c[j + r1 * columns] = c1;
      c[j + r2 * columns] = c2;
      c[j + r3 * columns] = c3;
    }
  }

  private static void eightOfOneRow(
      float[] a,
      int ao,
      int aStep,
      float[] b,
      int bo,
      int bStep,
      float[] s,
      float[] c,
      int j,
      int depth) {
    float c0 = s[j];
    float c1 = s[j + 1];
    float c2 = s[j + 2];
    float c3 = s[j + 3];
    float c4 = s[j + 4];
    float c5 = s[j + 5];
    float c6 = s[j + 6];
    float c7 = s[j + 7];
    for (int k = 0, ai = ao, bi = bo; k < depth; k++, ai += aStep, bi += bStep) {
      float left = a[ai];
      c0 = Fma.fma(left, b[bi], c0);
      c1 = Fma.fma(left, b[bi + 1], c1);
      c2 = Fma.fma(left, b[bi + 2], c2);
      c3 = Fma.fma(left, b[bi + 3], c3);
      c4 = Fma.fma(left, b[bi + 4], c4);
      c5 = Fma.fma(left, b[bi + 5], c5);
      c6 = Fma.fma(left, b[bi + 6], c6);
      c7 = Fma.fma(left, b[bi + 7], c7);
    }
    c[j] = c0;
    c[j + 1] = c1;
    c[j + 2] = c2;
    c[j + 3] = c3;
    c[j + 4] = c4;
    c[j + 5] = c5;
    c[j + 6] = c6;
    c[j + 7] = c7;
  }

  /** Computes four columns, of which the last ones may be no columns of the result. */
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
    for (int i = 0, ai = ao, ci = co; i < rows; i++, ai += aRow, ci += columns) {
      float c0 = s[0];
      float c1 = s[1];
      float c2 = s[2];
      float c3 = s[3];
      for (int k = 0; k < depth; k++) {
        float left = a[ai + k];
        c0 = Fma.fma(left, b[WIDE * k], c0);
        c1 = Fma.fma(left, b[WIDE * k + 1], c1);
        c2 = Fma.fma(left, b[WIDE * k + 2], c2);
        c3 = Fma.fma(left, b[WIDE * k + 3], c3);
      }
      c[ci] = c0;
      if (columns > 1) {
        c[ci + 1] = c1;
      }
      if (columns > 2) {
        c[ci + 2] = c2;
      }
      if (columns > 3) {
        c[ci + 3] = c3;
      }
    }
  }

  /** Computes four rows at a time; missing rows repeat the last one. */
  @Override
  default void oneColumn(
      float[] a, int ao, int aRow, float[] b, float s, float[] c, int co, int rows, int depth) {
    for (int i = 0; i < rows; i += 4) {
      int i1 = Math.min(i + 1, rows - 1);
      int i2 = Math.min(i + 2, rows - 1);
      int i3 = Math.min(i + 3, rows - 1);
      int a0 = ao + i * aRow;
      int a1 = ao + i1 * aRow;
      int a2 = ao + i2 * aRow;
      int a3 = ao + i3 * aRow;
      float c0 = s;
      float c1 = s;
      float c2 = s;
      float c3 = s;
      for (int k = 0; k < depth; k++) {
        float right = b[k];
        c0 = Fma.fma(a[a0 + k], right, c0);
        c1 = Fma.fma(a[a1 + k], right, c1);
        c2 = Fma.fma(a[a2 + k], right, c2);
        c3 = Fma.fma(a[a3 + k], right, c3);
      }
      c[co + i] = c0;
      c[co + i1] = c1;
      c[co + i2] = c2;
      c[co + i3] = c3;
    }
  }

  /** Goes down the columns, whose few weights stay in registers. */
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
    int k1 = Math.min(1, depth - 1) * bRow;
    int k2 = Math.min(2, depth - 1) * bRow;
    int k3 = Math.min(3, depth - 1) * bRow;
    for (int j = 0; j < columns; j++) {
      float start = s[so + j];
      float b0 = b[bo + j];
      float b1 = b[bo + k1 + j];
      float b2 = b[bo + k2 + j];
      float b3 = b[bo + k3 + j];
      for (int i = 0, ai = ao, ci = co + j; i < rows; i++, ai += aRow, ci += cRow) {
        float sum = Fma.fma(a[ai], b0, start);
        if (depth > 1) {
          sum = Fma.fma(a[ai + 1], b1, sum);
        }
        if (depth > 2) {
          sum = Fma.fma(a[ai + 2], b2, sum);
        }
        if (depth > 3) {
          sum = Fma.fma(a[ai + 3], b3, sum);
        }
        c[ci] = sum;
      }
    }
  }
}
