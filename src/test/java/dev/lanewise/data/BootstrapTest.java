package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Samples with replacement, for bagging. */
class BootstrapTest {

  private static Dataset numbered(int rows) {
    float[] features = new float[2 * rows];
    float[] targets = new float[rows];
    for (int row = 0; row < rows; row++) {
      features[2 * row] = row;
      features[2 * row + 1] = -row;
      targets[row] = 10 * row;
    }
    return Dataset.of(features, 2, targets, 1);
  }

  @Property(tries = 50)
  void sampleHasAsManyRowsAllOfThemWhole(
      @ForAll @IntRange(max = 50) int rows, @ForAll long seed, @ForAll int sample) {
    Dataset drawn = numbered(rows).bootstrap(seed, sample);
    assertEquals(rows, drawn.rows());
    for (int row = 0; row < rows; row++) {
      float number = drawn.features()[2 * row];
      assertEquals(0, number + drawn.features()[2 * row + 1]);
      assertEquals(10 * number, drawn.targets()[row]);
    }
    assertArrayEquals(drawn.features(), numbered(rows).bootstrap(seed, sample).features());
  }

  @Test
  void aboutSixtyThreePercentOfTheRowsAreInASample() {
    long in = Arrays.stream(toInts(numbered(20_000).bootstrap(3, 0).targets())).distinct().count();
    assertEquals(1 - 1 / Math.E, in / 20_000.0, 0.01);
  }

  private static int[] toInts(float[] values) {
    int[] whole = new int[values.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (int) values[i];
    }
    return whole;
  }

  @Test
  void samplesAndSeedsDiffer() {
    float[] one = numbered(100).bootstrap(1, 0).targets();
    assertFalse(Arrays.equals(one, numbered(100).bootstrap(1, 1).targets()));
    assertFalse(Arrays.equals(one, numbered(100).bootstrap(2, 0).targets()));
  }
}
