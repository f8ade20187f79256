package dev.lanewise.jmh;

/** A library's training of a net on one batch that stays in memory. */
interface TrainingStep extends AutoCloseable {

  /** Begins a window: sets what the process has one of, as the threads of a native library. */
  default void begin() {}

  /** Does one step: the gradient of the batch and the update. */
  void step();

  /** {@return the mean loss of the batch that the last step computed, before its update} */
  double loss();

  @Override
  default void close() {}
}
