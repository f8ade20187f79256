package dev.lanewise.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.check.GradientReport.Band;
import dev.lanewise.check.GradientReport.Precision;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Batches;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The check of what a training plan computes: batches, masks, weights, penalties, statistics. */
class NetworkGradientTest {

  private static final Network NETWORK =
      Network.inputs(3)
          .add(Dropout.keeping(0.8))
          .add(new Dense(6).withPenalty(Penalty.l2(0.3)))
          .batchNorm()
          .relu()
          .dropout(0.5)
          .add(new Dense(2).withPenalty(Penalty.l1(0.1)))
          .loss(new Loss.SquaredError());

  private static Dataset rows(int count) {
    Random random = new Random(7);
    float[] features = new float[count * 3];
    float[] targets = new float[count * 2];
    float[] weights = new float[count];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < targets.length; i++) {
      targets[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < count; i++) {
      weights[i] = 0.5f + random.nextFloat();
    }
    return Dataset.of(features, 3, targets, 2).withWeights(weights);
  }

  private static float[] gradient(Network network, float[] theta, Batch batch, long key) {
    float[] gradient = new float[theta.length];
    TrainingPlan.compile(network, batch.rows(), Engine.standard())
        .gradients(theta, batch, key, gradient);
    return gradient;
  }

  @Property(tries = 20)
  void rowsAndBatchAreCheckedLikeTheReferencesOwn(
      @ForAll(supplier = Networks.OfEightRows.class) Sample sample) {
    GradientCheck check = GradientCheck.of(sample.network()).withSample(20, sample.seed());
    Batch batch = Batch.of(sample.dataset());
    float[] claimed = gradient(sample.network(), sample.theta(), batch, sample.stepKey());
    GradientReport expected =
        check.check(sample.referenceTheta(), sample.referenceBatch(), claimed);
    assertEquals(Precision.SINGLE, expected.precision());
    assertEquals(expected, check.check(sample.theta(), batch, sample.stepKey(), claimed));
    assertEquals(
        expected,
        check.check(sample.theta(), sample.dataset(), sample.stepKey(), Engine.standard()));
  }

  @Test
  void dropoutIsOfTheKeyAndPenaltiesAreIncluded() {
    float[] theta = NETWORK.initialParameters(2);
    Batch batch = Batch.of(rows(12));
    float[] claimed = gradient(NETWORK, theta, batch, 5);
    GradientCheck check = GradientCheck.of(NETWORK);
    GradientReport right = check.check(theta, batch, 5, claimed);
    assertTrue(right.delta() <= 1e-6, right::toString);
    assertEquals(Band.WRONG, check.check(theta, batch, 6, claimed).band());
    Network unpenalised =
        Network.inputs(3)
            .add(Dropout.keeping(0.8))
            .dense(6)
            .batchNorm()
            .relu()
            .dropout(0.5)
            .dense(2)
            .loss(new Loss.SquaredError());
    assertEquals(
        Band.WRONG, check.check(theta, batch, 5, gradient(unpenalised, theta, batch, 5)).band());
  }

  /** Sigmoids leave the first layers so little that it does not show over all. */
  @Test
  void wrongTensorOfADeepNetworkIsWrongHoweverLittleItIsOfTheWhole() {
    for (int depth = 6; depth <= 8; depth++) {
      Network.Builder hidden = Network.inputs(3);
      for (int i = 0; i < depth; i++) {
        hidden = hidden.dense(6).activation(Activation.Function.SIGMOID);
      }
      Network network = hidden.dense(2).loss(new Loss.SquaredError());
      float[] theta = network.initialParameters(3);
      Batch batch = Batch.of(rows(32));
      float[] claimed = gradient(network, theta, batch, 0);
      GradientCheck check = GradientCheck.of(network);
      GradientReport right = check.check(theta, batch, 0, claimed);
      assertTrue(right.band().compareTo(Band.LOOK) <= 0, right::toString);
      Slot flipped = network.layout().slot("dense1.weight");
      for (int i = flipped.offset(); i < flipped.end(); i++) {
        claimed[i] = -claimed[i];
      }
      GradientReport wrong = check.check(theta, batch, 0, claimed);
      assertTrue(wrong.delta() <= 1e-3, wrong::toString);
      assertEquals(Band.WRONG, wrong.band(), wrong::toString);
      assertEquals("dense1.weight", wrong.worstTensor().orElseThrow().name());
      assertTrue(wrong.verdict().contains(" of dense1.weight, "), wrong::verdict);
    }
  }

