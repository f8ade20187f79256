package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/**
 * Losses and gradients of this run's kernels against formulas in double precision, and the scalar
 * kernels.
 */
@Tag("kernels")
class LossKernelsTest {

  private static final float SCALE = 0.125f;

  private final Kernels kernels = Engine.standard().kernels();

  private interface Loss {
    void with(LossKernels kernels, float[] z, float[] losses);
  }

  private interface Element {
    double of(double z, double y);
  }

  /** Scores, some of them far out, from offset 2 on. */
  private static float[] scores(Random random, int n) {
    float[] z = new float[n + 2];
    for (int i = 2; i < n + 2; i++) {
      z[i] = (float) random.nextGaussian() * (random.nextInt(6) == 0 ? 1e4f : 3);
    }
    return z;
  }

  /** Targets in [0, 1], from offset 1 on. */
  private static float[] targets(Random random, int n) {
    float[] y = new float[n + 1];
    for (int i = 1; i < n + 1; i++) {
      y[i] = random.nextBoolean() ? random.nextInt(2) : random.nextFloat();
    }
    return y;
  }

  private void sameBits(Loss loss, float[] z, int rows) {
    float[] scalarScores = z.clone();
    float[] scalarLosses = new float[rows + 3];
    loss.with(ScalarKernels.INSTANCE, scalarScores, scalarLosses);
    float[] scores = z.clone();
    float[] losses = new float[rows + 3];
    loss.with(kernels, scores, losses);
    assertArrayEquals(scalarScores, scores, "gradient");
    assertArrayEquals(scalarLosses, losses, "losses");
  }

  /** Checks a loss that goes by elements, with z at 2, targets at 1 and losses at 3. */
  private void elementwise(Loss loss, Element value, Element slope, float[] z, float[] y, int n) {
    sameBits(loss, z, n);
    float[] d = z.clone();
    float[] losses = new float[n + 3];
    loss.with(kernels, d, losses);
    for (int i = 0; i < n; i++) {
      double gradient = slope.of(z[2 + i], y[1 + i]) * SCALE;
      assertEquals(gradient, d[2 + i], 0x1p-22 * Math.max(SCALE, Math.abs(gradient)));
      double wanted = value.of(z[2 + i], y[1 + i]);
      assertEquals(wanted, losses[3 + i], 0x1p-21 * Math.max(1, wanted));
    }
  }

  @Property
  void sigmoidCrossEntropyIsItsFormula(@ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    Random random = new Random(seed);
    float[] z = scores(random, n);
    float[] y = targets(random, n);
    elementwise(
        (k, d, losses) -> k.sigmoidCrossEntropy(d, 2, y, 1, SCALE, losses, 3, n),
        (s, t) -> Math.max(s, 0) - s * t + StrictMath.log1p(StrictMath.exp(-Math.abs(s))),
        (s, t) -> 1 / (1 + StrictMath.exp(-s)) - t,
        z,
        y,
        n);
  }

  @Property
  void squaredErrorIsItsFormula(@ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    Random random = new Random(seed);
    float[] z = scores(random, n);
    float[] y = targets(random, n);
    elementwise(
        (k, d, losses) -> k.squaredError(d, 2, y, 1, SCALE, losses, 3, n),
        (s, t) -> 0.5 * (s - t) * (s - t),
        (s, t) -> s - t,
        z,
        y,
        n);
  }

  @Property
  void huberIsItsFormula(@ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    Random random = new Random(seed);
    float[] z = scores(random, n);
    float[] y = targets(random, n);
    double delta = 1.5;
    elementwise(
        (k, d, losses) -> k.huber(d, 2, y, 1, SCALE, 1.5f, losses, 3, n),
        (s, t) -> {
          double e = Math.abs(s - t);
          return e <= delta ? 0.5 * e * e : delta * (e - 0.5 * delta);
        },
        (s, t) -> Math.clamp(s - t, -delta, delta),
        z,
        y,
        n);
  }

  @Property
  void poissonIsItsFormula(@ForAll @IntRange(max = 67) int n, @ForAll long seed) {
    Random random = new Random(seed);
    float[] z = new float[n + 2];
    for (int i = 2; i < n + 2; i++) {
      z[i] = (float) random.nextGaussian() * (random.nextInt(6) == 0 ? 1e4f : 3);
    }
    float[] y = targets(random, n);
    sameBits((k, d, losses) -> k.poisson(d, 2, y, 1, SCALE, losses, 3, n), z, n);
    float[] d = z.clone();
    float[] losses = new float[n + 3];
    kernels.poisson(d, 2, y, 1, SCALE, losses, 3, n);
    for (int i = 0; i < n; i++) {
      double mean = StrictMath.exp(z[2 + i]);
      double linear = (double) y[1 + i] * z[2 + i];
      if (mean > Float.MAX_VALUE) {
        assertTrue(losses[3 + i] > Float.MAX_VALUE || z[2 + i] < 88.8f);
        continue;
      }
      assertEquals((mean - y[1 + i]) * SCALE, d[2 + i], 0x1p-21 * Math.max(1, mean) * SCALE);
      assertEquals(
          mean - linear, losses[3 + i], 0x1p-21 * Math.max(1, Math.max(mean, Math.abs(linear))));
    }
  }

