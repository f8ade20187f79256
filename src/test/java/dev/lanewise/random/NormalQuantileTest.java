package dev.lanewise.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalQuantileTest {

  /** Quantiles computed with 60 digits, in the middle, the tails and the far tails. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.25, 0.6744897501960817432",
    "0.375, 1.1503493803760081783",
    "0.425, 1.4395314709384558369",
    "0.4375, 1.5341205443525463117",
    "0.475, 1.9599639845400538556",
    "-0.499, -3.0902323061678132778",
    "0x1.FFFFEp-2, 4.9009642079631930118",
    "0x1.FFFFFFF8p-2, 6.1207562859719408104",
    "0x1.FFFFFFFFEp-2, 6.7523004314070149646",
    "0x1.FFFFFFFFFp-2, 6.8521276658960675310",
    "-0x1.FFFFFFFFFF8p-2, -7.3316279026493270887",
    "0x1.FFFFFFFFFFEp-2, 7.5151552941589075804",
    "-0x1.FFFFFFFFFFFFFp-2, -8.2923610758135955382"
  })
  void quantilesAreThoseOfTheDistribution(String q, double expected) {
    double quantile = NormalQuantile.at(Double.parseDouble(q));
    assertEquals(expected, quantile, 1e-15 * Math.abs(expected));
  }

  @Property
  void complementaryBitsGiveTheNegativeDraw(@ForAll long bits) {
    assertEquals(-NormalQuantile.draw(bits), NormalQuantile.draw(~bits));
  }

  @Property
  void drawsRiseWithTheirBits(@ForAll long a, @ForAll long b) {
    double difference = NormalQuantile.draw(a) - NormalQuantile.draw(b);
    // Rounding may swap cells that are less than 2^-40 apart.
    assertTrue(Math.abs((a >> 24) - (b >> 24)) < 2 || (difference > 0) == (a > b), "" + difference);
  }

  /** Where one approximation takes over from the next, and at the ends, in steps of 2^-40. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.425, 0.5 - 1.3887943864964021e-11, 0.5})
  void drawsRiseAcrossJoints(double q) {
    long joint = (long) (q * 0x1p40);
    double last = Double.NEGATIVE_INFINITY;
    for (long cell = joint - 1000; cell < Math.min(joint + 1000, 1L << 39); cell++) {
      double draw = NormalQuantile.draw(cell << 24);
      assertTrue(draw > last, "at " + cell);
      last = draw;
    }
  }

  @Test
  void noBitsGiveADrawThatIsNotANumberOrZero() {
    assertEquals(8.2923610758135955, NormalQuantile.draw(Long.MAX_VALUE), 1e-14);
    assertEquals(-8.2923610758135955, NormalQuantile.draw(Long.MIN_VALUE), 1e-14);
    assertTrue(NormalQuantile.draw(0) > 0 && NormalQuantile.draw(-1) < 0);
  }
}
