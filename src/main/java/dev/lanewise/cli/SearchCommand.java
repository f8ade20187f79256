package dev.lanewise.cli;

import dev.lanewise.engine.Engine;
import dev.lanewise.json.Json;
import dev.lanewise.model.Model;
import dev.lanewise.model.Provenance;
import dev.lanewise.report.Facts;
import dev.lanewise.report.Report;
import dev.lanewise.report.SearchSections;
import dev.lanewise.report.Section;
import dev.lanewise.search.Search;
import dev.lanewise.search.Space;
import dev.lanewise.search.Trial;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Searches for good values of options of {@code train}. A trial is a training with the options
 * given here and its own values put in.
 */
@Command(
    name = "search",
    description =
        "Searches for good values of train's options. A trial is a training with the options given"
            + " here and values of its own for those in --space.",
    abbreviateSynopsis = true,
    optionListHeading = "%n")
final class SearchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private final SearchOptions search = new SearchOptions();
  @Mixin private final SearchFiles files = new SearchFiles();
  @Mixin private final ReportOptions reports = new ReportOptions();
  @Mixin private final TrainSettings settings = new TrainSettings(SearchOptions.EPOCHS, true);

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** What computes; null until the options have been checked. */
  private Engine engine;

  @Override
  public Integer call() throws IOException {
    check();
    TrialOptions trials = TrialOptions.of(spec, settings);
    List<Space> spaces = search.spaces(spec, trials, settings);
    PrintWriter err = spec.commandLine().getErr();
    try (Progress progress = new Progress(err);
        SearchFiles.Opened written =
            files.open(settings.data().files(), reports.written(), err, progress)) {
      ReportFiles reported = reports.open(Stream.concat(settings.data().files(), files.written()));
      DataOptions.Source source = settings.read(spec, progress);
      progress.begin("searching");
      Search.Result found = searched(asked(source, trials, spaces, progress), source);
      progress.begin("evaluating");
      SearchOutcome outcome = outcome(found, trials, source);
      progress.end();
      print(new SearchResults(found, outcome, facts(found, trials, outcome)));
      written.save(
          outcome.model(),
          () -> {
            if (reported.wanted()) {
              progress.begin("writing the report");
              reported.write(report(found, trials, outcome));
              progress.end();
            }
          });
    }
    return 0;
  }

  private void check() {
    settings.check(spec);
    search.check(spec, settings.data().classifies());
    Usage.require(
        spec,
        !settings.rules().findLearningRate(),
        "--find-learning-rate: trains nothing; expected train, or --space learning-rate=log:A..B");
    Usage.require(
        spec, !settings.rules().audits(), "--audit: is of one training; expected it with train");
    Usage.require(
        spec,
        !settings.data().streams(),
        "--stream: has no meaning with search, whose trials share the rows in memory");
    Usage.require(
        spec,
        search.folds() || settings.data().hasDev(spec),
        "--split: no dev rows to compare trials by; expected a second part above 0, --dev or"
            + " --folds");
    Usage.require(
        spec,
        !search.folds() || !settings.data().hasDevFile(),
        "--folds: has no meaning with --dev, as each fold holds out its own rows; expected one of"
            + " them");
    Usage.require(
        spec,
        !search.combines() || settings.outputs().given().isEmpty(),
        "--ensemble: has no meaning with %s, which is of one model; expected one of them",
        String.join(", ", settings.outputs().given()));
  }

  private Search asked(
      DataOptions.Source source, TrialOptions trials, List<Space> spaces, Progress progress) {
    engine = settings.engine();
    Search.Setup setup = (its, values) -> trials.with(values.texts()).applyTo(its);
    return search
        .applyTo(
            Search.of(source.judging(settings.learner(spec, engine)), spaces, setup),
            spec,
            settings)
        .withEpochs(settings.loop().epochs())
        .withSeed(settings.loop().seed())
        .withProgress(reached -> show(progress, reached));
  }

  private Search.Result searched(Search asked, DataOptions.Source source) throws IOException {
    int helpers = search.parallel() - 1;
    if (helpers == 0) {
      return source.search(asked, files.journal());
    }
    ExecutorService executor =
        Executors.newFixedThreadPool(helpers, Thread.ofPlatform().daemon().factory());
    try {
      return source.search(asked.withParallel(executor, search.parallel()), files.journal());
    } finally {
      executor.shutdown();
    }
  }

  private SearchOutcome outcome(
      Search.Result found, TrialOptions trials, DataOptions.Source source) {
    if (found.ranked().isEmpty()) {
      String why =
          found.trials().stream()
              .filter(trial -> trial.failure().isPresent())
              .findFirst()
              .map(
                  trial ->
                      "trial %d: %s; expected values that can be trained with"
                          .formatted(trial.number(), trial.failure().get()))
              .orElse("none was begun within the budget; expected a larger --budget");
      throw new IllegalStateException("no trial has a score; " + why);
    }
    SearchOutcome outcome =
        search.combines()
            ? SearchOutcome.ofSurvivors(
                found, source, search.metric(spec, settings.data().classifies()))
            : SearchOutcome.ofBest(found);
    Map<String, String> values = found.best().values().texts();
    Provenance told =
        outcome
            .model()
            .provenance()
            .with("data", settings.data().name())
            .with("options", trials.text(values))
            .with("search", told(found));
    Provenance provenance = trials.with(values).describe(told);
    return outcome.withProvenance(provenance);
  }

  private String told(Search.Result found) {
    return "%s of %d trials by %s"
        .formatted(
            search.combines() ? "an ensemble" : "trial " + found.best().number(),
            found.trials().size(),
            search.method());
  }

  private void print(SearchResults results) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      results.printJson(out);
    } else {
      results.printText(out);
    }
    out.flush();
  }

  private static void show(Progress progress, Search.Progress reached) {
    progress.show(
        () ->
            "searching  %d/%d  trial %d after %d epochs%s"
                .formatted(
                    reached.finished(),
                    reached.planned(),
                    reached.trial().number(),
                    reached.trial().epochs(),
                    reached.trial().score().isPresent()
                        ? ": %.4g".formatted(reached.trial().score().getAsDouble())
                        : " has failed"));
  }

  private Map<String, Json> facts(Search.Result found, TrialOptions trials, SearchOutcome outcome) {
    Trial best = found.best();
    Map<String, Json> facts = new LinkedHashMap<>();
    facts.put("method", Json.of(search.method()));
    facts.put("metric", Json.of(found.scoreName()));
    facts.put("score", Json.of(best.score().orElseThrow()));
    facts.putAll(settings.presetFacts(spec));
    facts.put("options", Json.of(trials.text(best.values().texts())));
    facts.put("epochs", Json.of(best.epochs()));
    facts.putAll(outcome.facts());
    facts.put("epochsInAll", Json.of(found.epochs()));
    found.stopped().ifPresent(budget -> facts.put("stoppedBy", Json.of(budget)));
    files.journal().ifPresent(file -> facts.put("journal", Json.of(file.toString())));
    facts.put("parametersSha256", Json.of(outcome.model().parametersSha256()));
    facts.put("kernels", Json.of(engine.kernels().name()));
    facts.put("threads", Json.of(engine.parallel().width()));
    facts.put("parallel", Json.of(search.parallel()));
    facts.put("seed", Json.of(settings.loop().seed()));
    if (outcome.model() instanceof Model model) {
      facts.putAll(settings.outputs().facts(model));
    }
    return facts;
  }

  private Report report(Search.Result found, TrialOptions trials, SearchOutcome outcome) {
    Map<String, String> summary = new LinkedHashMap<>();
    summary.put("data", settings.data().name());
    found.spaces().forEach(space -> summary.put("space " + space.name(), space.toString()));
    facts(found, trials, outcome)
        .forEach(
            (name, fact) ->
                summary.put(name, fact instanceof Json.Str text ? text.value() : fact.toString()));
    Report report =
        Report.of(
                "Search on " + settings.data().name(),
                "%d trials compared by their dev rows.".formatted(found.trials().size()))
            .with(
                Section.of(
                    "search",
                    "The search",
                    new Facts(summary),
                    new Facts(Map.of("scores", Scores.table(outcome.evaluations())))));
    for (Section section : SearchSections.of(found)) {
      report = report.with(section);
    }
    return report;
  }
}
