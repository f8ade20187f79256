package dev.lanewise.reference;

import dev.lanewise.net.Embedding;
import dev.lanewise.net.Network;
import java.util.List;
import java.util.Map;

/** The piecewise-linear functions of an embedding, bin by bin as the formula has it. */
final class Binned {

  private final Embedding.PiecewiseLinear part;
  private final double[][] slope;
  private final double[] intercept;

  /** A row for each bin of each column. */
  private final double[][] bins;

  Binned(Embedding.PiecewiseLinear part, Network.Node at, Tensors tensors) {
    this.part = part;
    slope = tensors.matrix(at.name(Embedding.PiecewiseLinear.SLOPE));
    intercept = tensors.vector(at.name(Embedding.PiecewiseLinear.INTERCEPT));
    bins = tensors.matrix(at.name(Embedding.PiecewiseLinear.BINS));
  }

  /** {@return how far a number has come through a bin} */
  private static double through(List<Float> edges, int bin, double number) {
    double low = edges.get(bin);
    return Math.min(Math.max((number - low) / (edges.get(bin + 1) - low), 0), 1);
  }

  /** {@return a number, or the edge that it is beyond} */
  private static double within(List<Float> edges, double number) {
    return Math.min(Math.max(number, edges.getFirst()), edges.getLast());
  }

  /** Writes what the columns of a row become. */
  void infer(double[] x, double[] y, int at) {
    int first = 0;
    for (int c = 0; c < part.columns().size(); c++) {
      List<Float> edges = part.edges().get(c);
      double number = within(edges, x[part.columns().get(c)]);
      for (int j = 0; j < part.size(); j++) {
        double sum = number * slope[c][j] + intercept[c * part.size() + j];
        for (int bin = 0; bin < edges.size() - 1; bin++) {
          sum += through(edges, bin, number) * bins[first + bin][j];
        }
        y[at + c * part.size() + j] = sum;
      }
      first += edges.size() - 1;
    }
  }

  void backward(double[][] x, double[][] dY, int at, Map<String, double[][]> gradients) {
    double[][] dSlope = new double[slope.length][part.size()];
    double[] dIntercept = new double[intercept.length];
    double[][] dBins = new double[bins.length][part.size()];
    for (int r = 0; r < dY.length; r++) {
      int first = 0;
      for (int c = 0; c < slope.length; c++) {
        List<Float> edges = part.edges().get(c);
        double number = within(edges, x[r][part.columns().get(c)]);
        for (int j = 0; j < part.size(); j++) {
          double d = dY[r][at + c * part.size() + j];
          dSlope[c][j] += d * number;
          dIntercept[c * part.size() + j] += d;
          for (int bin = 0; bin < edges.size() - 1; bin++) {
            dBins[first + bin][j] += d * through(edges, bin, number);
          }
        }
        first += edges.size() - 1;
      }
    }
    gradients.put(Embedding.PiecewiseLinear.SLOPE, dSlope);
    gradients.put(Embedding.PiecewiseLinear.INTERCEPT, new double[][] {dIntercept});
    gradients.put(Embedding.PiecewiseLinear.BINS, dBins);
  }
}
