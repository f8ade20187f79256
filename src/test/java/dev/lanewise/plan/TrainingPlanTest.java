package dev.lanewise.plan;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;

@Tag("kernels")
class TrainingPlanTest {

  private static final ExecutorService POOL = Executors.newFixedThreadPool(4);

  private final Engine engine = Engine.standard();

  @AfterContainer
  static void stop() {
    POOL.shutdown();
  }

  @Property
  void lossAgreesWithTheReference(@ForAll(supplier = Networks.OfEightRows.class) Sample sample) {
    TrainingPlan plan = TrainingPlan.compile(sample.network(), sample.rows(), engine);
    double loss =
        plan.gradients(
            sample.theta(),
            Plans.batch(sample),
            sample.stepKey(),
            new float[sample.theta().length]);
    var expected = sample.reference().cost(sample.referenceTheta(), sample.referenceBatch());
    assertEquals(expected.loss(), loss, 2e-5 * Math.max(1, Math.abs(expected.loss())));
    assertEquals(
        expected.total() - expected.loss(),
        plan.penalty(sample.theta()),
        1e-6 * Math.max(1, expected.total() - expected.loss()));
  }

  @Property
  void batchStatisticsAgreeWithTheReference(
      @ForAll(supplier = Networks.OfEightRows.class) Sample sample) {
    float[] gradient = Plans.gradient(sample, engine);
    double[] expected =
        sample.reference().gradient(sample.referenceTheta(), sample.referenceBatch());
    for (Slot slot : sample.network().layout().slots()) {
      if (!slot.role().trained()) {
        for (int i = slot.offset(); i < slot.end(); i++) {
          assertEquals(
              expected[i], gradient[i], 1e-4 * Math.max(1, Math.abs(expected[i])), slot.name());
        }
      }
    }
  }

  @Property
  void gradientHasTheBitsOfTheScalarKernels(@ForAll(supplier = Networks.Any.class) Sample sample) {
    assertArrayEquals(Plans.gradient(sample, Engine.of("scalar")), Plans.gradient(sample, engine));
  }

  @Property
  void gradientIsIndependentOfThreads(@ForAll(supplier = Networks.Any.class) Sample sample) {
    float[] alone = Plans.gradient(sample, engine);
    assertArrayEquals(alone, Plans.gradient(sample, engine.withParallel(Parallel.on(POOL, 2))));
    assertArrayEquals(alone, Plans.gradient(sample, engine.withParallel(Parallel.on(POOL, 5))));
  }

  /** Wide enough for many tasks in every region. */
  private static Sample wide(long seed, boolean norm) {
    Network.Builder builder = Network.inputs(401).dropout(0.1);
    builder.add(new Dense(197).withPenalty(Penalty.l2(0.01)));
    if (norm) {
      builder.batchNorm();
    }
    return wide(seed, builder.relu().dropout(0.5).dense(131));
  }

  /** Layer norm in two blocks, one above the other. */
  private static Sample wideWithLayerNorm(long seed) {
    Network.Builder builder = Network.inputs(401).dense(197).layerNorm();
    return wide(
        seed, builder.activation(Activation.Function.GELU).dropout(0.5).dense(131).layerNorm());
  }

