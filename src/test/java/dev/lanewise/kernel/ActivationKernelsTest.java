package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.engine.Engine;
import dev.lanewise.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** The kernels of this run against the scalar ones, bit for bit (any NaN equals any other). */
@Tag("kernels")
class ActivationKernelsTest {

  private static final float[] AWKWARD = {
    0f,
    -0f,
    1f,
    -1f,
    0.55f,
    0.8f,
    -0.8f,
    15f,
    -15f,
    -87.5f,
    -95f,
    -103.9f,
    -104f,
    88.7f,
    89f,
    151f,
    Float.MIN_VALUE,
    -0x1p-130f,
    1e-20f,
    1e19f,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY
  };

  private final Kernels kernels = Engine.standard().kernels();

  /** A kernel that reads n elements of x from xo on and writes or changes those of y from yo on. */
  record Kernel(String name, Call call) {
    @Override
    public String toString() {
      return name;
    }
  }

  interface Call {
    void on(ActivationKernels kernels, float[] x, int xo, float[] y, int yo, int n);
  }

  private static final List<Kernel> FUNCTIONS =
      List.of(
          new Kernel("exp", ActivationKernels::exp),
          new Kernel("relu", ActivationKernels::relu),
          new Kernel("leakyRelu", (k, x, xo, y, yo, n) -> k.leakyRelu(x, xo, y, yo, n, 0.01f)),
          new Kernel("elu", (k, x, xo, y, yo, n) -> k.elu(x, xo, y, yo, n, 1.5f)),
          new Kernel("sigmoid", ActivationKernels::sigmoid),
          new Kernel("tanh", ActivationKernels::tanh),
          new Kernel("gelu", ActivationKernels::gelu),
          new Kernel("tanhGelu", ActivationKernels::tanhGelu),
          new Kernel("silu", ActivationKernels::silu),
          new Kernel("selu", ActivationKernels::selu),
          new Kernel("mish", ActivationKernels::mish),
          new Kernel("cosTurns", ActivationKernels::cosTurns),
          new Kernel("softplus", ActivationKernels::softplus),
          new Kernel(
              "dropout",
              (k, x, xo, y, yo, n) ->
                  k.dropout(x, xo, y, yo, n, -5L << 31, 7 - n, -1 << 30, 1.25f)),
          new Kernel(
              "reluDropout",
              (k, x, xo, y, yo, n) -> k.reluDropout(x, xo, y, yo, n, 99, n, 1 << 30, 1.25f)));

  private static final List<Kernel> GATES =
      List.of(
          new Kernel("reluGate", (k, x, xo, y, yo, n) -> k.reluGate(x, xo, y, yo, n, 1.25f)),
          new Kernel(
              "leakyReluGate", (k, x, xo, y, yo, n) -> k.leakyReluGate(x, xo, y, yo, n, 0.3f)),
          new Kernel("eluGate", (k, x, xo, y, yo, n) -> k.eluGate(x, xo, y, yo, n, 1.5f)),
          new Kernel("sigmoidGate", ActivationKernels::sigmoidGate),
          new Kernel("tanhGate", ActivationKernels::tanhGate),
          new Kernel("geluGate", ActivationKernels::geluGate),
          new Kernel("tanhGeluGate", ActivationKernels::tanhGeluGate),
          new Kernel("siluGate", ActivationKernels::siluGate),
          new Kernel("seluGate", ActivationKernels::seluGate),
          new Kernel("mishGate", ActivationKernels::mishGate),
          new Kernel("cosTurnsGate", ActivationKernels::cosTurnsGate),
          new Kernel("softplusGate", ActivationKernels::softplusGate));

  @Provide
  Arbitrary<Kernel> functions() {
    return Arbitraries.of(FUNCTIONS);
  }

  @Provide
  Arbitrary<Kernel> gates() {
    return Arbitraries.of(GATES);
  }

  @Property
  void functionsHaveTheBitsOfTheScalarForm(
      @ForAll("functions") Kernel kernel,
      @ForAll @IntRange(max = 67) int n,
      @ForAll @IntRange(max = 3) int offset,
      @ForAll long seed) {
    sameBits(kernel, n, offset, seed);
  }

