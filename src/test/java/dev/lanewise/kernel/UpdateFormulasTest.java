package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/**
 * The arithmetic of optimisers against its formulas in double precision: each element within four
 * roundings of what goes into it, nothing outside the range touched.
 */
@Tag("kernels")
class UpdateFormulasTest {

  private static final double ROUNDINGS = 4 * 0x1p-24;

  private final UpdateKernels kernels = Engine.standard().kernels();

  private static float[] squares(int n, long seed) {
    float[] values = Floats.normals(n, seed);
    for (int i = 0; i < n; i++) {
      values[i] *= values[i];
    }
    return values;
  }

  private interface Formula {
    double of(int i);
  }

  /**
   * The n elements from an offset on are the formula's, to a tolerance; the others are as before.
   */
  private static void isFormula(
      Formula wanted, Formula tolerance, float[] found, float[] before, int offset, int n) {
    for (int i = 0; i < found.length; i++) {
      int element = i - offset;
      if (element >= 0 && element < n) {
        assertEquals(wanted.of(element), found[i], tolerance.of(element), "element " + element);
      } else {
        assertEquals(before[i], found[i], "outside, at " + i);
      }
    }
  }

  @Property
  void aBlendIsTheWeightedSum(@ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    float[] x = Floats.normals(n + 9, seed);
    float[] z = Floats.normals(n + 9, seed + 1);
    float[] before = Floats.normals(n + 9, seed + 2);
    float[] y = before.clone();
    kernels.blend(x, 1, 0.3f, z, 2, -0.9f, y, 3, n);
    isFormula(
        i -> (double) 0.3f * x[1 + i] + (double) -0.9f * z[2 + i],
        i -> ROUNDINGS * (Math.abs(x[1 + i]) + Math.abs(z[2 + i])),
        y,
        before,
        3,
        n);
  }

  @Property
  void aBlendOfSquaresIsTheWeightedSumOfSquares(
      @ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    float[] x = Floats.normals(n + 9, seed);
    float[] before = squares(n + 9, seed + 1);
    float[] s = before.clone();
    kernels.blendSquares(x, 5, 0.1f, s, 2, 0.9f, n);
    isFormula(
        i -> (double) 0.9f * before[2 + i] + (double) 0.1f * x[5 + i] * x[5 + i],
        i -> ROUNDINGS * (before[2 + i] + x[5 + i] * x[5 + i]),
        s,
        before,
        2,
        n);
  }

  @Property
  void aStepIsDividedByTheRootOfTheMeanSquare(
      @ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    float[] x = Floats.normals(n + 9, seed);
    float[] s = squares(n + 9, seed + 1);
    float[] before = Floats.normals(n + 9, seed + 2);
    float[] y = before.clone();
    kernels.divideByRoot(x, 1, 3f, s, 2, 5f, 0.25f, 0.5f, y, 4, n);
    Formula wanted = i -> 3.0 * x[1 + i] / (Math.sqrt(5.0 * s[2 + i] + 0.25) + 0.5);
    isFormula(wanted, i -> 2 * ROUNDINGS * Math.abs(wanted.of(i)), y, before, 4, n);
  }

  /** Kingma and Ba's algorithm 1, its corrections of the means given. */
  @Property
  void adamIsItsAlgorithm(@ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    float[] x = Floats.normals(n + 9, seed);
    float[][] before = {
      Floats.normals(n + 9, seed + 1), squares(n + 9, seed + 2), Floats.normals(n + 9, seed + 3)
    };
    float[][] state = {before[0].clone(), before[1].clone(), before[2].clone()};
    kernels.adam(
        x, 0.1f, 0.01f, state[0], 0.9f, state[1], 0.99f, 2f, 4f, 0, 0.5f, state[2], 0.1f, 3, n);
    Formula mean = i -> (double) 0.9f * before[0][3 + i] + (double) 0.1f * x[3 + i];
    Formula square = i -> (double) 0.99f * before[1][3 + i] + (double) 0.01f * x[3 + i] * x[3 + i];
    Formula theta =
        i ->
            before[2][3 + i] - (double) 0.1f * 2 * mean.of(i) / (Math.sqrt(4 * square.of(i)) + 0.5);
    isFormula(mean, i -> 1e-6, state[0], before[0], 3, n);
    isFormula(square, i -> 1e-6 * (1 + square.of(i)), state[1], before[1], 3, n);
    isFormula(theta, i -> 2e-6, state[2], before[2], 3, n);
  }

  /** Chen et al.'s algorithm 2: the sign of one average, then the other average. */
  @Property
  void lionIsItsAlgorithm(@ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    float[] x = Floats.normals(n + 9, seed);
    float[] means = Floats.normals(n + 9, seed + 1);
    float[] m = means.clone();
    float[] before = Floats.normals(n + 9, seed + 2);
    float[] y = before.clone();
    kernels.lion(x, 1, 0.4f, 0.6f, m, 2, 0.1f, 0.9f, y, 3, n);
    isFormula(
        i -> Math.signum(Math.fma(0.6f, means[2 + i], 0.4f * x[1 + i])), i -> 0, y, before, 3, n);
    isFormula(
        i -> (double) 0.9f * means[2 + i] + (double) 0.1f * x[1 + i],
        i -> ROUNDINGS * (Math.abs(means[2 + i]) + Math.abs(x[1 + i])),
        m,
        means,
        2,
        n);
  }

  @Property
  void whatIsRaisedIsTheLargerOfBoth(@ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    float[] x = Floats.normals(n + 9, seed);
    float[] before = Floats.normals(n + 9, seed + 1);
    float[] y = before.clone();
    kernels.raise(x, 6, y, 1, n);
    isFormula(i -> x[6 + i] > before[1 + i] ? x[6 + i] : before[1 + i], i -> 0, y, before, 1, n);
  }

  @Property
  void whatIsClippedStaysOrIsTheBound(@ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    float[] x = Floats.normals(n + 9, seed);
    float[] before = Floats.normals(n + 9, seed + 1);
    float[] y = before.clone();
    kernels.clip(x, 1, 0.5f, y, 4, n);
    isFormula(
        i -> x[1 + i] > 0.5f ? 0.5 : x[1 + i] < -0.5f ? -0.5 : x[1 + i], i -> 0, y, before, 4, n);
  }

  @Property
  void whatIsScaledIsTheProduct(@ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    float[] x = Floats.normals(n + 9, seed);
    float[] before = Floats.normals(n + 9, seed + 1);
    float[] y = before.clone();
    kernels.scale(x, 7, 0.37f, y, 2, n);
    isFormula(i -> 0.37f * x[7 + i], i -> 0, y, before, 2, n);
  }

  @Example
  void notANumberIsNeitherClippedNorRaisedAway() {
    float[] x = {Float.NaN, 1, Float.NaN};
    float[] y = {1, Float.NaN, Float.NaN};
    kernels.raise(x, 0, y, 0, 3);
    assertArrayEquals(new float[] {Float.NaN, Float.NaN, Float.NaN}, y);
    kernels.clip(x, 0, 0.5f, y, 0, 3);
    assertArrayEquals(new float[] {Float.NaN, 0.5f, Float.NaN}, y);
    kernels.lion(x, 0, 1, 0, new float[3], 0, 1, 0, y, 0, 3);
    assertTrue(Float.isNaN(y[0]) && y[1] == 1 && Float.isNaN(y[2]));
  }
}
