package dev.lanewise.jmh;

/** A library's way through one of the {@link Task}s of the element-wise benchmarks. */
interface Operation extends AutoCloseable {

  /** Does it so many times. */
  void run(int times);

  /**
   * {@return the first values of what is left after the first time, at most {@link Task#CHECKED}}
   */
  float[] result();

  @Override
  default void close() {}
}
