package dev.lanewise.kernel;

/**
 * Losses with their gradients, and the probabilities that logits stand for.
 *
 * <p>The methods here are the scalar form, and the only one where that is fast enough; {@link
 * VectorLoss} has the vector form.
 *
 * <p>Softmax cross-entropy works on rows: it replaces logits {@code z [rows][columns]} by their
 * gradient times {@code scale} and writes each row's loss. Its sequence of operations stands here
 * once; the loops are other kernels, so that all implementations compute the same bits. The other
 * losses work on elements: they replace a logit by its gradient times {@code scale} and write the
 * element's loss, which the caller sums ({@link #rowSums}). NaN in a row makes that row's loss NaN;
 * infinite logits may, too.
 */
public interface LossKernels extends ActivationKernels, SumKernels, UpdateKernels {

  /**
   * The floats of the rows that go through all steps of a softmax together: half of a first-level
   * cache.
   */
  int CACHED = 4096;

  /**
   * Computes softmax cross-entropy, shifted by the row's maximum: {@code Σy·ln Σe^(z−m) − Σy(z−m)}.
   *
   * @param z the logits, replaced by {@code (Σy·softmax(z) − y)·scale}
   * @param zo where they begin
   * @param rows the number of rows
   * @param columns the number of classes
   * @param targets class numbers, or a weight for each class, as its probability
   * @param to where they begin
   * @param targetColumns 1 for class numbers, else {@code columns}
   * @param scale the factor of the gradient
   * @param sums receives the rows' Σe^(z−m)
   * @param losses the rows' losses
   * @param lo where they begin, and the sums
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
      float[] sums,
      float[] losses,
      int lo) {
    int some = Math.max(1, CACHED / columns);
    for (int r = 0; r < rows; r += some) {
      int n = Math.min(some, rows - r);
      int at = zo + r * columns;
      int target = to + r * targetColumns;
      subtractMaxima(z, at, n, columns);
      if (targetColumns == 1) {
        ofClasses(z, at, n, columns, targets, target, scale, sums, losses, lo + r);
      } else {
        ofWeights(z, at, n, columns, targets, target, scale, sums, losses, lo + r);
      }
    }
  }

  private void ofClasses(
      float[] z,
      int zo,
      int rows,
      int columns,
      float[] classes,
      int co,
      float scale,
      float[] sums,
      float[] losses,
      int lo) {
    for (int r = 0; r < rows; r++) {
      losses[lo + r] = -z[zo + r * columns + (int) classes[co + r]];
    }
    exponentials(z, zo, rows, columns, sums, lo);
    classGradients(z, zo, rows, columns, classes, co, scale, sums, lo);
    for (int i = lo; i < lo + rows; i++) {
      losses[i] += Functions.log(sums[i]);
    }
  }

  /**
   * Turns the exponentials of a softmax into the gradient of its cross-entropy with classes: {@code
   * (e/Σe − y)·scale}.
   *
   * @param z the exponentials, replaced by the gradient
   * @param zo where they begin
   * @param rows the number of rows
   * @param columns the number of classes
   * @param classes the rows' class numbers
   * @param co where they begin
   * @param scale the factor of the gradient
   * @param sums the rows' sums Σe
   * @param so where they begin
   */
  default void classGradients(
      float[] z,
      int zo,
      int rows,
      int columns,
      float[] classes,
      int co,
      float scale,
      float[] sums,
      int so) {
    for (int r = 0; r < rows; r++) {
      int row = zo + r * columns;
      int label = row + (int) classes[co + r];
      float share = 1 / sums[so + r];
      float ofLabel = (z[label] * share - 1) * scale;
      scale(z, row, share * scale, z, row, columns);
      z[label] = ofLabel;
    }
  }

  private void ofWeights(
      float[] z,
      int zo,
      int rows,
      int columns,
      float[] weights,
      int wo,
      float scale,
      float[] sums,
      float[] losses,
      int lo) {
    for (int r = 0; r < rows; r++) {
      int row = r * columns;
      losses[lo + r] = -(float) weighted(z, zo + row, weights, wo + row, columns);
    }
    exponentials(z, zo, rows, columns, sums, lo);
    for (int r = 0; r < rows; r++) {
      float sum = sums[lo + r];
      int row = r * columns;
      float weight = (float) sum(weights, wo + row, columns);
      blend(weights, wo + row, -1, z, zo + row, weight / sum, z, zo + row, columns);
      losses[lo + r] += Functions.log(sum) * weight;
    }
    scale(z, zo, scale, z, zo, rows * columns);
  }

  /**
   * {@return Σw·z} A class of weight 0 adds nothing, even if its logit is so far below the maximum
   * that the difference is infinite. A NaN still reaches the row's loss, through the sum of
   * exponentials.
   */
  private static double weighted(float[] z, int zo, float[] weights, int wo, int columns) {
    double sum = Sums.sum(Sums.PRODUCT, z, zo, weights, wo, columns);
    if (Double.isNaN(sum)) {
      sum = 0;
      for (int i = 0; i < columns; i++) {
        sum += weights[wo + i] == 0 ? 0 : weights[wo + i] * z[zo + i];
      }
    }
    return sum;
  }

  /** Turns logits, less the row's maximum, into exponentials, and sums these. */
  private void exponentials(float[] z, int zo, int rows, int columns, float[] sums, int so) {
    exp(z, zo, z, zo, rows * columns);
    rowSums(z, zo, rows, columns, sums, so);
  }

