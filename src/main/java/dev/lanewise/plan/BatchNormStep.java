package dev.lanewise.plan;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;

/**
 * A batch normalisation, column panel by column panel: a task owns a panel for all rows, so its
 * moments are complete while the panel is in cache.
 */
final class BatchNormStep extends Step.Follower {

  /** Floats of the widest vectors. */
  private static final int LARGEST_VECTOR = 16;

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

  private final float[] output;

  private final float[] mean;
  private final float[] inverse;
  private final float[] offset;

  BatchNormStep(BatchNorm norm, Place place) {
    this.norm = norm;
    kernels = place.kernels();
    pass = place.pass();
    stride = place.stride();
    output = place.output();
    scale = place.offset(Slot.Role.SCALE);
    shift = place.offset(Slot.Role.SHIFT);
    runningMean = place.offset(Slot.Role.MEAN);
    runningVariance = place.offset(Slot.Role.VARIANCE);
    int width = roomFor(place.node().outputs());
    input = place.matrix();
    mean = new float[width];
    inverse = new float[width];
    offset = new float[width];
  }

  /** Columns in whole vectors, so that kernels need no mask at an array's end. */
  private static int roomFor(int columns) {
    return (columns + LARGEST_VECTOR - 1) / LARGEST_VECTOR * LARGEST_VECTOR;
  }

  @Override
  String label() {
    return "batch norm";
  }

  @Override
  Reach reach() {
    return Reach.COLUMNS;
  }

  @Override
  float[] input() {
    return input;
  }

  @Override
  boolean keepsInput() {
    return true;
  }

  @Override
  long size() {
    return input.length + 3L * mean.length;
  }

  /** Normalises columns and leaves the batch's statistics in the gradient's statistics range. */
  @Override
  void forward(int fromRow, int toRow, int column, int columns) {
    int rows = pass.rows();
    kernels.moments(input, column, stride, rows, columns, mean, offset, inverse, column);
    float[] statistics = pass.gradient();
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
        output,
        column,
        stride,
        rows,
        columns,
        mean,
        inverse,
        offset,
        column,
        pass.parameters(),
        scale + column,
        shift + column);
  }

  @Override
  Reach backwardReach() {
    return Reach.COLUMNS;
  }

  /** Writes dγ and dβ, too. */
  @Override
  void backward(float[] delta, int fromRow, int toRow, int column, int columns) {
    kernels.normalizeGradient(
        input,
        delta,
        column,
        stride,
        pass.rows(),
        columns,
        mean,
        inverse,
        offset,
        column,
        pass.parameters(),
        pass.gradient(),
        scale + column,
        shift + column);
  }

  /**
   * The same for inference, with running statistics, where it cannot be folded into a product
   * directly before it.
   */
  static final class Packed extends PackedFollower {

    private final Kernels kernels;
    private final double epsilon;
    private final int width;
    private final int padded;
    private final int firstScale;
    private final int firstShift;
    private final int firstMean;
    private final int firstVariance;

    private final float[] mean;

    /** 1/√(σ² + ε). */
    private final float[] inverse;

    /** 0: the mean is what it is. */
    private final float[] offset;

    /** γ, then β, each in room for whole vectors. */
    private final float[] scaleAndShift;

    Packed(BatchNorm norm, Network.Node node, Layout layout, Kernels kernels) {
      this.kernels = kernels;
      epsilon = norm.epsilon();
      width = node.outputs();
      firstScale = node.slot(layout, Slot.Role.SCALE).offset();
      firstShift = node.slot(layout, Slot.Role.SHIFT).offset();
      firstMean = node.slot(layout, Slot.Role.MEAN).offset();
      firstVariance = node.slot(layout, Slot.Role.VARIANCE).offset();
      padded = roomFor(width);
      mean = new float[padded];
      inverse = new float[padded];
      offset = new float[padded];
      scaleAndShift = new float[2 * padded];
    }

    @Override
    void pack(float[] theta) {
      System.arraycopy(theta, firstMean, mean, 0, width);
      for (int j = 0; j < width; j++) {
        inverse[j] = (float) (1 / Math.sqrt(theta[firstVariance + j] + epsilon));
      }
      System.arraycopy(theta, firstScale, scaleAndShift, 0, width);
      System.arraycopy(theta, firstShift, scaleAndShift, padded, width);
    }

    @Override
    float[][] numbers() {
      return new float[][] {mean, inverse, offset, scaleAndShift};
    }

    @Override
    void apply(float[] y, int stride, int rows, float[] room) {
      kernels.normalize(
          y, y, 0, stride, rows, width, mean, inverse, offset, 0, scaleAndShift, 0, padded);
    }
  }
}
