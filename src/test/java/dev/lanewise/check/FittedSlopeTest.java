package dev.lanewise.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.check.GradientReport.Band;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.reference.ReferenceNetwork;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/**
 * The step that fits the cost: on badly scaled parameters, beside kinks, and above a high level.
 */
class FittedSlopeTest {

  private static final ReferenceNetwork.Batch BATCH =
      new ReferenceNetwork.Batch(
          new double[][] {{0.3, -1.2}, {1.1, 0.4}, {-0.7, 0.9}, {0.2, 2.1}},
          new double[][] {{1}, {0}, {1}, {1}});

  private static GradientReport slope(ToDoubleFunction<double[]> f, double at, double claimed) {
    return ObjectiveCheck.of(f).check(new double[] {at}, new double[] {claimed});
  }

  /** δ of the reference's own gradient, with parameters of a scale. */
  private static GradientReport scaled(Network network, double scale) {
    double[] theta = ReferenceNetwork.widen(network.initialParameters(5));
    for (int i = 0; i < network.layout().trained(); i++) {
      theta[i] *= scale;
    }
    double[] gradient = new ReferenceNetwork(network).gradient(theta, BATCH);
    return GradientCheck.of(network).check(theta, BATCH, gradient);
  }

  private static Network.Builder hidden() {
    return Network.inputs(2).dense(3);
  }

  @Test
  void gradientOfAPlainNetworkIsFineAtAnyScale() {
    Network network =
        hidden().activation(Activation.Function.TANH).dense(1).loss(new Loss.SigmoidCrossEntropy());
    for (double scale : new double[] {1e-6, 1e-3, 1, 10}) {
      GradientReport report = scaled(network, scale);
      assertTrue(report.delta() <= 1e-8, () -> scale + "\n" + report);
    }
  }

  @Test
  void gradientOfALargeLinearNetworkIsFine() {
    GradientReport report = scaled(hidden().dense(1).loss(new Loss.SquaredError()), 1e6);
    assertTrue(report.delta() <= 1e-8, report::toString);
  }

  /** Under batch norm the cost bends within the size of the weights, or within √ε. */
  @Test
  void gradientUnderBatchNormIsFineAtAnyScale() {
    for (double scale : new double[] {1e-6, 1e-4, 1e-2, 1, 1e3, 1e6}) {
      double[] theta = new double[2];
      theta[0] = 0.6 * scale;
      theta[1] = -0.8 * scale;
      ToDoubleFunction<double[]> direction = t -> t[0] / Math.hypot(t[0], t[1]);
      double cube = Math.pow(Math.hypot(theta[0], theta[1]), 3);
      double[] gradient = {theta[1] * theta[1] / cube, -theta[0] * theta[1] / cube};
      GradientReport report = ObjectiveCheck.of(direction).check(theta, gradient);
      assertEquals(0, report.skipped(), report::toString);
      assertTrue(report.delta() <= 1e-8, () -> scale + "\n" + report);
    }
  }

  @Test
  void weightsOfBatchNormMayBeTiny() {
    Network network =
        hidden()
            .batchNorm()
            .activation(Activation.Function.TANH)
            .dense(1)
            .loss(new Loss.SquaredError());
    for (double scale : new double[] {1e-3, 1e-1, 10}) {
      GradientReport report = scaled(network, scale);
      assertTrue(report.delta() <= 1e-7, () -> scale + "\n" + report);
    }
  }

  @Test
  void highLevelIsMetByALongerStep() {
    ToDoubleFunction<double[]> cost = t -> 1e8 + Math.sin(t[0]);
    double at = 0.4;
    assertTrue(slope(cost, at, Math.cos(at)).delta() <= 1e-6);
    double plain = GradientCheck.Difference.FOUR_POINT.derivative(x -> 1e8 + Math.sin(x), at, 1e-5);
    assertTrue(Math.abs(plain - Math.cos(at)) > 1e-5);
  }

  @Test
  void edgeOfTheDomainIsMetByAShorterStep() {
    double at = 3e-6; // one step to the left is outside
    assertTrue(slope(t -> Math.log(t[0]), at, 1 / at).delta() <= 1e-8);
    assertTrue(slope(t -> Math.sqrt(t[0]), at, 0.5 / Math.sqrt(at)).delta() <= 1e-8);
  }

