package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ensemble is one file, which is written, read and checked as a model's is. */
final class EnsembleFileTest {

  private static final Engine ENGINE = Engine.standard();
  private static final Network NETWORK =
      Network.inputs(2).dense(3).relu().dense(1).loss(new Loss.SigmoidCrossEntropy());

  @TempDir Path folder;

  @Property
  void anEnsembleSurvivesSavingBitwise(
      @ForAll(supplier = Networks.Any.class) Sample sample,
      @ForAll @IntRange(min = 1, max = 4) int size)
      throws IOException {
    List<Model> models = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      float[] theta = sample.theta().clone();
      theta[0] += i;
      models.add(
          Model.of(sample.network(), theta, ENGINE)
              .withProvenance(Provenance.UNKNOWN.with("seed", Integer.toString(i))));
    }
    Ensemble ensemble = Ensemble.of(models).withProvenance(Provenance.UNKNOWN.with("folds", "5"));
    byte[] bytes = ensemble.toBytes();
    Ensemble read = assertInstanceOf(Ensemble.class, TrainedModel.of(bytes));
    assertArrayEquals(bytes, read.toBytes());
    assertEquals(ensemble.provenance(), read.provenance());
    assertEquals(size, read.models().size());
    for (int i = 0; i < size; i++) {
      assertArrayEquals(models.get(i).toBytes(), read.models().get(i).toBytes());
    }
    float[] expected = new float[sample.rows() * sample.network().outputs()];
    float[] actual = expected.clone();
    ensemble.predictor().predict(sample.features(), sample.rows(), expected);
    read.predictor().predict(sample.features(), sample.rows(), actual);
    assertArrayEquals(expected, actual);
  }

  private static Model model(long seed) {
    return Model.of(NETWORK, NETWORK.initialParameters(seed), ENGINE);
  }

  private static Encoder encoder(String... labels) {
    List<Column> columns =
        List.of(new Column.Numeric("a", 0, false), new Column.Numeric("b", 0, false));
    return Encoder.of(true, columns, Optional.empty(), new Target.Classes(List.of(labels)));
  }

  @Test
  void whatTheModelsHaveInCommonAndOfTheirOwnSurvives() throws IOException {
    Encoder encoder = encoder("no", "yes");
    Ensemble ensemble =
        Ensemble.of(
                List.of(
                    model(1).withEncoder(encoder).withTemperature(new Temperature(2)),
                    model(2).withEncoder(encoder).withThreshold(new Threshold(0.3f))))
            .withTemperature(new Temperature(3))
            .withThreshold(new Threshold(0.7f));
    Path file = folder.resolve("ensemble");
    ensemble.save(file);
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertEquals(text.indexOf("\"columns"), text.lastIndexOf("\"columns"));
    assertEquals(1, text.split("encoder", -1).length - 1, "one encoder for all");
    Ensemble read = (Ensemble) TrainedModel.load(file);
    assertEquals(Optional.of(encoder), read.encoder());
    assertEquals(new Temperature(3), read.temperature());
    assertEquals(new Threshold(0.7f), read.threshold());
    assertEquals(new Temperature(2), read.models().get(0).temperature());
    assertEquals(new Threshold(0.3f), read.models().get(1).threshold());
    assertEquals(Optional.of(encoder), read.models().get(1).encoder());
  }

  @Test
  void aModelIsLoadedAsWhatItIs() throws IOException {
    Path file = folder.resolve("model");
    model(1).save(file);
    assertInstanceOf(Model.class, TrainedModel.load(file));
    Ensemble.of(List.of(model(1))).save(file);
    assertInstanceOf(Ensemble.class, TrainedModel.load(file, ENGINE));
    String message = assertThrows(SafetensorsException.class, () -> Model.load(file)).getMessage();
    assertEquals(
        file + ": an ensemble; expected one model: load it with TrainedModel.load", message);
  }

  private static void refused(String says, UnaryOperator<SafetensorsFile.Builder> more) {
    SafetensorsFile.Builder builder =
        SafetensorsFile.builder().metadata("lanewise", "1").metadata("provenance", "{}");
    byte[] bytes = more.apply(builder).build().toBytes();
    String message =
        assertThrows(SafetensorsException.class, () -> TrainedModel.of(bytes)).getMessage();
    assertTrue(message.startsWith("bytes: " + says), message);
  }

  private static SafetensorsFile.Builder member(SafetensorsFile.Builder builder, int number) {
    String prefix = "model" + number + ".";
    return builder
        .parameters(prefix, NETWORK.layout(), new float[NETWORK.layout().size()])
        .metadata(prefix + "network", NetworkJson.write(NETWORK).toString())
        .metadata(prefix + "provenance", "{}");
  }

  @Test
  void filesThatAreNoEnsembleAreRefusedByName() {
    refused("metadata \"models\": \"two\"; expected a number", b -> b.metadata("models", "two"));
    refused("metadata \"models\": \"0\"; expected a number", b -> b.metadata("models", "0"));
    refused("metadata \"model1.network\" is missing", b -> b.metadata("models", "999999999"));
    refused(
        "metadata \"model2.network\" is missing",
        b -> member(b.metadata("models", "999999999"), 1));
    refused(
        "tensor \"model2.dense1.bias\" is none of the networks'",
        b -> member(member(b.metadata("models", "1"), 1), 2));
    refused(
        "tensor \"model1.dense1.weight\" is missing",
        b ->
            b.metadata("models", "1")
                .metadata("model1.network", NetworkJson.write(NETWORK).toString()));
    refused(
        "model1.provenance: expected an object",
        b ->
            b.metadata("models", "1")
                .parameters("model1.", NETWORK.layout(), new float[NETWORK.layout().size()])
                .metadata("model1.network", NetworkJson.write(NETWORK).toString())
                .metadata("model1.provenance", "[]"));
  }

  @Test
  void everyChangedByteIsNoticed() {
    byte[] bytes = Ensemble.of(List.of(model(1), model(2))).toBytes();
    for (int i = 0; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 4;
      assertThrows(SafetensorsException.class, () -> TrainedModel.of(damaged));
    }
  }
}
