package dev.lanewise.update;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.NormKernels;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
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

  private MaxNorm(List<Slot> weights, List<Float> limits, int workers) {
    this.weights = weights.toArray(Slot[]::new);
    this.limits = new float[limits.size()];
    firstTasks = new int[limits.size() + 1];
    for (int i = 0; i < this.limits.length; i++) {
      this.limits[i] = limits.get(i);
      firstTasks[i + 1] = firstTasks[i] + Math.ceilDiv(this.weights[i].columns(), COLUMNS);
    }
    scratches = new Scratch[workers];
    Arrays.setAll(scratches, w -> new Scratch());
  }

  /** Compiles a network's limits of column lengths; null if it has none. */
  static MaxNorm compile(Network network, Layout layout, int workers) {
    List<Slot> weights = new ArrayList<>();
    List<Float> limits = new ArrayList<>();
    for (Network.Node node : network.nodes()) {
      if (node.layer() instanceof Dense dense && dense.maxNorm().isPresent()) {
        for (Slot matrix : node.matrices(layout)) {
          weights.add(matrix);
          limits.add((float) dense.maxNorm().getAsDouble());
        }
      }
    }
    return weights.isEmpty() ? null : new MaxNorm(weights, limits, workers);
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
