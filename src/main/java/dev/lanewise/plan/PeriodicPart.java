package dev.lanewise.plan;

import dev.lanewise.gemm.NarrowProducts;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.NarrowKernels;
import dev.lanewise.kernel.NormKernels;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;

/**
 * Numbers of an embedding, each beside products of its cosines: column by column, some rows at a
 * time. The products are those of narrow layers, so each output is one chain of fused multiply-adds
 * from the bias, whatever the rows.
 */
final class PeriodicPart extends EmbeddedPart {

  /** The rows of a piece, so that its sums are those of a block of a column's. */
  private static final int ROWS = NormKernels.BLOCK;

  private final Kernels kernels;
  private final int frequencies;

  /** The numbers beside the column's own. */
  private final int products;

  private final int frequency;
  private final int phase;
  private final int weight;
  private final int bias;

  /** W of a column as products take it: of each worker's, or, once packed, of each column. */
  private final float[][] right;

  /** The same of b. */
  private final float[][] start;

  /** Null in inference. */
  private final Work[] workers;

  PeriodicPart(
      Embedding.Periodic periodic,
      int at,
      Network.Node node,
      Layout layout,
      Kernels kernels,
      int workers) {
    super(periodic, at);
    this.kernels = kernels;
    frequencies = periodic.frequencies();
    products = periodic.outputs() - 1;
    frequency = layout.slot(node.name(Embedding.Periodic.FREQUENCY)).offset();
    phase = layout.slot(node.name(Embedding.Periodic.PHASE)).offset();
    weight = layout.slot(node.name(Embedding.Periodic.WEIGHT)).offset();
    bias = layout.slot(node.name(Embedding.Periodic.BIAS)).offset();
    int sets = workers > 0 ? workers : columns.length;
    right = new float[sets][NarrowKernels.WIDE * frequencies];
    start = new float[sets][NarrowKernels.WIDE];
    this.workers = workers > 0 ? new Work[workers] : null;
    for (int i = 0; i < workers; i++) {
      this.workers[i] = new Work();
    }
  }

  /** A worker's arrays for the backward pass. */
  private final class Work {
    private final NarrowProducts narrow =
        new NarrowProducts(kernels, Math.max(frequencies, products));
    private final float[] cosines = new float[ROWS * frequencies];
    private final float[] turns = new float[ROWS * frequencies];

    /** The gradient of the cosines, then that of the turns. */
    private final float[] inner = new float[ROWS * frequencies];

    private final float[] outer = new float[ROWS * products];

    /** Wᵀ. */
    private final float[] transposed = new float[products * frequencies];

    private final float[] zeros = new float[frequencies];
    private final float[] sums = new float[Math.max(frequencies, products)];
  }

  @Override
  int room() {
    return frequencies + products;
  }

  @Override
  long size() {
    long floats = right.length * (long) (right[0].length + start[0].length);
    if (workers != null) {
      int rows = ROWS * (3 * frequencies + products);
      int widest = Math.max(frequencies, products);
      floats += workers.length * (long) (rows + products * frequencies + frequencies + widest);
    }
    return floats;
  }

  @Override
  void pack(float[] theta) {
    for (int c = 0; c < columns.length; c++) {
      take(theta, c, c);
    }
  }

  /** Takes W and b of a column as products want them. */
  private void take(float[] theta, int column, int set) {
    for (int f = 0; f < frequencies; f++) {
      for (int j = 0; j < products; j++) {
        float number = theta[weight + (column * frequencies + f) * products + j];
        right[set][f * NarrowKernels.WIDE + j] = number;
        right[set][f * NarrowKernels.WIDE + NarrowKernels.FEW + j] = number;
      }
    }
    for (int j = 0; j < products; j++) {
      start[set][j] = theta[bias + column * products + j];
      start[set][NarrowKernels.FEW + j] = start[set][j];
    }
  }

