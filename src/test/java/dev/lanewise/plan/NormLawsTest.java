package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks.Sample;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** What normalisation promises of a network, whatever computes it. */
@Tag("kernels")
class NormLawsTest {

  private static final int INPUTS = 7;
  private static final int UNITS = 20;
  private static final int ROWS = 33;

  private final Engine engine = Engine.standard();

  /** The last input is always 1, so that the last row of weights is a bias. */
  private static Sample sample(Network.Builder builder, long seed) {
    Network network = builder.relu().dense(3).loss(new Loss.SquaredError());
    float[] features = new float[ROWS * INPUTS];
    for (int i = 0; i < features.length; i++) {
      features[i] = i % INPUTS == INPUTS - 1 ? 1 : (float) CounterRandom.normal(seed, i);
    }
    float[] targets = new float[ROWS * 3];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = (float) CounterRandom.normal(seed + 1, i);
    }
    float[] theta = network.initialParameters(seed);
    return new Sample(seed, network, theta, ROWS, features, targets, 3, seed);
  }

  /** A float mean of 10⁴ is off by a thousandth of σ; what is left of it is not lost. */
  @Example
  void columnsFarFromZeroAreCentredOnTheirMeanNotOnItsRounding() {
    Network network = Network.inputs(1).dense(1).batchNorm().dense(1).loss(new Loss.SquaredError());
    int rows = 1000;
    float[] targets = new float[rows];
    Arrays.fill(targets, 1);
    float[] theta = network.initialParameters(0);
    theta[network.layout().slot("dense1.weight").offset()] = 1;
    theta[network.layout().slot("dense2.weight").offset()] = 1;
    for (int seed = 0; seed < 10; seed++) {
      float[] features = new float[rows];
      for (int i = 0; i < rows; i++) {
        features[i] = (float) (1e4 + CounterRandom.normal(seed, i));
      }
      Sample sample = new Sample(seed, network, theta, rows, features, targets, 1, 0);
      float[] gradient = new float[theta.length];
      double loss =
          TrainingPlan.compile(network, rows, engine)
              .gradients(theta, Plans.batch(sample), 0, gradient);
      double expected =
          sample.reference().cost(sample.referenceTheta(), sample.referenceBatch()).loss();
      assertEquals(expected, loss, 2e-6);
      double mean = IntStream.range(0, rows).mapToDouble(i -> features[i]).average().orElseThrow();
      float found = gradient[network.layout().slot("norm1.mean").offset()];
      assertEquals(mean, found, 0.51 * Math.ulp(1e4f));
    }
  }

  /** The first weights times 1000: the variance is large beside ε. */
  private static Sample batchNorm(long seed) {
    Sample sample = sample(Network.inputs(INPUTS).dense(UNITS).batchNorm(), seed);
    for (int i = 0; i < INPUTS * UNITS; i++) {
      sample.theta()[i] *= 1000;
    }
    return sample;
  }

  private double loss(Sample sample) {
    return TrainingPlan.compile(sample.network(), ROWS, engine)
        .gradients(
            sample.theta(),
            Plans.batch(sample),
            sample.stepKey(),
            new float[sample.theta().length]);
  }

  @Property(tries = 50)
  void batchNormForgetsAPositiveFactorOfEachColumn(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int factor) {
    Sample sample = batchNorm(seed);
    double before = loss(sample);
    for (int i = 0; i < INPUTS * UNITS; i++) {
      sample.theta()[i] *= 1 + factor * (i % UNITS);
    }
    assertEquals(before, loss(sample), 1e-5 * (1 + before));
  }

  @Property(tries = 50)
  void batchNormForgetsABias(@ForAll long seed) {
    Sample sample = batchNorm(seed);
    double before = loss(sample);
    int bias = (INPUTS - 1) * UNITS;
    for (int j = 0; j < UNITS; j++) {
      sample.theta()[bias + j] += 100 * j;
    }
    assertEquals(before, loss(sample), 1e-5 * (1 + before));
  }

  /** What a factor does not change has no slope along it, nor what a bias does not. */
  @Property(tries = 50)
  void weightsBelowBatchNormAreOrthogonalToTheirGradient(@ForAll long seed) {
    Sample sample = batchNorm(seed);
    float[] gradient = Plans.gradient(sample, engine);
    for (int j = 0; j < UNITS; j++) {
      double product = 0;
      double weights = 0;
      double slopes = 0;
      for (int i = j; i < INPUTS * UNITS; i += UNITS) {
        product += (double) sample.theta()[i] * gradient[i];
        weights += (double) sample.theta()[i] * sample.theta()[i];
        slopes += (double) gradient[i] * gradient[i];
      }
      assertTrue(Math.abs(product) <= 1e-5 * Math.sqrt(weights * slopes) + 1e-9);
      assertEquals(0, gradient[(INPUTS - 1) * UNITS + j], 1e-5 * Math.sqrt(slopes) + 1e-9);
    }
  }

  /** No row knows of another: the mean gradient is the mean of the rows' own. */
  @Property(tries = 20)
  void underLayerNormAGradientIsTheMeanOfTheRows(@ForAll long seed) {
    Sample sample = sample(Network.inputs(INPUTS).dense(UNITS).layerNorm(), seed);
    double[] mean = new double[sample.theta().length];
    for (int row = 0; row < ROWS; row++) {
      Sample alone =
          new Sample(
              seed,
              sample.network(),
              sample.theta(),
              1,
              Arrays.copyOfRange(sample.features(), row * INPUTS, (row + 1) * INPUTS),
              Arrays.copyOfRange(sample.targets(), row * 3, (row + 1) * 3),
              3,
              seed);
      float[] gradient = Plans.gradient(alone, engine);
      Arrays.setAll(mean, i -> mean[i] + gradient[i] / (double) ROWS);
    }
    float[] together = Plans.gradient(sample, engine);
    double[] found = new double[together.length];
    Arrays.setAll(found, i -> together[i]);
    assertArrayEquals(mean, found, 1e-5);
  }

  /** A bias is not redundant under layer norm, but what all units share is. */
  @Property(tries = 50)
  void layerNormForgetsWhatAllUnitsShareAndNoMore(@ForAll long seed) {
    Sample sample = sample(Network.inputs(INPUTS).dense(UNITS).layerNorm(), seed);
    float[] gradient = Plans.gradient(sample, engine);
    Slot bias = sample.network().layout().slot("dense1.bias");
    double sum = 0;
    double largest = 0;
    for (int i = bias.offset(); i < bias.end(); i++) {
      sum += gradient[i];
      largest = Math.max(largest, Math.abs(gradient[i]));
    }
    assertTrue(largest > 1e-6, "bias gradient " + largest);
    assertEquals(0, sum, 1e-5 * largest * UNITS);
  }
}
