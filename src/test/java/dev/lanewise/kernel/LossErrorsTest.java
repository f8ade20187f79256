package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.ExactSum;
import dev.lanewise.Measured;
import dev.lanewise.engine.Engine;
import dev.lanewise.random.CounterRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses and their gradients at scores as far out as floats go, against double precision. */
@Tag("kernels")
class LossErrorsTest {

  private static final double U = 0x1p-24;

  private static final float[] SCORES = {
    0,
    1e-45f,
    1e-30f,
    1e-7f,
    0.3f,
    1,
    5.5f,
    15,
    17.3f,
    40,
    87,
    88.7f,
    90,
    103.9f,
    1e4f,
    1e19f,
    3e38f,
    Float.MAX_VALUE
  };

  private static final float[] TARGETS = {0, 1, 0.5f, 1e-3f, 0.999f};

  private final Kernels kernels = Engine.standard().kernels();

  private interface Loss {
    void with(float[] z, float[] y, float[] losses, int n);
  }

  private interface Element {
    double of(double z, double y);
  }

  /** Every score of both signs with every target. */
  private static float[][] grid(float[] targets) {
    int n = 2 * SCORES.length * targets.length;
    float[] z = new float[n];
    float[] y = new float[n];
    for (int i = 0; i < n; i++) {
      float score = SCORES[i / 2 % SCORES.length];
      z[i] = i % 2 == 0 ? score : -score;
      y[i] = targets[i / (2 * SCORES.length)];
    }
    return new float[][] {z, y};
  }

  /**
   * Value within so many roundings of itself, gradient within so many of the larger of it and 1.
   */
  private void check(
      String title, Loss loss, Element value, Element slope, double roundings, float[] targets) {
    float[][] grid = grid(targets);
    float[] z = grid[0];
    float[] y = grid[1];
    float[] d = z.clone();
    float[] losses = new float[z.length];
    loss.with(d, y, losses, z.length);
    Measured values = new Measured(title + " value");
    Measured gradients = new Measured(title + " gradient");
    for (int i = 0; i < z.length; i++) {
      String what = "z = %s, y = %s".formatted(z[i], y[i]);
      double exact = value.of(z[i], y[i]);
      double finite = (float) exact;
      double scale = Double.isInfinite(finite) ? finite : exact;
      values.compare(scale, losses[i], roundings * U * exact + 0x1p-147, what);
      double gradient = slope.of(z[i], y[i]);
      double reachable = Double.isInfinite((float) gradient) ? (float) gradient : gradient;
      gradients.compare(reachable, d[i], roundings * U * Math.max(1, Math.abs(gradient)), what);
    }
    values.write(roundings, "u·value");
    gradients.write(roundings, "u·max(1, |gradient|)");
  }

  @Test
  void sigmoidCrossEntropyKeepsItsDigitsAtAnyScore() {
    check(
        "sigmoid cross-entropy",
        (z, y, losses, n) -> kernels.sigmoidCrossEntropy(z, 0, y, 0, 1, losses, 0, n),
        (z, y) -> Math.max(z, 0) - z * y + StrictMath.log1p(StrictMath.exp(-Math.abs(z))),
        (z, y) -> DoubleFunctions.sigmoid(z) - y,
        5,
        TARGETS);
  }

  @Test
  void squaredErrorKeepsItsDigitsAtAnyScore() {
    check(
        "squared error",
        (z, y, losses, n) -> kernels.squaredError(z, 0, y, 0, 1, losses, 0, n),
        (z, y) -> 0.5 * (z - y) * (z - y),
        (z, y) -> z - y,
        4,
        TARGETS);
  }

  @Test
  void huberKeepsItsDigitsAtAnyScore() {
    check(
        "Huber",
        (z, y, losses, n) -> kernels.huber(z, 0, y, 0, 1, 0.75f, losses, 0, n),
        (z, y) -> {
          double e = Math.abs(z - y);
          return e <= 0.75 ? 0.5 * e * e : 0.75 * (e - 0.375);
        },
        (z, y) -> Math.clamp(z - y, -0.75, 0.75),
        5,
        TARGETS);
  }

  @Test
  void quantileKeepsItsDigitsAtAnyScore() {
    check(
        "quantile",
        (z, y, losses, n) -> kernels.quantile(z, 0, y, 0, 1, 0.25f, losses, 0, n),
        (z, y) -> Math.max(0.25 * (y - z), 0.75 * (z - y)),
        (z, y) -> z > y ? 0.75 : z < y ? -0.25 : 0,
        3,
        TARGETS);
  }

  /** The value's terms may cancel; it is held to the larger of them. */
  @Test
  void poissonKeepsItsDigitsAtAnyScore() {
    float[][] grid = grid(new float[] {0, 0.5f, 1, 3, 1e6f});
    float[] z = grid[0];
    float[] y = grid[1];
    float[] d = z.clone();
    float[] losses = new float[z.length];
    kernels.poisson(d, 0, y, 0, 1, losses, 0, z.length);
    Measured values = new Measured("Poisson value");
    Measured gradients = new Measured("Poisson gradient");
    for (int i = 0; i < z.length; i++) {
      String what = "z = %s, y = %s".formatted(z[i], y[i]);
      double mean = StrictMath.exp(z[i]);
      double linear = (double) y[i] * z[i];
      double exact = mean - linear;
      double value = Double.isInfinite((float) exact) ? (float) exact : exact;
      values.compare(value, losses[i], 4 * U * Math.max(mean, Math.abs(linear)) + 0x1p-147, what);
      double gradient = mean - y[i];
      double reachable = Double.isInfinite((float) gradient) ? (float) gradient : gradient;
      gradients.compare(reachable, d[i], 4 * U * Math.max(mean, y[i]) + 0x1p-147, what);
    }
    values.write(4, "u·max(e^z, |y·z|)");
    gradients.write(4, "u·max(e^z, y)");
  }

