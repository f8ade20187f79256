package dev.lanewise.random;

import dev.lanewise.Significance;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A small battery on a million words in every order in which the engine uses them. The tests are
 * those of Knuth, "The Art of Computer Programming", volume 2, section 3.3.2, of Marsaglia (binary
 * rank, birthday spacings), and counts of bits.
 */
class WordBatteryTest {

  private static final int N = 1 << 20;
  private static final long SEED = 1;

  @ParameterizedTest
  @EnumSource
  void everyBitIsSetHalfTheTime(WordOrder order) {
    int[] set = new int[32];
    for (int word : order.words(SEED, N)) {
      for (int bit = 0; bit < 32; bit++) {
        set[bit] += word >>> bit & 1;
      }
    }
    Significance.binomial(set, N, 0.5, order + ", bit");
  }

  @ParameterizedTest
  @EnumSource
  void bitsOfAWordAreIndependentInPairs(WordOrder order) {
    BitPairs.of(order.words(SEED, N)).judgeWithin(order.toString());
  }

  /** Every bit with every bit: of neighbours, of rows of usual and odd widths. */
  @ParameterizedTest
  @EnumSource
  void bitsOfWordsAtALagAreIndependentInPairs(WordOrder order) {
    int[] words = order.words(SEED, N + 65_536);
    BitPairs pairs = BitPairs.of(Arrays.copyOf(words, N));
    for (int lag : new int[] {1, 2, 16, 37, 64, 256, 1000, 65_536}) {
      BitPairs later = BitPairs.of(Arrays.copyOfRange(words, lag, lag + N));
      pairs.judgeAgainst(later, order + ", lag " + lag);
    }
  }

  @ParameterizedTest
  @EnumSource
  void lowAndHighBitsTakeAllValuesAlike(WordOrder order) {
    int[] words = order.words(SEED, N);
    for (int shift = 0; shift <= 24; shift += 8) {
      int[] bytes = new int[1 << 8];
      int[] neighbours = new int[1 << 16];
      int[] halves = new int[1 << 16];
      for (int n = 0; n < N; n++) {
        int turned = Integer.rotateRight(words[n], shift);
        bytes[turned & 0xFF]++;
        halves[turned & 0xFFFF]++;
        if (n % 2 == 1) {
          neighbours[(turned & 0xFF) << 8 | words[n - 1] >>> shift & 0xFF]++;
        }
      }
      Significance.uniform(bytes, order + ", byte from bit " + shift);
      Significance.uniform(halves, order + ", 16 bits from bit " + shift);
      Significance.uniform(neighbours, order + ", bytes of two words from bit " + shift);
    }
  }

  /** So the map from index to word is no permutation, nor further from one than chance. */
  @ParameterizedTest
  @EnumSource
  void wordsCollideAsOftenAsIndependentDraws(WordOrder order) {
    long collisions = 0;
    int words = 1 << 18;
    for (int seed = 0; seed < 8; seed++) {
      int[] sorted = order.words(seed, words);
      Arrays.sort(sorted);
      for (int i = 1; i < words; i++) {
        collisions += sorted[i] == sorted[i - 1] ? 1 : 0;
      }
    }
    Significance.poisson(collisions, 8 * 0x1p36 / 2 / 0x1p32, order + ", collisions");
  }

  /** Marsaglia: among n birthdays in a year of k days n³/4k spacings are equal to another. */
  @ParameterizedTest
  @EnumSource
  void birthdaysAreSpacedLikeIndependentDraws(WordOrder order) {
    int n = 4096;
    int years = 128;
    int[] words = order.words(SEED, years * n);
    for (int turn : new int[] {0, 11, 22}) {
      long equal = 0;
      for (int year = 0; year < years; year++) {
        int[] days = new int[n];
        for (int i = 0; i < n; i++) {
          days[i] = Integer.rotateLeft(words[year * n + i], turn);
        }
        equal += n - spacings(days);
      }
      Significance.poisson(equal, years * 4.0, order + ", equal spacings, turned by " + turn);
    }
  }

  /** How many different spacings there are, the turn of the year among them. */
  private static int spacings(int[] days) {
    Arrays.sort(days);
    return (int)
        IntStream.range(0, days.length)
            .map(i -> days[i] - days[(i + days.length - 1) % days.length])
            .sorted()
            .distinct()
            .count();
  }

  /** How many words lie between two that would drop a unit with probability 1/16. */
  @ParameterizedTest
  @EnumSource
  void gapsAreGeometric(WordOrder order) {
    int cells = 200;
    double[] probabilities = new double[cells];
    for (int i = 0; i < cells - 1; i++) {
      probabilities[i] = Math.pow(15 / 16.0, i) / 16;
    }
    probabilities[cells - 1] = Math.pow(15 / 16.0, cells - 1);
    int[] words = order.words(SEED, N);
    for (int turn = 0; turn < 32; turn += 4) {
      int[] counts = new int[cells];
      int gap = 0;
      for (int word : words) {
        if (Integer.rotateLeft(word, turn) >>> 28 == 15) {
          counts[Math.min(gap, cells - 1)]++;
          gap = 0;
        } else {
          gap++;
        }
      }
      Significance.cells(counts, probabilities, order + ", gaps, turned by " + turn);
    }
  }

