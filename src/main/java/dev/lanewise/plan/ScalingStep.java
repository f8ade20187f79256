package dev.lanewise.plan;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;

/** A factor for each column. Its gradient, a sum over rows, is computed by column panels. */
final class ScalingStep extends Step.Follower {

  private final Kernels kernels;
  private final Pass pass;
  private final int stride;

  /** Where the factors begin in the parameters. */
  private final int scale;

  private final ColumnSums sums;

  /** The input {@code [rows][stride]}, which the gradient of the factors needs. */
  private final float[] input;

  private final float[] output;

  ScalingStep(Place place) {
    kernels = place.kernels();
    pass = place.pass();
    stride = place.stride();
    scale = place.offset(Slot.Role.SCALE);
    input = place.matrix();
    output = place.output();
    sums = new ColumnSums(kernels, pass, stride, place.node().outputs(), scale);
  }

  @Override
  String label() {
    return "scaling";
  }

  @Override
  long size() {
    return input.length + sums.size();
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
    return true;
  }

  @Override
  void forward(int fromRow, int toRow, int column, int columns) {
    for (int row = fromRow; row < toRow; row++) {
      int at = row * stride + column;
      System.arraycopy(input, at, output, at, columns);
      kernels.multiply(output, at, pass.parameters(), scale + column, columns);
    }
  }

  @Override
  boolean gathers() {
    return true;
  }

  @Override
  void gather(float[] delta, int column, int columns) {
    sums.ofProducts(input, delta, column, columns);
  }

  @Override
  Reach backwardReach() {
    return Reach.ELEMENTS;
  }

  @Override
  void backward(float[] delta, int fromRow, int toRow, int column, int columns) {
    for (int row = fromRow; row < toRow; row++) {
      kernels.multiply(delta, row * stride + column, pass.parameters(), scale + column, columns);
    }
  }

  /** The same for inference, where no product behind it takes the factors. */
  static final class Packed extends PackedFollower {

    private final Kernels kernels;
    private final int scale;
    private final float[] factors;

    Packed(Network.Node node, Layout layout, Kernels kernels) {
      this.kernels = kernels;
      scale = node.slot(layout, Slot.Role.SCALE).offset();
      factors = new float[node.outputs()];
    }

    @Override
    void pack(float[] theta) {
      System.arraycopy(theta, scale, factors, 0, factors.length);
    }

    @Override
    float[][] numbers() {
      return new float[][] {factors};
    }

    @Override
    void apply(float[] y, int stride, int rows, float[] room) {
      for (int row = 0; row < rows; row++) {
        kernels.multiply(y, row * stride, factors, 0, factors.length);
      }
    }
  }
}
