package dev.lanewise.net;

import dev.lanewise.tensor.Slot;
import java.util.List;
import java.util.Map;

/**
 * Layer normalisation before the activation (Ba, Kiros and Hinton 2016): y = γ·(x − μ)/√(σ² + ε) +
 * β, with μ = Σx/n and σ² = Σ(x − μ)²/n over the n units of each row; γ and β are vectors {@code
 * [n]}.
 *
 * <p>The same in training and inference: there are no running statistics, a row's output depends on
 * no other row, and a batch may have one row. The dense layer before it keeps its bias: layer norm
 * subtracts the mean over all units, which does not cancel the bias of a unit as batch norm does.
 *
 * @param epsilon ε, added to the variance inside the root; above 0
 */
public record LayerNorm(double epsilon) implements Layer.Norm {

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if ε is not positive and finite
   */
  public LayerNorm {
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "epsilon: %s; expected a finite number above 0".formatted(epsilon));
    }
  }

  /** Creates a layer with ε = 1e-5, which is PyTorch's default. */
  public LayerNorm() {
    this(1e-5);
  }

  static LayerNorm of(Values parameters) {
    return new LayerNorm(parameters.number("epsilon"));
  }

  @Override
  public Kind kind() {
    return Kind.LAYER_NORM;
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("epsilon", epsilon);
  }

  @Override
  public String label() {
    return "LayerNorm, epsilon " + epsilon;
  }

  /**
   * {@return the columns that reach it}
   *
   * @throws IllegalArgumentException if there is one alone: it is its own mean, so that the layer
   *     would always give the shift
   */
  @Override
  public int outputs(int inputs) {
    if (inputs < 2) {
      throw new IllegalArgumentException(
          "layer norm over %d unit; expected at least 2, as it subtracts their mean"
              .formatted(inputs));
    }
    return inputs;
  }

  @Override
  public List<Slot> tensors(Network.Node at) {
    return List.of(at.vector(Slot.Role.SCALE), at.vector(Slot.Role.SHIFT));
  }
}
