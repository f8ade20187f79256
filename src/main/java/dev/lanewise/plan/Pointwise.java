package dev.lanewise.plan;

import dev.lanewise.kernel.ActivationKernels;
import dev.lanewise.net.Activation;

/** An activation function bound to its kernels. */
final class Pointwise {

  /** The array that the derivative is computed from. */
  enum Memory {
    /** The step's output, after dropout; only its sign matters. */
    OUTPUT,
    /** The function's value, before dropout. */
    VALUE,
    /** The function's argument. */
    ARGUMENT
  }

  private final ActivationKernels kernels;
  private final Activation activation;

  Pointwise(ActivationKernels kernels, Activation activation) {
    this.kernels = kernels;
    this.activation = activation;
  }

  Activation.Function function() {
    return activation.function();
  }

  Memory memory() {
    return switch (activation.function()) {
      case IDENTITY, RELU -> Memory.OUTPUT;
      case SIGMOID, TANH, SELU -> Memory.VALUE;
      case LEAKY_RELU, ELU, GELU, TANH_GELU, SILU, MISH, SOFTPLUS -> Memory.ARGUMENT;
    };
  }

  /** Computes y = f(x); y may be x. */
  void apply(float[] x, float[] y, int at, int n) {
    float parameter = activation.parameter();
    switch (activation.function()) {
      case IDENTITY -> {
        if (x != y) {
          System.arraycopy(x, at, y, at, n);
        }
      }
      case SIGMOID -> kernels.sigmoid(x, at, y, at, n);
      case TANH -> kernels.tanh(x, at, y, at, n);
      case RELU -> kernels.relu(x, at, y, at, n);
      case LEAKY_RELU -> kernels.leakyRelu(x, at, y, at, n, parameter);
      case ELU -> kernels.elu(x, at, y, at, n, parameter);
      case SELU -> kernels.selu(x, at, y, at, n);
      case GELU -> kernels.gelu(x, at, y, at, n);
      case TANH_GELU -> kernels.tanhGelu(x, at, y, at, n);
      case SILU -> kernels.silu(x, at, y, at, n);
      case MISH -> kernels.mish(x, at, y, at, n);
      case SOFTPLUS -> kernels.softplus(x, at, y, at, n);
    }
  }

  /**
   * Multiplies d by f′ in place.
   *
   * @param kept what {@link #memory} says
   * @param d the gradient
   * @param at the offset into both
   * @param n the number of elements
   */
  void differentiate(float[] kept, float[] d, int at, int n) {
    float parameter = activation.parameter();
    switch (activation.function()) {
      case IDENTITY -> {}
      case SIGMOID -> kernels.sigmoidGate(kept, at, d, at, n);
      case TANH -> kernels.tanhGate(kept, at, d, at, n);
      case RELU -> kernels.reluGate(kept, at, d, at, n, 1f);
      case LEAKY_RELU -> kernels.leakyReluGate(kept, at, d, at, n, parameter);
      case ELU -> kernels.eluGate(kept, at, d, at, n, parameter);
      case SELU -> kernels.seluGate(kept, at, d, at, n);
      case GELU -> kernels.geluGate(kept, at, d, at, n);
      case TANH_GELU -> kernels.tanhGeluGate(kept, at, d, at, n);
      case SILU -> kernels.siluGate(kept, at, d, at, n);
      case MISH -> kernels.mishGate(kept, at, d, at, n);
      case SOFTPLUS -> kernels.softplusGate(kept, at, d, at, n);
    }
  }
}
