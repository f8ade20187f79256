package dev.lanewise.kernel;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** A function of one argument: what this run's kernels compute, and the same in doubles. */
enum Curve {
  EXP("exp", Measure.ULP, 1.03, -0x1.765806p2f, true, Kernels::exp, DoubleFunctions::exp),
  LOG("log", Measure.ULP, 1, 0x1.47d96ap-1f, true, each(Functions::log), StrictMath::log),
  LOG1P(
      "log1p on [0, 1]",
      Measure.ULP,
      1.2,
      0x1.f09b86p-1f,
      false,
      each(u -> u >= 0 && u <= 1 ? Functions.log1p(u) : Float.NaN),
      u -> u >= 0 && u <= 1 ? DoubleFunctions.log1p(u) : Double.NaN),
  TANH("tanh", Measure.ULP, 1, 0x1.1bff4ap-1f, true, Kernels::tanh, DoubleFunctions::tanh),
  SIGMOID(
      "sigmoid",
      Measure.ULP,
      1.5,
      -0x1.0f277ep4f,
      true,
      Kernels::sigmoid,
      DoubleFunctions::sigmoid),
  SOFTPLUS(
      "softplus",
      Measure.ULP,
      2,
      0x1.db9422p-6f,
      false,
      Kernels::softplus,
      DoubleFunctions::softplus),
  ELU(
      "ELU, α = 1",
      Measure.ULP,
      1,
      -0x1.8a3c8ap-2f,
      false,
      (k, x, xo, y, yo, n) -> k.elu(x, xo, y, yo, n, 1),
      DoubleFunctions::elu),
  SELU("SELU", Measure.ULP, 2, -0x1.38ccdep-3f, false, Kernels::selu, DoubleFunctions::selu),
  SILU("SiLU", Measure.ULP, 3.5, -0x1.7c16d4p2f, false, Kernels::silu, DoubleFunctions::silu),
  MISH("Mish", Measure.ULP, 2.75, -0x1.e92464p-3f, false, Kernels::mish, DoubleFunctions::mish),
  GELU("GELU", Measure.ULP, 3.75, -0x1.61ab3ep0f, false, Kernels::gelu, DoubleFunctions::gelu),
  TANH_GELU(
      "GELU, tanh form",
      Measure.ARGUMENT,
      3,
      0x1.366b66p0f,
      false,
      Kernels::tanhGelu,
      DoubleFunctions::tanhGelu),
  COS_TURNS(
      "cos 2πt",
      Measure.ULP,
      1,
      -0x1.fb58e6p-4f,
      false,
      Kernels::cosTurns,
      DoubleFunctions::cosTurns),
  SIGMOID_SLOPE(
      "sigmoid′ = s(1 − s)",
      Measure.ONE,
      1,
      0x1.be7c8cp0f,
      false,
      Curve::sigmoidSlope,
      DoubleFunctions::sigmoidSlope),
  TANH_SLOPE(
      "tanh′ = 1 − t²",
      Measure.ONE,
      2,
      -0x1.b7a616p-1f,
      false,
      Curve::tanhSlope,
      DoubleFunctions::tanhSlope),
  SOFTPLUS_SLOPE(
      "softplus′",
      Measure.ONE,
      2,
      0x1.153aacp3f,
      false,
      gate(Kernels::softplusGate),
      DoubleFunctions::sigmoid),
  ELU_SLOPE(
      "ELU′, α = 1",
      Measure.ONE,
      2,
      -0x1.39bb3ap-2f,
      false,
      gate((k, x, xo, d, dOffset, n) -> k.eluGate(x, xo, d, dOffset, n, 1)),
      DoubleFunctions::eluSlope),
  SELU_SLOPE(
      "SELU′ from the value",
      Measure.ONE,
      2.5,
      -0x1.63e20cp-2f,
      false,
      Curve::seluSlope,
      DoubleFunctions::seluSlope),
  SILU_SLOPE(
      "SiLU′",
      Measure.ONE,
      4,
      0x1.e311acp0f,
      false,
      gate(Kernels::siluGate),
      DoubleFunctions::siluSlope),
  MISH_SLOPE(
      "Mish′",
      Measure.ONE,
      2.5,
      0x1.5b0988p0f,
      false,
      gate(Kernels::mishGate),
      DoubleFunctions::mishSlope),
  GELU_SLOPE(
      "GELU′",
      Measure.ONE,
      2,
      0x1.8d888p-1f,
      false,
      gate(Kernels::geluGate),
      DoubleFunctions::geluSlope),
  TANH_GELU_SLOPE(
      "GELU′, tanh form",
      Measure.ONE,
      4.5,
      0x1.62b8b6p0f,
      false,
      gate(Kernels::tanhGeluGate),
      DoubleFunctions::tanhGeluSlope),
  COS_TURNS_SLOPE(
      "(cos 2πt)′",
      Measure.ONE,
      11.5,
      0x1.081acap-3f,
      false,
      gate(Kernels::cosTurnsGate),
      DoubleFunctions::cosTurnsSlope);

