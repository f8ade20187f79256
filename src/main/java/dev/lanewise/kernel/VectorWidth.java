package dev.lanewise.kernel;

/** The width that is asked of {@link Lanes} before it is initialised; touches no class of the Vector API. */
final class VectorWidth {

  private static int requested;
  private static boolean settled;

  private VectorWidth() {}

  /**
   * Asks for a width.
   *
   * @param bits 128, 256, 512, or 0 for the machine's preferred width
   * @return whether the width is still open, so that the request counts
   */
  static synchronized boolean request(int bits) {
    if (!settled) {
      requested = bits;
    }
    return !settled;
  }

  /** {@return the width asked for last, which is final from now on; 0 for the preferred one} */
  static synchronized int settle() {
    settled = true;
    return requested;
  }
}