  /** Knuth's runs up; the word after a run is thrown away, so that runs are independent. */
  @ParameterizedTest
  @EnumSource
  void ascendingRunsAreAsLongAsOfIndependentDraws(WordOrder order) {
    int[] words = order.words(SEED, N);
    int[] counts = new int[12];
    double[] probabilities = new double[12];
    double factorial = 1;
    for (int length = 1; length < 12; length++) {
      factorial *= length;
      probabilities[length] = 1 / factorial - (length == 11 ? 0 : 1 / factorial / (length + 1));
    }
    int length = 1;
    for (int n = 1; n < N; n++) {
      if (Integer.compareUnsigned(words[n], words[n - 1]) > 0) {
        length++;
      } else {
        counts[Math.min(length, 11)]++;
        length = 1;
        n++;
      }
    }
    Significance.cells(counts, probabilities, order + ", runs");
  }

  /** How many different hexadecimal digits a word has. */
  @ParameterizedTest
  @EnumSource
  void handsOfPokerAreAsLikelyAsOfIndependentDigits(WordOrder order) {
    int[] counts = new int[9];
    for (int word : order.words(SEED, N)) {
      int seen = 0;
      for (int shift = 0; shift < 32; shift += 4) {
        seen |= 1 << (word >>> shift & 15);
      }
      counts[Integer.bitCount(seen)]++;
    }
    Significance.cells(counts, different(8, 16), order + ", different digits");
  }

  /**
   * How many words it takes until all values of three bits have come, the low ones and the high.
   */
  @ParameterizedTest
  @EnumSource
  void couponsAreCollectedAsFastAsOfIndependentDraws(WordOrder order) {
    int longest = 64;
    double[] probabilities = new double[longest + 1];
    double before = 0;
    for (int length = 8; length <= longest; length++) {
      double complete = length == longest ? 1 : different(length, 8)[8];
      probabilities[length] = complete - before;
      before = complete;
    }
    int[] words = order.words(SEED, N);
    for (int shift : new int[] {0, 15, 29}) {
      int[] counts = new int[longest + 1];
      int seen = 0;
      int length = 0;
      for (int word : words) {
        seen |= 1 << (word >>> shift & 7);
        length++;
        if (seen == 255) {
          counts[Math.min(length, longest)]++;
          seen = 0;
          length = 0;
        }
      }
      Significance.cells(counts, probabilities, order + ", coupons from bit " + shift);
    }
  }

  /** The probabilities that draws among so many values have 0, 1, … different ones. */
  private static double[] different(int draws, int values) {
    double[] probabilities = new double[values + 1];
    probabilities[0] = 1;
    for (int draw = 0; draw < draws; draw++) {
      for (int k = values; k > 0; k--) {
        probabilities[k] =
            probabilities[k] * k / values + probabilities[k - 1] * (values - k + 1) / values;
      }
      probabilities[0] = 0;
    }
    return Arrays.copyOf(probabilities, Math.min(draws, values) + 1);
  }

  /** The eighth power of the largest of eight uniform numbers is uniform again. */
  @ParameterizedTest
  @EnumSource
  void largestOfEightHaveTheirDistribution(WordOrder order) {
    int[] words = order.words(SEED, N);
    int[] counts = new int[256];
    for (int n = 0; n < N; n += 8) {
      double largest = 0;
      for (int i = 0; i < 8; i++) {
        largest = Math.max(largest, (Integer.toUnsignedLong(words[n + i]) + 0.5) * 0x1p-32);
      }
      counts[(int) (256 * Math.pow(largest, 8))]++;
    }
    Significance.uniform(counts, order + ", largest of eight");
  }

  /** Marsaglia and Tsay: a square matrix of n random bits misses k of the full rank. */
  @ParameterizedTest
  @EnumSource
  void matricesOfBitsHaveTheRanksOfRandomOnes(WordOrder order) {
    int[] words = order.words(SEED, N);
    int[] counts = new int[4];
    for (int n = 0; n < N; n += 32) {
      counts[Math.min(3, 32 - rank(Arrays.copyOfRange(words, n, n + 32)))]++;
    }
    double[] probabilities = {0.288788095, 0.577576190, 0.128350265, 0.005285450};
    Significance.cells(counts, probabilities, order + ", ranks");
  }

  private static int rank(int[] rows) {
    int rank = 0;
    for (int bit = 0; bit < 32; bit++) {
      int pivot = rank;
      while (pivot < 32 && (rows[pivot] >>> bit & 1) == 0) {
        pivot++;
      }
      if (pivot == 32) {
        continue;
      }
      int row = rows[pivot];
      rows[pivot] = rows[rank];
      rows[rank++] = row;
      for (int i = rank; i < 32; i++) {
        rows[i] ^= -(rows[i] >>> bit & 1) & row;
      }
    }
    return rank;
  }

  /** The number of ones in a word, and in a word and the next. */
  @ParameterizedTest
  @EnumSource
  void onesAreAsManyAsInRandomWordsAndForgetTheWordBefore(WordOrder order) {
    double[] single = new double[33];
    single[0] = 0x1p-32;
    for (int k = 1; k <= 32; k++) {
      single[k] = single[k - 1] * (33 - k) / k;
    }
    double[] joint = new double[33 * 33];
    for (int i = 0; i < joint.length; i++) {
      joint[i] = single[i / 33] * single[i % 33];
    }
    int[] ones = new int[33];
    int[] pairs = new int[33 * 33];
    int[] words = order.words(SEED, N);
    for (int n = 0; n < N; n += 2) {
      int first = Integer.bitCount(words[n]);
      int second = Integer.bitCount(words[n + 1]);
      ones[first]++;
      ones[second]++;
      pairs[first * 33 + second]++;
    }
    Significance.cells(ones, single, order + ", ones");
    Significance.cells(pairs, joint, order + ", ones of two words");
  }
}
