package dev.lanewise.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.check.GradientReport.Band;
import dev.lanewise.check.GradientReport.Precision;
import dev.lanewise.check.GradientReport.Tensor;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.reference.ReferenceNetwork;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The verdict: bands, failed checks, and what is not finite. */
class GradientReportTest {

  private static final ToDoubleFunction<double[]> SQUARES =
      t -> t[0] * t[0] + t[1] * t[1] + t[2] * t[2];

  private static String firstLine(GradientReport report) {
    return report.toString().lines().findFirst().orElseThrow();
  }

  private static GradientReport counted(int compared, int skipped, double limit) {
    Tensor tensor = new Tensor("theta", 0, 0, 1, compared, skipped, compared + skipped);
    return new GradientReport(0, List.of(tensor), List.of(), Precision.DOUBLE, limit);
  }

  @Test
  void moreKinksThanTheLimitFailTheCheck() {
    assertTrue(counted(9, 1, 0.1).conclusive());
    assertFalse(counted(8, 1, 0.1).conclusive());
    assertTrue(counted(1, 0, 0).conclusive());
    assertFalse(counted(1000, 1, 0).conclusive());
    assertTrue(counted(1, 1000, 1).conclusive());
    assertTrue(firstLine(counted(8, 1, 0.1)).startsWith("check failed: 1 of 9 components"));
  }

  @Test
  void nothingComparedFailsTheCheck() {
    assertFalse(counted(0, 5, 1).conclusive());
    assertTrue(
        firstLine(counted(0, 5, 1)).startsWith("check failed: nothing could be compared, 5 of 5"));
  }

  private static GradientReport found(double delta, Tensor... tensors) {
    return new GradientReport(delta, List.of(tensors), List.of(), Precision.SINGLE, 1);
  }

  @Test
  void wrongTensorMakesTheWholeWrongAndIsNamed() {
    Tensor right = new Tensor("dense2.weight", 1e-8, 1e-6, 1, 9, 0, 9);
    Tensor wrong = new Tensor("dense1.weight", 1, 1e-6, 1e-6, 9, 0, 9);
    GradientReport report = found(3e-6, wrong, right);
    assertEquals(Band.WRONG, report.band());
    assertEquals(wrong, report.worstTensor().orElseThrow());
    assertEquals("wrong: delta 1.000e+00 of dense1.weight, 3.000e-06 over all", firstLine(report));
  }

  @Test
  void suspiciousTensorLeavesTheBandToTheWhole() {
    Tensor suspicious = new Tensor("dense1.weight", 1e-3, 1e-6, 1e-4, 9, 0, 9);
    assertEquals(Band.LOOK, found(3e-6, suspicious).band());
  }

  /** So much a right gradient in floats has where next to nothing is left of a sum. */
  @Test
  void tensorWhoseErrorIsTheRoundingOfTheWholeIsNotWrong() {
    Tensor rounded = new Tensor("dense1.bias", 4e-3, 1e-7, 1e-6, 9, 0, 9);
    Tensor none = new Tensor("dense1.bias", Double.NaN, Double.NaN, 1, 9, 0, 9);
    assertEquals(Band.FINE, found(1e-7, rounded).band());
    assertEquals(rounded, found(1e-7, rounded).worstTensor().orElseThrow());
    Tensor wrong = new Tensor("dense2.weight", 2e-3, Math.nextUp(1e-7), 1, 9, 0, 9);
    assertTrue(firstLine(found(2e-7, rounded, wrong)).contains("of dense2.weight"));
    assertEquals(Band.WRONG, found(1e-7, none).band());
  }

  @Test
  void sharesOfTheTensorsMakeTheWhole() {
    Network network = Network.inputs(2).dense(3).relu().dense(1).loss(new Loss.SquaredError());
    double[] theta = ReferenceNetwork.widen(network.initialParameters(1));
    ReferenceNetwork.Batch batch =
        new ReferenceNetwork.Batch(new double[][] {{1, 2}}, new double[][] {{2}});
    GradientReport report = GradientCheck.of(network).check(theta, batch, new double[13]);
    double squares = report.tensors().stream().mapToDouble(t -> t.share() * t.share()).sum();
    assertEquals(report.delta(), Math.sqrt(squares), 1e-12);
  }

  @Test
  void tensorThatIsNotANumberIsTheWorst() {
    Tensor none = new Tensor("dense1.weight", Double.NaN, Double.NaN, 1, 9, 0, 9);
    Tensor skipped = new Tensor("dense1.bias", Double.NaN, Double.NaN, 0, 0, 3, 3);
    Tensor wrong = new Tensor("dense2.weight", 1, 1e-6, 1, 9, 0, 9);
    assertEquals(none, found(1, skipped, none, wrong).worstTensor().orElseThrow());
    assertEquals(wrong, found(1, skipped, wrong).worstTensor().orElseThrow());
    assertTrue(found(1, skipped).worstTensor().isEmpty());
  }

  @Test
  void tensorThatWasSkippedWhollyIsNamed() {
    Tensor right = new Tensor("dense2.weight", 1e-8, 1e-6, 1, 9, 0, 9);
    Tensor skipped = new Tensor("dense1.bias", Double.NaN, Double.NaN, 0, 0, 1, 3);
    GradientReport report = found(1e-8, skipped, right);
    assertTrue(report.conclusive());
    assertEquals(Band.FINE, report.band());
    assertTrue(firstLine(report).endsWith("; nothing compared of dense1.bias"), report::toString);
  }

