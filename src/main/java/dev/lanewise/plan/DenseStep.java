package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.gemm.NarrowProducts;
import dev.lanewise.gemm.SharedLeft;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;

/**
 * One block compiled: product, normalisation, activation and dropout, forward and backward.
 *
 * <p>Work is split into tasks of {@link Gemm#group} columns; where nothing is summed over rows,
 * also by rows. The bounds depend on shapes alone.
 */
final class DenseStep {

  /** The rows of a task where tasks are split by rows, too. */
  private static final int ROWS = 256;

  /** The rows of a task of layer normalisation, which goes over all columns. */
  private static final int WHOLE_ROWS = 32;

  private final Pass pass;
  private final Gemm[] gemms;

  /** The workers' products where the layer is narrow, which then needs no packing; else null. */
  private final NarrowProducts[] narrow;

  /** The left factor of the product that is under way. */
  private final SharedLeft left;

  private final Kernels kernels;
  private final Network.Block block;
  private final int in;
  private final int out;

  /** The distance between rows of the output and its gradient. */
  private final int stride;

  private final int weight;
  private final int bias;
  private float l1;
  private float l2;

  /** The step whose output is the input of this one; null for the first. */
  private final DenseStep below;

  /** Null without batch norm. */
  private final BatchNormStep norm;

  /** Null without layer norm. */
  private final LayerNormStep layerNorm;

  private final GateStep gate;
  private final float[] output;

  /**
   * The gradient of the output, {@code [rows][stride]}, which is turned into that of the product in
   * place.
   */
  private final float[] delta;

  /** The bias gradient; null with batch norm. */
  private final ColumnSums biasSums;

  /** A packed copy of the product's gradient: the right factor of the gradient of W. */
  private final float[] packedDelta;

  private final Team.Task packLeft = this::packLeftRows;
  private final Team.Task forward = this::forwardColumns;
  private final Team.Task forwardLayerNorm = this::forwardLayerNormRows;
  private final Team.Task backwardLayerNorm = this::backwardLayerNormRows;
  private final Team.Task backwardInputs = this::backwardInputColumns;
  private final Team.Task backwardWeights = this::backwardWeightRows;
  private final Team.Task finishColumns = this::finishColumnGroup;

  /**
   * @param narrow the workers' products of narrow layers
   * @param delta room for the gradient of this step's output; null for the last step, whose scores
   *     turn into their gradient in place
   * @param packedDelta room for the same, packed
   */
  DenseStep(
      Kernels kernels,
      Gemm[] gemms,
      NarrowProducts[] narrow,
      SharedLeft left,
      Network.Block block,
      Layout layout,
      int maxRows,
      Pass pass,
      DenseStep below,
      float[] delta,
      float[] packedDelta) {
    this.pass = pass;
    this.gemms = gemms;
    this.left = left;
    this.kernels = kernels;
    this.block = block;
    this.below = below;
    in = block.inputs();
    out = block.outputs();
    stride = delta == null ? out : Gemm.stride(out);
    weight = layout.slot(block.name(Slot.Role.WEIGHT)).offset();
    float[] y = new float[Math.multiplyExact(maxRows, stride)];
    gate =
        new GateStep(
            block.activation(),
            block.dropout(),
            place(block.activation(), kernels, layout, maxRows, y));
    float[] z = gate.input();
    norm =
        block
            .batchNorm()
            .map(n -> new BatchNormStep(n, place(n, kernels, layout, maxRows, z)))
            .orElse(null);
    layerNorm =
        block
            .layerNorm()
            .map(n -> new LayerNormStep(n, place(n, kernels, layout, maxRows, z)))
            .orElse(null);
    output = y;
    bias = norm == null ? layout.slot(block.name(Slot.Role.BIAS)).offset() : -1;
    penalize(block.dense().penalty());
    this.delta = delta == null ? output : delta;
    this.packedDelta = packedDelta;
    biasSums = norm == null ? new ColumnSums(kernels, pass, stride, out, bias) : null;
    this.narrow = NarrowProducts.fit(in, out) ? narrow : null;
  }

