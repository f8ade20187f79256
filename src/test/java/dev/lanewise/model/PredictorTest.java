package dev.lanewise.model;

import static dev.lanewise.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.Floats;
import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Standardizer;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.metric.Temperature;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

@Tag("kernels")
class PredictorTest {

  private static final int MANY = 500; // more rows than are standardised at a time

  private final Engine engine = Engine.standard();

  @Property
  void rowsHaveTheSameBitsInAnyBatch(
      @ForAll(supplier = Networks.Any.class) Sample sample,
      @ForAll @IntRange(min = 1, max = MANY) int count) {
    Model model = Model.of(sample.network(), sample.theta(), engine);
    int columns = sample.network().inputs();
    int outputs = sample.network().outputs();
    float[] rows = Floats.normals(count * columns, sample.seed());
    float[] together = new float[count * outputs];
    Predictor predictor = model.predictor();
    predictor.predict(rows, count, together);
    float[] alone = new float[outputs];
    for (int row = 0; row < count; row += 1 + count / 7) {
      predictor.predict(Arrays.copyOfRange(rows, row * columns, (row + 1) * columns), 1, alone);
      assertBits(Arrays.copyOfRange(together, row * outputs, (row + 1) * outputs), alone);
    }
  }

  @Property
  void nanReachesItsRowOnly(
      @ForAll(supplier = Networks.Any.class) Sample sample,
      @ForAll @IntRange(min = 0, max = 1000) int place) {
    Model model = Model.of(sample.network(), sample.theta(), engine);
    int outputs = sample.network().outputs();
    int broken = place % sample.features().length;
    int brokenRow = broken / sample.network().inputs();
    float[] rows = sample.features().clone();
    rows[broken] = Float.NaN;
    float[] out = new float[sample.rows() * outputs];
    float[] whole = out.clone();
    model.predictor().predict(rows, sample.rows(), out);
    model.predictor().predict(sample.features(), sample.rows(), whole);
    for (int i = 0; i < out.length; i++) {
      if (i / outputs == brokenRow) {
        assertTrue(Float.isNaN(out[i]), () -> Arrays.toString(out));
      } else {
        assertEquals(whole[i], out[i]);
      }
    }
  }

  @Property(tries = 40) // each try starts threads
  void threadsDoNotShow(@ForAll(supplier = Networks.Any.class) Sample sample) {
    Model one = Model.of(sample.network(), sample.theta(), engine);
    Model two =
        Model.of(
            sample.network(),
            sample.theta(),
            engine.withParallel(Parallel.on(task -> new Thread(task).start(), 2)));
    float[] rows = Floats.normals(100 * sample.network().inputs(), sample.seed());
    float[] expected = new float[100 * sample.network().outputs()];
    float[] found = expected.clone();
    one.predictor().predict(rows, 100, expected);
    two.predictor().predict(rows, 100, found);
    assertBits(expected, found);
  }

  @Property
  void softmaxGivesProbabilitiesInTheOrderOfTheScores(
      @ForAll(supplier = Networks.Any.class) Sample sample) {
    Network network =
        new Network(
            sample.network().inputs(), sample.network().layers(), loss(sample.network().outputs()));
    Predictor predictor = Model.of(network, sample.theta(), engine).predictor();
    int outputs = network.outputs();
    float[] scores = new float[sample.rows() * outputs];
    float[] probabilities = scores.clone();
    predictor.logits(sample.features(), sample.rows(), scores);
    predictor.predict(sample.features(), sample.rows(), probabilities);
    for (int row = 0; row < sample.rows(); row++) {
      double sum = 0;
      for (int i = row * outputs; i < (row + 1) * outputs; i++) {
        double expected =
            outputs == 1
                ? 1 / (1 + Math.exp(-scores[i]))
                : softmax(
                    Arrays.copyOfRange(scores, row * outputs, (row + 1) * outputs), i % outputs);
        assertEquals(expected, probabilities[i], 1e-6);
        sum += probabilities[i];
      }
      assertTrue(outputs == 1 || Math.abs(sum - 1) < 1e-5, () -> Arrays.toString(probabilities));
    }
  }