  /**
   * Computes softmax: probabilities of sum 1 in each row.
   *
   * @param z the logits
   * @param zo where they begin
   * @param p the probabilities; may be {@code z}
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
      scale(p, at, 1 / (float) sum(p, at, columns), p, at, columns);
    }
  }

  /**
   * Subtracts from each row its maximum. A NaN is never the maximum; it stays in its place and so
   * reaches the row's sum.
   *
   * @param z the rows
   * @param zo where they begin
   * @param rows the number of rows
   * @param columns their length, at least 1
   */
  default void subtractMaxima(float[] z, int zo, int rows, int columns) {
    for (int at = zo; at < zo + rows * columns; at += columns) {
      float max = Float.NEGATIVE_INFINITY;
      for (int i = at; i < at + columns; i++) {
        max = z[i] > max ? z[i] : max;
      }
      for (int i = at; i < at + columns; i++) {
        z[i] -= max;
      }
    }
  }

  /**
   * Computes sigmoid cross-entropy: {@code max(z, 0) − z·y + ln(1 + e^−|z|)}.
   *
   * @param z the logits, replaced by {@code (σ(z) − y)·scale}
   * @param zo where they begin
   * @param targets the targets y, in [0, 1]
   * @param to where they begin
   * @param scale the factor of the gradient
   * @param losses the elements' losses
   * @param lo where they begin
   * @param n the number of elements
   */
  default void sigmoidCrossEntropy(
      float[] z, int zo, float[] targets, int to, float scale, float[] losses, int lo, int n) {
    for (int i = 0; i < n; i++) {
      float score = z[zo + i];
      float y = targets[to + i];
      float linear = Fma.fma(-score, y, score < 0 ? 0 : score);
      losses[lo + i] = linear + Functions.log1p(Functions.exp(-Math.abs(score)));
      z[zo + i] = (Functions.sigmoid(score) - y) * scale;
    }
  }

  /**
   * Computes squared error: {@code ½(z − y)²}.
   *
   * @param z the logits, replaced by {@code (z − y)·scale}
   * @param zo where they begin
   * @param targets the targets y
   * @param to where they begin
   * @param scale the factor of the gradient
   * @param losses the elements' losses
   * @param lo where they begin
   * @param n the number of elements
   */
  default void squaredError(
      float[] z, int zo, float[] targets, int to, float scale, float[] losses, int lo, int n) {
    for (int i = 0; i < n; i++) {
      float e = z[zo + i] - targets[to + i];
      losses[lo + i] = 0.5f * e * e;
      z[zo + i] = e * scale;
    }
  }

  /**
   * Computes Poisson's loss: {@code e^z − y·z}. One implementation, which calls the exponential of
   * each kernel set.
   *
   * @param z the logits, replaced by {@code (e^z − y)·scale}
   * @param zo where they begin
   * @param targets the targets y, at least 0
   * @param to where they begin
   * @param scale the factor of the gradient
   * @param losses the elements' losses
   * @param lo where they begin
   * @param n the number of elements
   */
  default void poisson(
      float[] z, int zo, float[] targets, int to, float scale, float[] losses, int lo, int n) {
    exp(z, zo, losses, lo, n);
    for (int i = 0; i < n; i++) {
      float mean = losses[lo + i];
      float y = targets[to + i];
      // Fused, so that an infinite mean is not combined with an overflowed product.
      losses[lo + i] = Fma.fma(-y, z[zo + i], mean);
      z[zo + i] = (mean - y) * scale;
    }
  }

  /**
   * Computes the quantile loss: with {@code e = z − y}, {@code (1 − τ)·e} where e is above 0, else
   * {@code −τ·e}. One implementation for all kernel sets.
   *
   * @param z the logits, replaced by the slope, 0 where {@code e = 0}, times {@code scale}
   * @param zo where they begin
   * @param targets the targets y
   * @param to where they begin
   * @param scale the factor of the gradient
   * @param tau τ, in (0, 1)
   * @param losses the elements' losses
   * @param lo where they begin
   * @param n the number of elements
   */
  default void quantile(
      float[] z,
      int zo,
      float[] targets,
      int to,
      float scale,
      float tau,
      float[] losses,
      int lo,
      int n) {
    float above = 1 - tau;
    for (int i = 0; i < n; i++) {
      float e = z[zo + i] - targets[to + i];
      losses[lo + i] = e > 0 ? above * e : -tau * e;
      z[zo + i] = (e > 0 ? above : e < 0 ? -tau : e) * scale;
    }
  }

  /**
   * Computes Huber's loss: {@code ½e²} where {@code |e| ≤ δ}, else {@code δ(|e| − ½δ)}, with {@code
   * e = z − y}; with c for e cut to [−δ, δ] that is {@code c·(e − ½c)}.
   *
   * @param z the logits, replaced by c times {@code scale}
   * @param zo where they begin
   * @param targets the targets y
   * @param to where they begin
   * @param scale the factor of the gradient
   * @param delta δ, above 0
   * @param losses the elements' losses
   * @param lo where they begin
   * @param n the number of elements
   */
  default void huber(
      float[] z,
      int zo,
      float[] targets,
      int to,
      float scale,
      float delta,
      float[] losses,
      int lo,
      int n) {
    for (int i = 0; i < n; i++) {
      float e = z[zo + i] - targets[to + i];
      float cut = Functions.bounded(e, delta);
      losses[lo + i] = cut * (e - 0.5f * cut);
      z[zo + i] = cut * scale;
    }
  }
}
