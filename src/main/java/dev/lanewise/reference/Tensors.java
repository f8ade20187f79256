package dev.lanewise.reference;

import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;

/**
 * Named tensors in one flat array.
 *
 * @param layout where they lie
 * @param values the array
 */
record Tensors(Layout layout, double[] values) {

  double[] vector(String name) {
    Slot slot = layout.slot(name);
    return Arrays.copyOfRange(values, slot.offset(), slot.end());
  }

  double[][] matrix(String name) {
    Slot slot = layout.slot(name);
    double[][] matrix = new double[slot.rows()][];
    for (int i = 0; i < matrix.length; i++) {
      int from = slot.offset() + i * slot.columns();
      matrix[i] = Arrays.copyOfRange(values, from, from + slot.columns());
    }
    return matrix;
  }

  void put(String name, double[]... rows) {
    int offset = layout.slot(name).offset();
    for (double[] row : rows) {
      System.arraycopy(row, 0, values, offset, row.length);
      offset += row.length;
    }
  }
}
