package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Column;
import dev.lanewise.data.DataException;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Standardizer;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** One row's answer: labels and probabilities, or values, in double. */
final class DecisionTest {

  private static final Engine ENGINE = Engine.standard();

  private static Encoder encoder(Target target) {
    return Encoder.of(true, List.of(new Column.Numeric("x", 0, false)), Optional.empty(), target);
  }

  /** A model whose logit is w·x + b. */
  private static Model binary(float w, float b) {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SigmoidCrossEntropy());
    return Model.of(network, new float[] {w, b}, ENGINE)
        .withEncoder(encoder(new Target.Classes(List.of("no", "yes"))));
  }

  /** A model whose logits are given, whatever the row. */
  private static Model classes(float... logits) {
    Network network = Network.inputs(1).dense(logits.length).loss(new Loss.SoftmaxCrossEntropy());
    float[] theta = new float[2 * logits.length];
    System.arraycopy(logits, 0, theta, logits.length, logits.length);
    String[] labels = new String[logits.length];
    Arrays.setAll(labels, i -> "class " + (char) ('a' + i));
    return Model.of(network, theta, ENGINE)
        .withEncoder(encoder(new Target.Classes(List.of(labels))));
  }

  private static void assertClose(double expected, double actual) {
    assertEquals(expected, actual, 4 * Math.ulp(expected));
  }

  /** e^−|z| / (1 + e^−|z|) has no cancellation, and below −37 it is e^z to the last bit. */
  @Property
  void bothProbabilitiesOfTwoClassesAreAccurate(
      @ForAll @FloatRange(min = -700, max = 700) float z) {
    Decision decision = binary(0, z).decide(List.of(1));
    double small = StrictMath.exp(-Math.abs((double) z));
    assertClose(small / (1 + small), decision.probability(z < 0 ? "yes" : "no"));
    assertClose(1 / (1 + small), decision.probability(z < 0 ? "no" : "yes"));
    assertEquals(z >= 0 ? "yes" : "no", decision.label());
    assertEquals(decision.probability(decision.label()), decision.probability());
    assertEquals(List.of("no", "yes"), List.copyOf(decision.probabilities().keySet()));
  }

  @Property
  void theLikeliestOfSeveralClassesIsTakenTheFirstOfEqualOnes(
      @ForAll @Size(min = 3, max = 6) List<@IntRange(min = -600, max = 600) Integer> logits) {
    float[] z = new float[logits.size()];
    for (int c = 0; c < z.length; c++) {
      z[c] = logits.get(c);
    }
    Decision decision = classes(z).decide(Map.of("x", 2));
    int best = 0;
    double sum = 0;
    for (int c = 0; c < z.length; c++) {
      best = z[c] > z[best] ? c : best;
    }
    for (float value : z) {
      sum += StrictMath.exp((double) value - z[best]);
    }
    assertEquals("class " + (char) ('a' + best), decision.label());
    for (int c = 0; c < z.length; c++) {
      assertEquals(
          StrictMath.exp((double) z[c] - z[best]) / sum,
          decision.probability("class " + (char) ('a' + c)),
          1e-14);
    }
  }

  @Test
  void temperatureAndThresholdDecideAsTheModelSays() {
    Model model = binary(1, 0);
    assertEquals("yes", model.decide(List.of(1)).label());
    Model strict = model.withThreshold(new Threshold(0.75f));
    assertEquals("no", strict.decide(List.of(1)).label());
    assertEquals("yes", strict.decide(List.of(1.1)).label());
    assertEquals("no", strict.withTemperature(new Temperature(2)).decide(List.of(1.1)).label());
    assertClose(
        1 / (1 + StrictMath.exp(-2)),
        model.withTemperature(new Temperature(0.5f)).decide(List.of(1)).probability());
    assertEquals("yes", model.decide(List.of(0)).label(), "a logit of 0 is positive");
    assertEquals("no", model.decide(List.of(-1e-30)).label(), "though its probability is 0.5");
  }

  /** Floats near 1e9 are 64 apart; a decision is not. */
  @Test
  void valuesAreInOriginalUnitsInDouble() {
    Network network = Network.inputs(1).dense(2).loss(new Loss.SquaredError());
    Target target =
        new Target.Values(Standardizer.of(new double[] {1e9, -3}, new double[] {10, 2}));
    Model model =
        Model.of(network, new float[] {1, 0, 0, 0.5f}, ENGINE).withEncoder(encoder(target));
    Decision decision = model.decide(List.of(0.7f));
    assertFalse(decision.hasLabel());
    assertArrayEquals(new double[] {1e9 + 10 * (double) 0.7f, -2}, decision.values());
    assertEquals("[%s, -2.0]".formatted(1e9 + 10 * (double) 0.7f), decision.toString());
  }

  @Test
  void aMeanUnderPoissonsLossIsItsExponential() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.Poisson());
    Model model =
        Model.of(network, new float[] {1, 0}, ENGINE)
            .withEncoder(encoder(Target.Values.unscaled(1)));
    assertEquals(StrictMath.exp(3), model.decide(List.of(3)).value());
  }

  @Test
  void whatAModelDoesNotPredictIsRefusedByName() {
    Decision label = binary(1, 0).decide(List.of(1));
    assertTrue(label.hasLabel());
    assertRefused(label::value, "value: the model predicts a label");
    assertRefused(label::values, "values: the model predicts a label");
    Network network = Network.inputs(1).dense(2).loss(new Loss.SquaredError());
    Decision values =
        Model.of(network, new float[4], ENGINE)
            .withEncoder(encoder(Target.Values.unscaled(2)))
            .decide(List.of(1));
    assertRefused(values::label, "label: the model predicts values");
    assertRefused(values::probability, "label: the model predicts values");
    assertRefused(values::probabilities, "label: the model predicts values");
    assertRefused(values::value, "value: the model predicts 2 values");
    Model bare = Model.of(network, new float[4], ENGINE);
    assertRefused(() -> bare.decide(List.of(1)), "this model has no encoder");
    double[] out = new double[4];
    assertRefused(
        () -> bare.predictor().probabilities(new float[1], 1, out), "probabilities: this predicts");
    assertRefused(
        () -> binary(1, 0).predictor().values(new float[1], 1, out), "values: this predicts");
  }

  private enum Colour {
    RED,
    BLUE
  }

  private record Thing(double size, Colour colour, Boolean whole) {}

  private static TrainedModel things() {
    Encoder encoder =
        Encoder.of(
            true,
            List.of(
                new Column.Numeric("size", 3, false, new Column.Range(0, 10)),
                new Column.Categorical("colour", List.of("BLUE", "RED"), false),
                new Column.Bool("whole", true, false),
                new Column.Label("kind")),
            Optional.empty(),
            new Target.Classes(List.of("no", "yes")));
    Network network =
        Network.inputs(encoder.encodedColumns()).dense(1).loss(new Loss.SigmoidCrossEntropy());
    return Model.of(network, new float[] {1, 2, 3, 4, 5}, ENGINE).withEncoder(encoder);
  }

  @Test
  void aRecordAMapAndAListOfTheSameValuesAreDecidedAlike() {
    TrainedModel model = things();
    double expected = 1 / (1 + StrictMath.exp(-(2 + 3 + 4 + 5)));
    Decision ofRecord = model.decide(new Thing(2, Colour.RED, true));
    Decision ofMap = model.decide(Map.of("size", 2, "colour", "RED", "whole", "yes"));
    Decision ofList = model.decide(List.of(2L, Colour.RED, true));
    Decision ofEncoder =
        model
            .shared()
            .decide(
                new Thing(2, Colour.RED, true),
                model
                    .encoder()
                    .orElseThrow()
                    .forRecords(Thing.class, java.lang.invoke.MethodHandles.lookup()));
    for (Decision decision : List.of(ofRecord, ofMap, ofList, ofEncoder)) {
      assertClose(expected, decision.probability("yes"));
      assertEquals(List.of(), decision.missing());
      assertEquals(List.of(), decision.unknown());
      assertEquals(List.of(), decision.outOfRange());
    }
  }

  /** What one row lacks is not said of the next. */
  @Test
  void aDecisionSaysWhatTheRowLacked() {
    TrainedModel model = things();
    Decision poor = model.decide(new Thing(11, null, null));
    assertEquals(List.of("size"), poor.outOfRange());
    assertEquals(List.of("colour", "whole"), poor.missing());
    Decision odd = model.decide(Map.of("colour", "green", "size", 5));
    assertEquals(List.of("colour"), odd.unknown());
    assertEquals(List.of("whole"), odd.missing());
    assertEquals(List.of(), odd.outOfRange());
    assertEquals(List.of("size"), poor.outOfRange());
    assertEquals(List.of(), model.decide(List.of(5, "RED", true)).missing());
  }

  private static void assertRefused(Runnable call, String says) {
    String message = assertThrows(IllegalStateException.class, call::run).getMessage();
    assertTrue(message.startsWith(says), message);
  }

  @Property(tries = 50)
  void probabilitiesAndValuesOfManyRowsAreThoseOfEach(@ForAll @IntRange(max = 600) int count) {
    float[] rows = new float[count];
    for (int i = 0; i < count; i++) {
      rows[i] = i / 7f - 30;
    }
    Predictor binary = binary(1, 0.5f).predictor();
    double[] all = new double[2 * count];
    binary.probabilities(rows, count, all);
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Predictor line =
        Model.of(network, new float[] {2, 1}, ENGINE)
            .withEncoder(encoder(new Target.Values(1e9, 10)))
            .predictor();
    double[] values = new double[count];
    line.values(rows, count, values);
    double[] one = new double[2];
    for (int i = 0; i < count; i++) {
      binary.probabilities(new float[] {rows[i]}, 1, one);
      assertArrayEquals(one, Arrays.copyOfRange(all, 2 * i, 2 * i + 2));
      line.values(new float[] {rows[i]}, 1, one);
      assertEquals(one[0], values[i]);
    }
  }

  /** Parameters are finite, their products need not be. */
  @Test
  void nothingIsDecidedOnNaN() {
    Network network = Network.inputs(1).dense(2).dense(1).loss(new Loss.SigmoidCrossEntropy());
    float[] theta = {3e38f, 3e38f, 0, 0, 3e38f, -3e38f, 0};
    TrainedModel model =
        Model.of(network, theta, ENGINE)
            .withEncoder(encoder(new Target.Classes(List.of("no", "yes"))));
    DataException e = assertThrows(DataException.class, () -> model.decide(List.of(3e38f)));
    assertTrue(e.getMessage().contains("NaN"), e.getMessage());
    assertEquals("yes", model.decide(List.of(0)).label());
    DataException absent = assertThrows(DataException.class, () -> model.decide(List.of("1e38")));
    assertTrue(absent.getMessage().contains("missing: none"), absent.getMessage());
  }
}
