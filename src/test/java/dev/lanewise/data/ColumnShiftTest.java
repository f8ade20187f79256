package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.random.CounterRandom;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whether two sets of rows come from one distribution. */
class ColumnShiftTest {

  private static Dataset column(float... values) {
    return Dataset.of(values, 1, new float[values.length], 1);
  }

  private static Dataset normals(long key, int rows, float mean) {
    float[] values = new float[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = (float) (mean + CounterRandom.normal(key, i));
    }
    return column(values);
  }

  private static double share(float[] values, float upTo) {
    return IntStream.range(0, values.length).filter(i -> values[i] <= upTo).count()
        / (double) values.length;
  }

  /** Few different values, so that many are equal within and between the sets. */
  @Property
  void theDistanceIsTheLargestDifferenceOfTheShares(
      @ForAll @IntRange(min = 1, max = 20) int rows,
      @ForAll @IntRange(min = 1, max = 20) int others,
      @ForAll long seed) {
    float[] a = new float[rows];
    float[] b = new float[others];
    for (int i = 0; i < rows; i++) {
      a[i] = CounterRandom.below(seed, i, 7);
    }
    for (int i = 0; i < others; i++) {
      b[i] = CounterRandom.below(seed + 1, i, 7);
    }
    double largest = 0;
    for (int value = 0; value < 7; value++) {
      largest = Math.max(largest, Math.abs(share(a, value) - share(b, value)));
    }
    assertEquals(largest, ColumnShift.between(column(a), column(b)).getFirst().distance(), 1e-12);
    assertEquals(largest, ColumnShift.between(column(b), column(a)).getFirst().distance(), 1e-12);
  }

  /** 2000 pairs of one distribution; 0.05 ± 4 standard deviations, and the asymptotic's caution. */
  @Example
  void aProbabilityIsHowOftenChanceGivesAsMuch() {
    int below = 0;
    for (int i = 0; i < 2000; i++) {
      ColumnShift shift =
          ColumnShift.between(normals(2 * i, 150, 0), normals(2 * i + 1, 130, 0)).getFirst();
      below += shift.probability() < 0.05 ? 1 : 0;
    }
    assertTrue(below >= 50 && below <= 140, "below 0.05: " + below);
  }

  @Example
  void thePublishedCriticalDistancesHaveTheirProbabilities() {
    // Smirnov's table: 1.358, 1.628, 1.949 for 5 %, 1 %, 0.1 %; of 10⁶ rows each, √n is 707.
    double[][] table = {{1.358, 0.05}, {1.628, 0.01}, {1.949, 0.001}};
    int rows = 1_000_000;
    for (double[] entry : table) {
      int shifted = (int) Math.round(entry[0] / Math.sqrt(rows / 2.0) * rows);
      float[] second = new float[rows];
      for (int i = 0; i < shifted; i++) {
        second[i] = 1;
      }
      ColumnShift shift = ColumnShift.between(column(new float[rows]), column(second)).getFirst();
      assertEquals(entry[1], shift.probability(), 0.01 * entry[1]);
    }
  }

  /** Of few rows, with Stephens' correction: λ = (√n + 0.12 + 0.11/√n)·D, n = rows·others/sum. */
  @Property
  void theProbabilityOfADistanceIsKolmogorovsWithStephensCorrection(
      @ForAll @IntRange(min = 4, max = 60) int rows,
      @ForAll @IntRange(min = 4, max = 60) int others,
      @ForAll @IntRange(min = 1, max = 3) int half) {
    float[] second = new float[others];
    for (int i = 0; i < others * half / 4; i++) {
      second[i] = 1;
    }
    ColumnShift shift = ColumnShift.between(column(new float[rows]), column(second)).getFirst();
    double distance = others * half / 4 / (double) others;
    double root = Math.sqrt(1 / (1.0 / rows + 1.0 / others));
    double lambda = (root + 0.12 + 0.11 / root) * distance;
    double probability = 0;
    for (int k = 1; k <= 200; k++) {
      probability += (k % 2 == 1 ? 2 : -2) * Math.exp(-2.0 * k * k * lambda * lambda);
    }
    assertEquals(distance, shift.distance(), 1e-15);
    assertEquals(probability, shift.probability(), 1e-9);
  }

  @Example
  void equalRowsAreCertainToBeOfOneDistribution() {
    assertEquals(
        new ColumnShift(0, 0, 1), ColumnShift.between(column(1, 2, 3), column(3, 1, 2)).getFirst());
  }

  @Example
  void aShiftIsSeenInItsColumnAlone() {
    int rows = 300;
    float[] first = new float[2 * rows];
    float[] second = new float[2 * rows];
    for (int i = 0; i < 2 * rows; i++) {
      first[i] = (float) CounterRandom.normal(1, i);
      second[i] = (float) CounterRandom.normal(2, i) + i % 2;
    }
    List<ColumnShift> shifts =
        ColumnShift.between(
            Dataset.of(first, 2, new float[rows], 1), Dataset.of(second, 2, new float[rows], 1));
    assertEquals(List.of(0, 1), shifts.stream().map(ColumnShift::column).toList());
    assertTrue(shifts.get(0).probability() > 0.01, shifts::toString);
    assertTrue(shifts.get(1).probability() < 1e-9, shifts::toString);
  }

  @Example
  void zeroHasNoSign() {
    float[] zeros = new float[200];
    float[] others = new float[200];
    java.util.Arrays.fill(others, -0f);
    assertEquals(
        new ColumnShift(0, 0, 1), ColumnShift.between(column(zeros), column(others)).getFirst());
  }
}