  @Test
  void deltaOfNothingComparedIsNotANumber() {
    GradientReport report =
        ObjectiveCheck.of(t -> Math.abs(t[0])).check(new double[1], new double[1]);
    assertEquals(0, report.compared());
    assertTrue(Double.isNaN(report.delta()));
    assertTrue(Double.isNaN(report.tensors().getFirst().delta()));
    assertEquals(Band.WRONG, report.band());
  }

  @Test
  void verdictSaysWhatTheBandMeansForThePrecision() {
    for (Band band : Band.values()) {
      assertFalse(band.meaning(Precision.SINGLE).isEmpty());
      assertFalse(band.meaning(Precision.DOUBLE).isEmpty());
    }
    assertNotEquals(Band.LOOK.meaning(Precision.SINGLE), Band.LOOK.meaning(Precision.DOUBLE));
    GradientReport report =
        new GradientReport(3e-6, counted(1, 0, 1).tensors(), List.of(), Precision.SINGLE, 1);
    assertEquals(
        "look: delta 3.000e-06, " + Band.LOOK.meaning(Precision.SINGLE), firstLine(report));
  }

  @Test
  void claimedDerivativeThatIsNotFiniteIsWrongAndNamed() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1.0 / 0}) {
      GradientReport report =
          ObjectiveCheck.of(SQUARES).check(new double[] {1, 2, 3}, new double[] {2, bad, 6});
      assertEquals(Band.WRONG, report.band());
      assertEquals("theta[1]", report.worst().getFirst().name());
      assertEquals("wrong: theta[1]: the claimed derivative is " + bad, firstLine(report));
    }
  }

  @Test
  void costThatIsNotFiniteBesideAComponentIsWrongAndNamed() {
    ToDoubleFunction<double[]> cliff = t -> t[0] + (t[1] == 2 ? 0 : Double.NaN);
    GradientReport report =
        ObjectiveCheck.of(cliff).check(new double[] {1, 2}, new double[] {1, 0});
    assertEquals(Band.WRONG, report.band());
    assertEquals("wrong: theta[1]: the cost is not finite beside it", firstLine(report));
    assertEquals(1, report.worst().get(1).numeric(), 1e-9);
  }

  @Test
  void costThatIsNotFiniteAnywhereIsWrong() {
    for (double cost : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      GradientReport report =
          ObjectiveCheck.of(t -> cost).check(new double[] {1, 2}, new double[] {0, 0});
      assertEquals(Band.WRONG, report.band());
      assertTrue(Double.isNaN(report.worst().getFirst().numeric()));
    }
  }

  @Test
  void costThatIsNotFiniteAtThetaItselfIsWrong() {
    ToDoubleFunction<double[]> hole = t -> Math.sin(t[0]) / t[0]; // 0/0 at 0, and even around it
    for (GradientCheck.Difference rule : GradientCheck.Difference.values()) {
      GradientReport report =
          ObjectiveCheck.of(hole).withDifference(rule).check(new double[1], new double[1]);
      assertEquals(Band.WRONG, report.band());
    }
  }

  @Test
  void bothInfiniteDoNotAgree() {
    ToDoubleFunction<double[]> wall = t -> t[0] > 1 ? Double.POSITIVE_INFINITY : 0;
    double[] infinite = {Double.POSITIVE_INFINITY};
    for (GradientCheck.Difference rule : GradientCheck.Difference.values()) {
      GradientReport report =
          ObjectiveCheck.of(wall).withDifference(rule).check(new double[] {1}, infinite);
      assertEquals(Band.WRONG, report.band());
    }
  }

  @Test
  void normsOfHugeAndOfTinyGradientsNeitherOverflowNorVanish() {
    for (double slope : new double[] {1e200, 1e-200}) {
      double[] theta = {0, 0};
      GradientReport report =
          ObjectiveCheck.of(t -> slope * (t[0] + t[1]))
              .check(theta, new double[] {slope, 3 * slope});
      double expected = 2 / (Math.sqrt(10) + Math.sqrt(2));
      assertEquals(expected, report.delta(), 1e-9);
      assertEquals(Math.sqrt(2), report.tensors().getFirst().norm() / slope, 1e-9);
    }
  }

  @Test
  void deltaOfTheLargestGradientsIsOneWhereTheyAreOpposed() {
    double[] claimed = {1.7e308, -1.7e308};
    GradientReport report =
        ObjectiveCheck.of(t -> 1e308 * t[0] + 1e308 * t[1]).check(new double[2], claimed);
    assertEquals(Band.WRONG, report.band());
    double huge = 1.7e308;
    GradientReport opposed =
        ObjectiveCheck.of(t -> huge * t[0]).check(new double[1], new double[] {-huge});
    assertEquals(1, opposed.delta());
    assertTrue(firstLine(opposed).startsWith("wrong: delta 1.000e+00"), opposed::toString);
  }

  @Test
  void limitThatIsNoShareIsRefused() {
    for (double limit : new double[] {-0.1, 1.1, Double.NaN}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> counted(1, 0, limit)).getMessage();
      assertTrue(message.startsWith("kinkLimit: " + limit), message);
    }
  }
}
