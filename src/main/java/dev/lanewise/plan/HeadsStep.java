package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.gemm.NarrowProducts;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.tensor.Slot;
import dev.lanewise.tensor.WeightFormat;
import java.util.Arrays;
import java.util.List;

/**
 * The last dense layer behind members compiled: for each member a product of its rows with its own
 * weights. The scores are those of the first member, then those of the second, and so on, so that
 * each product writes a matrix of its own.
 */
final class HeadsStep extends Step.Head {

  /** The pass in rows of the inputs, which are the rows of each member. */
  private final Pass pass;

  private final Gemm[] gemms;

  /** The workers' products where a head is narrow; else null. */
  private final NarrowProducts[] narrow;

  private final Kernels kernels;
  private final int count;
  private final int in;
  private final int out;
  private final int weight;
  private final int bias;
  private float l1;
  private float l2;

  /** The chain whose output is the input. */
  private final Chain below;

  /** The scores, {@code [count][rows][out]}, and their gradient in the same place. */
  private final float[] scores;

  /** The bias gradient of each member. */
  private final ColumnSums[] biasSums;

  /**
   * A packed copy of each member's scores' gradient: the right factor of the gradient of W. Empty
   * where heads are narrow.
   */
  private final float[][] packed;

  private final Team.Task backwardWeights = this::backwardWeightRows;

  HeadsStep(Dense dense, Place place, Chain.Ends ends, Buffers buffers) {
    pass = buffers.pass();
    kernels = place.kernels();
    gemms = buffers.gemms();
    count = place.node().heads();
    in = place.node().inputs();
    out = place.node().outputs();
    // Rows of the input's gradient are far apart, which products with few inputs do not expect.
    boolean fewInputs = NarrowProducts.fit(in, Integer.MAX_VALUE);
    narrow = NarrowProducts.fit(in, out) && !fewInputs ? buffers.narrow() : null;
    scores = place.output();
    below = ends.below();
    weight = place.offset(Slot.Role.WEIGHT);
    bias = place.offset(Slot.Role.BIAS);
    biasSums = new ColumnSums[count];
    for (int member = 0; member < count; member++) {
      biasSums[member] = new ColumnSums(kernels, pass, out, out, bias + member * out);
    }
    int rows = place.maxRows() / count;
    packed =
        narrow == null ? new float[count][Gemm.packedLength(kernels, rows, out)] : new float[0][];
    penalize(dense.penalty());
  }

  @Override
  boolean isByMember() {
    return true;
  }

  @Override
  void penalize(Penalty penalty) {
    l1 = (float) penalty.subgradient();
    l2 = (float) penalty.l2();
  }

  @Override
  String label() {
    return count + " heads of product + bias";
  }

  @Override
  long size() {
    long size = 0;
    for (ColumnSums sums : biasSums) {
      size += sums.size();
    }
    for (float[] panels : packed) {
      size += panels.length;
    }
    return size;
  }

  /** The distance between rows of a member in the input. */
  private int rowOfInput() {
    return count * below.stride();
  }

  @Override
  Region.Piece forward() {
    return new Region.Piece(Reach.ELEMENTS, this::forwardColumns);
  }

  private void forwardColumns(int from, int to, int column, int columns, int worker) {
    int rows = pass.rows();
    for (int row = from; row < to; ) {
      int member = row / rows;
      int some = Math.min(to, (member + 1) * rows) - row;
      forward(member, row - member * rows, some, column, columns, worker);
      row += some;
    }
  }

  private void forward(int member, int row, int rows, int column, int columns, int worker) {
    int x = below.outputAt() + (row * count + member) * below.stride();
    int w = weight + member * in * out + column;
    int b = bias + member * out + column;
    int result = (member * pass.rows() + row) * out + column;
    if (narrow != null) {
      narrow[worker].multiply(
          below.output(),
          x,
          rowOfInput(),
          pass.parameters(),
          w,
          out,
          1,
          pass.parameters(),
          b,
          scores,
          result,
          out,
          rows,
          columns,
          in);
      return;
    }
    Gemm gemm = gemms[worker];
    gemm.left(below.output(), x, rowOfInput());
    gemm.right(pass.parameters(), w, out);
    gemm.result().in(scores, result, out);
    gemm.result().startFromVector(pass.parameters(), b);
    gemm.multiply(rows, columns, in);
  }

  /** All rows at once: W's columns are packed once. */
  @Override
  Region.Piece inputGradient() {
    return new Region.Piece(Reach.COLUMNS, this::backwardInputColumns);
  }

