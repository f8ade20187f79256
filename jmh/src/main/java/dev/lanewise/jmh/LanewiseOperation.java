package dev.lanewise.jmh;

import dev.lanewise.engine.Engine;
import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.update.Updater;

/** Ours: the kernels as the steps of a plan call them, and the updater. */
final class LanewiseOperation implements Operation {

  private final Runnable operation;
  private final float[] result;
  private final int columns;
  private final int stride;

  private LanewiseOperation(float[] result, Runnable operation) {
    this(result, result.length, result.length, operation);
  }

  /** The result has {@code columns} columns, {@code stride} floats from row to row. */
  private LanewiseOperation(float[] result, int columns, int stride, Runnable operation) {
    this.result = result;
    this.columns = columns;
    this.stride = stride;
    this.operation = operation;
  }

  static Operation of(Task task) {
    Engine engine = Engine.standard();
    Kernels kernels = engine.kernels();
    return switch (task.name()) {
      case "dropout" -> dropout(task, kernels);
      case "batch-norm" -> new BatchNorm(task, kernels).forward();
      case "batch-norm-backward" -> new BatchNorm(task, kernels).backward();
      case "linear-relu" -> linear(task);
      case "adam" -> adam(task, engine);
      case "softmax-loss" -> loss(task, kernels);
      default -> throw new IllegalArgumentException(task.name());
    };
  }

  /** {@return batch norm's backward pass by given kernels} */
  static Operation normBackward(Task task, Kernels kernels) {
    return new BatchNorm(task, kernels).backward();
  }

  /** The mask is a function of key and index, so it need not be stored. */
  private static Operation dropout(Task task, Kernels kernels) {
    float[] x = Task.values(task.size(), 1);
    float[] y = new float[x.length];
    int threshold = CounterRandom.threshold(1 - Task.DROP);
    float scale = (float) (1 / (1 - Task.DROP));
    long[] key = {1};
    return new LanewiseOperation(
        y, () -> kernels.dropout(x, 0, y, 0, x.length, key[0]++, 0, threshold, scale));
  }

  private static Operation linear(Task task) {
    float[] a = Task.values(task.rows() * Task.INPUTS, 1);
    float[] b = Task.values(Task.INPUTS * task.columns(), 2);
    float[] bias = Task.values(task.columns(), 3);
    float[] c = new float[task.size()];
    return new LanewiseOperation(
        c, LanewiseProduct.linearRelu(a, b, bias, c, task.rows(), task.columns(), Task.INPUTS));
  }

  private static Operation adam(Task task, Engine engine) {
    Network network =
        Network.inputs(task.rows()).dense(task.columns()).loss(new Loss.SquaredError());
    Updater updater = Updater.compile(Optimizer.adam(Task.RATE), network, engine);
    int size = network.layout().size();
    float[] theta = Task.values(size, 1);
    float[] gradient = Task.values(size, 2);
    return new LanewiseOperation(theta, () -> updater.update(theta, gradient, 0));
  }

  /** In place: scores turn into their gradient, which serves as the next scores. */
  private static Operation loss(Task task, Kernels kernels) {
    float[] z = Task.values(task.size(), 1);
    float[] classes = new float[task.rows()];
    for (int row = 0; row < classes.length; row++) {
      classes[row] = task.classes()[row];
    }
    float[] sums = new float[task.rows()];
    float[] losses = new float[task.rows()];
    float scale = 1f / task.rows();
    return new LanewiseOperation(
        z,
        () ->
            kernels.softmaxCrossEntropy(
                z, 0, task.rows(), task.columns(), classes, 0, 1, scale, sums, losses, 0));
  }

  @Override
  public void run(int times) {
    for (int i = 0; i < times; i++) {
      operation.run();
    }
  }

  @Override
  public float[] result() {
    float[] checked = new float[Math.min(result.length / stride * columns, Task.CHECKED)];
    for (int i = 0; i < checked.length; i++) {
      checked[i] = result[i / columns * stride + i % columns];
    }
    return checked;
  }

  /** Batch norm by groups of columns, in rows as far apart as a plan's; the shifts are 0. */
  private static final class BatchNorm {

    private final Task task;
    private final Kernels kernels;
    private final int rows;
    private final int columns;
    private final int stride;
    private final int group;
    private final float[] x;
    private final float[] mean;
    private final float[] inverse;
    private final float[] offset;
    private final float[] parameters;

    BatchNorm(Task task, Kernels kernels) {
      this.task = task;
      this.kernels = kernels;
      rows = task.rows();
      columns = task.columns();
      stride = Gemm.stride(columns);
      group = Gemm.group(kernels, columns);
      x = spread(Task.values(task.size(), 1));
      mean = new float[columns];
      inverse = new float[columns];
      offset = new float[columns];
      parameters = new float[2 * columns];
      System.arraycopy(task.deviations(), 0, parameters, 0, columns);
    }

    private float[] spread(float[] matrix) {
      float[] rowsApart = new float[rows * stride];
      for (int row = 0; row < rows; row++) {
        System.arraycopy(matrix, row * columns, rowsApart, row * stride, columns);
      }
      return rowsApart;
    }

    Operation forward() {
      float[] y = new float[x.length];
      return new LanewiseOperation(y, columns, stride, () -> forward(y));
    }

    private void forward(float[] y) {
      for (int j = 0; j < columns; j += group) {
        int some = Math.min(group, columns - j);
        kernels.moments(x, j, stride, rows, some, mean, offset, inverse, j);
        for (int i = j; i < j + some; i++) {
          inverse[i] = (float) (1 / Math.sqrt(inverse[i] + Task.EPSILON));
          offset[i] = -offset[i] * inverse[i];
        }
        kernels.normalize(
            x, y, j, stride, rows, some, mean, inverse, offset, j, parameters, j, columns + j);
      }
    }

    /** In place: the gradient that comes out serves as the next one that comes in. */
    Operation backward() {
      forward(new float[x.length]);
      float[] d = spread(Task.values(task.size(), 2));
      float[] gradient = new float[2 * columns];
      return new LanewiseOperation(
          d,
          columns,
          stride,
          () -> {
            for (int j = 0; j < columns; j += group) {
              int some = Math.min(group, columns - j);
              kernels.normalizeGradient(
                  x,
                  d,
                  j,
                  stride,
                  rows,
                  some,
                  mean,
                  inverse,
                  offset,
                  j,
                  parameters,
                  gradient,
                  j,
                  columns + j);
            }
          });
    }
  }
}
