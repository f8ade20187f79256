package dev.lanewise.kernel;

import jdk.incubator.vector.FloatVector;

/**
 * The vector width requested of {@link Lanes} before that class is initialised. Only {@link
 * #preferred} touches the Vector API, and nothing here touches {@link VectorKernels}, whose
 * families initialise {@link Lanes}.
 */
final class VectorWidth {

  private static int requested;
  private static boolean settled;

  private VectorWidth() {}

  /**
   * {@return the bits of the vectors that the JVM prefers on this machine; 64 if it has no useful
   * ones}
   */
  static int preferred() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }

  /**
   * Requests a width, which has an effect only until one is settled.
   *
   * @param bits 128, 256, 512, or 0 for the machine's preferred width
   */
  static synchronized void request(int bits) {
    if (!settled) {
      requested = bits;
    }
  }

  /** {@return the width requested last, which is final from now on; 0 for the preferred one} */
  static synchronized int settle() {
    settled = true;
    return requested;
  }
}
