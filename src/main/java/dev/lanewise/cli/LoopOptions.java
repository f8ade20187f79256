package dev.lanewise.cli;

import dev.lanewise.data.Batches;
import dev.lanewise.model.Provenance;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Tabular;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code train} for batches, epochs and early stopping. */
@Command(optionListHeading = "Batches and epochs:%n")
final class LoopOptions {

  private static final int PATIENCE = 10;

  @Option(
      names = "--batch-size",
      paramLabel = "ROWS|full|auto",
      description =
          "auto takes all of fewer than 2000 training rows, else 64 to 512 as they grow in number."
              + " Default: ${DEFAULT-VALUE}.")
  private String batchSize = "64";

  @Option(
      names = "--micro-batch",
      paramLabel = "ROWS",
      description =
          "Take no more rows through the network at once; a batch's gradient is summed over such"
              + " parts.")
  private Integer microBatch;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "The most passes over the training rows. Default: ${DEFAULT-VALUE}; of train with a"
              + " preset, as many as the preset has.")
  private int epochs;

  @Option(
      names = "--patience",
      paramLabel = "EPOCHS",
      description =
          "Stop when the dev loss, with a preset for classes the log loss after a temperature, has"
              + " not fallen for so many epochs; 0 never stops early. Default: 10, with a preset"
              + " the best of all epochs.")
  private Integer patience;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Of the split, the first weights, the order of rows and dropout. Default:"
              + " ${DEFAULT-VALUE}.")
  private long seed;

  /** Whether a preset does not decide on the epochs either. */
  private final boolean always;

  /**
   * Creates the options.
   *
   * @param usualEpochs the epochs if nobody says how many
   * @param always whether this is so for every preset; else only for the plain one
   */
  LoopOptions(int usualEpochs, boolean always) {
    epochs = usualEpochs;
    this.always = always;
  }

  /**
   * Checks the options.
   *
   * @param batchNorm whether the network takes statistics over a batch
   */
  void check(CommandSpec spec, boolean batchNorm) {
    int rows = batchSize(spec, Integer.MAX_VALUE);
    Usage.require(
        spec,
        !batchNorm || rows != 1,
        "--batch-size 1: too few rows for --batch-norm; expected 2 or more, or full");
    Usage.require(
        spec,
        microBatch == null || microBatch >= 1,
        "--micro-batch: %s; expected a number of rows from 1",
        microBatch);
    Usage.require(
        spec,
        microBatch == null || !batchNorm,
        "--micro-batch %s: --batch-norm takes statistics over a whole batch; expected one of them",
        microBatch);
    Usage.require(spec, epochs >= 1, "--epochs: %d; expected 1 or more", epochs);
    Usage.require(
        spec, patience == null || patience >= 0, "--patience: %d; expected 0 or more", patience);
  }

  /** Checked once by the shares, and again by the rows, which may be too few for all shares. */
  void requireDevRows(CommandSpec spec, boolean devRows) {
    Usage.require(
        spec,
        patience == null || patience == 0 || devRows,
        "--patience %d: needs dev rows; expected a --split with a second part above 0, or"
            + " --patience 0",
        patience);
  }

  /** {@return the option that is given to stop early} */
  Optional<String> stopsEarly() {
    return patience == null || patience == 0
        ? Optional.empty()
        : Optional.of("--patience " + patience);
  }

  /** {@return the most epochs; of a preset, those that it was given} */
  int epochs() {
    return epochs;
  }

  /**
   * {@return the most epochs, those of a preset if it decides}
   *
   * @param ofPreset what it decides
   */
  int epochs(CommandSpec spec, Optional<Integer> ofPreset) {
    return limits(spec) ? epochs : ofPreset.orElse(epochs);
  }

  /** {@return whether the epochs are these, whatever a preset says} */
  private boolean limits(CommandSpec spec) {
    return always || Usage.given(spec, "--epochs");
  }

  /**
   * {@return a preset with the batches and epochs that are asked for; the options have been
   * checked}
   *
   * @param trainingRows the number of training rows
   */
  Tabular override(Tabular preset, CommandSpec spec, int trainingRows) {
    Tabular its =
        limits(spec) ? preset.withEpochs(epochs).withMostExamples(Long.MAX_VALUE) : preset;
    return Usage.given(spec, "--batch-size")
        ? its.withBatchSize(batchSize(spec, trainingRows))
        : its;
  }

  /** {@return a preset's recipe with what is asked for beside batches and epochs} */
  Recipe override(Recipe usual) {
    Recipe recipe = usual.withMicroBatch(microBatch == null ? 0 : microBatch);
    if (patience == null) {
      return recipe;
    }
    if (patience == 0) {
      return recipe.withEarlyStopping(EarlyStopping.never());
    }
    EarlyStopping rule = EarlyStopping.patience(patience).withLatestOfEqual();
    boolean onMetric = usual.earlyStopping().watch() == EarlyStopping.Watch.DEV_METRIC;
    return recipe.withEarlyStopping(onMetric ? rule.onMetric() : rule);
  }

  /** {@return the seed of all that is random} */
  long seed() {
    return seed;
  }

  /**
   * {@return the recipe with what is asked for; the options have been checked}
   *
   * @param trainingRows the number of training rows
   */
  Recipe applyTo(Recipe recipe, CommandSpec spec, int trainingRows) {
    int epochsToWait = patience == null ? PATIENCE : patience;
    return recipe
        .withBatchSize(batchSize(spec, trainingRows))
        .withMicroBatch(microBatch == null ? 0 : microBatch)
        .withEpochs(epochs)
        .withEarlyStopping(
            epochsToWait > 0 ? EarlyStopping.patience(epochsToWait) : EarlyStopping.never());
  }

  /**
   * {@return a provenance with the options}
   *
   * @param most the most epochs
   * @param preset whether a preset decides on batches unless options do: by the rows
   */
  Provenance describe(Provenance provenance, CommandSpec spec, int most, boolean preset) {
    String rows = !preset || Usage.given(spec, "--batch-size") ? batchSize : "by rows";
    return provenance
        .with("batchSize", rows)
        .with("epochs", Integer.toString(most))
        .with("seed", Long.toString(seed));
  }

  /** {@return the rows of a batch, 0 for all} */
  private int batchSize(CommandSpec spec, int trainingRows) {
    if (batchSize.equals("full")) {
      return 0;
    }
    if (batchSize.equals("auto")) {
      return Batches.recommendedSize(trainingRows);
    }
    Usage.require(
        spec,
        batchSize.matches("[1-9][0-9]{0,8}"),
        "--batch-size: %s; expected a number of rows from 1, full or auto",
        batchSize);
    return Integer.parseInt(batchSize);
  }
}
