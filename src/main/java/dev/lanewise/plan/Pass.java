package dev.lanewise.plan;

import dev.lanewise.data.Batch;

/** What one call of {@link TrainingPlan#gradients} works on; its steps share it. */
final class Pass {
  float[] parameters;
  float[] gradient;
  Batch batch;
  int rows;

  /** The inputs of the first block: the batch's features, or those that input dropout has left. */
  float[] inputs;

  /** The step's key, from which every dropout derives its own. */
  long key;
}
