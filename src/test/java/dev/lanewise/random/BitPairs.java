package dev.lanewise.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.Significance;

/**
 * The bits of many words, one sequence of longs for each of the 32 places, so that two places are
 * compared 64 words at a time.
 */
final class BitPairs {

  private final long[][] places;
  private final int words;

  private BitPairs(long[][] places, int words) {
    this.places = places;
    this.words = words;
  }

  /** Sorts bits by place; the words are as many as a multiple of 64. */
  static BitPairs of(int[] words) {
    long[][] places = new long[32][words.length / 64];
    for (int n = 0; n < words.length; n++) {
      for (int bit = 0; bit < 32; bit++) {
        places[bit][n >> 6] |= (words[n] >>> bit & 1L) << n;
      }
    }
    return new BitPairs(places, words.length);
  }

  /**
   * Judges whether two places of a word differ half the time. Of two pairs, 4 with 19 and 5 with
   * 20, it is known that they do so only nearly: the correlation may be up to 1/32.
   */
  void judgeWithin(String what) {
    double squares = 0;
    for (int i = 0; i < 32; i++) {
      for (int j = 0; j < i; j++) {
        String pair = what + ", bits " + i + " and " + j;
        double z = deviate(places[i], places[j]);
        if (i == j + 15 && (j == 4 || j == 5)) {
          assertEquals(0, z / Math.sqrt(words), 1 / 32.0, pair);
        } else {
          Significance.normal(z, 494, pair);
          squares += z * z;
        }
      }
    }
    Significance.chiSquared(squares, 494, what + ", pairs of bits");
  }

  /** Judges whether a place of a word and a place of its counterpart differ half the time. */
  void judgeAgainst(BitPairs others, String what) {
    double squares = 0;
    for (int i = 0; i < 32; i++) {
      for (int j = 0; j < 32; j++) {
        double z = deviate(places[i], others.places[j]);
        Significance.normal(z, 1024, what + ", bits " + i + " and " + j);
        squares += z * z;
      }
    }
    Significance.chiSquared(squares, 1024, what + ", pairs of bits");
  }

  /** How often two places differ, in standard errors off one half. */
  private double deviate(long[] a, long[] b) {
    int different = 0;
    for (int i = 0; i < a.length; i++) {
      different += Long.bitCount(a[i] ^ b[i]);
    }
    return (different - words / 2.0) / Math.sqrt(words / 4.0);
  }
}
