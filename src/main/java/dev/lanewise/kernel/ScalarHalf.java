package dev.lanewise.kernel;

import static dev.lanewise.kernel.ScalarProduct.PANEL;

/** The scalar form of {@link HalfKernels}. */
interface ScalarHalf extends HalfKernels {

  @Override
  default int halfPanelColumns() {
    return PANEL;
  }

  @Override
  default void productByHalves(
      float[] a,
      int ao,
      int aRow,
      int[] halves,
      int panels,
      float[] s,
      float[] c,
      int co,
      int rows,
      int depth) {
    for (int j = 0; j < panels * PANEL; j += PANEL) {
      int ho = j / 2 * depth;
      for (int i = 0; i < rows; i++) {
        oneRow(a, ao + i * aRow, halves, ho, s, j, c, co + i * panels * PANEL + j, depth);
      }
    }
  }

  private static void oneRow(
      float[] a, int ao, int[] halves, int ho, float[] s, int so, float[] c, int co, int depth) {
    float c0 = s[so];
    float c1 = s[so + 1];
    float c2 = s[so + 2];
    float c3 = s[so + 3];
    float c4 = s[so + 4];
    float c5 = s[so + 5];
    float c6 = s[so + 6];
    float c7 = s[so + 7];
    for (int k = 0, h = ho; k < depth; k++, h += PANEL / 2) {
      float left = a[ao + k];
      c0 = Fma.fma(left, lower(halves[h]), c0);
      c1 = Fma.fma(left, lower(halves[h + 1]), c1);
      c2 = Fma.fma(left, lower(halves[h + 2]), c2);
      c3 = Fma.fma(left, lower(halves[h + 3]), c3);
      c4 = Fma.fma(left, upper(halves[h]), c4);
      c5 = Fma.fma(left, upper(halves[h + 1]), c5);
      c6 = Fma.fma(left, upper(halves[h + 2]), c6);
      c7 = Fma.fma(left, upper(halves[h + 3]), c7);
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

  private static float lower(int both) {
    return Float.intBitsToFloat(both << 16);
  }

  private static float upper(int both) {
    return Float.intBitsToFloat(both & 0xffff0000);
  }
}
