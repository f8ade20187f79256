package dev.lanewise.kernel;

/** The scalar form of {@link ProductKernels}. */
interface ScalarProduct extends ProductKernels {

  /** The columns whose sums are kept in registers. */
  int PANEL = 8;

  @Override
  default int panelColumns() {
    return PANEL;
  }

  @Override
  default void product(
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
    for (int p = 0; p < panels; p++) {
      int bp = bo + p * pitch;
      int j = p * PANEL;
      for (int i = 0; i < rows; i++) {
        row(a, ao + i * aRow, aStep, b, bp, s, so + i * sRow + j, c, co + i * cRow + j, depth);
      }
    }
  }

  private static void row(
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

  @Override
  default void packRows(
      float[] b, int bo, int bStep, int depth, float[] packed, int po, int pitch, int panels) {
    for (int k = 0; k < depth; k++) {
      for (int p = 0; p < panels; p++) {
        System.arraycopy(b, bo + k * bStep + p * PANEL, packed, po + p * pitch + k * PANEL, PANEL);
      }
    }
  }

  @Override
  default void penaltyGradient(float[] w, int wo, float[] g, int go, int n, float l1, float l2) {
    for (int i = 0; i < n; i++) {
      g[go + i] = penaltyGradient(w[wo + i], l1, l2);
    }
  }

  /** {@return the gradient of one weight's penalty} */
  static float penaltyGradient(float w, float l1, float l2) {
    float sign = w > 0 ? l1 : w < 0 ? -l1 : 0f;
    return Fma.fma(l2, w, sign);
  }
}
