package dev.lanewise.search;

import dev.lanewise.random.CounterRandom;

/**
 * Points that fill a cube evenly: the Sobol sequence with the direction numbers of Joe and Kuo
 * ("Constructing Sobol sequences with better two-dimensional projections", 2008), each dimension
 * scrambled by a hash in the manner of Owen (Burley, "Practical Hash-based Owen Scrambling", 2020).
 *
 * <p>Of each dimension's first 2^k points one lies in each of the 2^k intervals of equal length,
 * before and after scrambling; the scrambled points of two seeds are unrelated. Stateless.
 */
final class Sobol {

  /** The most dimensions; the table ends there. */
  static final int DIMENSIONS = 32;

  private static final int BITS = 32;
  private static final long SOBOL = CounterRandom.stream("sobol");

  /**
   * The primitive polynomials from the second dimension on, highest coefficient first, and the
   * first direction numbers: new-joe-kuo-6.
   */
  private static final int[][] TABLE = {
    {3, 1},
    {7, 1, 3},
    {11, 1, 3, 1},
    {13, 1, 1, 1},
    {19, 1, 1, 3, 3},
    {25, 1, 3, 5, 13},
    {37, 1, 1, 5, 5, 17},
    {41, 1, 1, 5, 5, 5},
    {47, 1, 1, 7, 11, 19},
    {55, 1, 1, 5, 1, 1},
    {59, 1, 1, 1, 3, 11},
    {61, 1, 3, 5, 5, 31},
    {67, 1, 3, 3, 9, 7, 49},
    {91, 1, 1, 1, 15, 21, 21},
    {97, 1, 3, 1, 13, 27, 49},
    {103, 1, 1, 1, 15, 7, 5},
    {109, 1, 3, 1, 15, 13, 25},
    {115, 1, 1, 5, 5, 19, 61},
    {131, 1, 3, 7, 11, 23, 15, 103},
    {137, 1, 3, 7, 13, 13, 15, 69},
    {143, 1, 1, 3, 13, 7, 35, 63},
    {145, 1, 3, 5, 9, 1, 25, 53},
    {157, 1, 3, 1, 13, 9, 35, 107},
    {167, 1, 3, 1, 5, 27, 61, 31},
    {171, 1, 1, 5, 11, 19, 41, 61},
    {185, 1, 3, 5, 3, 3, 13, 69},
    {191, 1, 1, 7, 13, 1, 19, 1},
    {193, 1, 3, 7, 5, 13, 19, 59},
    {203, 1, 1, 3, 9, 25, 29, 41},
    {211, 1, 3, 5, 13, 23, 1, 55},
    {213, 1, 3, 7, 3, 13, 59, 17},
  };

  private static final int[][] DIRECTIONS = directions();

  private Sobol() {}

  private static int[][] directions() {
    int[][] directions = new int[DIMENSIONS][BITS];
    for (int k = 0; k < BITS; k++) {
      directions[0][k] = 1 << (BITS - 1 - k);
    }
    for (int d = 1; d < DIMENSIONS; d++) {
      int polynomial = TABLE[d - 1][0];
      int degree = TABLE[d - 1].length - 1;
      int[] v = directions[d];
      for (int k = 0; k < BITS; k++) {
        if (k < degree) {
          v[k] = TABLE[d - 1][k + 1] << (BITS - 1 - k);
          continue;
        }
        v[k] = v[k - degree] ^ v[k - degree] >>> degree;
        for (int j = 1; j < degree; j++) {
          if ((polynomial >>> (degree - j) & 1) == 1) {
            v[k] ^= v[k - j];
          }
        }
      }
    }
    return directions;
  }

  /**
   * {@return a coordinate of a point of the plain sequence, as 32 bits behind the binary point}
   *
   * @param point the number of the point, from 0
   * @param dimension the dimension, 0 to 31
   */
  static int plain(int point, int dimension) {
    int bits = 0;
    for (int k = 0; k < BITS; k++) {
      if ((point >>> k & 1) == 1) {
        bits ^= DIRECTIONS[dimension][k];
      }
    }
    return bits;
  }

  /**
   * {@return a coordinate of a scrambled point, in [0, 1), a multiple of 2^-32}
   *
   * @param seed the seed of the scrambling
   * @param point the number of the point, from 0
   * @param dimension the dimension, 0 to 31
   */
  static double at(long seed, int point, int dimension) {
    int hash = (int) CounterRandom.key(seed, SOBOL, dimension);
    int scrambled = Integer.reverse(permuted(Integer.reverse(plain(point, dimension)), hash));
    return Integer.toUnsignedLong(scrambled) * 0x1p-32;
  }

  /**
   * The permutation of Laine and Karras: a bit depends on itself and the bits below it alone. On
   * reversed bits it is Owen's scrambling, where a digit's flip depends on the digits before it.
   */
  private static int permuted(int bits, int hash) {
    int x = bits + hash;
    x ^= x * 0x6C50B47C;
    x ^= x * 0xB82F1E52;
    x ^= x * 0xC7AFE638;
    x ^= x * 0x8D22F6E6;
    return x;
  }
}
