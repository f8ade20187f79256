package dev.lanewise.kernel;

/**
 * Losses with their gradients, and the probabilities that scores stand for.
 *
 * <p>A loss replaces scores {@code z [rows][columns]} by their gradient times {@code scale} and
 * writes each row's loss. The rows' logic is here, once; what takes time is done by the other
 * families, so that each kernel set computes the same bits at its own speed. NaN in a row makes
 * that row's loss NaN; infinite scores may, too.
 */
public interface LossKernels extends ActivationKernels, SumKernels {

  /**
   * Computes softmax cross-entropy, shifted by the row's maximum: {@code Σy·ln Σe^(z−m) − Σy(z−m)}.
   *
   * @param z the scores, replaced by {@code (Σy·softmax(z) − y)·scale}
   * @param zo where they begin
   * @param rows the number of rows
   * @param columns the number of classes
   * @param targets class numbers, or a weight for each class, as its probability
   * @param to where they begin
   * @param targetColumns 1 for class numbers, else {@code columns}
   * @param scale the factor of the gradient
   * @param losses the rows' losses
   * @param lo where they begin
   */
  default void softmaxCrossEntropy(
      float[] z,
      int zo,
      int rows,
      int columns,
      float[] targets,
      int to,
      int targetColumns,
      float scale,
      float[] losses,
      int lo) {
    boolean sparse = targetColumns == 1;
    subtractMaxima(z, zo, rows, columns);
    if (sparse) {
      for (int r = 0; r < rows; r++) {
        losses[lo + r] = -z[zo + r * columns + (int) targets[to + r]];
      }
    } else {
      for (int r = 0; r < rows; r++) {
        int row = r * columns;
        losses[lo + r] =
            -(float) Sums.sum(Sums.PRODUCT, z, zo + row, targets, to + row, 0, columns);
      }
    }
    exp(z, zo, z, zo, rows * columns);
    for (int r = 0; r < rows; r++) {
      int at = zo + r * columns;
      float sum = (float) sum(z, at, columns);
      float log = Functions.log(sum);
      for (int c = 0; c < columns; c++) {
        z[at + c] /= sum;
      }
      if (sparse) {
        losses[lo + r] += log;
        z[at + (int) targets[to + r]] -= 1;
      } else {
        int target = to + r * columns;
        float weight = (float) sum(targets, target, columns);
        losses[lo + r] += log * weight;
        for (int c = 0; c < columns; c++) {
          z[at + c] = weight * z[at + c] - targets[target + c];
        }
      }
    }
    for (int i = 0; i < rows * columns; i++) {
      z[zo + i] *= scale;
    }
  }

  /**
   * Computes softmax: probabilities of sum 1 in each row.
   *
   * @param z the scores
   * @param zo where they begin
   * @param p the probabilities; may be {@code z} at the same offset
   * @param po where they begin
   * @param rows the number of rows
   * @param columns the number of classes
   */
  default void softmax(float[] z, int zo, float[] p, int po, int rows, int columns) {
    if (z != p || zo != po) {
      System.arraycopy(z, zo, p, po, rows * columns);
    }
    subtractMaxima(p, po, rows, columns);
    exp(p, po, p, po, rows * columns);
    for (int r = 0; r < rows; r++) {
      int at = po + r * columns;
      float sum = (float) sum(p, at, columns);
      for (int c = 0; c < columns; c++) {
        p[at + c] /= sum;
      }
    }
  }

  /** A NaN is no maximum, but is left in its place, from where it reaches the row's sum. */
  private static void subtractMaxima(float[] z, int zo, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      int at = zo + r * columns;
      float max = Float.NEGATIVE_INFINITY;
      for (int c = 0; c < columns; c++) {
        max = z[at + c] > max ? z[at + c] : max;
      }
      for (int c = 0; c < columns; c++) {
        z[at + c] -= max;
      }
    }
  }

  /**
   * Computes sigmoid cross-entropy: {@code Σ max(z, 0) − z·y + ln(1 + e^−|z|)}.
   *
   * @param z the scores, replaced by {@code (σ(z) − y)·scale}
   * @param zo where they begin
   * @param rows the number of rows
   * @param columns the number of outputs
   * @param targets the targets, in [0, 1]
   * @param to where they begin
   * @param scale the factor of the gradient
   * @param losses the rows' losses
   * @param lo where they begin
   */
  default void sigmoidCrossEntropy(
      float[] z,
      int zo,
      int rows,
      int columns,
      float[] targets,
      int to,
      float scale,
      float[] losses,
      int lo) {
    for (int r = 0; r < rows; r++) {
      int row = r * columns;
      losses[lo + r] = (float) Sums.sum(Sums.LOGISTIC, z, zo + row, targets, to + row, 0, columns);
    }
    sigmoid(z, zo, z, zo, rows * columns);
    for (int i = 0; i < rows * columns; i++) {
      z[zo + i] = (z[zo + i] - targets[to + i]) * scale;
    }
  }

  /**
   * Computes squared error: {@code ½Σ(z − y)²}.
   *
   * @param z the scores, replaced by {@code (z − y)·scale}
   * @param zo where they begin
   * @param rows the number of rows
   * @param columns the number of outputs
   * @param targets the targets
   * @param to where they begin
   * @param scale the factor of the gradient
   * @param losses the rows' losses
   * @param lo where they begin
   */
  default void squaredError(
      float[] z,
      int zo,
      int rows,
      int columns,
      float[] targets,
      int to,
      float scale,
      float[] losses,
      int lo) {
    for (int i = 0; i < rows * columns; i++) {
      z[zo + i] -= targets[to + i];
    }
    for (int r = 0; r < rows; r++) {
      losses[lo + r] = (float) (0.5 * sumOfSquares(z, zo + r * columns, columns));
    }
    for (int i = 0; i < rows * columns; i++) {
      z[zo + i] *= scale;
    }
  }

  /**
   * Computes Huber's loss: {@code Σ ½e²} where {@code |e| ≤ δ}, else {@code δ(|e| − ½δ)}, with
   * {@code e = z − y}.
   *
   * @param z the scores, replaced by e, cut to [−δ, δ], times {@code scale}
   * @param zo where they begin
   * @param rows the number of rows
   * @param columns the number of outputs
   * @param targets the targets
   * @param to where they begin
   * @param scale the factor of the gradient
   * @param losses the rows' losses
   * @param lo where they begin
   * @param delta δ, above 0
   */
  default void huber(
      float[] z,
      int zo,
      int rows,
      int columns,
      float[] targets,
      int to,
      float scale,
      float[] losses,
      int lo,
      float delta) {
    for (int r = 0; r < rows; r++) {
      int row = r * columns;
      losses[lo + r] = (float) Sums.sum(Sums.HUBER, z, zo + row, targets, to + row, delta, columns);
    }
    for (int i = 0; i < rows * columns; i++) {
      z[zo + i] = Functions.bounded(z[zo + i] - targets[to + i], delta) * scale;
    }
  }
}
