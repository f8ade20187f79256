package dev.lanewise.cli;

import dev.lanewise.cli.FileChecks.Given;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.TableReader;
import dev.lanewise.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of the commands that apply a model to a file of examples. */
final class ModelOptions {

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model that train wrote.")
  private Path model;

  @Parameters(
      index = "1",
      paramLabel = "DATA",
      description = "A CSV file or IDX images, compressed with gzip or not.")
  private Path data;

  @Option(
      names = "--header",
      paramLabel = "yes|no",
      description =
          "Whether the first line holds names. Default: if none of its fields is empty or a"
              + " number.")
  private String header;

  @Option(
      names = "--missing",
      paramLabel = "WORD",
      split = ",",
      description = "More words that stand for missing in columns of numbers than the model knows.")
  private List<String> missing = List.of();

  /** Checks the options. */
  void check(CommandSpec spec) {
    ColumnOptions.checkHeader(spec, header);
    ColumnOptions.requireTable(spec, data, "--header", header != null);
    ColumnOptions.requireTable(spec, data, "--missing", !missing.isEmpty());
  }

  /** {@return the files that are read} */
  Stream<Given> files() {
    return Stream.concat(Given.of("MODEL", model), Given.ofExamples("DATA", data));
  }

  /** {@return the model, or the ensemble} */
  TrainedModel model() throws IOException {
    return TrainedModel.load(model);
  }

  /** {@return the model's encoder} */
  Encoder encoder(TrainedModel loaded) throws IOException {
    return encoder(model, loaded);
  }

  /** {@return the encoder of a model from a file} */
  static Encoder encoder(Path file, TrainedModel loaded) throws IOException {
    return loaded
        .encoder()
        .orElseThrow(
            () ->
                new IOException(file + ": a model without encoder; expected one that train wrote"));
  }

  /** Refuses options for columns where the file of examples holds images. */
  Examples checked(Examples examples) {
    ColumnOptions.requireColumns(examples, data, "--header", header != null);
    ColumnOptions.requireColumns(examples, data, "--missing", !missing.isEmpty());
    return examples;
  }

  /** {@return the name of the model's file} */
  String name() {
    return model.getFileName().toString();
  }

  /** {@return the file of examples} */
  Path data() {
    return data;
  }

  /**
   * {@return what reads tables for a model}
   *
   * @param labels the columns with the labels; none for those that the model knows
   */
  TableReader reader(Encoder encoder, List<String> labels) {
    TableReader plain = ColumnOptions.reader(header).withMissing(missing.toArray(String[]::new));
    return ColumnOptions.reader(plain, encoder, labels);
  }
}
