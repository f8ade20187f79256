package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.TrainedModel;
import dev.lanewise.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models for other runtimes, from the command line. */
final class ExportTest {

  @TempDir private Path folder;

  private Path model() throws IOException {
    Path rows = folder.resolve("rows.csv");
    Files.writeString(rows, "a,plant,y\n" + "1,moss,no\n2,fern,yes\n".repeat(20));
    Path model = folder.resolve("model.safetensors");
    run(0, "train", rows, "--label", "y", "--hidden", "3", "--epochs", "2", "--model", model);
    return model;
  }

  @Test
  void theGraphOfRecordsIsTheLibrarysAndItsInputsAreTold() throws IOException {
    Path model = model();
    Path onnx = folder.resolve("model.onnx");
    List<String> told = run(0, "export", model, "--onnx", onnx).out();
    OnnxModel expected = OnnxModel.ofRecords(TrainedModel.load(model));
    assertArrayEquals(expected.toBytes(), Files.readAllBytes(onnx));
    assertEquals(expected.toString().lines().toList(), told);
  }

  @Test
  void encodedRowsAreTakenIfAskedFor() throws IOException {
    Path model = model();
    Path onnx = folder.resolve("model.onnx");
    run(0, "export", model, "--onnx", onnx, "--encoded-rows");
    assertArrayEquals(
        OnnxModel.ofRows(TrainedModel.load(model)).toBytes(), Files.readAllBytes(onnx));
  }

  @Test
  void theModelIsNotOverwritten() throws IOException {
    Path model = model();
    byte[] before = Files.readAllBytes(model);
    CommandLineRun refused = run(1, "export", model, "--onnx", model);
    assertTrue(refused.err().getLast().contains("--onnx"), () -> refused.err().toString());
    assertArrayEquals(before, Files.readAllBytes(model));
  }

  @Test
  void whatIsNoModelIsRefusedAndNothingIsWritten() throws IOException {
    Path onnx = folder.resolve("model.onnx");
    Path text = Files.writeString(folder.resolve("text"), "no model");
    run(1, "export", text, "--onnx", onnx);
    assertFalse(Files.exists(onnx));
    run(2, "export", text);
  }
}
