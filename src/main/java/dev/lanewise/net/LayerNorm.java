package dev.lanewise.net;

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
}
