package dev.lanewise.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statistics are judged at five standard errors, over fixed keys: they hold or they do not. */
class NormalQuantileTest {

  private static final int N = 1 << 17;

  /** Percentage points as tables have them, in the middle, the tails and the far tails. */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0",
    "0.75, 0.6744897501960817",
    "0.9, 1.2815515655446004",
    "0.925, 1.4395314709384563",
    "0.975, 1.959963984540054",
    "0.999, 3.090232306167813",
    "0.001, -3.090232306167813",
    "1e-7, -5.199337582192816",
    "1e-10, -6.361340902404056",
    "1e-20, -9.262340089798408"
  })
  void quantilesAreThoseOfTheTables(double p, double expected) {
    assertEquals(expected, NormalQuantile.of(p), 1.2e-7 * Math.max(1, Math.abs(expected)));
  }

  @Test
  void drawsHaveTheMomentsOfTheirDistribution() {
    double[] sums = new double[5];
    for (int i = 0; i < N; i++) {
      double draw = NormalQuantile.draw(CounterRandom.key(2, 3, 4), i);
      for (int power = 1; power < 5; power++) {
        sums[power] += Math.pow(draw, power);
      }
    }
    assertEquals(0, sums[1] / N, 5 * Math.sqrt(1.0 / N));
    assertEquals(1, sums[2] / N, 5 * Math.sqrt(2.0 / N));
    assertEquals(0, sums[3] / N, 5 * Math.sqrt(15.0 / N));
    assertEquals(3, sums[4] / N, 5 * Math.sqrt(96.0 / N));
  }

  @Test
  void quantilesRiseAndAreOddAboutTheMiddle() {
    double last = Double.NEGATIVE_INFINITY;
    for (int i = 1; i < 10_000; i++) {
      double quantile = NormalQuantile.of(i / 10_000.0);
      assertTrue(quantile > last, "at " + i);
      assertEquals(-quantile, NormalQuantile.of(1 - i / 10_000.0), 4e-7);
      last = quantile;
    }
  }
}
