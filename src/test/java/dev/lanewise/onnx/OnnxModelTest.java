package dev.lanewise.onnx;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {

  private static Model model() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SigmoidCrossEntropy());
    return Model.of(network, network.initialParameters(1), Engine.standard());
  }

  private static Model named(String... columns) {
    List<Column> all = new ArrayList<>();
    for (String column : columns) {
      all.add(new Column.Numeric(column, 0, false));
    }
    all.add(new Column.Label("y"));
    Encoder encoder =
        Encoder.of(true, all, Optional.empty(), new Target.Classes(List.of("no", "yes")));
    return model().withEncoder(encoder);
  }

  /** The examples of the Protocol Buffers documentation: 150 in field 1, "testing" in field 2. */
  @Test
  void messagesAreEncodedAsTheSpecificationShows() {
    Message message = new Message().put(1, 150).put(2, "testing").put(3, new Message().put(1, 150));
    assertEquals(
        "089601" + "120774657374696e67" + "1a03089601",
        HexFormat.of().formatHex(message.toBytes()));
  }

  @Test
  void aNegativeNumberHasTenBytesAndAFloatFour() {
    assertEquals(
        "08ffffffffffffffffff01" + "15000080bf",
        HexFormat.of().formatHex(new Message().put(1, -1).put(2, -1f).toBytes()));
  }

  @Test
  void anInputMayHaveTheNameOfAnOutput() {
    try (OnnxSession session = new OnnxSession(OnnxModel.ofRecords(named("label", "Gemm/3")))) {
      double[][] one = {{1}};
      Map<String, Object> outputs = session.outputs(Map.of("label", one, "Gemm/3", one));
      assertTrue(outputs.keySet().containsAll(List.of("_label", "probabilities")));
    }
  }

  /** Not taken for false, for true or for missing. */
  @Test
  void aBooleanThatIsNoneIsRefusedByTheRuntime() {
    Encoder encoder =
        Encoder.of(
            true,
            List.of(new Column.Bool("a", true, true), new Column.Label("y")),
            Optional.empty(),
            new Target.Classes(List.of("no", "yes")));
    try (OnnxSession session = new OnnxSession(OnnxModel.ofRecords(model().withEncoder(encoder)))) {
      double[][] two = {{2}};
      assertThrows(IllegalStateException.class, () -> session.outputs(Map.of("a", two)));
    }
  }

  @Test
  void aModelWithoutEncoderHasNoGraphOfRecords() {
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> OnnxModel.ofRecords(model()));
    assertTrue(e.getMessage().contains("without encoder"), e.getMessage());
  }

  @Test
  void aModelOfImagesHasNoGraphOfRecords() {
    Encoder encoder =
        Encoder.of(
            false,
            List.of(new Column.Pixels(1, 2, 1)),
            Optional.empty(),
            new Target.Classes(List.of("0", "1")));
    assertRefusedSaying("of images", () -> OnnxModel.ofRecords(model().withEncoder(encoder)));
  }

  @Test
  void aServingFormHasNoParametersToWrite() {
    assertThrows(IllegalStateException.class, () -> OnnxModel.ofRows(model().forServing()));
  }

  @Test
  void theFileHoldsTheBytes(@TempDir Path folder) throws IOException {
    OnnxModel onnx = OnnxModel.ofRows(model());
    Path file = folder.resolve("model.onnx");
    onnx.save(file);
    assertArrayEquals(onnx.toBytes(), Files.readAllBytes(file));
  }

  @Test
  void inputsAndOutputsAreTold() {
    assertEquals(
        """
        input   a double[rows][1]
        input   b double[rows][1]
        output  label string[rows]
        output  probabilities float[rows][2]\
        """,
        OnnxModel.ofRecords(named("a", "b")).toString().replace(System.lineSeparator(), "\n"));
  }
}
