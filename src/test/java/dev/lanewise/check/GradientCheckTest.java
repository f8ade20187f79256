package dev.lanewise.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.CourseCase;
import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.check.GradientReport.Band;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GradientCheckTest {

  @Property
  void referenceGradientIsTheLimitOfDifferences(
      @ForAll(supplier = Networks.OfEightRows.class) Sample sample) {
    double[] theta = sample.referenceTheta();
    ReferenceNetwork.Batch batch = sample.referenceBatch();
    double[] gradient = sample.reference().gradient(theta, batch);
    GradientReport report = GradientCheck.of(sample.network()).check(theta, batch, gradient);
    assertTrue(report.delta() <= 1e-7, report::toString);
  }

  @Property
  void plantedErrorOfOnePartInTenThousandIsCaughtInItsTensor(
      @ForAll(supplier = Networks.OfEightRows.class) Sample sample, @ForAll Random random) {
    double[] theta = sample.referenceTheta();
    ReferenceNetwork.Batch batch = sample.referenceBatch();
    ReferenceNetwork reference = sample.reference();
    double[] gradient = reference.gradient(theta, batch);
    List<Slot> trained =
        reference.layout().slots().stream().filter(s -> s.role().trained()).toList();
    int place = random.nextInt(trained.size());
    Slot planted = trained.get(place);
    for (int i = planted.offset(); i < planted.end(); i++) {
      gradient[i] *= 1.0001;
    }
    GradientReport report = GradientCheck.of(sample.network()).check(theta, batch, gradient);
    GradientReport.Tensor tensor = report.tensors().get(place);
    assertEquals(planted.name(), tensor.name());
    // Next to nothing is compared against the whole, where an error in it does not show.
    double largest =
        report.tensors().stream().mapToDouble(GradientReport.Tensor::norm).max().orElseThrow();
    assertTrue(
        tensor.norm() < 1e-4 * largest || Math.abs(tensor.delta() - 5e-5) < 1e-6, report::toString);
  }

  @Property(tries = 20)
  void parametersAreLeftAsTheyWere(@ForAll(supplier = Networks.OfEightRows.class) Sample sample) {
    double[] theta = sample.referenceTheta();
    double[] before = theta.clone();
    double[] claimed = new double[theta.length];
    GradientReport report =
        GradientCheck.of(sample.network()).check(theta, sample.referenceBatch(), claimed);
    assertArrayEquals(before, theta);
    assertEquals(sample.reference().layout().trained(), report.compared() + report.skipped());
  }

  @Test
  void oneDimensionalExampleOfTheCourseHasItsPublishedDelta() {
    double nominal = (2 * (4 + 1e-7) - 2 * (4 - 1e-7)) / (2 * 1e-7);
    assertEquals(2.919335883291695e-10, Math.abs(2 - nominal) / (2 + nominal));
    GradientReport report = atFour(t -> 2 * t[0], 2, GradientCheck.Difference.TWO_SIDED);
    assertEquals(0, report.delta());
    assertEquals(Band.FINE, report.band());
  }

  private static GradientReport atFour(
      ToDoubleFunction<double[]> objective, double claimed, GradientCheck.Difference rule) {
    return ObjectiveCheck.of(objective)
        .withDifference(rule)
        .check(new double[] {4}, new double[] {claimed});
  }

  @Tag("shared")
  @Test
  void networkOfTheCourseHasItsPublishedDeltas() {
    CourseCase c = CourseCase.read("c2w1-gradcheck-n");
    ReferenceNetwork reference =
        new ReferenceNetwork(
            Network.inputs(4)
                .dense(5)
                .relu()
                .dense(3)
                .relu()
                .dense(1)
                .loss(new Loss.SigmoidCrossEntropy()));
    double[] theta = new double[reference.layout().size()];
    double[] expected = new double[theta.length];
    for (int n = 1; n <= 3; n++) {
      put(reference, theta, "dense" + n + ".weight", c.input("W" + n));
      put(reference, theta, "dense" + n + ".bias", c.input("b" + n));
      put(reference, expected, "dense" + n + ".weight", c.expected("dW" + n));
      put(reference, expected, "dense" + n + ".bias", c.expected("db" + n));
    }
    ReferenceNetwork.Batch batch =
        new ReferenceNetwork.Batch(
            CourseCase.transpose(c.input("X")), CourseCase.transpose(c.input("Y")));
    double[] gradient = reference.gradient(theta, batch);
    assertEquals(CourseCase.scalar(c.expected("cost")), reference.cost(theta, batch).total(), 1e-9);
    assertArrayEquals(expected, gradient, 1e-9);

    // The course's step is 1e-7 for larger components too: in quarters none is above 1.
    ToDoubleFunction<double[]> cost =
        t -> courseCost(reference.trainingLogits(times(t, 4), batch), batch);
    ObjectiveCheck check =
        ObjectiveCheck.of(cost)
            .withDifference(GradientCheck.Difference.TWO_SIDED)
            .withStep(1e-7 / 4);
    GradientReport right = check.check(times(theta, 0.25), times(gradient, 4));
    assertEquals(1.19e-7, right.delta(), 1e-9);
    scale(reference, gradient, "dense2.weight", 2);
    scale(reference, gradient, "dense1.bias", 4);
    GradientReport wrong = check.check(times(theta, 0.25), times(gradient, 4));
    assertEquals(0.2850931567761623, wrong.delta(), 1e-9);
    assertEquals(Band.WRONG, wrong.band());
  }

  private static double[] times(double[] values, double factor) {
    return Arrays.stream(values).map(v -> v * factor).toArray();
  }

  /**
   * The cost as the course computes it, from probabilities: 1 − a cancels, and that, not the
   * gradient, is what makes its published δ 1.19e-7. From the scores it is 1.1e-9.
   */
  private static double courseCost(double[][] scores, ReferenceNetwork.Batch batch) {
    double sum = 0;
    for (int r = 0; r < scores.length; r++) {
      double a = 1 / (1 + StrictMath.exp(-scores[r][0]));
      double y = batch.targets()[r][0];
      sum -= y * StrictMath.log(a) + (1 - y) * StrictMath.log(1 - a);
    }
    return sum / scores.length;
  }

  private static void put(ReferenceNetwork net, double[] flat, String name, double[][] columns) {
    int offset = net.layout().slot(name).offset();
    for (double[] row : CourseCase.transpose(columns)) {
      System.arraycopy(row, 0, flat, offset, row.length);
      offset += row.length;
    }
  }

  private static void scale(ReferenceNetwork net, double[] flat, String name, double factor) {
    Slot slot = net.layout().slot(name);
    for (int i = slot.offset(); i < slot.end(); i++) {
      flat[i] *= factor;
    }
  }

  @Test
  void cubeShowsTheOrdersOfTheRules() {
    DoubleUnaryOperator cube = x -> x * x * x;
    assertEquals(3.0301, GradientCheck.Difference.ONE_SIDED.derivative(cube, 1, 0.01), 1e-12);
    assertEquals(3.0001, GradientCheck.Difference.TWO_SIDED.derivative(cube, 1, 0.01), 1e-12);
    assertEquals(3, GradientCheck.Difference.FOUR_POINT.derivative(cube, 1, 0.01), 1e-12);
  }

  @Test
  void costThatBendsWithinTheRootOfEpsilonIsMetByAShorterStep() {
    double epsilon = 1e-7; // its root is 30 steps
    ToDoubleFunction<double[]> normalized = t -> t[0] / Math.sqrt(t[0] * t[0] + epsilon);
    double[] theta = {2e-4};
    double[] gradient = {epsilon / Math.pow(theta[0] * theta[0] + epsilon, 1.5)};
    double plain =
        GradientCheck.Difference.FOUR_POINT.derivative(
            x -> normalized.applyAsDouble(new double[] {x}), theta[0], 1e-5);
    assertTrue(Math.abs(plain / gradient[0] - 1) > 4e-7);
    assertTrue(ObjectiveCheck.of(normalized).check(theta, gradient).delta() < 1e-9);
  }

  @Test
  void smoothCostTakesFourPassesForAComponent() {
    int[] passes = {0};
    ToDoubleFunction<double[]> square =
        t -> {
          passes[0]++;
          return t[0] * t[0];
        };
    ObjectiveCheck.of(square).check(new double[] {4}, new double[] {8});
    assertEquals(1 + 4, passes[0]); // and one for the sides of kinks
  }

  @ParameterizedTest
  @EnumSource(names = {"RELU", "LEAKY_RELU", "SELU"})
  void kinksAreSkippedAndCounted(Activation.Function function) {
    Network network =
        Network.inputs(1).dense(2).activation(function).dense(1).loss(new Loss.SquaredError());
    double[] theta = {0, 1, 1, 1, 0, 0, 0};
    ReferenceNetwork.Batch batch =
        new ReferenceNetwork.Batch(new double[][] {{1}}, new double[][] {{3}});
    double[] gradient = new ReferenceNetwork(network).gradient(theta, batch);
    GradientReport report = GradientCheck.of(network).check(theta, batch, gradient);
    // The first unit's input is 0: its weight and its bias move it across.
    assertEquals(2, report.skipped());
    assertEquals(1, report.tensors().get(0).skipped());
    assertEquals(1, report.tensors().get(1).skipped());
    assertEquals(Band.FINE, report.band());
  }

  @Test
  void weightsNearZeroUnderL1AreKinks() {
    Network network =
        Network.inputs(2)
            .add(new Dense(1).withPenalty(Penalty.l1(1)))
            .loss(new Loss.SquaredError());
    double[] theta = {0, 1, 0};
    ReferenceNetwork.Batch batch =
        new ReferenceNetwork.Batch(new double[][] {{1, 1}}, new double[][] {{3}});
    double[] gradient = new ReferenceNetwork(network).gradient(theta, batch);
    assertEquals(1, GradientCheck.of(network).check(theta, batch, gradient).skipped());
  }

  @Test
  void nothingAgainstNothingIsZero() {
    assertEquals(0, atFour(t -> 1, 0, GradientCheck.Difference.FOUR_POINT).delta());
  }

  @Test
  void somethingAgainstNothingIsOne() {
    assertEquals(1, atFour(t -> 1, 5, GradientCheck.Difference.FOUR_POINT).delta());
  }

  @Test
  void notANumberIsWrong() {
    assertEquals(
        Band.WRONG, atFour(t -> t[0], Double.NaN, GradientCheck.Difference.FOUR_POINT).band());
  }

  @Test
  void worstComponentIsNamedWithBothValues() {
    Network network = Network.inputs(1).dense(2).dense(3).loss(new Loss.SquaredError());
    double[] theta = {1, 2, 1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0};
    ReferenceNetwork.Batch batch =
        new ReferenceNetwork.Batch(new double[][] {{1}}, new double[][] {{1, 2, 3}});
    double[] gradient = new ReferenceNetwork(network).gradient(theta, batch);
    gradient[7] += 2;
    gradient[11] += 1;
    GradientReport report = GradientCheck.of(network).check(theta, batch, gradient);
    GradientReport.Component worst = report.worst().getFirst();
    assertEquals("dense2.weight[1][2]", worst.name());
    assertEquals("dense2.bias[1]", report.worst().get(1).name());
    assertEquals(gradient[7], worst.claimed());
    assertEquals(gradient[7] - 2, worst.numeric(), 1e-8);
    assertTrue(report.toString().contains("dense2.weight[1][2]"));
  }

  /** Its own gradient may be rounding alone, where nothing is left of a sum. */
  @Test
  void aNegligibleTensorIsComparedAgainstTheWhole() {
    assertEquals(5e-8, deltaOfAMissingBias(1e7), 1e-12);
    assertEquals(1, deltaOfAMissingBias(1e5));
  }

  /** With a residual of 1e-4, the gradient of the weight is 1e-4·x, that of the bias 1e-4. */
  private static double deltaOfAMissingBias(double x) {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    ReferenceNetwork.Batch batch =
        new ReferenceNetwork.Batch(new double[][] {{x}}, new double[][] {{-1e-4}});
    double[] claimed = {1e-4 * x, 0};
    return GradientCheck.of(network).check(new double[2], batch, claimed).tensors().get(1).delta();
  }

  @Test
  void argumentsThatDoNotFitAreNamed() {
    ObjectiveCheck check = ObjectiveCheck.of(t -> 0);
    assertMessage("claimed: length 2", () -> check.check(new double[1], new double[2]));
    assertMessage("theta: no components", () -> check.check(new double[0], new double[0]));
  }

  private static void assertMessage(String part, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Property
  void deltaIsSymmetricAndLiesBetweenZeroAndOne(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double slope,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double claimed) {
    double delta = ofSlope(slope, claimed);
    assertTrue(delta >= 0 && delta <= 1, () -> "delta " + delta);
    assertEquals(delta, ofSlope(claimed, slope), 1e-9);
    assertEquals(delta, ofSlope(-slope, -claimed), 1e-9);
  }

  private static double ofSlope(double slope, double claimed) {
    ToDoubleFunction<double[]> line = t -> slope * t[0];
    return ObjectiveCheck.of(line)
        .withDifference(GradientCheck.Difference.TWO_SIDED)
        .withStep(1)
        .check(new double[] {0}, new double[] {claimed})
        .delta();
  }

  @Test
  void bandsEndAtTheCoursesLimits() {
    assertEquals(Band.FINE, Band.of(1e-7));
    assertEquals(Band.LOOK, Band.of(Math.nextUp(1e-7)));
    assertEquals(Band.LOOK, Band.of(1e-5));
    assertEquals(Band.SUSPICIOUS, Band.of(1e-3));
    assertEquals(Band.WRONG, Band.of(Math.nextUp(1e-3)));
    assertEquals(Band.WRONG, Band.of(1));
  }
}
