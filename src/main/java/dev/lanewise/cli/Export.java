package dev.lanewise.cli;

import dev.lanewise.cli.FileChecks.Given;
import dev.lanewise.data.Column;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.onnx.OnnxModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a model for other runtimes. */
@Command(name = "export", description = "Writes a model as an ONNX graph, for other runtimes.")
final class Export implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "A model that train wrote.")
  private Path file;

  @Option(
      names = "--onnx",
      paramLabel = "FILE",
      required = true,
      description = "Where the ONNX graph goes.")
  private Path output;

  @Option(
      names = "--encoded-rows",
      description =
          "The graph takes encoded rows, not the columns of records. A model of images, or one"
              + " without an encoder, always takes them.")
  private boolean encodedRows;

  @Override
  public Integer call() throws IOException {
    FileChecks.requireDistinct(
        Given.of("MODEL", file).toList(), Given.of("--onnx", output).toList());
    FileChecks.tryTarget(output);
    TrainedModel model = TrainedModel.load(file);
    OnnxModel onnx =
        encodedRows || !isOfRecords(model) ? OnnxModel.ofRows(model) : OnnxModel.ofRecords(model);
    PrintWriter out = spec.commandLine().getOut();
    out.println(onnx);
    out.flush();
    new OutputFile(output, Optional.empty()).write(stream -> stream.write(onnx.toBytes()));
    return 0;
  }

  private static boolean isOfRecords(TrainedModel model) {
    return model
        .encoder()
        .map(encoder -> !(encoder.columns().getFirst() instanceof Column.Pixels))
        .orElse(false);
  }
}
