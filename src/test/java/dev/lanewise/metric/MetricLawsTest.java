package dev.lanewise.metric;

import static dev.lanewise.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class MetricLawsTest {

  @Test
  void arraysTooShortForTheirRowsAreRefusedByName() {
    double[] one = new double[1];
    double[] two = new double[2];
    assertRefused(
        "probabilities: 1 numbers; expected at least 2 rows of 1", () -> calibration(one, two));
    assertRefused("targets: 1 numbers; expected at least 2 rows of 1", () -> calibration(two, one));
    assertRefused(
        "predicted: 1 numbers; expected at least 2 rows of 1", () -> regression(one, two));
    assertRefused("actual: 1 numbers; expected at least 2 rows of 1", () -> regression(two, one));
    assertRefused(
        "probabilities: 1 numbers; expected at least 2 rows of 1", () -> threshold(one, two));
    assertRefused("targets: 1 numbers; expected at least 2 rows of 1", () -> threshold(two, one));
    assertRefused(
        "logits: 1 numbers; expected at least 2 rows of 1", () -> evaluation(one, new float[2]));
    assertRefused(
        "targets: 1 numbers; expected at least 2 rows of 1", () -> evaluation(two, new float[1]));
  }

  @Test
  void noRowsAndNoColumnsAreRefused() {
    float[] values = new float[4];
    assertRefused(
        "logits: 0 rows of 1; expected at least 1 of 1",
        () -> Classification.of(values, 1, values, 0));
    assertRefused(
        "logits: 1 rows of 0; expected at least 1 of 1",
        () -> Classification.of(values, 0, values, 1));
    assertRefused(
        "predicted: 1 rows of 0; expected at least 1 of 1",
        () -> Regression.of(new double[4], new double[4], 1, 0));
  }

  @Test
  void aClassOutOfRangeIsRefusedNamingTheRange() {
    assertRefused(
        "targets: row 1: 3.0; expected a class's number, 0 to 2",
        () -> Classification.of(new float[6], 3, new float[] {2, 3}, 2));
    assertRefused(
        "predicted: row 1: 3; expected a class's number, 0 to 2",
        () -> ConfusionMatrix.of(new int[2], new int[] {2, 3}, 3));
    assertRefused(
        "classes: 1; expected at least 2", () -> ConfusionMatrix.of(new int[2], new int[2], 1));
  }

  @Test
  void whatIsNoProbabilityIsRefusedInChoosingAThreshold() {
    for (double p : new double[] {-0.25, 1.25, Double.NaN}) {
      assertRefused(
          "probabilities: row 1: " + p + "; expected a number in [0, 1]",
          () -> threshold(new double[] {0, p}, new double[2]));
    }
  }

  @Test
  void oneOutputHasAnAucAndSeveralHaveNone() {
    float[] targets = {0, 1, 1};
    assertEquals(
        OptionalDouble.of(0.5),
        Classification.of(new float[] {1, 0, 2}, 1, targets, 3).auc(),
        "one of two pairs is in order");
    assertEquals(OptionalDouble.empty(), Classification.of(new float[6], 2, targets, 3).auc());
  }

  @Test
  void eachRowOfSeveralScoresIsJudgedByItsOwn() {
    float[] scores = {3, 1, 2, 1, 3, 2, 1, 2, 3, 2, 3, 1};
    assertEquals(4, Classification.of(scores, 3, new float[] {0, 1, 2, 1}, 4).correct());
    assertEquals(0, Classification.of(scores, 3, new float[] {1, 2, 0, 2}, 4).correct());
  }

  /** The two rows share a bin, so that which class the tie is taken for shows in its gap. */
  @Test
  void aProbabilityOfHalfIsTakenForThePositiveClass() {
    double ece = calibration(new double[] {0.5, 0.515625}, new double[] {1, 1}).ece();
    assertEquals((0.5 + 0.484375) / 2, ece, 1e-15);
  }

  @Test
  void ofEquallyLikelyClassesTheFirstIsTaken() {
    double[] probabilities = {0.375, 0.375, 0.25, 0.390625, 0.359375, 0.25};
    double ece = Calibration.of(probabilities, 3, new float[] {0, 0}, 2).ece();
    assertEquals((0.625 + 0.609375) / 2, ece, 1e-15);
  }

  /** R² of 2⁵⁰ + {0, 1, 3} is that of {0, 1, 3}, although the sum is no double. */
  @Test
  void anOffsetLeavesR2() {
    double[] predicted = {1, 1, 2};
    double[] actual = {0, 1, 3};
    double expected = Regression.of(predicted, actual, 3).r2().orElseThrow();
    for (int i = 0; i < 3; i++) {
      predicted[i] += 0x1p50;
      actual[i] += 0x1p50;
    }
    assertEquals(expected, Regression.of(predicted, actual, 3).r2().orElseThrow(), 1e-14);
  }

  @Test
  void aTemperatureDividesAsManyScoresAsAsked() {
    float[] scores = {2, 4, 8};
    new Temperature(2).apply(scores, 2);
    assertArrayEquals(new float[] {1, 2, 8}, scores);
  }

  /** Cuts at ¼ and at ¾ are right three times of four, one at ½ twice. */
  @Test
  void ofTwoThresholdsAsGoodAndAsNearToHalfTheLowerIsTaken() {
    double[] probabilities = {0.125, 0.375, 0.625, 0.875};
    assertEquals(
        0.25f,
        Threshold.fit(probabilities, new float[] {0, 1, 0, 1}, 4, Threshold.Measure.ACCURACY)
            .probability());
  }

  private static Calibration calibration(double[] probabilities, double[] targets) {
    return Calibration.of(probabilities, 1, floats(targets), 2);
  }

  private static Regression regression(double[] predicted, double[] actual) {
    return Regression.of(predicted, actual, 2);
  }

  private static Threshold threshold(double[] probabilities, double[] targets) {
    return Threshold.fit(probabilities, floats(targets), 2, Threshold.Measure.F1);
  }

  private static Evaluation evaluation(double[] logits, float[] targets) {
    return Evaluation.ofLogits(floats(logits), 1, targets, 2, Temperature.NONE, Threshold.HALF);
  }

  private static float[] floats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }
}
