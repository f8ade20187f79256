package dev.lanewise.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.check.GradientReport.Component;
import dev.lanewise.check.GradientReport.Tensor;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Rules, steps, samples and limits of kinks, and arguments that are refused. */
class GradientCheckOptionsTest {

  private static final Network NETWORK =
      Network.inputs(2).dense(3).relu().dense(1).loss(new Loss.SquaredError());

  private static final ReferenceNetwork.Batch BATCH =
      new ReferenceNetwork.Batch(new double[][] {{1, 2}, {3, -1}}, new double[][] {{1}, {2}});

  private static final float[] THETA = NETWORK.initialParameters(1);

  @Property(tries = 30)
  void sampleHasTheSizeAskedForAndSomethingOfEveryTensor(
      @ForAll(supplier = Networks.OfEightRows.class) Networks.Sample sample,
      @ForAll @IntRange(min = 1, max = 80) int count) {
    double[] claimed = new double[sample.theta().length];
    GradientReport report =
        GradientCheck.of(sample.network())
            .withSample(count, 3)
            .check(sample.referenceTheta(), sample.referenceBatch(), claimed);
    int trained = sample.network().layout().trained();
    int tensors = report.tensors().size();
    assertEquals(trained, report.parameters());
    assertEquals(Math.min(trained, Math.max(count, tensors)), report.compared() + report.skipped());
    for (Tensor tensor : report.tensors()) {
      assertTrue(tensor.compared() + tensor.skipped() >= 1, report::toString);
      assertTrue(tensor.compared() + tensor.skipped() <= tensor.size(), report::toString);
    }
  }

  @Property(tries = 200)
  void drawIsWithoutReplacementWithinItsTensorAndAFunctionOfTheSeed(
      @ForAll List<@IntRange(min = 1, max = 50) Integer> sizes,
      @ForAll @IntRange(min = 1, max = 300) int count,
      @ForAll long seed) {
    List<Slot> tensors = new ArrayList<>();
    int offset = 0;
    for (int size : sizes) {
      tensors.add(new Slot("t" + tensors.size(), Slot.Role.BIAS, offset, 1, size));
      offset += size;
    }
    List<int[]> places = new Sample(count, seed).of(tensors);
    List<int[]> again = new Sample(count, seed).of(tensors);
    int drawn = 0;
    for (int i = 0; i < tensors.size(); i++) {
      int[] own = places.get(i);
      assertArrayEquals(own, again.get(i));
      assertTrue(own[0] >= tensors.get(i).offset() && own[own.length - 1] < tensors.get(i).end());
      for (int k = 1; k < own.length; k++) {
        assertTrue(own[k - 1] < own[k]);
      }
      drawn += own.length;
    }
    assertEquals(Math.min(offset, Math.max(count, tensors.size())), drawn);
  }

  @Test
  void anotherSeedLooksAtOtherComponents() {
    Slot tensor = new Slot("w", Slot.Role.BIAS, 0, 1, 1000);
    List<Slot> tensors = List.of(tensor);
    assertNotEquals(
        Arrays.toString(new Sample(10, 1).of(tensors).getFirst()),
        Arrays.toString(new Sample(10, 2).of(tensors).getFirst()));
  }

  @Test
  void everyComponentIsDrawnAsOften() {
    List<Slot> tensors = List.of(new Slot("w", Slot.Role.BIAS, 3, 1, 10));
    int[] drawn = new int[13];
    int seeds = 4000;
    for (int seed = 0; seed < seeds; seed++) {
      for (int place : new Sample(4, seed).of(tensors).getFirst()) {
        drawn[place]++;
      }
    }
    for (int place = 3; place < 13; place++) {
      assertEquals(0.4, (double) drawn[place] / seeds, 0.04); // five standard deviations
    }
  }

  @Test
  void drawCostsWhatItTakesAndNotTheTensor() {
    List<Slot> tensors = List.of(new Slot("w", Slot.Role.BIAS, 0, 1, Integer.MAX_VALUE));
    assertEquals(30, new Sample(30, 5).of(tensors).getFirst().length);
  }

  @Test
  void sampledComponentsHaveTheValuesOfTheWholeCheck() {
    double[] theta = ReferenceNetwork.widen(THETA);
    double[] claimed = new double[theta.length];
    GradientCheck check = GradientCheck.of(NETWORK);
    GradientReport whole = check.check(theta, BATCH, claimed);
    GradientReport some = check.withSample(5, 9).check(theta, BATCH, claimed);
    assertEquals(13, whole.compared());
    assertEquals(5, some.compared());
    assertTrue(some.toString().contains("5 of 13 parameters compared"), some::toString);
    double[] values = new double[theta.length];
    for (int i = 0; i < theta.length; i++) {
      double[] only = new double[theta.length];
      only[i] = 1e9; // makes this component the worst
      values[i] = check.check(theta, BATCH, only).worst().getFirst().numeric();
    }
    assertEquals(5, some.worst().size());
    for (Component c : some.worst()) {
      assertEquals(values[c.index()], c.numeric());
    }
    assertEquals(whole, check.withSample(13, 9).check(theta, BATCH, claimed));
  }

