package dev.lanewise.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class CalibrationTest {

  @Test
  void eceIsTheGapOfAccuracyAndConfidenceBinByBin() {
    float[] probabilities = {0.75f, 0.75f, 0.25f, 0.25f, 1, 0.5f};
    float[] targets = {1, 0, 0, 0, 1, 0};
    Calibration result = Calibration.of(probabilities, 1, targets, 6);
    // Confidence 0.75: 3 of 4 are right; 1: one of one; 0.5: taken for positive, which is wrong.
    assertEquals(0.5 / 6, result.ece(), 1e-12);
    assertEquals((0.0625 * 3 + 0.5625 + 0.25) / 6, result.brier(), 1e-12);
  }

  @Test
  void gapsWithinABinCancelAndThoseOfTwoBinsDoNot() {
    float[] same = {0.75f, 0.25f, 0.75f, 0.25f};
    float[] other = {0.75f, 0.25f, 0.875f, 0.125f};
    assertEquals(0, Calibration.of(same, 2, new float[] {0, 1}, 1).ece() - 0.25, 1e-12);
    assertEquals(0.25, Calibration.of(same, 2, new float[] {0, 1}, 2).ece(), 1e-12);
    assertEquals((0.25 + 0.875) / 2, Calibration.of(other, 2, new float[] {0, 1}, 2).ece(), 1e-12);
  }

  @Test
  void brierOfSeveralClassesSumsOverThem() {
    float[] probabilities = {0.5f, 0.25f, 0.25f, 0, 0, 1};
    Calibration result = Calibration.of(probabilities, 3, new float[] {0, 2}, 2);
    assertEquals((0.25 + 0.0625 + 0.0625) / 2, result.brier(), 1e-12);
    assertEquals(0.5 / 2, result.ece(), 1e-12);
  }

  @Test
  void certaintyThatIsRightCostsNothing() {
    assertEquals(
        new Calibration(2, 0, 0), Calibration.of(new float[] {1, 0}, 1, new float[] {1, 0}, 2));
  }

  @Test
  void whatIsNoProbabilityIsRefused() {
    for (float value : new float[] {-0.1f, 1.1f, Float.NaN}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Calibration.of(new float[] {value}, 1, new float[1], 1));
    }
  }
}
