package dev.lanewise.plan;

import dev.lanewise.data.Batch;

/** The data of one call of {@link TrainingPlan#gradients}, which the plan's steps share. */
final class Pass {
  float[] parameters;
  float[] gradient;
  Batch batch;

  /** The rows that are taken through the network at once: those of the batch, or a part of them. */
  int rows;

  /**
   * The part's first row in the batch; if above 0, the gradient is added to that of the parts
   * before.
   */
  int firstRow;

  /** The step's key, from which every dropout derives its own. */
  long key;
}
