package dev.lanewise.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statistics are judged at five standard errors, over fixed keys: they hold or they do not. */
class BetaTest {

  private static final int N = 1 << 14;

  /**
   * The variance is 1/(4(2α + 1)), the fourth central moment 3/(16(2α + 1)(2α + 3)); small and
   * large α have their own ways.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.2, 0.4, 0.999, 1, 1.5, 8, 1000})
  void drawsHaveTheMomentsOfTheirDistribution(double alpha) {
    double variance = 1 / (4 * (2 * alpha + 1));
    double fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3));
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < N; i++) {
      double draw = Beta.symmetric(alpha, CounterRandom.key(11, 5, i));
      assertTrue(draw >= 0 && draw <= 1, () -> "draw: " + draw);
      sum += draw;
      squares += (draw - 0.5) * (draw - 0.5);
    }
    assertEquals(0.5, sum / N, 5 * Math.sqrt(variance / N));
    assertEquals(variance, squares / N, 5 * Math.sqrt((fourth - variance * variance) / N));
  }

  /** Beta(1, 1) is uniform, Beta(½, ½) is the arcsine distribution. */
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.25, 0.5, 0.75, 0.95})
  void sharesBelowABoundAreThoseOfTheDistributionFunction(double bound) {
    assertEquals(bound, shareBelow(bound, 1), 5 * Math.sqrt(0.25 / N));
    double arcsine = 2 / Math.PI * Math.asin(Math.sqrt(bound));
    assertEquals(arcsine, shareBelow(bound, 0.5), 5 * Math.sqrt(0.25 / N));
  }

  private static double shareBelow(double bound, double alpha) {
    int below = 0;
    for (int i = 0; i < N; i++) {
      below += Beta.symmetric(alpha, CounterRandom.key(3, 1, i)) < bound ? 1 : 0;
    }
    return (double) below / N;
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.MIN_VALUE, 1e-20f, 1e20f, Float.MAX_VALUE})
  void extremeShapesGiveNumbersFromZeroToOne(float alpha) {
    for (int i = 0; i < 100; i++) {
      double draw = Beta.symmetric(alpha, CounterRandom.key(1, 2, i));
      assertTrue(alpha < 1 ? draw == 0 || draw == 1 : Math.abs(draw - 0.5) < 1e-6, "" + draw);
    }
  }
}
