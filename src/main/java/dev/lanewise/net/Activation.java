package dev.lanewise.net;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * An activation function, applied to each element.
 *
 * @param function which function
 * @param parameter the slope of leaky ReLU or the α of ELU, finite and at least 0; 0 for all others
 */
public record Activation(Function function, float parameter) implements Layer {

  /** The functions. */
  public enum Function {
    /** z. */
    IDENTITY,
    /** 1/(1 + e⁻ᶻ). */
    SIGMOID,
    /** The hyperbolic tangent. */
    TANH,
    /** max(0, z), with derivative 0 at 0. */
    RELU,
    /** z above 0, else slope·z (also at 0, where the derivative is the slope). */
    LEAKY_RELU(0.01f),
    /** z above 0, else α·(eᶻ − 1); at 0 the derivative is α (Clevert et al. 2015). */
    ELU(1f),
    /**
     * λz above 0, else λα·(eᶻ − 1), with λ = 1.0507 and α = 1.6733 such that units of mean 0 and
     * variance 1, weighted as {@link Initializer.LeCun} does, keep both; at 0 the derivative is λα
     * (Klambauer et al. 2017).
     */
    SELU,
    /** z·Φ(z) with the normal distribution function, from erf (Hendrycks and Gimpel 2016). */
    GELU,
    /** ½z·(1 + tanh(√(2/π)·(z + 0.044715z³))), the approximation of GELU by tanh. */
    TANH_GELU,
    /** z/(1 + e⁻ᶻ), also called swish. */
    SILU,
    /** z·tanh(ln(1 + eᶻ)) (Misra 2019). */
    MISH,
    /** ln(1 + eᶻ). */
    SOFTPLUS;

    private final boolean parameterized;
    private final float usualParameter;

    Function() {
      parameterized = false;
      usualParameter = 0;
    }

    Function(float usualParameter) {
      parameterized = true;
      this.usualParameter = usualParameter;
    }
  }

  /**
   * Creates an activation.
   *
   * @throws IllegalArgumentException if the parameter is not finite, is negative, or the function
   *     takes none
   */
  public Activation {
    Objects.requireNonNull(function, "function");
    boolean takes = function.parameterized;
    if (!(parameter >= 0 && parameter < Float.POSITIVE_INFINITY) || (!takes && parameter != 0)) {
      throw new IllegalArgumentException(
          "parameter of %s: %s; expected %s"
              .formatted(function, parameter, takes ? "a finite number >= 0" : "0"));
    }
  }

  /**
   * {@return the activation with its usual parameter: slope 0.01 for leaky ReLU, α = 1 for ELU,
   * none for the others}
   *
   * @param function which function
   */
  public static Activation of(Function function) {
    return new Activation(function, function.usualParameter);
  }

  static Activation of(Values parameters) {
    return new Activation(
        parameters.choice("function", Function.class), parameters.single("parameter"));
  }

  @Override
  public Kind kind() {
    return Kind.ACTIVATION;
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("function", function);
    parameters.put("parameter", parameter);
    return parameters;
  }

  @Override
  public String label() {
    return function + (parameter == 0 ? "" : " " + parameter);
  }
}
