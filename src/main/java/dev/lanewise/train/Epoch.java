package dev.lanewise.train;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What an epoch has brought.
 *
 * @param number the epoch's number, from 1
 * @param rate the learning rate of its last step
 * @param trainingLoss the mean loss over its rows without penalties, each taken before its batch's
 *     update and under dropout
 * @param cost the training loss plus the penalty of the parameters that the epoch began with; for a
 *     full batch, the cost that its only step descends
 * @param devLoss the mean loss over the dev rows after the epoch, without penalties and dropout
 * @param devMetric the metric of the dev rows after the epoch
 * @param seconds how long it took, evaluation included
 */
public record Epoch(
    int number,
    double rate,
    double trainingLoss,
    double cost,
    OptionalDouble devLoss,
    OptionalDouble devMetric,
    double seconds) {
  /** Keeps results as they are; what was not measured is empty, never null. */
  public Epoch {
    Objects.requireNonNull(devLoss, "devLoss");
    Objects.requireNonNull(devMetric, "devMetric");
  }
}
