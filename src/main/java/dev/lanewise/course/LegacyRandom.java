package dev.lanewise.course;

/**
 * The random numbers of NumPy's {@code RandomState}, with which the course drew its weights, masks,
 * noise and orders: the Mersenne Twister MT19937 (Matsumoto and Nishimura 1998) seeded by one
 * number, and what NumPy makes of its words. Here for replays alone; it has a state, as the
 * engine's own random numbers have not.
 */
final class LegacyRandom {

  private static final int WORDS = 624;
  private static final int AHEAD = 397;
  private static final int TWIST = 0x9908B0DF;

  private final int[] state = new int[WORDS];
  private int next = WORDS;

  /** The polar method makes two draws at a time; NaN where none is left. */
  private double spare = Double.NaN;

  /** A generator as {@code RandomState(seed)} is. */
  LegacyRandom(int seed) {
    state[0] = seed;
    for (int i = 1; i < WORDS; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /** {@return 32 random bits} */
  int word() {
    if (next == WORDS) {
      twist();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9D2C5680;
    y ^= (y << 15) & 0xEFC60000;
    return y ^ (y >>> 18);
  }

  private void twist() {
    for (int i = 0; i < WORDS; i++) {
      int y = (state[i] & 0x80000000) | (state[(i + 1) % WORDS] & 0x7FFFFFFF);
      state[i] = state[(i + AHEAD) % WORDS] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : TWIST);
    }
    next = 0;
  }

  /** {@return a number in [0, 1) of 53 bits, as {@code rand()} gives} */
  double uniform() {
    int high = word() >>> 5;
    int low = word() >>> 6;
    return (high * 0x1p26 + low) / 0x1p53;
  }

  /** {@return a draw from the standard normal distribution, as {@code randn()} gives} */
  double normal() {
    if (!Double.isNaN(spare)) {
      double draw = spare;
      spare = Double.NaN;
      return draw;
    }
    while (true) {
      double x1 = 2 * uniform() - 1;
      double x2 = 2 * uniform() - 1;
      double square = x1 * x1 + x2 * x2;
      if (square > 0 && square < 1) {
        double factor = Math.sqrt(-2 * StrictMath.log(square) / square);
        spare = factor * x1;
        return factor * x2;
      }
    }
  }

  /** {@return a matrix of normal draws, row by row} */
  double[][] normals(int rows, int columns) {
    double[][] draws = new double[rows][columns];
    for (double[] row : draws) {
      for (int c = 0; c < columns; c++) {
        row[c] = normal();
      }
    }
    return draws;
  }

  /** {@return a number from 0 below {@code count}, as {@code randint(count)} gives} */
  int below(int count) {
    return upTo(count - 1);
  }

  /** {@return the numbers from 0 below {@code count} in a random order} */
  int[] permutation(int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    for (int i = count - 1; i > 0; i--) {
      int j = upTo(i);
      int value = order[i];
      order[i] = order[j];
      order[j] = value;
    }
    return order;
  }

  /** A number from 0 to {@code last}: words are masked, and refused while they are above it. */
  private int upTo(int last) {
    int mask = -1 >>> Integer.numberOfLeadingZeros(last);
    int number;
    do {
      number = word() & mask;
    } while (number > last);
    return number;
  }
}
