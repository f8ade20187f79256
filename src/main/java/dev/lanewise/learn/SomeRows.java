package dev.lanewise.learn;

import dev.lanewise.random.CounterRandom;
import java.util.stream.IntStream;

/** Rows chosen of many, so that what is computed of them stays bounded. */
final class SomeRows {

  private static final long CHOSEN = CounterRandom.stream("some rows");

  private SomeRows() {}

  /**
   * {@return the numbers of rows, ascending: all if there are no more than the most, else one drawn
   * from each of so many equal stretches}
   *
   * @param rows the number of rows
   * @param most the most that are chosen, at least 1
   * @param seed the seed of the draws
   */
  static int[] of(int rows, int most, long seed) {
    if (rows <= most) {
      return IntStream.range(0, rows).toArray();
    }
    long key = CounterRandom.key(seed, CHOSEN, rows);
    int[] chosen = new int[most];
    for (int i = 0; i < most; i++) {
      int from = (int) ((long) i * rows / most);
      int to = (int) ((i + 1L) * rows / most);
      chosen[i] = from + CounterRandom.below(key, i, to - from);
    }
    return chosen;
  }

  /** {@return the most rows of so many columns that have so many cells, within limits} */
  static int most(long cells, int columns, int least, int most) {
    return Math.clamp(cells / Math.max(1, columns), least, most);
  }
}
