package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Normalisations of this run's kernels against their formulas in double precision. */
@Tag("kernels")
class NormFormulasTest {

  private final Kernels kernels = Engine.standard().kernels();

  /** A panel at (2, 3) of a wider matrix: y = γ·((x − mean)·inverse + offset) + β. */
  @Property
  void aNormalizedColumnIsItsFormula(
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 67) int columns,
      @ForAll @IntRange(max = 4) int wider,
      @ForAll long seed) {
    int stride = columns + wider;
    float[] x = Floats.normals(5 + rows * stride, seed);
    float[] before = Floats.normals(x.length, seed + 1);
    float[] y = before.clone();
    float[] mean = Floats.normals(columns + 2, seed + 2);
    float[] inverse = Floats.normals(columns + 2, seed + 3);
    float[] offset = Floats.normals(columns + 2, seed + 4);
    float[] parameters = Floats.normals(2 * columns + 3, seed + 5);
    kernels.normalize(
        x, y, 3, stride, rows, columns, mean, inverse, offset, 2, parameters, 1, columns + 2);
    boolean[] inside = new boolean[y.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        int at = 3 + i * stride + j;
        inside[at] = true;
        double normal = ((double) x[at] - mean[2 + j]) * inverse[2 + j] + offset[2 + j];
        double wanted = parameters[1 + j] * normal + parameters[columns + 2 + j];
        double size =
            Math.abs(parameters[1 + j] * inverse[2 + j]) * (Math.abs(x[at]) + Math.abs(mean[2 + j]))
                + Math.abs(parameters[1 + j] * offset[2 + j])
                + Math.abs(parameters[columns + 2 + j]);
        assertEquals(wanted, y[at], 4 * 0x1p-24 * size);
      }
    }
    for (int at = 0; at < y.length; at++) {
      assertTrue(inside[at] || y[at] == before[at], "outside, at " + at);
    }
  }

  /** y = γ·x̂ + β with x̂ as it is left for the backward pass. */
  @Property
  void aNormalizedRowIsScaledAndShifted(
      @ForAll @IntRange(min = 1, max = 67) int n, @ForAll long seed) {
    float[] x = Floats.normals(n + 5, seed);
    float[] row = x.clone();
    float[] before = Floats.normals(n + 6, seed + 1);
    float[] y = before.clone();
    float[] parameters = Floats.normals(2 * n + 3, seed + 2);
    kernels.normalizeRow(x, 2, y, 3, n, 1e-3, parameters, 1, n + 2);
    for (int i = 0; i < n; i++) {
      float wanted = Math.fma(parameters[1 + i], x[2 + i], parameters[n + 2 + i]);
      assertEquals(wanted, y[3 + i]);
    }
    for (int i = 0; i < y.length; i++) {
      assertTrue(i >= 3 && i < n + 3 || y[i] == before[i], "outside the result, at " + i);
    }
    for (int i = 0; i < x.length; i++) {
      assertTrue(i >= 2 && i < n + 2 || x[i] == row[i], "outside the row, at " + i);
    }
  }

  /** A panel at 3 of two wider matrices, in blocks of 64 rows, each sum one chain. */
  @Property
  void aColumnProductIsTheSumOfItsColumnsProducts(
      @ForAll @IntRange(min = 1, max = 200) int rows,
      @ForAll @IntRange(min = 1, max = 37) int columns,
      @ForAll @IntRange(max = 4) int wider,
      @ForAll long seed) {
    int stride = columns + wider;
    float[] x = Floats.normals(5 + rows * stride, seed);
    float[] y = Floats.normals(x.length, seed + 1);
    float[] before = Floats.normals(columns + 3, seed + 2);
    float[] sums = before.clone();
    kernels.columnProducts(x, y, 3, stride, rows, columns, sums, 1);
    for (int j = 0; j < columns; j++) {
      double sum = 0;
      for (int i = 0; i < rows; i++) {
        sum += (double) x[3 + i * stride + j] * y[3 + i * stride + j];
      }
      assertEquals(sum, sums[1 + j], 1e-5 * rows, "column " + j);
    }
    assertEquals(before[0], sums[0]);
    assertEquals(before[columns + 1], sums[columns + 1]);
  }

  /**
   * The corrected mean of products: what a gradient of x̂ leaves is at right angles to 1 and x̂.
   */
  @Property
  void aRowsGradientIsAtRightAnglesToOnesAndToTheNormalizedRow(
      @ForAll @IntRange(min = 2, max = 67) int n, @ForAll long seed) {
    float[] x = Floats.normals(n + 2, seed);
    float[] parameters = Floats.normals(2 * n, seed + 1);
    float[] d = Floats.normals(n + 3, seed + 2);
    float inverse = kernels.normalizeRow(x, 2, new float[n], 0, n, 1e-30, parameters, 0, n);
    kernels.normalizeRowGradient(x, 2, d, 3, n, inverse, parameters, 0);
    double sum = 0;
    double product = 0;
    double size = 0;
    for (int i = 0; i < n; i++) {
      sum += d[3 + i];
      product += (double) d[3 + i] * x[2 + i];
      size += 1 + Math.abs(parameters[i]) * inverse;
    }
    assertEquals(0, sum, 1e-4 * size);
    assertEquals(0, product, 1e-4 * size);
  }
}
