package dev.lanewise.data;

import java.util.Arrays;

/** The middle of numbers, found in time linear in their number. */
final class Median {

  /** Fewer numbers are sorted. */
  private static final int FEW = 1 << 12;

  private static final int DIGIT = 16;

  private Median() {}

  /**
   * {@return the median of numbers, the mean of the middle two of an even number of them}
   *
   * @param numbers the numbers, none of them NaN; may be sorted
   * @param count how many of them count, at least 1
   */
  static double of(double[] numbers, int count) {
    int half = count / 2;
    if (count < FEW) {
      Arrays.sort(numbers, 0, count);
      return count % 2 == 1 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
    }
    int[] counts = new int[1 << DIGIT];
    double upper = select(numbers, count, half, counts);
    return count % 2 == 1 ? upper : (select(numbers, count, half - 1, counts) + upper) / 2;
  }

  /**
   * The number that {@code rank} others precede: its bits are found 16 at a time, by counting the
   * numbers that have those found so far.
   */
  private static double select(double[] numbers, int count, int rank, int[] counts) {
    long found = 0;
    int left = rank;
    for (int shift = Long.SIZE - DIGIT; shift >= 0; shift -= DIGIT) {
      Arrays.fill(counts, 0);
      for (int i = 0; i < count; i++) {
        long key = key(numbers[i]);
        if (shift == Long.SIZE - DIGIT || key >>> shift + DIGIT == found) {
          counts[(int) (key >>> shift) & counts.length - 1]++;
        }
      }
      int digit = 0;
      while (left >= counts[digit]) {
        left -= counts[digit++];
      }
      found = found << DIGIT | digit;
    }
    return Double.longBitsToDouble(found < 0 ? found ^ Long.MIN_VALUE : ~found);
  }

  /** Bits that are ordered, as unsigned numbers, as the numbers are. */
  private static long key(double number) {
    long bits = Double.doubleToRawLongBits(number);
    return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
  }
}
