package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import dev.lanewise.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/**
 * Activations of this run's kernels against their formulas in double precision, and gates against
 * the slope of the formula; nothing outside the range is touched.
 */
@Tag("kernels")
class ActivationFormulasTest {

  private static final double TOLERANCE = 2e-6;

  private final Kernels kernels = Engine.standard().kernels();

  private interface Function {
    void on(ActivationKernels kernels, float[] x, int xo, float[] y, int yo, int n);
  }

  private interface Gate {
    void on(ActivationKernels kernels, float[] a, int ao, float[] d, int dOffset, int n);
  }

  /**
   * An activation and its gate.
   *
   * @param ofOutput whether the gate is given the function's output, not its input
   */
  record Case(
      String name, DoubleUnaryOperator formula, Function function, boolean ofOutput, Gate gate) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static double sigmoid(double z) {
    return 1 / (1 + StrictMath.exp(-z));
  }

  /** Φ(z) for |z| ≤ 6 or so, by its series in odd powers. */
  private static double normal(double z) {
    double sum = 0;
    double term = z;
    for (int k = 1; k < 200; k++) {
      sum += term;
      term *= z * z / (2 * k + 1);
    }
    return 0.5 + sum * StrictMath.exp(-z * z / 2) / StrictMath.sqrt(2 * StrictMath.PI);
  }

  private static double tanhGelu(double z) {
    double inner = StrictMath.sqrt(2 / StrictMath.PI) * (z + 0.044715 * z * z * z);
    return 0.5 * z * (1 + StrictMath.tanh(inner));
  }

