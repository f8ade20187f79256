package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.List;

/**
 * Members compiled: each row of the input goes on once for each of them, times its vector. The
 * members of a row follow one another.
 *
 * <p>A step of few operations beside the products behind it, so plain loops serve all kernels.
 */
final class MembersStep extends Step.Head {

  /** The pass in rows of the input. */
  private final Pass pass;

  private final int count;
  private final int width;

  /** Where the vectors begin. */
  private final int factor;

  private final Chain below;
  private final float[] target;
  private final int stride;

  /** The gradient of the output. */
  private final float[] delta;

  MembersStep(Place place, Chain.Ends ends) {
    below = ends.below();
    pass = below.pass();
    count = place.node().layer().copies();
    width = place.node().outputs();
    factor = factor(place.node(), place.layout()).offset();
    target = place.output();
    stride = place.stride();
    delta = ends.delta();
  }

  private static Slot factor(Network.Node node, Layout layout) {
    return layout.slot(node.name("factor"));
  }

  @Override
  String label() {
    return count + " members";
  }

  @Override
  long size() {
    return 0;
  }

  @Override
  Region.Piece forward() {
    return new Region.Piece(Reach.ELEMENTS, this::forwardColumns);
  }

  private void forwardColumns(int from, int to, int column, int columns, int worker) {
    for (int row = from; row < to; row++) {
      multiply(
          below.output(),
          below.outputAt() + row / count * below.stride() + column,
          pass.parameters(),
          factor + row % count * width + column,
          target,
          row * stride + column,
          columns);
    }
  }

  /** Computes z = x ⊙ y. */
  private static void multiply(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int j = 0; j < n; j++) {
      z[zo + j] = x[xo + j] * y[yo + j];
    }
  }

  @Override
  Region.Piece inputGradient() {
    return new Region.Piece(Reach.ELEMENTS, this::backwardColumns);
  }

  /** Sums what comes back from the members, from the first to the last. */
  private void backwardColumns(int fromRow, int toRow, int column, int columns, int worker) {
    for (int row = fromRow; row < toRow; row++) {
      int to = row * below.stride() + column;
      int at = row * count * stride + column;
      int by = factor + column;
      multiply(delta, at, pass.parameters(), by, below.delta(), to, columns);
      for (int member = 1; member < count; member++) {
        at += stride;
        by += width;
        addProducts(delta, at, pass.parameters(), by, below.delta(), to, columns);
      }
    }
  }

  /** Computes z += x ⊙ y. */
  private static void addProducts(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
    for (int j = 0; j < n; j++) {
      z[zo + j] += x[xo + j] * y[yo + j];
    }
  }

  @Override
  List<Region.Piece> finish() {
    return List.of(new Region.Piece(Reach.COLUMNS, this::finishColumns));
  }

  /** Sums columns of the vectors' gradient, row by row. */
  private void finishColumns(int from, int to, int column, int columns, int worker) {
    for (int member = 0; member < count; member++) {
      int sums = factor + member * width + column;
      if (pass.firstRow() == 0) {
        Arrays.fill(pass.gradient(), sums, sums + columns, 0);
      }
      for (int row = 0; row < pass.rows(); row++) {
        addProducts(
            delta,
            (row * count + member) * stride + column,
            below.output(),
            below.outputAt() + row * below.stride() + column,
            pass.gradient(),
            sums,
            columns);
      }
    }
  }

  /** The same for inference. */
  static final class Packed extends PackedHead {

    private final int count;
    private final int width;
    private final int first;
    private final float[] factors;

    Packed(Network.Node node, Layout layout) {
      count = node.layer().copies();
      width = node.outputs();
      Slot factor = factor(node, layout);
      first = factor.offset();
      factors = new float[factor.size()];
    }

    @Override
    int columns() {
      return width;
    }

    @Override
    long heapBytes() {
      return (long) Float.BYTES * factors.length;
    }

    @Override
    void pack(float[] theta, Folding folding, Gemm gemm, float[] room) {
      System.arraycopy(theta, first, factors, 0, factors.length);
    }

    @Override
    void copy(PackedHead other) {
      System.arraycopy(((Packed) other).factors, 0, factors, 0, factors.length);
    }

    @Override
    void apply(Gemm gemm, float[] x, int xo, int xRow, float[] y, int rows, float[] room) {
      for (int row = 0; row < rows * count; row++) {
        multiply(x, xo + row / count * xRow, factors, row % count * width, y, row * width, width);
      }
    }
  }
}
