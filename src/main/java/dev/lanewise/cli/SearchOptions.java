package dev.lanewise.cli;

import dev.lanewise.data.Roles.Task;
import dev.lanewise.search.Search;
import dev.lanewise.search.Space;
import dev.lanewise.train.DevMetric;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code search} that say which trials there are and how they are compared. */
@Command(optionListHeading = "Trials:%n")
final class SearchOptions {

  /** The most epochs of a trial if nobody says how many: 27 trials are halved by 3 over 81. */
  static final int EPOCHS = 81;

  private static final int TRIALS = 27;
  private static final int MOST_TRIALS = 1_000_000;
  private static final int MOST_FOLDS = 1000;
  private static final int MOST_WORKERS = 1024;

  private static final Pattern BUDGET =
      Pattern.compile("epochs=([1-9][0-9]{0,17})|time=([1-9][0-9]{0,8})(s|m|h)");

  /** The metrics of classes. */
  private static final List<DevMetric> OF_CLASSES =
      List.of(
          DevMetric.logLoss(),
          DevMetric.accuracy(),
          DevMetric.auc(),
          DevMetric.macroF1(),
          DevMetric.calibratedLogLoss());

  /** The metrics of values. */
  private static final List<DevMetric> OF_VALUES =
      List.of(DevMetric.rmse(), DevMetric.mae(), DevMetric.r2());

  private static final Map<String, Search.Method> SIMPLE =
      Map.of(
          "random", Search.Method.random(),
          "sobol", Search.Method.sobol(),
          "grid", Search.Method.grid());

  private static final int ETA = 3;
  private static final String ROUNDS_AND_SHRINK = "3,0.5";
  private static final String LOSS = "loss";

  /** The most parameters that evenly spread points are known for. */
  private static final int MOST_EVEN = 32;

  @Mixin private final SpaceOptions spaces = new SpaceOptions();

