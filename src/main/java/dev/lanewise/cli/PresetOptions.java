package dev.lanewise.cli;

import dev.lanewise.json.Json;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Tabular;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
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

  /** The names of what is told of presets. */
  static final String PRESET = "preset";

  /** The preset in which options mean what they name as their defaults. */
  static final String PLAIN = Usage.name(Name.PLAIN);

  static final String REASON = "presetReason";
  static final String LIMIT = "epochLimit";

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
    return table && given(spec).noneMatch(option -> describes(spec, option.option()))
        ? Name.TABULAR
        : Name.PLAIN;
  }

  /**
   * {@return why the preset is the plain one where a table would have another, and how to keep that
   * one if that can be; empty if it was asked for, or no option is why}
   *
   * @param goes whether a preset goes with the options that are given
   */
  Optional<String> reason(CommandSpec spec, DataOptions data, Predicate<String> goes) {
    if (name != null || data.streams() || data.namesImages()) {
      return Optional.empty();
    }
    List<Given> why = given(spec).filter(option -> describes(spec, option.option())).toList();
    if (why.isEmpty()) {
      return Optional.empty();
    }
    String usual = Usage.name(Name.TABULAR);
    String names = why.stream().map(Given::name).distinct().collect(Collectors.joining(", "));
    String all = why.stream().map(Given::text).distinct().collect(Collectors.joining(" "));
    String given = "%s %s given".formatted(names, names.contains(",") ? "are" : "is");
    return Optional.of(
        goes.test(usual)
            ? "%s; to keep the preset for tables: --preset %s %s".formatted(given, usual, all)
            : given);
  }

  /**
   * An option that is given.
   *
   * @param option its name; of a space of a search, that of what its trials differ in
   * @param name what it is called
   * @param text how it is given
   */
  private record Given(String option, String name, String text) {}

  private static Stream<Given> given(CommandSpec spec) {
    return Stream.concat(
        spec.commandLine().getParseResult().matchedOptions().stream()
            .map(option -> new Given(option.longestName(), option.longestName(), text(option))),
        SpaceOptions.spaces(spec)
            .map(
                space ->
                    new Given(
                        SpaceOptions.option(space),
                        "--space " + space.split("=", 2)[0],
                        "--space " + space)));
  }

  private static String text(OptionSpec option) {
    Stream<String> values =
        option.arity().max() == 0 ? Stream.empty() : option.originalStringValues().stream();
    return Stream.concat(Stream.of(option.longestName()), values.map(Outputs::argument))
        .collect(Collectors.joining(" "));
  }

  private static boolean describes(CommandSpec spec, String option) {
    Map<String, CommandSpec> families = spec.mixins().get(TrialOptions.MIXIN).mixins();
    return DESCRIBING_TOO.contains(option)
        || !NEUTRAL.contains(option)
            && DESCRIBING.stream()
                .anyMatch(family -> families.get(family).findOption(option) != null);
  }

  /**
   * {@return how a preset limits the epochs, if it does}
   *
   * @param chosen the preset with what other options changed
   * @param recipe the recipe that was made by it
   */
  static Optional<String> limit(Tabular chosen, Recipe recipe) {
    int most = chosen.mostEpochs(recipe.network().loss());
    return recipe.epochs() < most
        ? Optional.of(
            "%d of %d epochs (rows × epochs ≤ %s)"
                .formatted(recipe.epochs(), most, scientific(chosen.mostExamples())))
        : Optional.empty();
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
   * {@return facts for people: why the preset is what it is, and the limit that it sets, stand
   * behind it}
   *
   * @param facts those of {@link TrainSettings#presetFacts}, and others
   */
  static Map<String, Json> inOneLine(Map<String, Json> facts) {
    Map<String, Json> lines = new LinkedHashMap<>(facts);
    for (String more : List.of(REASON, LIMIT)) {
      if (lines.remove(more) instanceof Json.Str told) {
        String link = more.equals(REASON) ? ", as " : ", ";
        lines.computeIfPresent(
            PRESET, (name, preset) -> Json.of(((Json.Str) preset).value() + link + told.value()));
      }
    }
    return lines;
  }
}
