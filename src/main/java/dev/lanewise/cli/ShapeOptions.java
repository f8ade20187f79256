package dev.lanewise.cli;

import dev.lanewise.data.Target;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code gradcheck} that say what the rows would, where there is no file. */
@Command(optionListHeading = "Without a file:%n")
final class ShapeOptions {

  private static final int MOST = 9_999_999;

  @Option(names = "--inputs", paramLabel = "N", description = "The network's inputs.")
  private Integer inputs;

  @Option(
      names = "--outputs",
      paramLabel = "N",
      description =
          "The network's outputs: 1 for two classes, else one for each class; with --task regress"
              + " one for each value.")
  private Integer outputs;

  /** Judges the options, which must be there. */
  void check(CommandSpec spec) {
    require(spec, "--inputs", inputs);
    require(spec, "--outputs", outputs);
  }

  private static void require(CommandSpec spec, String option, Integer number) {
    Usage.require(
        spec,
        number != null,
        "%s: missing; expected it where neither a model nor a file of examples is given",
        option);
    Usage.require(
        spec,
        number >= 1 && number <= MOST,
        "%s: %d; expected a number from 1 to %d",
        option,
        number,
        MOST);
  }

  /** {@return the network's inputs} */
  int inputs() {
    return inputs;
  }

  /** {@return the network's outputs} */
  int outputs() {
    return outputs;
  }

  /**
   * {@return a target that asks for the loss of so many outputs}
   *
   * @param classifies whether classes are predicted, not values
   */
  Target target(boolean classifies) {
    if (!classifies) {
      return Target.Values.unscaled(outputs);
    }
    int classes = outputs == 1 ? 2 : Math.max(outputs, 3);
    return new Target.Classes(IntStream.range(0, classes).mapToObj(Integer::toString).toList());
  }
}
