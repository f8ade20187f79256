package dev.lanewise.reference;

import dev.lanewise.net.Activation;

/** An activation function on every element, and its derivative. */
final class Nonlinearity implements TextbookLayer {

  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  /** λ and α of SELU, the fixed point of mean 0 and variance 1. */
  private static final double LAMBDA = 1.0507009873554805;

  private static final double ALPHA = 1.6732632423543772;

  private final Activation activation;
  private double[][] z;

  Nonlinearity(Activation activation) {
    this.activation = activation;
  }

  @Override
  public double[][] infer(double[][] input) {
    z = input;
    double[][] a = new double[z.length][];
    for (int r = 0; r < z.length; r++) {
      a[r] = new double[z[r].length];
      for (int j = 0; j < z[r].length; j++) {
        a[r][j] = value(z[r][j]);
      }
    }
    return a;
  }

  @Override
  public double[][] backward(double[][] dA) {
    double[][] dZ = new double[dA.length][];
    for (int r = 0; r < dA.length; r++) {
      dZ[r] = new double[dA[r].length];
      for (int j = 0; j < dA[r].length; j++) {
        dZ[r][j] = dA[r][j] * derivative(z[r][j]);
      }
    }
    return dZ;
  }

  /** Adds the side of 0 for each input of a function that is not smooth there. */
  @Override
  public void addSides(Sides sides) {
    switch (activation.function()) {
      case RELU, LEAKY_RELU, ELU, SELU -> {
        for (double[] row : z) {
          for (double value : row) {
            sides.add(value > 0);
          }
        }
      }
      case IDENTITY, SIGMOID, TANH, GELU, TANH_GELU, SILU, MISH, SOFTPLUS -> {}
    }
  }

  double value(double z) {
    double parameter = activation.parameter();
    return switch (activation.function()) {
      case IDENTITY -> z;
      case SIGMOID -> sigmoid(z);
      case TANH -> StrictMath.tanh(z);
      case RELU -> z <= 0 ? 0 : z;
      case LEAKY_RELU -> z <= 0 ? parameter * z : z;
      case ELU -> z <= 0 ? parameter * StrictMath.expm1(z) : z;
      case SELU -> LAMBDA * (z <= 0 ? ALPHA * StrictMath.expm1(z) : z);
      case GELU -> z * Gaussian.cumulative(z);
      // ½(1 + tanh u) = σ(2u), which does not cancel for negative u.
      case TANH_GELU -> z * sigmoid(2 * tanhArgument(z));
      case SILU -> z * sigmoid(z);
      case MISH -> z * StrictMath.tanh(softplus(z));
      case SOFTPLUS -> softplus(z);
    };
  }

  double derivative(double z) {
    double parameter = activation.parameter();
    return switch (activation.function()) {
      case IDENTITY -> 1;
      case SIGMOID -> sigmoid(z) * sigmoid(-z);
      case TANH -> 1 - StrictMath.tanh(z) * StrictMath.tanh(z);
      case RELU -> z <= 0 ? 0 : 1;
      case LEAKY_RELU -> z <= 0 ? parameter : 1;
      case ELU -> z <= 0 ? parameter * StrictMath.exp(z) : 1;
      case SELU -> LAMBDA * (z <= 0 ? ALPHA * StrictMath.exp(z) : 1);
      case GELU -> Gaussian.cumulative(z) + z * Gaussian.density(z);
      case TANH_GELU -> {
        double u = tanhArgument(z);
        double slope = SQRT_2_OVER_PI * (1 + 3 * CUBIC * z * z);
        yield sigmoid(2 * u) + z * sigmoid(2 * u) * sigmoid(-2 * u) * 2 * slope;
      }
      case SILU -> sigmoid(z) + z * sigmoid(z) * sigmoid(-z);
      case MISH -> {
        double t = StrictMath.tanh(softplus(z));
        yield t + z * (1 - t * t) * sigmoid(z);
      }
      case SOFTPLUS -> sigmoid(z);
    };
  }

  private static double tanhArgument(double z) {
    return SQRT_2_OVER_PI * (z + CUBIC * z * z * z);
  }

  /** {@return 1/(1 + e⁻ᶻ)}, with an exponential that never overflows. */
  static double sigmoid(double z) {
    double e = StrictMath.exp(-Math.abs(z));
    return z >= 0 ? 1 / (1 + e) : e / (1 + e);
  }

  /** {@return ln(1 + eᶻ)}, with an exponential that never overflows. */
  static double softplus(double z) {
    return Math.max(z, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
  }
}
