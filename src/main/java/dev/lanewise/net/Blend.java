package dev.lanewise.net;

import dev.lanewise.tensor.Slot;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A blend of an activation function and the identity, with a trained share for each unit, also
 * called a parametric activation (Holzmüller, Grinsztajn and Steinwart 2024): y = x + α·(f(x) − x),
 * with a vector α {@code [units]} that starts at 1, where the blend is the function itself; at 0 it
 * would be the identity.
 *
 * <p>The same in training and inference. α is the tensor {@code blendN.scale}. A step keeps one
 * matrix more than for the function alone.
 *
 * @param activation the function f, not the identity
 */
public record Blend(Activation activation) implements Layer {

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if the function is the identity, of which no share is left to
   *     train
   */
  public Blend {
    Objects.requireNonNull(activation, "activation");
    if (activation.function() == Activation.Function.IDENTITY) {
      throw new IllegalArgumentException(
          "activation: IDENTITY; expected another function to blend with it");
    }
  }

  /**
   * {@return a blend with a function of its usual parameter}
   *
   * @param function which function, not the identity
   * @throws IllegalArgumentException if it is
   */
  public static Blend of(Activation.Function function) {
    return new Blend(Activation.of(function));
  }

  static Blend of(Values parameters) {
    return new Blend(Activation.of(parameters));
  }

  @Override
  public Kind kind() {
    return Kind.BLEND;
  }

  @Override
  public Map<String, Object> parameters() {
    return activation.parameters();
  }

  @Override
  public String label() {
    return "Blend, " + activation.label();
  }

  @Override
  public List<Slot> tensors(Network.Node at) {
    return List.of(at.vector(Slot.Role.SCALE));
  }
}
