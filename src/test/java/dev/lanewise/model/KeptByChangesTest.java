package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Standardizer;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.WeightFormat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What models keep when something of them is changed, and in rows behind the first block. */
final class KeptByChangesTest {

  private static final Engine ENGINE = Engine.standard();

  private static Encoder encoder(Target target) {
    return Encoder.of(true, List.of(new Column.Numeric("x", 0, false)), Optional.empty(), target);
  }

  private static Model binary(float weight) {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SigmoidCrossEntropy());
    return Model.of(network, new float[] {weight, 0}, ENGINE);
  }

  /** Everything that is said of a model besides its parameters. */
  private static String said(TrainedModel model) {
    return "%s, %s, %s, encoder of %s"
        .formatted(
            model.temperature(),
            model.threshold(),
            model.provenance().entries(),
            model.encoder().map(of -> of.columns().toString()).orElse("none"));
  }

  private static final Temperature WARM = new Temperature(2);
  private static final Threshold LOW = new Threshold(0.25f);
  private static final Provenance KNOWN = new Provenance(Map.of("seed", "7"));

  /** Whatever is changed last, the rest stays: the changes may come in any order. */
  @Property
  void aChangeOfAModelLeavesAllElse(
      @ForAll Random random, @ForAll @IntRange(min = 0, max = 6) int last) {
    Encoder encoder = encoder(new Target.Classes(List.of("no", "yes")));
    List<UnaryOperator<Model>> changes =
        List.of(
            m -> m.withTemperature(WARM),
            m -> m.withThreshold(LOW),
            m -> m.withProvenance(KNOWN),
            m -> m.withEncoder(encoder),
            m -> m.withWeightFormat(WeightFormat.BFLOAT16),
            m -> m.forServing(),
            m -> m);
    List<UnaryOperator<Model>> first = new ArrayList<>(changes.subList(0, 4));
    Collections.shuffle(first, random);
    Model model = binary(1);
    for (UnaryOperator<Model> change : first) {
      model = change.apply(model);
    }
    String expected =
        "%s, %s, %s, encoder of %s".formatted(WARM, LOW, KNOWN.entries(), encoder.columns());
    assertEquals(expected, said(model));
    assertEquals(expected, said(changes.get(last).apply(model)));
    Ensemble both = Ensemble.of(List.of(model, model.withTemperature(Temperature.NONE)));
    assertEquals(KNOWN, both.provenance());
    Ensemble changed = both.withThreshold(LOW).withTemperature(WARM).withProvenance(KNOWN);
    assertEquals(expected, said(changed));
    assertEquals(expected, said(changed.forServing()));
    assertEquals(expected, said(changed.withProvenance(KNOWN).withTemperature(WARM)));
  }

  /** A text stands for all models if it is the same in all: a name alone is not enough. */
  @Test
  void anEnsembleSaysOfItselfWhatAllItsModelsSay() {
    Model first = binary(1).withProvenance(new Provenance(Map.of("seed", "1", "data", "d")));
    Model second = binary(2).withProvenance(new Provenance(Map.of("seed", "2", "data", "d")));
    assertEquals(Map.of("data", "d"), Ensemble.of(List.of(first, second)).provenance().entries());
  }

  @Test
  void aProbabilityAtTheThresholdIsTheSecondClassAlsoInDecisions() {
    Model model = binary(1).withEncoder(encoder(new Target.Classes(List.of("no", "yes"))));
    double p = model.shared().decide(Map.of("x", -1.5f)).probability("yes");
    float nearest = (float) p;
    for (float threshold : new float[] {nearest, Math.nextUp(nearest), Math.nextDown(nearest)}) {
      Model strict = model.withThreshold(new Threshold(threshold));
      assertEquals(
          p >= threshold ? "yes" : "no", strict.shared().decide(Map.of("x", -1.5f)).label());
    }
    Model all = model.withThreshold(new Threshold(0));
    Model half = model.withTemperature(new Temperature(20));
    assertEquals("yes", all.shared().decide(Map.of("x", -2000)).label(), "p is 0");
    assertEquals("yes", half.shared().decide(Map.of("x", 0)).label(), "p is ½");
  }

  /** Models of three classes, each with a temperature of its own. */
  @Property
  void anEnsemblesLogitsTakeEachModelsOwnTemperature(
      @ForAll @IntRange(min = 2, max = 4) int count, @ForAll long seed) {
    Random random = new Random(seed);
    List<Model> models = new ArrayList<>();
    double[] mean = new double[3];
    for (int m = 0; m < count; m++) {
      float[] theta = new float[6];
      double sum = 0;
      for (int c = 0; c < 3; c++) {
        theta[3 + c] = (float) (4 * random.nextGaussian());
        sum += Math.exp(theta[3 + c] / (m + 1.0));
      }
      for (int c = 0; c < 3; c++) {
        mean[c] += Math.exp(theta[3 + c] / (m + 1.0)) / sum / count;
      }
      Network network = Network.inputs(1).dense(3).loss(new Loss.SoftmaxCrossEntropy());
      models.add(Model.of(network, theta, ENGINE).withTemperature(new Temperature(m + 1)));
    }
    float[] logits = new float[3];
    double[] probabilities = new double[3];
    Predictor predictor = Ensemble.of(models).predictor();
    predictor.logits(new float[1], 1, logits);
    predictor.probabilities(new float[1], 1, probabilities);
    for (int c = 0; c < 3; c++) {
      assertEquals(Math.log(mean[c]), logits[c], 1e-5 * Math.max(1, -Math.log(mean[c])));
      assertEquals(mean[c], probabilities[c], 1e-9);
    }
  }

  /** More rows than a block: each row's values are those it has alone, in its own place. */
  @Property(tries = 10)
  void valuesOfManyRowsAreThoseOfEachRowAlone(
      @ForAll @IntRange(min = 1, max = 3) int outputs,
      @ForAll @IntRange(min = 1, max = 3) int members,
      @ForAll boolean apart) {
    Random random = new Random(outputs + 10L * members);
    int rows = 600;
    List<Model> models = new ArrayList<>();
    double[] means = new double[outputs];
    double[] deviations = new double[outputs];
    for (int m = 0; m < members; m++) {
      Network network = Network.inputs(1).dense(outputs).loss(new Loss.SquaredError());
      float[] theta = new float[2 * outputs];
      for (int i = 0; i < outputs; i++) {
        theta[i] = (float) random.nextGaussian();
        theta[outputs + i] = (float) random.nextGaussian();
        if (m == 0 || apart) {
          means[i] = 1000 * random.nextGaussian();
          deviations[i] = 1 + random.nextDouble();
        }
      }
      Column column = new Column.Numeric("x", apart ? m : 0, false);
      Encoder its =
          Encoder.of(
              true,
              List.of(column),
              Optional.empty(),
              new Target.Values(Standardizer.of(means, deviations)));
      models.add(Model.of(network, theta, ENGINE).withEncoder(its));
    }
    TrainedModel model = members == 1 ? models.getFirst() : Ensemble.of(models);
    float[] features = new float[rows * model.columns()];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    Predictor predictor = model.predictor();
    double[] all = new double[rows * outputs];
    predictor.values(features, rows, all);
    float[] row = new float[model.columns()];
    double[] alone = new double[outputs];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(features, r * row.length, row, 0, row.length);
      predictor.values(row, 1, alone);
      for (int i = 0; i < outputs; i++) {
        assertEquals(alone[i], all[r * outputs + i], "row " + r + ", value " + i);
      }
    }
    assertEquals(rows, all.length / outputs);
  }

  /** A file of whole numbers beyond 32 bits keeps them. */
  @Test
  void wholeNumbersOfAFileKeepTheirSixtyFourBits() throws SafetensorsException {
    SafetensorsFile file =
        SafetensorsFile.of(
            SafetensorsFile.builder()
                .longs("steps", 1L << 40, -1, Long.MIN_VALUE)
                .build()
                .toBytes());
    assertArrayEquals(new long[] {1L << 40, -1, Long.MIN_VALUE}, file.longs("steps"));
  }
}
