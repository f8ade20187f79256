package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.Networks.Sample;
import dev.lanewise.data.Batch;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Layer;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.Tag;

/**
 * The plan's gradient beside the reference's, layer by layer and loss by loss: of each kind, with
 * more rows and units than a task takes at once, and in parts.
 */
@Tag("kernels")
class PlanGradientTest {

  private static final long KEY = 77;

  /** Of the largest component of a tensor's gradient. */
  private static final double TOLERANCE = 3e-6;

  /** Of the largest of all: below batch norm a shift's gradient is 0, and rounding. */
  private static final double ROUNDING = 1e-6;

  private static final int ROWS = 300;

  /** Rows of a part; more than are summed at once. */
  private static final int PART = 70;

  private final Engine engine = Engine.standard();

  @Example
  void ofEveryActivation() {
    for (Activation.Function function : Activation.Function.values()) {
      isTheReferences(Network.inputs(5).dense(9).activation(function).dense(3).loss(squared()));
    }
  }

  @Example
  void ofEveryLoss() {
    for (Loss loss :
        List.of(
            squared(),
            new Loss.SoftmaxCrossEntropy(),
            new Loss.SoftmaxCrossEntropy(0.2f),
            new Loss.SigmoidCrossEntropy(),
            new Loss.SigmoidCrossEntropy(0.2f),
            new Loss.Poisson(),
            new Loss.Quantile(0.3f),
            new Loss.Huber(0.5f))) {
      isTheReferences(Network.inputs(5).dense(3).loss(loss));
    }
  }

  @Example
  void ofEveryPenalty() {
    for (Penalty penalty :
        List.of(
            Penalty.NONE,
            Penalty.l1(0.1),
            Penalty.l2(0.1),
            Penalty.l1(0.1).and(Penalty.l2(1)),
            Penalty.l1(0.1).withL1Form(Penalty.L1Form.SOFT_THRESHOLD).and(Penalty.l2(1)))) {
      isTheReferences(Network.inputs(5).add(new Dense(3).withPenalty(penalty)).loss(squared()));
    }
  }

  @Example
  void ofEveryNormAndDropoutOverManyUnits() {
    for (Layer norm : Arrays.asList(null, new BatchNorm(), new LayerNorm())) {
      for (Activation.Function function :
          List.of(
              Activation.Function.IDENTITY,
              Activation.Function.RELU,
              Activation.Function.SELU,
              Activation.Function.SILU,
              Activation.Function.MISH)) {
        isTheReferences(wide(norm, function, false));
        isTheReferences(wide(norm, function, true));
      }
    }
  }

  /** The same order stands on the inputs and behind a dense layer, and there is a ReLU more. */
  @Example
  void ofLayersInAnyOrder() {
    for (Layer norm : List.of(new BatchNorm(), new LayerNorm())) {
      for (Activation.Function function :
          List.of(
              Activation.Function.RELU,
              Activation.Function.SIGMOID,
              Activation.Function.LEAKY_RELU,
              Activation.Function.SILU)) {
        for (List<Layer> order : orders(List.of(norm, Activation.of(function), Dropout.of(0.3)))) {
          Network.Builder builder = Network.inputs(21);
          order.forEach(builder::add);
          builder.dense(70);
          order.forEach(builder::add);
          isTheReferences(builder.relu().dense(3).loss(squared()));
        }
      }
    }
  }

  /** Above layers whose derivatives read their values or arguments, and below such layers. */
  @Example
  void ofBlendsInAnyOrder() {
    for (Activation.Function function :
        List.of(
            Activation.Function.RELU,
            Activation.Function.TANH,
            Activation.Function.SELU,
            Activation.Function.MISH)) {
      for (Layer other :
          List.of(
              new LayerNorm(),
              Activation.of(Activation.Function.SIGMOID),
              Activation.of(Activation.Function.SILU))) {
        for (List<Layer> order : orders(List.of(Blend.of(function), other, Dropout.of(0.3)))) {
          Network.Builder builder = Network.inputs(21);
          order.forEach(builder::add);
          builder.dense(70);
          order.forEach(builder::add);
          isTheReferences(builder.dense(3).loss(squared()));
        }
      }
    }
  }

