package dev.lanewise.plan;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;

/**
 * A blend of an activation function f and the identity, x + α·(f(x) − x). The gradient of its input
 * is the same blend of δ·f′(x) and δ.
 *
 * <p>Two matrices are kept: what the derivative is computed from, and f(x) − x, whose products with
 * the gradient sum up to dα.
 */
final class BlendStep extends Step.Follower {

  private final Kernels kernels;
  private final Pointwise pointwise;
  private final Pass pass;
  private final int stride;
  private final int scale;
  private final ColumnSums sums;

  /** Where the step before writes; then f(x) − x, if the derivative is computed from f(x). */
  private final float[] input;

  /**
   * f(x), where the derivative is computed from that; else f(x) − x, and room for the backward
   * pass.
   */
  private final float[] other;

  private final float[] output;

  BlendStep(Blend blend, Place place) {
    kernels = place.kernels();
    pass = place.pass();
    pointwise = new Pointwise(kernels, blend.activation());
    stride = place.stride();
    scale = place.offset(Slot.Role.SCALE);
    output = place.output();
    input = place.matrix();
    other = place.matrix();
    sums = new ColumnSums(kernels, pass, stride, place.node().outputs(), scale);
  }

  /** Whether the derivative is computed from f(x), not from x. */
  private boolean keepsValue() {
    return pointwise.memory() == Pointwise.Memory.VALUE;
  }

  /** What the derivative is computed from. */
  private float[] kept() {
    return keepsValue() ? other : input;
  }

  /** f(x) − x; free in the backward pass, once dα is summed. */
  private float[] ways() {
    return keepsValue() ? input : other;
  }

  @Override
  String label() {
    return "blended " + pointwise.function();
  }

  @Override
  Reach reach() {
    return Reach.ELEMENTS;
  }

  @Override
  float[] input() {
    return input;
  }

  @Override
  boolean keepsInput() {
    return !keepsValue();
  }

  @Override
  long size() {
    return input.length + other.length + sums.size();
  }

  @Override
  void forward(int fromRow, int toRow, int column, int columns) {
    for (int row = fromRow; row < toRow; row++) {
      pointwise.apply(input, other, row * stride + column, columns);
    }
    int at = fromRow * stride + column;
    blend(input, other, ways(), output, at, toRow - fromRow, column, columns);
  }

  private void blend(
      float[] x, float[] s, float[] d, float[] y, int at, int rows, int column, int columns) {
    kernels.moveTowards(x, s, d, y, at, stride, rows, columns, pass.parameters(), scale + column);
  }

  @Override
  boolean gathers() {
    return true;
  }

  /** Writes dα. */
  @Override
  void gather(float[] delta, int column, int columns) {
    sums.ofProducts(ways(), delta, column, columns);
  }

  @Override
  Reach backwardReach() {
    return Reach.ELEMENTS;
  }

  @Override
  void backward(float[] delta, int fromRow, int toRow, int column, int columns) {
    float[] room = ways();
    for (int row = fromRow; row < toRow; row++) {
      int at = row * stride + column;
      System.arraycopy(delta, at, room, at, columns);
      pointwise.differentiate(kept(), room, at, columns);
    }
    int at = fromRow * stride + column;
    blend(delta, room, room, delta, at, toRow - fromRow, column, columns);
  }

  /** The same for inference. */
  static final class Packed extends PackedFollower {

    private final Kernels kernels;
    private final Pointwise pointwise;
    private final int width;
    private final int scale;
    private final float[] alpha;

    Packed(Blend blend, Network.Node node, Layout layout, Kernels kernels) {
      this.kernels = kernels;
      pointwise = new Pointwise(kernels, blend.activation());
      width = node.outputs();
      scale = node.slot(layout, Slot.Role.SCALE).offset();
      alpha = new float[width];
    }

    @Override
    void pack(float[] theta) {
      System.arraycopy(theta, scale, alpha, 0, width);
    }

    @Override
    float[][] numbers() {
      return new float[][] {alpha};
    }

    @Override
    void apply(float[] y, int stride, int rows, float[] room) {
      for (int row = 0; row < rows; row++) {
        pointwise.apply(y, room, row * stride, width);
      }
      kernels.moveTowards(y, room, room, y, 0, stride, rows, width, alpha, 0);
    }
  }
}
