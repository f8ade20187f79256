package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.Floats;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Dropout.Form;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Slot;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** What the forms of dropout have in common, and what parts them. */
@Tag("kernels")
class DropoutFormsTest {

  private static final Engine ENGINE = Engine.standard();

  /** Dropout on inputs and hidden units; null leaves it out. */
  private static Network network(int inputs, int units, Dropout dropout) {
    Network.Builder builder = Network.inputs(inputs);
    if (dropout != null) {
      builder.add(dropout);
    }
    builder.add(new Dense(units)).relu();
    if (dropout != null) {
      builder.add(dropout);
    }
    return builder.dense(3).loss(new Loss.SquaredError());
  }

  /** Parameters whose weights are multiplied by a factor. */
  private static float[] scaled(Network network, float[] theta, float factor) {
    float[] scaled = theta.clone();
    for (int i = 0; i < network.layout().decayed(); i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }

  private static float[] scores(Network network, float[] theta, float[] rows, int count) {
    float[] scores = new float[count * network.outputs()];
    InferencePlan.over(PackedNetwork.pack(network, theta, ENGINE))
        .scores(rows, 0, count, scores, 0);
    return scores;
  }

  @Property(tries = 60)
  void inferenceAfterClassicDropoutMultipliesTheWeightsThatFollow(
      @ForAll @IntRange(min = 1, max = 90) int inputs,
      @ForAll @IntRange(min = 1, max = 150) int units,
      @ForAll long seed) {
    Network classic = network(inputs, units, Dropout.keeping(0.86).withForm(Form.CLASSIC));
    Network none = network(inputs, units, null);
    float[] theta = Floats.normals(classic.layout().size(), seed);
    float[] rows = Floats.normals(5 * inputs, seed + 1);
    assertArrayEquals(
        scores(none, scaled(none, theta, 0.86f), rows, 5), scores(classic, theta, rows, 5));
  }

  /** The layer with the most inputs, of a whole group of units: no room is left beyond its rows. */
  @Example
  void inferenceAfterClassicDropoutTakesTheRowsThatThereAre() {
    inferenceAfterClassicDropoutMultipliesTheWeightsThatFollow(130, 64, 1);
  }

  @Property(tries = 60)
  void inferenceAfterInvertedDropoutChangesNothing(
      @ForAll @IntRange(min = 1, max = 20) int inputs, @ForAll long seed) {
    Network inverted = network(inputs, 7, Dropout.keeping(0.86));
    float[] theta = Floats.normals(inverted.layout().size(), seed);
    float[] rows = Floats.normals(5 * inputs, seed + 1);
    assertArrayEquals(
        scores(network(inputs, 7, null), theta, rows, 5), scores(inverted, theta, rows, 5));
  }

  /** With a keep of 1/2 the factors are exact, so the forms agree bit for bit. */
  @Property(tries = 60)
  void classicTrainingIsInvertedTrainingOnScaledWeights(
      @ForAll @IntRange(min = 1, max = 40) int inputs,
      @ForAll @IntRange(min = 1, max = 70) int units,
      @ForAll long seed) {
    Network inverted = network(inputs, units, Dropout.keeping(0.5));
    Network classic = network(inputs, units, Dropout.keeping(0.5).withForm(Form.CLASSIC));
    float[] theta = Floats.normals(inverted.layout().size(), seed);
    float[] half = scaled(inverted, theta, 0.5f);
    Batch batch =
        Batch.of(Dataset.of(Floats.normals(6 * inputs, seed), inputs, Floats.normals(18, seed), 3));
    float[] ofClassic = new float[theta.length];
    float[] ofInverted = new float[theta.length];
    double loss = TrainingPlan.compile(classic, 6, ENGINE).gradients(theta, batch, seed, ofClassic);
    assertEquals(
        loss, TrainingPlan.compile(inverted, 6, ENGINE).gradients(half, batch, seed, ofInverted));
    assertArrayEquals(ofInverted, scaled(inverted, ofClassic, 2));
  }

  /** Over all masks of a linear layer's inputs, each as probable as it is. */
  @Example
  void bothFormsExpectInTrainingWhatInferenceScores() {
    double keep = 0.86;
    double[][] x = {{0.5, -2, 1.5, 3}};
    for (Form form : Form.values()) {
      Network network =
          Network.inputs(4)
              .add(Dropout.keeping(keep).withForm(form))
              .dense(2)
              .loss(new Loss.SquaredError());
      ReferenceNetwork reference = new ReferenceNetwork(network);
      double[] theta = {1, -1, 0.5, 2, 3, 0.25, -2, 1, 0.1, 0.2};
      double[] expected = new double[2];
      for (int mask = 0; mask < 16; mask++) {
        boolean[] kept = new boolean[4];
        double probability = 1;
        for (int i = 0; i < 4; i++) {
          kept[i] = (mask >> i & 1) == 1;
          probability *= kept[i] ? keep : 1 - keep;
        }
        ReferenceNetwork.Batch batch =
            new ReferenceNetwork.Batch(x, new double[1][2]).withMasks(Map.of(0, kept));
        double[] scores = reference.trainingLogits(theta, batch)[0];
        expected[0] += probability * scores[0];
        expected[1] += probability * scores[1];
      }
      assertArrayEquals(expected, reference.logits(theta, x)[0], 1e-12, form::toString);
    }
  }

  @Example
  void classicDropoutBeforeBatchNormIsFoldedWithIt() {
    Network network =
        Network.inputs(5)
            .add(Dropout.keeping(0.8).withForm(Form.CLASSIC))
            .dense(70)
            .batchNorm()
            .relu()
            .dense(2)
            .loss(new Loss.SquaredError());
    float[] theta = Floats.normals(network.layout().size(), 3);
    Slot variance = network.layout().slot("norm1.variance");
    for (int i = variance.offset(); i < variance.end(); i++) {
      theta[i] = 0.5f + theta[i] * theta[i];
    }
    float[] rows = Floats.normals(10, 4);
    float[] scores = scores(network, theta, rows, 2);
    double[][] expected =
        new ReferenceNetwork(network)
            .logits(ReferenceNetwork.widen(theta), ReferenceNetwork.Batch.of(2, rows, rows, 0).x());
    for (int i = 0; i < 4; i++) {
      assertEquals(expected[i / 2][i % 2], scores[i], 1e-4);
    }
  }
}
