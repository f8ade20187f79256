package dev.lanewise.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a key is made of reaches it whole; and the words at both ends of their range. */
final class KeyTest {

  private static final long[] ARGUMENTS = {0, 1, -1, 42, 0x123456789ABCDEFL};

  /** A bit that is lost leaves the key as it is; one that is spread well flips half of its bits. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void everyBitOfSeedStreamAndStepReachesHalfOfTheKey(int which) {
    for (int bit = 0; bit < 64; bit++) {
      int flipped = 0;
      for (long argument : ARGUMENTS) {
        long[] arguments = {argument, argument + 7, argument + 11};
        long key = CounterRandom.key(arguments[0], arguments[1], arguments[2]);
        arguments[which] ^= 1L << bit;
        flipped += Long.bitCount(key ^ CounterRandom.key(arguments[0], arguments[1], arguments[2]));
      }
      int bits = 64 * ARGUMENTS.length;
      int where = bit;
      int count = flipped;
      assertEquals(bits / 2.0, count, 5 * Math.sqrt(bits / 4.0), () -> "bit " + where);
    }
  }

  /** The key of seed 0 has the word 0 at that place, the key of seed 1 all ones. */
  @Test
  void theLeastUniformIsAboveZeroAndTheLargestIsOne() {
    long low = CounterRandom.key(0, 0, 0);
    long high = CounterRandom.key(1, 0, 0);
    assertEquals(0, CounterRandom.word(low, 1_510_085_633));
    assertEquals(-1, CounterRandom.word(high, 1_064_784_395));
    assertEquals(0x1p-32, CounterRandom.uniform(low, 1_510_085_633));
    assertEquals(1, CounterRandom.uniform(high, 1_064_784_395));
  }
}
