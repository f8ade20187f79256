package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Temperature;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** An ensemble's logits are those of its mean probabilities, also where these are tiny. */
final class EnsembleLogitsTest {

  private static final Engine ENGINE = Engine.standard();

  /** A model whose logits are given, whatever the row. */
  private static Model constant(Loss loss, float... logits) {
    Network network = Network.inputs(1).dense(logits.length).loss(loss);
    float[] theta = new float[2 * logits.length];
    System.arraycopy(logits, 0, theta, logits.length, logits.length);
    return Model.of(network, theta, ENGINE);
  }

  private static double sigmoid(double z) {
    return z < 0 ? StrictMath.exp(z) / (1 + StrictMath.exp(z)) : 1 / (1 + StrictMath.exp(-z));
  }

  @Property
  void ofTwoClassesTheyAreTheLogOddsOfTheMean(
      @ForAll @Size(min = 1, max = 5) List<@FloatRange(min = -300, max = 300) Float> logits,
      @ForAll @IntRange(min = 1, max = 3) int temperature) {
    List<Model> models = new ArrayList<>();
    double second = 0;
    double first = 0;
    for (float z : logits) {
      models.add(
          constant(new Loss.SigmoidCrossEntropy(), z)
              .withTemperature(new Temperature(temperature)));
      second += sigmoid((double) z / temperature) / logits.size();
      first += sigmoid(-(double) z / temperature) / logits.size();
    }
    Predictor predictor = Ensemble.of(models).predictor();
    float[] logit = new float[1];
    double[] both = new double[2];
    predictor.logits(new float[1], 1, logit);
    predictor.probabilities(new float[1], 1, both);
    double expected = StrictMath.log(second) - StrictMath.log(first);
    assertEquals(expected, logit[0], 1e-6 * Math.max(1, Math.abs(expected)));
    assertEquals(second, both[1], 1e-12 * second);
    assertEquals(first, both[0], 1e-12 * first);
  }

  /** e^−800 is no double; its logarithm is. */
  @Test
  void theyAreFiniteWhereProbabilitiesAreNot() {
    Loss sigmoid = new Loss.SigmoidCrossEntropy();
    float[] out = new float[2];
    Ensemble.of(List.of(constant(sigmoid, 800), constant(sigmoid, 801)))
        .predictor()
        .logits(new float[1], 1, out);
    assertEquals(800 + StrictMath.log(2 / (1 + StrictMath.exp(-1))), out[0], 1e-4);
    Loss softmax = new Loss.SoftmaxCrossEntropy();
    Ensemble.of(List.of(constant(softmax, 0, 900), constant(softmax, 0, 900)))
        .predictor()
        .logits(new float[1], 1, out);
    assertArrayEquals(new float[] {-900, 0}, out);
  }

  @Property
  void ofSeveralClassesTheyAreTheLogarithmsOfTheMeans(
      @ForAll @Size(min = 1, max = 4)
          List<@Size(3) List<@FloatRange(min = -100, max = 100) Float>> logits) {
    List<Model> models = new ArrayList<>();
    double[] means = new double[3];
    for (List<Float> z : logits) {
      models.add(constant(new Loss.SoftmaxCrossEntropy(), z.get(0), z.get(1), z.get(2)));
      double largest = Math.max(z.get(0), Math.max(z.get(1), z.get(2)));
      double sum = 0;
      for (float value : z) {
        sum += StrictMath.exp(value - largest);
      }
      for (int c = 0; c < 3; c++) {
        means[c] += StrictMath.exp(z.get(c) - largest) / sum / logits.size();
      }
    }
    Predictor predictor = Ensemble.of(models).predictor();
    float[] out = new float[3];
    double[] probabilities = new double[3];
    predictor.logits(new float[1], 1, out);
    predictor.probabilities(new float[1], 1, probabilities);
    for (int c = 0; c < 3; c++) {
      double expected = StrictMath.log(means[c]);
      assertEquals(expected, out[c], 1e-6 * Math.max(1, Math.abs(expected)));
      assertEquals(means[c], probabilities[c], 1e-12 * means[c]);
    }
  }

  /** Above 1 a temperature draws the mean's probabilities together; they still are of sum 1. */
  @Test
  void theEnsemblesTemperatureDividesTheLogitsOfTheMean() {
    Loss sigmoid = new Loss.SigmoidCrossEntropy();
    Ensemble plain = Ensemble.of(List.of(constant(sigmoid, 3), constant(sigmoid, 1)));
    float[] logit = new float[1];
    plain.predictor().logits(new float[1], 1, logit);
    float[] tempered = new float[1];
    Ensemble warm = plain.withTemperature(new Temperature(2));
    warm.predictor().predict(new float[1], 1, tempered);
    assertEquals(sigmoid(logit[0] / 2.0), tempered[0], 1e-7);
    float[] same = new float[1];
    warm.predictor().logits(new float[1], 1, same);
    assertArrayEquals(logit, same);

    Loss softmax = new Loss.SoftmaxCrossEntropy();
    Predictor classes =
        Ensemble.of(List.of(constant(softmax, 3, 0, 1), constant(softmax, 1, 2, 0)))
            .withTemperature(new Temperature(2))
            .predictor();
    float[] p = new float[3 * 300];
    double[] wide = new double[3 * 300];
    classes.predict(new float[300], 300, p);
    classes.probabilities(new float[300], 300, wide);
    for (int i = 0; i < p.length; i++) {
      assertEquals((float) wide[i], p[i]);
    }
    assertEquals(1, wide[0] + wide[1] + wide[2], 1e-15);
  }

  @Test
  void valuesAreAveragedInOriginalUnitsWhateverTheLoss() {
    Ensemble ensemble =
        Ensemble.of(List.of(constant(new Loss.SquaredError(), 3), constant(new Loss.Poisson(), 0)));
    float[] out = new float[1];
    double[] value = new double[1];
    ensemble.predictor().predict(new float[1], 1, out);
    ensemble.predictor().values(new float[1], 1, value);
    assertEquals(2, out[0]);
    assertEquals(2, value[0]);
    ensemble.predictor().logits(new float[1], 1, out);
    assertEquals(2, out[0]);
    assertEquals(Loss.Link.IDENTITY, ensemble.link());
  }

  @Test
  void nanMakesNanOfItsRowOnly() {
    Network network = Network.inputs(1).dense(2).loss(new Loss.SoftmaxCrossEntropy());
    Model model = Model.of(network, new float[] {1, 2, 3, 4}, ENGINE);
    Predictor predictor =
        Ensemble.of(List.of(model, model)).withTemperature(new Temperature(2)).predictor();
    float[] out = new float[6];
    predictor.predict(new float[] {1, Float.NaN, 1}, 3, out);
    assertTrue(Float.isNaN(out[2]) && Float.isNaN(out[3]));
    assertEquals(out[0], out[4]);
    assertEquals(1, out[0] + out[1], 1e-6f);
  }
}