  @Override
  void apply(
      float[] x,
      int xo,
      int xRow,
      float[] theta,
      float[] y,
      int yo,
      int yRow,
      int rows,
      float[] room,
      int worker) {
    int sums = rows * frequencies;
    for (int c = 0; c < columns.length; c++) {
      int set = workers == null ? c : worker;
      if (workers != null) {
        take(theta, c, set);
      }
      int from = xo + columns[c];
      turns(x, from, xRow, theta, c, room, rows);
      kernels.cosTurns(room, 0, room, 0, sums);
      kernels.fewColumns(
          room, 0, frequencies, right[set], start[set], room, sums, rows, products, frequencies);
      int to = yo + at + c * (products + 1);
      for (int row = 0; row < rows; row++) {
        y[to + row * yRow] = x[from + row * xRow];
        for (int j = 0; j < products; j++) {
          y[to + row * yRow + 1 + j] = room[sums + row * products + j];
        }
      }
    }
  }

  /** Computes w·x + b of a column, {@code [rows][frequencies]}. */
  private void turns(
      float[] x, int from, int xRow, float[] theta, int column, float[] turns, int rows) {
    kernels.fewSteps(
        x,
        from,
        xRow,
        theta,
        frequency + column * frequencies,
        frequencies,
        theta,
        phase + column * frequencies,
        turns,
        0,
        frequencies,
        rows,
        frequencies,
        1);
  }

  @Override
  int tasks() {
    return columns.length;
  }

  /** A task is a column. */
  @Override
  void gradient(
      int task,
      float[] x,
      int xo,
      int xRow,
      float[] theta,
      float[] delta,
      int stride,
      float[] gradient,
      int rows,
      boolean adds,
      int worker) {
    Work work = workers[worker];
    int w = weight + task * frequencies * products;
    for (int f = 0; f < frequencies; f++) {
      for (int j = 0; j < products; j++) {
        work.transposed[j * frequencies + f] = theta[w + f * products + j];
      }
    }
    for (int row = 0; row < rows; row += ROWS) {
      int some = Math.min(ROWS, rows - row);
      int from = xo + row * xRow + columns[task];
      int to = row * stride + at + task * (products + 1) + 1;
      for (int r = 0; r < some; r++) {
        System.arraycopy(delta, to + r * stride, work.outer, r * products, products);
      }
      gradient(work, task, x, from, xRow, theta, gradient, some, adds || row > 0);
    }
  }

  /** The gradient of a few rows, whose share of the outputs' gradient is in {@code outer}. */
  private void gradient(
      Work work,
      int column,
      float[] x,
      int from,
      int xRow,
      float[] theta,
      float[] gradient,
      int rows,
      boolean adds) {
    float[] begun = adds ? gradient : null;
    int all = rows * frequencies;
    turns(x, from, xRow, theta, column, work.turns, rows);
    kernels.cosTurns(work.turns, 0, work.cosines, 0, all);
    work.narrow.multiplyTransposed(
        work.cosines,
        0,
        frequencies,
        work.outer,
        0,
        products,
        begun,
        gradient,
        weight + column * frequencies * products,
        frequencies,
        products,
        rows);
    sum(work, work.outer, products, gradient, bias + column * products, rows, adds);
    kernels.fewSteps(
        work.outer,
        0,
        products,
        work.transposed,
        0,
        frequencies,
        work.zeros,
        0,
        work.inner,
        0,
        frequencies,
        rows,
        frequencies,
        products);
    kernels.cosTurnsGate(work.turns, 0, work.inner, 0, all);
    work.narrow.multiplyTransposed(
        x,
        from,
        xRow,
        work.inner,
        0,
        frequencies,
        begun,
        gradient,
        frequency + column * frequencies,
        1,
        frequencies,
        rows);
    sum(work, work.inner, frequencies, gradient, phase + column * frequencies, rows, adds);
  }

  /** Sums columns of a block of rows, and adds them to those of the blocks before. */
  private void sum(
      Work work, float[] of, int width, float[] gradient, int at, int rows, boolean adds) {
    if (!adds) {
      kernels.columnSums(of, 0, width, rows, width, gradient, at);
      return;
    }
    kernels.columnSums(of, 0, width, rows, width, work.sums, 0);
    for (int j = 0; j < width; j++) {
      gradient[at + j] += work.sums[j];
    }
  }
}