  /** Rows of scores: ties, a certain class, and all magnitudes, in random order. */
  private static float[] row(int columns, int kind, long seed) {
    float[] z = new float[columns];
    for (int i = 0; i < columns; i++) {
      float score = SCORES[CounterRandom.below(seed, i, SCORES.length)];
      boolean negative = CounterRandom.below(seed + 1, i, 2) == 0;
      z[i] =
          switch (kind) {
            case 0 -> 3e38f;
            case 1 -> i == columns / 2 ? 1e4f : -1e4f;
            case 2 -> (float) (1e4 + 3 * CounterRandom.normal(seed, i));
            case 3 -> (float) (20 * CounterRandom.normal(seed, i));
            default -> negative ? -score : score;
          };
    }
    return z;
  }

  /** The class's loss and, in the other elements, the probabilities. */
  private static double[] exact(float[] z, int label) {
    double max = Double.NEGATIVE_INFINITY;
    for (float score : z) {
      max = Math.max(max, score);
    }
    ExactSum sum = new ExactSum();
    ExactSum others = new ExactSum();
    boolean seen = false;
    for (float score : z) {
      double e = StrictMath.exp(score - max);
      sum.add(e);
      if (score == max && !seen) {
        seen = true;
      } else {
        others.add(e);
      }
    }
    double[] result = new double[z.length + 1];
    for (int i = 0; i < z.length; i++) {
      result[i] = StrictMath.exp(z[i] - max) / sum.value();
    }
    result[z.length] = StrictMath.log1p(others.value()) - (z[label] - max);
    return result;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 16, 17, 1000, 5003})
  void softmaxCrossEntropyIsExactToRoundingAtAnyScores(int columns) {
    double bound = (8 + columns / 16) * U;
    Measured values = new Measured("softmax cross-entropy value " + columns);
    Measured gradients = new Measured("softmax cross-entropy gradient " + columns);
    for (int kind = 0; kind < 12; kind++) {
      float[] z = row(columns, kind, kind);
      int label = CounterRandom.below(kind, columns, columns);
      double[] exact = exact(z, label);
      float[] d = z.clone();
      float[] losses = new float[1];
      kernels.softmaxCrossEntropy(
          d, 0, 1, columns, new float[] {label}, 0, 1, 1, new float[1], losses, 0);
      double loss = exact[columns] > Float.MAX_VALUE ? Double.POSITIVE_INFINITY : exact[columns];
      values.compare(loss, losses[0], bound * Math.max(1, exact[columns]), "kind " + kind);
      for (int i = 0; i < columns; i++) {
        double gradient = exact[i] - (i == label ? 1 : 0);
        gradients.compare(gradient, d[i], bound, "kind " + kind + ", class " + i);
      }
    }
    values.write(bound / U, "u·max(1, loss)");
    gradients.write(bound / U, "u");
  }

  /** The difference of two finite scores may be infinite. A class without weight adds nothing. */
  @Test
  void aCertainClassHasTheSameLossByNumberOrByProbabilities() {
    for (int columns = 2; columns < 40; columns++) {
      for (int kind = 0; kind < 12; kind++) {
        for (int label = 0; label < columns; label += 3) {
          float[] sparse = row(columns, kind, kind);
          sparse[(label + 1) % columns] = -Float.MAX_VALUE;
          sparse[label] = kind % 2 == 0 ? Float.MAX_VALUE : sparse[label];
          float[] dense = sparse.clone();
          float[] probabilities = new float[columns];
          probabilities[label] = 1;
          float[] losses = new float[2];
          kernels.softmaxCrossEntropy(
              sparse, 0, 1, columns, new float[] {label}, 0, 1, 1, new float[2], losses, 0);
          kernels.softmaxCrossEntropy(
              dense, 0, 1, columns, probabilities, 0, columns, 1, new float[2], losses, 1);
          assertEquals(losses[0], losses[1], "loss of class " + label);
          assertArrayEquals(sparse, dense, 0x1p-23f);
        }
      }
    }
  }

  /** A column's sum is off by its longest lane, a product by one rounding, and 1/Σ by another. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 16, 17, 1000, 5003})
  void softmaxRowsSumToOne(int columns) {
    double bound = Measured.gamma(columns / 16 + 8);
    Measured sums = new Measured("softmax row sum " + columns);
    for (int kind = 0; kind < 12; kind++) {
      float[] p = row(columns, kind, kind + 99);
      kernels.softmax(p, 0, p, 0, 1, columns);
      ExactSum sum = new ExactSum();
      for (float probability : p) {
        sum.add(probability);
      }
      sums.compare(1, sum.value(), bound, "kind " + kind);
    }
    sums.write(bound / U, "u");
  }
}
