package dev.lanewise.random;

/**
 * Random numbers as pure functions of a 64-bit key and a 32-bit index; there is no state to carry,
 * save or lock.
 *
 * <p>A key is derived from a seed, a stream and a step. Under one key, {@link #word} maps the index
 * through two rounds of multiply and xor-shift in the manner of C. Wellons' 32-bit hash prospector,
 * and the index enters again between the rounds, so the map is no permutation and the birthday
 * statistics are those of independent draws. It needs 32-bit arithmetic alone, which is what vector
 * lanes do fast; the vector kernels compute the same words.
 *
 * <p>Stateless; safe for use by several threads.
 */
public final class CounterRandom {

  /** The odd constant that spreads consecutive indices: 2^32 divided by the golden ratio. */
  public static final int SPREAD = 0x9E3779B9;

  /** The multiplier of the first round. */
  public static final int FIRST = 0x21F0AAAD;

  /** The multiplier of the second round. */
  public static final int SECOND = 0x735A2D97;

  private CounterRandom() {}

  /**
   * {@return the key of a stream at a step; different arguments give unrelated keys}
   *
   * @param seed the user's seed; 0 is a seed like any other
   * @param stream what the numbers are for
   * @param step when they are drawn
   */
  public static long key(long seed, long stream, long step) {
    return mix(mix(mix(seed + 0x9E3779B97F4A7C15L) ^ stream) + step * 0xD1342543DE82EF95L);
  }

  /**
   * {@return the stream that a name stands for: its 64-bit FNV-1a hash}
   *
   * @param name the name
   */
  public static long stream(String name) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
    }
    return hash;
  }

  /** David Stafford's variant 13 of the 64-bit finaliser, as in SplitMix64. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * {@return 32 random bits}
   *
   * @param key the key
   * @param index which of the key's numbers
   */
  public static int word(long key, int index) {
    int h = index * SPREAD + (int) key;
    h ^= h >>> 16;
    h *= FIRST;
    h ^= h >>> 15;
    h += Integer.rotateLeft(index, 16) ^ (int) (key >>> 32);
    h *= SECOND;
    return h ^ (h >>> 15);
  }

  /**
   * {@return a number in (0, 1], a multiple of 2^-32}
   *
   * @param key the key
   * @param index which of the key's numbers
   */
  public static double uniform(long key, int index) {
    return (Integer.toUnsignedLong(word(key, index)) + 1) * 0x1p-32;
  }

  /**
   * {@return a draw from the standard normal distribution} Its quantile at 53 bits of the words at
   * {@code 2·index} and {@code 2·index + 1}, after Wichura's AS 241; relative error below 1e-15,
   * largest magnitude 8.29. Allocates nothing.
   *
   * @param key the key
   * @param index which of the key's draws, at least 0
   */
  public static double normal(long key, int index) {
    long high = word(key, 2 * index);
    return NormalQuantile.draw(high << 32 | Integer.toUnsignedLong(word(key, 2 * index + 1)));
  }

  /**
   * {@return a whole number in {@code [0, bound)}; the bias is below {@code bound · 2^-32}}
   *
   * @param key the key
   * @param index which of the key's numbers
   * @param bound the end of the range, at least 1
   */
  public static int below(long key, int index, int bound) {
    return (int) (Integer.toUnsignedLong(word(key, index)) * bound >>> 32);
  }

  /**
   * Permutes the array in place (Fisher and Yates). All orders are equally likely, up to the bias
   * of {@link #below}.
   *
   * @param key the key
   * @param values the array
   */
  public static void shuffle(long key, int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = below(key, i, i + 1);
      int value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }

  /**
   * {@return the threshold below which a word, unsigned, means "kept"}
   *
   * @param keep the probability of keeping, in (0, 1)
   */
  public static int threshold(double keep) {
    return (int) Math.min((long) StrictMath.rint(keep * 0x1p32), 0xFFFF_FFFFL);
  }

  /**
   * {@return whether a dropout mask keeps a unit}
   *
   * @param key the mask's key
   * @param index the unit's place, row · columns + column
   * @param threshold from {@link #threshold}
   */
  public static boolean kept(long key, int index, int threshold) {
    return Integer.compareUnsigned(word(key, index), threshold) < 0;
  }
}
