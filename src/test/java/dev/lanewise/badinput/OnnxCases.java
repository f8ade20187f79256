package dev.lanewise.badinput;

import dev.lanewise.engine.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Path;

/** Bad input to the package {@code onnx}. */
final class OnnxCases {

  private static final Path NOWHERE = Path.of("target", "no such folder", "file");

  private OnnxCases() {}

  static void list(BadInputs bad) {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    Model model = Model.of(network, network.initialParameters(1), Engine.standard());
    bad.refuses(
        "OnnxModel.ofRecords(TrainedModel)",
        () -> OnnxModel.ofRecords(model),
        IllegalStateException.class,
        "model: without encoder");
    bad.refuses(
        "OnnxModel.ofRows(TrainedModel)",
        () -> OnnxModel.ofRows(model.forServing()),
        IllegalStateException.class,
        "parameters");
    bad.refuses(
        "OnnxModel.save(Path)",
        () -> OnnxModel.ofRows(model).save(NOWHERE),
        IOException.class,
        "no such folder");
  }
}