  @Test
  void cubeOfTheCourseByRuleAndStep() {
    double[] one = {1};
    double[] three = {3};
    ObjectiveCheck cube = ObjectiveCheck.of(t -> t[0] * t[0] * t[0]).withStep(0.01);
    GradientReport oneSided =
        cube.withDifference(GradientCheck.Difference.ONE_SIDED).check(one, three);
    GradientReport twoSided =
        cube.withDifference(GradientCheck.Difference.TWO_SIDED).check(one, three);
    assertEquals(3.0301, oneSided.worst().getFirst().numeric(), 1e-12);
    assertEquals(3.0001, twoSided.worst().getFirst().numeric(), 1e-12);
    assertEquals(3, cube.check(one, three).worst().getFirst().numeric(), 1e-10);
  }

  @Test
  void errorsOfTheRulesGoWithTheStepAndItsSquare() {
    Network smooth =
        Network.inputs(2)
            .dense(3)
            .activation(Activation.Function.TANH)
            .dense(1)
            .loss(new Loss.SquaredError());
    double[] theta = ReferenceNetwork.widen(smooth.initialParameters(1));
    double[] gradient = new ReferenceNetwork(smooth).gradient(theta, BATCH);
    GradientCheck one = GradientCheck.of(smooth).withDifference(GradientCheck.Difference.ONE_SIDED);
    GradientCheck two = GradientCheck.of(smooth).withDifference(GradientCheck.Difference.TWO_SIDED);
    double ofOne = ratio(one, theta, gradient);
    double ofTwo = ratio(two, theta, gradient);
    assertEquals(10, ofOne, 1);
    assertEquals(100, ofTwo, 10);
    assertTrue(one.check(theta, BATCH, gradient).delta() < 1e-6);
    assertTrue(two.check(theta, BATCH, gradient).delta() < 1e-9);
  }

  private static double ratio(GradientCheck check, double[] theta, double[] gradient) {
    return check.withStep(1e-2).check(theta, BATCH, gradient).delta()
        / check.withStep(1e-3).check(theta, BATCH, gradient).delta();
  }

  @Test
  void limitOfKinksDecidesWhetherTheCheckSaysAnything() {
    Network network = Network.inputs(1).dense(2).relu().dense(1).loss(new Loss.SquaredError());
    double[] theta = {0, 1, 1, 1, 0, 0, 0}; // the first unit's input is 0
    ReferenceNetwork.Batch batch =
        new ReferenceNetwork.Batch(new double[][] {{1}}, new double[][] {{3}});
    double[] gradient = new ReferenceNetwork(network).gradient(theta, batch);
    GradientCheck check = GradientCheck.of(network);
    assertFalse(check.check(theta, batch, gradient).conclusive());
    assertTrue(check.withKinkLimit(0.3).check(theta, batch, gradient).conclusive());
    assertFalse(check.withKinkLimit(0.2).check(theta, batch, gradient).conclusive());
  }

  @Test
  void withersLeaveTheCheckAsItWas() {
    double[] theta = ReferenceNetwork.widen(THETA);
    double[] claimed = new double[theta.length];
    GradientCheck check = GradientCheck.of(NETWORK);
    GradientReport before = check.check(theta, BATCH, claimed);
    check.withDifference(GradientCheck.Difference.ONE_SIDED);
    check.withStep(0.5);
    check.withSample(1, 0);
    check.withKinkLimit(0);
    assertEquals(before, check.check(theta, BATCH, claimed));
  }

  @Test
  void optionsThatDoNotFitAreNamed() {
    GradientCheck check = GradientCheck.of(NETWORK);
    ObjectiveCheck own = ObjectiveCheck.of(t -> 0);
    for (double step : new double[] {0, -1e-5, 1.01, 1e308, Double.NaN, Double.POSITIVE_INFINITY}) {
      String expected = "step: %s; expected a number in (0, 1]".formatted(step);
      assertMessage(expected, () -> check.withStep(step));
      assertMessage(expected, () -> own.withStep(step));
    }
    for (int count : new int[] {0, -3}) {
      String expected = "sample: %d components; expected at least 1".formatted(count);
      assertMessage(expected, () -> check.withSample(count, 1));
      assertMessage(expected, () -> own.withSample(count, 1));
    }
    for (double share : new double[] {-0.01, 1.01, Double.NaN}) {
      String expected = "kinkLimit: %s; expected a share in [0, 1]".formatted(share);
      assertMessage(expected, () -> check.withKinkLimit(share));
      assertMessage(expected, () -> own.withKinkLimit(share));
    }
    assertThrows(NullPointerException.class, () -> check.withDifference(null));
    assertThrows(NullPointerException.class, () -> own.withDifference(null));
    assertThrows(NullPointerException.class, () -> ObjectiveCheck.of(null));
    Network waiting =
        Network.inputs(2)
            .add(new Dense(1).withPenalty(Penalty.l2PerExample(1)))
            .loss(new Loss.SquaredError());
    assertMessage("is per example", () -> GradientCheck.of(waiting));
  }

