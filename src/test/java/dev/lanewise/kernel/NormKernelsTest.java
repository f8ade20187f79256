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
class NormKernelsTest {

  private final Kernels kernels = Engine.standard().kernels();
  private final Kernels scalar = Engine.of("scalar").kernels();

  /** A panel inside a matrix, its statistics, and parameters, at odd offsets. */
  record Panel(int rows, int columns, int stride, int xo, int so, long seed, boolean awkward) {

    float[] matrix(int stream) {
      return values(xo + rows * stride + 3, stream);
    }

    /** Statistics, for half of the seeds with room for a whole vector behind the columns. */
    float[] vector(int stream) {
      int room = seed % 2 == 0 ? 3 : 16;
      return values(so + columns + room, stream);
    }

    /** γ at {@code so}, β behind. */
    float[] parameters(int stream) {
      return values(shift() + columns + 3, stream);
    }

    int shift() {
      return so + columns + 1;
    }

    private float[] values(int n, int stream) {
      long key = CounterRandom.key(seed, stream, 0);
      return awkward ? Floats.awkward(n, key) : Floats.normals(n, key);
    }
  }

  @Provide
  Arbitrary<Panel> panels() {
    Arbitrary<Integer> rows = Arbitraries.of(1, 2, 3, 31, 63, 64, 65, 127, 128, 129, 200, 257, 340);
    Arbitrary<Integer> columns = Arbitraries.of(1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64);
    return Combinators.combine(
            rows,
            columns,
            Arbitraries.integers().between(0, 5),
            Arbitraries.integers().between(0, 5),
            Arbitraries.integers().between(0, 5),
            Arbitraries.longs(),
            Arbitraries.of(true, false))
        .as(
            (r, c, wider, xo, so, seed, awkward) ->
                new Panel(r, c, c + wider, xo, so, seed, awkward))
        .withoutEdgeCases();
  }

  @Provide
  Arbitrary<Panel> tamePanels() {
    return panels().map(p -> new Panel(p.rows, p.columns, p.stride, p.xo, p.so, p.seed, false));
  }

  @Property
  void columnSumsHaveTheScalarBits(@ForAll("panels") Panel p) {
    assertArrayEquals(columnSums(scalar, p), columnSums(kernels, p));
  }

  private static float[] columnSums(Kernels kernels, Panel p) {
    float[] sums = p.vector(9);
    kernels.columnSums(p.matrix(1), p.xo, p.stride, p.rows, p.columns, sums, p.so);
    return sums;
  }

  @Property
  void momentsHaveTheScalarBits(@ForAll("panels") Panel p) {
    assertArrayEquals(moments(scalar, p, p.matrix(1)), moments(kernels, p, p.matrix(1)));
  }

  /** Means, residuals and variances, each with what stands around them. */
  private static float[][] moments(Kernels kernels, Panel p, float[] x) {
    float[][] moments = {p.vector(7), p.vector(8), p.vector(9)};
    kernels.moments(x, p.xo, p.stride, p.rows, p.columns, moments[0], moments[1], moments[2], p.so);
    return moments;
  }

  @Property
  void normalizeHasTheScalarBitsInPlaceOrNot(@ForAll("panels") Panel p) {
    float[] expected = normalize(scalar, p, p.matrix(2));
    assertArrayEquals(expected, normalize(kernels, p, p.matrix(2)));
    float[] x = p.matrix(1);
    float[] inPlace = normalize(kernels, p, x, x);
    float[] apart = normalize(kernels, p, p.matrix(1), p.matrix(1));
    assertArrayEquals(apart, inPlace);
  }

  private static float[] normalize(Kernels kernels, Panel p, float[] y) {
    return normalize(kernels, p, p.matrix(1), y);
  }

  private static float[] normalize(Kernels kernels, Panel p, float[] x, float[] y) {
    kernels.normalize(
        x,
        y,
        p.xo,
        p.stride,
        p.rows,
        p.columns,
        p.vector(3),
        p.vector(4),
        p.vector(5),
        p.so,
        p.parameters(6),
        p.so,
        p.shift());
    return y;
  }

  @Property
  void normalizeGradientHasTheScalarBits(@ForAll("panels") Panel p) {
    assertArrayEquals(
        normalizeGradient(scalar, p, p.vector(3), p.vector(4), p.vector(5)),
        normalizeGradient(kernels, p, p.vector(3), p.vector(4), p.vector(5)));
  }

