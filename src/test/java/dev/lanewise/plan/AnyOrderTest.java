package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.Allocation;
import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.PromptThreads;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import dev.lanewise.tensor.WeightFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Both plans of networks whose layers stand in any order. */
@Tag("kernels")
class AnyOrderTest {

  private final Engine engine = Engine.standard();

  @Property
  void theGradientIsTheReferences(@ForAll(supplier = Networks.InAnyOrder.class) Sample sample) {
    float[] found = Plans.gradient(sample, engine);
    double[] expected =
        sample.reference().gradient(sample.referenceTheta(), sample.referenceBatch());
    int trained = sample.network().layout().trained();
    double all = largest(expected, 0, trained);
    for (Slot slot : sample.network().layout().slots()) {
      double largest = largest(expected, slot.offset(), slot.end());
      double unit = slot.role().trained() ? largest + 0.1 * all : 1 + largest;
      for (int i = slot.offset(); i < slot.end(); i++) {
        assertEquals(expected[i], found[i], 1e-3 * unit, slot.name());
      }
    }
  }

  private static double largest(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).map(Math::abs).max().orElseThrow();
  }

  @Property
  void theGradientHasTheBitsOfTheScalarKernels(
      @ForAll(supplier = Networks.InAnyOrder.class) Sample sample) {
    assertArrayEquals(Plans.gradient(sample, Engine.of("scalar")), Plans.gradient(sample, engine));
  }

  @Property(tries = 10)
  void manyTasksAreIndependentOfThreads(@ForAll long seed) {
    Network network = many();
    float[] theta = network.initialParameters(seed);
    float[] features = new float[300 * 100];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) CounterRandom.normal(seed, i);
    }
    Sample sample = new Sample(seed, network, theta, 300, features, new float[300], 1, seed);
    float[] alone = Plans.gradient(sample, engine);
    float[] scores = Plans.scores(sample, engine);
    try (PromptThreads threads = new PromptThreads()) {
      for (int width : new int[] {2, 5}) {
        Engine parallel = engine.withParallel(Parallel.on(threads, width));
        assertArrayEquals(alone, Plans.gradient(sample, parallel));
        assertArrayEquals(scores, Plans.scores(sample, parallel));
      }
    }
  }

  @Property
  void theGradientOfWeightsIsThatOfPartsOfTheBatch(
      @ForAll(supplier = Networks.InAnyOrder.class) Sample sample) {
    Network network = sample.network();
    Assume.that(!network.normalizesBatches());
    float[] whole = Plans.gradient(sample, engine);
    float[] parts = new float[whole.length];
    TrainingPlan.compile(network, sample.rows(), 3, engine)
        .gradients(sample.theta(), Plans.batch(sample), sample.stepKey(), parts);
    for (Slot slot : network.layout().slots()) {
      // The gradient of phases is a sum over rows, in blocks.
      if (slot.role().matrix() && !slot.name().endsWith(".phase")) {
        assertArrayEquals(
            Arrays.copyOfRange(whole, slot.offset(), slot.end()),
            Arrays.copyOfRange(parts, slot.offset(), slot.end()),
            slot.name());
      }
    }
  }

  /**
   * Under squared error and zero targets the bias gradient of a one-row batch is that row's scores.
   */
  @Property
  void scoresAreThoseOfTrainingWithoutDropoutAndBatchNorm(
      @ForAll(supplier = Networks.InAnyOrder.class) Sample sample) {
    Network network =
        without(
            sample.network(),
            layer ->
                layer instanceof Dropout || layer instanceof BatchNorm || layer instanceof Members);
    int inputs = network.inputs();
    int outputs = network.outputs();
    float[] theta = network.initialParameters(sample.seed());
    float[] scores = new float[sample.rows() * outputs];
    InferencePlan.over(PackedNetwork.pack(network, theta, engine))
        .scores(sample.features(), 0, sample.rows(), scores, 0);
    TrainingPlan training = TrainingPlan.compile(network, 1, engine);
    Slot bias = network.dense().getLast().slot(network.layout(), Slot.Role.BIAS);
    for (int row = 0; row < sample.rows(); row++) {
      float[] features = Arrays.copyOfRange(sample.features(), row * inputs, (row + 1) * inputs);
      float[] gradient = new float[theta.length];
      Batch batch = Batch.of(Dataset.of(features, inputs, new float[outputs], outputs));
      training.gradients(theta, batch, 0, gradient);
      assertArrayEquals(
          Arrays.copyOfRange(gradient, bias.offset(), bias.end()),
          Arrays.copyOfRange(scores, row * outputs, (row + 1) * outputs),
          0f);
    }
  }

  private static Network without(Network network, Predicate<Layer> which) {
    List<Layer> layers = new ArrayList<>(network.layers());
    layers.removeIf(which);
    return new Network(network.inputs(), layers, new Loss.SquaredError());
  }

  /** Classic dropout multiplies by keep, wherever it stands. */
  @Property
  void scoresAreTheReferences(@ForAll(supplier = Networks.InAnyOrder.class) Sample sample) {
    float[] scores = Plans.scores(sample, engine);
    double[][] expected =
        sample.reference().logits(sample.referenceTheta(), sample.referenceBatch().x());
    int outputs = sample.network().outputs();
    for (int i = 0; i < scores.length; i++) {
      double[] row = expected[i / outputs];
      assertEquals(row[i % outputs], scores[i], 1e-4 * (1 + largest(row, 0, outputs)));
    }
  }

  @Property
  void scoresAreIndependentOfKernelsAndOfTheBatch(
      @ForAll(supplier = Networks.InAnyOrder.class) Sample sample, @ForAll WeightFormat format) {
    float[] scalar = Plans.scores(sample, Engine.of("scalar"), format);
    assertArrayEquals(scalar, Plans.scores(sample, engine, format));
    Network network = sample.network();
    InferencePlan plan =
        InferencePlan.over(PackedNetwork.pack(network, sample.theta(), engine, format));
    float[] alone = new float[scalar.length];
    for (int row = 0; row < sample.rows(); row++) {
      plan.scores(sample.features(), row * network.inputs(), 1, alone, row * network.outputs());
    }
    assertArrayEquals(scalar, alone);
  }

  @Property
  void scoresStayWhenAPredictionGoesOver(
      @ForAll(supplier = Networks.InAnyOrder.class) Sample sample, @ForAll WeightFormat format) {
    float[] expected = Plans.scores(sample, engine, format);
    PackedNetwork packed =
        PackedNetwork.pack(sample.network(), sample.theta(), Engine.of("scalar"), format);
    InferencePlan plan = InferencePlan.over(packed);
    packed.computeOn(engine.hot());
    float[] scores = new float[expected.length];
    plan.scores(sample.features(), 0, sample.rows(), scores, 0);
    assertArrayEquals(expected, scores);
  }

  /** Where a column hardly varies, dividing by its deviation leaves little but rounding. */
  @Property
  void statisticsAreThoseOfTheReferenceOverAllRows(
      @ForAll(supplier = Networks.InAnyOrder.class) Sample sample) {
    Network network = without(sample.network(), Dropout.class::isInstance);
    Sample kept =
        new Sample(
            sample.seed(),
            network,
            network.initialParameters(sample.seed()),
            sample.rows(),
            sample.features(),
            new float[sample.rows() * network.outputs()],
            network.outputs(),
            0);
    float[] found = BatchStatistics.reestimate(network, kept.theta(), kept.dataset(), engine);
    double[] expected = kept.reference().gradient(kept.referenceTheta(), kept.referenceBatch());
    Layout layout = network.layout();
    for (Slot slot : layout.slots()) {
      for (int i = slot.offset(); !slot.role().trained() && i < slot.end(); i++) {
        assertEquals(expected[i], found[i], 1e-3 * (1 + Math.abs(expected[i])), slot.name());
      }
    }
  }

  @Example
  void whatIsNotFiniteBelowTheFirstDenseIsNamed() {
    Network network = Network.inputs(2).batchNorm().dense(2).loss(new Loss.SquaredError());
    float[] theta = network.initialParameters(1);
    Slot scale = network.layout().slot("norm0.scale");
    Arrays.fill(theta, scale.offset(), scale.end(), 3e38f);
    float[] features = {1, 2, -1, -2, 30, 40};
    Batch batch = Batch.of(Dataset.of(features, 2, new float[6], 2));
    assertEquals(
        "inputs: Infinity in row 2, unit 0",
        TrainingPlan.compile(network, 3, engine).firstNonFinite(theta, batch, 0).orElseThrow());
    assertEquals(
        "inputs: Infinity in row 0, unit 1",
        InferencePlan.over(PackedNetwork.pack(network, theta, engine))
            .firstNonFinite(features, 3)
            .orElseThrow());
  }

  private static Network many() {
    return Network.inputs(100)
        .layerNorm()
        .dropout(0.1)
        .dense(70)
        .relu()
        .batchNorm()
        .add(Blend.of(Activation.Function.SELU))
        .activation(Activation.Function.SILU)
        .dense(64)
        .dropout(0.5)
        .activation(Activation.Function.TANH)
        .add(Blend.of(Activation.Function.MISH))
        .layerNorm()
        .dense(10)
        .loss(new Loss.SoftmaxCrossEntropy());
  }

  @Tag("allocation")
  @Example
  void aStepAllocatesNothing() {
    Network network = many();
    float[] theta = network.initialParameters(1);
    Batch batch = Batch.of(Dataset.of(new float[300 * 100], 100, new float[300], 1));
    TrainingPlan plan = TrainingPlan.compile(network, 300, engine);
    float[] gradient = new float[theta.length];
    Allocation.assertNone("steps", 100, step -> plan.gradients(theta, batch, step, gradient));
  }

  @Tag("allocation")
  @Example
  void scoringAllocatesNothing() {
    Network network = many();
    PackedNetwork packed = PackedNetwork.pack(network, network.initialParameters(1), engine);
    InferencePlan plan = InferencePlan.over(packed);
    float[] features = new float[100 * 100];
    float[] scores = new float[100 * 10];
    Allocation.assertNone(
        "calls", 100, call -> plan.scores(features, 0, 1 + call % 100, scores, 0));
  }
}
