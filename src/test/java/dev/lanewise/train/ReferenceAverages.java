package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

/** Averages of parameters in double precision, straight from their formulae. */
final class ReferenceAverages {

  private ReferenceAverages() {}

  /** {@return dᵗ⁻¹·θ₁ + Σₖ₌₂ (1 − d)·dᵗ⁻ᵏ·θₖ} */
  static double[] exponential(List<float[]> thetas, double decay) {
    int t = thetas.size();
    double[] average = new double[thetas.getFirst().length];
    for (int k = 1; k <= t; k++) {
      double share = Math.pow(decay, t - k) * (k == 1 ? 1 : 1 - decay);
      for (int i = 0; i < average.length; i++) {
        average[i] += share * thetas.get(k - 1)[i];
      }
    }
    return average;
  }

  static double[] mean(List<float[]> thetas) {
    double[] mean = new double[thetas.getFirst().length];
    for (float[] theta : thetas) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += theta[i] / (double) thetas.size();
      }
    }
    return mean;
  }

  static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  /** Asserts that values agree within a share of the magnitude, or of 1 if that is smaller. */
  static void assertNear(double[] expected, float[] actual, double share) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < actual.length; i++) {
      assertEquals(
          expected[i], actual[i], share * Math.max(Math.abs(expected[i]), 1e-2), "at " + i);
    }
  }
}
