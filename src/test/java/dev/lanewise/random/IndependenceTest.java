package dev.lanewise.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.Significance;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers under keys and at indices that have something in common have nothing in common. */
class IndependenceTest {

  private static final int N = 1 << 18;

  /** What has a bit flipped: a word as a function of seed, stream, step and index. */
  private enum Argument {
    SEED(64),
    STREAM(64),
    STEP(64),
    INDEX(32);

    private final int bits;

    Argument(int bits) {
      this.bits = bits;
    }

    private int word(long[] arguments) {
      return CounterRandom.word(
          CounterRandom.key(arguments[0], arguments[1], arguments[2]), (int) arguments[3]);
    }

    /** The bits of a word that change with a bit of this argument. */
    private int change(long[] arguments, int bit) {
      long[] flipped = arguments.clone();
      flipped[ordinal()] ^= 1L << bit;
      return word(arguments) ^ word(flipped);
    }
  }

  /** Strict avalanche, around arguments as small as they are in use, and around any. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFlippedBitFlipsEachBitOfTheWordHalfTheTime(boolean small) {
    int tries = 1 << 13;
    double[] ones = new double[33];
    ones[0] = 0x1p-32;
    for (int k = 1; k <= 32; k++) {
      ones[k] = ones[k - 1] * (33 - k) / k;
    }
    Random random = new Random(11);
    for (Argument argument : Argument.values()) {
      for (int bit = 0; bit < argument.bits; bit++) {
        int[] flipped = new int[32];
        int[] weights = new int[33];
        for (int i = 0; i < tries; i++) {
          int change = argument.change(arguments(random, small), bit);
          weights[Integer.bitCount(change)]++;
          for (int out = 0; out < 32; out++) {
            flipped[out] += change >>> out & 1;
          }
        }
        String what = "bit " + bit + " of the " + argument;
        Significance.binomial(flipped, tries, 0.5, what + ", flips of bit");
        Significance.cells(weights, ones, what + ", number of flips");
      }
    }
  }

  private static long[] arguments(Random random, boolean small) {
    return small
        ? new long[] {
          random.nextInt(64), random.nextInt(8), random.nextInt(100_000), random.nextInt(1 << 20)
        }
        : random.longs(4).toArray();
  }

  @Test
  void keysOfNeighboursAreAllDifferentAndEvenlySpread() {
    long[] keys =
        LongStream.range(0, 1 << 18)
            .map(n -> CounterRandom.key(n & 63, n >> 6 & 63, n >> 12))
            .toArray();
    int[] counts = new int[1 << 16];
    for (int shift = 0; shift < 64; shift += 16) {
      Arrays.fill(counts, 0);
      for (long key : keys) {
        counts[(int) (key >>> shift) & 0xFFFF]++;
      }
      Significance.uniform(counts, "16 bits of the keys from bit " + shift);
    }
    assertEquals(keys.length, LongStream.of(keys).distinct().count());
  }

  /** Each row names a seed, a stream and a step beside 7, 3 and 5. */
  @ParameterizedTest
  @CsvSource({
    "8, 3, 5",
    "7, 4, 5",
    "7, 3, 6",
    "7, 2, 5",
    "6, 3, 5",
    "7, 3, 4",
    "7, 5, 3",
    "5, 3, 7",
    "3, 7, 5",
    "-7, 3, 5",
    "7, -3, 5",
    "7, 3, -5",
    "8, 3, 4",
    "8, 4, 6",
    "4294967303, 3, 5"
  })
  void neighbouringSeedsStreamsAndStepsAreIndependent(long seed, long stream, long step) {
    long key = CounterRandom.key(7, 3, 5);
    long other = CounterRandom.key(seed, stream, step);
    BitPairs.of(words(n -> key, n -> n))
        .judgeAgainst(BitPairs.of(words(n -> other, n -> n)), "against the neighbour");
  }

  /** A step's mask against the next step's, unit by unit, over many steps. */
  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "1, 1", "1, 64", "100, 0"})
  void masksOfDifferentStepsAreIndependent(int steps, int units) {
    BitPairs.of(words(n -> WordOrder.mask(0, n >> 10, 1), n -> n & 1023))
        .judgeAgainst(
            BitPairs.of(
                words(n -> WordOrder.mask(0, (n >> 10) + steps, 1), n -> (n & 1023) + units)),
            steps + " steps and " + units + " units on");
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 2", "0, 2", "1, 3", "3, 1"})
  void masksOfDifferentLayersAreIndependent(int layer, int other) {
    BitPairs.of(words(n -> WordOrder.mask(0, n >> 10, layer), n -> n & 1023))
        .judgeAgainst(
            BitPairs.of(words(n -> WordOrder.mask(0, n >> 10, other), n -> n & 1023)),
            "layers " + layer + " and " + other);
  }

  /** In masks of 512 rows. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 16, 64, 100, 128, 512, 1000, 1024, 2048})
  void rowsAreIndependentOfTheNext(int units) {
    long key = WordOrder.mask(0, 0, 1);
    BitPairs.of(words(n -> key, n -> n))
        .judgeAgainst(BitPairs.of(words(n -> key, n -> n + units)), "rows of " + units + " units");
  }

  /** The places (row, column) and (column, row) of a square mask, the diagonal aside. */
  @Test
  void aMaskIsIndependentOfItsTranspose() {
    long key = WordOrder.mask(0, 0, 1);
    int size = 1024;
    int[] upper = new int[N];
    int[] lower = new int[N];
    int count = 0;
    for (int row = 0; count < N; row++) {
      for (int column = row + 1; column < size && count < N; column++) {
        upper[count] = CounterRandom.word(key, row * size + column);
        lower[count++] = CounterRandom.word(key, column * size + row);
      }
    }
    BitPairs.of(upper).judgeAgainst(BitPairs.of(lower), "transposed");
  }

  private static int[] words(LongUnaryOperator key, IntUnaryOperator index) {
    int[] words = new int[N];
    for (int n = 0; n < N; n++) {
      words[n] = CounterRandom.word(key.applyAsLong(n), index.applyAsInt(n));
    }
    return words;
  }
}
