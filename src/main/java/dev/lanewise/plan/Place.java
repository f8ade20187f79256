package dev.lanewise.plan;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;

/**
 * Where a step is compiled to.
 *
 * @param node the layer at its place in the network
 * @param kernels the kernels
 * @param layout the places of the parameters
 * @param pass the data of a pass
 * @param maxRows the most rows of a pass
 * @param stride the distance between rows of the step's matrices
 * @param output where the step writes, {@code [rows][stride]}
 * @param outputStays whether the output is still what the step wrote when the backward pass comes
 */
record Place(
    Network.Node node,
    Kernels kernels,
    Layout layout,
    Pass pass,
    int maxRows,
    int stride,
    float[] output,
    boolean outputStays) {

  /** {@return room for a matrix like the output} */
  float[] matrix() {
    return new float[Math.multiplyExact(maxRows, stride)];
  }

  /** {@return where one of the layer's tensors begins} */
  int offset(Slot.Role role) {
    return node.slot(layout, role).offset();
  }

  /** {@return where the tensor begins whose name ends so} */
  int offset(String tensor) {
    return layout.slot(node.name(tensor)).offset();
  }
}