  @Property
  void quantileIsItsFormula(
      @ForAll @IntRange(max = 67) int n, @ForAll long seed, @ForAll @IntRange(max = 2) int which) {
    Random random = new Random(seed);
    float[] z = scores(random, n);
    float[] y = targets(random, n);
    for (int i = 0; i < n; i += 5) {
      z[2 + i] = y[1 + i];
    }
    float tau = new float[] {0.1f, 0.5f, 0.75f}[which];
    elementwise(
        (k, d, losses) -> k.quantile(d, 2, y, 1, SCALE, tau, losses, 3, n),
        (s, t) -> Math.max(tau * (t - s), (1 - tau) * (s - t)),
        (s, t) -> s > t ? 1 - tau : s < t ? -tau : 0,
        z,
        y,
        n);
  }

  @Property
  void softmaxCrossEntropyIsItsFormula(
      @ForAll @IntRange(max = 7) int rows,
      @ForAll @IntRange(min = 2, max = 37) int columns,
      @ForAll boolean sparse,
      @ForAll long seed) {
    Random random = new Random(seed);
    float[] z = scores(random, rows * columns);
    float[] dense = new float[rows * columns + 1];
    float[] classes = new float[rows + 1];
    for (int r = 0; r < rows; r++) {
      int label = random.nextInt(columns);
      classes[1 + r] = label;
      dense[1 + r * columns + label] += 1;
      dense[1 + r * columns + random.nextInt(columns)] += sparse ? 0 : random.nextInt(5) * 0.25f;
    }
    Loss loss =
        (k, d, losses) ->
            k.softmaxCrossEntropy(
                d,
                2,
                rows,
                columns,
                sparse ? classes : dense,
                1,
                sparse ? 1 : columns,
                SCALE,
                new float[rows + 3],
                losses,
                3);
    sameBits(loss, z, rows);
    float[] d = z.clone();
    float[] losses = new float[rows + 3];
    loss.with(kernels, d, losses);
    for (int r = 0; r < rows; r++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < columns; c++) {
        max = Math.max(max, z[2 + r * columns + c]);
      }
      double sum = 0;
      for (int c = 0; c < columns; c++) {
        sum += StrictMath.exp(z[2 + r * columns + c] - max);
      }
      double weight = 0;
      for (int c = 0; c < columns; c++) {
        weight += dense[1 + r * columns + c];
      }
      double wanted = 0;
      for (int c = 0; c < columns; c++) {
        int i = r * columns + c;
        wanted += dense[1 + i] * (StrictMath.log(sum) - (z[2 + i] - max));
        double gradient = (weight * StrictMath.exp(z[2 + i] - max) / sum - dense[1 + i]) * SCALE;
        // The shifted scores are rounded, which the exponential multiplies by their size.
        assertEquals(gradient, d[2 + i], weight * 0x1p-20 * SCALE);
      }
      assertEquals(wanted, losses[3 + r], 0x1p-20 * Math.max(1, wanted));
    }
  }

  @Property
  void softmaxGivesProbabilities(
      @ForAll @IntRange(max = 7) int rows,
      @ForAll @IntRange(min = 1, max = 37) int columns,
      @ForAll long seed) {
    float[] z = scores(new Random(seed), rows * columns);
    float[] p = new float[2 + rows * columns];
    kernels.softmax(z, 2, p, 2, rows, columns);
    float[] inPlace = z.clone();
    kernels.softmax(inPlace, 2, inPlace, 2, rows, columns);
    float[] moved = z.clone();
    kernels.softmax(moved, 2, moved, 0, rows, columns);
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      for (int c = 0; c < columns; c++) {
        sum += p[2 + r * columns + c];
        assertEquals(p[2 + r * columns + c], inPlace[2 + r * columns + c]);
        assertEquals(p[2 + r * columns + c], moved[r * columns + c]);
      }
      assertEquals(1, sum, 1e-5);
    }
  }

  @Property
  void notANumberReachesTheLossOfItsRowAlone(
      @ForAll @IntRange(max = 6) int row,
      @ForAll @IntRange(max = 9) int column,
      @ForAll @IntRange(max = 5) int which,
      @ForAll long seed) {
    float[] z = scores(new Random(seed), 70);
    z[2 + row * 10 + column] = Float.NaN;
    float[] y = new float[71];
    float[] elements = new float[70];
    float[] losses = new float[7];
    switch (which) {
      case 0 -> kernels.softmaxCrossEntropy(z, 2, 7, 10, y, 1, 1, SCALE, elements, losses, 0);
      case 1 -> kernels.sigmoidCrossEntropy(z, 2, y, 1, SCALE, elements, 0, 70);
      case 2 -> kernels.poisson(z, 2, y, 1, SCALE, elements, 0, 70);
      case 3 -> kernels.quantile(z, 2, y, 1, SCALE, 0.3f, elements, 0, 70);
      case 4 -> kernels.squaredError(z, 2, y, 1, SCALE, elements, 0, 70);
      default -> kernels.huber(z, 2, y, 1, SCALE, 1, elements, 0, 70);
    }
    if (which != 0) {
      kernels.rowSums(elements, 0, 7, 10, losses, 0);
    }
    for (int r = 0; r < 7; r++) {
      assertEquals(r == row, Float.isNaN(losses[r]));
    }
  }

  @Example
  void lossesThatOverflowAreInfinite() {
    float[] losses = new float[1];
    kernels.squaredError(new float[] {1e30f}, 0, new float[1], 0, 1, losses, 0, 1);
    assertEquals(Float.POSITIVE_INFINITY, losses[0]);
    float[] z = {-Float.MAX_VALUE, Float.MAX_VALUE};
    kernels.softmaxCrossEntropy(z, 0, 1, 2, new float[1], 0, 1, 1, new float[1], losses, 0);
    assertTrue(losses[0] > Float.MAX_VALUE);
  }
}
