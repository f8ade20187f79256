package dev.lanewise.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a network on a file of examples and judges it. */
@Command(name = "train", description = "Trains a network and judges it.")
final class Train implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final NetworkOptions network = new NetworkOptions();
  @Mixin private final OptimizerOptions optimizer = new OptimizerOptions();
  @Mixin private final EngineOptions engine = new EngineOptions();

  @Option(
      names = "--batch-size",
      paramLabel = "ROWS|full",
      description = "Default: ${DEFAULT-VALUE}.")
  private String batchSize = "64";

  @Option(names = "--epochs", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int epochs = 100;

  @Option(
      names = "--patience",
      paramLabel = "EPOCHS",
      description =
          "Stop when the dev loss has not fallen for so many epochs; 0 never stops early. Default: 10.")
  private Integer patience;

  @Option(names = "--seed", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--initial-weights",
      paramLabel = "FILE",
      description = "Start from the parameters in a safetensors file.")
  private Path initialWeights;

  @Option(names = "--model", paramLabel = "FILE", description = "Write the model, as safetensors.")
  private Path model;

  @Option(names = "--history", paramLabel = "FILE", description = "Write a CSV line for each epoch.")
  private Path history;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "Write a checkpoint after each epoch.")
  private Path checkpoint;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description = "Go on from a checkpoint, with the options of the run that wrote it.")
  private Path resume;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    check();
    throw new UnsupportedOperationException("training");
  }

  private void check() {
    data.check(spec);
    network.check(spec);
    optimizer.check(spec);
    engine.check(spec);
    Usage.require(
        spec,
        !network.batchNorm() || batchSize() != 1,
        "--batch-size 1: too few rows for --batch-norm; expected 2 or more, or full");
    Usage.require(spec, epochs >= 1, "--epochs: %d; expected 1 or more", epochs);
    Usage.require(
        spec, patience == null || patience >= 0, "--patience: %d; expected 0 or more", patience);
    Usage.require(
        spec,
        patience == null || patience == 0 || data.ratios(spec).dev() > 0,
        "--patience %d: needs dev rows; expected a --split with a second part above 0, or --patience 0",
        patience);
    Usage.require(
        spec,
        initialWeights == null || resume == null,
        "--initial-weights: has no meaning with --resume; expected one of them");
  }

  /** {@return the rows of a batch, 0 for all} */
  private int batchSize() {
    if (batchSize.equals("full")) {
      return 0;
    }
    Usage.require(
        spec,
        batchSize.matches("[1-9][0-9]{0,8}"),
        "--batch-size: %s; expected a number of rows from 1, or full",
        batchSize);
    return Integer.parseInt(batchSize);
  }
}
