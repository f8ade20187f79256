package dev.lanewise.plan;

import dev.lanewise.data.Batch;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Loss;

/** The loss: row losses, and the scores' gradient in place of the scores, in one pass over them. */
final class LossStep {

  private static final int ROWS = 64;

  private final Kernels kernels;
  private final Loss loss;
  private final int outputs;
  private final float[] rowLosses;
  private final Team.Task task = this::rows;

  private float[] scores;
  private Batch batch;

  LossStep(Kernels kernels, Loss loss, int outputs, int maxRows) {
    this.kernels = kernels;
    this.loss = loss;
    this.outputs = outputs;
    rowLosses = new float[maxRows];
  }

  /** Refuses targets that the loss cannot take. */
  void check(Batch batch) {
    if (!loss.accepts(batch.targetColumns(), outputs)) {
      throw new IllegalArgumentException(
          "batch: %d target columns do not fit %s over %d outputs"
              .formatted(batch.targetColumns(), loss, outputs));
    }
    if (loss instanceof Loss.SoftmaxCrossEntropy && batch.targetColumns() == 1) {
      float[] targets = batch.targets();
      for (int row = 0; row < batch.rows(); row++) {
        int label = (int) targets[row];
        if (label != targets[row] || label < 0 || label >= outputs) {
          throw new IllegalArgumentException(
              "batch: target %s in row %d; expected a class number below %d"
                  .formatted(targets[row], row, outputs));
        }
      }
    }
  }

  /**
   * {@return the mean of the row losses; the scores {@code [rows][outputs]} become their gradient}
   */
  double run(Team team, float[] scores, Batch batch) {
    this.scores = scores;
    this.batch = batch;
    team.run(task, (batch.rows() + ROWS - 1) / ROWS);
    return kernels.sum(rowLosses, 0, batch.rows()) / batch.rows();
  }

  private void rows(int index, int worker) {
    int row = index * ROWS;
    int rows = Math.min(ROWS, batch.rows() - row);
    int at = row * outputs;
    float[] targets = batch.targets();
    int columns = batch.targetColumns();
    float scale = 1f / batch.rows();
    switch (loss) {
      case Loss.SoftmaxCrossEntropy l ->
          kernels.softmaxCrossEntropy(
              scores, at, rows, outputs, targets, row * columns, columns, scale, rowLosses, row);
      case Loss.SigmoidCrossEntropy l ->
          kernels.sigmoidCrossEntropy(
              scores, at, rows, outputs, targets, row * columns, scale, rowLosses, row);
      case Loss.SquaredError l ->
          kernels.squaredError(
              scores, at, rows, outputs, targets, row * columns, scale, rowLosses, row);
      case Loss.Huber l ->
          kernels.huber(
              scores, at, rows, outputs, targets, row * columns, scale, rowLosses, row, l.delta());
    }
  }
}
