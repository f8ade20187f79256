package dev.lanewise.train;

import dev.lanewise.data.Dataset;

/**
 * A score of the dev rows, taken after each epoch, that is reported and may be what early stopping
 * watches.
 */
public interface DevMetric {

  /** {@return the metric's name, as {@code accuracy}} */
  String name();

  /** {@return whether larger is better} */
  boolean largerIsBetter();

  /**
   * {@return the score}
   *
   * @param scores the network's scores (logits) of the dev rows, {@code [rows][outputs]}; read only
   * @param dev the dev rows
   */
  double of(float[] scores, Dataset dev);
}
