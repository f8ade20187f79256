package dev.lanewise.cli;

import dev.lanewise.search.Space;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code search} that say which values are tried for which parameters. */
final class SpaceOptions {

  /** The most combinations of other parameters' values that a refused value is tried with. */
  private static final int COMBINATIONS = 200;

  @Option(
      names = "--space",
      paramLabel = "NAME=RANGE",
      description =
          "Values to try for an option of train, named without its hyphens, or for beta, the first"
              + " β that the optimiser has: log:A..B, linear:A..B, 1-log:A..B, int:A..B or"
              + " choice:A|B|C, as learning-rate=log:1e-4..1. Once for each. Default:"
              + " learning-rate, hidden, dropout around --preset tabular; of the plain one"
              + " learning-rate, beta, hidden, batch-size, schedule; but for what is given.")
  private List<String> texts = List.of();

  /** {@return the spaces of a search as they are given; none for other commands} */
  static Stream<String> spaces(CommandSpec spec) {
    List<String> given =
        spec.commandLine().getParseResult().matchedOptionValue("--space", List.of());
    return given.stream();
  }

  /**
   * {@return the option that trials of a search differ in by a space as it is given} β counts as
   * the first of the options that it may be.
   */
  static String option(String space) {
    String name = space.split("=", 2)[0];
    return "--" + (name.equals(TrialOptions.BETA) ? "beta1" : name);
  }

  /**
   * {@return the spaces that were given, else the usual ones of options that were not} A value that
   * no trial could have is refused, as far as ends of ranges and choices tell.
   *
   * @param trials the options of all trials
   * @param all the usual spaces
   */
  List<Space> spaces(CommandSpec spec, TrialOptions trials, List<Space> all) {
    if (texts.isEmpty()) {
      List<Space> usual = all.stream().flatMap(space -> fitting(trials, space).stream()).toList();
      Usage.require(
          spec,
          !usual.isEmpty(),
          "--space: missing, and the usual parameters are given or have no meaning; expected some,"
              + " as learning-rate=log:1e-4..1");
      return usual;
    }
    List<Space> spaces = new ArrayList<>();
    Map<String, String> texts = new HashMap<>();
    for (String text : this.texts) {
      Space space = parsed(spec, text);
      TrialOptions.requireParameter(spec, text, space.name());
      Usage.require(
          spec,
          !trials.gives(space.name()),
          "--space %s: --%s is given, too; expected one of them",
          text,
          space.name());
      String other = texts.put(space.name(), text);
      Usage.require(
          spec, other == null, "--space %s: also --space %s; expected one of them", text, other);
      spaces.add(space);
    }
    requireOneBeta(spec, texts);
    for (Space space : spaces) {
      for (String value : judged(space)) {
        refusal(trials, spaces, space, value)
            .ifPresent(
                why -> {
                  throw Usage.wrong(spec, "--space %s: %s", texts.get(space.name()), why);
                });
      }
    }
    return spaces;
  }

  /** {@return what of a usual space goes with the options of all trials} */
  private static Optional<Space> fitting(TrialOptions trials, Space space) {
    if (trials.gives(space.name())) {
      return Optional.empty();
    }
    List<String> values =
        judged(space).stream()
            .filter(value -> trials.refusal(Map.of(space.name(), value)).isEmpty())
            .toList();
    if (space.scale() == Space.Scale.CHOICE && values.size() > 1) {
      return Optional.of(Space.choice(space.name(), values.toArray(String[]::new)));
    }
    return values.size() == judged(space).size() ? Optional.of(space) : Optional.empty();
  }

  private static Space parsed(CommandSpec spec, String text) {
    try {
      return Space.parse(text);
    } catch (IllegalArgumentException e) {
      throw Usage.wrong(spec, "--%s", e.getMessage());
    }
  }

  private static void requireOneBeta(CommandSpec spec, Map<String, String> texts) {
    for (String same : List.of("momentum", "beta1")) {
      Usage.require(
          spec,
          !texts.containsKey("beta") || !texts.containsKey(same),
          "--space %s: also --space %s; expected one of them",
          texts.get("beta"),
          texts.get(same));
    }
  }

  /** {@return the values that are judged beforehand: both ends, or all choices} */
  private static List<String> judged(Space space) {
    return switch (space.scale()) {
      case CHOICE -> space.choices();
      case INTEGER -> List.of(whole(space.low()), whole(space.high()));
      case LINEAR, LOG, ONE_MINUS_LOG ->
          List.of(Double.toString(space.low()), Double.toString(space.high()));
    };
  }

  private static String whole(double value) {
    return Long.toString((long) value);
  }

  /**
   * {@return why no trial can have a value, if none can} A value is tried beside values of all
   * other parameters: a momentum is taken by some optimisers, and not by others.
   */
  private static Optional<String> refusal(
      TrialOptions trials, List<Space> spaces, Space space, String value) {
    List<Map<String, String>> combinations = List.of(Map.of(space.name(), value));
    for (Space other : spaces) {
      if (other != space) {
        combinations =
            combinations.stream()
                .flatMap(so -> judged(other).stream().map(its -> with(so, other.name(), its)))
                .limit(COMBINATIONS)
                .toList();
      }
    }
    String first = null;
    for (Map<String, String> combination : combinations) {
      Optional<String> why = trials.refusal(combination);
      if (why.isEmpty()) {
        return why;
      }
      first = first == null ? why.get() : first;
    }
    String together = "%s goes with no value of the others: %s".formatted(value, first);
    return Optional.of(trials.refusal(Map.of(space.name(), value)).orElse(together));
  }

  private static Map<String, String> with(Map<String, String> values, String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(name, value);
    return more;
  }
}
