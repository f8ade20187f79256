package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks.Sample;
import dev.lanewise.check.GradientCheck;
import dev.lanewise.check.GradientReport;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Activation.Function;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** What blends of a function and the identity promise, whatever computes them. */
@Tag("kernels")
class BlendTest {

  private static final int ROWS = 33;
  private static final int INPUTS = 7;
  private static final int UNITS = 20;

  private final Engine engine = Engine.standard();

  @Provide
  Arbitrary<Function> functions() {
    return Arbitraries.of(Function.class).filter(function -> function != Function.IDENTITY);
  }

  private static Network network(List<Layer> between) {
    Network.Builder builder = Network.inputs(INPUTS).dense(UNITS);
    between.forEach(builder::add);
    return builder.dense(3).loss(new Loss.SquaredError());
  }

  /** The same weights in every network; blends have shares of their own, or one for all. */
  private static Sample sample(Network network, long seed, double share) {
    float[] theta = network.initialParameters(seed);
    for (Slot slot : network.layout().slots()) {
      for (int i = slot.offset(); slot.role() == Slot.Role.SCALE && i < slot.end(); i++) {
        theta[i] = (float) (share >= 0 ? share : CounterRandom.normal(seed + 2, i));
      }
    }
    float[] features = new float[ROWS * INPUTS];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) CounterRandom.normal(seed, i);
    }
    float[] targets = new float[ROWS * 3];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = (float) CounterRandom.normal(seed + 1, i);
    }
    return new Sample(seed, network, theta, ROWS, features, targets, 3, seed);
  }

  private static float[] tensor(Sample sample, float[] values, String name) {
    Slot slot = sample.network().layout().slot(name);
    return Arrays.copyOfRange(values, slot.offset(), slot.end());
  }

  private void agree(Sample one, Sample other, double tolerance) {
    float[] scores = Plans.scores(one, engine);
    assertArrayEquals(scores, Plans.scores(other, engine), (float) tolerance);
    float[] gradient = Plans.gradient(one, engine);
    float[] others = Plans.gradient(other, engine);
    for (String name : List.of("dense1.weight", "dense1.bias", "dense2.weight", "dense2.bias")) {
      assertArrayEquals(
          tensor(one, gradient, name), tensor(other, others, name), (float) tolerance, name);
    }
  }

  @Property
  void aBlendThatIsAllFunctionIsTheFunction(
      @ForAll("functions") Function function, @ForAll long seed) {
    agree(
        sample(network(List.of(Blend.of(function))), seed, 1),
        sample(network(List.of(Activation.of(function))), seed, 1),
        3e-5);
  }

  @Property
  void aBlendThatIsAllIdentityChangesNoBit(
      @ForAll("functions") Function function, @ForAll long seed) {
    agree(
        sample(network(List.of(Blend.of(function))), seed, 0),
        sample(network(List.of()), seed, 0),
        0);
  }

  /** Of its own parameter, too, and with shares beyond 0 and 1. */
  @Property
  void gradientsAreTheSlopesOfTheCost(@ForAll("functions") Function function, @ForAll long seed) {
    boolean leaky = function == Function.LEAKY_RELU;
    Blend blend = leaky ? new Blend(new Activation(function, 0.3f)) : Blend.of(function);
    Sample sample = sample(network(List.of(blend)), seed, -1);
    GradientReport report =
        GradientCheck.of(sample.network())
            .withKinkLimit(0.5)
            .check(sample.theta(), sample.dataset(), seed, engine);
    assertTrue(report.delta() < 1e-5, report::toString);
    float[] found = tensor(sample, Plans.gradient(sample, engine), "blend1.scale");
    double[] all = sample.reference().gradient(sample.referenceTheta(), sample.referenceBatch());
    Slot slot = sample.network().layout().slot("blend1.scale");
    double largest = Arrays.stream(all).map(Math::abs).max().orElseThrow();
    for (int j = 0; j < UNITS; j++) {
      assertEquals(all[slot.offset() + j], found[j], 1e-5 * largest);
    }
  }

  @Example
  void aBlendStartsAsItsFunction() {
    Network network = network(List.of(Blend.of(Function.MISH)));
    float[] ones = new float[UNITS];
    Arrays.fill(ones, 1);
    Slot slot = network.layout().slot("blend1.scale");
    float[] theta = network.initialParameters(5);
    assertArrayEquals(ones, Arrays.copyOfRange(theta, slot.offset(), slot.end()));
  }
}
