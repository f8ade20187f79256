package dev.lanewise.kernel;

/** The width that is asked of {@link Lanes} before it is initialised; touches no class of the Vector API. */
final class VectorWidth {

  private static int requested;
  private static boolean settled;

  private VectorWidth() {}

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
