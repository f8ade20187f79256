package dev.lanewise.reference;

import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.net.Scaling;
import dev.lanewise.tensor.Slot;
import java.util.Map;

/**
 * A layer with its parameters, as a textbook computes it: forward in training and in inference, and
 * backward. It keeps what its last forward pass leaves for the backward pass.
 */
sealed interface TextbookLayer
    permits Affine,
        Heads,
        Normalization,
        RowNormalization,
        Nonlinearity,
        Blending,
        Masking,
        Scale,
        Copies,
        Embedded {

  /** {@return the layer at a place, with its parameters} */
  static TextbookLayer of(Network.Node node, Tensors tensors) {
    return switch (node.layer()) {
      case Dense dense when node.heads() > 1 ->
          new Heads(
              tensors.matrix(node.name(Slot.Role.WEIGHT)),
              tensors.vector(node.name(Slot.Role.BIAS)),
              node.heads());
      case Dense dense ->
          new Affine(
              tensors.matrix(node.name(Slot.Role.WEIGHT)),
              node.biased()
                  ? tensors.vector(node.name(Slot.Role.BIAS))
                  : new double[node.outputs()]);
      case BatchNorm norm ->
          new Normalization(
              tensors.vector(node.name(Slot.Role.SCALE)),
              tensors.vector(node.name(Slot.Role.SHIFT)),
              tensors.vector(node.name(Slot.Role.MEAN)),
              tensors.vector(node.name(Slot.Role.VARIANCE)),
              norm);
      case LayerNorm norm ->
          new RowNormalization(
              tensors.vector(node.name(Slot.Role.SCALE)),
              tensors.vector(node.name(Slot.Role.SHIFT)),
              norm.epsilon());
      case Activation activation -> new Nonlinearity(activation);
      case Blend blend ->
          new Blending(
              tensors.vector(node.name(Slot.Role.SCALE)), new Nonlinearity(blend.activation()));
      case Dropout dropout -> new Masking(node.number(), dropout);
      case Scaling scaling -> new Scale(tensors.vector(node.name(Slot.Role.SCALE)));
      case Members members -> new Copies(tensors.matrix(node.name("factor")));
      case Embedding embedding -> new Embedded(embedding, node, tensors);
    };
  }

  /** {@return y in inference} */
  double[][] infer(double[][] x);

  /** {@return y in a training pass over a batch} */
  default double[][] train(double[][] x, ReferenceNetwork.Batch batch) {
    return infer(x);
  }

  /** {@return ∂J/∂x of the last training pass}; leaves the gradients of the parameters. */
  double[][] backward(double[][] dY);

  /**
   * {@return the gradient of each tensor by the last part of its name, and the batch's moments in
   * the place of running ones}
   */
  default Map<String, double[][]> gradients() {
    return Map.of();
  }

  /** Adds the side of each kink that the last pass came by. */
  default void addSides(Sides sides) {}
}