  private static final List<Case> CASES =
      List.of(
          new Case(
              "relu",
              z -> Math.max(z, 0),
              ActivationKernels::relu,
              true,
              (k, a, ao, d, at, n) -> k.reluGate(a, ao, d, at, n, 1)),
          new Case(
              "leakyRelu",
              z -> z > 0 ? z : 0.25 * z,
              (k, x, xo, y, yo, n) -> k.leakyRelu(x, xo, y, yo, n, 0.25f),
              false,
              (k, a, ao, d, at, n) -> k.leakyReluGate(a, ao, d, at, n, 0.25f)),
          new Case(
              "elu",
              z -> z > 0 ? z : 1.5 * StrictMath.expm1(z),
              (k, x, xo, y, yo, n) -> k.elu(x, xo, y, yo, n, 1.5f),
              false,
              (k, a, ao, d, at, n) -> k.eluGate(a, ao, d, at, n, 1.5f)),
          new Case(
              "sigmoid",
              ActivationFormulasTest::sigmoid,
              ActivationKernels::sigmoid,
              true,
              ActivationKernels::sigmoidGate),
          new Case(
              "tanh", StrictMath::tanh, ActivationKernels::tanh, true, ActivationKernels::tanhGate),
          new Case(
              "gelu",
              z -> z * normal(z),
              ActivationKernels::gelu,
              false,
              ActivationKernels::geluGate),
          new Case(
              "tanhGelu",
              ActivationFormulasTest::tanhGelu,
              ActivationKernels::tanhGelu,
              false,
              ActivationKernels::tanhGeluGate),
          new Case(
              "silu",
              z -> z * sigmoid(z),
              ActivationKernels::silu,
              false,
              ActivationKernels::siluGate),
          new Case(
              "selu",
              z -> 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * StrictMath.expm1(z)),
              ActivationKernels::selu,
              true,
              ActivationKernels::seluGate),
          new Case(
              "mish",
              z -> z * StrictMath.tanh(StrictMath.log1p(StrictMath.exp(z))),
              ActivationKernels::mish,
              false,
              ActivationKernels::mishGate),
          new Case(
              "cosTurns",
              t -> StrictMath.cos(2 * Math.PI * t),
              ActivationKernels::cosTurns,
              false,
              ActivationKernels::cosTurnsGate),
          new Case(
              "softplus",
              z -> StrictMath.log1p(StrictMath.exp(z)),
              ActivationKernels::softplus,
              false,
              ActivationKernels::softplusGate));

  @Provide
  Arbitrary<Case> cases() {
    return Arbitraries.of(CASES);
  }

  /** Numbers to ±5.5, none within 0.01 of 0, where some have a kink. */
  private static float[] inputs(int n, long seed) {
    float[] z = new float[n];
    for (int i = 0; i < n; i++) {
      double u = 2 * CounterRandom.uniform(seed, i) - 1;
      z[i] = (float) (u * 5.5 + Math.copySign(0.01, u));
    }
    return z;
  }

  private static void isOutside(float[] before, float[] after, int from, int n) {
    for (int i = 0; i < before.length; i++) {
      assertTrue(i >= from && i < from + n || before[i] == after[i], "outside, at " + i);
    }
  }

  @Property
  void anActivationIsItsFormula(
      @ForAll("cases") Case c, @ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    float[] z = inputs(n + 4, seed);
    float[] before = Floats.normals(n + 6, seed + 1);
    float[] y = before.clone();
    c.function().on(kernels, z, 2, y, 3, n);
    isOutside(before, y, 3, n);
    for (int i = 0; i < n; i++) {
      double wanted = c.formula().applyAsDouble(z[2 + i]);
      assertEquals(wanted, y[3 + i], TOLERANCE * (1 + Math.abs(wanted)), "at " + z[2 + i]);
    }
  }

  /** The slope by differences of fourth order, whose own error is below 1e-9 here. */
  @Property
  void aGateMultipliesByTheSlopeOfTheFormula(
      @ForAll("cases") Case c, @ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    float[] z = inputs(n + 4, seed);
    float[] a = z.clone();
    if (c.ofOutput()) {
      c.function().on(kernels, z, 0, a, 0, n + 4);
    }
    float[] before = Floats.normals(n + 6, seed + 1);
    float[] d = before.clone();
    c.gate().on(kernels, a, 2, d, 3, n);
    isOutside(before, d, 3, n);
    for (int i = 0; i < n; i++) {
      double h = 1e-3;
      double near = difference(c.formula(), z[2 + i], h);
      double far = difference(c.formula(), z[2 + i], 2 * h);
      double wanted = before[3 + i] * (4 * near - far) / 3;
      assertEquals(wanted, d[3 + i], TOLERANCE * (1 + Math.abs(wanted)), "at " + z[2 + i]);
    }
  }

  private static double difference(DoubleUnaryOperator f, double z, double h) {
    return (f.applyAsDouble(z + h) - f.applyAsDouble(z - h)) / (2 * h);
  }

  @Property
  void expIsExp(@ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    float[] z = inputs(n + 4, seed);
    float[] before = Floats.normals(n + 6, seed + 1);
    float[] y = before.clone();
    kernels.exp(z, 2, y, 3, n);
    isOutside(before, y, 3, n);
    for (int i = 0; i < n; i++) {
      double wanted = StrictMath.exp(z[2 + i]);
      assertEquals(wanted, y[3 + i], TOLERANCE * wanted, "at " + z[2 + i]);
    }
  }

  /** Dropped or kept and scaled by the given mask; behind ReLU what is negative is 0 as well. */
  @Property
  void whatIsKeptIsScaledAndTheRestIsZero(
      @ForAll @IntRange(max = 67) int n, @ForAll long key, @ForAll long seed) {
    int threshold = CounterRandom.threshold(0.6);
    float[] x = inputs(n + 4, seed);
    float[] before = Floats.normals(n + 6, seed + 1);
    float[] dropped = before.clone();
    float[] rectified = before.clone();
    float[] given = before.clone();
    boolean[] mask = new boolean[n + 1];
    for (int i = 0; i < n; i++) {
      mask[1 + i] = CounterRandom.kept(key, 9 + i, threshold);
    }
    kernels.dropout(x, 2, dropped, 3, n, key, 9, threshold, 1.25f);
    kernels.reluDropout(x, 2, rectified, 3, n, key, 9, threshold, 1.25f);
    kernels.keep(x, 2, given, 3, n, mask, 1, 1.25f);
    isOutside(before, dropped, 3, n);
    isOutside(before, rectified, 3, n);
    for (int i = 0; i < n; i++) {
      float wanted = mask[1 + i] ? 1.25f * x[2 + i] : 0;
      assertEquals(wanted, dropped[3 + i]);
      assertEquals(Math.max(0, wanted), rectified[3 + i]);
    }
    assertArrayEquals(dropped, given);
  }

  @Example
  void negativeZeroIsZeroBehindReLU() {
    float[] zeros = new float[20];
    Arrays.fill(zeros, -0f);
    float[] y = zeros.clone();
    kernels.relu(zeros, 0, y, 0, 20);
    assertArrayEquals(new float[20], y);
    float[] dropped = zeros.clone();
    kernels.reluDropout(zeros, 0, dropped, 0, 20, 5, 0, CounterRandom.threshold(1), 1);
    assertArrayEquals(new float[20], dropped);
  }

  /** At 0 itself a slope is the left one; the gate of ReLU scales what dropout has scaled. */
  @Example
  void slopesAtZeroAreThoseFromTheLeft() {
    float[] zero = {0, -0f};
    float[] leaky = {8, 8};
    kernels.leakyReluGate(zero, 0, leaky, 0, 2, 0.25f);
    assertArrayEquals(new float[] {2, 2}, leaky);
    float[] elu = {8, 8};
    kernels.eluGate(zero, 0, elu, 0, 2, 1.5f);
    assertArrayEquals(new float[] {12, 12}, elu);
    float[] selu = {8, 8};
    kernels.selu(zero, 0, zero, 0, 2);
    kernels.seluGate(zero, 0, selu, 0, 2);
    assertArrayEquals(new float[] {14.064795f, 14.064795f}, selu);
    float[] relu = {8, 8};
    kernels.reluGate(new float[] {1, 0}, 0, relu, 0, 2, 1.25f);
    assertArrayEquals(new float[] {10, 0}, relu);
  }
}
