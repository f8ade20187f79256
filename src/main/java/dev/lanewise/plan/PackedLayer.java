package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.WeightFormat;

/**
 * One block of a {@link PackedNetwork}: packed weights, biases, layer norm and the activation.
 *
 * <p>Weights, biases and the rows of the output fill whole vectors, so no product has an edge; the
 * padding is never read. Any number of threads may apply it.
 */
final class PackedLayer {

  /** The most columns that are packed at once; a multiple of every panel's. */
  static final int GROUP = 96;

  private final Kernels kernels;
  private final Pointwise activation;
  private final int inputs;
  private final int outputs;
  private final int columns;
  private final float[] biases;
  private final boolean half;

  /** Null without layer norm. */
  private final LayerNorm norm;

  /** γ, then β, of layer norm; empty without. */
  private final float[] scalesAndShifts;

  /** The panels; empty at half width. */
  private final float[] weights;

  /** The panels at half width; empty otherwise. */
  private final int[] halves;

  PackedLayer(Kernels kernels, Network.Block block, WeightFormat format) {
    this.kernels = kernels;
    activation = new Pointwise(kernels, block.activation());
    inputs = block.inputs();
    outputs = block.outputs();
    half = format == WeightFormat.BFLOAT16;
    int pair = kernels.halfPanelColumns();
    columns = half ? Math.ceilDiv(outputs, pair) * pair : Gemm.packedLength(kernels, 1, outputs);
    biases = new float[columns];
    int length = Math.multiplyExact(inputs, columns);
    norm = block.layerNorm().orElse(null);
    scalesAndShifts = new float[norm == null ? 0 : 2 * outputs];
    weights = new float[half ? 0 : length];
    halves = new int[half ? length / 2 : 0];
  }

  /** {@return the columns of the output without padding} */
  int outputs() {
    return outputs;
  }

  /** {@return the columns of the output, padding included} */
  int columns() {
    return columns;
  }

  /** {@return the bytes of the arrays} */
  long heapBytes() {
    long floats = (long) biases.length + scalesAndShifts.length + weights.length;
    return Float.BYTES * floats + (long) Integer.BYTES * halves.length;
  }

  /** {@return the biases {@code [columns]}} */
  float[] biases() {
    return biases;
  }

  /** {@return γ, then β, of layer norm; empty without} */
  float[] scalesAndShifts() {
    return scalesAndShifts;
  }

  /**
   * Packs columns of the weights.
   *
   * @param gemm the thread's products
   * @param w a matrix that holds them side by side
   * @param at the offset of their first element
   * @param row the distance between its rows
   * @param from the first one's place in the layer, a multiple of {@value #GROUP}
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
   * Packs what the layer of another network holds, which is packed for other kernels.
   *
   * @param gemm the thread's products
   * @param other the same layer
   */
  void copy(Gemm gemm, PackedLayer other) {
    System.arraycopy(other.biases, 0, biases, 0, outputs);
    System.arraycopy(other.scalesAndShifts, 0, scalesAndShifts, 0, scalesAndShifts.length);
    float[] group = new float[Math.multiplyExact(inputs, GROUP)];
    int[] places = new int[GROUP];
    int[] steps = new int[GROUP];
    for (int from = 0; from < outputs; from += GROUP) {
      int count = Math.min(GROUP, outputs - from);
      for (int j = 0; j < count; j++) {
        places[j] = other.place(0, from + j);
        steps[j] = other.place(1, from + j) - places[j];
      }
      for (int k = 0; k < inputs; k++) {
        other.read(k, places, steps, count, group);
      }
      pack(gemm, group, 0, count, from, count);
    }
  }

  /** Reads columns of row k of the weights into row k of a matrix of so many columns. */
  private void read(int k, int[] places, int[] steps, int count, float[] matrix) {
    int to = k * count;
    for (int j = 0; j < count; j++) {
      int at = places[j] + k * steps[j];
      matrix[to + j] = half ? half(halves[at >> 1], at) : weights[at];
    }
  }

  /** {@return the half that the last bit of a place tells, widened} */
  private static float half(int both, int place) {
    return Float.intBitsToFloat((place & 1) == 0 ? both << 16 : both & 0xffff0000);
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

  /**
   * Computes the layer's output.
   *
   * @param gemm the thread's products
   * @param x the input; row i begins at {@code xo + i·xRow}
   * @param xo the offset of its first row
   * @param xRow the distance between its rows
   * @param y the output {@code [rows][columns]}
   * @param rows the number of rows
   */
  void apply(Gemm gemm, float[] x, int xo, int xRow, float[] y, int rows) {
    if (half) {
      int panels = columns / kernels.halfPanelColumns();
      kernels.productByHalves(x, xo, xRow, halves, panels, biases, y, rows, inputs);
    } else {
      gemm.left(x, xo, xRow);
      gemm.rightPacked(weights, inputs);
      gemm.result().in(y, 0, columns);
      gemm.result().startFromVector(biases, 0);
      gemm.multiply(rows, columns, inputs);
    }
    if (norm != null) {
      normalize(y, rows);
    }
    if (columns == outputs) {
      activation.apply(y, y, 0, rows * columns);
      return;
    }
    for (int row = 0; row < rows; row++) {
      activation.apply(y, y, row * columns, outputs);
    }
  }

  private void normalize(float[] y, int rows) {
    double epsilon = norm.epsilon();
    for (int row = 0; row < rows; row++) {
      int at = row * columns;
      kernels.normalizeRow(y, at, y, at, outputs, epsilon, scalesAndShifts, 0, outputs);
    }
  }
}
