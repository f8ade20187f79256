package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Initializer.Distribution;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.Tag;

/** What is seen of the layers during training, and what is warned of. */
class ObservationTest {

  private static final Engine ENGINE = Engine.standard();
  private static final Initializer HE = new Initializer.He(Distribution.NORMAL);

  @Example
  void observingChangesNoBits() {
    Training plain = Training.start(Samples.recipe().withEpochs(4), Samples.data(), ENGINE);
    Training seen = Training.start(Samples.recipe().withEpochs(4), Samples.data(), ENGINE);
    seen.finishEpoch();
    assertEquals(Optional.empty(), seen.observation());
    seen.observe();
    plain.forEach(epoch -> {});
    seen.forEach(epoch -> assertEquals(epoch.number(), seen.observation().orElseThrow().epoch()));
    assertArrayEquals(plain.latestParameters(), seen.latestParameters());
  }

  @Example
  void oneEpochInSoManyIsObservedTheFirstAmongThem() {
    Training training = Training.start(Samples.recipe().withEpochs(7), Samples.data(), ENGINE);
    training.observe(3);
    List<Integer> observed = new ArrayList<>();
    training.forEach(epoch -> observed.add(training.observation().orElseThrow().epoch()));
    assertEquals(List.of(1, 1, 1, 4, 4, 4, 7), observed);
  }

  @Example
  void theLossOfAStepIsThatOfItsBatchBeforeTheUpdate() {
    Recipe recipe = Samples.recipe().withBatchSize(0).withEpochs(3);
    Training training = Training.start(recipe, Samples.data(), ENGINE);
    assertTrue(Double.isNaN(training.stepLoss()));
    training.forEach(
        epoch -> assertEquals(epoch.trainingLoss(), training.stepLoss(), "epoch " + epoch));
  }

  @Example
  @Tag("kernels")
  void numbersAreThoseOfTheirDefinitions() {
    Network network =
        Network.inputs(3)
            .add(new Dense(256).withPenalty(Penalty.l2(0.1)))
            .relu()
            .dense(5)
            .activation(Activation.Function.TANH)
            .dense(3)
            .loss(new Loss.SoftmaxCrossEntropy());
    Dataset rows = Samples.classes(41, 3, 1);
    float[] before = network.initialParameters(3);
    int bias = network.layout().slot("dense1.bias").offset();
    for (int unit = 0; unit < 7; unit++) {
      before[bias + unit] = -1000;
    }
    Recipe recipe = Recipe.of(network, Optimizer.adam(0.01)).withBatchSize(0);
    Training training = Training.start(recipe, TrainingData.of(rows), before, ENGINE);
    training.observe();
    training.step();
    TrainingPlan plan = TrainingPlan.compile(network, 41, ENGINE);
    float[] gradient = new float[before.length];
    plan.gradients(before, Batch.of(rows), 0, gradient);
    float[] after = training.latestParameters();
    List<Observation.Layer> layers = training.observation().orElseThrow().layers();
    double[] activations = widen(rows.features());
    for (int i = 0; i < 3; i++) {
      Observation.Layer layer = layers.get(i);
      Slot weight = network.layout().slot("dense" + (i + 1) + ".weight");
      Slot shift = network.layout().slot("dense" + (i + 1) + ".bias");
      activations = output(activations, before, weight, shift, i);
      assertEquals("dense" + (i + 1), layer.layer());
      assertEquals(weight.size(), layer.weights());
      assertEquals(
          Math.sqrt(squares(activations) / activations.length), layer.activationRms(), 1e-5);
      assertEquals(i == 0 ? dead(activations, 256) / 256.0 : 0, layer.deadShare(), 1e-12);
      assertTrue(i > 0 || layer.deadShare() >= 7 / 256.0);
      double norm = norm(gradient, weight);
      assertEquals(norm, layer.gradientNorm(), 1e-5 * norm);
      assertEquals(norm / Math.sqrt(weight.size()), layer.gradientRms(), 1e-5 * norm);
      float[] moved = after.clone();
      for (int j = 0; j < moved.length; j++) {
        moved[j] -= before[j];
      }
      double ratio = norm(moved, weight) / norm(before, weight);
      assertEquals(ratio, layer.updateRatio(), 1e-4 * ratio);
    }
  }

  private static double[] widen(float[] values) {
    return ReferenceAverages.widen(values);
  }

