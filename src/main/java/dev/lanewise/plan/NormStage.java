package dev.lanewise.plan;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;

/**
 * The batch normalisation of one block, column panel by column panel: a task owns a panel for all
 * rows, so its moments are complete while the panel is in cache.
 */
final class NormStage {

  private final Kernels kernels;
  private final BatchNorm norm;
  private final Pass pass;
  private final int stride;
  private final int scale;
  private final int shift;
  private final int runningMean;
  private final int runningVariance;

  /** What is normalised, {@code [rows][stride]}; kept for the backward pass. */
  private final float[] input;

  private final float[] mean;
  private final float[] inverse;
  private final float[] offset;

  NormStage(
      Kernels kernels,
      Network.Block block,
      BatchNorm norm,
      Layout layout,
      int stride,
      int maxRows,
      Pass pass) {
    this.kernels = kernels;
    this.norm = norm;
    this.pass = pass;
    this.stride = stride;
    int width = block.outputs();
    scale = layout.slot(block.name(Slot.Role.SCALE)).offset();
    shift = layout.slot(block.name(Slot.Role.SHIFT)).offset();
    runningMean = layout.slot(block.name(Slot.Role.MEAN)).offset();
    runningVariance = layout.slot(block.name(Slot.Role.VARIANCE)).offset();
    input = new float[Math.multiplyExact(maxRows, stride)];
    mean = new float[width];
    inverse = new float[width];
    offset = new float[width];
  }

  /** Where the product goes, {@code [rows][stride]}. */
  float[] target() {
    return input;
  }

  /** The floats held. */
  long size() {
    return input.length + 3L * mean.length;
  }

  /**
   * Normalises columns into y and leaves the batch's statistics in the gradient's statistics range.
   */
  void forward(float[] y, int column, int columns) {
    int rows = pass.rows;
    kernels.moments(input, column, stride, rows, columns, mean, offset, inverse, column);
    float[] statistics = pass.gradient;
    boolean unbiased = norm.variance() == BatchNorm.Variance.UNBIASED;
    float correction = unbiased ? (float) rows / (rows - 1) : 1f;
    for (int j = column; j < column + columns; j++) {
      float variance = inverse[j];
      statistics[runningMean + j] = mean[j] + offset[j];
      statistics[runningVariance + j] = variance * correction;
      inverse[j] = (float) (1 / Math.sqrt(variance + norm.epsilon()));
      offset[j] = -offset[j] * inverse[j];
    }
    kernels.normalize(
        input,
        y,
        column,
        stride,
        rows,
        columns,
        mean,
        inverse,
        offset,
        column,
        pass.parameters,
        scale + column,
        shift + column);
  }

  /**
   * Turns columns of the gradient, in place, into the gradient of the product, and writes dγ and
   * dβ.
   */
  void backward(float[] delta, int column, int columns) {
    kernels.normalizeGradient(
        input,
        delta,
        column,
        stride,
        pass.rows,
        columns,
        mean,
        inverse,
        offset,
        column,
        pass.parameters,
        pass.gradient,
        scale + column,
        shift + column);
  }
}