  /** dx, and the gradient array with dγ and dβ. */
  private static float[][] normalizeGradient(
      Kernels kernels, Panel p, float[] mean, float[] inverse, float[] offset) {
    float[] d = p.matrix(2);
    float[] gradient = p.parameters(9);
    kernels.normalizeGradient(
        p.matrix(1),
        d,
        p.xo,
        p.stride,
        p.rows,
        p.columns,
        mean,
        inverse,
        offset,
        p.so,
        p.parameters(6),
        gradient,
        p.so,
        p.shift());
    return new float[][] {d, gradient};
  }

  @Property
  void aColumnSumAddsBlocksOf64Rows(@ForAll("panels") Panel p) {
    float[] x = p.matrix(1);
    float[] sums = columnSums(kernels, p);
    for (int j = 0; j < p.columns; j++) {
      float sum = 0;
      float block = 0;
      for (int i = 0; i < p.rows; i++) {
        block += x[p.xo + i * p.stride + j];
        if (i % 64 == 63 || i == p.rows - 1) {
          sum += block;
          block = 0;
        }
      }
      assertEquals(sum, sums[p.so + j]);
    }
  }

  @Property
  void momentsAgreeWithDoubles(@ForAll("tamePanels") Panel p, @ForAll @IntRange(max = 4) int far) {
    float[] x = p.matrix(1);
    float centre = far == 0 ? 0 : (float) StrictMath.pow(10, far);
    for (int i = 0; i < x.length; i++) {
      x[i] += centre;
    }
    float[][] moments = moments(kernels, p, x);
    for (int j = 0; j < p.columns; j++) {
      double mean = 0;
      for (int i = 0; i < p.rows; i++) {
        mean += x[p.xo + i * p.stride + j] / (double) p.rows;
      }
      double variance = 0;
      for (int i = 0; i < p.rows; i++) {
        variance += StrictMath.pow(x[p.xo + i * p.stride + j] - mean, 2) / p.rows;
      }
      double found = (double) moments[0][p.so + j] + moments[1][p.so + j];
      assertEquals(mean, found, 1e-6 * (1 + centre * 1e-3), "mean and residual");
      assertEquals(variance, moments[2][p.so + j], 1e-5 * variance + 1e-12, "variance");
    }
  }

  /** In so many rows the sums of the deviations, which are rounding errors, are rounded too. */
  @Example
  void aConstantColumnHasNoNegativeVariance() {
    Panel p = new Panel(28_288, 17, 17, 0, 0, 0, false);
    float[] x = p.matrix(1);
    Arrays.fill(x, 8.0985544e9f);
    float[][] moments = moments(kernels, p, x);
    for (int j = 0; j < p.columns; j++) {
      assertEquals(0f, moments[2][j], "variance");
    }
  }

  @Property
  void normalizeGradientAgreesWithDoubles(@ForAll("tamePanels") Panel p) {
    float[] inverse = p.vector(4);
    for (int j = 0; j < inverse.length; j++) {
      inverse[j] = 0.5f + Math.abs(inverse[j]);
    }
    float[] mean = p.vector(3);
    float[] offset = p.vector(5);
    float[][] found = normalizeGradient(kernels, p, mean, inverse, offset);
    float[] x = p.matrix(1);
    float[] dy = p.matrix(2);
    float[] parameters = p.parameters(6);
    for (int j = 0; j < p.columns; j++) {
      double sum = 0;
      double product = 0;
      for (int i = 0; i < p.rows; i++) {
        int at = p.xo + i * p.stride + j;
        sum += dy[at];
        product += dy[at] * normal(x[at], mean, inverse, offset, p.so + j);
      }
      assertEquals(sum, found[1][p.shift() + j], 1e-5 * p.rows, "shift");
      assertEquals(product, found[1][p.so + j], 2e-4 * p.rows, "scale");
      double factor = (double) parameters[p.so + j] * inverse[p.so + j];
      for (int i = 0; i < p.rows; i++) {
        int at = p.xo + i * p.stride + j;
        double normal = normal(x[at], mean, inverse, offset, p.so + j);
        double expected = factor * (dy[at] - sum / p.rows - normal * product / p.rows);
        assertEquals(expected, found[0][at], 1e-3 * (1 + Math.abs(expected)), "dx");
      }
    }
  }

  private static double normal(float x, float[] mean, float[] inverse, float[] offset, int column) {
    return ((double) x - mean[column]) * inverse[column] + offset[column];
  }
}