  /** The layer's activation: ReLU, tanh, none. */
  private static double[] output(double[] x, float[] theta, Slot weight, Slot bias, int layer) {
    int in = weight.rows();
    int out = weight.columns();
    double[] y = new double[x.length / in * out];
    for (int i = 0; i < y.length; i++) {
      double z = theta[bias.offset() + i % out];
      for (int k = 0; k < in; k++) {
        z += x[i / out * in + k] * theta[weight.offset() + k * out + i % out];
      }
      y[i] = layer == 0 ? Math.max(z, 0) : layer == 1 ? Math.tanh(z) : z;
    }
    return y;
  }

  private static int dead(double[] outputs, int columns) {
    int dead = 0;
    for (int column = 0; column < columns; column++) {
      double sum = 0;
      for (int i = column; i < outputs.length; i += columns) {
        sum += outputs[i];
      }
      dead += sum == 0 ? 1 : 0;
    }
    return dead;
  }

  private static double squares(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return sum;
  }

  private static double norm(float[] values, Slot slot) {
    double sum = 0;
    for (int i = slot.offset(); i < slot.end(); i++) {
      sum += (double) values[i] * values[i];
    }
    return Math.sqrt(sum);
  }

  /** Hidden layers of one width, then one output. */
  private static Network deep(
      int depth, int width, Activation.Function function, Initializer initializer) {
    Network.Builder builder = Network.inputs(width);
    for (int i = 1; i < depth; i++) {
      builder = builder.add(new Dense(width).withInitializer(initializer)).activation(function);
    }
    return builder.add(new Dense(1).withInitializer(initializer)).loss(new Loss.Huber(1));
  }

