package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the models of an ensemble must have in common, and what they need not. */
class EnsembleTasksTest {

  private static final Engine ENGINE = Engine.standard();
  private static final Target YES_NO = new Target.Classes(List.of("no", "yes"));

  private static Model model(Target target, Loss loss, Column... columns) {
    Encoder encoder = Encoder.of(true, List.of(columns), Optional.empty(), target);
    Network network = Network.inputs(encoder.encodedColumns()).dense(target.outputs()).loss(loss);
    return Model.of(network, network.initialParameters(1), ENGINE).withEncoder(encoder);
  }

  private static Model yesNo(Column... columns) {
    return model(YES_NO, new Loss.SigmoidCrossEntropy(), columns);
  }

  private static void assertRefused(String found, String expected, Model first, Model second) {
    var e = assertThrows(IllegalArgumentException.class, () -> Ensemble.of(List.of(first, second)));
    assertEquals(
        "models: number 2 has %s; expected %s, as the first".formatted(found, expected),
        e.getMessage());
  }

  @Test
  void rawColumnsMustHaveTheSameNamesAndKindsInTheSameOrder() {
    Column age = new Column.Numeric("age", 3, false);
    Column sex = new Column.Categorical("sex", List.of("f"), false);
    assertRefused(
        "columns age number, 1 outputs, classes [no, yes]",
        "columns age number, sex category, 1 outputs, classes [no, yes]",
        yesNo(age, sex),
        yesNo(age));
    assertRefused(
        "columns sex category, age number, 1 outputs, classes [no, yes]",
        "columns age number, sex category, 1 outputs, classes [no, yes]",
        yesNo(age, sex),
        yesNo(sex, age));
    assertRefused(
        "columns age date, 1 outputs, classes [no, yes]",
        "columns age boolean, 1 outputs, classes [no, yes]",
        yesNo(new Column.Bool("age", true, false)),
        yesNo(new Column.Date("age", 3, false, Column.Range.UNKNOWN)));
    assertRefused(
        "columns age number, class label, 1 outputs, classes [no, yes]",
        "columns id ignored, age number, 1 outputs, classes [no, yes]",
        yesNo(new Column.Ignored("id"), age),
        yesNo(age, new Column.Label("class")));
  }

  /** Models of other folds: other medians, flags, categories; each takes its part of a row. */
  @Test
  void whatWasLearnedOfTheColumnsMayDiffer() throws SafetensorsException {
    Model one =
        yesNo(
            new Column.Numeric("age", 3, false),
            new Column.Categorical("sex", List.of("f", "m"), false));
    Model other =
        yesNo(
            new Column.Numeric("age", 4, true),
            new Column.Categorical("sex", List.of("f"), true, false));
    Ensemble both = Ensemble.of(List.of(one, other));
    assertEquals(3 + 4, both.columns());
    Encoder encoder = both.encoder().orElseThrow();
    assertEquals(
        List.of(one.encoder().orElseThrow(), other.encoder().orElseThrow()), encoder.parts());
    Ensemble read = (Ensemble) TrainedModel.of(both.toBytes());
    assertEquals(both.encoder(), read.encoder());
    float[] rows = new float[300 * both.columns()];
    for (int row = 0; row < 300; row++) {
      float[] encoded = encoder.encode(Arrays.asList(row % 7 == 0 ? null : row, sex(row)));
      System.arraycopy(encoded, 0, rows, row * encoded.length, encoded.length);
    }
    double[] probabilities = new double[600];
    float[] predictions = new float[300];
    read.predictor().probabilities(rows, 300, probabilities);
    read.predictor().predict(rows, 300, predictions);
    for (int row = 0; row < 300; row++) {
      List<Object> raw = Arrays.asList(row % 7 == 0 ? null : row, sex(row));
      double mean = (one.decide(raw).probability("yes") + other.decide(raw).probability("yes")) / 2;
      assertEquals(mean, probabilities[2 * row + 1], 1e-14);
      assertEquals(mean, predictions[row], 1e-6);
      assertEquals(mean, both.decide(raw).probability("yes"), 1e-14);
    }
  }

  private static String sex(int row) {
    return row % 3 == 0 ? "f" : row % 3 == 1 ? "m" : null;
  }

