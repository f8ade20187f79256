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
    for (int i = 0; i < rows; i++) {
      int si = so + i * sRow;
      float c0 = s[si];
      float c1 = s[si + 1];
      float c2 = s[si + 2];
      float c3 = s[si + 3];
      float c4 = s[si + 4];
      float c5 = s[si + 5];
      float c6 = s[si + 6];
      float c7 = s[si + 7];
      int ai = ao + i * aRow;
      for (int k = 0, bk = bo; k < depth; k++, bk += PANEL, ai += aStep) {
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
      int ci = co + i * cRow;
      c[ci] = c0;
      c[ci + 1] = c1;
      c[ci + 2] = c2;
      c[ci + 3] = c3;
      c[ci + 4] = c4;
      c[ci + 5] = c5;
      c[ci + 6] = c6;
      c[ci + 7] = c7;
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
