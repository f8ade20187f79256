package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.PromptThreads;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Slot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** A gradient accumulated over parts of a batch is the gradient of the batch. */
@Tag("kernels")
class AccumulationTest {

  private final Engine engine = Engine.standard();

  /** A gradient with the loss behind it. */
  private static double[] gradient(Sample sample, Batch batch, int microBatch, Engine engine) {
    TrainingPlan plan = TrainingPlan.compile(sample.network(), sample.rows(), microBatch, engine);
    float[] gradient = new float[sample.theta().length];
    double loss = plan.gradients(sample.theta(), batch, sample.stepKey(), gradient);
    double[] all = new double[gradient.length + 1];
    for (int i = 0; i < gradient.length; i++) {
      all[i] = gradient[i];
    }
    all[gradient.length] = loss;
    return all;
  }

  private double[] gradient(Sample sample, int microBatch) {
    return gradient(sample, Plans.batch(sample), microBatch, engine);
  }

  /** ‖a − b‖ / (‖a‖ + ‖b‖). */
  private static double distance(double[] a, double[] b) {
    double difference = 0;
    double one = 0;
    double other = 0;
    for (int i = 0; i < a.length; i++) {
      difference += (a[i] - b[i]) * (a[i] - b[i]);
      one += a[i] * a[i];
      other += b[i] * b[i];
    }
    return difference == 0 ? 0 : Math.sqrt(difference) / (Math.sqrt(one) + Math.sqrt(other));
  }

  private static void assertSameBits(Sample sample, Slot.Role role, double[] a, double[] b) {
    for (Slot slot : sample.network().layout().slots()) {
      for (int i = slot.offset(); slot.role() == role && i < slot.end(); i++) {
        assertEquals(a[i], b[i], slot.name());
      }
    }
  }

  @Property
  void accumulatedGradientIsThatOfTheWholeBatch(
      @ForAll(supplier = Networks.WithoutBatchNorm.class) Sample sample,
      @ForAll @IntRange(min = 1, max = 13) int microBatch) {
    double[] whole = gradient(sample, 0);
    double[] parts = gradient(sample, microBatch);
    assertTrue(distance(whole, parts) <= 1e-6, () -> "distance " + distance(whole, parts));
  }

  @Property
  void weightsGradientHasTheBitsOfTheWholeBatch(
      @ForAll(supplier = Networks.WithoutBatchNorm.class) Sample sample,
      @ForAll @IntRange(min = 1, max = 13) int microBatch) {
    assertSameBits(sample, Slot.Role.WEIGHT, gradient(sample, 0), gradient(sample, microBatch));
  }

  @Property
  void partsNoSmallerThanTheBatchLeaveEveryBitAsItIs(
      @ForAll(supplier = Networks.WithoutBatchNorm.class) Sample sample,
      @ForAll @IntRange(max = 3) int more) {
    assertArrayEquals(gradient(sample, 0), gradient(sample, sample.rows() + more));
  }

  /** Dropout everywhere, penalties, and more columns than a task has. */
  private static Sample wide(int rows, long seed) {
    Network network =
        Network.inputs(83)
            .dropout(0.1)
            .add(new Dense(131).withPenalty(Penalty.l2(0.01)))
            .relu()
            .dropout(0.5)
            .add(new Dense(67).withPenalty(Penalty.l1(0.001)))
            .activation(Activation.Function.SIGMOID)
            .dropout(0.3)
            .dense(10)
            .loss(new Loss.SoftmaxCrossEntropy());
    float[] features = new float[rows * 83];
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
  void partsOfWholeBlocksLeaveBiasesTheirBits(
      @ForAll @IntRange(min = 200, max = 270) int rows,
      @ForAll @IntRange(min = 1, max = 3) int blocks,
      @ForAll long seed) {
    Sample sample = wide(rows, seed);
    double[] whole = gradient(sample, 0);
    double[] parts = gradient(sample, 64 * blocks);
    assertSameBits(sample, Slot.Role.BIAS, whole, parts);
    assertSameBits(sample, Slot.Role.WEIGHT, whole, parts);
  }

  @Property(tries = 5)
  void accumulatedGradientIsIndependentOfThreadsAndKernels(
      @ForAll @IntRange(min = 1, max = 130) int microBatch, @ForAll long seed) {
    Sample sample = wide(101, seed);
    Batch batch = Plans.batch(sample);
    double[] expected = gradient(sample, batch, microBatch, Engine.of("scalar"));
    assertArrayEquals(expected, gradient(sample, microBatch));
    try (PromptThreads threads = new PromptThreads()) {
      Engine three = engine.withParallel(Parallel.on(threads, 3));
      assertArrayEquals(expected, gradient(sample, batch, microBatch, three));
    }
  }

  @Property(tries = 10)
  void givenMasksAreThoseOfTheWholeBatch(
      @ForAll @IntRange(min = 1, max = 40) int microBatch, @ForAll long seed) {
    Sample sample = wide(37, seed);
    Map<Integer, boolean[]> masks = new HashMap<>();
    int[] widths = {83, 131, 67};
    for (int number = 0; number < widths.length; number++) {
      boolean[] mask = new boolean[37 * widths[number]];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = CounterRandom.uniform(seed + number, i) < 0.6;
      }
      masks.put(number, mask);
    }
    Batch batch = Plans.batch(sample).withMasks(masks);
    double[] whole = gradient(sample, batch, 0, engine);
    double[] parts = gradient(sample, batch, microBatch, engine);
    assertSameBits(sample, Slot.Role.WEIGHT, whole, parts);
    assertTrue(distance(whole, parts) <= 1e-6);
  }