  @Property
  void gatesHaveTheBitsOfTheScalarForm(
      @ForAll("gates") Kernel kernel,
      @ForAll @IntRange(max = 67) int n,
      @ForAll @IntRange(max = 3) int offset,
      @ForAll long seed) {
    sameBits(kernel, n, offset, seed);
  }

  private void sameBits(Kernel kernel, int n, int offset, long seed) {
    Random random = new Random(seed);
    float[] x = values(random, n + offset + 2);
    float[] expected = values(random, n + 5);
    float[] actual = expected.clone();
    kernel.call().on(ScalarKernels.INSTANCE, x, offset, expected, 3, n);
    kernel.call().on(kernels, x, offset, actual, 3, n);
    assertArrayEquals(expected, actual);
  }

  @Property
  void theGateOfLeakyReluScalesTheGradientsOfUnitsThatAreNotPositive(
      @ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    Random random = new Random(seed);
    float[] z = values(random, n);
    float[] gradient = values(random, n);
    float[] expected = new float[n];
    for (int i = 0; i < n; i++) {
      expected[i] = z[i] > 0 ? gradient[i] : 0.3f * gradient[i];
    }
    kernels.leakyReluGate(z, 0, gradient, 0, n, 0.3f);
    assertArrayEquals(expected, gradient);
  }

  @Property
  void functionsMayOverwriteTheirInput(
      @ForAll("functions") Kernel kernel, @ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    float[] x = values(new Random(seed), n + 1);
    float[] apart = x.clone();
    kernel.call().on(kernels, x, 1, apart, 1, n);
    kernel.call().on(kernels, x, 1, x, 1, n);
    assertArrayEquals(apart, x);
  }

  @Property
  void movingTowardsOthersHasTheBitsOfTheScalarForm(
      @ForAll @IntRange(min = 1, max = 67) int columns,
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(max = 3) int padding,
      @ForAll long seed) {
    Random random = new Random(seed);
    int stride = columns + padding;
    int length = rows * stride + 2;
    float[] x = values(random, length);
    float[] s = values(random, length);
    float[] alpha = values(random, columns + 1);
    float[][] expected = {values(random, length), values(random, length)};
    float[][] actual = {expected[0].clone(), expected[1].clone()};
    ScalarKernels.INSTANCE.moveTowards(
        x, s, expected[0], expected[1], 1, stride, rows, columns, alpha, 1);
    kernels.moveTowards(x, s, actual[0], actual[1], 1, stride, rows, columns, alpha, 1);
    assertArrayEquals(expected[0], actual[0]);
    assertArrayEquals(expected[1], actual[1]);
    kernels.moveTowards(x, s, s, x, 1, stride, rows, columns, alpha, 1);
    for (int i = 0; i < rows * columns; i++) {
      int at = 1 + i / columns * stride + i % columns;
      assertEquals(expected[0][at], s[at]);
      assertEquals(expected[1][at], x[at]);
    }
  }

  @Example
  void movingTowardsOthersGoesTheShareOfEachColumn() {
    float[] x = {9, 1, 2, 9, -1, 4, 9};
    float[] s = {9, 3, 6, 9, -5, 0, 9};
    float[] d = new float[7];
    float[] y = new float[7];
    kernels.moveTowards(x, s, d, y, 1, 3, 2, 2, new float[] {0, 0.5f, 0.25f}, 1);
    assertArrayEquals(new float[] {0, 2, 4, 0, -4, -4, 0}, d);
    assertArrayEquals(new float[] {0, 2, 3, 0, -3, 3, 0}, y);
  }

  @Property
  void dropoutIsTheGivenMaskOfTheSameWords(
      @ForAll @IntRange(max = 67) int n,
      @ForAll long key,
      @ForAll int index,
      @ForAll int threshold,
      @ForAll long seed) {
    float[] x = values(new Random(seed), n);
    boolean[] mask = new boolean[n];
    for (int i = 0; i < n; i++) {
      mask[i] = CounterRandom.kept(key, index + i, threshold);
    }
    float[] drawn = new float[n];
    float[] given = new float[n];
    kernels.dropout(x, 0, drawn, 0, n, key, index, threshold, 1.25f);
    kernels.keep(x, 0, given, 0, n, mask, 0, 1.25f);
    assertArrayEquals(given, drawn);
  }

