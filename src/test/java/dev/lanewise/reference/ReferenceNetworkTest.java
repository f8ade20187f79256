package dev.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Norm;
import dev.lanewise.Networks.Sample;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ReferenceNetworkTest {

  @Provide
  Arbitrary<Sample> normalized() {
    return Networks.any(Norm.ALWAYS, 2);
  }

  @Property
  void inferenceOnTheMomentsOfABatchScoresItAsTrainingDoes(@ForAll("normalized") Sample sample) {
    List<Layer> kept =
        sample.network().layers().stream().filter(l -> !(l instanceof Dropout)).toList();
    Network network = new Network(sample.network().inputs(), kept, sample.network().loss());
    ReferenceNetwork reference = new ReferenceNetwork(network);
    ReferenceNetwork.Batch batch = sample.referenceBatch();
    double[] theta = sample.referenceTheta();
    double[] gradient = reference.gradient(theta, batch);
    int trained = reference.layout().trained();
    System.arraycopy(gradient, trained, theta, trained, theta.length - trained);
    for (Network.Node node : network.nodes()) {
      if (node.layer() instanceof BatchNorm norm
          && norm.variance() == BatchNorm.Variance.UNBIASED) {
        Slot variance = node.slot(reference.layout(), Slot.Role.VARIANCE);
        for (int i = variance.offset(); i < variance.end(); i++) {
          theta[i] *= (batch.rows() - 1.0) / batch.rows();
        }
      }
    }
    double[][] training = reference.trainingLogits(theta, batch);
    double[][] inference = reference.logits(theta, batch.x());
    for (int r = 0; r < training.length; r++) {
      double largest = Arrays.stream(training[r]).map(Math::abs).max().orElseThrow();
      assertArrayEquals(training[r], inference[r], 1e-9 * Math.max(1, largest));
    }
  }

  @Property
  void theLogitsAreWhatTheLastLayerHandsOn(@ForAll(supplier = Networks.Any.class) Sample sample) {
    ReferenceNetwork reference = sample.reference();
    double[][] x = sample.referenceBatch().x();
    double[] theta = sample.referenceTheta();
    List<ReferenceNetwork.LayerValues> values = reference.layerValues(theta, x);
    assertArrayEquals(reference.logits(theta, x), values.getLast().outputs());
    assertEquals(
        sample.network().nodes(), values.stream().map(ReferenceNetwork.LayerValues::node).toList());
    double[][] inputs = x;
    for (ReferenceNetwork.LayerValues of : values) {
      Tensors tensors = new Tensors(reference.layout(), theta);
      assertArrayEquals(TextbookLayer.of(of.node(), tensors).infer(inputs), of.outputs());
      assertEquals(of.node().outputs(), of.outputs()[0].length);
      inputs = of.outputs();
    }
  }

  @Property
  void givenMasksReplaceTheRandomOnes(@ForAll(supplier = Networks.Any.class) Sample sample) {
    ReferenceNetwork.Batch batch = sample.referenceBatch();
    Map<Integer, boolean[]> drawn = new HashMap<>();
    for (Network.Node node : sample.network().nodes()) {
      if (node.layer() instanceof Dropout dropout) {
        drawn.put(node.number(), drawn(sample, node, dropout));
      }
    }
    ReferenceNetwork.Batch replay =
        new ReferenceNetwork.Batch(
            batch.x(), batch.targets(), batch.weights(), drawn, batch.stepKey() + 1);
    ReferenceNetwork reference = sample.reference();
    double[] theta = sample.referenceTheta();
    assertArrayEquals(reference.gradient(theta, batch), reference.gradient(theta, replay));
  }

  /** The masks as the engine's contract states them: unit r·width + c of dropout n. */
  private static boolean[] drawn(Sample sample, Network.Node node, Dropout dropout) {
    boolean[] mask = new boolean[sample.rows() * node.inputs()];
    long key = CounterRandom.key(sample.stepKey(), node.number(), 0);
    for (int i = 0; i < mask.length; i++) {
      mask[i] = CounterRandom.kept(key, i, CounterRandom.threshold(dropout.keep()));
    }
    return mask;
  }

  @Test
  void maskUnitsRunAlongTheRows() {
    boolean[] kept = {true, false, true, false, false, true};
    double[][] masked =
        Masking.apply(kept, Dropout.keeping(0.5), new double[][] {{1, 2, 3}, {4, 5, 6}});
    assertArrayEquals(new double[][] {{2, 0, 6}, {0, 0, 12}}, masked);
  }

  @Test
  void lossesStayExactForScoresOfTenThousand() {
    double[][] scores = {{1e4, -1e4}};
    MeanLoss softmax = new MeanLoss(new Loss.SoftmaxCrossEntropy(), new double[][] {{1}});
    assertEquals(2e4, softmax.value(scores));
    assertArrayEquals(new double[] {1, -1}, softmax.gradient(scores)[0]);
    MeanLoss sigmoid = new MeanLoss(new Loss.SigmoidCrossEntropy(), new double[][] {{0, 1}});
    assertEquals(2e4, sigmoid.value(scores));
    assertArrayEquals(new double[] {1, -1}, sigmoid.gradient(scores)[0]);
  }

  @Test
  void twoClassesUnderSoftmaxAreOneOutputUnderSigmoid() {
    MeanLoss softmax = new MeanLoss(new Loss.SoftmaxCrossEntropy(), new double[][] {{1}, {0}});
    MeanLoss sigmoid = new MeanLoss(new Loss.SigmoidCrossEntropy(), new double[][] {{1}, {0}});
    double[][] pairs = {{0.3, 1.1}, {-0.2, 0.5}};
    double[][] differences = {{1.1 - 0.3}, {0.5 + 0.2}};
    assertEquals(sigmoid.value(differences), softmax.value(pairs), 1e-15);
    assertEquals(sigmoid.gradient(differences)[1][0], softmax.gradient(pairs)[1][1], 1e-15);
  }

  @Test
  void penaltiesPerExampleMustBeResolved() {
    Network network =
        Network.inputs(1)
            .add(new Dense(1).withPenalty(Penalty.l2PerExample(1)))
            .loss(new Loss.SquaredError());
    assertMessage("per example", () -> new ReferenceNetwork(network));
    new ReferenceNetwork(network.resolve(10));
  }

  @Test
  void argumentsThatDoNotFitAreNamed() {
    ReferenceNetwork reference =
        new ReferenceNetwork(
            Network.inputs(2)
                .dense(3)
                .batchNorm()
                .dropout(0.5)
                .dense(2)
                .loss(new Loss.SoftmaxCrossEntropy()));
    double[] theta = new double[reference.layout().size()];
    double[][] x = new double[4][2];
    double[][] y = new double[4][1];
    assertMessage(
        "theta: length 3", () -> reference.cost(new double[3], new ReferenceNetwork.Batch(x, y)));
    assertMessage("x: 1 columns", () -> reference.logits(theta, new double[4][1]));
    assertMessage("3 rows", () -> new ReferenceNetwork.Batch(x, new double[3][1]));
    assertMessage(
        "row 1 has 2 columns", () -> new ReferenceNetwork.Batch(new double[][] {{1}, {1, 2}}, y));
    assertMessage(
        "batch: x: 1 columns",
        () -> reference.cost(theta, new ReferenceNetwork.Batch(new double[4][1], y)));
    assertMessage(
        "3 target columns",
        () -> reference.cost(theta, new ReferenceNetwork.Batch(x, new double[4][3])));
    assertMessage(
        "at least 2",
        () ->
            reference.cost(theta, new ReferenceNetwork.Batch(new double[1][2], new double[1][1])));
    assertMessage(
        "target 2.0",
        () ->
            reference.cost(
                theta, new ReferenceNetwork.Batch(x, new double[][] {{0}, {1}, {2}, {0}})));
    Map<Integer, boolean[]> mask = Map.of(1, new boolean[11]);
    assertMessage(
        "mask 1 has 11 units; expected 12",
        () -> reference.cost(theta, new ReferenceNetwork.Batch(x, y).withMasks(mask)));
  }

  private static void assertMessage(String part, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void classNumbersMeanOneHotRows() {
    double[][] scores = {{0.3, -1.2, 2}, {1e4, 0, -1e4}};
    MeanLoss sparse = new MeanLoss(new Loss.SoftmaxCrossEntropy(), new double[][] {{2}, {1}});
    MeanLoss oneHot =
        new MeanLoss(new Loss.SoftmaxCrossEntropy(), new double[][] {{0, 0, 1}, {0, 1, 0}});
    assertEquals(oneHot.value(scores), sparse.value(scores));
    assertArrayEquals(oneHot.gradient(scores)[0], sparse.gradient(scores)[0]);
    assertArrayEquals(oneHot.gradient(scores)[1], sparse.gradient(scores)[1]);
  }

  @Property
  void normalizingForgetsTheScaleAndShiftOfItsInput(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 20) int rows,
      @ForAll @DoubleRange(min = 0.01, max = 100) double scale,
      @ForAll @DoubleRange(min = -100, max = 100) double shift) {
    Random random = new Random(seed);
    double[][] x = new double[rows][1];
    double[][] moved = new double[rows][1];
    for (int r = 0; r < rows; r++) {
      x[r][0] = random.nextGaussian();
      moved[r][0] = scale * x[r][0] + shift;
    }
    double epsilon = 1e-9;
    double[][] expected = normalization(epsilon).train(x);
    double[][] found = normalization(epsilon * scale * scale).train(moved);
    for (int r = 0; r < rows; r++) {
      assertEquals(expected[r][0], found[r][0], 1e-6);
    }
  }

  private static Normalization normalization(double epsilon) {
    double[] unused = new double[1];
    BatchNorm norm = new BatchNorm(epsilon, 0.9, BatchNorm.Variance.BIASED);
    return new Normalization(new double[] {3}, new double[] {12}, unused, unused, norm);
  }

  @Property
  void theStagedGradientOfNormalizingIsTheClosedForm(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 20) int rows) {
    Random random = new Random(seed);
    double[][] x = new double[rows][1];
    double[][] dy = new double[rows][1];
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      x[r][0] = random.nextGaussian();
      dy[r][0] = random.nextGaussian();
      sum += dy[r][0];
    }
    Normalization normalization = normalization(1e-5);
    double[][] y = normalization.train(x);
    double deviation = Math.sqrt(normalization.gradients().get("variance")[0][0] + 1e-5);
    double product = 0;
    for (int r = 0; r < rows; r++) {
      product += dy[r][0] * (y[r][0] - 12) / 3;
    }
    double[][] dx = normalization.backward(dy);
    for (int r = 0; r < rows; r++) {
      double closed = rows * dy[r][0] - sum - (y[r][0] - 12) / 3 * product;
      assertEquals(3 / (rows * deviation) * closed, dx[r][0], 1e-9 * (1 + 3 / deviation));
    }
  }
}
