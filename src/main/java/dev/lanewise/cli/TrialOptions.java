package dev.lanewise.cli;

import dev.lanewise.learn.Learner;
import dev.lanewise.model.Provenance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The options of the trainings of a search: those of {@code train} that all have, and in each trial
 * some with values of its own. They are parsed and checked as those of {@code train} are.
 */
final class TrialOptions {

  /** The mixin of a search that has the options of all trials. */
  static final String MIXIN = "settings";

  /** The name of a parameter that is β₁ or the momentum, whichever the optimiser has. */
  static final String BETA = "beta";

  /** What trials cannot differ in, with the reason. */
  private static final Map<String, String> SHARED =
      shared(
          Map.of(
              "says which rows there are, the same for all trials",
              List.of(
                  "--test",
                  "--dev",
                  "--label",
                  "--task",
                  "--header",
                  "--ignore",
                  "--categorical",
                  "--missing",
                  "--weights",
                  "--split",
                  "--stream",
                  "--columns",
                  "--seed"),
              "is of the whole search",
              List.of("--preset", "--epochs", "--threads", "--kernels"),
              "changes no score of a trial",
              List.of("--calibrate", "--tune-threshold", "--find-learning-rate", "--audit")));

  /** What the options of one trial are parsed by. */
  @Command
  private static final class Trial {
    @Mixin private final TrainSettings settings = new TrainSettings(SearchOptions.EPOCHS, true);
  }

  /** The arguments by the option that gave them, "" for the file. */
  private final Map<String, List<String>> given;

  private TrialOptions(Map<String, List<String>> given) {
    this.given = given;
  }

  private static Map<String, String> shared(Map<String, List<String>> byReason) {
    Map<String, String> reasons = new LinkedHashMap<>();
    byReason.forEach((reason, options) -> options.forEach(o -> reasons.put(o, reason)));
    return reasons;
  }

  /**
   * {@return the options of a search that all its trials have}
   *
   * @param spec the command, parsed
   * @param settings its options, which its trials begin with
   */
  static TrialOptions of(CommandSpec spec, TrainSettings settings) {
    Map<String, List<String>> given = new LinkedHashMap<>();
    List<OptionSpec> ofTrials = spec.mixins().get(MIXIN).options();
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (ofTrials.contains(option)) {
        given.put(
            option.longestName(),
            option.originalStringValues().stream()
                .map(value -> option.longestName() + "=" + value)
                .toList());
      }
    }
    // Values of trials change no default: it is that of the search.
    given.put("--preset", List.of("--preset=" + settings.presetName(spec)));
    given.put("", List.of("--", settings.data().path()));
    return new TrialOptions(given);
  }

  /** {@return the names of the parameters that trials may differ in} */
  static List<String> parameters() {
    List<String> names = new ArrayList<>(List.of(BETA));
    for (OptionSpec option : new CommandLine(new Trial()).getCommandSpec().options()) {
      if (!SHARED.containsKey(option.longestName())) {
        names.add(option.longestName().substring(2));
      }
    }
    return names;
  }

  /**
   * Refuses a name that no parameter has.
   *
   * @param text how the parameter was given, for the message
   */
  static void requireParameter(CommandSpec spec, String text, String name) {
    String reason = SHARED.get("--" + name);
    Usage.require(
        spec,
        reason == null,
        "--space %s: --%s %s; expected an option of network, loss, optimiser or batches",
        text,
        name,
        reason);
    Usage.require(
        spec,
        parameters().contains(name),
        "--space %s: no option --%s; expected one of train's without its hyphens, as learning-rate,"
            + " beta, hidden, batch-size, dropout, l2, weight-decay",
        text,
        name);
  }

  /** {@return whether an option is given to all trials} */
  boolean gives(String name) {
    return given.containsKey("--" + name)
        || name.equals(BETA) && (gives("momentum") || gives("beta1"));
  }

  /** {@return the options of a trial as a shell takes them for {@code train}, without the file} */
  String text(Map<String, String> values) {
    Map<String, List<String>> all = arguments(values);
    all.remove("");
    return all.values().stream()
        .flatMap(List::stream)
        .map(Outputs::argument)
        .collect(Collectors.joining(" "));
  }

  /**
   * One trial's options.
   *
   * @param spec the command that they were parsed by, for complaints
   * @param settings the options
   */
  record Parsed(CommandSpec spec, TrainSettings settings) {

    /**
     * {@return a learner of the same rows, trained as these options say}
     *
     * @throws IllegalArgumentException if options do not fit each other or the rows
     */
    Learner applyTo(Learner learner) {
      return settings.applyTo(learner, spec);
    }

    /** {@return a provenance with the options of batches and epochs} */
    Provenance describe(Provenance provenance) {
      return settings.describe(provenance, spec, settings.loop().epochs());
    }
  }

  /**
   * {@return the options of a trial, checked}
   *
   * @param values the trial's own by the names of parameters
   * @throws IllegalArgumentException if an option refuses its value, or others beside it
   */
  Parsed with(Map<String, String> values) {
    try {
      return checked(values);
    } catch (ParameterException e) {
      throw new IllegalArgumentException(e.getMessage(), e); // of a trial, not of the command line
    }
  }

  /** {@return why no trial can have these values, if none can} */
  Optional<String> refusal(Map<String, String> values) {
    try {
      checked(values);
      return Optional.empty();
    } catch (ParameterException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** {@return whether the options can stand beside a preset} */
  boolean goesWith(String preset) {
    return refusal(Map.of(PresetOptions.PRESET, preset)).isEmpty();
  }

  private Parsed checked(Map<String, String> values) {
    Parsed parsed = parsed(arguments(values));
    parsed.settings().check(parsed.spec());
    return parsed;
  }

  /** {@return the arguments of a trial, by option; the file comes last} */
  private Map<String, List<String>> arguments(Map<String, String> values) {
    Map<String, List<String>> all = new LinkedHashMap<>(given);
    List<String> file = all.remove("");
    values.forEach(
        (name, value) -> {
          if (!name.equals(BETA)) {
            put(all, "--" + name, value);
          }
        });
    all.put("", file);
    if (values.containsKey(BETA)) {
      // Which option that is depends on the optimiser, which may be another in each trial.
      Parsed others = parsed(all);
      all.remove("");
      put(all, others.settings().firstBeta(others.spec()), values.get(BETA));
      all.put("", file);
    }
    return all;
  }

  private static void put(Map<String, List<String>> all, String option, String value) {
    all.put(option, List.of(option + "=" + value));
  }

  private static Parsed parsed(Map<String, List<String>> arguments) {
    Trial trial = new Trial();
    CommandLine line = new CommandLine(trial);
    line.parseArgs(arguments.values().stream().flatMap(List::stream).toArray(String[]::new));
    return new Parsed(line.getCommandSpec(), trial.settings);
  }
}
