package dev.lanewise.kernel;

/** Kernels in plain Java, for every machine; loops are shaped so that C2 can vectorise them. */
final class ScalarKernels
    implements Kernels,
        ScalarProduct,
        ScalarNarrow,
        ScalarHalf,
        ScalarSum,
        ScalarNorm,
        ScalarLayerNorm,
        ScalarUpdate,
        ScalarPiecewise {

  static final ScalarKernels INSTANCE = new ScalarKernels();

  private ScalarKernels() {}

  @Override
  public String name() {
    return "scalar";
  }
}
