package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import dev.lanewise.random.CounterRandom;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

@Tag("kernels")
class LayerNormKernelsTest {

  private static final double EPSILON = 1e-5;

  private final Kernels kernels = Engine.standard().kernels();
  private final Kernels scalar = Engine.of("scalar").kernels();

  /** A row of so many units at odd offsets, with γ and β. */
  record Row(int n, int at, long seed, boolean awkward) {

    float[] array(int stream) {
      long key = CounterRandom.key(seed, stream, 0);
      int length = at + n + 3;
      return awkward ? Floats.awkward(length, key) : Floats.normals(length, key);
    }

    /** γ from {@code at} on, β behind. */
    float[] parameters() {
      float[] parameters = Arrays.copyOf(array(7), at + 2 * n);
      System.arraycopy(array(8), at, parameters, at + n, n);
      return parameters;
    }
  }

  @Provide
  Arbitrary<Row> rows() {
    return Combinators.combine(
            Arbitraries.of(1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 101, 4095, 4097, 8210),
            Arbitraries.integers().between(0, 5),
            Arbitraries.longs(),
            Arbitraries.of(true, false))
        .as(Row::new)
        .withoutEdgeCases();
  }

  @Provide
  Arbitrary<Row> tameRows() {
    return rows().map(r -> new Row(r.n, r.at, r.seed, false));
  }

  /** x̂, y, and 1/√(σ² + ε). */
  private static float[][] normalize(Kernels kernels, Row r, float[] x, float[] y) {
    float inverse =
        kernels.normalizeRow(x, r.at, y, r.at, r.n, EPSILON, r.parameters(), r.at, r.at + r.n);
    return new float[][] {x, y, {inverse}};
  }

  @Property
  void normalizeRowHasTheScalarBitsInPlaceOrNot(@ForAll("rows") Row r) {
    float[][] expected = normalize(scalar, r, r.array(1), r.array(2));
    assertArrayEquals(expected, normalize(kernels, r, r.array(1), r.array(2)));
    float[] x = r.array(1);
    float[] inPlace = normalize(kernels, r, x, x)[1];
    float[] apart = Arrays.copyOfRange(expected[1], r.at, r.at + r.n);
    assertArrayEquals(apart, Arrays.copyOfRange(inPlace, r.at, r.at + r.n));
  }

  @Property
  void normalizedRowsHaveMean0AndVariance1(
      @ForAll("tameRows") Row r, @ForAll @IntRange(max = 3) int far) {
    float[] x = r.array(1);
    double centre = far == 0 ? 0 : StrictMath.pow(10, far);
    for (int i = 0; i < x.length; i++) {
      x[i] += (float) centre;
    }
    double spread = variance(x, r);
    float[] normal = normalize(kernels, r, x, r.array(2))[0];
    double found = 0;
    for (int i = r.at; i < r.at + r.n; i++) {
      found += (double) normal[i] * normal[i] / r.n;
    }
    assertEquals(0, mean(normal, r), 1e-6, "mean");
    assertEquals(spread / (spread + EPSILON), found, 1e-5, "variance");
  }

  private static double mean(float[] x, Row r) {
    double mean = 0;
    for (int i = r.at; i < r.at + r.n; i++) {
      mean += (double) x[i] / r.n;
    }
    return mean;
  }

  private static double variance(float[] x, Row r) {
    double mean = mean(x, r);
    double variance = 0;
    for (int i = r.at; i < r.at + r.n; i++) {
      variance += (x[i] - mean) * (x[i] - mean) / r.n;
    }
    return variance;
  }

  /** Powers of two, so that the row itself is scaled without rounding; ε is next to nothing. */
  @Property
  void normalizingForgetsScaleAndShiftOfARow(
      @ForAll("tameRows") Row r, @ForAll @IntRange(min = 6, max = 20) int power) {
    float[] x = r.array(1);
    float[] moved = x.clone();
    float[] scaled = x.clone();
    for (int i = 0; i < x.length; i++) {
      moved[i] = x[i] + 3;
      scaled[i] = Math.scalb(x[i], power);
    }
    // What is left of ε, and of the rounding of the shift, grows as the row's variance shrinks.
    double narrow = Math.max(1, 1 / Math.max(variance(x, r), 1e-9));
    float[] y = normalize(kernels, r, x, r.array(2))[1];
    assertArrayEquals(y, normalize(kernels, r, moved, r.array(2))[1], (float) (1e-5 * narrow));
    assertArrayEquals(y, normalize(kernels, r, scaled, r.array(2))[1], (float) (1e-4 * narrow));
  }

