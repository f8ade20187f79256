package dev.lanewise.model;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Standardizer;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.json.JsonReader;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Slot;
import dev.lanewise.tensor.WeightFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelTest {

  private static final Network NETWORK =
      Network.inputs(4)
          .dense(5)
          .batchNorm()
          .relu()
          .dropout(0.2)
          .dense(1)
          .loss(new Loss.SigmoidCrossEntropy());

  @TempDir Path folder;

  @Property
  void modelsSurviveSavingBitwise(@ForAll(supplier = Networks.Any.class) Sample sample)
      throws IOException {
    survivesSaving(sample);
  }

  @Property
  void modelsOfLayersInAnyOrderSurviveSavingBitwise(
      @ForAll(supplier = Networks.InAnyOrder.class) Sample sample) throws IOException {
    survivesSaving(sample);
  }

  private static void survivesSaving(Sample sample) throws IOException {
    Path file = Files.createTempFile("lanewise", ".safetensors");
    try {
      Model model =
          Model.of(sample.network(), sample.theta(), Engine.standard())
              .withProvenance(Provenance.UNKNOWN.with("seed", "0").with("data", "\u20ac\n"));
      model.save(file);
      Model loaded = Model.load(file);
      assertEquals(sample.network(), loaded.network());
      assertEquals(model.provenance(), loaded.provenance());
      assertEquals(Optional.empty(), loaded.encoder());
      assertArrayEquals(bits(sample.theta()), bits(loaded.parameters()));
      assertEquals(model.parametersSha256(), loaded.parametersSha256());
      float[] out = new float[sample.rows() * sample.network().outputs()];
      float[] again = out.clone();
      model.predictor().predict(sample.features(), sample.rows(), out);
      loaded.predictor().predict(sample.features(), sample.rows(), again);
      assertArrayEquals(bits(out), bits(again));
      byte[] first = Files.readAllBytes(file);
      loaded.save(file);
      assertArrayEquals(first, Files.readAllBytes(file));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void encodersSurviveSaving() throws IOException {
    List<Column> columns =
        List.of(
            new Column.Numeric("age", 28.5f, true),
            new Column.Categorical("sex", List.of("female", "male \u2642"), false),
            new Column.Ignored("ticket"),
            new Column.Label("survived"));
    Standardizer standardizer =
        Standardizer.of(
            new double[] {1, 2, 3, 0.1f}, new double[] {Float.MIN_VALUE, 1, Float.MAX_VALUE, 0.3f});
    for (Optional<Standardizer> s :
        List.of(Optional.<Standardizer>empty(), Optional.of(standardizer))) {
      Encoder encoder = Encoder.of(true, columns, s, new Target.Classes(List.of("0", "1")));
      assertEquals(Optional.of(encoder), reloaded(model().withEncoder(encoder)).encoder());
    }
  }

  @Test
  void everyKindOfColumnAndJoinedEncodersSurviveJson() {
    List<Column> columns =
        List.of(
            new Column.Numeric("age", 0.1, true, new Column.Range(-1.5, 1e-300)),
            new Column.Date("born", 1.7e9 + 0.25, false, new Column.Range(1.6e9, 1.8e9)),
            new Column.Bool("member", true, true),
            new Column.Categorical("city", List.of("01", "9007199254740993"), true, true),
            new Column.Label("y"));
    List<Column> signs =
        List.of(
            new Column.Bool("member", true, false, true),
            new Column.Categorical("city", List.of("a", "b"), false, false, Column.Code.SIGN),
            new Column.Label("y"));
    Target values = new Target.Values(1e9 + 0.1, 1.0 / 3);
    Encoder encoder =
        Encoder.of(true, columns, Optional.empty(), values)
            .withMissingWords(List.of("unknown", "-999"));
    Standardizer thirds =
        Standardizer.of(
            new double[] {1.0 / 3, -1.0 / 3, 2, 0, 0, 0, 0, 0, 1e9},
            new double[] {1.0 / 3, 2.0 / 3, 1, 1, 1, 1, 1, 1, 1e-9});
    Encoder other = Encoder.of(true, columns, Optional.of(thirds), new Target.Values(0, 1));
    Standardizer quarters =
        Standardizer.robust(new double[] {-1, 1.0 / 3}, new double[] {0, 2.0 / 3});
    Encoder signed = Encoder.of(true, signs, Optional.of(quarters), values);
    for (Encoder each : List.of(encoder, other, signed, Encoder.join(List.of(encoder, other)))) {
      String text = EncoderJson.write(each).toString();
      assertEquals(each, EncoderJson.read(new JsonReader(text)), text);
    }
    String text = EncoderJson.write(signed).toString();
    for (String words :
        List.of(
            "\"usual\":true,\"flagged\":false,\"signed\":true}",
            "\"flagged\":false,\"code\":\"sign\"}",
            "\"standardizer\":{\"kind\":\"robust\",\"centre\":[-1.0,0.3333333333333333],"
                + "\"spread\":[0.0,0.6666666666666666]}")) {
      assertTrue(text.contains(words), text);
    }
    String joined = EncoderJson.write(Encoder.join(List.of(encoder, other))).toString();
    String bad = joined.replaceFirst("\"member\"", "\"guest\"");
    assertThrows(IllegalArgumentException.class, () -> EncoderJson.read(new JsonReader(bad)));
  }

  /** Files of before there were other codes and scales have this text, and so have new ones. */
  @Test
  void anEncoderOfMeansAndOneHotColumnsIsTheTextThatItAlwaysWas() {
    String text =
        "{\"named\":true,\"columns\":["
            + "{\"kind\":\"boolean\",\"name\":\"member\",\"usual\":true,\"flagged\":false},"
            + "{\"kind\":\"categorical\",\"name\":\"city\",\"categories\":[\"a\",\"b\"],"
            + "\"other\":false,\"flagged\":false},"
            + "{\"kind\":\"label\",\"name\":\"y\"}],"
            + "\"standardizer\":{\"mean\":[0.5,0.25,0.75],\"deviation\":[0.5,2.0,4.0]},"
            + "\"target\":{\"kind\":\"values\",\"mean\":0.0,\"deviation\":1.0}}";
    Encoder encoder = EncoderJson.read(new JsonReader(text));
    assertEquals(text, EncoderJson.write(encoder).toString());
    assertEquals(
        new Column.Categorical("city", List.of("a", "b"), false), encoder.columns().get(1));
    assertFalse(encoder.standardizer().orElseThrow().isRobust());
  }

  @Test
  void encodersOfImagesAndValuesSurviveSaving() throws IOException {
    Network network = Network.inputs(4).dense(1).loss(new Loss.SquaredError());
    Encoder encoder =
        Encoder.of(
            false,
            List.of(new Column.Pixels(2, 1, 2)),
            Optional.empty(),
            new Target.Values(-0.1f, 3e38f));
    Model model =
        Model.of(network, network.initialParameters(1), Engine.standard()).withEncoder(encoder);
    assertEquals(Optional.of(encoder), reloaded(model).encoder());
  }

  @Test
  void severalValuesSurviveSavingAndOneStandsThereAsANumber() throws IOException {
    Network network = Network.inputs(4).dense(2).loss(new Loss.SquaredError());
    Target.Values two =
        new Target.Values(Standardizer.of(new double[] {-0.1f, 7}, new double[] {3e38f, 0.3f}));
    Model model = Model.of(network, network.initialParameters(1), Engine.standard());
    assertEquals(
        two, reloaded(model.withEncoder(encoder(4, two))).encoder().orElseThrow().target());
    String one = EncoderJson.write(encoder(4, new Target.Values(-0.5f, 2))).toString();
    assertTrue(
        one.contains("\"target\":{\"kind\":\"values\",\"mean\":-0.5,\"deviation\":2.0}"), one);
    assertEquals(encoder(4, new Target.Values(-0.5f, 2)), EncoderJson.read(new JsonReader(one)));
    for (String mean : List.of("[]", "[1,2]", "[1,2,3]")) {
      String bad = one.replace("-0.5", mean);
      assertThrows(
          IllegalArgumentException.class, () -> EncoderJson.read(new JsonReader(bad)), mean);
    }
  }

  @Test
  void encodersThatDoNotFitAreRefused() {
    Target two = new Target.Classes(List.of("a", "b"));
    assertRefused("encoder: 3 encoded columns; expected 4, the network's inputs", encoder(3, two));
    assertRefused(
        "encoder: a target of 3 scores; expected 1, the network's outputs",
        encoder(4, new Target.Classes(List.of("a", "b", "c"))));
    assertRefused(
        "encoder: a target of values; expected one for SigmoidCrossEntropy[smoothing=0.0]",
        encoder(4, new Target.Values(0, 1)));
  }

  @Test
  void poissonRefusesScaledValues() {
    Network network = Network.inputs(4).dense(1).loss(new Loss.Poisson());
    Model model = Model.of(network, network.initialParameters(1), Engine.standard());
    assertEquals(
        Target.Values.unscaled(1),
        model.withEncoder(encoder(4, Target.Values.unscaled(1))).encoder().orElseThrow().target());
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> model.withEncoder(encoder(4, new Target.Values(1, 2))));
    assertEquals(
        "encoder: Values[mean=[1.0], deviation=[2.0]]; expected unscaled values, as the logits"
            + " of Poisson[] are logarithms of means",
        e.getMessage());
  }

  private static void assertRefused(String message, Encoder encoder) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> model().withEncoder(encoder));
    assertEquals(message, e.getMessage());
  }

  private static Encoder encoder(int columns, Target target) {
    return Encoder.of(false, List.of(new Column.Pixels(columns, 1, 1)), Optional.empty(), target);
  }

  @Test
  void parametersThatComputeNonsenseAreRefused() {
    float[] parameters = NETWORK.initialParameters(0);
    parameters[NETWORK.layout().slot("norm1.mean").offset() + 2] = Float.NaN;
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Model.of(NETWORK, parameters, Engine.standard()));
    assertEquals(
        "tensor \"norm1.mean\": NaN at element 2; expected finite numbers", e.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> Model.of(NETWORK, new float[3], Engine.standard()));
  }

  @Test
  void modelsDoNotShareTheCallersArrays() {
    float[] parameters = NETWORK.initialParameters(0);
    Model model = Model.of(NETWORK, parameters, Engine.standard());
    String digest = model.parametersSha256();
    Arrays.fill(parameters, 0);
    Arrays.fill(model.parameters(), 0);
    assertEquals(digest, model.parametersSha256());
  }

  @Test
  void theWeightFormatIsAMatterOfPredictorsAlone() throws IOException {
    Encoder encoder = encoder(4, new Target.Classes(List.of("a", "b")));
    Model half =
        model()
            .withWeightFormat(WeightFormat.BFLOAT16)
            .withEncoder(encoder)
            .withProvenance(Provenance.UNKNOWN.with("seed", "1"));
    assertEquals(WeightFormat.BFLOAT16, half.weightFormat());
    assertEquals(Optional.of(encoder), half.encoder());
    assertArrayEquals(model().parameters(), half.parameters());
    assertEquals(WeightFormat.FLOAT32, reloaded(half).weightFormat());
    assertEquals(half.parametersSha256(), reloaded(half).parametersSha256());
    float[] row = {0.1f, -2.7f, 3.3f, 0.7f};
    float[] full = scores(model().withEncoder(encoder), row);
    assertArrayEquals(full, scores(half.withWeightFormat(WeightFormat.FLOAT32), row));
    assertEquals(full[0], scores(half, row)[0], 0.01 * Math.abs(full[0]));
    assertNotEquals(full[0], scores(half, row)[0]);
  }

  @Property
  void temperatureAndThresholdSurviveSavingBitwise(
      @ForAll @IntRange(min = 1 << 22, max = 1 << 25) int units,
      @ForAll @IntRange(max = 1 << 24) int parts)
      throws IOException {
    float temperature = 0x1p-22f * units;
    float threshold = 0x1p-24f * parts;
    Path file = Files.createTempFile("lanewise", ".safetensors");
    try {
      Model model =
          model()
              .withTemperature(new Temperature(temperature))
              .withThreshold(new Threshold(threshold));
      model.save(file);
      Model loaded = Model.load(file);
      assertEquals(new Temperature(temperature), loaded.temperature());
      assertEquals(new Threshold(threshold), loaded.threshold());
      byte[] first = Files.readAllBytes(file);
      loaded.save(file);
      assertArrayEquals(first, Files.readAllBytes(file));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void plainOutputsLeaveNoTraceInTheFile() throws IOException {
    assertTrue(!metadata().containsKey("outputs"));
    Model loaded =
        reloaded(model().withTemperature(Temperature.NONE).withThreshold(Threshold.HALF));
    assertEquals(Temperature.NONE, loaded.temperature());
    assertEquals(Threshold.HALF, loaded.threshold());
  }

  @Test
  void temperatureAndThresholdStayWithWhateverElseIsSet() throws IOException {
    Model model =
        model()
            .withThreshold(new Threshold(0.25f))
            .withTemperature(new Temperature(3))
            .withWeightFormat(WeightFormat.BFLOAT16)
            .withEncoder(encoder(4, new Target.Classes(List.of("a", "b"))))
            .withProvenance(Provenance.UNKNOWN);
    for (Model each : List.of(model, reloaded(model))) {
      assertEquals(new Temperature(3), each.temperature());
      assertEquals(new Threshold(0.25f), each.threshold());
    }
  }

  @Test
  void severalClassesHaveNoThresholdAndValuesNoTemperature() {
    Network several = Network.inputs(2).dense(2).loss(new Loss.SoftmaxCrossEntropy());
    Network values = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    assertEquals(
        "threshold: 0.4; expected 0.5, as a threshold is for two classes of one sigmoid output, not"
            + " for SoftmaxCrossEntropy[smoothing=0.0] over 2",
        refusal(() -> zeros(several).withThreshold(new Threshold(0.4f))));
    assertEquals(
        "temperature: 2.0; expected 1, as SquaredError[] gives no probabilities",
        refusal(() -> zeros(values).withTemperature(new Temperature(2))));
    Network labels = Network.inputs(2).dense(3).loss(new Loss.SigmoidCrossEntropy());
    refusal(() -> zeros(labels).withThreshold(new Threshold(0.4f)));
    zeros(several).withTemperature(new Temperature(2)).withThreshold(Threshold.HALF);
    zeros(values).withTemperature(Temperature.NONE).withThreshold(Threshold.HALF);
  }

  private static Model zeros(Network network) {
    return Model.of(network, new float[network.layout().size()], Engine.standard());
  }

  private static float[] scores(Model model, float[] row) {
    float[] scores = new float[1];
    model.predictor().logits(row, 1, scores);
    return scores;
  }

  @Test
  void modelFilesServeAsInitialWeights() throws IOException {
    Path file = folder.resolve("model");
    model().save(file);
    assertArrayEquals(model().parameters(), SafetensorsFile.read(file).parametersOf(NETWORK));
  }

  @Test
  void redundantBiasMayBeInAModelFileOfOthers() throws IOException {
    Map<String, String> metadata = metadata();
    SafetensorsFile.Builder builder =
        SafetensorsFile.builder()
            .parameters("", NETWORK.layout(), NETWORK.initialParameters(0))
            .floats("dense1.bias", 1, 2, 3, 4, 5);
    metadata.forEach(builder::metadata);
    Path file = folder.resolve("model");
    builder.build().write(file);
    assertArrayEquals(NETWORK.initialParameters(0), Model.load(file).parameters());
  }

  @Test
  void filesOfOthersAreNoModels() throws IOException {
    Path file = folder.resolve("foreign");
    SafetensorsFile.builder().floats("f", 1).build().write(file);
    assertUnloadable(
        file, "metadata \"lanewise\" is missing; expected \"1\", a model of this library");
  }

  @Test
  void modelsNeedTheirDigest() throws IOException {
    Path file = folder.resolve("model");
    model().save(file);
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.writeString(file, text.replace("fileSha256", "FileSha256"), StandardCharsets.ISO_8859_1);
    assertUnloadable(file, "metadata \"fileSha256\" is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "lanewise|2|metadata \"lanewise\" is \"2\"; expected \"1\", a model of this library",
        "network|{|metadata \"network\": character 1: expected a name in quotes, found the end",
        "network|[]|network: expected an object",
        "network|{}|network: member \"inputs\" is missing",
        "network|{\"inputs\":4.5}|network.inputs: 4.5; expected a 32-bit integer",
        "network|{\"inputs\":4,\"layers\":[{\"kind\":\"conv\"}]}|network.layers[0].kind: \"conv\";"
            + " expected one of [dense, batch_norm, layer_norm, activation, blend, dropout,"
            + " scaling, members, embedding]",
        "network|{\"inputs\":4,\"layers\":[{\"kind\":\"dropout\",\"keep\":0}]}|network.layers[0]:"
            + " keep: 0.0; expected a probability in (0, 1]",
        "network|{\"inputs\":4,\"layers\":[{\"kind\":\"dropout\",\"keep\":1,\"x\":2}]}|network.layers[0]:"
            + " member \"x\" is unknown",
        "network|{\"inputs\":4,\"layers\":[{\"kind\":\"activation\",\"function\":\"relu6\"}]}|network.layers[0].function:"
            + " \"relu6\"; expected one of [identity, sigmoid, tanh, relu, leaky_relu, elu, selu,"
            + " gelu, tanh_gelu, silu, mish, softplus]",
        "network|{\"inputs\":4,\"layers\":[],\"loss\":{\"kind\":\"squared_error\"}}|network: last"
            + " layer: none; expected a Dense, whose outputs are the scores that the loss takes",
        "encoder|nonsense|metadata \"encoder\": character 0: expected a value, found n",
        "encoder|{\"named\":1}|encoder.named: expected true or false",
        "encoder|{\"named\":true,\"columns\":[{\"kind\":\"pixels\",\"height\":9,\"width\":1,\"channels\":1}],\"target\":{\"kind\":\"values\",\"mean\":0,\"deviation\":1}}|encoder:"
            + " 9 encoded columns; expected 4, the network's inputs",
        "encoder|{\"named\":true,\"columns\":[{\"kind\":\"numeric\",\"name\":\"a\",\"median\":1e99,\"flagged\":true}]}|encoder.columns[0]:"
            + " column a: median 1.0E99; expected a number within the range of float",
        "outputs|{\"temperature\":0,\"threshold\":0.5}|outputs: temperature: 0.0; expected a number"
            + " from 0.05 to 20.0",
        "outputs|{\"temperature\":1,\"threshold\":2}|outputs: threshold: 2.0; expected a"
            + " probability in [0, 1]",
        "outputs|{\"temperature\":1}|outputs: member \"threshold\" is missing",
        "provenance|{\"seed\":1}|provenance.seed: expected a string",
      })
  void hostileDescriptionsAreRefused(String key, String text, String message) throws IOException {
    Map<String, String> metadata = metadata();
    metadata.put(key, text);
    SafetensorsFile.Builder builder =
        SafetensorsFile.builder().parameters("", NETWORK.layout(), NETWORK.initialParameters(0));
    metadata.forEach(builder::metadata);
    Path file = folder.resolve("hostile");
    builder.build().write(file);
    assertUnloadable(file, message);
  }

  @Test
  void descriptionsLargerThanTheFileTakeNoMemory() throws IOException {
    Network huge = Network.inputs(1 << 15).dense(1 << 15).dense(1).loss(new Loss.SquaredError());
    Map<String, String> metadata = metadata();
    metadata.put("network", NetworkJson.write(huge).toString());
    SafetensorsFile.Builder builder = SafetensorsFile.builder().floats("dense1.weight", 1);
    metadata.forEach(builder::metadata);
    Path file = folder.resolve("hostile");
    builder.build().write(file);
    assertUnloadable(file, "tensor \"dense1.weight\": shape [1]; expected [32768, 32768]");
  }

  @Test
  void eachParameterEntersTheDigest() {
    String digest = model().parametersSha256();
    for (Slot slot : NETWORK.layout().slots()) {
      float[] parameters = NETWORK.initialParameters(0);
      parameters[slot.end() - 1] += 1;
      assertTrue(
          !digest.equals(Model.of(NETWORK, parameters, Engine.standard()).parametersSha256()));
    }
  }

  private static Model model() {
    return Model.of(NETWORK, NETWORK.initialParameters(0), Engine.standard());
  }

  private Model reloaded(Model model) throws IOException {
    Path file = folder.resolve("model");
    model.save(file);
    return Model.load(file);
  }

  private Map<String, String> metadata() throws IOException {
    Path file = folder.resolve("good");
    model().save(file);
    return new LinkedHashMap<>(SafetensorsFile.read(file).metadata());
  }

  private static void assertUnloadable(Path file, String message) {
    SafetensorsException e = assertThrows(SafetensorsException.class, () -> Model.load(file));
    assertEquals(file + ": " + message, e.getMessage());
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }
}