  @Example
  void aNumberThatIsNotFiniteIsNamedInALaterPart() {
    Sample sample = wide(50, 3);
    TrainingPlan plan = TrainingPlan.compile(sample.network(), 50, 16, engine);
    Batch batch = Plans.batch(sample);
    assertTrue(plan.firstNonFinite(sample.theta(), batch, 0).isEmpty());
    sample.features()[83 * 37 + 5] = Float.NaN;
    assertTrue(
        Double.isNaN(plan.gradients(sample.theta(), batch, 0, new float[sample.theta().length])));
    assertEquals(
        "features: NaN in row 37, unit 5",
        plan.firstNonFinite(sample.theta(), batch, 0).orElseThrow());
    sample.features()[83 * 37 + 5] = 3e38f;
    float[] huge = sample.theta().clone();
    for (int i = 0; i < 83 * 131; i++) {
      huge[i] *= 1e4f;
    }
    String place = plan.firstNonFinite(huge, batch, 0).orElseThrow();
    assertTrue(place.matches("dense1: -?(Infinity|NaN) in row 37, unit [0-9]+"), place);
  }

  @Property(tries = 50)
  void outputsOfPartsAreThoseOfTheWholeBatch(
      @ForAll(supplier = Networks.WithoutBatchNorm.class) Sample sample,
      @ForAll @IntRange(min = 1, max = 13) int microBatch) {
    assertEquals(outputs(sample, 0), outputs(sample, microBatch));
  }

  private List<LayerOutput> outputs(Sample sample, int microBatch) {
    return TrainingPlan.compile(sample.network(), sample.rows(), microBatch, engine)
        .outputs(sample.theta(), Plans.batch(sample), sample.stepKey());
  }

  @Example
  void targetsOfALaterPartAreRefusedBeforeAnythingIsWritten() {
    Sample sample = wide(50, 3);
    TrainingPlan plan = TrainingPlan.compile(sample.network(), 50, 16, engine);
    sample.targets()[49] = 10;
    float[] gradient = new float[sample.theta().length];
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> plan.gradients(sample.theta(), Plans.batch(sample), 0, gradient));
    assertTrue(e.getMessage().contains("target 10.0 in row 49"), e.getMessage());
    assertArrayEquals(new float[gradient.length], gradient);
  }

  @Example
  void theWorkspaceIsThatOfOnePart() {
    Network network = wide(1, 1).network();
    String parts = TrainingPlan.compile(network, 1 << 24, 16, engine).describe();
    String alone = TrainingPlan.compile(network, 16, engine).describe();
    assertTrue(parts.startsWith("training plan for up to 16777216 rows, 16 at once"), parts);
    assertEquals(
        alone.substring(alone.indexOf('\n')), parts.substring(parts.indexOf('\n')), "the rest");
  }

  @Tag("allocation")
  @Example
  void anAccumulatedStepAllocatesNothing() {
    Sample sample = wide(100, 7);
    TrainingPlan plan = TrainingPlan.compile(sample.network(), 100, 24, engine);
    Batch batch = Plans.batch(sample);
    float[] gradient = new float[sample.theta().length];
    Allocation.assertNone(
        "steps", 20, step -> plan.gradients(sample.theta(), batch, step, gradient));
  }

  @Example
  void partsAreRefusedWhereTheyCannotBe() {
    Network normed = Network.inputs(3).dense(2).batchNorm().dense(1).loss(new Loss.SquaredError());
    refused("microBatch: 4; expected 0, because batch norm takes", normed, 4);
    refused("microBatch: -1; expected a number of rows", wide(1, 1).network(), -1);
  }

  private void refused(String message, Network network, int microBatch) {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> TrainingPlan.compile(network, 8, microBatch, engine));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  @Example
  void rowsOfABatchThatIsTooLargeAreRefused() {
    Sample sample = wide(9, 1);
    TrainingPlan plan = TrainingPlan.compile(sample.network(), 8, 2, engine);
    Dataset nine = Dataset.of(sample.features(), 83, sample.targets(), 1);
    assertThrows(
        IllegalArgumentException.class,
        () -> plan.gradients(sample.theta(), Batch.of(nine), 0, new float[sample.theta().length]));
  }
}