  private void backwardInputColumns(int from, int to, int column, int columns, int worker) {
    int rows = pass.rows();
    for (int member = 0; member < count; member++) {
      int w = weight + (member * in + column) * out;
      int result = member * below.stride() + column;
      if (narrow != null) {
        narrow[worker].multiply(
            scores,
            member * rows * out,
            out,
            pass.parameters(),
            w,
            1,
            out,
            null,
            0,
            below.delta(),
            result,
            rowOfInput(),
            rows,
            columns,
            out);
        continue;
      }
      Gemm gemm = gemms[worker];
      gemm.left(scores, member * rows * out, out);
      gemm.rightTransposed(pass.parameters(), w, out);
      gemm.result().in(below.delta(), result, rowOfInput());
      gemm.result().startFromZero();
      gemm.multiply(rows, columns, out);
    }
  }

  @Override
  List<Region.Piece> finish() {
    return List.of(new Region.Piece(Reach.COLUMNS, this::finishColumns));
  }

  /** Sums the biases' gradients, and packs columns of the scores' gradient. */
  private void finishColumns(int from, int to, int column, int columns, int worker) {
    int rows = pass.rows();
    for (int member = 0; member < count; member++) {
      int first = member * rows * out;
      biasSums[member].of(scores, first, column, columns);
      if (narrow == null) {
        gemms[worker].pack(
            scores, first + column, out, rows, columns, packed[member], column * rows);
      }
    }
  }

  /** Writes the gradient of W. */
  @Override
  void parameterGradient(Team team) {
    team.run(backwardWeights, count * tasksOfMember());
  }

  private int tasksOfMember() {
    return Math.ceilDiv(in, Gemm.LEFT_COLUMNS);
  }

  private void backwardWeightRows(int index, int worker) {
    int member = index / tasksOfMember();
    int from = index % tasksOfMember() * Gemm.LEFT_COLUMNS;
    int rows = Math.min(Gemm.LEFT_COLUMNS, in - from);
    int at = weight + (member * in + from) * out;
    boolean continues = pass.firstRow() > 0;
    boolean penalised = l1 != 0 || l2 != 0;
    if (penalised && !continues) {
      kernels.penaltyGradient(pass.parameters(), at, pass.gradient(), at, rows * out, l1, l2);
    }
    float[] start = penalised || continues ? pass.gradient() : null;
    int x = below.outputAt() + member * below.stride() + from;
    if (narrow != null) {
      narrow[worker].multiplyTransposed(
          below.output(),
          x,
          rowOfInput(),
          scores,
          member * pass.rows() * out,
          out,
          start,
          pass.gradient(),
          at,
          rows,
          out,
          pass.rows());
      return;
    }
    Gemm gemm = gemms[worker];
    gemm.leftTransposed(below.output(), x, rowOfInput());
    gemm.rightPacked(packed[member], pass.rows());
    gemm.result().in(pass.gradient(), at, out);
    if (start == null) {
      gemm.result().startFromZero();
    } else {
      gemm.result().startFromItself();
    }
    gemm.multiply(rows, out, pass.rows());
  }

  /**
   * The same for inference: the scores of the first member, then those of the second, and so on.
   */
  static final class Packed extends PackedHead {

    private final Kernels kernels;
    private final PackedProduct[] products;

    Packed(Network.Node node, Kernels kernels, WeightFormat format) {
      this.kernels = kernels;
      products = new PackedProduct[node.heads()];
      Arrays.setAll(products, member -> new PackedProduct(kernels, node, format));
    }

    @Override
    int columns() {
      return products[0].columns();
    }

    @Override
    long heapBytes() {
      return products.length * products[0].heapBytes();
    }

    @Override
    void pack(float[] theta, Folding folding, Gemm gemm, float[] room) {
      for (int member = 0; member < products.length; member++) {
        folding.pack(theta, member, products[member], gemm, kernels, room);
      }
    }

    @Override
    void copy(PackedHead other) {
      for (int member = 0; member < products.length; member++) {
        products[member].copy(((Packed) other).products[member]);
      }
    }

    @Override
    void apply(Gemm gemm, float[] x, int xo, int xRow, float[] y, int rows, float[] room) {
      int its = rows / products.length;
      int itsRow = products.length * xRow;
      for (int member = 0; member < products.length; member++) {
        int result = member * its * columns();
        products[member].apply(gemm, x, xo + member * xRow, itsRow, y, result, its);
      }
    }
  }
}
