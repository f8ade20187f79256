package dev.lanewise.net;

import dev.lanewise.tensor.Slot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Batch normalisation before the activation (Ioffe and Szegedy 2015): y = γ·(x − μ)/√(σ² + ε) + β
 * for each column, with μ and σ² = Σ(x − μ)²/n of the batch in training and the running ones in
 * inference.
 *
 * <p>running = decay·running + (1 − decay)·batch after each step. PyTorch's {@code momentum} is
 * {@code 1 − decay}, and it keeps the unbiased variance; Keras keeps the biased one.
 *
 * @param epsilon ε, added to the variance inside the root; above 0
 * @param decay the share of the old running statistics that stays, in [0, 1]
 * @param variance which variance goes into the running one; the batch is always normalised with the
 *     biased one
 */
public record BatchNorm(double epsilon, double decay, Variance variance) implements Layer.Norm {

  /** Which estimate of a batch's variance enters the running variance. */
  public enum Variance {
    /** Divided by n. */
    BIASED,
    /** Divided by n − 1. */
    UNBIASED
  }

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if ε is not positive and finite or the decay is outside [0, 1]
   */
  public BatchNorm {
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "epsilon: %s; expected a finite number above 0".formatted(epsilon));
    }
    if (!(decay >= 0 && decay <= 1)) {
      throw new IllegalArgumentException("decay: %s; expected a number in [0, 1]".formatted(decay));
    }
    Objects.requireNonNull(variance, "variance");
  }

  /**
   * Creates a layer with ε = 1e-5, decay 0.9 and the unbiased running variance, which is PyTorch's
   * default.
   */
  public BatchNorm() {
    this(1e-5, 0.9, Variance.UNBIASED);
  }

  static BatchNorm of(Values parameters) {
    return new BatchNorm(
        parameters.number("epsilon"),
        parameters.number("decay"),
        parameters.choice("variance", Variance.class));
  }

  @Override
  public Kind kind() {
    return Kind.BATCH_NORM;
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("epsilon", epsilon);
    parameters.put("decay", decay);
    parameters.put("variance", variance);
    return parameters;
  }

  @Override
  public String label() {
    return "BatchNorm, decay %s, epsilon %s".formatted(decay, epsilon);
  }

  @Override
  public List<Slot> tensors(Network.Node at) {
    return List.of(
        at.vector(Slot.Role.SCALE),
        at.vector(Slot.Role.SHIFT),
        at.vector(Slot.Role.MEAN),
        at.vector(Slot.Role.VARIANCE));
  }
}
