package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The judge, judged by values that tables give. */
class SignificanceTest {

  @Test
  void theGammaDistributionIsThatOfTables() {
    assertEquals(0.95, Significance.lowerGamma(0.5, 3.841458820694124 / 2), 1e-11);
    assertEquals(0.99, Significance.lowerGamma(5, 23.209251158954356 / 2), 1e-11);
    assertEquals(1 - Math.exp(-3), Significance.lowerGamma(1, 3), 1e-11);
    assertEquals(0.5, Significance.lowerGamma(32_768, 32_767.666_67), 1e-6);
    assertEquals(Math.log(3_628_800), Significance.logGamma(11), 1e-11);
    assertEquals(Math.log(Math.PI) / 2, Significance.logGamma(0.5), 1e-11);
  }

  @Test
  void whatChanceDoesSeldomerThanOnceInAMillionFails() {
    assertDoesNotThrow(() -> Significance.normal(4.89, 1, "z"));
    assertThrows(AssertionError.class, () -> Significance.normal(4.9, 1, "z"));
    assertDoesNotThrow(() -> Significance.normal(-4.9, 2, "z"));
    // 21 throws of a fair coin: all heads once in 2^21 times, and no heads
    assertThrows(AssertionError.class, () -> Significance.binomial(new int[] {21}, 21, 0.5, "c"));
    assertThrows(AssertionError.class, () -> Significance.binomial(new int[] {0}, 21, 0.5, "c"));
    assertDoesNotThrow(() -> Significance.binomial(new int[] {20}, 20, 0.5, "c"));
    // e^-14 lies above 5e-7, e^-15 below
    assertDoesNotThrow(() -> Significance.poisson(0, 14, "n"));
    assertThrows(AssertionError.class, () -> Significance.poisson(0, 15, "n"));
    assertThrows(AssertionError.class, () -> Significance.poisson(1000, 800, "n"));
    assertThrows(
        AssertionError.class, () -> Significance.uniform(new int[] {1000, 1000, 1250}, "n"));
    assertDoesNotThrow(() -> Significance.uniform(new int[] {1000, 1000, 1150}, "n"));
    int[] even = new int[100];
    Arrays.fill(even, 1000);
    assertThrows(AssertionError.class, () -> Significance.uniform(even, "too even"));
  }
}
