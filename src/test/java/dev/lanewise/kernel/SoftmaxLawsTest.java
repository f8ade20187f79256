package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import dev.lanewise.random.CounterRandom;
import java.util.Arrays;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

@Tag("kernels")
class SoftmaxLawsTest {

  private final Kernels kernels = Engine.standard().kernels();

  /** Rows beyond what a cache holds are taken in groups, which must not show. */
  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void aRowsLossAndGradientAreThoseOfTheRowAlone(
      @ForAll @IntRange(min = 1, max = 23) int rows,
      @ForAll @IntRange(min = 300, max = 5000) int columns,
      @ForAll boolean sparse,
      @ForAll long seed) {
    int targetColumns = sparse ? 1 : columns;
    float[] targets = new float[rows * targetColumns];
    for (int i = 0; i < targets.length; i++) {
      targets[i] =
          sparse
              ? CounterRandom.below(seed + 1, i, columns)
              : (float) CounterRandom.uniform(seed + 1, i);
    }
    float[] z = Floats.normals(rows * columns, seed);
    float[] losses = new float[rows];
    float[] sums = new float[rows];
    float[] wanted = z.clone();
    float[] wantedLosses = new float[rows];
    kernels.softmaxCrossEntropy(
        z, 0, rows, columns, targets, 0, targetColumns, 0.125f, sums, losses, 0);
    for (int r = 0; r < rows; r++) {
      kernels.softmaxCrossEntropy(
          wanted,
          r * columns,
          1,
          columns,
          targets,
          r * targetColumns,
          targetColumns,
          0.125f,
          new float[rows],
          wantedLosses,
          r);
    }
    assertArrayEquals(wanted, z);
    assertArrayEquals(wantedLosses, losses);
  }

  @Property
  void aProbabilityIsItsExponentialsShare(
      @ForAll @IntRange(min = 1, max = 7) int rows,
      @ForAll @IntRange(min = 1, max = 37) int columns,
      @ForAll long seed) {
    float[] z = Floats.normals(rows * columns + 2, seed);
    float[] p = new float[rows * columns + 4];
    Arrays.fill(p, 5);
    kernels.softmax(z, 2, p, 3, rows, columns);
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      for (int c = 0; c < columns; c++) {
        sum += StrictMath.exp(z[2 + r * columns + c]);
      }
      for (int c = 0; c < columns; c++) {
        double wanted = StrictMath.exp(z[2 + r * columns + c]) / sum;
        assertEquals(wanted, p[3 + r * columns + c], 3e-6 * wanted);
      }
    }
    assertEquals(5f, p[2], "before");
    assertEquals(5f, p[3 + rows * columns], "behind");
  }
}
