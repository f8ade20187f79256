package dev.lanewise.cli;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.metric.Classification;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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

  @Option(names = "-o", paramLabel = "FILE", description = "Where to. Default: standard output.")
  private Path output;

  @Override
  public Integer call() throws IOException {
    options.check(spec);
    FileChecks.requireWritable(output);
    Model model = options.model();
    Encoder encoder = options.encoder(model);
    Examples examples = Examples.unlabelled(options.data(), options.reader(encoder));
    float[] rows = examples.features(encoder, examples.all());
    Predictor predictor = model.predictor();
    float[] scores = new float[Math.multiplyExact(examples.count(), predictor.outputs())];
    float[] predictions = new float[scores.length];
    predictor.logits(rows, examples.count(), scores);
    predictor.predict(rows, examples.count(), predictions);
    if (output == null) {
      write(spec.commandLine().getOut(), model, encoder, scores, predictions);
    } else {
      try (BufferedWriter out = Files.newBufferedWriter(output)) {
        write(out, model, encoder, scores, predictions);
      } catch (IOException e) {
        throw FileChecks.unwritable(output, e);
      }
    }
    return 0;
  }

  private static void write(
      Writer out, Model model, Encoder encoder, float[] scores, float[] predictions)
      throws IOException {
    switch (encoder.target()) {
      case Target.Classes classes ->
          write(out, model.threshold(), classes.labels(), scores, predictions);
      case Target.Values values -> write(out, names(encoder), predictions);
    }
    out.flush();
  }

  /** {@return the names of the columns of predicted values} */
  private static List<String> names(Encoder encoder) {
    int columns = encoder.target().columns();
    if (columns == 1) {
      return List.of("prediction");
    }
    return encoder.labels().isEmpty()
        ? IntStream.rangeClosed(1, columns).mapToObj(c -> "prediction_" + c).toList()
        : encoder.labels().stream().map(label -> "prediction_" + label).toList();
  }

  private static void write(Writer out, List<String> names, float[] predictions)
      throws IOException {
    out.write(names.stream().map(CsvText::field).collect(Collectors.joining(",", "", "\n")));
    int columns = names.size();
    for (int i = 0; i < predictions.length; i++) {
      out.write(predictions[i] + (i % columns == columns - 1 ? "\n" : ","));
    }
  }

  private static void write(
      Writer out, Threshold threshold, List<String> labels, float[] scores, float[] predictions)
      throws IOException {
    List<String> fields = labels.stream().map(CsvText::field).toList();
    out.write(
        labels.stream()
            .map(l -> "," + CsvText.field("p_" + l))
            .collect(Collectors.joining("", "prediction", "\n")));
    int outputs = labels.size() == 2 ? 1 : labels.size();
    for (int row = 0; row < scores.length / outputs; row++) {
      int predicted =
          threshold.equals(Threshold.HALF)
              ? Classification.predicted(scores, row, outputs)
              : threshold.admits(predictions[row]) ? 1 : 0;
      out.write(fields.get(predicted));
      float[] probabilities =
          outputs == 1
              ? new float[] {1 - predictions[row], predictions[row]}
              : Arrays.copyOfRange(predictions, row * outputs, (row + 1) * outputs);
      for (float probability : probabilities) {
        out.write("," + probability);
      }
      out.write("\n");
    }
  }
}