  @Property
  void probabilitiesAreThoseOfTheScoresDividedByTheTemperature(
      @ForAll(supplier = Networks.Any.class) Sample sample,
      @ForAll @FloatRange(min = Temperature.LEAST, max = Temperature.MOST) float temperature) {
    int outputs = sample.network().outputs();
    Network network =
        new Network(sample.network().inputs(), sample.network().layers(), loss(outputs));
    Model plain = Model.of(network, sample.theta(), engine);
    Model warm = plain.withTemperature(new Temperature(temperature));
    float[] scores = new float[sample.rows() * outputs];
    float[] expected = scores.clone();
    plain.predictor().logits(sample.features(), sample.rows(), scores);
    warm.predictor().logits(sample.features(), sample.rows(), expected);
    assertBits(scores, expected);
    for (int i = 0; i < scores.length; i++) {
      scores[i] = scores[i] / temperature;
    }
    if (outputs == 1) {
      engine.kernels().sigmoid(scores, 0, expected, 0, scores.length);
    } else {
      engine.kernels().softmax(scores, 0, expected, 0, sample.rows(), outputs);
    }
    float[] found = new float[scores.length];
    warm.predictor().predict(sample.features(), sample.rows(), found);
    assertBits(expected, found);
    float[] alone = new float[outputs];
    for (int row = 0; row < sample.rows(); row++) {
      int inputs = network.inputs();
      warm.predictor()
          .predict(
              Arrays.copyOfRange(sample.features(), row * inputs, (row + 1) * inputs), 1, alone);
      assertBits(Arrays.copyOfRange(expected, row * outputs, (row + 1) * outputs), alone);
    }
  }

  @Property
  void poissonPredictsTheMean(@ForAll(supplier = Networks.Any.class) Sample sample) {
    Network network =
        new Network(sample.network().inputs(), sample.network().layers(), new Loss.Poisson());
    Predictor predictor = Model.of(network, sample.theta(), engine).predictor();
    float[] scores = new float[sample.rows() * network.outputs()];
    float[] means = scores.clone();
    predictor.logits(sample.features(), sample.rows(), scores);
    predictor.predict(sample.features(), sample.rows(), means);
    for (int i = 0; i < scores.length; i++) {
      double expected = Math.exp(scores[i]);
      assertEquals(expected, means[i], 1e-6 * Math.max(1e-30, expected));
    }
  }

  private static Loss loss(int outputs) {
    return outputs == 1 ? new Loss.SigmoidCrossEntropy() : new Loss.SoftmaxCrossEntropy();
  }

  private static double softmax(float[] scores, int index) {
    double sum = 0;
    for (float score : scores) {
      sum += Math.exp(score - scores[index]);
    }
    return 1 / sum;
  }

  @Example
  void valuesWithoutAScaleAreTheScores() {
    Network network = Network.inputs(3).dense(4).relu().dense(2).loss(new Loss.SquaredError());
    Model model = Model.of(network, network.initialParameters(5), engine);
    float[] rows = Floats.normals(MANY * 3, 3);
    float[] values = new float[MANY * 2];
    model.predictor().predict(rows, MANY, values);
    assertBits(scoresOf(model, rows), values);
  }

  /** The encoder has standardised them, and nobody does so again. */
  @Example
  void encodedRowsAreTheNetworksInputs() {
    Network network = Network.inputs(3).dense(4).relu().dense(2).loss(new Loss.SquaredError());
    float[] rows = Floats.normals(MANY * 3, 3);
    Standardizer standardizer =
        Standardizer.of(new double[] {0.1, -2, 30}, new double[] {1.5, 0.25, 7});
    Target.Values values =
        new Target.Values(Standardizer.of(new double[] {100, -3}, new double[] {7, 0.5}));
    Model plain = Model.of(network, network.initialParameters(5), engine);
    Predictor encoded =
        plain
            .withEncoder(
                Encoder.of(
                    false, List.of(new Column.Pixels(3, 1, 1)), Optional.of(standardizer), values))
            .predictor();
    float[] expected = scoresOf(plain, rows);
    float[] original = rows.clone();
    float[] found = new float[MANY * 2];
    encoded.logits(rows, MANY, found);
    assertBits(expected, found);
    values.restore(expected, MANY);
    encoded.predict(rows, MANY, found);
    assertBits(expected, found);
    assertBits(original, rows);
  }

