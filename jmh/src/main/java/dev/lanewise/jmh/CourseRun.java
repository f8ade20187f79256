package dev.lanewise.jmh;

/** A library's training of the course's net, all rows in one batch. */
interface CourseRun extends AutoCloseable {

  /**
   * Trains from the first weights.
   *
   * @param iterations the steps of plain gradient descent
   * @return the loss in the last iteration, before its update and without penalty
   */
  double run(int iterations);

  @Override
  default void close() {}
}
