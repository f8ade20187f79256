package dev.lanewise.kernel;

import jdk.incubator.vector.FloatVector;

/** Kernels in the Vector API, at the width of {@link Lanes}. */
final class VectorKernels
    implements Kernels, VectorProduct, VectorActivation, VectorSum, VectorNorm, VectorLoss, VectorUpdate {

  static final VectorKernels INSTANCE = new VectorKernels();

  private VectorKernels() {}

  /** {@return the bits of the vectors that this machine does best; 64 if it has none worth the name} */
  static int preferredBits() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }

  @Override
  public String name() {
    return "vector" + Lanes.FLOATS.vectorBitSize();
  }
}