  /** One step of tiny rate on normal inputs, with targets of magnitude 1. */
  private static Observation observed(Network network) {
    Random random = new Random(5);
    int rows = 64;
    float[] features = new float[rows * network.inputs()];
    float[] targets = new float[rows];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < rows; i++) {
      targets[i] = random.nextBoolean() ? 1 : -1;
    }
    Recipe recipe = Recipe.of(network, Optimizer.sgd(1e-20)).withBatchSize(0);
    Training training =
        Training.start(
            recipe, TrainingData.of(Dataset.of(features, network.inputs(), targets, 1)), ENGINE);
    training.observe();
    training.step();
    return training.observation().orElseThrow();
  }

  @Example
  void deepSigmoidNetworkFromStandardNormalWeightsVanishes() {
    Initializer standard = new Initializer.Fixed(1, Distribution.NORMAL);
    List<String> warnings = observed(deep(20, 8, Activation.Function.SIGMOID, standard)).warnings();
    assertTrue(warnings.getFirst().startsWith("vanishing: dense1, "), warnings::toString);
    assertTrue(warnings.stream().noneMatch(w -> w.startsWith("exploding")), warnings::toString);
  }

  @Example
  void startTenTimesTooLargeExplodes() {
    Initializer tooLarge = new Initializer.Fixed(10 * Math.sqrt(2.0 / 64), Distribution.NORMAL);
    List<String> warnings = observed(deep(8, 64, Activation.Function.RELU, tooLarge)).warnings();
    assertTrue(
        warnings.stream().anyMatch(w -> w.startsWith("exploding: dense4, ")), warnings::toString);
    assertTrue(warnings.stream().noneMatch(w -> w.contains(": dense1, ")), warnings::toString);
  }

  @Example
  void overflowExplodes() {
    Observation.Layer layer =
        new Observation.Layer("dense1", 4, Double.POSITIVE_INFINITY, 0, Double.NaN, 0);
    assertEquals(
        List.of("exploding: dense1, a number is not finite"),
        new Observation(1, List.of(layer)).warnings());
  }

  @Example
  void anInfiniteGradientDoesNotMakeOthersVanish() {
    Observation.Layer healthy = new Observation.Layer("dense1", 4, 1, 0, 2, 1e-3);
    Observation.Layer infinite =
        new Observation.Layer("dense2", 4, 1, 0, Double.POSITIVE_INFINITY, 1e-3);
    assertEquals(
        List.of("exploding: dense2, a number is not finite"),
        new Observation(1, List.of(healthy, infinite)).warnings());
  }

  @Example
  void eachThresholdIsWarnedOfAboveAndNotBelow() {
    warned("vanishing: dense1, ", layer(1, 0, 0.99e-3, 0), layer(1, 0, 1.01e-3, 0));
    warned("exploding: dense1, ", layer(1, 0, 1.01e3, 0), layer(1, 0, 0.99e3, 0));
    warned("exploding: dense1, ", layer(1001, 0, 1, 0), layer(999, 0, 1, 0));
    warned("exploding: dense1, ", layer(1, 0, 1, 0.101), layer(1, 0, 1, 0.099));
    warned("dead: dense1, ", layer(1, 0.51, 1, 0), layer(1, 0.5, 1, 0));
    warned("vanishing: dense1, ", layer(1, 0, 0, 0), layer(1, 0, 1, Double.POSITIVE_INFINITY));
  }

  private static Observation.Layer layer(double rms, double dead, double gradient, double ratio) {
    return new Observation.Layer("dense1", 9, rms, dead, 3 * gradient, ratio);
  }

  /** Above is a healthy layer with a gradient of root mean square 1. */
  private static void warned(String start, Observation.Layer bad, Observation.Layer good) {
    Observation.Layer above = new Observation.Layer("dense2", 4, 1, 0, 2, 1e-3);
    List<String> warnings = new Observation(1, List.of(bad, above)).warnings();
    assertEquals(1, warnings.size(), warnings::toString);
    assertTrue(warnings.getFirst().startsWith(start), warnings::toString);
    assertEquals(List.of(), new Observation(1, List.of(good, above)).warnings());
  }

  @Example
  void deadUnitsAreWarnedOf() {
    Network network =
        Network.inputs(2).dense(4).relu().dense(3).loss(new Loss.SoftmaxCrossEntropy());
    float[] theta = network.initialParameters(0);
    int bias = network.layout().slot("dense1.bias").offset();
    for (int unit = 0; unit < 3; unit++) {
      theta[bias + unit] = -100;
    }
    Training training =
        Training.start(
            Recipe.of(network, Optimizer.sgd(0.001)),
            TrainingData.of(Samples.classes(50, 1)),
            theta,
            ENGINE);
    training.observe();
    training.finishEpoch();
    assertEquals(
        List.of("dead: dense1, 75 % of its units are 0 for every row"),
        training.observation().orElseThrow().warnings());
  }

  @Example
  void healthyTrainingIsNotWarnedOf() {
    Training training =
        Training.start(
            Samples.recipe().withOptimizer(Optimizer.adam(1e-3)), Samples.data(), ENGINE);
    training.observe();
    training.forEach(
        epoch -> assertEquals(List.of(), training.observation().orElseThrow().warnings()));
  }

  /** Π of factors below or above 1 over the depth: linear layers with deviation s/√n. */
  @Example
  void gradientOfTheFirstLayerShrinksOrGrowsGeometricallyWithDepth() {
    for (double scale : new double[] {0.5, 2}) {
      Initializer initializer = new Initializer.Fixed(scale / Math.sqrt(128), Distribution.NORMAL);
      double[] norms = new double[4];
      for (int i = 0; i < 4; i++) {
        Network network = deep(4 + 4 * i, 128, Activation.Function.IDENTITY, initializer);
        norms[i] = Math.log(observed(network).layers().getFirst().gradientNorm());
      }
      for (int i = 1; i < 4; i++) {
        double expected = 4 * i * Math.log(scale);
        assertEquals(expected, norms[i] - norms[0], 0.25 * Math.abs(expected), "scale " + scale);
      }
    }
  }

  @Example
  void heKeepsTheSecondMomentOverTwentyReluLayersAndLeCunForTanhAndSelu() {
    List<Observation.Layer> he = observed(deep(21, 256, Activation.Function.RELU, HE)).layers();
    for (Observation.Layer layer : he.subList(0, 20)) {
      assertEquals(0, Math.log(layer.activationRms()), Math.log(2), layer.toString());
    }
    Initializer leCun = new Initializer.LeCun(Distribution.NORMAL);
    List<Observation.Layer> tanh =
        observed(deep(21, 256, Activation.Function.TANH, leCun)).layers();
    double first = tanh.getFirst().activationRms();
    for (Observation.Layer layer : tanh.subList(0, 20)) {
      assertTrue(layer.activationRms() > first / 5, layer.toString());
    }
    for (Observation.Layer layer :
        observed(deep(21, 256, Activation.Function.SELU, leCun)).layers().subList(0, 20)) {
      assertEquals(0, Math.log(layer.activationRms()), 0.25, layer.toString());
    }
    Initializer half = new Initializer.Fixed(Math.sqrt(0.5 / 256), Distribution.NORMAL);
    double lost =
        observed(deep(21, 256, Activation.Function.RELU, half)).layers().get(19).activationRms();
    assertEquals(-10, Math.log(lost) / Math.log(4), 2, "a quarter of the variance is half the RMS");
  }
}