  @Property
  void fusedReluDropoutIsReluThenDropout(
      @ForAll @IntRange(max = 67) int n, @ForAll long key, @ForAll long seed) {
    float[] x = values(new Random(seed), n);
    float[] fused = new float[n];
    float[] apart = new float[n];
    kernels.reluDropout(x, 0, fused, 0, n, key, 5, 1 << 30, 1.25f);
    kernels.relu(x, 0, apart, 0, n);
    kernels.dropout(apart, 0, apart, 0, n, key, 5, 1 << 30, 1.25f);
    assertArrayEquals(apart, fused);
  }

  /** One kernel of each shape: vectors that are objects make the way to their compilation slow. */
  @Tag("allocation")
  @Example
  void compiledKernelsAllocateNothing() {
    float[] x = values(new Random(1), 67);
    float[] y = new float[67];
    float[] classes = {0, 1, 2, 3, 4, 10};
    float[] losses = new float[6];
    float[] sums = new float[6];
    float[] elements = new float[67];
    allocatesNothing("tanh", () -> kernels.tanh(x, 0, y, 0, 67));
    allocatesNothing("gelu", () -> kernels.gelu(x, 0, y, 0, 67));
    allocatesNothing("geluGate", () -> kernels.geluGate(x, 0, y, 0, 67));
    allocatesNothing("siluGate", () -> kernels.siluGate(x, 0, y, 0, 67));
    allocatesNothing("dropout", () -> kernels.dropout(x, 0, y, 0, 67, 1, 0, 1 << 30, 2));
    allocatesNothing("sumOfMagnitudes", () -> y[0] = (float) kernels.sumOfMagnitudes(x, 0, 67));
    allocatesNothing(
        "softmaxCrossEntropy",
        () -> kernels.softmaxCrossEntropy(y, 0, 6, 11, classes, 0, 1, 1, sums, losses, 0));
    allocatesNothing(
        "sigmoidCrossEntropy", () -> kernels.sigmoidCrossEntropy(y, 0, x, 0, 1, elements, 0, 67));
  }

  @Tag("allocation")
  @Example
  @Tag("long")
  void everyCompiledKernelAllocatesNothing() {
    float[] x = values(new Random(1), 67);
    float[] y = new float[67];
    for (Kernel kernel : FUNCTIONS) {
      allocatesNothing(kernel.name(), () -> kernel.call().on(kernels, x, 0, y, 0, 67));
    }
    for (Kernel kernel : GATES) {
      allocatesNothing(kernel.name(), () -> kernel.call().on(kernels, x, 0, y, 0, 67));
    }
  }

  private static void allocatesNothing(String name, Runnable kernel) {
    Allocation.assertNone(name, 200, i -> kernel.run());
  }

  private static float[] values(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] =
          switch (random.nextInt(8)) {
            case 0 -> AWKWARD[random.nextInt(AWKWARD.length)];
            case 1 -> Float.intBitsToFloat(random.nextInt());
            default -> (float) random.nextGaussian() * 4;
          };
    }
    return values;
  }

  @Example
  void theSlopeOfReluAtZeroIsZero() {
    float[] a = {0, -0f, Float.MIN_VALUE, 0, -0f};
    float[] d = {7, 7, 7, -7, Float.MAX_VALUE};
    kernels.reluGate(a, 0, d, 0, 5, 1);
    assertArrayEquals(new float[] {0, 0, 7, 0, 0}, d, 0f);
  }

  @Property(tries = 30)
  void invertedDropoutKeepsTheExpectation(
      @ForAll long key, @ForAll @DoubleRange(min = 0.05, max = 1) double keep) {
    int n = 20_000;
    float scale = (float) (1 / keep);
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    float[] dropped = new float[n];
    kernels.dropout(ones, 0, dropped, 0, n, key, 0, CounterRandom.threshold(keep), scale);
    double sum = 0;
    for (float unit : dropped) {
      assertTrue(unit == 0 || unit == scale, () -> "unit " + unit);
      sum += unit;
    }
    assertEquals(1, sum / n, 6 * Math.sqrt((1 - keep) / (keep * n)) + 1e-6);
  }
}
