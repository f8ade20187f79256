package dev.lanewise.plan;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Batches;
import dev.lanewise.data.ExampleSet;
import java.util.Arrays;

/**
 * Means and sums of squared deviations of columns, in double precision, pooled block by block in
 * order (Chan, Golub and LeVeque 1983).
 */
final class PooledMoments {

  /** The rows of a block. */
  static final int ROWS = 1024;

  /** What else is done with a block of rows. */
  interface Block {
    /**
     * Looks at a block.
     *
     * @param first the number of its first row, those of members counted one by one
     * @param values its rows {@code [rows][columns]}
     * @param rows their number
     */
    void at(long first, float[] values, int rows);
  }

  private final double[] means;
  private final double[] squares;
  private long count;

  private PooledMoments(int columns) {
    means = new double[columns];
    squares = new double[columns];
  }

  /**
   * {@return the moments of what leaves some layers}
   *
   * @param layers the layers
   * @param width the columns: those that leave the layers, of which each example has as many rows
   *     as there are members; or those of all members side by side
   * @param rows the examples, of which the first are taken through them, in order
   * @param most how many, a multiple of {@link #ROWS}
   * @param each what is done with each block of rows besides
   */
  static PooledMoments of(PackedNetwork layers, int width, ExampleSet rows, int most, Block each) {
    InferencePlan plan = InferencePlan.over(layers);
    int copies = layers.outputs() / width;
    float[] values = new float[Math.multiplyExact(Math.min(ROWS, rows.rows()), layers.outputs())];
    PooledMoments moments = new PooledMoments(width);
    Batches batches = Batches.unshuffled(rows, ROWS);
    batches.start(0);
    try {
      for (int i = 0; i < batches.count() && i * ROWS < most; i++) {
        Batch batch = batches.get(i);
        plan.scores(batch.features(), 0, batch.rows(), values, 0);
        int count = batch.rows() * copies;
        each.at(moments.count, values, count);
        moments.add(values, count);
      }
    } finally {
      batches.close(); // a stream may be left before its end
    }
    return moments;
  }

  private void add(float[] rows, int n) {
    int columns = means.length;
    double[] sums = new double[columns];
    double[] deviations = new double[columns];
    for (int from = 0; from < n * columns; from += columns) {
      for (int j = 0; j < columns; j++) {
        sums[j] += rows[from + j];
      }
    }
    Arrays.setAll(sums, j -> sums[j] / n);
    for (int from = 0; from < n * columns; from += columns) {
      for (int j = 0; j < columns; j++) {
        double deviation = rows[from + j] - sums[j];
        deviations[j] += deviation * deviation;
      }
    }
    long total = count + n;
    for (int j = 0; j < columns; j++) {
      double apart = sums[j] - means[j];
      means[j] += apart * n / total;
      squares[j] += deviations[j] + apart * apart * count * n / total;
    }
    count = total;
  }

  double mean(int column) {
    return means[column];
  }

  double variance(int column, boolean unbiased) {
    return squares[column] / (unbiased ? count - 1 : count);
  }
}
