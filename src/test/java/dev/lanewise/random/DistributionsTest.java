package dev.lanewise.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.Significance;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Moments to the sixth order, each within 4.9 of its standard errors, and bounded draws. */
class DistributionsTest {

  private static final int N = 1 << 20;
  private static final int ORDERS = 6;

  /** The moments of a number evenly spread over ±1. */
  private static double uniformMoment(int order) {
    return order % 2 == 1 ? 0 : 1.0 / (order + 1);
  }

  /** The moments of the standard normal distribution: 1·3·5 … (order − 1). */
  private static double normalMoment(int order) {
    if (order % 2 == 1) {
      return 0;
    }
    return order == 0 ? 1 : (order - 1) * normalMoment(order - 2);
  }

  @ParameterizedTest
  @EnumSource
  void uniformsHaveTheMomentsOfTheirDistribution(WordOrder order) {
    int[] words = order.words(2, N);
    judge(n -> words[n] * 0x1p-31, DistributionsTest::uniformMoment, "uniforms, " + order);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 0x123456789ABCDEFL})
  void normalsHaveTheMomentsOfTheirDistribution(long seed) {
    long key = CounterRandom.key(seed, CounterRandom.stream("dense1.weight"), 0);
    judge(n -> CounterRandom.normal(key, n), DistributionsTest::normalMoment, "normals");
  }

  /** The first weight of every seed. */
  @ParameterizedTest
  @ValueSource(strings = {"dense1.weight", "dense2.weight"})
  void normalsOfManySeedsHaveTheMomentsOfTheirDistribution(String name) {
    long stream = CounterRandom.stream(name);
    judge(
        n -> CounterRandom.normal(CounterRandom.key(n, stream, 0), 0),
        DistributionsTest::normalMoment,
        "normals of seeds");
  }

  private interface Moment {
    double of(int order);
  }

  private static void judge(IntToDoubleFunction draw, Moment moment, String what) {
    double[] sums = new double[ORDERS + 1];
    for (int n = 0; n < N; n++) {
      double drawn = draw.applyAsDouble(n);
      double power = 1;
      for (int order = 1; order <= ORDERS; order++) {
        power *= drawn;
        sums[order] += power;
      }
    }
    for (int order = 1; order <= ORDERS; order++) {
      double variance = moment.of(2 * order) - moment.of(order) * moment.of(order);
      double z = (sums[order] / N - moment.of(order)) / Math.sqrt(variance / N);
      Significance.normal(z, ORDERS, what + ", moment " + order);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 7, 10, 64, 100, 1000, 10_007, 65_536})
  void boundedDrawsAreEvenlySpread(int bound) {
    for (int seed = 0; seed < 4; seed++) {
      int[] counts = new int[bound];
      long key = CounterRandom.key(seed, 3, 0);
      for (int n = 0; n < N; n++) {
        counts[CounterRandom.below(key, n, bound)]++;
      }
      Significance.uniform(counts, "seed " + seed + ", below " + bound);
    }
  }

  /**
   * So every value stands for 2^32/bound words, rounded down or up: its probability is off by less
   * than 2^-32.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000, 0x5555_5555, Integer.MAX_VALUE})
  void aBoundedDrawIsTheWordScaledAndRoundedDown(int bound) {
    long key = CounterRandom.key(0, 3, 0);
    for (int n = 0; n < 100_000; n++) {
      double exact = (double) bound * Integer.toUnsignedLong(CounterRandom.word(key, n)) * 0x1p-32;
      if (exact != Math.rint(exact)) {
        assertEquals((int) exact, CounterRandom.below(key, n, bound));
      }
    }
  }
}
