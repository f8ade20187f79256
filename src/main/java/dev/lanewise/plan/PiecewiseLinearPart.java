package dev.lanewise.plan;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.PiecewiseKernels;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import java.util.Arrays;
import java.util.List;

/**
 * The piecewise-linear functions of an embedding. On a bin all is a line, so w, b and the bins' v
 * are taken together, once for all rows: at edge k the value is a_k = w·e_k + (b + v_0 + … +
 * v_(k−1)), and within the bin it grows by b_k = w·(e_(k+1) − e_k) + v_k. Beyond the outer edges it
 * stays.
 */
final class PiecewiseLinearPart extends EmbeddedPart {

  private final Kernels kernels;
  private final int size;
  private final int slope;
  private final int intercept;
  private final int weights;

  /** The bins of each column. */
  private final int[] bins;

  /** The first of each column's bins among all. */
  private final int[] firstBin;

  /** Each column's edges, filled up as the kernels want them. */
  private final float[] edges;

  /** Where each column's edges begin. */
  private final int[] firstEdge;

  /** The lines of all bins, {@code [bins][2][size]}: a, then b. */
  private final float[] lines;

  /**
   * The gradient of the lines, over all rows of a batch, so that its parts are one chain of sums;
   * null in inference.
   */
  private final float[] sums;

  PiecewiseLinearPart(
      Embedding.PiecewiseLinear piecewise,
      int at,
      Network.Node node,
      Layout layout,
      Kernels kernels,
      int workers) {
    super(piecewise, at);
    this.kernels = kernels;
    size = piecewise.size();
    slope = layout.slot(node.name(Embedding.PiecewiseLinear.SLOPE)).offset();
    intercept = layout.slot(node.name(Embedding.PiecewiseLinear.INTERCEPT)).offset();
    weights = layout.slot(node.name(Embedding.PiecewiseLinear.BINS)).offset();
    bins = new int[columns.length];
    firstBin = new int[columns.length];
    firstEdge = new int[columns.length];
    int allBins = 0;
    int allEdges = 0;
    for (int c = 0; c < columns.length; c++) {
      bins[c] = piecewise.edges().get(c).size() - 1;
      firstBin[c] = allBins;
      firstEdge[c] = allEdges;
      allBins += bins[c];
      allEdges += PiecewiseKernels.edges(bins[c]);
    }
    edges = new float[allEdges];
    Arrays.fill(edges, Float.NaN);
    for (int c = 0; c < columns.length; c++) {
      List<Float> its = piecewise.edges().get(c);
      for (int e = 0; e < its.size(); e++) {
        edges[firstEdge[c] + e] = its.get(e);
      }
    }
    lines = new float[allBins * 2 * size];
    sums = workers > 0 ? new float[lines.length] : null;
  }

  @Override
  long size() {
    return edges.length + lines.length + (sums == null ? 0 : sums.length);
  }

  @Override
  void prepare(float[] theta) {
    pack(theta);
  }

  /** The lines of all bins. */
  @Override
  void pack(float[] theta) {
    for (int c = 0; c < columns.length; c++) {
      for (int j = 0; j < size; j++) {
        float w = theta[slope + c * size + j];
        float below = theta[intercept + c * size + j];
        for (int k = 0; k < bins[c]; k++) {
          int line = 2 * (firstBin[c] + k) * size + j;
          float edge = edges[firstEdge[c] + k];
          float v = theta[weights + (firstBin[c] + k) * size + j];
          lines[line] = w * edge + below;
          lines[line + size] = w * (edges[firstEdge[c] + k + 1] - edge) + v;
          below += v;
        }
      }
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
    for (int c = 0; c < columns.length; c++) {
      kernels.piecewise(
          x,
          xo + columns[c],
          xRow,
          edges,
          firstEdge[c],
          bins[c],
          lines,
          2 * firstBin[c] * size,
          y,
          yo + at + c * size,
          yRow,
          rows,
          size);
    }
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
    int from = 2 * firstBin[task] * size;
    if (!adds) {
      Arrays.fill(sums, from, from + 2 * bins[task] * size, 0);
    }
    kernels.piecewiseGradient(
        x,
        xo + columns[task],
        xRow,
        edges,
        firstEdge[task],
        bins[task],
        delta,
        at + task * size,
        stride,
        sums,
        from,
        rows,
        size);
    for (int j = 0; j < size; j++) {
      double above = 0;
      double slopes = 0;
      for (int k = bins[task] - 1; k >= 0; k--) {
        int line = from + 2 * k * size + j;
        double edge = edges[firstEdge[task] + k];
        slopes += edge * sums[line] + (edges[firstEdge[task] + k + 1] - edge) * sums[line + size];
        gradient[weights + (firstBin[task] + k) * size + j] = (float) (sums[line + size] + above);
        above += sums[line];
      }
      gradient[slope + task * size + j] = (float) slopes;
      gradient[intercept + task * size + j] = (float) above;
    }
  }
}