  /** Each model brings its own values back to original units. */
  @Test
  void eachModelRestoresItsOwnValues() {
    Column age = new Column.Numeric("age", 3, false);
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Model one = line(network, age, new Target.Values(1e9, 10));
    Model other = line(network, age, new Target.Values(2e9, 30));
    Ensemble both = Ensemble.of(List.of(one, other));
    assertEquals(1.5e9 + 20, both.decide(List.of(1)).value());
    Encoder encoder = both.encoder().orElseThrow();
    float[] out = new float[1];
    both.predictor().predict(encoder.encode(List.of(1)), 1, out);
    assertEquals((float) (1.5e9 + 20), out[0], 128);
  }

  private static Model line(Network network, Column column, Target target) {
    return Model.of(network, new float[] {1, 0}, ENGINE)
        .withEncoder(Encoder.of(true, List.of(column), Optional.empty(), target));
  }

  @Test
  void imagesMustHaveTheSameShape() {
    assertRefused(
        "columns pixels 3 x 2 x 1, 1 outputs, classes [no, yes]",
        "columns pixels 2 x 3 x 1, 1 outputs, classes [no, yes]",
        yesNo(new Column.Pixels(2, 3, 1)),
        yesNo(new Column.Pixels(3, 2, 1)));
  }

  @Test
  void classesMustBeTheSameInTheSameOrder() {
    Column age = new Column.Numeric("age", 3, false);
    assertRefused(
        "columns age number, 1 outputs, classes [yes, no]",
        "columns age number, 1 outputs, classes [no, yes]",
        yesNo(age),
        model(new Target.Classes(List.of("yes", "no")), new Loss.SigmoidCrossEntropy(), age));
  }

  @Test
  void valuesMayBeOfAnyLossAndScale() {
    Column age = new Column.Numeric("age", 3, false);
    Model squared = model(new Target.Values(1, 2), new Loss.SquaredError(), age);
    Model quantile = model(new Target.Values(3, 4), new Loss.Quantile(0.5f), age);
    assertEquals(2, Ensemble.of(List.of(squared, quantile)).models().size());
    assertRefused(
        "columns age number, 1 outputs, values",
        "columns age number, 1 outputs, classes [no, yes]",
        yesNo(age),
        squared);
  }

  /** Everything is compared with the first, also behind one that fits. */
  @Test
  void theModelThatDoesNotFitIsNumbered() {
    Column age = new Column.Numeric("age", 3, false);
    Model squared = model(new Target.Values(1, 2), new Loss.SquaredError(), age);
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Ensemble.of(List.of(squared, squared, yesNo(age))));
    assertEquals(
        0, e.getMessage().indexOf("models: number 3 has columns age number"), e::getMessage);
  }

  /** Arrays that end with the last row; 256 rows are passed on at once. */
  @Test
  void anEnsembleTakesNoRowsAndArraysOfJustItsRows() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Model one = Model.of(network, new float[] {1, 0}, ENGINE);
    Model three = Model.of(network, new float[] {3, 0}, ENGINE);
    Predictor predictor = Ensemble.of(List.of(one, three)).predictor();
    assertEquals(1, predictor.columns());
    assertEquals(1, predictor.outputs());
    predictor.predict(new float[0], 0, new float[0]);
    for (int count : new int[] {1, 255, 256, 257, 512}) {
      float[] rows = new float[count];
      float[] expected = new float[count];
      for (int i = 0; i < count; i++) {
        rows[i] = i;
        expected[i] = 2 * i;
      }
      float[] found = new float[count];
      predictor.predict(rows, count, found);
      assertArrayEquals(expected, found);
    }
  }

  @Test
  void aNegativeCountIsRefusedByName() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Predictor predictor = Ensemble.of(List.of(Model.of(network, new float[2], ENGINE))).predictor();
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> predictor.predict(new float[1], -1, new float[1]));
    assertEquals("count: -1; expected at least 0", e.getMessage());
  }

  @Test
  void aPredictorsRowsAreAsWideAsTheNetwork() {
    Network network = Network.inputs(3).dense(2).loss(new Loss.SoftmaxCrossEntropy());
    Predictor predictor = Model.of(network, network.initialParameters(1), ENGINE).predictor();
    assertEquals(3, predictor.columns());
    assertEquals(2, predictor.outputs());
  }
}
