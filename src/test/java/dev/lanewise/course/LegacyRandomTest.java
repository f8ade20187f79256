package dev.lanewise.course;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Known values of NumPy's legacy generator. */
final class LegacyRandomTest {

  @Test
  void wordsOfSeedOneAreNumPys() {
    LegacyRandom random = new LegacyRandom(1);
    long[] words = new long[3];
    Arrays.setAll(words, i -> Integer.toUnsignedLong(random.word()));
    assertArrayEquals(new long[] {1791095845, 4282876139L, 3093770124L}, words);
  }

  /** The ten thousandth word of the generator's own default seed, from its authors' sources. */
  @Test
  void theTenThousandthWordIsTheStandards() {
    LegacyRandom random = new LegacyRandom(5489);
    for (int i = 1; i < 10_000; i++) {
      random.word();
    }
    assertEquals(4123659995L, Integer.toUnsignedLong(random.word()));
  }

  @Test
  void uniformNumbersOfSeedOneAreNumPys() {
    LegacyRandom random = new LegacyRandom(1);
    double[] numbers = new double[3];
    Arrays.setAll(numbers, i -> random.uniform());
    assertArrayEquals(
        new double[] {0.417022004702574, 0.7203244934421581, 0.00011437481734488664}, numbers);
  }

  @Test
  void normalDrawsOfSeedOneAreNumPys() {
    double[] draws = new LegacyRandom(1).normals(1, 4)[0];
    assertArrayEquals(
        new double[] {
          1.6243453636632417, -0.6117564136500754, -0.5281717522634557, -1.0729686221561705
        },
        draws);
  }

  @Test
  void permutationsAreNumPys() {
    assertArrayEquals(
        new int[] {2, 8, 4, 9, 1, 6, 7, 3, 0, 5}, new LegacyRandom(0).permutation(10));
    assertArrayEquals(
        new int[] {2, 9, 6, 4, 0, 3, 1, 7, 8, 5}, new LegacyRandom(1).permutation(10));
  }

  @Property(tries = 50)
  void everyNumberStandsInAPermutationOnce(
      @ForAll int seed, @ForAll @IntRange(max = 300) int count) {
    int[] sorted = new LegacyRandom(seed).permutation(count);
    Arrays.sort(sorted);
    for (int i = 0; i < count; i++) {
      assertEquals(i, sorted[i]);
    }
  }
}
