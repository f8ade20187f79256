package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Temperature;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The weights of an ensemble's models in its mean, and the digest of its parameters. */
final class EnsembleWeightsTest {

  private static final Engine ENGINE = Engine.standard();
  private static final Network NETWORK =
      Network.inputs(2).dense(3).relu().dense(1).loss(new Loss.SigmoidCrossEntropy());

  private static List<Model> models(Sample sample, int size) {
    List<Model> models = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      float[] theta = sample.theta().clone();
      for (int j = 0; j < sample.network().layout().trained(); j++) {
        theta[j] *= 1 + 0.3f * i;
      }
      models.add(Model.of(sample.network(), theta, ENGINE));
    }
    return models;
  }

  private static float[] rows(Sample sample, int count) {
    Random random = new Random(sample.seed());
    float[] rows = new float[count * sample.network().inputs()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    return rows;
  }

  private static float[] predicted(Ensemble ensemble, float[] rows, int count) {
    float[] out = new float[count * ensemble.outputs()];
    ensemble.predictor().predict(rows, count, out);
    return out;
  }

  private static float[] logits(Ensemble ensemble, float[] rows, int count) {
    float[] out = new float[count * ensemble.outputs()];
    ensemble.predictor().logits(rows, count, out);
    return out;
  }

  private static void assertClose(float[] expected, float[] actual) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-6 * Math.max(1, Math.abs(expected[i])));
    }
  }

  @Property
  void aWeightIsAModelThatIsThereSoOften(
      @ForAll(supplier = Networks.Any.class) Sample sample,
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 5) Integer> counts) {
    List<Model> models = models(sample, counts.size());
    List<Model> repeated = new ArrayList<>();
    for (int m = 0; m < models.size(); m++) {
      for (int i = 0; i < counts.get(m); i++) {
        repeated.add(models.get(m));
      }
    }
    Ensemble weighted =
        Ensemble.of(models).withWeights(counts.stream().mapToDouble(c -> c).toArray());
    Ensemble expected = Ensemble.of(repeated);
    float[] rows = rows(sample, 9);
    assertClose(predicted(expected, rows, 9), predicted(weighted, rows, 9));
    assertClose(logits(expected, rows, 9), logits(weighted, rows, 9));
  }

  @Property
  void onlyRatiosOfWeightsCount(
      @ForAll(supplier = Networks.Any.class) Sample sample,
      @ForAll @Size(3) List<@IntRange(min = 1, max = 1000) Integer> weights,
      @ForAll @IntRange(min = -5, max = 5) int exponent) {
    Ensemble plain = Ensemble.of(models(sample, 3));
    double[] once = weights.stream().mapToDouble(w -> w).toArray();
    double[] scaled = Arrays.stream(once).map(w -> w * Math.pow(10, exponent)).toArray();
    float[] rows = rows(sample, 5);
    assertClose(
        predicted(plain.withWeights(once), rows, 5), predicted(plain.withWeights(scaled), rows, 5));
    assertClose(
        logits(plain.withWeights(once), rows, 5), logits(plain.withWeights(scaled), rows, 5));
  }

  @Property
  void aWeightedRowHasTheSameBitsInAnyBatch(
      @ForAll(supplier = Networks.Any.class) Sample sample,
      @ForAll @IntRange(min = 2, max = 300) int count) {
    Ensemble ensemble = Ensemble.of(models(sample, 3)).withWeights(0.3, 2, 7);
    float[] rows = rows(sample, count);
    int columns = sample.network().inputs();
    int outputs = ensemble.outputs();
    float[] all = predicted(ensemble, rows, count);
    int last = count - 1;
    float[] alone =
        predicted(ensemble, Arrays.copyOfRange(rows, last * columns, count * columns), 1);
    assertArrayEquals(Arrays.copyOfRange(all, last * outputs, count * outputs), alone);
  }

  @Property
  void weightsSurviveSavingBitwise(
      @ForAll(supplier = Networks.Any.class) Sample sample,
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = -9000, max = 9000) Integer> exponents)
      throws Exception {
    double[] given = exponents.stream().mapToDouble(e -> Math.pow(10, e / 1000.0)).toArray();
    Ensemble ensemble = Ensemble.of(models(sample, given.length)).withWeights(given);
    byte[] bytes = ensemble.toBytes();
    Ensemble read = (Ensemble) TrainedModel.of(bytes);
    assertArrayEquals(given, read.weights());
    assertArrayEquals(bytes, read.toBytes());
    float[] rows = rows(sample, 3);
    assertArrayEquals(predicted(ensemble, rows, 3), predicted(read, rows, 3));
  }

  private static Model model(long seed) {
    return Model.of(NETWORK, NETWORK.initialParameters(seed), ENGINE);
  }

  private static Ensemble two() {
    return Ensemble.of(List.of(model(1), model(2)));
  }

  /** So files of before weights are read, and equal ones are written as they were. */
  @Test
  void modelsThatAllWeighOneNeedNoWeightsInTheFile() throws Exception {
    assertArrayEquals(new double[] {1, 1}, two().weights());
    assertArrayEquals(two().toBytes(), two().withWeights(1, 1).toBytes());
    String file = new String(two().toBytes(), StandardCharsets.ISO_8859_1);
    assertFalse(file.contains("\"weights\""), file);
    assertArrayEquals(new double[] {1, 1}, ((Ensemble) TrainedModel.of(two().toBytes())).weights());
  }

  @Test
  void aChangeOfAnEnsembleLeavesItsWeights() {
    Ensemble ensemble = two().withWeights(3, 1);
    double[] expected = {3, 1};
    assertArrayEquals(
        expected, ensemble.withTemperature(new Temperature(2)).weights(), "temperature");
    assertArrayEquals(
        expected, ensemble.withProvenance(Provenance.UNKNOWN).weights(), "provenance");
    assertArrayEquals(expected, ensemble.forServing().weights(), "serving form");
    ensemble.weights()[0] = 7;
    assertArrayEquals(expected, ensemble.weights(), "a copy");
  }

  @Test
  void weightsThatAreNoneAreRefused() {
    refused("weights: 1 numbers; expected one for each of the 2 models", 1);
    refused("weights: 3 numbers; expected one for each of the 2 models", 1, 1, 1);
    for (double bad :
        new double[] {
          0, -1, Double.NaN, Double.POSITIVE_INFINITY, 9e-10, 1.1e9, Double.MAX_VALUE
        }) {
      refused("weights: %s for model 2; expected a number from 1e-9 to 1e9".formatted(bad), 1, bad);
    }
  }

  private static void refused(String says, double... weights) {
    Ensemble ensemble = two();
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ensemble.withWeights(weights));
    assertEquals(says, e.getMessage());
  }

  private static void refusedInAFile(String weights, String says) {
    SafetensorsFile.Builder builder =
        SafetensorsFile.builder()
            .metadata("lanewise", "1")
            .metadata("provenance", "{}")
            .metadata("models", "2")
            .metadata("weights", weights);
    for (int i = 1; i <= 2; i++) {
      builder
          .parameters("model" + i + ".", NETWORK.layout(), new float[NETWORK.layout().size()])
          .metadata("model" + i + ".network", NetworkJson.write(NETWORK).toString())
          .metadata("model" + i + ".provenance", "{}");
    }
    byte[] bytes = builder.build().toBytes();
    String message =
        assertThrows(SafetensorsException.class, () -> TrainedModel.of(bytes)).getMessage();
    assertTrue(message.contains(says), message);
  }

  @Test
  void weightsOfAFileThatAreNoneAreRefused() {
    refusedInAFile("2", "weights: expected an array");
    refusedInAFile("[1,\"2\"]", "weights[1]: expected a number");
    refusedInAFile("[1,1e999]", "weights[1]: ");
    refusedInAFile("[1,0]", "weights: 0.0 for model 2");
    refusedInAFile("[1,2,3]", "weights: more than 2 numbers; expected so many");
    refusedInAFile("[1]", "weights: 1 numbers; expected one for each of the 2 models");
    refusedInAFile("[1,2", "metadata \"weights\": ");
    refusedInAFile("[1,2] 3", "metadata \"weights\": ");
  }

  @Test
  void theDigestIsThatOfTheBytesOfAllParametersInTheFile() throws Exception {
    Ensemble ensemble = two().withWeights(3, 1);
    byte[] file = ensemble.toBytes();
    long header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(file, 8 + (int) header, file.length - 8 - (int) header);
    String expected = HexFormat.of().formatHex(digest.digest());
    assertEquals(expected, ensemble.parametersSha256());
    assertEquals(expected, ensemble.forServing().parametersSha256());
    assertEquals(expected, ensemble.forServing().forServing().parametersSha256());
    assertEquals(model(1).parametersSha256(), Ensemble.of(List.of(model(1))).parametersSha256());
    Ensemble unknown = Ensemble.of(List.of(model(1).forServing(), model(2)));
    assertThrows(IllegalStateException.class, unknown::parametersSha256);
    assertThrows(IllegalStateException.class, unknown.forServing()::parametersSha256);
  }

  @Tag("allocation")
  @Example
  @Tag("kernels")
  void aWeightedPredictionAllocatesNothing() {
    Network network =
        Network.inputs(5).dense(9).relu().dense(3).loss(new Loss.SoftmaxCrossEntropy());
    Model one = Model.of(network, network.initialParameters(1), ENGINE);
    Model other = Model.of(network, network.initialParameters(2), ENGINE);
    Predictor predictor = Ensemble.of(List.of(one, other)).withWeights(2, 5).predictor();
    float[] rows = new float[300 * 5];
    float[] out = new float[300 * 3];
    Allocation.assertNone("predictions", 100, i -> predictor.predict(rows, 300, out));
  }
}