  @Option(
      names = "--trials",
      paramLabel = "N",
      description = "The trials. Default: ${DEFAULT-VALUE}.")
  private int trials = TRIALS;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description =
          "halving[=η]: evenly spread trials begin, and after each rung the best 1/η go on to η"
              + " times the epochs, 3 by default; random, sobol, grid: all are trained to the end;"
              + " coarse-to-fine[=ROUNDS,SHRINK]: rounds of random trials, each in a box SHRINK"
              + " times as wide around the best, 3,0.5 by default. Default: halving.")
  private String method = "halving";

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description =
          "The dev rows' score that trials are compared by: loss; log-loss, accuracy, auc, macro-f1"
              + " or calibrated-log-loss of classes; rmse, mae or r2 of values. Default: loss; of"
              + " classes with a preset, calibrated-log-loss.")
  private String metric;

  @Option(
      names = "--folds",
      paramLabel = "K",
      description =
          "Train each trial K times, on the training and dev rows without one of K parts, and"
              + " compare mean scores of the parts left out.")
  private Integer folds;

  @Option(
      names = "--budget",
      paramLabel = "LIMIT",
      description =
          "Begin no more when it is used up: epochs=N, of all trials together, or time=N with s, m"
              + " or h behind the number.")
  private String budget;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description =
          "Train so many trials side by side; the results are the same. Default:"
              + " ${DEFAULT-VALUE}.")
  private int parallel = 1;

  @Option(
      names = "--ensemble",
      description =
          "Combine the best trials: models are added one by one, some several times, while the dev"
              + " rows' score gets better. --model then holds the ensemble.")
  private boolean ensemble;

  /** Checks the options, but for the spaces. */
  void check(CommandSpec spec, boolean classifies) {
    requireRange(spec, "--trials", trials, 1, MOST_TRIALS);
    requireRange(spec, "--parallel", parallel, 1, MOST_WORKERS);
    if (folds != null) {
      requireRange(spec, "--folds", folds, 2, MOST_FOLDS);
    }
    method(spec);
    metric(spec, classifies);
    budget(spec);
  }

  private static void requireRange(CommandSpec spec, String option, int value, int low, int high) {
    Usage.require(
        spec,
        value >= low && value <= high,
        "%s: %d; expected a number from %d to %d",
        option,
        value,
        low,
        high);
  }

  /**
   * {@return the spaces that were given, or the usual ones; the options have been checked}
   *
   * @param settings what all trials begin with
   */
  List<Space> spaces(CommandSpec spec, TrialOptions trials, TrainSettings settings) {
    Task task = settings.data().classifies() ? Task.CLASSIFY : Task.REGRESS;
    List<Space> usual =
        settings.preset(spec).isPresent() ? Search.tabularSpaces(task) : Search.usualSpaces();
    List<Space> given = spaces.spaces(spec, trials, usual);
    Search.Method chosen = method(spec);
    boolean even = chosen instanceof Search.Method.Halving || chosen instanceof Search.Method.Sobol;
    Usage.require(
        spec,
        given.size() <= MOST_EVEN || !even,
        "--space: %d of them; expected at most %d for --method %s, or --method random",
        given.size(),
        MOST_EVEN,
        method);
    return given;
  }

  /** {@return whether trials are compared by folds, without dev rows} */
  boolean folds() {
    return folds != null;
  }

  /** {@return the most trials that are trained side by side} */
  int parallel() {
    return parallel;
  }

  /** {@return whether the best trials are combined} */
  boolean combines() {
    return ensemble;
  }

  /** {@return the method as it was asked for} */
  String method() {
    return method;
  }

  /** {@return a search with all that is asked for; the options have been checked} */
  Search applyTo(Search search, CommandSpec spec, TrainSettings settings) {
    Search asked = search.withTrials(trials).withMethod(method(spec));
    if (folds != null) {
      asked = asked.withFolds(folds);
    }
    boolean classifies = settings.data().classifies();
    boolean calibrated = metric == null && classifies && settings.preset(spec).isPresent();
    Optional<DevMetric> by =
        calibrated ? Optional.of(DevMetric.calibratedLogLoss()) : metric(spec, classifies);
    Optional<Search.Budget> limit = budget(spec);
    Search measured = by.map(asked::withMetric).orElse(asked);
    return limit.map(measured::withBudget).orElse(measured);
  }

  private Search.Method method(CommandSpec spec) {
    String[] parts = method.split("=", 2);
    String numbers = parts.length == 1 ? null : parts[1];
    switch (parts[0]) {
      case "halving" -> {
        Usage.require(
            spec,
            numbers == null || numbers.matches("[2-9]|[1-9][0-9]{1,5}"),
            "--method: %s; expected halving, or halving=η with a whole number from 2",
            method);
        return Search.Method.halving(numbers == null ? ETA : Integer.parseInt(numbers));
      }
      case "coarse-to-fine" -> {
        return coarseToFine(spec, numbers == null ? ROUNDS_AND_SHRINK : numbers);
      }
      default -> {
        Usage.require(
            spec,
            numbers == null && SIMPLE.containsKey(method),
            "--method: %s; expected halving, random, sobol, grid or coarse-to-fine",
            method);
        return SIMPLE.get(method);
      }
    }
  }

  private Search.Method coarseToFine(CommandSpec spec, String numbers) {
    Matcher found = Pattern.compile("([1-9][0-9]{0,5}),(0?\\.[0-9]*[1-9][0-9]*)").matcher(numbers);
    Usage.require(
        spec,
        found.matches(),
        "--method: %s; expected coarse-to-fine=ROUNDS,SHRINK with a whole number from 1 and one"
            + " between 0 and 1, as coarse-to-fine=3,0.5",
        method);
    int rounds = Integer.parseInt(found.group(1));
    Usage.require(
        spec,
        rounds <= trials,
        "--method %s: more rounds than --trials %d; expected a trial for each",
        method,
        trials);
    return Search.Method.coarseToFine(rounds, Double.parseDouble(found.group(2)));
  }

  /** {@return the metric that was asked for, empty for the loss} */
  Optional<DevMetric> metric(CommandSpec spec, boolean classifies) {
    if (metric == null || metric.equals(LOSS)) {
      return Optional.empty();
    }
    List<DevMetric> known = classifies ? OF_CLASSES : OF_VALUES;
    return Optional.of(
        known.stream()
            .filter(its -> Scores.spelled(its.name()).equals(metric))
            .findFirst()
            .orElseThrow(
                () ->
                    Usage.wrong(
                        spec,
                        "--metric: %s; expected loss, %s, with --task %s",
                        metric,
                        known.stream()
                            .map(DevMetric::name)
                            .map(Scores::spelled)
                            .collect(Collectors.joining(", ")),
                        classifies ? "classify" : "regress")));
  }

  private Optional<Search.Budget> budget(CommandSpec spec) {
    if (budget == null) {
      return Optional.empty();
    }
    Matcher found = BUDGET.matcher(budget);
    Usage.require(
        spec,
        found.matches(),
        "--budget: %s; expected epochs=N, or time=N with s, m or h behind it, as epochs=500 or"
            + " time=30m",
        budget);
    if (found.group(1) != null) {
      return Optional.of(Search.Budget.unlimited().withEpochs(Long.parseLong(found.group(1))));
    }
    long number = Long.parseLong(found.group(2));
    Duration time =
        switch (found.group(3)) {
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofHours(number);
        };
    return Optional.of(Search.Budget.unlimited().withTime(time));
  }
}