  @Test
  void argumentsThatDoNotFitAreNamed() {
    GradientCheck check = GradientCheck.of(NETWORK);
    Engine engine = Engine.standard();
    Dataset rows = Dataset.of(new float[4], 2, new float[2], 1);
    Dataset wide = Dataset.of(new float[6], 3, new float[2], 1);
    Dataset twoTargets = Dataset.of(new float[4], 2, new float[4], 2);
    Dataset none = Dataset.of(new float[0], 2, new float[0], 1);
    float[] gradient = new float[13];
    assertMessage(
        "theta: length 12; expected 13", () -> check.check(new float[12], rows, 0, engine));
    assertMessage("rows: 3 columns; expected 2", () -> check.check(THETA, wide, 0, engine));
    assertMessage("rows: 0 rows; expected at least 1", () -> check.check(THETA, none, 0, engine));
    assertMessage("target", () -> check.check(THETA, twoTargets, 0, engine));
    assertThrows(NullPointerException.class, () -> check.check(THETA, rows, 0, null));
    assertMessage(
        "theta: length 14; expected 13",
        () -> check.check(new float[14], Batch.of(rows), 0, gradient));
    assertMessage(
        "claimed: length 12; expected 13",
        () -> check.check(THETA, Batch.of(rows), 0, new float[12]));
    assertMessage(
        "batch: 3 columns; expected 2", () -> check.check(THETA, Batch.of(wide), 0, gradient));
    assertMessage(
        "batch: 0 rows; expected at least 1",
        () -> check.check(THETA, Batch.of(none), 0, gradient));
    assertMessage(
        "batch: 2 target columns", () -> check.check(THETA, Batch.of(twoTargets), 0, gradient));
    assertMessage(
        "theta: length 1; expected 13", () -> check.check(new double[1], BATCH, gradient));
    assertMessage(
        "claimed: length 0; expected 13", () -> check.check(new double[13], BATCH, new double[0]));
    Network norm = Network.inputs(2).dense(3).batchNorm().dense(1).loss(new Loss.SquaredError());
    Dataset row = Dataset.of(new float[2], 2, new float[1], 1);
    GradientCheck ofNorm = GradientCheck.of(norm);
    float[] theta = norm.initialParameters(1);
    assertMessage(
        "rows: 1 rows; expected at least 2 for batch norm",
        () -> ofNorm.check(theta, row, 0, engine));
    assertMessage(
        "batch: 1 rows; expected at least 2 for batch norm",
        () -> ofNorm.check(theta, Batch.of(row), 0, theta));
    Batch batch = Batch.of(rows);
    assertNamesNull("theta", () -> check.check(null, rows, 0, engine));
    assertNamesNull("theta", () -> check.check((float[]) null, batch, 0, gradient));
    assertNamesNull("batch", () -> check.check(THETA, null, 0, gradient));
    assertNamesNull("claimed", () -> check.check(THETA, batch, 0, null));
    assertNamesNull("theta", () -> check.check(null, BATCH, new double[13]));
    assertNamesNull("batch", () -> check.check(new double[13], null, new double[13]));
    assertNamesNull("claimed", () -> check.check(new double[13], BATCH, (double[]) null));
    ObjectiveCheck own = ObjectiveCheck.of(t -> 0);
    assertNamesNull("theta", () -> own.check(null, new double[1]));
    assertNamesNull("claimed", () -> own.check(new double[1], null));
    assertMessage("theta: no components", () -> own.check(new double[0], new double[0]));
    assertMessage("claimed: length 1; expected 2", () -> own.check(new double[2], new double[1]));
  }

  private static void assertNamesNull(String name, Executable call) {
    assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
  }

  private static void assertMessage(String part, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void anObjectiveIsCheckedAtASampleAndUnderALimitOfKinks() {
    ObjectiveCheck check = ObjectiveCheck.of(t -> Math.abs(t[0]) + t[1] * t[1]);
    double[] theta = {0, 1};
    double[] claimed = {0, 2};
    assertFalse(check.withKinkLimit(0.4).check(theta, claimed).conclusive());
    assertTrue(check.withKinkLimit(0.6).check(theta, claimed).conclusive());
    GradientReport sampled = check.withSample(1, 5).check(theta, claimed);
    assertEquals(1, sampled.compared() + sampled.skipped());
  }
}
