package dev.lanewise.report;

import java.util.Arrays;

/** Rows chosen of many, always the same ones, so that what is drawn of them stays bounded. */
final class Sample {

  private Sample() {}

  /**
   * {@return the numbers of rows, ascending: all if there are no more than the most, else so many
   * at equal distances}
   *
   * @param rows the number of rows
   * @param most the most that are chosen, at least 1
   */
  static int[] even(int rows, int most) {
    int[] chosen = new int[Math.min(rows, most)];
    Arrays.setAll(chosen, i -> (int) ((long) i * rows / chosen.length));
    return chosen;
  }
}
