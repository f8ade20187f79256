package dev.lanewise.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MovingAverageTest {

  @Test
  void twoValuesByHand() {
    MovingAverage average = new MovingAverage(0.9);
    average.add(40);
    assertEquals(4, average.value(), 1e-15 * 40);
    assertEquals(40, average.corrected(), 1e-13);
    average.add(49);
    assertEquals(0.9 * 4 + 4.9, average.value(), 1e-14);
    assertEquals(8.5 / 0.19, average.corrected(), 1e-13);
  }

  @Property
  void valueIsTheWeightedSumOfAllThatCame(
      @ForAll long seed,
      @ForAll @DoubleRange(max = 0.999) @Scale(6) double beta,
      @ForAll @IntRange(min = 1, max = 100) int count) {
    double[] series = new Random(seed).doubles(count, -1, 1).toArray();
    MovingAverage average = new MovingAverage(beta);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      average.add(series[i]);
      sum += (1 - beta) * StrictMath.pow(beta, count - 1 - i) * series[i];
    }
    assertEquals(sum, average.value(), 1e-14);
    double weights = 1 - StrictMath.pow(beta, count);
    assertEquals(sum / weights, average.corrected(), 1e-11);
  }

  @Property
  void aConstantSeriesIsItsOwnCorrectedAverage(
      @ForAll @DoubleRange(max = 0.9999) @Scale(6) double beta,
      @ForAll @IntRange(min = 1, max = 500) int count) {
    MovingAverage average = new MovingAverage(beta);
    for (int i = 0; i < count; i++) {
      average.add(3);
    }
    assertEquals(3, average.corrected(), 1e-9);
  }

  @Test
  void correctionIsNeverWrittenBack() {
    MovingAverage asked = new MovingAverage(0.98);
    MovingAverage notAsked = new MovingAverage(0.98);
    for (double x : List.of(5.0, -1.0, 7.0)) {
      asked.add(x);
      asked.corrected();
      notAsked.add(x);
    }
    assertEquals(notAsked.value(), asked.value());
  }

  @Test
  void windowIsTheReciprocalOfTheNewValuesShare() {
    assertEquals(10, new MovingAverage(0.9).window(), 1e-12);
    assertEquals(50, new MovingAverage(0.98).window(), 1e-12);
    assertEquals(1, new MovingAverage(0).window());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN})
  void betaOutsideItsRangeIsRefused(double beta) {
    assertEquals(
        "beta: " + beta + "; expected a number in [0, 1)",
        assertThrows(IllegalArgumentException.class, () -> new MovingAverage(beta)).getMessage());
  }
}
