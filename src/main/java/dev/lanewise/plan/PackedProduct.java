package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.WeightFormat;

/**
 * A dense layer made ready for inference: packed weights and biases.
 *
 * <p>Weights, biases and the rows of the output fill whole vectors, so no product has an edge; the
 * padding is never read. Any number of threads may apply it.
 */
final class PackedProduct extends PackedHead {

  /** The most columns that are packed at once; a multiple of every panel's. */
  static final int GROUP = 96;

  private final Kernels kernels;
  private final int inputs;
  private final int outputs;
  private final int columns;
  private final float[] biases;
  private final boolean half;

  /** The panels; empty at half width. */
  private final float[] weights;

  /** The panels at half width; empty otherwise. */
  private final int[] halves;

  PackedProduct(Kernels kernels, Network.Node dense, WeightFormat format) {
    this.kernels = kernels;
    inputs = dense.inputs();
    outputs = dense.outputs();
    half = format == WeightFormat.BFLOAT16;
    int pair = kernels.halfPanelColumns();
    columns = half ? Math.ceilDiv(outputs, pair) * pair : Gemm.packedLength(kernels, 1, outputs);
    biases = new float[columns];
    int length = Math.multiplyExact(inputs, columns);
    weights = new float[half ? 0 : length];
    halves = new int[half ? length / 2 : 0];
  }

  @Override
  int columns() {
    return columns;
  }

  @Override
  long heapBytes() {
    long floats = (long) biases.length + weights.length;
    return Float.BYTES * floats + (long) Integer.BYTES * halves.length;
  }

  /** {@return the biases {@code [columns]}} */
  float[] biases() {
    return biases;
  }

  @Override
  void pack(float[] theta, Folding folding, Gemm gemm, float[] room) {
    folding.pack(theta, 0, this, gemm, kernels, room);
  }

  /**
   * Packs columns of the weights.
   *
   * @param gemm the thread's products
   * @param w a matrix that holds them side by side
   * @param at the offset of their first element
   * @param row the distance between its rows
   * @param from the first one's place in the product, a multiple of {@value #GROUP}
   * @param count their number
   */
  void pack(Gemm gemm, float[] w, int at, int row, int from, int count) {
    if (half) {
      kernels.packHalves(w, at, row, inputs, count, halves, from / 2 * inputs);
    } else {
      gemm.pack(w, at, row, inputs, count, weights, from * inputs);
    }
  }

  /**
   * Element by element, because the kernels that pack may be slow yet: they are those of vectors
   * that the JVM has not compiled.
   */
  @Override
  void copy(PackedHead same) {
    PackedProduct other = (PackedProduct) same;
    System.arraycopy(other.biases, 0, biases, 0, outputs);
    Places from = new Places(other);
    Places to = new Places(this);
    for (int first = 0; first < outputs; first += GROUP) {
      int count = Math.min(GROUP, outputs - first);
      from.find(first, count);
      to.find(first, count);
      for (int k = 0; k < inputs; k++) {
        if (half) {
          copyHalves(k, count, other.halves, from, to);
        } else {
          copyFloats(k, count, other.weights, from, to);
        }
      }
    }
  }

  private void copyFloats(int k, int count, float[] others, Places from, Places to) {
    for (int j = 0; j < count; j++) {
      weights[to.first[j] + k * to.steps[j]] = others[from.first[j] + k * from.steps[j]];
    }
  }

  private void copyHalves(int k, int count, int[] others, Places from, Places to) {
    for (int j = 0; j < count; j++) {
      int at = from.first[j] + k * from.steps[j];
      int place = to.first[j] + k * to.steps[j];
      int bits = others[at >> 1] >>> Short.SIZE * (at & 1) & 0xffff;
      halves[place >> 1] |= bits << Short.SIZE * (place & 1);
    }
  }

  /** The places of a group of columns of a product. */
  private static final class Places {
    private final PackedProduct product;

    /** The place of each column's first element. */
    private final int[] first = new int[GROUP];

    /** The distance between each column's elements. */
    private final int[] steps = new int[GROUP];

    private Places(PackedProduct product) {
      this.product = product;
    }

    private void find(int from, int count) {
      for (int j = 0; j < count; j++) {
        first[j] = product.place(0, from + j);
        steps[j] = product.place(1, from + j) - first[j];
      }
    }
  }

  /**
   * {@return where {@link #pack} leaves an element of the weights} At half width the last bit tells
   * the half of the integer.
   */
  private int place(int k, int j) {
    if (!half) {
      return Gemm.place(kernels, k, j, inputs, outputs);
    }
    int panel = kernels.halfPanelColumns();
    int column = j % panel;
    int width = panel / 2;
    return 2 * ((j - column) / 2 * inputs + k * width + column % width) + column / width;
  }

  @Override
  void apply(Gemm gemm, float[] x, int xo, int xRow, float[] y, int rows, float[] room) {
    apply(gemm, x, xo, xRow, y, 0, rows);
  }

  /**
   * Computes the product and adds the biases.
   *
   * @param gemm the thread's products
   * @param x the input; row i begins at {@code xo + i·xRow}
   * @param xo the offset of its first row
   * @param xRow the distance between its rows
   * @param y receives the output {@code [rows][columns]}
   * @param yo the offset of its first row
   * @param rows the number of rows
   */
  void apply(Gemm gemm, float[] x, int xo, int xRow, float[] y, int yo, int rows) {
    if (half) {
      int panels = columns / kernels.halfPanelColumns();
      kernels.productByHalves(x, xo, xRow, halves, panels, biases, y, yo, rows, inputs);
    } else {
      gemm.left(x, xo, xRow);
      gemm.rightPacked(weights, inputs);
      gemm.result().in(y, yo, columns);
      gemm.result().startFromVector(biases, 0);
      gemm.multiply(rows, columns, inputs);
    }
  }
}
