package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.Allocation;
import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EnsembleTest {

  private static final Engine ENGINE = Engine.standard();

  @Property(tries = 100)
  void predictionIsTheMeanOfTheModelsPredictions(
      @ForAll(supplier = Networks.Any.class) Sample sample,
      @ForAll @IntRange(min = 1, max = 5) int size,
      @ForAll @IntRange(max = 600) int count) {
    List<Model> models = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      float[] theta = sample.theta().clone();
      for (int j = 0; j < sample.network().layout().trained(); j++) {
        theta[j] *= 1 + 0.1f * i;
      }
      models.add(Model.of(sample.network(), theta, ENGINE));
    }
    float[] rows = rows(sample, count);
    int numbers = count * sample.network().outputs();
    double[] expected = new double[numbers];
    for (Model model : models) {
      float[] one = new float[numbers];
      model.predictor().predict(rows, count, one);
      for (int i = 0; i < numbers; i++) {
        expected[i] += one[i];
      }
    }
    float[] actual = new float[numbers];
    Ensemble.of(models).predictor().predict(rows, count, actual);
    for (int i = 0; i < numbers; i++) {
      assertEquals((float) (expected[i] / size), actual[i]);
    }
  }

  private static float[] rows(Sample sample, int count) {
    Random random = new Random(sample.seed());
    float[] rows = new float[count * sample.network().inputs()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    return rows;
  }

  @Property(tries = 30)
  void equalModelsGiveWhatOneOfThemGives(
      @ForAll(supplier = Networks.Any.class) Sample sample,
      @ForAll @IntRange(min = 1, max = 7) int size) {
    Model model = Model.of(sample.network(), sample.theta(), ENGINE);
    Model[] models = new Model[size];
    Arrays.fill(models, model);
    float[] rows = rows(sample, 9);
    float[] expected = new float[9 * sample.network().outputs()];
    float[] actual = expected.clone();
    model.predictor().predict(rows, 9, expected);
    Ensemble.of(List.of(models)).predictor().predict(rows, 9, actual);
    assertArrayEquals(expected, actual);
  }

  @Example
  void modelsOfDifferentTasksAreRefused() {
    Network network = Network.inputs(2).dense(3).loss(new Loss.SoftmaxCrossEntropy());
    refused(network, Network.inputs(3).dense(3).loss(new Loss.SoftmaxCrossEntropy()), "3 columns");
    refused(network, Network.inputs(2).dense(4).loss(new Loss.SoftmaxCrossEntropy()), "4 outputs");
    refused(network, Network.inputs(2).dense(3).loss(new Loss.SigmoidCrossEntropy()), "Sigmoid");
    refused(network, Network.inputs(2).dense(3).loss(new Loss.SquaredError()), "values");
    IllegalArgumentException none =
        assertThrows(IllegalArgumentException.class, () -> Ensemble.of(List.of()));
    assertEquals("models: none; expected at least one", none.getMessage());
    Network huber = Network.inputs(2).dense(3).loss(new Loss.Huber(1));
    Network squared = Network.inputs(2).dense(3).loss(new Loss.SquaredError());
    assertEquals(2, Ensemble.of(List.of(model(huber), model(squared))).models().size());
  }

  @Example
  void modelsWhoseColumnsMeanOtherThingsAreRefused() {
    Column.Categorical colours = new Column.Categorical("colour", List.of("red", "blue"), false);
    Model first = encoded(new Column.Numeric("age", 3, false), colours);
    Model refitted = encoded(new Column.Numeric("age", 4, false), colours);
    Model renamed = encoded(new Column.Numeric("height", 3, false), colours);
    Model recoloured =
        encoded(
            new Column.Numeric("age", 3, false),
            new Column.Categorical("colour", List.of("red", "green"), false));
    for (Model fitting : List.of(refitted, recoloured)) {
      assertEquals(6, Ensemble.of(List.of(first, fitting)).columns());
    }
    for (Model other : List.of(renamed, model(first.network()))) {
      assertThrows(IllegalArgumentException.class, () -> Ensemble.of(List.of(first, other)));
    }
  }

  private static Model encoded(Column... columns) {
    Target classes = new Target.Classes(List.of("no", "yes"));
    return model(Network.inputs(3).dense(1).loss(new Loss.SigmoidCrossEntropy()))
        .withEncoder(Encoder.of(true, List.of(columns), Optional.empty(), classes));
  }

  private static Model model(Network network) {
    return Model.of(network, network.initialParameters(1), ENGINE);
  }

  private static void refused(Network first, Network second, String complaint) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Ensemble.of(List.of(model(first), model(second))));
    assertEquals(0, e.getMessage().indexOf("models: number 2 has "), e::getMessage);
    assertEquals(true, e.getMessage().split("; expected")[0].contains(complaint), e::getMessage);
  }

  @Example
  void arraysThatAreTooShortAreRefusedUntouched() {
    Predictor predictor =
        Ensemble.of(List.of(model(Network.inputs(2).dense(3).loss(new Loss.SoftmaxCrossEntropy()))))
            .predictor();
    float[] out = new float[8];
    assertThrows(IllegalArgumentException.class, () -> predictor.predict(new float[6], 3, out));
    assertThrows(IllegalArgumentException.class, () -> predictor.predict(new float[3], 2, out));
    assertThrows(IllegalArgumentException.class, () -> predictor.predict(new float[6], -1, out));
    assertArrayEquals(new float[8], out);
  }

  @Tag("allocation")
  @Example
  @Tag("kernels")
  void predictionAllocatesNothing() {
    Network network =
        Network.inputs(5).dense(9).relu().dense(3).loss(new Loss.SoftmaxCrossEntropy());
    Predictor predictor = Ensemble.of(List.of(model(network), model(network))).predictor();
    float[] rows = new float[300 * 5];
    float[] out = new float[300 * 3];
    Allocation.assertNone("predictions", 100, i -> predictor.predict(rows, 300, out));
  }

  /** Floats near 1e9 are 64 apart; the mean of three models is theirs before they are rounded. */
  @Test
  void theMeanOfValuesIsTakenInDouble() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    List<Model> models = new ArrayList<>();
    for (int m = 0; m < 3; m++) {
      Encoder encoder =
          Encoder.of(
              false,
              List.of(new Column.Numeric("x", 0, false), new Column.Label("y")),
              Optional.empty(),
              new Target.Values(1e9 + (m == 2 ? 33 : 24), 10));
      models.add(Model.of(network, new float[] {1, 0}, ENGINE).withEncoder(encoder));
    }
    float[] out = new float[1];
    Ensemble.of(models).predictor().predict(new float[] {0.7f, 0.7f, 0.7f}, 1, out);
    assertEquals((float) (1e9 + 27 + 10 * (double) 0.7f), out[0]); // of floats it would be 1e9
  }
}
