package dev.lanewise.random;

/**
 * Orders in which the generator's words are judged: the n-th word is a function of n and of a seed.
 *
 * <p>A key has 2^32 numbers, fewer than a battery of tests reads. So each order goes on with the
 * next step's key when it has used up those that it takes of one, as a training does.
 */
enum WordOrder {
  /** The lower half of a key's numbers, indices ascending. */
  INDICES {
    @Override
    int word(long seed, long n) {
      return CounterRandom.word(CounterRandom.key(seed, 1, n >>> 31), (int) n & 0x7FFF_FFFF);
    }
  },
  /** The masks of a training: 2^16 indices ascending, then the next step's key. */
  STEPS {
    @Override
    int word(long seed, long n) {
      return CounterRandom.word(mask(seed, n >>> 16, 1), (int) n & 0xFFFF);
    }
  },
  /** The first number of every step. */
  KEYS {
    @Override
    int word(long seed, long n) {
      return CounterRandom.word(CounterRandom.key(seed, 1, n), 0);
    }
  },
  /** The masks of four dropouts in turn, unit by unit, 2^16 of each, then the next step. */
  STREAMS {
    @Override
    int word(long seed, long n) {
      return CounterRandom.word(mask(seed, n >>> 18, n & 3), (int) (n >>> 2) & 0xFFFF);
    }
  },
  /** The first two numbers of every seed, seeds ascending. */
  SEEDS {
    @Override
    int word(long seed, long n) {
      return CounterRandom.word(CounterRandom.key(seed + (n >>> 1), 1, 0), (int) n & 1);
    }
  },
  /** The masks of a training with 256 rows of 256 units, column after column. */
  COLUMNS {
    @Override
    int word(long seed, long n) {
      int index = (int) (n << 8 & 0xFF00 | n >>> 8 & 0xFF);
      return CounterRandom.word(mask(seed, n >>> 16, 1), index);
    }
  },
  /** What dropout sees: whether units are kept with probability ½, 32 to a word. */
  MASKS {
    @Override
    int word(long seed, long n) {
      long key = mask(seed, n >>> 11, 1);
      int first = ((int) n & 0x7FF) << 5;
      int word = 0;
      for (int i = 0; i < 32; i++) {
        word = word << 1 | (CounterRandom.kept(key, first + i, Integer.MIN_VALUE) ? 1 : 0);
      }
      return word;
    }
  };

  private static final long STEP = CounterRandom.stream("step");

  abstract int word(long seed, long n);

  /** The first {@code count} words. */
  int[] words(long seed, int count) {
    int[] words = new int[count];
    for (int n = 0; n < count; n++) {
      words[n] = word(seed, n);
    }
    return words;
  }

  /** The key of a dropout's mask in a training. */
  static long mask(long seed, long step, long dropout) {
    return CounterRandom.key(CounterRandom.key(seed, STEP, step), dropout, 0);
  }
}