  private Place place(Layer layer, Kernels kernels, Layout layout, int maxRows, float[] output) {
    Network.Node node = new Network.Node(block.number(), layer, out, false);
    return new Place(node, kernels, layout, pass, maxRows, stride, output, true);
  }

  /** Has gradients from now on those of this penalty. */
  void penalize(Penalty penalty) {
    l1 = (float) penalty.subgradient();
    l2 = (float) penalty.l2();
  }

  Network.Block block() {
    return block;
  }

  /** This step's output {@code [rows][stride]}. */
  float[] output() {
    return output;
  }

  /** The distance between rows of the output: the last step's follow one another. */
  int stride() {
    return stride;
  }

  /** The floats held, without the shared gradients. */
  long size() {
    return output.length
        + gate.size()
        + (biasSums == null ? 0 : biasSums.size())
        + (norm == null ? 0 : norm.size())
        + (layerNorm == null ? 0 : layerNorm.size());
  }

  private float[] input() {
    return below == null ? pass.inputs : below.output();
  }

  private int inputAt() {
    return below == null ? pass.inputsAt : 0;
  }

  private int inputStride() {
    return below == null ? in : below.stride;
  }

  /** Whether units of the output are dropped. */
  boolean drops() {
    return gate.drops();
  }

  /** Prepares for a pass; refuses a mask that does not fit. */
  void begin() {
    gate.begin();
  }

  void forward(Team team) {
    if (narrow == null) {
      team.run(packLeft, left.set(input(), inputAt(), inputStride(), pass.rows, in, out));
    }
    team.run(forward, groups(out) * rowBlocks());
    if (layerNorm != null) {
      team.run(forwardLayerNorm, Math.ceilDiv(pass.rows, WHOLE_ROWS));
    }
  }

  private int rowBlocks() {
    return norm == null ? Math.ceilDiv(pass.rows, ROWS) : 1;
  }

  private int groups(int columns) {
    return Math.ceilDiv(columns, group(columns));
  }

  private int group(int columns) {
    return Gemm.group(kernels, columns);
  }

  private void packLeftRows(int index, int worker) {
    left.pack(index);
  }

  private void forwardColumns(int index, int worker) {
    int column = index % groups(out) * group(out);
    int columns = Math.min(group(out), out - column);
    int from = norm == null ? index / groups(out) * ROWS : 0;
    int to = norm == null ? Math.min(pass.rows, from + ROWS) : pass.rows;
    float[] start = norm == null ? pass.parameters : null;
    int first = inputAt() + from * inputStride();
    int result = from * stride + column;
    if (narrow != null) {
      narrow[worker].multiply(
          input(),
          first,
          inputStride(),
          pass.parameters,
          weight + column,
          out,
          1,
          start,
          bias + column,
          productTarget(),
          result,
          stride,
          to - from,
          columns,
          in);
    } else {
      Gemm gemm = gemms[worker];
      gemm.left(left, from);
      gemm.right(pass.parameters, weight + column, out);
      gemm.result().in(productTarget(), result, stride);
      if (start != null) {
        gemm.result().startFromVector(start, bias + column);
      } else {
        gemm.result().startFromZero();
      }
      gemm.multiply(to - from, columns, in);
    }
    if (norm != null) {
      norm.forward(from, to, column, columns);
    }
    if (layerNorm == null) {
      gate.forward(from, to, column, columns);
    }
  }

  private float[] productTarget() {
    return norm != null ? norm.input() : layerNorm != null ? layerNorm.input() : gate.input();
  }

  private void forwardLayerNormRows(int index, int worker) {
    int from = index * WHOLE_ROWS;
    int to = Math.min(pass.rows, from + WHOLE_ROWS);
    layerNorm.forward(from, to, 0, out);
    gate.forward(from, to, 0, out);
  }

