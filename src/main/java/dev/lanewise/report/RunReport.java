package dev.lanewise.report;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.StreamedRows;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Run;
import dev.lanewise.model.Provenance;
import dev.lanewise.train.RateFinder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The report of a training: what was trained, how it went, and what the result is like.
 *
 * <p>Its sections stand in one place, {@link #report}, in the order in which they are read. Each is
 * a function of the run, what was learned and the trace, and leaves itself out where it has nothing
 * to show. Immutable.
 */
public final class RunReport {

  private final Run run;
  private final Learned learned;
  private final TrainingTrace trace;

  // Changed in copies only, before they are handed out.
  private Provenance provenance;
  private Map<String, RawRows> raw = Map.of();
  private List<String> columns = List.of();
  private Findings findings = Findings.NONE;

  private RunReport(Run run, Learned learned, TrainingTrace trace) {
    this.run = run;
    this.learned = learned;
    this.trace = trace;
    provenance = learned.model().provenance();
  }

  /**
   * {@return the report of a finished training}
   *
   * @param run the run, which may be closed
   * @param learned what it ended in
   * @param trace what was taken down meanwhile
   */
  public static RunReport of(Run run, Learned learned, TrainingTrace trace) {
    return new RunReport(
        Objects.requireNonNull(run, "run"),
        Objects.requireNonNull(learned, "learned"),
        Objects.requireNonNull(trace, "trace"));
  }

  private RunReport with(Consumer<RunReport> change) {
    RunReport copy = new RunReport(run, learned, trace);
    copy.provenance = provenance;
    copy.raw = raw;
    copy.columns = columns;
    copy.findings = findings;
    change.accept(copy);
    return copy;
  }

  /**
   * {@return this report of a model of another provenance}
   *
   * @param other the provenance that the model is saved with
   */
  public RunReport withProvenance(Provenance other) {
    Objects.requireNonNull(other, "other");
    return with(copy -> copy.provenance = other);
  }

  /**
   * {@return this report with the rows of a set as they stand in their file}
   *
   * @param set the name of the set: train, dev or test
   * @param rows the rows that the set was encoded from, in its order
   */
  public RunReport withRows(String set, RawRows rows) {
    Map<String, RawRows> more = new LinkedHashMap<>(raw);
    more.put(set, Objects.requireNonNull(rows, "rows"));
    return with(copy -> copy.raw = more);
  }

  /**
   * {@return this report with regions over two columns, rather than the two most important ones}
   *
   * @param across a name of {@link #columnsOfNumbers}
   * @param up another one
   */
  public RunReport withColumns(String across, String up) {
    return with(copy -> copy.columns = List.of(across, up));
  }

  /**
   * {@return this report with what was found out about the result}
   *
   * @param found the findings; without leaks the report looks for them
   */
  public RunReport withFindings(Findings found) {
    Objects.requireNonNull(found, "found");
    return with(copy -> copy.findings = found);
  }

  /**
   * {@return the names of the columns that regions can be drawn over}
   *
   * @param encoder the encoder of the rows
   */
  public static List<String> columnsOfNumbers(Encoder encoder) {
    return RegionsSection.columns(encoder);
  }

  /**
   * {@return the report of a search for a learning rate}
   *
   * @param source the name of the rows
   * @param curve what was found
   */
  public static Report ofRates(String source, RateFinder.Curve curve) {
    return Report.of(
            "Learning rates for " + source,
            "Steps with growing learning rates, until the loss blows up; nothing was trained.")
        .with(RateSection.of(curve));
  }

  /** {@return the report} */
  public Report report() {
    TrainedSection trained = new TrainedSection(run, learned, provenance);
    Map<String, Optional<ImportanceSection.Judged>> importance = new LinkedHashMap<>();
    judged().forEach(set -> importance.put(set, importance(set)));
    Report report =
        Report.of(trained.title(), trained.summary())
            .with(trained.section())
            .with(new CurvesSection(run, learned, trace).section())
            .with(DiagnosisSection.of(findings.diagnosis(), findings.curve()))
            .with(regions(importance).section());
    for (String set : judged()) {
      for (Section section : judgement(set, importance.get(set))) {
        report = report.with(section);
      }
    }
    return report
        .with(new LayersSection(run, learned, trace).section())
        .with(DriftSection.of(run))
        .with(LeakSection.of(findings.leaks().orElseGet(() -> Leaks.of(run, learned, raw))));
  }

  /** Test rows choose nothing, not even what is drawn. */
  private RegionsSection regions(Map<String, Optional<ImportanceSection.Judged>> importance) {
    boolean chosen = !columns.isEmpty() || columnsOfNumbers(run.encoder()).size() <= 2;
    String set = run.dev().isPresent() ? "dev" : "train";
    Optional<ImportanceSection.Judged> of =
        chosen
            ? Optional.empty()
            : importance.containsKey(set) ? importance.get(set) : importance(set);
    List<String> important = of.map(ImportanceSection.Judged::columns).orElse(List.of());
    return new RegionsSection(run, learned, raw.get("train"), important, columns);
  }

  private Optional<ImportanceSection.Judged> importance(String set) {
    return JudgementSections.importance(
        set, learned.model(), rows(set).orElseThrow(), learned.evaluations().get(set));
  }

  /**
   * {@return the sets that the model is judged by: by training rows only if there are no others}
   */
  private List<String> judged() {
    List<String> sets = new ArrayList<>();
    for (String set : List.of("dev", "test")) {
      if (rows(set).isPresent() && raw.containsKey(set)) {
        sets.add(set);
      }
    }
    boolean inMemory = !(run.data().training() instanceof StreamedRows);
    return sets.isEmpty() && inMemory && raw.containsKey("train") ? List.of("train") : sets;
  }

  private Optional<Dataset> rows(String set) {
    return switch (set) {
      case "dev" -> run.dev();
      case "test" -> run.test();
      default -> Optional.of(run.train());
    };
  }

  private List<Section> judgement(String set, Optional<ImportanceSection.Judged> importance) {
    return JudgementSections.of(
        set,
        learned.model(),
        rows(set).orElseThrow(),
        raw.get(set),
        learned.evaluations().get(set),
        importance);
  }
}
