package dev.lanewise.plan;

import dev.lanewise.data.Batch;

/** What one call of {@link TrainingPlan#gradients} works on; its steps share it. */
final class Pass {
  float[] parameters;
  float[] gradient;
  Batch batch;

  /** The rows that are taken through the network at once: those of the batch, or a part of them. */
  int rows;

  /**
   * The part's first row in the batch; above 0 the gradient goes on where the part before ended.
   */
  int firstRow;

  /** The inputs of the first block: the batch's features, or those that input dropout has left. */
  float[] inputs;

  /** Where the part's inputs begin. */
  int inputsAt;

  /** The step's key, from which every dropout derives its own. */
  long key;
}
