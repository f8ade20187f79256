package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class MedianTest {

  /** Few numbers are sorted, many are selected from. */
  @Property(tries = 40)
  void theMedianIsTheMiddleOfTheSortedNumbers(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9000) int count) {
    Random random = new Random(seed);
    double[] numbers = new double[count + 3];
    Arrays.fill(numbers, 1e308);
    for (int i = 0; i < count; i++) {
      numbers[i] =
          switch (random.nextInt(5)) {
            case 0 -> random.nextInt(3) - 1;
            case 1 -> -0.0;
            case 2 -> Double.longBitsToDouble(random.nextLong() & ~(1L << 62));
            default -> random.nextGaussian();
          };
    }
    double[] sorted = Arrays.copyOf(numbers, count);
    Arrays.sort(sorted);
    double expected =
        count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
    assertEquals(expected, Median.of(numbers, count));
  }
}
