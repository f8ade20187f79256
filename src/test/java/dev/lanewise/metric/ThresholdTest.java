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
    double[] probabilities = new double[rows];
    float[] targets = new float[rows];
    for (int r = 0; r < rows; r++) {
      probabilities[r] = levels.get(r) / 12.0;
      targets[r] = bits >>> r & 1;
    }
    float fitted = Threshold.fit(probabilities, targets, rows, measure).probability();

    TreeSet<Double> ends = new TreeSet<>(List.of(1.0));
    for (double probability : probabilities) {
      ends.add(probability);
    }
    double best = Double.NEGATIVE_INFINITY;
    double distance = 1;
    double low = -1;
    for (double high : ends) {
      float middle = (float) ((Math.max(0, low) + high) / 2);
      float cut = low < 0.5 && high >= 0.5 ? 0.5f : middle;
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
      Threshold.Measure measure, double[] probabilities, float[] targets, float threshold) {
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
          Threshold.fit(
              new double[] {high, low}, new float[] {1, 0}, 2, Threshold.Measure.ACCURACY);
      assertTrue(fitted.admits(high) && !fitted.admits(low), () -> fitted + " at " + low);
    }
    float below = Math.nextDown(1f);
    assertEquals(
        1,
        Threshold.fit(new double[] {below, 1}, new float[] {0, 1}, 2, Threshold.Measure.F1)
            .probability());
  }

  @Test
  void correctRowsAreThoseOfTheThresholdAndOfTheSignAtHalf() {
    float[] logits = {-1, -1e-17f, 1};
    float[] targets = {1, 0, 1};
    Classification plain = at(Threshold.HALF, logits, targets);
    assertEquals(Classification.of(logits, 1, targets, 3), plain);
    assertEquals(2, plain.correct(), "the second row's probability rounds to ½");
    Classification low = at(new Threshold(0.26f), logits, targets);
    assertEquals(2, low.correct());
    assertEquals(1, at(new Threshold(0.8f), logits, targets).correct());
    assertEquals(plain.logLoss(), low.logLoss());
  }

  private static Classification at(Threshold threshold, float[] logits, float[] targets) {
    return Evaluation.ofLogits(logits, 1, targets, 3, Temperature.NONE, threshold).classification();
  }

  /** Between two doubles of one float there is no threshold, so none is said to part them. */
  @Test
  void probabilitiesThatNoFloatPartsAreLeftTogether() {
    double low = 0.75;
    double high = Math.nextUp(0.75);
    Threshold fitted =
        Threshold.fit(
            new double[] {high, low, 0.1}, new float[] {1, 0, 0}, 3, Threshold.Measure.F1);
    assertTrue(fitted.admits(low) && fitted.admits(high) && !fitted.admits(0.1));
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
            () ->
                Threshold.fit(new double[] {0, Double.NaN}, new float[2], 2, Threshold.Measure.F1));
    assertEquals("probabilities: row 1: NaN; expected a number in [0, 1]", e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> Threshold.fit(new double[1], new float[] {2}, 1, Threshold.Measure.F1));
  }
}
