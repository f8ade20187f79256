package dev.lanewise.kernel;

/** The scalar form of {@link ProductKernels}. */
interface ScalarProduct extends ProductKernels {

  /** The columns of a panel: those whose sums are kept in registers. */
  int PANEL = 8;

  @Override
  default int panelColumns() {
    return PANEL;
  }

  @Override
  default MicroKernel microKernel() {
    return new ScalarMicroKernel();
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

  /** Computes four rows at a time; missing rows repeat the last one. */
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
    int r1 = Math.min(1, rows - 1);
    int r2 = Math.min(2, rows - 1);
    int r3 = Math.min(3, rows - 1);
    for (int j = 0; j < columns; j++) {
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
