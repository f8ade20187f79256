package dev.lanewise.plan;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import java.util.Arrays;

/**
 * A part of an embedding, compiled for an array of parameters, all or the embedding's own. Any
 * number of threads may apply it.
 */
abstract class EmbeddedPart {

  /** The columns of the inputs. */
  final int[] columns;

  /** Where its first output stands in a row. */
  final int at;

  EmbeddedPart(Embedding.Part part, int at) {
    columns = part.columns().stream().mapToInt(Integer::intValue).toArray();
    this.at = at;
  }

  /**
   * {@return the parts of an embedding}
   *
   * @param node the layer's place
   * @param layout the places of the tensors in the arrays that the parts are applied with
   * @param kernels the kernels
   * @param workers the threads of a training step; 0 for inference
   */
  static EmbeddedPart[] of(
      Embedding embedding, Network.Node node, Layout layout, Kernels kernels, int workers) {
    EmbeddedPart[] parts = new EmbeddedPart[embedding.parts().size()];
    int at = 0;
    for (int i = 0; i < parts.length; i++) {
      Embedding.Part part = embedding.parts().get(i);
      parts[i] =
          switch (part) {
            case Embedding.Pass pass -> new Passed(pass, at);
            case Embedding.Category category ->
                new Categories(
                    category, at, layout.slot(node.name(Embedding.Category.TABLE)).offset());
            case Embedding.Periodic periodic ->
                new PeriodicPart(periodic, at, node, layout, kernels, workers);
            case Embedding.PiecewiseLinear piecewise ->
                new PiecewiseLinearPart(piecewise, at, node, layout, kernels, workers);
          };
      at += part.columns().size() * part.outputs();
    }
    return parts;
  }

  /**
   * Writes its outputs of rows.
   *
   * @param x the inputs; row i begins at {@code xo + i·xRow}
   * @param xo the offset of the first row
   * @param xRow the distance between rows
   * @param theta the parameters
   * @param y the outputs; row i of the whole embedding begins at {@code yo + i·yRow}
   * @param yo the offset of the first row
   * @param yRow the distance between rows
   * @param rows the number of rows
   * @param room {@link #room} floats for each row, for the thread's use
   * @param worker the thread's number in the team; any in inference
   */
  abstract void apply(
      float[] x,
      int xo,
      int xRow,
      float[] theta,
      float[] y,
      int yo,
      int yRow,
      int rows,
      float[] room,
      int worker);

  /** The floats that {@link #apply} needs for a row beside the outputs. */
  int room() {
    return 0;
  }

  /** The floats held. */
  long size() {
    return 0;
  }

  /** Takes what inference needs of the parameters beside the array itself. */
  void pack(float[] theta) {}

  /** Takes what all tasks of a step share of the parameters. */
  void prepare(float[] theta) {}

  /** The number of tasks that {@link #gradient} is split into. */
  abstract int tasks();

  /**
   * Writes a task's part of the parameters' gradient, or adds it to that of the rows before.
   *
   * @param task the task
   * @param x the inputs, as in {@link #apply}
   * @param xo the offset of the first row
   * @param xRow the distance between rows
   * @param theta the parameters
   * @param delta the gradient of the outputs, {@code [rows][stride]}
   * @param stride the distance between its rows
   * @param gradient the gradient
   * @param rows the number of rows
   * @param adds whether there are rows before
   * @param worker the thread's number in the team
   */
  abstract void gradient(
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
      int worker);

  /** Columns that stay as they are. */
  private static final class Passed extends EmbeddedPart {

    Passed(Embedding.Pass pass, int at) {
      super(pass, at);
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
      for (int row = 0; row < rows; row++) {
        int from = xo + row * xRow;
        int to = yo + row * yRow + at;
        for (int c = 0; c < columns.length; c++) {
          y[to + c] = x[from + columns[c]];
        }
      }
    }

    @Override
    int tasks() {
      return 0;
    }

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
      throw new IllegalStateException("columns that stay have no parameters");
    }
  }

  /** Columns of categories: a row of a table for each value. */
  private static final class Categories extends EmbeddedPart {

    private final int size;
    private final int[] values;

    /** Where the table of each column begins. */
    private final int[] tables;

    Categories(Embedding.Category category, int at, int table) {
      super(category, at);
      size = category.size();
      values = category.values().stream().mapToInt(Integer::intValue).toArray();
      tables = new int[values.length];
      int next = table;
      for (int c = 0; c < values.length; c++) {
        tables[c] = next;
        next += values[c] * size;
      }
    }

    /** Whether an input is the number of a value. */
    private boolean isValue(float input, int column) {
      return input >= 0 && input < values[column] && input == (int) input;
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
      for (int row = 0; row < rows; row++) {
        int from = xo + row * xRow;
        int to = yo + row * yRow + at;
        for (int c = 0; c < columns.length; c++) {
          float input = x[from + columns[c]];
          if (isValue(input, c)) {
            System.arraycopy(theta, tables[c] + (int) input * size, y, to + c * size, size);
          } else {
            float none = input == -1 ? 0 : Float.NaN;
            Arrays.fill(y, to + c * size, to + (c + 1) * size, none);
          }
        }
      }
    }

    @Override
    int tasks() {
      return columns.length;
    }

    /** A task is a column. Rows are added in order, so each element is one chain of sums. */
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
      int table = tables[task];
      if (!adds) {
        Arrays.fill(gradient, table, table + values[task] * size, 0);
      }
      for (int row = 0; row < rows; row++) {
        float input = x[xo + row * xRow + columns[task]];
        if (isValue(input, task)) {
          int to = table + (int) input * size;
          int from = row * stride + at + task * size;
          for (int j = 0; j < size; j++) {
            gradient[to + j] += delta[from + j];
          }
        }
      }
    }
  }
}
