package dev.lanewise.update;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.NormKernels;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.List;

/**
 * Scales columns of weight matrices {@code [in][out]} that are longer than their layer allows back
 * to that length. A task owns {@value #COLUMNS} columns of a matrix; a column's squares are summed
 * in blocks of {@link NormKernels#BLOCK} rows, as all column sums are.
 */
final class MaxNorm {

  /** The columns of a task: with a block of rows they fit the first-level cache. */
  private static final int COLUMNS = 64;

  private final Slot[] weights;
  private final float[] limits;

  /** The number of the first task of each matrix, and of all tasks. */
  private final int[] firstTasks;

  private final Scratch[] scratches;

  /** The scratch arrays of a worker. */
  private static final class Scratch {
    private final float[] squares = new float[NormKernels.BLOCK * COLUMNS];
    private final float[] block = new float[COLUMNS];
    private final float[] sums = new float[COLUMNS];
  }

  private MaxNorm(List<Network.Block> blocks, Layout layout, int workers) {
    weights = new Slot[blocks.size()];
    limits = new float[blocks.size()];
    firstTasks = new int[blocks.size() + 1];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = layout.slot(blocks.get(i).name(Slot.Role.WEIGHT));
      limits[i] = (float) blocks.get(i).dense().maxNorm().orElseThrow();
      firstTasks[i + 1] = firstTasks[i] + Math.ceilDiv(weights[i].columns(), COLUMNS);
    }
    scratches = new Scratch[workers];
    Arrays.setAll(scratches, w -> new Scratch());
  }

  /** Compiles a network's limits of column lengths; null if it has none. */
  static MaxNorm compile(Network network, Layout layout, int workers) {
    List<Network.Block> blocks =
        network.blocks().stream().filter(b -> b.dense().maxNorm().isPresent()).toList();
    return blocks.isEmpty() ? null : new MaxNorm(blocks, layout, workers);
  }

  /** {@return the number of tasks} */
  int tasks() {
    return firstTasks[weights.length];
  }

  /** Limits one task's columns. */
  void apply(Kernels kernels, float[] theta, int task, int worker) {
    int matrix = 0;
    while (firstTasks[matrix + 1] <= task) {
      matrix++;
    }
    Slot weight = weights[matrix];
    int column = (task - firstTasks[matrix]) * COLUMNS;
    int columns = Math.min(COLUMNS, weight.columns() - column);
    float[] factors = scratches[worker].sums;
    sumSquares(kernels, theta, weight, column, columns, scratches[worker]);
    boolean longer = false;
    for (int j = 0; j < columns; j++) {
      double length =
          factors[j] == Float.POSITIVE_INFINITY
              ? lengthBeyondFloats(theta, weight, column + j)
              : Math.sqrt(factors[j]);
      factors[j] = length > limits[matrix] ? (float) (limits[matrix] / length) : 1;
      longer |= factors[j] != 1;
    }
    for (int row = 0; longer && row < weight.rows(); row++) {
      int at = weight.offset() + row * weight.columns() + column;
      for (int j = 0; j < columns; j++) {
        theta[at + j] *= factors[j];
      }
    }
  }

  /** {@return the length of a column whose squares exceed a float's range, but not a double's} */
  private static double lengthBeyondFloats(float[] theta, Slot weight, int column) {
    double sum = 0;
    for (int row = 0; row < weight.rows(); row++) {
      double w = theta[weight.offset() + row * weight.columns() + column];
      sum += w * w;
    }
    return Math.sqrt(sum);
  }

  private static void sumSquares(
      Kernels kernels, float[] theta, Slot weight, int column, int columns, Scratch scratch) {
    Arrays.fill(scratch.sums, 0);
    for (int from = 0; from < weight.rows(); from += NormKernels.BLOCK) {
      int rows = Math.min(NormKernels.BLOCK, weight.rows() - from);
      for (int row = 0; row < rows; row++) {
        int at = weight.offset() + (from + row) * weight.columns() + column;
        for (int j = 0; j < columns; j++) {
          scratch.squares[row * columns + j] = theta[at + j] * theta[at + j];
        }
      }
      kernels.columnSums(scratch.squares, 0, columns, rows, columns, scratch.block, 0);
      for (int j = 0; j < columns; j++) {
        scratch.sums[j] += scratch.block[j];
      }
    }
  }
}
