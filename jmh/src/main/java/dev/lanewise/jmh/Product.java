package dev.lanewise.jmh;

/**
 * A matrix product C = A·B of one library, over buffers of its own; row-major, single precision.
 */
interface Product extends AutoCloseable {

  /** Computes C. */
  void multiply();

  /** {@return a copy of C, {@code [m][n]}} */
  float[] result();

  @Override
  default void close() {}
}
