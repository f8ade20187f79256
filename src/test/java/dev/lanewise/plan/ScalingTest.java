package dev.lanewise.plan;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Scaling;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import dev.lanewise.tensor.WeightFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** The laws of factors of columns. */
@Tag("kernels")
class ScalingTest {

  private final Engine engine = Engine.standard();

  /** A scaling directly before each dense layer, without norms of batches. */
  private static Network scaled(Network network) {
    List<Layer> layers = new ArrayList<>();
    for (Network.Node node : network.nodes()) {
      if (node.layer().kind() == Layer.Kind.DENSE) {
        layers.add(new Scaling());
      }
      layers.add(node.layer());
    }
    return new Network(network.inputs(), layers, network.loss());
  }

  private static void copy(Network from, float[] theta, Network to, float[] others) {
    for (Slot slot : from.layout().slots()) {
      if (to.layout().contains(slot.name())) {
        int at = to.layout().slot(slot.name()).offset();
        System.arraycopy(theta, slot.offset(), others, at, slot.size());
      }
    }
  }

  private static Sample with(Sample sample, Network network, float[] theta) {
    return new Sample(
        sample.seed(),
        network,
        theta,
        sample.rows(),
        sample.features(),
        sample.targets(),
        sample.targetColumns(),
        sample.stepKey(),
        sample.weights());
  }

  @Property
  void factorsOfOneChangeNoBit(
      @ForAll(supplier = Networks.Any.class) Sample sample, @ForAll WeightFormat format) {
    Network network = scaled(sample.network());
    float[] theta = network.initialParameters(0);
    copy(sample.network(), sample.theta(), network, theta);
    Sample scaled = with(sample, network, theta);
    assertArrayEquals(Plans.scores(sample, engine, format), Plans.scores(scaled, engine, format));
    float[] expected = Plans.gradient(sample, engine);
    float[] found = expected.clone();
    copy(network, Plans.gradient(scaled, engine), sample.network(), found);
    assertArrayEquals(expected, found);
  }

  /** Factors are powers of two, and the weights behind them divided by them. */
  @Property
  void factorsThatTheWeightsTakeBackChangeNoBitOfTheRest(
      @ForAll(supplier = Networks.Any.class) Sample sample) {
    Network network = scaled(sample.network().withoutPenalties());
    Layout layout = network.layout();
    float[] theta = network.initialParameters(0);
    copy(sample.network(), sample.theta(), network, theta);
    Random random = new Random(sample.seed());
    List<Network.Node> nodes = network.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).layer() instanceof Scaling) {
        Slot factors = nodes.get(i).slot(layout, Slot.Role.SCALE);
        Slot weights = nodes.get(i + 1).slot(layout, Slot.Role.WEIGHT);
        for (int k = 0; k < weights.rows(); k++) {
          float factor =
              (float) Math.scalb(random.nextBoolean() ? 1.0 : -1.0, random.nextInt(9) - 4);
          theta[factors.offset() + k] = factor;
          for (int j = 0; j < weights.columns(); j++) {
            theta[weights.offset() + k * weights.columns() + j] /= factor;
          }
        }
      }
    }
    Sample plain = with(sample, sample.network().withoutPenalties(), sample.theta());
    Sample scaled = with(sample, network, theta);
    assertArrayEquals(Plans.scores(plain, engine), Plans.scores(scaled, engine));
    float[] expected = Plans.gradient(plain, engine);
    float[] found = Plans.gradient(scaled, engine);
    for (Slot slot : plain.network().layout().slots()) {
      int at = layout.slot(slot.name()).offset();
      for (int i = 0; slot.role() != Slot.Role.WEIGHT && i < slot.size(); i++) {
        assertEquals(expected[slot.offset() + i], found[at + i], 0f, slot.name());
      }
    }
  }

  private static float[] normals(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** The error is at most 4(K + 8)·2⁻²⁴·(Σ|w′x| + |b|). */
  @Property
  void foldedFactorsAreWithinTheBoundOfTheReference(
      @ForAll @IntRange(min = 1, max = 70) int inputs,
      @ForAll @IntRange(min = 1, max = 120) int units,
      @ForAll boolean classic,
      @ForAll long seed) {
    Dropout dropout = Dropout.of(0.3);
    Network network =
        Network.inputs(inputs)
            .add(new Scaling())
            .add(classic ? dropout.withForm(Dropout.Form.CLASSIC) : dropout)
            .dense(units)
            .loss(new Loss.SquaredError());
    Random random = new Random(seed);
    float[] theta = normals(random, network.layout().size());
    float[] x = normals(random, inputs);
    Sample sample = new Sample(seed, network, theta, 1, x, new float[units], units, 0);
    double[] expected =
        sample.reference().logits(ReferenceNetwork.widen(theta), sample.referenceBatch().x())[0];
    float[] scores = Plans.scores(sample, engine);
    Slot factors = network.layout().slot("scaling0.scale");
    Slot weights = network.layout().slot("dense1.weight");
    Slot biases = network.layout().slot("dense1.bias");
    for (int j = 0; j < units; j++) {
      double sum = Math.abs(theta[biases.offset() + j]);
      for (int k = 0; k < inputs; k++) {
        double weight = theta[weights.offset() + k * units + j];
        sum += Math.abs(weight * theta[factors.offset() + k] * x[k]);
      }
      assertEquals(expected[j], scores[j], 4 * (inputs + 8) * 0x1p-24 * sum);
    }
  }

  private long heapBytes(Network network) {
    return PackedNetwork.pack(network, network.initialParameters(1), engine).heapBytes();
  }

  private static Network.Builder hidden() {
    return Network.inputs(9).dense(8).relu();
  }

  /** With the dropouts beside it, whichever stands first. */
  @Example
  void aProductTakesTheFactorsDirectlyBeforeIt() {
    Loss loss = new Loss.SquaredError();
    long plain = heapBytes(hidden().dense(2).loss(loss));
    for (Dropout.Form form : Dropout.Form.values()) {
      Dropout dropout = new Dropout(0.5, form);
      assertEquals(plain, heapBytes(hidden().add(new Scaling()).add(dropout).dense(2).loss(loss)));
      assertEquals(plain, heapBytes(hidden().add(dropout).add(new Scaling()).dense(2).loss(loss)));
    }
    Network before = Network.inputs(9).dense(8).add(new Scaling()).relu().dense(2).loss(loss);
    assertTrue(heapBytes(before) > plain);
  }

  @Example
  void thePlanNamesIt() {
    Network network =
        Network.inputs(3)
            .add(new Scaling())
            .dense(4)
            .activation(Activation.Function.TANH)
            .add(new Scaling())
            .dense(2)
            .loss(new Loss.SquaredError());
    String text = TrainingPlan.compile(network, 7, engine).describe();
    assertTrue(text.contains("scaling [7][3]"), text);
    assertTrue(text.contains("TANH + scaling: [7][3] -> [7][4]"), text);
  }

  @Example
  void twoBetweenTwoDenseLayersAreRefusedNamingBoth() {
    assertRefusedSaying(
        "layer 1: Scaling[], and layer 3: Scaling[]; expected a Dense between them, as both are"
            + " scaling0",
        () ->
            Network.inputs(3)
                .add(new Scaling())
                .relu()
                .add(new Scaling())
                .dense(2)
                .loss(new Loss.SquaredError()));
  }
}
