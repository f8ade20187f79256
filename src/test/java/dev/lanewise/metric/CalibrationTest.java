package dev.lanewise.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  @Test
  void eceIsTheGapOfAccuracyAndConfidenceBinByBin() {
    double[] probabilities = {0.75, 0.75, 0.25, 0.25, 1, 0.5};
    float[] targets = {1, 0, 0, 0, 1, 0};
    Calibration result = Calibration.of(probabilities, 1, targets, 6);
    // Confidence 0.75: 3 of 4 are right; 1: one of one; 0.5: taken for positive, which is wrong.
    assertEquals(0.5 / 6, result.ece(), 1e-12);
    assertEquals((0.0625 * 3 + 0.5625 + 0.25) / 6, result.brier(), 1e-12);
  }

  @Test
  void gapsWithinABinCancelAndThoseOfTwoBinsDoNot() {
    double[] same = {0.75, 0.25, 0.75, 0.25};
    double[] other = {0.75, 0.25, 0.875, 0.125};
    assertEquals(0, Calibration.of(same, 2, new float[] {0, 1}, 1).ece() - 0.25, 1e-12);
    assertEquals(0.25, Calibration.of(same, 2, new float[] {0, 1}, 2).ece(), 1e-12);
    assertEquals((0.25 + 0.875) / 2, Calibration.of(other, 2, new float[] {0, 1}, 2).ece(), 1e-12);
  }

  @Test
  void brierOfSeveralClassesSumsOverThem() {
    double[] probabilities = {0.5, 0.25, 0.25, 0, 0, 1};
    Calibration result = Calibration.of(probabilities, 3, new float[] {0, 2}, 2);
    assertEquals((0.25 + 0.0625 + 0.0625) / 2, result.brier(), 1e-12);
    assertEquals(0.5 / 2, result.ece(), 1e-12);
  }

  @Test
  void certaintyThatIsRightCostsNothing() {
    assertEquals(0, Calibration.of(new double[] {1, 0}, 1, new float[] {1, 0}, 2).ece());
    assertEquals(0, Calibration.of(new double[] {1, 0}, 1, new float[] {1, 0}, 2).brier());
  }

  @Test
  void whatIsNoProbabilityIsRefused() {
    for (double value : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Calibration.of(new double[] {value}, 1, new float[1], 1));
    }
  }

  @Test
  void binsAreAReliabilityDiagram() {
    double[] probabilities = {0.75, 0.7, 0.25, 0.5, 1};
    Calibration result = Calibration.of(probabilities, 1, new float[] {1, 0, 0, 0, 1}, 5);
    assertEquals(Calibration.BINS, result.bins().size());
    // ½ lies in the eighth of 15 bins, 0.7 in the eleventh, 0.75 in the twelfth, 1 in the last.
    assertEquals(new Calibration.Bin(1, 0.5, 0), result.bins().get(7));
    assertEquals(new Calibration.Bin(1, 0.7, 0), result.bins().get(10));
    assertEquals(new Calibration.Bin(2, 0.75, 1), result.bins().get(11));
    assertEquals(new Calibration.Bin(1, 1, 1), result.bins().get(14));
    assertEquals(new Calibration.Bin(0, 0, 0), result.bins().get(0));
    assertEquals(5, result.bins().stream().mapToInt(Calibration.Bin::rows).sum());
  }

  @Test
  void binsOfTheSecondClassHoldItsShare() {
    double[] probabilities = {0.75, 0.7, 0.25, 0.5, 1, 0};
    float[] targets = {1, 0, 0, 0, 1, 0};
    List<Calibration.Bin> bins = Calibration.ofSecondClass(probabilities, targets, 6);
    assertEquals(Calibration.BINS, bins.size());
    assertEquals(new Calibration.Bin(1, 0, 0), bins.get(0));
    assertEquals(new Calibration.Bin(1, 0.25, 0), bins.get(3));
    assertEquals(new Calibration.Bin(1, 0.5, 0), bins.get(7));
    assertEquals(new Calibration.Bin(1, 0.7, 0), bins.get(10));
    assertEquals(new Calibration.Bin(1, 0.75, 1), bins.get(11));
    assertEquals(new Calibration.Bin(1, 1, 1), bins.get(14));
  }

  /** Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I. */
  @Test
  void intervalsOfBinsAreWilsons() {
    assertInterval(81, 263, 0.2553, 0.3662);
    assertInterval(15, 148, 0.0624, 0.1605);
    assertInterval(0, 20, 0, 0.1611);
    assertInterval(1, 29, 0.0061, 0.1718);
    assertInterval(20, 20, 1 - 0.1611, 1);
    assertInterval(0, 0, 0, 1);
  }

  private static void assertInterval(int right, int rows, double low, double high) {
    Calibration.Bin bin = new Calibration.Bin(rows, 0.5, rows == 0 ? 0 : (double) right / rows);
    assertEquals(low, bin.low(), 5e-5);
    assertEquals(high, bin.high(), 5e-5);
  }
}
