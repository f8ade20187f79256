package dev.lanewise.jmh;

/** A library's way from rows to scores, both in arrays; for one thread. */
interface Scorer extends AutoCloseable {

  /**
   * Computes scores.
   *
   * @param rows {@code [count][inputs]}
   * @param count the number of rows; a scorer may keep room for the largest that it has met
   * @param scores receives {@code [count][outputs]}
   */
  void score(float[] rows, int count, float[] scores);

  @Override
  default void close() {}
}
