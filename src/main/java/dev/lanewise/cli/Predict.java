package dev.lanewise.cli;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.TableReader;
import dev.lanewise.data.Target;
import dev.lanewise.metric.Classification;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Predictor;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.report.CsvText;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a model's predictions for a file of examples as CSV, a line for each. */
@Command(name = "predict", description = "Writes a model's predictions as CSV.")
final class Predict implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private final ModelOptions options = new ModelOptions();

  @Mixin private final RegionOptions regions = new RegionOptions();

  @Option(names = "-o", paramLabel = "FILE", description = "Where to. Default: standard output.")
  private Path output;

  @Override
  public Integer call() throws IOException {
    options.check(spec);
    regions.check(spec);
    FileChecks.requireDistinct(
        options.files().toList(), FileChecks.Given.of("-o", output).toList());
    boolean toFile = output != null && !OutputFile.isStandardOutput(output);
    Optional<OutputFile> file = toFile ? Optional.of(OutputFile.at(output)) : Optional.empty();
    TrainedModel model = options.model();
    Encoder encoder = options.encoder(model);
    regions.checkModel(model);
    float[] rows = rows(encoder);
    List<RegionOptions.Added> added =
        regions.added(model, encoder, rows, rows.length / encoder.encodedColumns());
    if (file.isPresent()) {
      file.get().write(out -> write(Results.writer(out), model, encoder, rows, added));
    } else {
      Results results = (Results) spec.commandLine().getOut();
      try {
        write(results.strict(), model, encoder, rows, added);
      } catch (IOException e) {
        results.requireWritten(); // knows whether its reader is gone
        throw e;
      }
    }
    return 0;
  }

  private float[] rows(Encoder encoder) throws IOException {
    try (Progress progress = new Progress(spec.commandLine().getErr())) {
      progress.begin("reading " + options.data().getFileName());
      TableReader reader = progress.toldBy(options.reader(encoder, List.of()));
      return options.checked(Examples.unlabelled(options.data(), reader)).features(encoder);
    }
  }

  private static void write(
      Writer out,
      TrainedModel model,
      Encoder encoder,
      float[] rows,
      List<RegionOptions.Added> added)
      throws IOException {
    int count = rows.length / encoder.encodedColumns();
    switch (encoder.target()) {
      case Target.Classes classes -> write(out, model, classes.labels(), rows, count, added);
      case Target.Values values -> {
        double[] predictions = new double[Math.multiplyExact(count, values.columns())];
        model.predictor().values(rows, count, predictions);
        List<String> names = suffixes(encoder).stream().map(of -> "prediction" + of).toList();
        write(out, names, predictions, added);
      }
    }
    out.flush();
  }

  /** {@return what tells the columns of one predicted value from those of another} */
  static List<String> suffixes(Encoder encoder) {
    int columns = encoder.target().columns();
    if (columns == 1) {
      return List.of("");
    }
    return encoder.labels().isEmpty()
        ? IntStream.rangeClosed(1, columns).mapToObj(c -> "_" + c).toList()
        : encoder.labels().stream().map(label -> "_" + label).toList();
  }

  private static void write(
      Writer out, List<String> names, double[] predictions, List<RegionOptions.Added> added)
      throws IOException {
    out.write(names.stream().map(CsvText::field).collect(Collectors.joining(",")));
    writeNames(out, added);
    int columns = names.size();
    for (int i = 0; i < predictions.length; i++) {
      out.write(Double.toString(predictions[i]));
      if (i % columns == columns - 1) {
        writeFields(out, added, i / columns);
      } else {
        out.write(",");
      }
    }
  }

  private static void writeNames(Writer out, List<RegionOptions.Added> added) throws IOException {
    for (RegionOptions.Added more : added) {
      for (String name : more.names()) {
        out.write("," + CsvText.field(name));
      }
    }
    out.write("\n");
  }

  private static void writeFields(Writer out, List<RegionOptions.Added> added, int row)
      throws IOException {
    for (RegionOptions.Added more : added) {
      for (String field : more.ofRow().apply(row)) {
        out.write("," + field);
      }
    }
    out.write("\n");
  }

  private static void write(
      Writer out,
      TrainedModel model,
      List<String> labels,
      float[] rows,
      int count,
      List<RegionOptions.Added> added)
      throws IOException {
    List<String> fields = labels.stream().map(CsvText::field).toList();
    out.write(
        labels.stream()
            .map(l -> "," + CsvText.field("p_" + l))
            .collect(Collectors.joining("", "prediction", "")));
    writeNames(out, added);
    int classes = labels.size();
    Predictor predictor = model.predictor();
    float[] logits = new float[Math.multiplyExact(count, model.outputs())];
    predictor.logits(rows, count, logits);
    double[] probabilities = new double[Math.multiplyExact(count, classes)];
    predictor.probabilities(rows, count, probabilities);
    for (int row = 0; row < count; row++) {
      int predicted =
          model.threshold().equals(Threshold.HALF)
              ? Classification.predicted(logits, row, model.outputs())
              : model.threshold().admits(probabilities[2 * row + 1]) ? 1 : 0;
      out.write(fields.get(predicted));
      for (int c = 0; c < classes; c++) {
        out.write("," + probabilities[row * classes + c]);
      }
      writeFields(out, added, row);
    }
  }
}
