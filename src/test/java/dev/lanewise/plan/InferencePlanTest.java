package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.Bfloat16;
import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Layer;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Scaling;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Slot;
import dev.lanewise.tensor.WeightFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

@Tag("kernels")
class InferencePlanTest {

  private static final ExecutorService POOL = Executors.newFixedThreadPool(4);

  private final Engine engine = Engine.standard();

  @AfterContainer
  static void stop() {
    POOL.shutdown();
  }

  /**
   * Under squared error and zero targets the bias gradient of a one-row batch is that row's scores.
   */
  @Property
  void scoresAreThoseOfTrainingWithoutDropoutAndBatchNorm(
      @ForAll(supplier = Networks.WithoutBatchNorm.class) Sample sample) {
    List<Layer> layers =
        sample.network().layers().stream().filter(layer -> !(layer instanceof Dropout)).toList();
    Network network = new Network(sample.network().inputs(), layers, new Loss.SquaredError());
    int inputs = network.inputs();
    int outputs = network.outputs();
    TrainingPlan training = TrainingPlan.compile(network, 1, engine);
    Slot bias = network.layout().slot(network.dense().getLast().name(Slot.Role.BIAS));
    float[] scores = new float[sample.rows() * outputs];
    PackedNetwork packed = PackedNetwork.pack(inverted(sample.network()), sample.theta(), engine);
    InferencePlan.over(packed).scores(sample.features(), 0, sample.rows(), scores, 0);
    for (int row = 0; row < sample.rows(); row++) {
      float[] features = Arrays.copyOfRange(sample.features(), row * inputs, (row + 1) * inputs);
      float[] gradient = new float[sample.theta().length];
      Batch batch = Batch.of(Dataset.of(features, inputs, new float[outputs], outputs));
      training.gradients(sample.theta(), batch, 0, gradient);
      assertArrayEquals(
          Arrays.copyOfRange(gradient, bias.offset(), bias.end()),
          Arrays.copyOfRange(scores, row * outputs, (row + 1) * outputs),
          0f);
    }
  }

