package dev.lanewise.kernel;

/** Kernels in the Vector API, at the width of {@link Lanes}. */
final class VectorKernels
    implements Kernels,
        VectorProduct,
        VectorFewRows,
        VectorFewColumns,
        VectorOneColumn,
        VectorFewSteps,
        VectorHalf,
        VectorActivation,
        VectorSum,
        VectorNorm,
        VectorLayerNorm,
        VectorLoss,
        VectorUpdate,
        VectorPiecewise {

  static final VectorKernels INSTANCE = new VectorKernels();

  private VectorKernels() {}

  @Override
  public String name() {
    return "vector" + Lanes.FLOATS.vectorBitSize();
  }
}
