package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Standardizer;
import dev.lanewise.data.Target;
import dev.lanewise.json.Json;
import dev.lanewise.json.JsonReader;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Activation.Function;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Initializer.Distribution;
import dev.lanewise.net.Layer;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks and encoders as the JSON of a file. */
class DescriptionsTest {

  static List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    for (Distribution distribution : Distribution.values()) {
      layers.add(new Dense(3).withInitializer(new Initializer.Fixed(0.25, distribution)));
      layers.add(new Dense(3).withInitializer(new Initializer.LeCun(distribution)));
      layers.add(new Dense(3).withInitializer(new Initializer.Glorot(distribution)));
      layers.add(new Dense(3).withInitializer(new Initializer.He(distribution)));
      layers.add(new Dense(3).withBiasInitializer(new Initializer.Fixed(0.25, distribution)));
    }
    layers.add(new Dense(3).withInitializer(new Initializer.Zeros()));
    layers.add(new Dense(3).withInitializer(new Initializer.Orthogonal(1.5)));
    for (Penalty.L1Form form : Penalty.L1Form.values()) {
      layers.add(
          new Dense(3)
              .withPenalty(
                  Penalty.l1(0.1)
                      .and(Penalty.l2(0.2))
                      .and(Penalty.l1PerExample(0.3))
                      .and(Penalty.l2PerExample(0.4))
                      .withL1Form(form)));
    }
    layers.add(new Dense(3).withMaxNorm(2.5));
    for (BatchNorm.Variance variance : BatchNorm.Variance.values()) {
      layers.add(new BatchNorm(1e-4, 0.75, variance));
    }
    layers.add(new LayerNorm(1e-3));
    for (Function function : Function.values()) {
      layers.add(Activation.of(function));
    }
    layers.add(new Activation(Function.LEAKY_RELU, 0.3f));
    layers.add(Blend.of(Function.MISH));
    layers.add(new Blend(new Activation(Function.ELU, 0.3f)));
    for (Dropout.Form form : Dropout.Form.values()) {
      layers.add(new Dropout(0.7, form));
    }
    layers.add(Members.of(2));
    layers.add(Members.of(3).withStart(Members.Start.NORMAL).withWidths(List.of(1, 2)));
    return layers;
  }

  private static Network around(Layer layer) {
    Network.Builder builder = Network.inputs(2).add(layer instanceof Dense ? layer : new Dense(3));
    if (!(layer instanceof Dense)) {
      builder.add(layer);
    }
    return builder.dense(1).loss(new Loss.SquaredError());
  }

  private static void assertSurvives(Network network) {
    Json written = NetworkJson.write(network);
    assertEquals(network, NetworkJson.read(new JsonReader(written.toString())));
    Network again = NetworkJson.read(new JsonReader(written.toString()));
    assertEquals(written.toString(), NetworkJson.write(again).toString());
  }

  @ParameterizedTest
  @MethodSource("layers")
  void everyLayerSurvivesWithItsConstants(Layer layer) {
    assertSurvives(around(layer));
  }

  static List<Loss> losses() {
    return List.of(
        new Loss.SoftmaxCrossEntropy(0.125f),
        new Loss.SigmoidCrossEntropy(0.25f),
        new Loss.SquaredError(),
        new Loss.Poisson(),
        new Loss.Quantile(0.9f),
        new Loss.Huber(1.5f));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void everyLossSurvivesWithItsConstants(Loss loss) {
    assertSurvives(Network.inputs(2).dense(3).loss(loss));
  }

  /** Files say nothing of what there was not when they were written. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"l1_form\":\"subgradient\"",
        "\"form\":\"inverted\"",
        "\"smoothing\":0.0",
      })
  void whatOlderFilesDoNotSayMeansWhatItMeantThen(String member) {
    for (Loss loss : List.of(new Loss.SoftmaxCrossEntropy(), new Loss.SigmoidCrossEntropy())) {
      Network network =
          Network.inputs(2)
              .add(new Dense(3).withPenalty(Penalty.l1(0.1)))
              .dropout(0.5)
              .dense(2)
              .loss(loss);
      String text = NetworkJson.write(network).toString();
      String older = text.replace("," + member, "");
      assertNotEquals(text, older);
      assertEquals(network, NetworkJson.read(new JsonReader(older)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"inputs\":2|\"inputs\":\"2\"|network.inputs: expected a number",
        "\"units\":3|\"units\":0|network.layers[0]: units: 0; expected",
        "\"kind\":\"glorot\"|\"kind\":\"lsuv\"|network.layers[0].initializer.kind: \"lsuv\";"
            + " expected zeros, fixed, lecun, glorot, he or orthogonal",
        "\"distribution\":\"normal\"|\"distribution\":\"cauchy\"|network.layers[0].initializer.distribution:"
            + " \"cauchy\"; expected one of",
        "\"l2\":0.0|\"l2\":-1|network.layers[0].penalty: l2: -1.0; expected",
        "\"l2\":0.0|\"l2\":true|network.layers[0].penalty.l2: expected a number",
        "\"deviation\":0.75|\"deviation\":-1|network.layers[0].bias_initializer: deviation: -1.0;"
            + " expected",
        "\"fixed\",\"deviation\":0.75|\"lecun\"|network.layers[0]: biasInitializer: LeCun",
        "\"max_norm\":2.5|\"max_norm\":0|network.layers[0]: maxNorm: 0.0; expected",
        "\"epsilon\":1.0E-5|\"epsilon\":-1|network.layers[1]: epsilon: -1.0; expected",
        "\"epsilon\":0.001|\"epsilon\":-1|network.layers[5]: epsilon: -1.0; expected",
        "\"parameter\":0.3|\"parameter\":1e40|network.layers[2].parameter: 1e40; expected a number"
            + " in the range of float",
        "\"keep\":0.5|\"keep\":2|network.layers[3]: keep: 2.0; expected",
        "\"function\":\"mish\"|\"function\":\"identity\"|network.layers[6]: activation: IDENTITY;"
            + " expected",
        "\"count\":2|\"count\":0|network.layers[7]: count: 0; expected at least 1",
        "\"count\":2|\"count\":2147483647|network: layer 8: members: 2147483647 vectors of 4"
            + " columns; expected",
        "\"start\":\"normal\"|\"start\":\"ones\"|network.layers[7].start: \"ones\"; expected one of"
            + " [signs, normal]",
        "[1,3]|[4,0]|network.layers[7]: widths: 0; expected at least 1",
        "[1,3]|[1,2]|network: layer 8: members: widths of 3 columns; expected 4",
        "[1,3]|[1,true]|network.layers[7].widths: expected whole numbers",
        "[1,3]|[1,3.5]|network.layers[7].widths: 3.5; expected a 32-bit integer",
        "\"kind\":\"huber\"|\"kind\":\"hinge\"|network.loss.kind: \"hinge\"; expected"
            + " one of [softmax_cross_entropy, sigmoid_cross_entropy, squared_error, huber,"
            + " poisson, quantile]",
        "\"delta\":1.5|\"delta\":-1|network.loss: delta: -1.0; expected",
        "\"kind\":\"huber\",|\"kind\":\"huber\",\"tau\":1,|network.loss: member \"tau\" is unknown",
        "\"kind\":\"huber\",\"delta\":1.5|\"kind\":\"quantile\",\"tau\":1|network.loss: tau: 1.0;"
            + " expected",
        "\"kind\":\"huber\",\"delta\":1.5|\"kind\":\"softmax_cross_entropy\",\"smoothing\":1|network.loss:"
            + " smoothing: 1.0; expected",
        "\"kind\":\"huber\",\"delta\":1.5|\"kind\":\"sigmoid_cross_entropy\",\"smoothing\":1|network.loss:"
            + " smoothing: 1.0; expected",
        "\"kind\":\"zeros\"|\"kind\":\"fixed\",\"deviation\":-1,\"distribution\":\"normal\"|network.layers[4].initializer:"
            + " deviation: -1.0; expected",
        "\"kind\":\"zeros\"|\"kind\":\"orthogonal\",\"gain\":-1|network.layers[4].initializer:"
            + " gain: -1.0; expected",
      })
  void networksThatCannotBeAreRefusedWhereTheyAreWrong(String from, String to, String message) {
    Network network =
        Network.inputs(2)
            .add(
                new Dense(3)
                    .withInitializer(new Initializer.Glorot(Distribution.NORMAL))
                    .withBiasInitializer(new Initializer.Fixed(0.75, Distribution.UNIFORM))
                    .withPenalty(Penalty.l1(0.5))
                    .withMaxNorm(2.5))
            .batchNorm()
            .add(new Activation(Function.LEAKY_RELU, 0.3f))
            .dropout(0.5)
            .add(new Dense(4).withInitializer(new Initializer.Zeros()))
            .add(new LayerNorm(1e-3))
            .add(Blend.of(Function.MISH))
            .add(Members.of(2).withStart(Members.Start.NORMAL).withWidths(List.of(1, 3)))
            .dense(1)
            .loss(new Loss.Huber(1.5f));
    String text = NetworkJson.write(network).toString();
    String wrong = text.replaceFirst(Pattern.quote(from), to);
    assertNotEquals(text, wrong, text);
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> NetworkJson.read(new JsonReader(wrong)), wrong);
    assertTrue(e.getMessage().startsWith(message), e::getMessage);
  }

  private static final Encoder ENCODER =
      Encoder.of(
          true,
          List.of(
              new Column.Numeric("age", 28.5f, false),
              new Column.Categorical("sex", List.of("female", "male"), false),
              new Column.Ignored("ticket"),
              new Column.Label("survived")),
          Optional.of(Standardizer.of(new double[] {1, 2, 3}, new double[] {4, 5, 6})),
          new Target.Classes(List.of("no", "yes")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"kind\":\"ignored\"|\"kind\":\"colour\"|encoder.columns[2].kind: \"colour\"; expected"
            + " numeric, categorical, boolean, date, ignored, label or pixels",
        "\"kind\":\"classes\"|\"kind\":\"ranks\"|encoder.target.kind: \"ranks\"; expected classes"
            + " or values",
        "\"name\":\"age\"|\"name\":1|encoder.columns[0].name: expected a string",
        "\"median\":28.5|\"median\":\"x\"|encoder.columns[0].median: expected a number",
        "\"flagged\":false|\"flagged\":0|encoder.columns[0].flagged: expected true or false",
        "[\"female\",\"male\"]|[\"female\",1]|encoder.columns[1].categories: expected strings",
        "[\"female\",\"male\"]|7|encoder.columns[1].categories: expected an array",
        "[\"female\",\"male\"]|[\"female\",\"female\"]|encoder.columns[1]: ",
        "[1.0,2.0,3.0]|[1.0,\"2\",3.0]|encoder.standardizer.mean[1]: expected a number",
        "[1.0,2.0,3.0]|[1.0,2.0,1e999]|encoder.standardizer.mean[2]: 1e999; expected a number in"
            + " the range of double",
        "[4.0,5.0,6.0]|[4.0,5.0,-6.0]|encoder.standardizer: ",
        "\"mean\":[1.0,2.0,3.0],\"deviation\":[4.0,5.0,6.0]|\"mean\":[1.0],\"deviation\":[4.0]|encoder:"
            + " ",
        "[4.0,5.0,6.0]|{}|encoder.standardizer.deviation: expected an array",
        "\"standardizer\":{|\"standardizer\":{\"x\":1,|encoder.standardizer: member \"x\" is"
            + " unknown",
        "\"standardizer\":{|\"standardizer\":{\"kind\":\"box\",|encoder.standardizer.kind: \"box\";"
            + " expected robust",
        "\"mean\":[1.0,2.0,3.0],\"deviation\":[4.0,5.0,6.0]|\"kind\":\"robust\",\"centre\":[1,2,3],\"spread\":[0,1,-1]|encoder.standardizer:"
            + " column 2: ",
        "\"mean\":[|\"kind\":\"robust\",\"mean\":[|encoder.standardizer: member \"centre\" is"
            + " missing",
        "\"other\":false|\"other\":false,\"code\":\"hex\"|encoder.columns[1].code: \"hex\";"
            + " expected one of [one_hot, sign, index]",
        "\"male\"],\"other\":false|\"male\",\"x\"],\"code\":\"sign\"|encoder.columns[1]: column"
            + " sex: 3 categories",
        "\"named\":true|\"names\":true|encoder: member \"named\" is missing",
        "[\"no\",\"yes\"]|[\"no\",\"no\"]|encoder.target: ",
        "\"kind\":\"ignored\",\"name\":\"ticket\"|\"kind\":\"pixels\",\"height\":0,\"width\":1,\"channels\":1|encoder.columns[2]:"
            + " ",
      })
  void encodersThatCannotBeAreRefusedWhereTheyAreWrong(String from, String to, String message) {
    String text = EncoderJson.write(ENCODER).toString();
    assertEquals(ENCODER, EncoderJson.read(new JsonReader(text)));
    String wrong = text.replaceFirst(Pattern.quote(from), to);
    assertNotEquals(text, wrong, text);
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> EncoderJson.read(new JsonReader(wrong)), wrong);
    assertTrue(e.getMessage().startsWith(message), e::getMessage);
  }

  /** The words of the format, which other programs read. */
  @Test
  void theFormatsWordsAreTheirs() {
    Network network =
        Network.inputs(4)
            .dropout(0.25)
            .add(
                new Dense(5)
                    .withInitializer(new Initializer.He(Distribution.NORMAL))
                    .withMaxNorm(3))
            .add(new LayerNorm(0.5))
            .add(Blend.of(Function.SELU))
            .add(Members.of(4).withWidths(List.of(5)))
            .relu()
            .add(
                new Dense(1)
                    .withInitializer(new Initializer.Zeros())
                    .withBiasInitializer(new Initializer.Fixed(0.5, Distribution.UNIFORM)))
            .loss(new Loss.Quantile(0.5f));
    String penalty =
        "\"penalty\":{\"l1\":0.0,\"l2\":0.0,\"l1_per_example\":0.0,\"l2_per_example\":0.0,"
            + "\"l1_form\":\"subgradient\"}";
    assertEquals(
        "{\"inputs\":4,\"layers\":[{\"kind\":\"dropout\",\"keep\":0.75,\"form\":\"inverted\"},"
            + "{\"kind\":\"dense\",\"units\":5,"
            + "\"initializer\":{\"kind\":\"he\",\"distribution\":\"normal\"},"
            + penalty
            + ",\"max_norm\":3.0},{\"kind\":\"layer_norm\",\"epsilon\":0.5},"
            + "{\"kind\":\"blend\",\"function\":\"selu\",\"parameter\":0.0},"
            + "{\"kind\":\"members\",\"count\":4,\"start\":\"signs\",\"widths\":[5]},"
            + "{\"kind\":\"activation\",\"function\":\"relu\",\"parameter\":0.0},"
            + "{\"kind\":\"dense\",\"units\":1,\"initializer\":{\"kind\":\"zeros\"},"
            + "\"bias_initializer\":{\"kind\":\"fixed\",\"deviation\":0.5,"
            + "\"distribution\":\"uniform\"},"
            + penalty
            + "}],\"loss\":{\"kind\":\"quantile\",\"tau\":0.5}}",
        NetworkJson.write(network).toString());
  }

  @Test
  void anEmbeddingIsItsParts() {
    Network network =
        Network.inputs(4)
            .add(
                new Embedding(
                    List.of(
                        new Embedding.Category(List.of(2, 0), List.of(5, 9), 4),
                        new Embedding.Pass(List.of(1)),
                        Embedding.Periodic.of(List.of(3)))))
            .dense(1)
            .loss(new Loss.SquaredError());
    String text = NetworkJson.write(network).toString();
    String embedding =
        "{\"kind\":\"embedding\",\"parts\":[{\"kind\":\"category\",\"columns\":[2,0],\"values\":[5,9],"
            + "\"size\":4},{\"kind\":\"pass\",\"columns\":[1]},{\"kind\":\"periodic\","
            + "\"columns\":[3],\"frequencies\":16,\"outputs\":4,\"deviation\":0.1}]}";
    assertTrue(text.contains(embedding), text);
    assertEquals(network, NetworkJson.read(new JsonReader(text)));
    Map<String, String> wrong =
        Map.of(
            "[2,0]", "[2,2]|network.layers[0]: parts: column 2 of the inputs twice",
            "[5,9]", "[5,0]|network.layers[0].parts[0]: values: 0; expected from 1",
            "[1]", "[1.5]|network.layers[0].parts[1].columns: 1.5; expected a 32-bit integer",
            "\"size\":4", "\"size\":4,\"x\":1|network.layers[0].parts[0]: member \"x\" is unknown",
            "\"pass\"",
                "\"skip\"|network.layers[0].parts[1].kind: \"skip\"; expected one of [pass");
    areRefused(text, wrong);
  }

  private static void areRefused(String text, Map<String, String> wrong) {
    wrong.forEach(
        (from, to) -> {
          String[] parts = to.split("\\|", 2);
          String changed = text.replace(from, parts[0]);
          var e =
              assertThrows(
                  IllegalArgumentException.class,
                  () -> NetworkJson.read(new JsonReader(changed)),
                  changed);
          assertTrue(e.getMessage().startsWith(parts[1]), e::getMessage);
        });
  }

  /** Numbers of the description are those of the model, to the last bit. */
  @Test
  void edgesAreReadBackAsTheSameFloats() {
    List<Float> edges =
        List.of(-3.4e37f, -1f / 3, -Float.MIN_VALUE, 0f, 0.1f, Math.nextUp(0.1f), 1e9f / 7);
    Network network =
        Network.inputs(2)
            .add(
                new Embedding(
                    List.of(
                        new Embedding.PiecewiseLinear(
                            List.of(1, 0), List.of(edges, List.of(0f, 2f)), 4))))
            .dense(1)
            .loss(new Loss.SquaredError());
    String text = NetworkJson.write(network).toString();
    assertTrue(
        text.contains("{\"kind\":\"piecewise_linear\",\"columns\":[1,0],\"edges\":[[-3.4E37,"),
        text);
    assertEquals(network, NetworkJson.read(new JsonReader(text)));
    String part = "network.layers[0].parts[0]";
    areRefused(
        text,
        Map.of(
            "[0.0,2.0]", "[2.0,0.0]|" + part + ": edges: 2.0, 0.0; expected finite numbers",
            ",[0.0,2.0]", "|" + part + ": edges: of 1 columns; expected 2",
            "0.0,2.0", "\"0\"|" + part + ".edges: expected arrays of numbers",
            "[0.0,2.0]]", "2.0]|" + part + ".edges: expected arrays",
            "2.0]", "1e39]|" + part + ".edges: 1e39; expected a number in the range of float"));
  }
}