  private static float[] scoresOf(Model model, float[] rows) {
    int count = rows.length / model.network().inputs();
    float[] scores = new float[count * model.network().outputs()];
    model.predictor().logits(rows, count, scores);
    return scores;
  }

  @Example
  void sigmoidCrossEntropyPredictsTheSigmoidOfTheScore() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SigmoidCrossEntropy());
    Predictor predictor = Model.of(network, new float[] {1, 0}, engine).predictor();
    float[] out = new float[3];
    predictor.predict(new float[] {-2, 0, 3}, 3, out);
    assertArrayEquals(new float[] {0.11920292f, 0.5f, 0.95257413f}, out, 1e-6f);
  }

  @Example
  void extremeScoresGiveProbabilities() {
    Network network = Network.inputs(2).dense(2).loss(new Loss.SoftmaxCrossEntropy());
    Predictor predictor = Model.of(network, new float[] {1, 0, 0, 1, 0, 0}, engine).predictor();
    float[] out = new float[4];
    predictor.predict(new float[] {1e4f, -1e4f, -1e4f, -1e4f}, 2, out);
    assertArrayEquals(new float[] {1, 0, 0.5f, 0.5f}, out);
  }

  @Example
  void wrongArgumentsAreRefusedBeforeAnythingIsWritten() {
    Network network = Network.inputs(3).dense(2).loss(new Loss.SoftmaxCrossEntropy());
    Predictor predictor = Model.of(network, network.initialParameters(0), engine).predictor();
    float[] out = {7, 7, 7, 7};
    assertRefused("count: -1; expected at least 0", () -> predictor.predict(new float[6], -1, out));
    assertRefused(
        "rows: length 5; expected at least 6, 2 rows of 3",
        () -> predictor.predict(new float[5], 2, out));
    assertRefused(
        "out: length 4; expected at least 6, 3 rows of 2",
        () -> predictor.predict(new float[9], 3, out));
    assertRefused(
        "rows: length 6; expected at least 6442450941, 2147483647 rows of 3",
        () -> predictor.predict(new float[6], Integer.MAX_VALUE, out));
    predictor.predict(new float[0], 0, out);
    assertArrayEquals(new float[] {7, 7, 7, 7}, out);
  }

  @Example
  void warmingUpChangesNoPrediction() {
    Network network =
        Network.inputs(3).dense(5).batchNorm().relu().dense(2).loss(new Loss.SoftmaxCrossEntropy());
    Model model = Model.of(network, network.initialParameters(4), engine);
    float[] rows = Floats.normals(MANY * 3, 5);
    float[] expected = new float[MANY * 2];
    float[] found = expected.clone();
    model.predictor().predict(rows, MANY, expected);
    Predictor warm = model.predictor();
    warm.warmUp();
    warm.predict(rows, MANY, found);
    assertBits(expected, found);
  }

  @Tag("allocation")
  @Example
  void predictionsAllocateNothing() {
    Network network =
        Network.inputs(9)
            .dense(33)
            .batchNorm()
            .relu()
            .dense(3)
            .loss(new Loss.SoftmaxCrossEntropy());
    float[] rows = Floats.normals(MANY * 9, 1);
    Encoder encoder =
        Encoder.of(
            false,
            List.of(new Column.Pixels(9, 1, 1)),
            Optional.of(
                Standardizer.of(
                    IntStream.range(0, 9).mapToDouble(c -> 0.1 * c).toArray(),
                    IntStream.range(0, 9).mapToDouble(c -> 1 + 0.3 * c).toArray())),
            new Target.Classes(List.of("a", "b", "c")));
    Predictor predictor =
        Model.of(network, network.initialParameters(2), engine)
            .withEncoder(encoder)
            .withTemperature(new Temperature(1.5f))
            .predictor();
    float[] out = new float[MANY * 3];
    Allocation.assertNone("predictions", 100, i -> predictor.predict(rows, MANY, out));
  }

  private static void assertBits(float[] expected, float[] found) {
    assertEquals(expected.length, found.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(Float.floatToIntBits(expected[i]), Float.floatToIntBits(found[i]));
    }
  }
}