  private static List<List<Layer>> orders(List<Layer> layers) {
    List<List<Layer>> all = new ArrayList<>();
    if (layers.isEmpty()) {
      all.add(List.of());
    }
    for (int i = 0; i < layers.size(); i++) {
      List<Layer> rest = new ArrayList<>(layers);
      Layer first = rest.remove(i);
      for (List<Layer> behind : orders(rest)) {
        List<Layer> order = new ArrayList<>(List.of(first));
        order.addAll(behind);
        all.add(order);
      }
    }
    return all;
  }

  private static Network wide(Layer norm, Activation.Function function, boolean dropping) {
    Network.Builder builder = Network.inputs(5);
    if (dropping) {
      builder.dropout(0.2);
    }
    for (int units : new int[] {130, 70}) {
      builder.dense(units);
      if (norm != null) {
        builder.add(norm);
      }
      if (function != Activation.Function.IDENTITY) {
        builder.activation(function);
      }
      if (dropping) {
        builder.dropout(0.4);
      }
    }
    return builder.dense(3).loss(squared());
  }

  private static Loss squared() {
    return new Loss.SquaredError();
  }

  /** By its own masks and by given ones, at once and in parts. */
  private void isTheReferences(Network network) {
    Sample sample = sample(network);
    gradientsAgree(sample, Plans.batch(sample), sample.referenceBatch());
    Map<Integer, boolean[]> masks = masks(network);
    if (!masks.isEmpty()) {
      gradientsAgree(
          sample, Plans.batch(sample).withMasks(masks), sample.referenceBatch().withMasks(masks));
    }
  }

  private void gradientsAgree(Sample sample, Batch batch, ReferenceNetwork.Batch same) {
    double[] expected = sample.reference().gradient(sample.referenceTheta(), same);
    Network network = sample.network();
    int[] parts = network.normalizesBatches() ? new int[] {0} : new int[] {0, PART};
    for (int part : parts) {
      float[] found = new float[sample.theta().length];
      TrainingPlan.compile(network, ROWS, part, engine)
          .gradients(sample.theta(), batch, KEY, found);
      for (Slot slot : network.layout().slots()) {
        if (slot.role().trained()) {
          isClose(sample, slot, expected, found);
        }
      }
    }
  }

  private static void isClose(Sample sample, Slot slot, double[] expected, float[] found) {
    double largest = largest(expected, slot.offset(), slot.end());
    double all = largest(expected, 0, sample.network().layout().trained());
    for (int i = slot.offset(); i < slot.end(); i++) {
      int at = i - slot.offset();
      assertEquals(
          expected[i],
          found[i],
          TOLERANCE * largest + ROUNDING * all,
          () -> "%s[%d] of%n%s".formatted(slot.name(), at, sample));
    }
  }

  private static double largest(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).map(Math::abs).max().orElseThrow();
  }

  private static Sample sample(Network network) {
    float[] theta = network.initialParameters(3);
    for (Slot slot : network.layout().slots()) {
      for (int i = slot.offset(); slot.role() != Slot.Role.WEIGHT && i < slot.end(); i++) {
        theta[i] = (float) (0.5 + CounterRandom.uniform(4, i));
      }
    }
    float[] features = new float[ROWS * network.inputs()];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) CounterRandom.normal(5, i);
    }
    boolean classes = network.loss() instanceof Loss.SoftmaxCrossEntropy;
    int columns = classes ? 1 : network.outputs();
    float[] targets = new float[ROWS * columns];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = CounterRandom.below(6, i, classes ? network.outputs() : 2);
    }
    return new Sample(3, network, theta, ROWS, features, targets, columns, KEY);
  }

  /** A mask for each dropout: 0 for the inputs, n behind the n-th dense layer. */
  private static Map<Integer, boolean[]> masks(Network network) {
    Map<Integer, boolean[]> masks = new HashMap<>();
    for (Network.Node node : network.nodes()) {
      if (node.layer() instanceof Dropout) {
        masks.put(node.number(), mask(node.number(), node.outputs()));
      }
    }
    return masks;
  }

  private static boolean[] mask(int number, int units) {
    boolean[] mask = new boolean[ROWS * units];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = CounterRandom.below(8 + number, i, 3) > 0;
    }
    return mask;
  }
}