  @Property
  void normalizeRowGradientHasTheScalarBits(@ForAll("rows") Row r) {
    assertArrayEquals(gradient(scalar, r, r.array(3)), gradient(kernels, r, r.array(3)));
  }

  private static float[] gradient(Kernels kernels, Row r, float[] d) {
    kernels.normalizeRowGradient(r.array(4), r.at, d, r.at, r.n, 0.7f, r.parameters(), r.at);
    return d;
  }

  @Property
  void normalizeRowGradientAgreesWithDoubles(@ForAll("tameRows") Row r) {
    float[] found = gradient(kernels, r, r.array(3));
    float[] normal = r.array(4);
    float[] dy = r.array(3);
    float[] gamma = r.parameters();
    double sum = 0;
    double product = 0;
    for (int i = r.at; i < r.at + r.n; i++) {
      sum += (double) dy[i] * gamma[i];
      product += (double) dy[i] * gamma[i] * normal[i];
    }
    for (int i = r.at; i < r.at + r.n; i++) {
      double expected = 0.7f * ((double) dy[i] * gamma[i] - sum / r.n - normal[i] * product / r.n);
      assertEquals(expected, found[i], 1e-4 * (1 + Math.abs(expected)));
    }
  }

  @Property
  void sumOfProductsHasTheScalarBits(@ForAll("rows") Row r) {
    assertEquals(
        scalar.sumOfProducts(r.array(5), r.at, r.array(6), r.at, r.n),
        kernels.sumOfProducts(r.array(5), r.at, r.array(6), r.at, r.n));
  }

  /** Underflow leaves −0 in a lane, which lanes without an element may lose, and the sum must. */
  @Example
  void aSumOfProductsIsNeverMinusZero() {
    float[] x = new float[33];
    float[] y = new float[33];
    Arrays.fill(x, -1e-30f);
    Arrays.fill(y, 1e-30f);
    for (int n = 0; n <= 33; n++) {
      assertEquals(0.0, kernels.sumOfProducts(x, 0, y, 0, n));
    }
  }

  @Property
  void columnProductsHaveTheScalarBits(
      @ForAll("rows") Row r,
      @ForAll @IntRange(min = 1, max = 70) int columns,
      @ForAll @IntRange(max = 4) int wider) {
    int stride = columns + wider;
    int rows = Math.min(200, r.n);
    Row matrix = new Row(rows * stride, r.at, r.seed, r.awkward);
    float[] expected = matrix.array(9);
    float[] found = matrix.array(9);
    float[] x = matrix.array(5);
    float[] y = matrix.array(6);
    scalar.columnProducts(x, y, r.at, stride, rows, columns, expected, 1);
    kernels.columnProducts(x, y, r.at, stride, rows, columns, found, 1);
    assertArrayEquals(expected, found);
  }

  @Property
  void aColumnProductAddsBlocksOf64Rows(
      @ForAll @IntRange(min = 1, max = 200) int rows, @ForAll long seed) {
    float[] x = new Row(rows, 0, seed, false).array(5);
    float[] y = new Row(rows, 0, seed, false).array(6);
    float sum = 0;
    float block = 0;
    for (int i = 0; i < rows; i++) {
      block = Math.fma(x[i], y[i], block);
      if (i % 64 == 63 || i == rows - 1) {
        sum += block;
        block = 0;
      }
    }
    float[] found = new float[1];
    kernels.columnProducts(x, y, 0, 1, rows, 1, found, 0);
    assertEquals(sum, found[0]);
  }

  @Example
  void aConstantRowHasNoVariance() {
    float[] x = new float[8210];
    Arrays.fill(x, 8.0985544e9f);
    float[] parameters = new float[2 * x.length];
    float inverse =
        kernels.normalizeRow(
            x, 0, new float[x.length], 0, x.length, EPSILON, parameters, 0, x.length);
    assertEquals((float) (1 / Math.sqrt(EPSILON)), inverse);
  }
}