  private static Network inverted(Network network) {
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : network.layers()) {
      layers.add(layer instanceof Dropout d ? d.withForm(Dropout.Form.INVERTED) : layer);
    }
    return new Network(network.inputs(), layers, network.loss());
  }

  /** A folded layer alone: the error is at most 4(K + 8)·2⁻²⁴·(Σ|w′x| + |b′|). */
  @Property
  void foldedScoresAreWithinTheBoundOfTheReference(
      @ForAll @IntRange(min = 1, max = 70) int inputs,
      @ForAll @IntRange(min = 1, max = 70) int units,
      @ForAll long seed) {
    Network network =
        Network.inputs(inputs)
            .dense(units)
            .batchNorm()
            .activation(Activation.Function.IDENTITY)
            .dense(units)
            .loss(new Loss.SquaredError());
    Sample drawn = Networks.sample(seed);
    float[] theta = network.initialParameters(seed);
    java.util.Random random = new java.util.Random(seed);
    Network.Node norm = network.nodes().get(1);
    for (Slot.Role role : List.of(Slot.Role.SCALE, Slot.Role.SHIFT, Slot.Role.MEAN)) {
      Slot slot = network.layout().slot(norm.name(role));
      for (int i = slot.offset(); i < slot.end(); i++) {
        theta[i] = (float) random.nextGaussian();
      }
    }
    Slot variance = network.layout().slot(norm.name(Slot.Role.VARIANCE));
    for (int i = variance.offset(); i < variance.end(); i++) {
      theta[i] = 0.01f + random.nextFloat();
    }
    Slot second = network.layout().slot("dense2.weight");
    Arrays.fill(theta, second.offset(), second.end(), 0f);
    for (int i = 0; i < units; i++) {
      theta[second.offset() + i * units + i] =
          1f; // the second layer passes the first one's output on
    }
    float[] x = new float[inputs];
    for (int i = 0; i < inputs; i++) {
      x[i] = (float) random.nextGaussian();
    }
    float[] scores = new float[units];
    InferencePlan.over(PackedNetwork.pack(network, theta, engine)).scores(x, 0, 1, scores, 0);

    double[] wide = dev.lanewise.reference.ReferenceNetwork.widen(theta);
    ReferenceNetwork.Batch batch = ReferenceNetwork.Batch.of(1, x, new float[units], drawn.seed());
    double[] expected =
        new dev.lanewise.reference.ReferenceNetwork(network).logits(wide, batch.x())[0];
    Slot weight = network.layout().slot("dense1.weight");
    Slot scale = network.layout().slot(norm.name(Slot.Role.SCALE));
    Slot shift = network.layout().slot(norm.name(Slot.Role.SHIFT));
    Slot mean = network.layout().slot(norm.name(Slot.Role.MEAN));
    for (int j = 0; j < units; j++) {
      double factor = wide[scale.offset() + j] / Math.sqrt(wide[variance.offset() + j] + 1e-5);
      double magnitude = Math.abs(wide[shift.offset() + j] - wide[mean.offset() + j] * factor);
      for (int k = 0; k < inputs; k++) {
        magnitude += Math.abs(wide[weight.offset() + k * units + j] * factor * x[k]);
      }
      assertEquals(expected[j], scores[j], 4 * (inputs + 8) * 0x1p-24 * magnitude);
    }
  }

  /** The other network has neither batch norm nor dropout: its parameters are those, folded. */
  @Property
  void halfWidthScoresAreThoseOfRoundedWeights(
      @ForAll(supplier = Networks.Any.class) Sample sample) {
    Network network = sample.network();
    List<Layer> layers =
        network.layers().stream()
            .filter(layer -> !(layer instanceof Dropout || layer instanceof BatchNorm))
            .toList();
    Network plain = new Network(network.inputs(), layers, network.loss());
    float[] theta = new float[plain.layout().size()];
    double inputScale = 1;
    float[] weights = {};
    for (Network.Node node : network.nodes()) {
      switch (node.layer()) {
        case Dropout dropout -> inputScale = dropout.inferenceScale();
        case Dense dense -> {
          weights = tensor(sample, node, Slot.Role.WEIGHT);
          if (node.biased()) {
            for (int i = 0; i < weights.length; i++) {
              weights[i] *= (float) inputScale;
            }
            put(theta, plain, node.name(Slot.Role.WEIGHT), Bfloat16.rounded(weights));
            put(theta, plain, node.name(Slot.Role.BIAS), tensor(sample, node, Slot.Role.BIAS));
            inputScale = 1;
          }
        }
        case BatchNorm norm -> {
          int outputs = node.outputs();
          float[] scale = tensor(sample, node, Slot.Role.SCALE);
          float[] shift = tensor(sample, node, Slot.Role.SHIFT);
          float[] mean = tensor(sample, node, Slot.Role.MEAN);
          float[] variance = tensor(sample, node, Slot.Role.VARIANCE);
          float[] biases = new float[outputs];
          for (int i = 0; i < weights.length; i++) {
            int j = i % outputs;
            double factor = scale[j] / Math.sqrt(variance[j] + norm.epsilon());
            weights[i] = (float) (weights[i] * (factor * inputScale));
            biases[j] = (float) (shift[j] - mean[j] * factor);
          }
          String dense = "dense" + node.number();
          put(theta, plain, dense + ".weight", Bfloat16.rounded(weights));
          put(theta, plain, dense + ".bias", biases);
          inputScale = 1;
        }
        case LayerNorm norm -> {
          for (Slot.Role role : List.of(Slot.Role.SCALE, Slot.Role.SHIFT)) {
            put(theta, plain, node.name(role), tensor(sample, node, role));
          }
        }
        case Blend blend ->
            put(theta, plain, node.name(Slot.Role.SCALE), tensor(sample, node, Slot.Role.SCALE));
        case Scaling scaling -> throw new AssertionError(scaling);
        default -> {}
      }
    }
    float[] expected = new float[sample.rows() * network.outputs()];
    InferencePlan.over(PackedNetwork.pack(plain, theta, engine))
        .scores(sample.features(), 0, sample.rows(), expected, 0);
    assertArrayEquals(expected, Plans.scores(sample, engine, WeightFormat.BFLOAT16));
  }

  @Example
  void halfWidthScoresOfManyUnitsAreThoseOfRoundedWeights() {
    Network network =
        Network.inputs(6).dense(300).batchNorm().relu().dense(131).loss(new Loss.SquaredError());
    float[] theta = network.initialParameters(3);
    float[] features = Arrays.copyOf(theta, 7 * 6);
    halfWidthScoresAreThoseOfRoundedWeights(
        new Sample(3, network, theta, 7, features, new float[7 * 131], 131, 5));
  }

  private static void put(float[] theta, Network network, String name, float[] values) {
    Slot slot = network.layout().slot(name);
    System.arraycopy(values, 0, theta, slot.offset(), slot.size());
  }

  private static float[] tensor(Sample sample, Network.Node node, Slot.Role role) {
    Slot slot = node.slot(sample.network().layout(), role);
    return Arrays.copyOfRange(sample.theta(), slot.offset(), slot.end());
  }

  @Property
  void aRowHasTheSameBitsInAnyBatch(
      @ForAll(supplier = Networks.Any.class) Sample sample, @ForAll WeightFormat format) {
    int inputs = sample.network().inputs();
    int outputs = sample.network().outputs();
    float[] together = Plans.scores(sample, engine, format);
    InferencePlan plan =
        InferencePlan.over(PackedNetwork.pack(sample.network(), sample.theta(), engine, format));
    float[] alone = new float[together.length];
    for (int row = sample.rows() - 1; row >= 0; row--) {
      plan.scores(sample.features(), row * inputs, 1, alone, row * outputs);
    }
    assertArrayEquals(together, alone);
  }

  @Property
  void scoresHaveTheBitsOfTheScalarKernels(
      @ForAll(supplier = Networks.Any.class) Sample sample, @ForAll WeightFormat format) {
    float[] scalar = Plans.scores(sample, Engine.of("scalar"), format);
    assertArrayEquals(scalar, Plans.scores(sample, engine, format));
  }

  @Property(tries = 20)
  void scoresAreIndependentOfThreads(
      @ForAll(supplier = Networks.Any.class) Sample sample, @ForAll WeightFormat format) {
    int copies = 40;
    int inputs = sample.network().inputs();
    float[] features = new float[copies * sample.rows() * inputs];
    for (int i = 0; i < features.length; i++) {
      features[i] = sample.features()[i % (sample.rows() * inputs)];
    }
    float[] alone = new float[copies * sample.rows() * sample.network().outputs()];
    float[] shared = alone.clone();
    for (int width : new int[] {1, 2, 5}) {
      Engine parallel = engine.withParallel(Parallel.on(POOL, width));
      InferencePlan.over(PackedNetwork.pack(sample.network(), sample.theta(), parallel, format))
          .scores(features, 0, copies * sample.rows(), width == 1 ? alone : shared, 0);
      if (width > 1) {
        assertArrayEquals(alone, shared);
      }
    }
  }

  @Property
  void nanStaysInItsRow(@ForAll(supplier = Networks.Any.class) Sample sample) {
    int inputs = sample.network().inputs();
    int outputs = sample.network().outputs();
    float[] clean = Plans.scores(sample, engine);
    int row = sample.rows() / 2;
    sample.features()[row * inputs + inputs / 2] = Float.NaN;
    float[] scores = Plans.scores(sample, engine);
    for (int i = 0; i < scores.length; i++) {
      if (i / outputs == row) {
        assertTrue(Float.isNaN(scores[i]), "score " + i);
      } else {
        assertEquals(clean[i], scores[i], 0f);
      }
    }
  }

  @Property
  void repackingForgetsTheOldParameters(
      @ForAll(supplier = Networks.Any.class) Sample sample, @ForAll WeightFormat format) {
    float[] other = sample.theta().clone();
    Arrays.fill(other, 2f);
    PackedNetwork packed = PackedNetwork.pack(sample.network(), other, engine, format);
    InferencePlan plan = InferencePlan.over(packed);
    float[] scores = new float[sample.rows() * sample.network().outputs()];
    plan.scores(sample.features(), 0, sample.rows(), scores, 0);
    packed.repack(sample.theta());
    plan.scores(sample.features(), 0, sample.rows(), scores, 0);
    assertArrayEquals(Plans.scores(sample, engine, format), scores);
  }

  @Tag("allocation")
  @Property(tries = 2, generation = GenerationMode.EXHAUSTIVE)
  void scoringAllocatesNothing(@ForAll WeightFormat format) {
    Network network =
        Network.inputs(100)
            .dense(64)
            .batchNorm()
            .relu()
            .dense(70)
            .layerNorm()
            .dense(10)
            .loss(new Loss.SoftmaxCrossEntropy());
    InferencePlan plan =
        InferencePlan.over(
            PackedNetwork.pack(network, network.initialParameters(1), engine, format));
    float[] features = new float[100 * 100];
    float[] scores = new float[100 * 10];
    Allocation.assertNone(
        "calls", 100, call -> plan.scores(features, 0, 1 + call % 100, scores, 0));
  }

  @Example
  void badInputIsRefusedByName() {
    Network network = Network.inputs(3).dense(2).loss(new Loss.SoftmaxCrossEntropy());
    PackedNetwork packed = PackedNetwork.pack(network, network.initialParameters(1), engine);
    InferencePlan plan = InferencePlan.over(packed);
    float[] six = new float[6];
    for (Runnable call :
        List.<Runnable>of(
            () -> plan.scores(six, 0, 3, new float[6], 0),
            () -> plan.scores(six, 1, 2, new float[4], 0),
            () -> plan.scores(six, 0, -1, new float[4], 0),
            () -> plan.scores(six, -1, 1, new float[4], 0))) {
      var e = assertThrows(IllegalArgumentException.class, call::run);
      assertTrue(e.getMessage().startsWith("features: "), e.getMessage());
    }
    var e =
        assertThrows(IllegalArgumentException.class, () -> plan.scores(six, 0, 2, new float[3], 0));
    assertTrue(e.getMessage().startsWith("scores: 2 rows of 2 columns"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> packed.repack(new float[1]));
  }
}