  @Property
  void kinkOfAnUnknownObjectiveIsSkippedWhateverIsClaimed(
      @ForAll @DoubleRange(min = -100, max = 100) double left,
      @ForAll @DoubleRange(min = -100, max = 100) double right,
      @ForAll @DoubleRange(min = -100, max = 100) double at,
      @ForAll @DoubleRange(min = -100, max = 100) double claimed) {
    double jump = Math.abs(left - right);
    ToDoubleFunction<double[]> bent = t -> t[0] < at ? left * (t[0] - at) : right * (t[0] - at);
    GradientReport report = slope(bent, at, claimed);
    boolean seen = jump > 1e-3 * Math.max(Math.abs(left), Math.abs(right));
    Assume.that(seen || jump == 0);
    assertEquals(seen ? 1 : 0, report.skipped(), report::toString);
    assertEquals(!seen, report.conclusive());
  }

  @Test
  void absoluteValueAtZeroIsAKinkAndNotWrong() {
    assertEquals(1, slope(t -> Math.abs(t[0]), 0, 1).skipped());
    assertEquals(1, slope(t -> 1 + Math.abs(t[0]), 0, 0).skipped());
    assertEquals(1, slope(t -> 1e7 + Math.abs(t[0]), 0, 0).skipped());
    assertEquals(1, slope(t -> Math.max(0, t[0]) + Math.sin(t[0]), 0, 1).skipped());
  }

  /** Levels where rounding leaves the slope eight digits, and not nine: no shorter step helps. */
  @Test
  void kinkAboveALevelThatForbidsAShorterStepIsAKink() {
    for (double level : new double[] {10, 64, 100, 1e3, 3e4, 65e3, 1e5}) {
      assertEquals(1, slope(t -> level + Math.abs(t[0]), 0, 1).skipped(), "level " + level);
      assertEquals(1, slope(t -> level + Math.max(0, t[0]), 0, 0).skipped(), "level " + level);
      GradientReport smooth = slope(t -> level + Math.cosh(t[0]), 0, 0);
      assertEquals(1, smooth.compared(), smooth::toString);
      GradientReport wrong = slope(t -> level + Math.cosh(t[0]), 0, 1);
      assertEquals(Band.WRONG, wrong.band(), wrong::toString);
    }
    assertEquals(1, slope(t -> 1 + 0.01 * Math.abs(t[0]), 0, 0.01).skipped());
  }

  /** At 1e-12, x ± h lies a tenth of a thousandth elsewhere. */
  @Test
  void slopeIsByTheDistanceOfThePointsAndNotByTheNominalStep() {
    for (double h : new double[] {1e-9, 1e-11, 1e-12, 1e-13}) {
      for (GradientCheck.Difference rule : GradientCheck.Difference.values()) {
        double slope = rule.derivative(x -> 3 * (x - 1.1), 1.1, h);
        assertEquals(3, slope, 1e-12, () -> rule + " by " + h);
      }
    }
  }

  @Test
  void stepIsNeverLostBesideTheComponent() {
    for (GradientCheck.Difference rule : GradientCheck.Difference.values()) {
      ObjectiveCheck check = ObjectiveCheck.of(t -> t[0]).withDifference(rule).withStep(1e-300);
      for (double at : new double[] {0, 1, -1.9, 1e20}) {
        GradientReport report = check.check(new double[] {at}, new double[] {1});
        assertEquals(Band.FINE, report.band(), () -> at + "\n" + report);
      }
    }
  }

  @Test
  void kinkIsSeenByStepsDownToTheSpacingOfDoubles() {
    for (double step : new double[] {1e-10, 1e-12, 1e-13, 1e-15, 1e-17}) {
      GradientReport report =
          ObjectiveCheck.of(t -> Math.abs(t[0] - 1))
              .withStep(step)
              .check(new double[] {1}, new double[] {1});
      assertEquals(1, report.skipped(), () -> step + "\n" + report);
    }
  }

