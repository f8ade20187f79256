package dev.lanewise.jmh;

/**
 * A piece of a training step outside the large products.
 *
 * @param name the operation
 * @param rows the rows of its matrix
 * @param columns the columns, of the result where there is a product
 */
record Task(String name, int rows, int columns) {

  /** The values of a result that are compared. */
  static final int CHECKED = 4096;

  static final double DROP = 0.5;
  static final double RATE = 1e-3;
  static final double EPSILON = 1e-5;

  /** The inputs of the dense layer. */
  static final int INPUTS = 784;

  /** {@return the task of that text, as {@code batch-norm 128x512}} */
  static Task of(String text) {
    String[] parts = text.split(" ");
    String[] sizes = parts[1].split("x");
    return new Task(parts[0], Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
  }

  /** {@return the elements of the result} */
  int size() {
    return rows * columns;
  }

  /** {@return values in [−1, 1], another series for each seed; the Python script has the same} */
  static float[] values(int count, int seed) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (((i * 7919L + seed * 131L) % 2001 - 1000) / 1000.0);
    }
    return values;
  }

  /** {@return a class for each row} */
  int[] classes() {
    int[] classes = new int[rows];
    for (int row = 0; row < rows; row++) {
      classes[row] = row * 7 % columns;
    }
    return classes;
  }

  /**
   * {@return the scales of batch norm: the columns' deviations, which undo the division by them, so
   * that a gradient keeps its size however often it goes back}
   */
  float[] deviations() {
    float[] x = values(size(), 1);
    float[] deviations = new float[columns];
    for (int j = 0; j < columns; j++) {
      double sum = 0;
      double squares = 0;
      for (int i = j; i < x.length; i += columns) {
        sum += x[i];
        squares += (double) x[i] * x[i];
      }
      double mean = sum / rows;
      deviations[j] = (float) Math.sqrt(squares / rows - mean * mean + EPSILON);
    }
    return deviations;
  }
}
