package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Block;
import dev.lanewise.net.Penalty;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;

/**
 * One block compiled: product, normalisation, activation and dropout, forward and backward.
 *
 * <p>Work is split into tasks of {@value Gemm#GROUP} columns; where nothing is summed over rows,
 * also by rows. The bounds depend on shapes alone.
 */
final class DenseStep {

  /** The rows of a task that needs not all of them. */
  private static final int ROWS = 256;

  /** The rows of W whose gradient is one task. */
  private static final int WEIGHT_ROWS = 384;

  private final Pass pass;
  private final Gemm[] gemms;
  private final Kernels kernels;
  private final Block block;
  private final int in;
  private final int out;
  private final int weight;
  private final int bias;
  private final float l1;
  private final float l2;

  /** The step whose output comes in; null for the first. */
  private final DenseStep below;

  /** Null without batch norm. */
  private final NormStage norm;

  private final Gate gate;

  /**
   * The gradient of the product, {@code [rows][out]}: the output's at first, worked on in place.
   */
  private final float[] delta;

  private final Team.Task forward = this::forwardColumns;
  private final Team.Task backwardInputs = this::backwardInputColumns;
  private final Team.Task backwardWeights = this::backwardWeightBlock;
  private final Team.Task backwardBias = this::backwardBiasColumns;

  /**
   * @param delta room for the gradient of this step's output; null for the last step, whose scores
   *     turn into their gradient in place
   */
  DenseStep(
      Kernels kernels,
      Gemm[] gemms,
      Block block,
      Layout layout,
      int maxRows,
      Pass pass,
      DenseStep below,
      float[] delta) {
    this.pass = pass;
    this.gemms = gemms;
    this.kernels = kernels;
    this.block = block;
    this.below = below;
    in = block.inputs();
    out = block.outputs();
    weight = layout.slot(block.name(Slot.Role.WEIGHT)).offset();
    norm =
        block.norm().map(n -> new NormStage(kernels, block, n, layout, maxRows, pass)).orElse(null);
    bias = norm == null ? layout.slot(block.name(Slot.Role.BIAS)).offset() : -1;
    Penalty penalty = block.dense().penalty();
    l1 = (float) penalty.l1();
    l2 = (float) penalty.l2();
    gate = new Gate(kernels, block, maxRows);
    this.delta = delta == null ? gate.output() : delta;
  }

  Block block() {
    return block;
  }

  /** This step's output {@code [rows][out]}. */
  float[] output() {
    return gate.output();
  }

  /** The floats held, without the shared gradients. */
  long size() {
    return gate.size() + (norm == null ? 0 : norm.size());
  }

  private float[] input() {
    return below == null ? pass.inputs : below.output();
  }

  /** Whether units of the output are dropped. */
  boolean drops() {
    return gate.drops();
  }

  /** Takes up a pass; refuses a mask that does not fit. */
  void begin() {
    gate.begin(pass);
  }

  void forward(Team team) {
    team.run(forward, groups(out) * rowBlocks());
  }

  private int rowBlocks() {
    return norm == null ? (pass.rows + ROWS - 1) / ROWS : 1;
  }

  private static int groups(int columns) {
    return (columns + Gemm.GROUP - 1) / Gemm.GROUP;
  }

  private void forwardColumns(int index, int worker) {
    int column = index % groups(out) * Gemm.GROUP;
    int columns = Math.min(Gemm.GROUP, out - column);
    int from = norm == null ? index / groups(out) * ROWS : 0;
    int to = norm == null ? Math.min(pass.rows, from + ROWS) : pass.rows;
    float[] target = norm == null ? gate.target() : norm.target();
    gemms[worker].multiply(
        input(),
        from * in,
        in,
        1,
        pass.parameters,
        weight + column,
        out,
        1,
        norm == null ? pass.parameters : null,
        bias + column,
        0,
        target,
        from * out + column,
        out,
        to - from,
        columns,
        in);
    if (norm != null) {
      norm.forward(gate.target(), column, columns);
    }
    gate.forward(from, to, column, columns);
  }

  /** Writes this step's part of the gradient; the gradient of its product is complete. */
  void backward(Team team) {
    if (below != null) {
      team.run(backwardInputs, groups(in));
    }
    team.run(backwardWeights, groups(out) * ((in + WEIGHT_ROWS - 1) / WEIGHT_ROWS));
  }

  /** Sums the bias gradient of the last step, for which no step above has done it. */
  void backwardBias(Team team) {
    team.run(backwardBias, groups(out));
  }

  private void backwardInputColumns(int index, int worker) {
    int column = index * Gemm.GROUP;
    int columns = Math.min(Gemm.GROUP, in - column);
    gemms[worker].multiply(
        delta,
        0,
        out,
        1,
        pass.parameters,
        weight + column * out,
        1,
        out,
        null,
        0,
        0,
        below.delta,
        column,
        in,
        pass.rows,
        columns,
        out);
    below.finishDelta(column, columns);
  }

  /**
   * Turns columns of this output's gradient into the product's, with the gradients of bias, scale
   * and shift.
   */
  private void finishDelta(int column, int columns) {
    gate.backward(delta, pass.rows, column, columns);
    if (norm != null) {
      norm.backward(delta, column, columns);
    } else {
      sumBias(column, columns);
    }
  }

  private void backwardBiasColumns(int index, int worker) {
    int column = index * Gemm.GROUP;
    sumBias(column, Math.min(Gemm.GROUP, out - column));
  }

  private void sumBias(int column, int columns) {
    kernels.columnSums(delta, column, out, pass.rows, columns, pass.gradient, bias + column);
  }

  private void backwardWeightBlock(int index, int worker) {
    int column = index % groups(out) * Gemm.GROUP;
    int columns = Math.min(Gemm.GROUP, out - column);
    int from = index / groups(out) * WEIGHT_ROWS;
    int to = Math.min(in, from + WEIGHT_ROWS);
    int at = weight + from * out + column;
    boolean penalised = l1 != 0 || l2 != 0;
    if (penalised) {
      for (int row = at; row < at + (to - from) * out; row += out) {
        kernels.penaltyGradient(pass.parameters, row, pass.gradient, row, columns, l1, l2);
      }
    }
    gemms[worker].multiply(
        input(),
        from,
        1,
        in,
        delta,
        column,
        out,
        1,
        penalised ? pass.gradient : null,
        at,
        out,
        pass.gradient,
        at,
        out,
        to - from,
        columns,
        pass.rows);
  }
}
