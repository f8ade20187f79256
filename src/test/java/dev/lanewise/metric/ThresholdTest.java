package dev.lanewise.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ThresholdTest {

  @Property
  void theFittedThresholdEqualsTheBestOfAllCuts(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 0, max = 12) Integer> levels,
      @ForAll int bits,
      @ForAll Threshold.Measure measure) {
    int rows = levels.size();
    float[] probabilities = new float[rows];
    float[] targets = new float[rows];
    for (int r = 0; r < rows; r++) {
      probabilities[r] = levels.get(r) / 12f;
      targets[r] = bits >>> r & 1;
    }
    float fitted = Threshold.fit(probabilities, targets, rows, measure).probability();

    TreeSet<Float> ends = new TreeSet<>(List.of(1f));
    for (float probability : probabilities) {
      ends.add(probability);
    }
    double best = Double.NEGATIVE_INFINITY;
    double distance = 1;
    float low = -1;
    for (float high : ends) {
      float middle = (Math.max(0, low) + high) / 2;
      float cut = low < 0.5f && high >= 0.5f ? 0.5f : middle;
      double value = value(measure, probabilities, targets, cut);
      if (value > best + 1e-12) {
        best = value;
        distance = Math.abs(cut - 0.5);
      } else if (value > best - 1e-12) {
        distance = Math.min(distance, Math.abs(cut - 0.5));
      }
      low = high;
    }
    assertEquals(best, value(measure, probabilities, targets, fitted), 1e-12);
    assertEquals(distance, Math.abs(fitted - 0.5));
  }

  private static double value(
      Threshold.Measure measure, float[] probabilities, float[] targets, float threshold) {
    int[] actual = new int[targets.length];
    int[] predicted = new int[targets.length];
    for (int r = 0; r < targets.length; r++) {
      actual[r] = (int) targets[r];
      predicted[r] = probabilities[r] >= threshold ? 1 : 0;
    }
    ConfusionMatrix matrix = ConfusionMatrix.of(actual, predicted, 2);
    boolean both = matrix.count(0, 0) + matrix.count(0, 1) > 0;
    both &= matrix.count(1, 0) + matrix.count(1, 1) > 0;
    return switch (measure) {
      case ACCURACY -> matrix.accuracy();
      case F1 -> matrix.f1(1);
      case YOUDEN -> both ? matrix.recall(1) + matrix.recall(0) - 1 : 0;
    };
  }

  @Test
  void neighbouringProbabilitiesAreToldApart() {
    for (float low : new float[] {0, Float.MIN_VALUE, 0.3f, Math.nextDown(0.5f), 0.5f, 0.9f}) {
      float high = Math.nextUp(low);
      Threshold fitted =
          Threshold.fit(new float[] {high, low}, new float[] {1, 0}, 2, Threshold.Measure.ACCURACY);
      assertTrue(fitted.admits(high) && !fitted.admits(low), () -> fitted + " at " + low);
    }
    float below = Math.nextDown(1f);
    assertEquals(
        1,
        Threshold.fit(new float[] {below, 1}, new float[] {0, 1}, 2, Threshold.Measure.F1)
            .probability());
  }

  @Test
  void correctRowsAreThoseOfTheThresholdAndOfTheSignAtHalf() {
    float[] scores = {-1, -1e-9f, 1};
    float[] probabilities = {0.27f, 0.5f, 0.73f};
    float[] targets = {1, 0, 1};
    Classification plain = Classification.of(scores, 1, targets, 3);
    assertEquals(2, plain.correct());
    assertEquals(plain, plain.at(Threshold.HALF, probabilities, targets));
    Classification low = plain.at(new Threshold(0.27f), probabilities, targets);
    assertEquals(2, low.correct());
    assertEquals(1, plain.at(new Threshold(0.8f), probabilities, targets).correct());
    assertEquals(plain.logLoss(), low.logLoss());
  }

  @Test
  void whatIsNoThresholdIsRefused() {
    for (float value : new float[] {-0.1f, 1.1f, Float.NaN}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> new Threshold(value));
      assertEquals("threshold: " + value + "; expected a probability in [0, 1]", e.getMessage());
    }
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Threshold.fit(new float[] {0, Float.NaN}, new float[2], 2, Threshold.Measure.F1));
    assertEquals("probabilities: row 1: NaN; expected a number in [0, 1]", e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> Threshold.fit(new float[1], new float[] {2}, 1, Threshold.Measure.F1));
  }
}
