package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** What the weights of rows mean. */
@Tag("kernels")
class WeightsTest {

  private final Engine engine = Engine.standard();

  private double gradient(Network network, Sample sample, Dataset rows, float[] gradient) {
    TrainingPlan plan = TrainingPlan.compile(network, rows.rows(), engine);
    return plan.gradients(sample.theta(), Batch.of(rows), sample.stepKey(), gradient);
  }

  private static Dataset unweighted(Sample sample) {
    return Dataset.of(
        sample.features(), sample.network().inputs(), sample.targets(), sample.targetColumns());
  }

  @Property(tries = 200)
  void weightsOfOneHaveTheBitsOfNone(@ForAll(supplier = Networks.Any.class) Sample sample) {
    float[] ones = new float[sample.rows()];
    Arrays.fill(ones, 1);
    float[] expected = new float[sample.theta().length];
    float[] actual = expected.clone();
    Dataset rows = unweighted(sample);
    assertEquals(
        gradient(sample.network(), sample, rows, expected),
        gradient(sample.network(), sample, rows.withWeights(ones), actual));
    assertArrayEquals(expected, actual);
  }

  /** The same network without dropout, whose masks go by the place of a row, and penalties. */
  private static Network plain(Network network) {
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : network.layers()) {
      if (!(layer instanceof Dropout)) {
        layers.add(layer instanceof Dense dense ? dense.withPenalty(Penalty.NONE) : layer);
      }
    }
    return new Network(network.inputs(), layers, network.loss());
  }

  @Property(tries = 200)
  void wholeWeightsAreRepeatedRows(
      @ForAll(supplier = Networks.WithoutBatchNorm.class) Sample sample) {
    Random random = new Random(sample.seed());
    float[] weights = new float[sample.rows()];
    for (int row = 0; row < weights.length; row++) {
      weights[row] = random.nextInt(4);
    }
    weights[random.nextInt(weights.length)] = 2;
    int[] repeated =
        IntStream.range(0, weights.length)
            .flatMap(row -> IntStream.generate(() -> row).limit((long) weights[row]))
            .toArray();
    Network network = plain(sample.network());
    float[] weighted = new float[sample.theta().length];
    float[] expected = weighted.clone();
    Dataset rows = unweighted(sample);
    double loss = gradient(network, sample, rows.withWeights(weights), weighted);
    double longer = gradient(network, sample, rows.select(repeated), expected);
    double ratio = (double) repeated.length / weights.length;
    assertEquals(longer * ratio, loss, 2e-6 * Math.max(1, Math.abs(loss)));
    double scale = 0;
    for (float g : expected) {
      scale = Math.max(scale, Math.abs(g) * ratio);
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i] * ratio, weighted[i], 1e-5 * Math.max(1, scale));
    }
  }

  @Property(tries = 200)
  void aRowOfWeightZeroHasNoGradient(
      @ForAll(supplier = Networks.WithoutBatchNorm.class) Sample sample) {
    int rows = sample.rows() + 1;
    int last = sample.rows();
    float[] weights = new float[rows];
    Arrays.fill(weights, 0, last, 1.5f);
    float[] features = Arrays.copyOf(sample.features(), rows * sample.network().inputs());
    float[] targets = Arrays.copyOf(sample.targets(), rows * sample.targetColumns());
    Dataset first =
        Dataset.of(features, sample.network().inputs(), targets, sample.targetColumns());
    float[] expected = new float[sample.theta().length];
    float[] actual = expected.clone();
    double loss = gradient(sample.network(), sample, first.withWeights(weights), expected);
    float[] others = features.clone();
    Arrays.fill(others, last * sample.network().inputs(), others.length, -1.25f);
    Dataset second = Dataset.of(others, sample.network().inputs(), targets, sample.targetColumns());
    assertEquals(loss, gradient(sample.network(), sample, second.withWeights(weights), actual));
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i] + 0f, actual[i] + 0f, "index " + i); // 0 and −0 are one
    }
  }
}
