package dev.lanewise.reference;

import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Layer;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.Optional;

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

  /** {@return a block's dense layer}; under batch norm it has no bias. */
  Affine affine(Network.Block block) {
    double[] bias =
        block.batchNorm().isPresent()
            ? new double[block.outputs()]
            : vector(block.name(Slot.Role.BIAS));
    return new Affine(matrix(block.name(Slot.Role.WEIGHT)), bias);
  }

  Optional<NormLayer> normalization(Network.Block block) {
    return block.norm().map(norm -> normalization(block, norm));
  }

  private NormLayer normalization(Network.Block block, Layer.Norm norm) {
    double[] gamma = vector(block.name(Slot.Role.SCALE));
    double[] beta = vector(block.name(Slot.Role.SHIFT));
    return switch (norm) {
      case BatchNorm batch -> new Normalization(gamma, beta, batch.epsilon());
      case LayerNorm layer -> new RowNormalization(gamma, beta, layer.epsilon());
    };
  }
}
