package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.MemoryRows;
import dev.lanewise.Networks;
import dev.lanewise.Networks.Norm;
import dev.lanewise.Networks.Sample;
import dev.lanewise.PromptThreads;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.StreamedRows;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

@Tag("kernels")
class BatchStatisticsTest {

  private final Engine engine = Engine.standard();

  @Provide
  Arbitrary<Sample> samples() {
    return Networks.any(Norm.ALWAYS, 8);
  }

  /** Two batch norms, one above the other and with layer norm between, over several blocks. */
  private static Sample deep(long seed) {
    Network network =
        Network.inputs(5)
            .dense(19)
            .add(new BatchNorm(1e-5, 0, BatchNorm.Variance.UNBIASED))
            .relu()
            .dense(18)
            .layerNorm()
            .dense(17)
            .add(new BatchNorm(1e-5, 0, BatchNorm.Variance.BIASED))
            .activation(Activation.Function.TANH)
            .dense(2)
            .loss(new Loss.SquaredError());
    int rows = 2500;
    float[] features = new float[rows * 5];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) CounterRandom.normal(seed, i) + i % 5;
    }
    float[] theta = network.initialParameters(seed);
    return new Sample(seed, network, theta, rows, features, new float[rows * 2], 2, seed);
  }

  /** The factor of classic dropout goes into the weights behind it. */
  private static Sample withoutDropout(Sample sample) {
    List<Layer> layers =
        sample.network().layers().stream().filter(layer -> !(layer instanceof Dropout)).toList();
    float[] theta = sample.theta().clone();
    double scale = 1;
    for (Network.Node node : sample.network().nodes()) {
      if (node.layer() instanceof Dropout dropout) {
        scale = dropout.inferenceScale();
      } else if (node.layer() instanceof Dense) {
        Slot weight = node.slot(sample.network().layout(), Slot.Role.WEIGHT);
        for (int i = weight.offset(); i < weight.end(); i++) {
          theta[i] *= (float) scale;
        }
        scale = 1;
      }
    }
    return new Sample(
        sample.seed(),
        new Network(sample.network().inputs(), layers, sample.network().loss()),
        theta,
        sample.rows(),
        sample.features(),
        sample.targets(),
        sample.targetColumns(),
        sample.stepKey());
  }

  private static float[] reestimated(Sample sample, Engine engine) {
    Dataset rows =
        Dataset.of(
            sample.features(), sample.network().inputs(), sample.targets(), sample.targetColumns());
    return BatchStatistics.reestimate(sample.network(), sample.theta(), rows, engine);
  }

  /** Where a column hardly varies, dividing by its deviation leaves little but rounding. */
  @Property
  void statisticsAreThoseOfTheReferenceOverAllRows(@ForAll("samples") Sample sample) {
    Sample kept = withoutDropout(sample);
    float[] found = reestimated(sample, engine);
    Layout layout = kept.network().layout();
    for (Network.Node node : kept.network().nodes()) {
      if (node.layer() instanceof BatchNorm) {
        Slot mean = node.slot(layout, Slot.Role.MEAN);
        Slot variance = node.slot(layout, Slot.Role.VARIANCE);
        for (int j = 0; j < mean.size(); j++) {
          float m = found[mean.offset() + j];
          Assume.that(found[variance.offset() + j] > 1e-2 * (1 + m * m));
        }
      }
    }
    assertStatistics(kept, found, 1e-4);
  }

  @Example
  void statisticsOfManyRowsArePooled() {
    Sample sample = deep(3);
    assertStatistics(sample, reestimated(sample, engine), 1e-5);
  }

  /** Nothing is below the norm: the rows are taken as they are, more than one task has. */
  @Example
  void statisticsOfTheInputsArePooled() {
    Sample deep = deep(4);
    Network network = Network.inputs(5).batchNorm().dense(2).loss(new Loss.SquaredError());
    Sample sample =
        new Sample(
            deep.seed(),
            network,
            network.initialParameters(4),
            deep.rows(),
            deep.features(),
            deep.targets(),
            deep.targetColumns(),
            deep.stepKey());
    assertStatistics(sample, reestimated(sample, engine), 1e-6);
  }

  /** Under batch statistics the reference normalises by the moments of the whole batch. */
  private static void assertStatistics(Sample sample, float[] found, double tolerance) {
    double[] expected =
        sample.reference().gradient(sample.referenceTheta(), sample.referenceBatch());
    for (Slot slot : sample.network().layout().slots()) {
      if (!slot.role().trained()) {
        for (int i = slot.offset(); i < slot.end(); i++) {
          assertEquals(
              expected[i], found[i], tolerance * Math.max(1, Math.abs(expected[i])), slot.name());
        }
      }
    }
  }

  /** With decay 0 the running statistics are those that a full batch leaves in the gradient. */
  @Example
  void statisticsAreThoseOfAFullBatch() {
    Sample sample = deep(4);
    int trained = sample.network().layout().trained();
    float[] batch = Plans.gradient(sample, engine);
    float[] found = reestimated(sample, engine);
    assertArrayEquals(
        Arrays.copyOfRange(batch, trained, batch.length),
        Arrays.copyOfRange(found, trained, found.length),
        2e-5f);
  }

  @Property
  void trainedParametersAreNotTouched(@ForAll("samples") Sample sample) {
    float[] before = sample.theta().clone();
    float[] found = reestimated(sample, engine);
    assertArrayEquals(before, sample.theta());
    int trained = sample.network().layout().trained();
    assertArrayEquals(Arrays.copyOf(before, trained), Arrays.copyOf(found, trained));
  }

  /** The old statistics do not matter either. */
  @Property
  void reestimatingTwiceChangesNothing(@ForAll("samples") Sample sample) {
    float[] once = reestimated(sample, engine);
    System.arraycopy(once, 0, sample.theta(), 0, once.length);
    assertArrayEquals(once, reestimated(sample, engine));
  }

  @Example
  void statisticsOfStreamedRowsAreThoseOfRowsInMemory() {
    Sample sample = deep(6);
    Dataset rows = Dataset.of(sample.features(), 5, sample.targets(), 2);
    MemoryRows source = new MemoryRows(rows);
    float[] found =
        BatchStatistics.reestimate(
            sample.network(), sample.theta(), new StreamedRows(source, 7), engine);
    assertArrayEquals(reestimated(sample, engine), found);
    assertEquals(2, source.opened, "one pass for each batch norm");
    assertEquals(2, source.closed);
  }

  @Example
  void statisticsAreIndependentOfThreadsAndKernels() {
    Sample sample = deep(5);
    float[] expected = reestimated(sample, Engine.of("scalar"));
    assertArrayEquals(expected, reestimated(sample, engine));
    try (PromptThreads threads = new PromptThreads()) {
      assertArrayEquals(
          expected, reestimated(sample, engine.withParallel(Parallel.on(threads, 2))));
      assertArrayEquals(
          expected, reestimated(sample, engine.withParallel(Parallel.on(threads, 5))));
    }
  }

  @Example
  void withoutBatchNormThereIsNothingToDo() {
    Network network = Network.inputs(3).dense(2).layerNorm().dense(1).loss(new Loss.SquaredError());
    float[] theta = network.initialParameters(1);
    Dataset one = Dataset.of(new float[3], 3, new float[1], 1);
    float[] found = BatchStatistics.reestimate(network, theta, one, engine);
    assertArrayEquals(theta, found);
    assertNotSame(theta, found);
  }

  @Example
  void badInputIsRefusedByName() {
    Network network = Network.inputs(3).dense(2).batchNorm().dense(1).loss(new Loss.SquaredError());
    float[] theta = network.initialParameters(1);
    Dataset one = Dataset.of(new float[3], 3, new float[1], 1);
    Dataset narrow = Dataset.of(new float[4], 2, new float[2], 1);
    refused("rows: 1; expected at least 2", network, theta, one);
    refused("rows: 2 columns; expected 3", network, theta, narrow);
    refused("theta: length 1; expected", network, new float[1], one);
  }

  private void refused(String part, Network network, float[] theta, Dataset rows) {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> BatchStatistics.reestimate(network, theta, rows, engine));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }
}
