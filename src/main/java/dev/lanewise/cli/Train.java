package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Combined;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Run;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.Provenance;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.report.EvaluationSection;
import dev.lanewise.report.Findings;
import dev.lanewise.report.JudgementSections;
import dev.lanewise.report.RawRows;
import dev.lanewise.report.Report;
import dev.lanewise.report.RunReport;
import dev.lanewise.report.Section;
import dev.lanewise.report.TrainingTrace;
import dev.lanewise.train.DevMetric;
import dev.lanewise.train.DivergedException;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.RateFinder;
import dev.lanewise.train.Training;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a network on a file of examples and evaluates it. */
@Command(
    name = "train",
    description = "Trains a network and evaluates it.",
    abbreviateSynopsis = true,
    optionListHeading = "%n")
final class Train implements Callable<Integer> {

  private static final int EPOCHS = 100;

  private static final String PRESET = "--preset";

  @Spec private CommandSpec spec;

  @Mixin private final TrainSettings settings = new TrainSettings(EPOCHS, false);
  @Mixin private final ConformalOptions conformal = new ConformalOptions();
  @Mixin private final CombineOptions combine = new CombineOptions();
  @Mixin private final FileOptions files = new FileOptions();
  @Mixin private final DiagnosisOptions diagnosis = new DiagnosisOptions();
  @Mixin private final ReportOptions reports = new ReportOptions();
  @Mixin private final PlaneOptions plane = new PlaneOptions();
  @Mixin private final LiveOptions live = new LiveOptions();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    check();
    PrintWriter err = spec.commandLine().getErr();
    try (Progress progress = new Progress(err);
        Outputs written = files.open(settings.data().files(), reports.written(), err, progress)) {
      ReportFiles reported = reports.open(Stream.concat(settings.data().files(), files.all()));
      try (Begun begun = begin(reported.wanted() || diagnosis.needsRows(), progress)) {
        if (combine.asked()) {
          combine(begun, written, reported, progress);
        } else {
          steer(begun, written, reported, progress);
        }
      }
    }
    return 0;
  }

  /**
   * A run at its beginning.
   *
   * @param run the run
   * @param source the rows as they were read, where they are needed later: they may be large
   * @param calibration the rows that were set aside to calibrate by, if any were
   */
  private record Begun(Run run, Optional<DataOptions.Source> source, Optional<Examples> calibration)
      implements AutoCloseable {

    @Override
    public void close() {
      run.close();
    }
  }

  /** Trains, with a page for it if that is asked for. */
  private void steer(Begun begun, Outputs written, ReportFiles reported, Progress progress)
      throws IOException {
    try (Steering steering =
        live.open(begun.run(), written, progress, spec.commandLine().getErr())) {
      run(begun, written, reported, steering, progress);
      steering.done();
    }
  }

  private void run(
      Begun begun, Outputs written, ReportFiles reported, Steering steering, Progress progress)
      throws IOException {
    Run run = begun.run();
    PrintWriter out = spec.commandLine().getOut();
    if (settings.rules().findLearningRate()) {
      RateFinder.Curve curve = RateFinder.standard().find(run.training());
      out.println(json ? RateTable.json(curve) : RateTable.text(curve));
      out.flush();
      reported.write(RunReport.ofRates(settings.data().name(), curve));
      return;
    }
    PrintWriter err = spec.commandLine().getErr();
    EpochLine line =
        new EpochLine(
            progress,
            run.recipe().epochs(),
            run.data().training().rows(),
            run.data().metric().map(DevMetric::name).orElse(""));
    AuditLog audits = new AuditLog(progress, err, Progress.TERMINAL);
    TrainingTrace trace = reported.wanted() ? TrainingTrace.of(run.training(), run.recipe()) : null;
    train(run, written, trace, line, audits, steering);
    steering.evaluating();
    progress.begin("evaluating");
    Learned learned = finish(run);
    Map<String, Json> facts = facts(run, learned.model(), line);
    progress.end();
    if (settings.rules().audits()) {
      facts.putAll(audits.facts());
    }
    Model calibrated = (Model) conformal.applyTo(learned.model(), begun.calibration());
    Found found = diagnosis.find(spec, settings, begun.source(), run, learned, progress);
    print(new TrainReport(learned.evaluations(), facts, found), calibrated, run.test());
    Provenance provenance = provenance(learned.model().provenance(), run.recipe().epochs());
    written.save(
        calibrated.withProvenance(provenance),
        () -> {
          if (reported.wanted()) {
            progress.begin("writing the report");
            reported.write(report(begun, learned, trace, provenance, found.findings()));
            progress.end();
          }
        });
    found.throwFailure();
  }

  private Report report(
      Begun begun, Learned learned, TrainingTrace trace, Provenance provenance, Findings findings) {
    RunReport report =
        RunReport.of(begun.run(), learned, trace).withProvenance(provenance).withFindings(findings);
    for (Map.Entry<String, RawRows> set :
        begun.source().orElseThrow().raw(begun.run()).entrySet()) {
      report = report.withRows(set.getKey(), set.getValue());
    }
    return plane.applyTo(report).report();
  }

  /**
   * Prints the results.
   *
   * @param calibrated the model with its intervals or sets, if it has some
   * @param test the test rows as the model takes them, if there are any
   */
  private void print(TrainReport report, TrainedModel calibrated, Optional<Dataset> test) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      report.facts().putAll(ConformalOptions.facts(calibrated, test));
      report.printJson(out);
    } else {
      report.printText(out);
      ConformalOptions.lines(calibrated, test).forEach(out::println);
    }
    out.flush();
  }

  /** Trains several models and makes one of them. */
  private void combine(Begun begun, Outputs written, ReportFiles reported, Progress progress)
      throws IOException {
    Run run = begun.run();
    CombinedLine line =
        new CombinedLine(
            progress, combine.trainings(), run.recipe().epochs(), run.data().training().rows());
    Combined combined;
    try {
      combined = combine.train(run, line);
    } catch (ArithmeticException e) {
      throw diverged(e);
    }
    progress.begin("evaluating");
    written.writeHistory(combined.epochs());
    Map<String, Json> facts = facts(run, combined, line);
    progress.end();
    TrainedModel model =
        conformal.applyTo(named(combined.model(), run.recipe().epochs()), begun.calibration());
    print(
        new TrainReport(combined.evaluations(), facts, new Found(Findings.NONE, Optional.empty())),
        model,
        combined.testRows());
    written.save(
        model,
        () -> {
          if (reported.wanted()) {
            progress.begin("writing the report");
            reported.write(report(begun, combined, model));
            progress.end();
          }
        });
  }

  /** {@return a model that tells of options, and of the data without its folder} */
  private TrainedModel named(TrainedModel model, int epochs) {
    TrainedModel whole =
        model instanceof Ensemble ensemble
            ? Ensemble.of(
                    ensemble.models().stream()
                        .map(m -> m.withProvenance(ofNamedData(m.provenance())))
                        .toList())
                .withTemperature(ensemble.temperature())
                .withThreshold(ensemble.threshold())
            : model;
    return whole.withProvenance(provenance(model.provenance(), epochs));
  }

  private Report report(Begun begun, Combined combined, TrainedModel model) {
    Report report =
        Report.of(
                "Training on " + settings.data().name(),
                "One model of several: %s.".formatted(model.provenance().entries().get("combined")))
            .with(EvaluationSection.of(model, combined.evaluations()));
    if (combined.test().isEmpty()) {
      return report;
    }
    RawRows raw = begun.source().orElseThrow().raw(begun.run()).get("test");
    for (Section section :
        JudgementSections.of(
            "test", model, combined.testRows().orElseThrow(), raw, combined.test().get())) {
      report = report.with(section);
    }
    return report;
  }

  private Map<String, Json> facts(Run run, Combined combined, CombinedLine line) {
    double costs = 0;
    for (Combined.Member member : combined.members()) {
      costs += TrainingLoss.of(member.model(), combined.rows(), run.engine()) + member.penalty();
    }
    Map<String, Json> facts =
        facts(
            run,
            costs / combined.members().size(),
            combined.epochsTrained(),
            combined.bestEpoch(),
            line.samplesPerSecond(),
            combined.model());
    facts.put("members", new Json.Arr(combined.members().stream().map(Train::json).toList()));
    return facts;
  }

  private static Json json(Combined.Member member) {
    String seed = member.model().provenance().entries().get("seed");
    return Json.object(
        Map.entry("seed", Json.of(Long.parseLong(seed))),
        Map.entry("epochs", Json.of(member.epochs())),
        Map.entry("bestEpoch", Json.of(member.bestEpoch())));
  }

  private void check() {
    settings.check(spec);
    conformal.check(spec, settings);
    diagnosis.check(spec, settings);
    boolean trains = !settings.rules().findLearningRate();
    files.check(spec, trains);
    combine.check(spec, settings, files, diagnosis, live.asked());
    plane.check(spec, reports.given() && trains && !combine.asked());
    live.check(spec, trains, files.replays());
  }

  /**
   * {@return a run at its beginning}
   *
   * @param keeps whether the rows are needed as they were read
   */
  private Begun begin(boolean keeps, Progress progress) throws IOException {
    ConformalOptions.Divided rows = conformal.divide(settings.read(spec, progress), settings);
    DataOptions.Source source = rows.source();
    Run run = settings.begin(spec, source, progress);
    plane.requireColumns(run.encoder());
    diagnosis.requireDevRows(spec, run.dev().isPresent());
    if (!combine.asked()) {
      run.use(files.training(run.recipe(), run.data(), run.engine(), settings.presetName(spec)));
    }
    return new Begun(run, keeps ? Optional.of(source) : Optional.empty(), rows.calibration());
  }

  /**
   * Trains to the end.
   *
   * @param trace what is taken down for a report; null for none
   */
  private void train(
      Run run,
      Outputs written,
      TrainingTrace trace,
      EpochLine line,
      AuditLog audits,
      Steering steering)
      throws IOException {
    Training training = run.training();
    EpochLog log = written.begin(training, line);
    if (settings.rules().audits()) {
      settings.rules().audit(spec, training, audits::add);
    }
    try {
      while (steering.goesOn(line)) {
        Optional<Epoch> ended = run.step();
        if (trace != null) {
          trace.after(ended);
        }
        ended.ifPresentOrElse(log::add, () -> line.show(training));
        steering.afterStep(ended);
      }
      written.end();
    } catch (DivergedException e) {
      throw diverged(e);
    }
  }

  /** Numbers may leave the finite ones in the last epoch, which no step comes after. */
  private Learned finish(Run run) {
    try {
      return run.finish();
    } catch (ArithmeticException e) {
      throw diverged(e);
    }
  }

  private IllegalStateException diverged(ArithmeticException e) {
    String remedy =
        e instanceof DivergedException early && early.isBeforeAnyUpdate()
            ? "features that are not so large"
                + (Usage.given(spec, "--no-standardize")
                    ? ", or standardised, as they are without --no-standardize"
                    : "")
            : "finite numbers, as a smaller --learning-rate may give";
    return new IllegalStateException(e.getMessage() + "; expected " + remedy, e);
  }

  private Provenance provenance(Provenance learned, int epochs) {
    return settings.describe(ofNamedData(learned).with("options", givenOptions()), spec, epochs);
  }

  private Provenance ofNamedData(Provenance learned) {
    return learned.with("data", settings.data().name());
  }

  /**
   * {@return the preset, be it the default, and the other options as they were given, but for
   * files, of which the data's name is enough, and the page, whose commands are noted}
   */
  private String givenOptions() {
    List<OptionSpec> page = spec.mixins().get("live").options();
    Stream<String> others =
        spec.commandLine().getParseResult().matchedOptions().stream()
            .filter(option -> option.type() != Path.class && !page.contains(option))
            .filter(option -> !option.longestName().equals(PRESET))
            .map(
                option ->
                    option.longestName() + " " + String.join(",", option.originalStringValues()));
    return Stream.concat(Stream.of(PRESET + " " + settings.presetName(spec)), others)
        .collect(Collectors.joining(" "));
  }

  private Map<String, Json> facts(Run run, Model trained, EpochLine line) {
    Training training = run.training();
    return facts(
        run,
        TrainingLoss.of(trained, run.data().training(), run.engine()) + training.penalty(),
        training.epochs(),
        training.bestEpoch(),
        line.samplesPerSecond(),
        trained);
  }

  private Map<String, Json> facts(
      Run run,
      double cost,
      int epochs,
      int bestEpoch,
      OptionalDouble samplesPerSecond,
      TrainedModel trained) {
    if (!Double.isFinite(cost)) {
      throw diverged(
          new ArithmeticException(
              "the cost of the result is %s: its training has diverged".formatted(cost)));
    }
    Map<String, Json> facts = new LinkedHashMap<>();
    facts.put("cost", Json.of(cost));
    facts.put("epochs", Json.of(epochs));
    facts.put("bestEpoch", Json.of(bestEpoch));
    samplesPerSecond.ifPresent(speed -> facts.put("samplesPerSecond", Json.of(speed)));
    facts.put("parametersSha256", Json.of(trained.parametersSha256()));
    facts.put("kernels", Json.of(run.engine().kernels().name()));
    facts.put("threads", Json.of(run.engine().parallel().width()));
    facts.put("seed", Json.of(settings.loop().seed()));
    facts.putAll(settings.presetFacts(spec, run.recipe()));
    facts.putAll(settings.outputs().facts(trained));
    facts.putAll(Shifts.facts(run));
    return facts;
  }
}
