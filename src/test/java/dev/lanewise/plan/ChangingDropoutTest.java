package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.Allocation;
import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Steps whose probabilities of dropping units are multiplied by a factor of their own. */
@Tag("kernels")
class ChangingDropoutTest {

  private final Engine engine = Engine.standard();

  @Provide
  Arbitrary<Double> factors() {
    return Arbitraries.of(0.0, 0.25, 0.5, 0.7, 0.999, 1.0);
  }

  private static float[] gradient(TrainingPlan plan, Sample sample) {
    float[] gradient = new float[sample.theta().length];
    plan.gradients(sample.theta(), Plans.batch(sample), sample.stepKey(), gradient);
    return gradient;
  }

  /** Also in parts of a batch, and again without the factor. */
  @Property
  void aStepWithAFactorIsOneOfTheNetworkWithThoseProbabilities(
      @ForAll(supplier = Networks.InAnyOrder.class) Sample sample,
      @ForAll("factors") double factor) {
    Network network = sample.network();
    Network less = network.withDropoutTimes(factor);
    int part = network.normalizesBatches() ? 0 : 3;
    TrainingPlan plan = TrainingPlan.compile(network, sample.rows(), part, engine);
    float[] full = gradient(plan, sample);
    plan.changeDropout(factor);
    float[] expected = gradient(TrainingPlan.compile(less, sample.rows(), part, engine), sample);
    assertArrayEquals(expected, gradient(plan, sample), 0f);
    plan.changeDropout(1);
    assertArrayEquals(full, gradient(plan, sample));
  }

  @Property(tries = 20)
  void theFactorStaysWhenAPlanGoesOver(
      @ForAll(supplier = Networks.InAnyOrder.class) Sample sample) {
    TrainingPlan plan = TrainingPlan.compile(sample.network(), sample.rows(), Engine.of("scalar"));
    plan.changeDropout(0.5);
    float[] before = gradient(plan, sample);
    plan.computeOn(engine.hot());
    assertArrayEquals(before, gradient(plan, sample));
  }

  @Property(tries = 20)
  void aFactorOf1ChangesNoProbability(@ForAll(supplier = Networks.Any.class) Sample sample) {
    assertEquals(sample.network(), sample.network().withDropoutTimes(1));
  }

  @Tag("allocation")
  @Example
  void aStepWithAnotherFactorAllocatesNothing() {
    Network network =
        Network.inputs(20)
            .dropout(0.1)
            .dense(40)
            .relu()
            .dropout(0.5)
            .dense(30)
            .activation(Activation.Function.SELU)
            .dropout(0.3)
            .dense(2)
            .loss(new Loss.SquaredError());
    float[] theta = network.initialParameters(1);
    Batch batch = Batch.of(Dataset.of(new float[50 * 20], 20, new float[50 * 2], 2));
    TrainingPlan plan = TrainingPlan.compile(network, 50, engine);
    float[] gradient = new float[theta.length];
    Allocation.assertNone(
        "steps",
        100,
        step -> {
          plan.changeDropout(step % 8 / 7.0);
          plan.gradients(theta, batch, step, gradient);
        });
  }
}
