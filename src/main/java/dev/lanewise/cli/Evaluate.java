package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.TableReader;
import dev.lanewise.json.Json;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.report.EvaluationSection;
import dev.lanewise.report.JudgementSections;
import dev.lanewise.report.Report;
import dev.lanewise.report.Section;
import dev.lanewise.tensor.WeightFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Evaluates a model on a file of labelled examples. */
@Command(name = "evaluate", description = "Judges a model by labelled rows.")
final class Evaluate implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private final ModelOptions options = new ModelOptions();

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "The column with the truth, or the columns. Default: those that the model was trained"
              + " on.")
  private List<String> labels = List.of();

  @Option(
      names = "--half",
      description =
          "Judge the model with weights at half width (bfloat16) too, and print by how much a score"
              + " changes at most.")
  private boolean half;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private final ReportOptions report = new ReportOptions();

  @Override
  public Integer call() throws IOException {
    options.check(spec);
    ColumnOptions.checkLabels(spec, labels);
    FileChecks.requireDistinct(options.files().toList(), report.written().toList());
    ReportFiles reported = report.open(options.files());
    TrainedModel model = options.model();
    if (half && !(model instanceof Model)) {
      throw new IllegalArgumentException("--half: an ensemble; expected one model");
    }
    try (Progress progress = new Progress(spec.commandLine().getErr())) {
      evaluate(model, reported, progress);
    }
    return 0;
  }

  private void evaluate(TrainedModel model, ReportFiles reported, Progress progress)
      throws IOException {
    Encoder encoder = options.encoder(model);
    progress.begin("reading " + options.data().getFileName());
    TableReader reader = progress.toldBy(options.reader(encoder, labels));
    Examples examples = options.checked(Examples.labelled(options.data(), reader));
    Dataset rows = examples.dataset(encoder, labels);
    progress.begin("evaluating");
    Map<String, Evaluation> sets = new LinkedHashMap<>();
    sets.put("test", model.evaluate(rows));
    OptionalDouble change = OptionalDouble.empty();
    if (half) {
      Model rounded = ((Model) model).withWeightFormat(WeightFormat.BFLOAT16);
      sets.put("half", rounded.evaluate(rows));
      change = OptionalDouble.of(largestChange(logits(model, rows), logits(rounded, rows)));
    }
    List<ObservedCoverage> observed =
        model.conformal().map(of -> ObservedCoverage.all(of, rows, encoder)).orElse(List.of());
    progress.end();
    print(spec.commandLine().getOut(), sets, change, observed);
    if (reported.wanted()) {
      progress.begin("writing the report");
      reported.write(report(model, examples, rows, sets));
    }
  }

  private Report report(
      TrainedModel model, Examples examples, Dataset rows, Map<String, Evaluation> sets) {
    Report report =
        Report.of(
                "Evaluation of " + options.name(),
                "%s judged by the %d labelled rows of %s."
                    .formatted(options.name(), rows.rows(), options.data().getFileName()))
            .with(EvaluationSection.of(model, sets));
    for (Section section :
        JudgementSections.of("test", model, rows, examples.raw(), sets.get("test"))) {
      report = report.with(section);
    }
    return report;
  }

  private static float[] logits(TrainedModel model, Dataset rows) {
    float[] logits = new float[Math.multiplyExact(rows.rows(), model.outputs())];
    model.predictor().logits(rows.features(), rows.rows(), logits);
    return logits;
  }

  private static double largestChange(float[] a, float[] b) {
    return IntStream.range(0, a.length)
        .mapToDouble(i -> Math.abs((double) b[i] - a[i]))
        .max()
        .orElse(0);
  }

  private void print(
      PrintWriter out,
      Map<String, Evaluation> sets,
      OptionalDouble change,
      List<ObservedCoverage> observed) {
    if (json) {
      Map<String, Json> members = Scores.json(sets);
      change.ifPresent(c -> members.put("largestChange", Json.of(c)));
      if (!observed.isEmpty()) {
        members.put("coverage", ObservedCoverage.json(observed));
      }
      out.println(new Json.Obj(members));
    } else {
      out.println(Scores.table(sets));
      change.ifPresent(c -> out.println("largest change of a score: %.3g".formatted(c)));
      observed.forEach(out::println);
    }
  }
}
