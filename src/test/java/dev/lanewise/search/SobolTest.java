package dev.lanewise.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class SobolTest {

  /** Point 4095 of SciPy 1.17.1's {@code qmc.Sobol(32, scramble=False, bits=32)}. */
  private static final long[] LAST = {
    0xfff00000L, 0x11100000L, 0xb00000L, 0xcff00000L, 0xb7900000L, 0xfd900000L, 0x51700000L,
    0x27f00000L, 0x6cf00000L, 0xea700000L, 0xbd300000L, 0xf4300000L, 0xf0100000L, 0x8f300000L,
    0x59700000L, 0x7b500000L, 0xf7900000L, 0x2fd00000L, 0xf7500000L, 0xe7500000L, 0xe9300000L,
    0xa7900000L, 0x24700000L, 0xbc700000L, 0xd8100000L, 0xf8500000L, 0x2ed00000L, 0xe4300000L,
    0xdc100000L, 0xe7500000L, 0x25b00000L, 0xca900000L
  };

  /** Point 1365. */
  private static final long[] MIDDLE = {
    0xaaa00000L, 0x22200000L, 0xe00000L, 0x7b600000L, 0xd9e00000L, 0x36e00000L, 0xe6a00000L,
    0xc4a00000L, 0xb0a00000L, 0x33a00000L, 0x9e200000L, 0x58200000L, 0xa0200000L, 0x97600000L,
    0xf1a00000L, 0x36200000L, 0x6b200000L, 0x6d600000L, 0xeda00000L, 0x3ee00000L, 0x70200000L,
    0x75200000L, 0xffa00000L, 0x59200000L, 0x3aa00000L, 0x91600000L, 0x95600000L, 0x48a00000L,
    0xcf600000L, 0xf5e00000L, 0x17e00000L, 0x76a00000L
  };

  @Test
  void plainPointsAreThoseOfAnotherLibrary() {
    for (int d = 0; d < Sobol.DIMENSIONS; d++) {
      assertEquals(MIDDLE[d], Integer.toUnsignedLong(Sobol.plain(1365, d)), "dimension " + d);
      assertEquals(LAST[d], Integer.toUnsignedLong(Sobol.plain(4095, d)), "dimension " + d);
    }
  }

  @Property
  void theFirstPointsOfADimensionHitEveryStratum(
      @ForAll long seed,
      @ForAll @IntRange(max = Sobol.DIMENSIONS - 1) int dimension,
      @ForAll @IntRange(max = 12) int k) {
    Set<Integer> plain = new HashSet<>();
    Set<Integer> scrambled = new HashSet<>();
    for (int point = 0; point < 1 << k; point++) {
      plain.add((int) (Integer.toUnsignedLong(Sobol.plain(point, dimension)) >>> (32 - k)));
      scrambled.add((int) (Sobol.at(seed, point, dimension) * (1 << k)));
    }
    assertEquals(1 << k, plain.size());
    assertEquals(1 << k, scrambled.size());
  }

  /** The second dimension fills elementary boxes of the square together with the first. */
  @Property
  void theFirstTwoDimensionsHitEveryBoxOfEqualArea(
      @ForAll long seed, @ForAll @IntRange(max = 8) int one, @ForAll @IntRange(max = 4) int other) {
    Set<Integer> boxes = new HashSet<>();
    for (int point = 0; point < 1 << (one + other); point++) {
      int x = (int) (Sobol.at(seed, point, 0) * (1 << one));
      int y = (int) (Sobol.at(seed, point, 1) * (1 << other));
      boxes.add(x << other | y);
    }
    assertEquals(1 << (one + other), boxes.size());
  }

  @Property
  void anotherSeedScramblesOtherwise(@ForAll long seed, @ForAll @IntRange(max = 31) int dimension) {
    assertNotEquals(Sobol.at(seed, 0, dimension), Sobol.at(seed + 1, 0, dimension));
  }

  @Test
  void dimensionsAreScrambledOnTheirOwn() {
    Set<Double> first = new HashSet<>();
    for (int d = 0; d < Sobol.DIMENSIONS; d++) {
      first.add(Sobol.at(7, 0, d));
    }
    assertEquals(Sobol.DIMENSIONS, first.size());
  }

  /**
   * A scrambled point is uniform over the seeds; without that the corners would be tried too often.
   */
  @Test
  void aScrambledPointIsUniformOverSeeds() {
    int[] tenths = new int[10];
    for (int seed = 0; seed < 10_000; seed++) {
      tenths[(int) (10 * Sobol.at(seed, 0, 3))]++;
    }
    for (int count : tenths) {
      assertEquals(1000, count, 5 * Math.sqrt(900));
    }
  }
}
