package dev.lanewise.cli;

import dev.lanewise.json.Json;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Tabular;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option of {@code train} that says what all others begin with. */
@Command(optionListHeading = "Preset:%n")
final class PresetOptions {

  private enum Name {
    PLAIN,
    TABULAR;

    Optional<Tabular> preset() {
      return this == PLAIN ? Optional.empty() : Optional.of(Tabular.small());
    }
  }

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "What encoding, network, optimiser, batches and epochs are unless an option says"
              + " otherwise. plain: what the other options name as their defaults; tabular: what"
              + " does well on most tables, in seconds to a minute, of CSV in memory. Default:"
              + " ${DEFAULT-VALUE}.")
  private String name = "plain";

  /** Checks the option, given the rows. */
  void check(CommandSpec spec, DataOptions data) {
    Optional<Tabular> preset = preset(spec);
    Usage.require(
        spec,
        preset.isEmpty() || !data.streams(),
        "--preset %s: has no meaning with --stream; expected one of them, or --preset plain",
        name);
    Usage.require(
        spec,
        preset.isEmpty() || !data.namesImages(),
        "--preset %s: images have no columns; expected a CSV file, or --preset plain",
        name);
  }

  /** Refuses a preset for columns where a file holds images, which its name did not tell. */
  void requireColumns(CommandSpec spec, Examples examples) {
    if (preset(spec).isPresent() && examples instanceof Examples.Pictures) {
      throw new IllegalArgumentException(
          "--preset %s: the file holds images, which have no columns; expected a CSV file, or"
                  .formatted(name)
              + " --preset plain");
    }
  }

  /** {@return the preset before other options change it; empty for the plain one} */
  Optional<Tabular> preset(CommandSpec spec) {
    return Usage.constant(spec, "--preset", Name.class, name).preset();
  }

  /**
   * {@return the name of the preset, if one was asked for, and how it limits the epochs, if it
   * does}
   *
   * @param chosen the preset with what other options changed
   * @param recipe the recipe that was made by it
   */
  Map<String, Json> facts(CommandSpec spec, Optional<Tabular> chosen, Recipe recipe) {
    Map<String, Json> facts = new LinkedHashMap<>();
    if (Usage.given(spec, "--preset")) {
      facts.put("preset", Json.of(name));
    }
    chosen
        .filter(preset -> recipe.epochs() < preset.mostEpochs())
        .ifPresent(
            preset ->
                facts.put(
                    "epochLimit",
                    Json.of(
                        "%d of %d epochs, so that rows × epochs ≤ %d"
                            .formatted(
                                recipe.epochs(), preset.mostEpochs(), preset.mostExamples()))));
    return facts;
  }
}
