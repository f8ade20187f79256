package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.gemm.NarrowProducts;
import dev.lanewise.gemm.SharedLeft;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Penalty;
import dev.lanewise.tensor.Slot;
import java.util.List;

/**
 * A dense layer compiled: the product with its weights, forward and backward.
 *
 * <p>A narrow layer takes products that need no packing.
 */
final class DenseStep extends Step.Head {

  private final Pass pass;
  private final Gemm[] gemms;

  /** The workers' products where the layer is narrow, which then needs no packing; else null. */
  private final NarrowProducts[] narrow;

  /** The left factor of the product that is under way. */
  private final SharedLeft left;

  private final Kernels kernels;
  private final int in;
  private final int out;

  /** The distance between rows of the output and its gradient. */
  private final int stride;

  private final int weight;

  /** Where the bias begins; without one, no matter what. */
  private final int bias;

  private final boolean biased;
  private float l1;
  private float l2;

  /** The chain whose output is the input. */
  private final Chain below;

  /** Where the product goes, {@code [rows][stride]}. */
  private final float[] target;

  /** The gradient of the product, {@code [rows][stride]}. */
  private final float[] delta;

  /** The bias gradient; null without a bias. */
  private final ColumnSums biasSums;

  /** A packed copy of the product's gradient: the right factor of the gradient of W. */
  private final float[] packedDelta;

  private final Team.Task packLeft = this::packLeftRows;
  private final Team.Task backwardWeights = this::backwardWeightRows;

  DenseStep(Dense dense, Place place, Chain.Ends ends, Buffers buffers) {
    pass = place.pass();
    kernels = place.kernels();
    gemms = buffers.gemms();
    left = buffers.left();
    in = place.node().inputs();
    out = place.node().outputs();
    narrow = NarrowProducts.fit(in, out) ? buffers.narrow() : null;
    stride = place.stride();
    target = place.output();
    below = ends.below();
    delta = ends.delta();
    packedDelta = ends.packedDelta();
    weight = place.offset(Slot.Role.WEIGHT);
    biased = place.node().biased();
    bias = biased ? place.offset(Slot.Role.BIAS) : 0;
    biasSums = biased ? new ColumnSums(kernels, pass, stride, out, bias) : null;
    penalize(dense.penalty());
  }

  @Override
  void penalize(Penalty penalty) {
    l1 = (float) penalty.subgradient();
    l2 = (float) penalty.l2();
  }

  @Override
  String label() {
    return biased ? "product + bias" : "product";
  }

  @Override
  long size() {
    return biasSums == null ? 0 : biasSums.size();
  }

  @Override
  void prepare(Team team) {
    if (narrow == null) {
      int tasks = left.set(below.output(), below.outputAt(), below.stride(), pass.rows(), in, out);
      team.run(packLeft, tasks);
    }
  }

  private void packLeftRows(int index, int worker) {
    left.pack(index);
  }

  @Override
  Region.Piece forward() {
    return new Region.Piece(Reach.ELEMENTS, this::forwardColumns);
  }

  private void forwardColumns(int from, int to, int column, int columns, int worker) {
    int result = from * stride + column;
    if (narrow != null) {
      narrow[worker].multiply(
          below.output(),
          below.outputAt() + from * below.stride(),
          below.stride(),
          pass.parameters(),
          weight + column,
          out,
          1,
          biased ? pass.parameters() : null,
          bias + column,
          target,
          result,
          stride,
          to - from,
          columns,
          in);
      return;
    }
    Gemm gemm = gemms[worker];
    gemm.left(left, from);
    gemm.right(pass.parameters(), weight + column, out);
    gemm.result().in(target, result, stride);
    if (biased) {
      gemm.result().startFromVector(pass.parameters(), bias + column);
    } else {
      gemm.result().startFromZero();
    }
    gemm.multiply(to - from, columns, in);
  }

  @Override
  void prepareInputGradient(Team team) {
    if (narrow == null) {
      team.run(packLeft, left.set(delta, 0, stride, pass.rows(), out, in));
    }
  }

  /** All rows at once: W's columns are packed once. */
  @Override
  Region.Piece inputGradient() {
    return new Region.Piece(Reach.COLUMNS, this::backwardInputColumns);
  }

  private void backwardInputColumns(int from, int to, int column, int columns, int worker) {
    if (narrow != null) {
      narrow[worker].multiply(
          delta,
          0,
          stride,
          pass.parameters(),
          weight + column * out,
          1,
          out,
          null,
          0,
          below.delta(),
          column,
          below.stride(),
          pass.rows(),
          columns,
          out);
      return;
    }
    Gemm gemm = gemms[worker];
    gemm.left(left, 0);
    gemm.rightTransposed(pass.parameters(), weight + column * out, out);
    gemm.result().in(below.delta(), column, below.stride());
    gemm.result().startFromZero();
    gemm.multiply(pass.rows(), columns, out);
  }

  @Override
  List<Region.Piece> finish() {
    return List.of(new Region.Piece(Reach.COLUMNS, this::finishColumns));
  }

  /**
   * Sums the bias gradient and packs columns of the product's gradient, while they are in cache. A
   * narrow W needs no packing.
   */
  private void finishColumns(int from, int to, int column, int columns, int worker) {
    if (biasSums != null) {
      biasSums.of(delta, column, columns);
    }
    if (narrow == null) {
      gemms[worker].pack(
          delta, column, stride, pass.rows(), columns, packedDelta, column * pass.rows());
    }
  }

  /** Writes the gradient of W. */
  @Override
  void parameterGradient(Team team) {
    team.run(backwardWeights, Math.ceilDiv(in, Gemm.LEFT_COLUMNS));
  }

  private void backwardWeightRows(int index, int worker) {
    int from = index * Gemm.LEFT_COLUMNS;
    int rows = Math.min(Gemm.LEFT_COLUMNS, in - from);
    int at = weight + from * out;
    boolean continues = pass.firstRow() > 0;
    boolean penalised = l1 != 0 || l2 != 0;
    if (penalised && !continues) {
      kernels.penaltyGradient(pass.parameters(), at, pass.gradient(), at, rows * out, l1, l2);
    }
    float[] start = penalised || continues ? pass.gradient() : null;
    if (narrow != null) {
      narrow[worker].multiplyTransposed(
          below.output(),
          below.outputAt() + from,
          below.stride(),
          delta,
          0,
          stride,
          start,
          pass.gradient(),
          at,
          rows,
          out,
          pass.rows());
      return;
    }
    Gemm gemm = gemms[worker];
    gemm.leftTransposed(below.output(), below.outputAt() + from, below.stride());
    gemm.rightPacked(packedDelta, pass.rows());
    gemm.result().in(pass.gradient(), at, out);
    if (start == null) {
      gemm.result().startFromZero();
    } else {
      gemm.result().startFromItself();
    }
    gemm.multiply(rows, out, pass.rows());
  }
}
