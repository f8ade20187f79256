package dev.lanewise.cli;

import dev.lanewise.train.Averaging;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.ReduceOnPlateau;
import dev.lanewise.train.Training;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * The options of {@code train} that accompany its steps: plateau, averaging, the rate finder,
 * audits.
 */
@Command(optionListHeading = "Plateau, averages, rate finder, audits:%n")
final class TrainingOptions {

  private static final double FACTOR = 0.1;
  private static final int COMPONENTS = 30;

  private static final String OF_PRESET =
      "%s: has no meaning for the rate of --preset %s, which goes up and down in cycles; expected"
          + " --schedule beside it, or --preset plain";

  @Option(
      names = "--plateau",
      paramLabel = "EPOCHS[,FACTOR]",
      description =
          "Multiply the learning rate by FACTOR, 0.1 by default, whenever the dev loss has not"
              + " fallen for so many epochs. Not for the cycles of a preset.")
  private String plateau;

  @Option(
      names = "--average",
      paramLabel = "FORM",
      description =
          "Result in averaged parameters: ema=0.999, a moving average over the steps; epochs=N, the"
              + " mean of the ends of the epochs from N on.")
  private String average;

  @Option(
      names = "--find-learning-rate",
      description =
          "Train nothing; print the losses that growing learning rates lead to, and a suggestion."
              + " Not for the cycles of a preset.")
  private boolean findLearningRate;

  @Option(
      names = "--audit",
      paramLabel = "STEPS[,COMPONENTS]",
      description =
          "Compare the gradient of the first step, and of one in so many after it, with differences"
              + " in double precision, at 30 components by default.")
  private String audit;

  /** Judges the options, given the epochs of the training. */
  void check(CommandSpec spec, int epochs) {
    plateau(spec);
    if (averaging(spec).orElse(null) instanceof Averaging.Epochs mean) {
      Usage.require(
          spec,
          mean.from() <= epochs,
          "--average epochs=%d: begins after --epochs %d; expected one of them",
          mean.from(),
          epochs);
    }
    if (audit != null) {
      audits(spec);
      Usage.require(spec, !findLearningRate, "--audit: has no meaning with --find-learning-rate");
    }
  }

  /** {@return the recipe with what is asked for; the options have been checked} */
  Recipe applyTo(Recipe recipe, CommandSpec spec) {
    Recipe lowering = plateau(spec).map(recipe::withReduceOnPlateau).orElse(recipe);
    return averaging(spec).map(lowering::withAveraging).orElse(lowering);
  }

  /** Complains about a rule that watches dev rows where there are none. */
  void requireDevRows(CommandSpec spec, boolean devRows) {
    Usage.require(
        spec,
        plateau == null || devRows,
        "--plateau %s: needs dev rows; expected a --split with a second part above 0",
        plateau);
  }

  /**
   * Complains about rules for a rate that changes as a preset says: its cycles raise it again after
   * a plateau, and end where the finder's one rate would stay.
   *
   * @param preset the preset
   */
  void requireOtherRates(CommandSpec spec, String preset) {
    Usage.require(spec, plateau == null, OF_PRESET, "--plateau " + plateau, preset);
    Usage.require(spec, !findLearningRate, OF_PRESET, "--find-learning-rate", preset);
  }

  /** {@return an option that is given and has a meaning for one training alone} */
  Optional<String> ofOneTraining() {
    return findLearningRate
        ? Optional.of("--find-learning-rate")
        : audit == null ? Optional.empty() : Optional.of("--audit");
  }

  /** {@return whether the rate is lowered when dev rows say so} */
  boolean lowersOnPlateau() {
    return plateau != null;
  }

  /** {@return whether parameters are averaged} */
  boolean averages() {
    return average != null;
  }

  /** {@return whether a rate is looked for and nothing is trained} */
  boolean findLearningRate() {
    return findLearningRate;
  }

  /** {@return whether gradients are audited} */
  boolean audits() {
    return audit != null;
  }

  /** Has a training audited as asked; the options have been checked. */
  void audit(CommandSpec spec, Training training, Consumer<Training.Audit> listener) {
    int[] asked = audits(spec);
    training.audit(asked[0], asked[1], listener);
  }

  /** {@return the steps from one audit to the next, and the components} */
  private int[] audits(CommandSpec spec) {
    Usage.require(
        spec,
        audit.matches("[1-9][0-9]{0,8}(,[1-9][0-9]{0,8})?"),
        "--audit: %s; expected a number of steps from 1, and perhaps one of components, as 100,30",
        audit);
    String[] parts = audit.split(",");
    return new int[] {
      Integer.parseInt(parts[0]), parts.length == 1 ? COMPONENTS : Integer.parseInt(parts[1])
    };
  }

  private Optional<ReduceOnPlateau> plateau(CommandSpec spec) {
    if (plateau == null) {
      return Optional.empty();
    }
    String[] parts = plateau.split(",", -1);
    double factor = parts.length == 1 ? FACTOR : number(parts[1]);
    Usage.require(
        spec,
        parts.length <= 2 && parts[0].matches("[1-9][0-9]{0,8}") && factor > 0 && factor < 1,
        "--plateau: %s; expected a number of epochs from 1, and perhaps a factor between 0 and 1,"
            + " as 5,0.1",
        plateau);
    return Optional.of(ReduceOnPlateau.of(Integer.parseInt(parts[0]), factor));
  }

  private Optional<Averaging> averaging(CommandSpec spec) {
    if (average == null) {
      return Optional.empty();
    }
    if (average.matches("epochs=[1-9][0-9]{0,8}")) {
      return Optional.of(new Averaging.Epochs(Integer.parseInt(average.substring(7))));
    }
    double decay = average.startsWith("ema=") ? number(average.substring(4)) : Double.NaN;
    Usage.require(
        spec,
        decay >= 0 && (float) decay < 1,
        "--average: %s; expected ema= with a number in [0, 1), or epochs= with the first epoch"
            + " that counts, from 1",
        average);
    return Optional.of(new Averaging.Exponential(decay));
  }

  /** {@return the number in a text, NaN if it is none} */
  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
