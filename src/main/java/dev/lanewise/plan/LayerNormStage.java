package dev.lanewise.plan;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;

/**
 * The layer normalisation of one block. A row needs all of its columns, so rows are normalised when
 * the product is complete. dγ and dβ, which are sums over rows, are computed by column panels.
 */
final class LayerNormStage {

  private final Kernels kernels;
  private final LayerNorm norm;
  private final Pass pass;
  private final int width;
  private final int stride;
  private final int scale;
  private final int shift;

  private final ColumnSums shiftSums;
  private final ColumnSums scaleSums;

  /** The product, turned into x̂ in place, {@code [rows][stride]}; kept for the backward pass. */
  private final float[] normal;

  /** 1/√(σ² + ε) of each row. */
  private final float[] inverse;

  LayerNormStage(
      Kernels kernels,
      Network.Block block,
      LayerNorm norm,
      Layout layout,
      int stride,
      int maxRows,
      Pass pass) {
    this.kernels = kernels;
    this.norm = norm;
    this.pass = pass;
    this.stride = stride;
    width = block.outputs();
    scale = layout.slot(block.name(Slot.Role.SCALE)).offset();
    shift = layout.slot(block.name(Slot.Role.SHIFT)).offset();
    normal = new float[Math.multiplyExact(maxRows, stride)];
    inverse = new float[maxRows];
    shiftSums = new ColumnSums(kernels, pass, stride, width, shift);
    scaleSums = new ColumnSums(kernels, pass, stride, width, scale);
  }

  /** Where the product goes, {@code [rows][stride]}. */
  float[] target() {
    return normal;
  }

  /** The floats held. */
  long size() {
    return normal.length + inverse.length + shiftSums.size() + scaleSums.size();
  }

  /** Normalises finished rows of the product into y. */
  void forward(float[] y, int fromRow, int toRow) {
    for (int row = fromRow; row < toRow; row++) {
      int at = row * stride;
      inverse[row] =
          kernels.normalizeRow(
              normal, at, y, at, width, norm.epsilon(), pass.parameters, scale, shift);
    }
  }

  /** Writes dγ and dβ of finished columns of y's gradient. */
  void sumColumns(float[] delta, int column, int columns) {
    shiftSums.of(delta, column, columns);
    scaleSums.ofProducts(normal, delta, column, columns);
  }

  /** Turns finished rows of y's gradient, in place, into the gradient of the product. */
  void backward(float[] delta, int fromRow, int toRow) {
    for (int row = fromRow; row < toRow; row++) {
      int at = row * stride;
      kernels.normalizeRowGradient(
          normal, at, delta, at, width, inverse[row], pass.parameters, scale);
    }
  }
}
