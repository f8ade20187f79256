package dev.lanewise.kernel;

/** The scalar form of {@link ProductKernels}. */
interface ScalarProduct extends ProductKernels {

  /** The columns of a panel: those whose sums are kept in registers. */
  int PANEL = 8;

  @Override
  default int lanes() {
    return PANEL;
  }

  @Override
  default int tileRows() {
    return 1;
  }

  @Override
  default int blockRows() {
    return 1;
  }

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
      float[] b, int bo, int bStep, int depth, int vectors, float[] packed, int po, int pitch) {
    for (int k = 0; k < depth; k++) {
      for (int p = 0; p < vectors; p++) {
        int to = po + p * pitch * PANEL + k * PANEL;
        System.arraycopy(b, bo + k * bStep + p * PANEL, packed, to, PANEL);
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