  @Test
  void lookThatIsSmoothCountsAndNotACoarseOneAcrossABend() {
    for (double k : new double[] {1e4, 2.2e7, 1e8}) {
      for (double p : new double[] {-0.0132, 0.02, 0.3}) {
        double at = 1.1;
        ToDoubleFunction<double[]> softplus = t -> Math.log1p(Math.exp(k * (t[0] - at) + p));
        GradientReport report = slope(softplus, at, k / (1 + Math.exp(-p)));
        assertTrue(report.conclusive() && report.delta() < 1e-5, report::toString);
      }
    }
  }

  @Test
  void sharpBendOfANetworkIsNotTakenForASlope() {
    Network network =
        Network.inputs(1)
            .dense(1)
            .activation(Activation.Function.SOFTPLUS)
            .dense(1)
            .loss(new Loss.SigmoidCrossEntropy());
    ReferenceNetwork.Batch batch =
        new ReferenceNetwork.Batch(new double[][] {{2.2e7}}, new double[][] {{0}});
    double[] theta = {-0.0132 / 2.2e7, 1, 0, 50}; // the loss is its score
    double[] gradient = new ReferenceNetwork(network).gradient(theta, batch);
    GradientReport report = GradientCheck.of(network).check(theta, batch, gradient);
    assertTrue(report.delta() < 1e-6, report::toString);
  }

  @Test
  void slopeThatIsLostInRoundingIsMetByALongStep() {
    GradientReport report = slope(t -> 1 + 1e-12 * t[0], 0, 1e-12);
    assertTrue(report.delta() < 1e-3, report::toString);
    assertEquals(0, slope(t -> 1, 0, 0).delta());
    assertEquals(0, slope(t -> 1 + Math.max(0, t[0] - 0.05), 0, 0).delta());
    assertEquals(0, slope(t -> 1 + Math.max(0, t[0] - 0.15), 0, 0).delta());
    assertEquals(0, slope(t -> 1 + Math.exp(50 * t[0]), -0.9, 0).delta());
  }

  @Test
  void kinkBesideTheStepIsEvadedByAShorterOne() {
    for (double beside : new double[] {-1.7e-5, -3e-6, 4e-7, 1e-5, 1.5e-5, 2.5e-5}) {
      GradientReport report = slope(t -> Math.abs(t[0]), beside, Math.signum(beside));
      assertEquals(1, report.compared(), () -> beside + "\n" + report);
      assertTrue(report.delta() <= 1e-8, () -> beside + "\n" + report);
    }
  }

  @Test
  void wrongGradientOfASmoothObjectiveIsNotTakenForAKink() {
    ToDoubleFunction<double[]> square = t -> t[0] * t[0];
    assertEquals(Band.WRONG, slope(square, 3, -6).band());
    assertEquals(1, slope(square, 3, -6).compared());
    assertEquals(1, slope(square, 0, 1).delta()); // the minimum, where both slopes differ in sign
    assertEquals(1, slope(t -> t[0] * Math.abs(t[0]), 0, 1).compared());
    assertEquals(1, slope(t -> 1e6 * Math.cosh(t[0]), 0, 1).compared());
  }

  @Test
  void reluNearZeroIsComparedByAShorterStep() {
    Network network = Network.inputs(1).dense(1).relu().dense(1).loss(new Loss.SquaredError());
    ReferenceNetwork.Batch batch =
        new ReferenceNetwork.Batch(new double[][] {{1}}, new double[][] {{3}});
    double[] theta = {0.5, 1, -0.5 + 5e-6, 0};
    double[] gradient = new ReferenceNetwork(network).gradient(theta, batch);
    GradientReport report = GradientCheck.of(network).check(theta, batch, gradient);
    assertEquals(4, report.compared(), report::toString);
    assertTrue(report.delta() <= 1e-7, report::toString);
    GradientReport plain =
        GradientCheck.of(network)
            .withDifference(GradientCheck.Difference.TWO_SIDED)
            .withStep(1e-5)
            .check(theta, batch, gradient);
    assertEquals(2, plain.skipped(), plain::toString);
  }
}