  private static Sample wide(long seed, Network.Builder builder) {
    Network network = builder.relu().dense(10).loss(new Loss.SoftmaxCrossEntropy());
    int rows = 300;
    float[] features = new float[rows * 401];
    float[] targets = new float[rows];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) CounterRandom.normal(seed, i);
    }
    for (int i = 0; i < rows; i++) {
      targets[i] = CounterRandom.below(seed + 1, i, 10);
    }
    return new Sample(
        seed, network, network.initialParameters(seed), rows, features, targets, 1, seed);
  }

  @Property(tries = 10)
  void wideGradientIsIndependentOfThreadsAndKernels(@ForAll long seed, @ForAll boolean norm) {
    Sample sample = wide(seed, norm);
    float[] expected = Plans.gradient(sample, Engine.of("scalar"));
    assertArrayEquals(expected, Plans.gradient(sample, engine));
    assertArrayEquals(expected, Plans.gradient(sample, engine.withParallel(Parallel.on(POOL, 2))));
    assertArrayEquals(expected, Plans.gradient(sample, engine.withParallel(Parallel.on(POOL, 5))));
  }

  @Property(tries = 10)
  void wideGradientUnderLayerNormIsIndependentOfThreadsAndKernels(@ForAll long seed) {
    Sample sample = wideWithLayerNorm(seed);
    float[] expected = Plans.gradient(sample, Engine.of("scalar"));
    assertArrayEquals(expected, Plans.gradient(sample, engine));
    assertArrayEquals(expected, Plans.gradient(sample, engine.withParallel(Parallel.on(POOL, 2))));
    assertArrayEquals(expected, Plans.gradient(sample, engine.withParallel(Parallel.on(POOL, 5))));
  }

  /** Wide layers with layer norm and dropout together, in every tensor. */
  @Example
  void wideGradientUnderLayerNormAgreesWithTheReference() {
    Sample sample = wideWithLayerNorm(11);
    double[] expected =
        sample.reference().gradient(sample.referenceTheta(), sample.referenceBatch());
    float[] gradient = Plans.gradient(sample, engine);
    for (Slot slot : sample.network().layout().slots()) {
      double difference = 0;
      double size = 0;
      for (int i = slot.offset(); i < slot.end(); i++) {
        difference += (gradient[i] - expected[i]) * (gradient[i] - expected[i]);
        size += expected[i] * expected[i];
      }
      assertEquals(0, Math.sqrt(difference / size), 2e-6, slot.name());
    }
  }

  @Property(tries = 10)
  void lateShuffledOrMissingHelpersDoNotShow(@ForAll long seed) {
    Sample sample = wide(seed, true);
    List<Runnable> late = Collections.synchronizedList(new ArrayList<>());
    Random random = new Random(seed);
    Executor moody =
        command -> {
          if (random.nextBoolean()) {
            late.add(command);
          } else {
            POOL.execute(command);
          }
        };
    TrainingPlan plan =
        TrainingPlan.compile(
            sample.network(), sample.rows(), engine.withParallel(Parallel.on(moody, 4)));
    float[] expected = Plans.gradient(sample, engine);
    for (int step = 0; step < 4; step++) {
      float[] gradient = new float[expected.length];
      plan.gradients(sample.theta(), Plans.batch(sample), sample.stepKey(), gradient);
      assertArrayEquals(expected, gradient);
      Collections.shuffle(late, random);
      late.forEach(Runnable::run);
      late.clear();
    }
  }

  @Property
  void smallerBatchesReuseTheWorkspace(
      @ForAll(supplier = Networks.Any.class) Sample sample, @ForAll boolean dirty) {
    TrainingPlan plan = TrainingPlan.compile(sample.network(), sample.rows() + 7, engine);
    float[] gradient = new float[sample.theta().length];
    if (dirty) {
      float[] noise = sample.theta().clone();
      Arrays.fill(noise, 3f);
      plan.gradients(noise, Plans.batch(sample), sample.stepKey() + 1, gradient);
    }
    plan.gradients(sample.theta(), Plans.batch(sample), sample.stepKey(), gradient);
    assertArrayEquals(Plans.gradient(sample, engine), gradient);
  }

  @Property
  void parametersAreNeverWritten(@ForAll(supplier = Networks.Any.class) Sample sample) {
    float[] before = sample.theta().clone();
    Plans.gradient(sample, engine);
    assertArrayEquals(before, sample.theta());
  }

  @Tag("allocation")
  @Property(tries = 2, generation = GenerationMode.EXHAUSTIVE)
  void aStepAllocatesNothing(@ForAll boolean layerNorm) {
    Sample sample = layerNorm ? wideWithLayerNorm(7) : wide(7, true);
    TrainingPlan plan = TrainingPlan.compile(sample.network(), sample.rows(), engine);
    Batch batch = Plans.batch(sample);
    float[] gradient = new float[sample.theta().length];
    Allocation.assertNone(
        "steps", 20, step -> plan.gradients(sample.theta(), batch, step, gradient));
  }

  @Example
  void aNumberThatIsNotFiniteIsNamedWhereItAppears() {
    Sample sample = wide(3, false);
    TrainingPlan plan = TrainingPlan.compile(sample.network(), sample.rows(), engine);
    Batch batch = Plans.batch(sample);
    assertTrue(plan.firstNonFinite(sample.theta(), batch, 0).isEmpty());

    float[] huge = sample.theta().clone();
    Slot weight = plan.layout().slot("dense2.weight");
    Arrays.fill(huge, weight.offset(), weight.end(), 1e38f);
    double loss = plan.gradients(huge, batch, 0, new float[huge.length]);
    assertTrue(!Double.isFinite(loss), "loss " + loss);
    String place = plan.firstNonFinite(huge, batch, 0).orElseThrow();
    assertTrue(place.startsWith("dense2: "), place);

    huge[weight.offset() + 5] = Float.NaN;
    assertEquals(
        "dense2.weight: NaN at index 5", plan.firstNonFinite(huge, batch, 0).orElseThrow());
    sample.features()[401 * 2 + 3] = Float.NEGATIVE_INFINITY;
    assertEquals(
        "features: -Infinity in row 2, unit 3",
        plan.firstNonFinite(sample.theta(), batch, 0).orElseThrow());
  }

  @Example
  void badInputIsRefusedByName() {
    Network network =
        Network.inputs(3).dense(2).batchNorm().dense(2).loss(new Loss.SoftmaxCrossEntropy());
    TrainingPlan plan = TrainingPlan.compile(network, 4, engine);
    float[] theta = network.initialParameters(0);
    float[] gradient = new float[theta.length];
    Batch one = Batch.of(Dataset.of(new float[3], 3, new float[1], 1));
    Batch five = Batch.of(Dataset.of(new float[15], 3, new float[5], 1));
    Batch narrow = Batch.of(Dataset.of(new float[4], 2, new float[2], 1));
    Batch badClass = Batch.of(Dataset.of(new float[6], 3, new float[] {0, 2}, 1));
    Batch wideTargets = Batch.of(Dataset.of(new float[6], 3, new float[6], 3));
    Batch good = Batch.of(Dataset.of(new float[6], 3, new float[2], 1));
    assertRefusedSaying(
        "batch: 1 rows; expected at least 2", () -> plan.gradients(theta, one, 0, gradient));
    assertRefusedSaying("at most 4", () -> plan.gradients(theta, five, 0, gradient));
    assertRefusedSaying(
        "batch: 2 columns; expected 3", () -> plan.gradients(theta, narrow, 0, gradient));
    assertRefusedSaying("target 2.0 in row 1", () -> plan.gradients(theta, badClass, 0, gradient));
    assertRefusedSaying("3 target columns", () -> plan.gradients(theta, wideTargets, 0, gradient));
    assertRefusedSaying(
        "parameters: length 1", () -> plan.gradients(new float[1], good, 0, gradient));
    assertRefusedSaying("gradient: length 2", () -> plan.gradients(theta, good, 0, new float[2]));
    assertRefusedSaying("maxRows: 1 rows", () -> TrainingPlan.compile(network, 1, engine));
    Batch masked = good.withMasks(Map.of(1, new boolean[4]));
    assertRefusedSaying(
        "mask of dropout 1: the network drops nothing there",
        () -> plan.gradients(theta, masked, 0, gradient));
    Network perExample =
        Network.inputs(2)
            .add(new Dense(1).withPenalty(Penalty.l2PerExample(1)))
            .loss(new Loss.SquaredError());
    assertRefusedSaying(
        "dense1 has the per-example penalty", () -> TrainingPlan.compile(perExample, 4, engine));
  }

  @Example
  void aMaskThatDoesNotFitIsRefusedBeforeAnythingIsWritten() {
    Network network =
        Network.inputs(3)
            .dense(2)
            .batchNorm()
            .dense(5)
            .dropout(0.5)
            .dense(2)
            .loss(new Loss.SoftmaxCrossEntropy());
    TrainingPlan plan = TrainingPlan.compile(network, 4, engine);
    float[] theta = network.initialParameters(0);
    float[] gradient = new float[theta.length];
    Batch batch =
        Batch.of(Dataset.of(new float[] {1, 2, 3, 4, 5, 7}, 3, new float[2], 1))
            .withMasks(Map.of(2, new boolean[8]));
    assertRefusedSaying(
        "mask of dropout 2: 8 units", () -> plan.gradients(theta, batch, 0, gradient));
    assertArrayEquals(new float[gradient.length], gradient);
  }

  @Example
  void parametersCannotReceiveTheirGradient() {
    Sample sample = Networks.sample(1);
    TrainingPlan plan = TrainingPlan.compile(sample.network(), sample.rows(), engine);
    assertRefusedSaying(
        "gradient: the parameters' own array",
        () -> plan.gradients(sample.theta(), Plans.batch(sample), 0, sample.theta()));
  }

  @Example
  void theDescriptionListsStepsShapesAndBytes() {
    String text = TrainingPlan.compile(wide(1, true).network(), 32, engine).describe();
    assertTrue(
        text.contains("dense1      product + batch norm + RELU + dropout: [32][401] -> [32][197]"),
        text);
    text = TrainingPlan.compile(wideWithLayerNorm(1).network(), 32, engine).describe();
    assertTrue(
        text.contains(
            "dense1      product + bias + layer norm + GELU + dropout: [32][401] -> [32][197]"),
        text);
  }

  @Property
  void penaltiesEnterTheGradientOfWeightsAlone(
      @ForAll(supplier = Networks.OfEightRows.class) Sample sample) {
    Network network = sample.network();
    List<Layer> plain =
        network.layers().stream()
            .map(l -> l instanceof Dense dense ? dense.withPenalty(Penalty.NONE) : l)
            .toList();
    Sample without =
        new Sample(
            sample.seed(),
            new Network(network.inputs(), plain, network.loss()),
            sample.theta(),
            sample.rows(),
            sample.features(),
            sample.targets(),
            sample.targetColumns(),
            sample.stepKey(),
            sample.weights());
    float[] expected = Plans.gradient(without, engine);
    float[] found = Plans.gradient(sample, engine);
    for (Network.Node node : network.dense()) {
      Slot weight = node.slot(network.layout(), Slot.Role.WEIGHT);
      Penalty penalty = ((Dense) node.layer()).penalty();
      for (int i = weight.offset(); i < weight.end(); i++) {
        float w = sample.theta()[i];
        double slope = penalty.l2() * w + penalty.subgradient() * Math.signum(w);
        assertEquals(expected[i] + slope, found[i], 1e-4 * (1 + Math.abs(expected[i])));
      }
      Arrays.fill(found, weight.offset(), weight.end(), 0);
      Arrays.fill(expected, weight.offset(), weight.end(), 0);
    }
    assertArrayEquals(expected, found);
  }
}
