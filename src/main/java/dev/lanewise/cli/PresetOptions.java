package dev.lanewise.cli;

import dev.lanewise.json.Json;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Tabular;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The option of {@code train} that says what all others begin with. */
@Command(optionListHeading = "Preset:%n")
final class PresetOptions {

  private enum Name {
    PLAIN,
    TABULAR,
    TABULAR_FULL,
    TABULAR_ENSEMBLE;

    Optional<Tabular> preset() {
      return switch (this) {
        case PLAIN -> Optional.empty();
        case TABULAR -> Optional.of(Tabular.small());
        case TABULAR_FULL -> Optional.of(Tabular.full());
        case TABULAR_ENSEMBLE -> Optional.of(Tabular.ensemble(8));
      };
    }
  }

  /** The families of options, by their names in {@link TrainSettings}, that describe a training. */
  private static final List<String> DESCRIBING =
      List.of("network", "loss", "optimizer", "loop", "rules");

  /** Options of other families that do, too: shapes of weights, cycles of the rate. */
  private static final Set<String> DESCRIBING_TOO = Set.of("--initial-weights", "--snapshots");

  /** Options of these families that go with any training. */
  private static final Set<String> NEUTRAL = Set.of("--seed", "--audit");

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "What encoding, network, optimiser, batches and epochs are unless an option says"
              + " otherwise. plain: what the other options name as their defaults; tabular: what"
              + " does well on most tables, in seconds to a minute, of CSV in memory; tabular-full:"
              + " the same with trained functions of numbers, which takes up to twice as long;"
              + " tabular-ensemble: eight of these in one, which takes several times as long."
              + " Default: tabular for CSV in memory, unless an option of network, loss, optimiser,"
              + " batches or epochs is given; else plain.")
  private String name;

  /** Checks the option, given the rows. */
  void check(CommandSpec spec, DataOptions data) {
    Optional<Tabular> preset = preset(spec, data);
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

  /** {@return the preset before other options change it; empty for the plain one} */
  Optional<Tabular> preset(CommandSpec spec, DataOptions data) {
    return chosen(spec, data).preset();
  }

  /** {@return the name of the preset, be it the default} */
  String name(CommandSpec spec, DataOptions data) {
    return Usage.name(chosen(spec, data));
  }

  private Name chosen(CommandSpec spec, DataOptions data) {
    if (name != null) {
      return Usage.constant(spec, "--preset", Name.class, name);
    }
    boolean table = !data.streams() && !data.namesImages();
    return table && given(spec).noneMatch(option -> describes(spec, option))
        ? Name.TABULAR
        : Name.PLAIN;
  }

  /** {@return the options that are given, of a search also those that its trials differ in} */
  private static Stream<String> given(CommandSpec spec) {
    return Stream.concat(
        spec.commandLine().getParseResult().matchedOptions().stream().map(OptionSpec::longestName),
        SpaceOptions.options(spec));
  }

  private static boolean describes(CommandSpec spec, String option) {
    Map<String, CommandSpec> families = spec.mixins().get(TrialOptions.MIXIN).mixins();
    return DESCRIBING_TOO.contains(option)
        || !NEUTRAL.contains(option)
            && DESCRIBING.stream()
                .anyMatch(family -> families.get(family).findOption(option) != null);
  }

  /**
   * {@return the name of the preset, and how it limits the epochs, if it does}
   *
   * @param chosen the preset with what other options changed
   * @param recipe the recipe that was made by it
   */
  Map<String, Json> facts(
      CommandSpec spec, DataOptions data, Optional<Tabular> chosen, Recipe recipe) {
    Map<String, Json> facts = new LinkedHashMap<>();
    facts.put("preset", Json.of(name(spec, data)));
    chosen.ifPresent(
        preset -> {
          int most = preset.mostEpochs(recipe.network().loss());
          if (recipe.epochs() < most) {
            facts.put(
                "epochLimit",
                Json.of(
                    "%d of %d epochs (rows × epochs ≤ %s)"
                        .formatted(recipe.epochs(), most, scientific(preset.mostExamples()))));
          }
        });
    return facts;
  }

  /** {@return a number as {@code 5·10⁶}} */
  private static String scientific(long number) {
    String digits = Long.toString(number).replaceFirst("0+$", "");
    int zeros = Long.toString(number).length() - digits.length();
    return "%s·10%s"
        .formatted(
            digits,
            Integer.toString(zeros)
                .chars()
                .mapToObj(digit -> "⁰¹²³⁴⁵⁶⁷⁸⁹".substring(digit - '0', digit - '0' + 1))
                .collect(Collectors.joining()));
  }

  /**
   * {@return facts for people: the limit of the epochs stands behind the preset that sets it}
   *
   * @param facts those of {@link #facts}, and others
   */
  static Map<String, Json> inOneLine(Map<String, Json> facts) {
    Map<String, Json> lines = new LinkedHashMap<>(facts);
    if (lines.remove("epochLimit") instanceof Json.Str limit) {
      lines.computeIfPresent(
          "preset",
          (name, preset) ->
              Json.of("%s, %s".formatted(((Json.Str) preset).value(), limit.value())));
    }
    return lines;
  }
}