  /** In what units errors are counted. */
  enum Measure {
    /** The distance of floats at the exact value, not less than 2^-149. */
    ULP("ulp"),
    /** 2^-24 of the larger of |x| and 1. */
    ARGUMENT("2^-24·max(1, |x|)"),
    /** 2^-24. */
    ONE("2^-24");

    final String unit;

    Measure(String unit) {
      this.unit = unit;
    }

    double unitAt(double x, double exact) {
      return switch (this) {
        case ULP -> Math.scalb(1.0, Math.max(Math.getExponent(exact), Float.MIN_EXPONENT) - 23);
        case ARGUMENT -> 0x1p-24 * Math.max(1, Math.abs(x));
        case ONE -> 0x1p-24;
      };
    }
  }

  /** A kernel that turns n elements of x into as many of y. */
  interface Kernel {
    void apply(Kernels kernels, float[] x, int xo, float[] y, int yo, int n);
  }

  private interface Single {
    float of(float x);
  }

  final String title;
  final Measure measure;

  /** The most that the error may be, in the measure's unit. */
  final double bound;

  /** Where it is largest, among all floats. */
  final float worstAt;

  final boolean neverDecreases;
  private final Kernel kernel;
  private final DoubleUnaryOperator exact;

  Curve(
      String title,
      Measure measure,
      double bound,
      float worstAt,
      boolean neverDecreases,
      Kernel kernel,
      DoubleUnaryOperator exact) {
    this.title = title;
    this.measure = measure;
    this.bound = bound;
    this.worstAt = worstAt;
    this.neverDecreases = neverDecreases;
    this.kernel = kernel;
    this.exact = exact;
  }

  /** Writes the function of the first n elements of x. */
  void of(Kernels kernels, float[] x, float[] y, int n) {
    kernel.apply(kernels, x, 0, y, 0, n);
  }

  double exact(double x) {
    return exact.applyAsDouble(x);
  }

  /** {@return the value that kernels are to give: 0 where the function is close to it} */
  double meant(double x) {
    return x <= zeroUpTo() ? 0 : exact(x);
  }

  /** {@return up to where the function counts as 0; NaN if it never does} */
  private float zeroUpTo() {
    return switch (this) {
      case SOFTPLUS, SILU, MISH -> -Functions.GATE_END;
      case GELU -> -Functions.NORMAL_END;
      default -> Float.NaN;
    };
  }

  /** {@return from where on the function is no longer a constant times its argument, or one} */
  float end() {
    return this == COS_TURNS || this == COS_TURNS_SLOPE ? 0x1p23f : 256;
  }

  private static Kernel each(Single function) {
    return (kernels, x, xo, y, yo, n) -> {
      for (int i = 0; i < n; i++) {
        y[yo + i] = function.of(x[xo + i]);
      }
    };
  }

  /** What a gate multiplies by. */
  private static Kernel gate(Kernel gate) {
    return (kernels, x, xo, d, dOffset, n) -> {
      Arrays.fill(d, dOffset, dOffset + n, 1);
      gate.apply(kernels, x, xo, d, dOffset, n);
    };
  }

  private static void sigmoidSlope(Kernels kernels, float[] x, int xo, float[] d, int at, int n) {
    float[] s = new float[n];
    kernels.sigmoid(x, xo, s, 0, n);
    gate(Kernels::sigmoidGate).apply(kernels, s, 0, d, at, n);
  }

  private static void seluSlope(Kernels kernels, float[] x, int xo, float[] d, int at, int n) {
    float[] s = new float[n];
    kernels.selu(x, xo, s, 0, n);
    gate(Kernels::seluGate).apply(kernels, s, 0, d, at, n);
  }

  private static void tanhSlope(Kernels kernels, float[] x, int xo, float[] d, int at, int n) {
    float[] t = new float[n];
    kernels.tanh(x, xo, t, 0, n);
    gate(Kernels::tanhGate).apply(kernels, t, 0, d, at, n);
  }
}