  /** Writes this step's part of the gradient; the gradient of its product is complete. */
  void backward(Team team) {
    if (below != null) {
      if (narrow == null) {
        team.run(packLeft, left.set(delta, 0, stride, pass.rows, out, in));
      }
      team.run(backwardInputs, groups(in));
      below.backwardLayerNorm(team);
    }
    team.run(backwardWeights, Math.ceilDiv(in, Gemm.LEFT_COLUMNS));
  }

  /** Finishes the gradient of the last step, for which no step above does it. */
  void finishScores(Team team) {
    team.run(finishColumns, groups(out));
  }

  /** Continues after {@link #finishDelta} where layer norm needs whole rows. */
  private void backwardLayerNorm(Team team) {
    if (layerNorm != null) {
      team.run(backwardLayerNorm, Math.ceilDiv(pass.rows, WHOLE_ROWS));
      team.run(finishColumns, groups(out));
    }
  }

  private void backwardLayerNormRows(int index, int worker) {
    int from = index * WHOLE_ROWS;
    layerNorm.backward(delta, from, Math.min(pass.rows, from + WHOLE_ROWS), 0, out);
  }

  private void backwardInputColumns(int index, int worker) {
    int column = index * group(in);
    int columns = Math.min(group(in), in - column);
    int from = weight + column * out;
    if (narrow != null) {
      narrow[worker].multiply(
          delta,
          0,
          stride,
          pass.parameters,
          from,
          1,
          out,
          null,
          0,
          below.delta,
          column,
          below.stride,
          pass.rows,
          columns,
          out);
    } else {
      Gemm gemm = gemms[worker];
      gemm.left(left, 0);
      gemm.rightTransposed(pass.parameters, from, out);
      gemm.result().in(below.delta, column, below.stride);
      gemm.result().startFromZero();
      gemm.multiply(pass.rows, columns, out);
    }
    below.finishDelta(column, columns, worker);
  }

  /** Turns columns of the output's gradient into the product's, and finishes them. */
  private void finishDelta(int column, int columns, int worker) {
    gate.backward(delta, 0, pass.rows, column, columns);
    if (layerNorm != null) {
      layerNorm.gather(delta, column, columns);
      return;
    }
    if (norm != null) {
      norm.backward(delta, 0, pass.rows, column, columns);
    }
    finishColumns(column, columns, worker);
  }

  private void finishColumnGroup(int index, int worker) {
    int column = index * group(out);
    finishColumns(column, Math.min(group(out), out - column), worker);
  }

  /**
   * Sums the bias gradient and packs columns of the product's gradient, while they are in cache. A
   * narrow W needs no packing.
   */
  private void finishColumns(int column, int columns, int worker) {
    if (biasSums != null) {
      biasSums.of(delta, column, columns);
    }
    if (narrow == null) {
      gemms[worker].pack(
          delta, column, stride, pass.rows, columns, packedDelta, column * pass.rows);
    }
  }

  private void backwardWeightRows(int index, int worker) {
    int from = index * Gemm.LEFT_COLUMNS;
    int rows = Math.min(Gemm.LEFT_COLUMNS, in - from);
    int at = weight + from * out;
    boolean continues = pass.firstRow > 0;
    boolean penalised = l1 != 0 || l2 != 0;
    if (penalised && !continues) {
      kernels.penaltyGradient(pass.parameters, at, pass.gradient, at, rows * out, l1, l2);
    }
    float[] start = penalised || continues ? pass.gradient : null;
    if (narrow != null) {
      narrow[worker].multiplyTransposed(
          input(),
          inputAt() + from,
          inputStride(),
          delta,
          stride,
          start,
          pass.gradient,
          at,
          rows,
          out,
          pass.rows);
      return;
    }
    Gemm gemm = gemms[worker];
    gemm.leftTransposed(input(), inputAt() + from, inputStride());
    gemm.rightPacked(packedDelta, pass.rows);
    gemm.result().in(pass.gradient, at, out);
    if (start == null) {
      gemm.result().startFromZero();
    } else {
      gemm.result().startFromItself();
    }
    gemm.multiply(rows, out, pass.rows);
  }
}
