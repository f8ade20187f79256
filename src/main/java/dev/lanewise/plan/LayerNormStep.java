package dev.lanewise.plan;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;

/**
 * A layer normalisation. A row needs all of its columns, so rows are normalised when all of them
 * are there. dγ and dβ, which are sums over rows, are computed by column panels.
 */
final class LayerNormStep extends Step.Follower {

  private final Kernels kernels;
  private final LayerNorm norm;
  private final Pass pass;
  private final int width;
  private final int stride;
  private final int scale;
  private final int shift;

  private final ColumnSums shiftSums;
  private final ColumnSums scaleSums;

  /** The input, turned into x̂ in place, {@code [rows][stride]}; kept for the backward pass. */
  private final float[] normal;

  private final float[] output;

  /** 1/√(σ² + ε) of each row. */
  private final float[] inverse;

  LayerNormStep(LayerNorm norm, Place place) {
    this.norm = norm;
    kernels = place.kernels();
    pass = place.pass();
    width = place.node().outputs();
    stride = place.stride();
    output = place.output();
    scale = place.offset(Slot.Role.SCALE);
    shift = place.offset(Slot.Role.SHIFT);
    normal = place.matrix();
    inverse = new float[place.maxRows()];
    shiftSums = new ColumnSums(kernels, pass, stride, width, shift);
    scaleSums = new ColumnSums(kernels, pass, stride, width, scale);
  }

  @Override
  String label() {
    return "layer norm";
  }

  @Override
  Reach reach() {
    return Reach.ROWS;
  }

  @Override
  float[] input() {
    return normal;
  }

  @Override
  boolean keepsInput() {
    return false;
  }

  @Override
  long size() {
    return normal.length + inverse.length + shiftSums.size() + scaleSums.size();
  }

  @Override
  void forward(int fromRow, int toRow, int column, int columns) {
    for (int row = fromRow; row < toRow; row++) {
      int at = row * stride;
      inverse[row] =
          kernels.normalizeRow(
              normal, at, output, at, width, norm.epsilon(), pass.parameters(), scale, shift);
    }
  }

  @Override
  boolean gathers() {
    return true;
  }

  /** Writes dγ and dβ. */
  @Override
  void gather(float[] delta, int column, int columns) {
    shiftSums.of(delta, column, columns);
    scaleSums.ofProducts(normal, delta, column, columns);
  }

  @Override
  Reach backwardReach() {
    return Reach.ROWS;
  }

  @Override
  void backward(float[] delta, int fromRow, int toRow, int column, int columns) {
    for (int row = fromRow; row < toRow; row++) {
      int at = row * stride;
      kernels.normalizeRowGradient(
          normal, at, delta, at, width, inverse[row], pass.parameters(), scale);
    }
  }

  /** The same for inference. */
  static final class Packed extends PackedFollower {

    private final Kernels kernels;
    private final LayerNorm norm;
    private final int width;
    private final int scale;
    private final int shift;

    /** γ, then β. */
    private final float[] scaleAndShift;

    Packed(LayerNorm norm, Network.Node node, Layout layout, Kernels kernels) {
      this.kernels = kernels;
      this.norm = norm;
      width = node.outputs();
      scale = node.slot(layout, Slot.Role.SCALE).offset();
      shift = node.slot(layout, Slot.Role.SHIFT).offset();
      scaleAndShift = new float[2 * width];
    }

    @Override
    void pack(float[] theta) {
      System.arraycopy(theta, scale, scaleAndShift, 0, width);
      System.arraycopy(theta, shift, scaleAndShift, width, width);
    }

    @Override
    float[][] numbers() {
      return new float[][] {scaleAndShift};
    }

    @Override
    void apply(float[] y, int stride, int rows, float[] room) {
      for (int row = 0; row < rows; row++) {
        int at = row * stride;
        kernels.normalizeRow(y, at, y, at, width, norm.epsilon(), scaleAndShift, 0, width);
      }
    }
  }
}
