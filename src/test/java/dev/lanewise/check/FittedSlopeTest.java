package dev.lanewise.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.check.GradientReport.Band;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.reference.ReferenceBatch;
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

  private static final ReferenceBatch BATCH =
      new ReferenceBatch(
          new double[][] {{0.3, -1.2}, {1.1, 0.4}, {-0.7, 0.9}, {0.2, 2.1}},
          new double[][] {{1}, {0}, {1}, {1}});

  private static GradientReport slope(ToDoubleFunction<double[]> f, double at, double claimed) {
    return GradientCheck.check(f, new double[] {at}, new double[] {claimed});
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
      GradientReport report = GradientCheck.check(direction, theta, gradient);
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
    Difference rule = Difference.FOUR_POINT;
    double[] theta = {at};
    double[] gradient = {Math.cos(at)};
    assertTrue(GradientCheck.check(cost, theta, gradient, rule, 1e-5).delta() > 1e-5);
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
    ReferenceBatch batch = new ReferenceBatch(new double[][] {{1}}, new double[][] {{3}});
    double[] theta = {0.5, 1, -0.5 + 5e-6, 0};
    double[] gradient = new ReferenceNetwork(network).gradient(theta, batch);
    GradientReport report = GradientCheck.of(network).check(theta, batch, gradient);
    assertEquals(4, report.compared(), report::toString);
    assertTrue(report.delta() <= 1e-7, report::toString);
    GradientReport plain =
        GradientCheck.of(network)
            .withDifference(Difference.TWO_SIDED)
            .withStep(1e-5)
            .check(theta, batch, gradient);
    assertEquals(2, plain.skipped(), plain::toString);
  }
}
