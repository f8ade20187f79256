package dev.lanewise.kernel;

import jdk.incubator.vector.FloatVector;

/**
 * The width that is asked of {@link Lanes} before it is initialised. Only {@link #preferred}
 * touches the Vector API, and nothing here touches {@link VectorKernels}, whose families initialise
 * {@link Lanes}.
 */
final class VectorWidth {

  private static int requested;
  private static boolean settled;

  private VectorWidth() {}

  /**
   * {@return the bits of the vectors that this machine does best; 64 if it has none worth the name}
   */
  static int preferred() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }

  /**
   * Asks for a width; counts only as long as none is settled.
   *
   * @param bits 128, 256, 512, or 0 for the machine's preferred width
   */
  static synchronized void request(int bits) {
    if (!settled) {
      requested = bits;
    }
  }

  /** {@return the width asked for last, which is final from now on; 0 for the preferred one} */
  static synchronized int settle() {
    settled = true;
    return requested;
  }
}
