package dev.lanewise.report;

import java.util.Arrays;

/**
 * Shares of numbers in bins of equal width.
 *
 * @param edges the edges of the bins, ascending
 */
record Histogram(double[] edges) {

  private static final int BINS = 32;

  /** The share of numbers at each end that the bins need not reach to. */
  private static final double TAIL = 0.002;

  /**
   * {@return bins for some series of numbers together} They reach from the smallest to the largest
   * but for a few at either end, so that one number far out leaves the others apart.
   *
   * @param series the numbers, at least one in all
   */
  static Histogram over(double[]... series) {
    double[] all = Arrays.stream(series).flatMapToDouble(Arrays::stream).sorted().toArray();
    int cut = (int) (TAIL * all.length);
    double low = all[cut];
    double high = all[all.length - 1 - cut];
    double margin = high > low ? (high - low) / BINS : Math.max(Math.abs(low), 1) / BINS;
    double from = low - margin;
    double width = (high + margin - from) / BINS;
    double[] edges = new double[BINS + 1];
    Arrays.setAll(edges, i -> from + i * width);
    return new Histogram(edges);
  }

  /** {@return the number of bins} */
  int count() {
    return BINS;
  }

  /**
   * {@return the share of numbers in each bin; those beyond the edges are in the outermost}
   *
   * @param numbers the numbers
   */
  double[] shares(double[] numbers) {
    double[] shares = new double[BINS];
    double width = (edges[BINS] - edges[0]) / BINS;
    for (double number : numbers) {
      shares[Math.clamp((long) Math.floor((number - edges[0]) / width), 0, BINS - 1)]++;
    }
    for (int i = 0; i < BINS; i++) {
      shares[i] /= numbers.length;
    }
    return shares;
  }
}