  @Test
  void givenMasksAndWeightsAreThoseOfTheBatch() {
    float[] theta = NETWORK.initialParameters(2);
    boolean[] inputs = new boolean[36];
    boolean[] units = new boolean[72];
    for (int i = 0; i < 72; i++) {
      units[i] = i % 3 != 0;
      inputs[i / 2] = i % 5 != 0;
    }
    Batch batch = Batch.of(rows(12)).withMasks(Map.of(0, inputs, 1, units));
    float[] claimed = gradient(NETWORK, theta, batch, 5);
    GradientCheck check = GradientCheck.of(NETWORK);
    GradientReport right = check.check(theta, batch, 5, claimed);
    assertTrue(right.delta() <= 1e-6, right::toString);
    assertEquals(right, check.check(theta, batch, 6, claimed));
    assertEquals(Band.WRONG, check.check(theta, Batch.of(rows(12)), 5, claimed).band());
  }

  @Test
  void shortBatchInLongArraysIsCheckedByItsOwnRows() {
    float[] theta = NETWORK.initialParameters(2);
    Batches batches = Batches.unshuffled(rows(13), 8);
    batches.start(0);
    for (int i = 0; i < batches.count(); i++) {
      Batch batch = batches.get(i);
      float[] claimed = gradient(NETWORK, theta, batch, i);
      GradientReport report = GradientCheck.of(NETWORK).check(theta, batch, i, claimed);
      assertTrue(report.delta() <= 5e-6, report::toString);
    }
    assertEquals(5, batches.get(1).rows());
    assertEquals(8, batches.get(1).features().length / 3);
  }

  @Test
  void runningStatisticsAreNeitherReadNorComparedNorMoved() {
    float[] theta = NETWORK.initialParameters(2);
    int trained = NETWORK.layout().trained();
    assertEquals(12, NETWORK.layout().size() - trained);
    Dataset rows = rows(12);
    float[] claimed = gradient(NETWORK, theta, Batch.of(rows), 5);
    GradientCheck check = GradientCheck.of(NETWORK);
    GradientReport report = check.check(theta, rows, 5, Engine.standard());
    assertEquals(trained, report.parameters());
    assertEquals(trained, report.compared() + report.skipped());
    assertEquals(
        List.of("dense1.weight", "norm1.scale", "norm1.shift", "dense2.weight", "dense2.bias"),
        report.tensors().stream().map(GradientReport.Tensor::name).toList());
    Arrays.fill(theta, trained, theta.length, Float.NaN);
    Arrays.fill(claimed, trained, theta.length, Float.NaN);
    float[] before = theta.clone();
    assertEquals(report, check.check(theta, Batch.of(rows), 5, claimed));
    assertEquals(report, check.check(theta, rows, 5, Engine.standard()));
    assertArrayEquals(before, theta);
  }

  @Test
  void parametersThatAreNotFiniteAreNamed() {
    float[] theta = NETWORK.initialParameters(2);
    theta[4] = Float.NaN;
    GradientReport report = GradientCheck.of(NETWORK).check(theta, rows(12), 5, Engine.standard());
    assertEquals(Band.WRONG, report.band());
    assertTrue(report.verdict().startsWith("wrong: dense"), report::toString);
  }
}
