package dev.lanewise.cli;

import dev.lanewise.data.Ratios;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Roles.Task;
import dev.lanewise.data.TableReader;
import dev.lanewise.model.Provenance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of {@code train} that say which rows are trained on and what their columns mean. */
@Command(optionListHeading = "Rows and columns:%n")
final class DataOptions {

  @Parameters(
      paramLabel = "DATA",
      description = "A CSV file or IDX images, compressed with gzip or not.")
  private Path data;

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description = "Rows to judge by; DATA is then divided in train and dev only.")
  private Path test;

  @Mixin private final ColumnOptions columns = new ColumnOptions();

  @Option(
      names = "--weights",
      paramLabel = "COLUMN",
      description =
          "A column of numbers, 0 or more, which the losses of training rows are multiplied by. It"
              + " is no feature.")
  private String weights;

  @Option(
      names = "--split",
      paramLabel = "PERCENT",
      description =
          "Shares of train, dev and test rows. Default: 60/20/20; with --test 80/20/0, the third"
              + " being 0.")
  private String split;

  @Option(
      names = "--stream",
      paramLabel = "ROWS",
      description =
          "Read DATA row by row in every epoch, mixed by a shuffle buffer of so many rows. What is"
              + " learned of columns and classes, and dev and test rows, come from as many first"
              + " rows.")
  private Integer stream;

  /** Judges the options. */
  void check(CommandSpec spec) {
    columns.check(spec, data);
    Usage.require(
        spec,
        stream == null || stream >= 1,
        "--stream: %s; expected a number of rows from 1",
        stream);
    checkWeights(spec);
    Usage.require(
        spec,
        ratios(spec).test() == 0 || test == null,
        "--split %s: the test rows are those of --test; expected a third part of 0",
        split);
  }

  private void checkWeights(CommandSpec spec) {
    if (weights == null) {
      return;
    }
    Usage.require(
        spec,
        !Examples.namesImages(data),
        "--weights %s: images have no columns; expected a CSV file",
        weights);
    Usage.require(
        spec,
        stream == null,
        "--weights %s: has no meaning with --stream; expected one of them",
        weights);
    Usage.require(
        spec,
        !columns.mentions(weights),
        "--weights %s: also given to --label or --categorical; expected one part for a column",
        weights);
  }

  /** {@return the shares of train, dev and test rows} */
  Ratios ratios(CommandSpec spec) {
    if (split == null) {
      return test == null ? new Ratios(60, 20, 20) : new Ratios(80, 20, 0);
    }
    try {
      return Ratios.parse(split);
    } catch (IllegalArgumentException e) {
      throw Usage.wrong(spec, "--split: %s", e.getMessage());
    }
  }

  /** {@return whether classes are predicted, not values} */
  boolean classifies() {
    return columns.classifies();
  }

  /** {@return whether rows are read anew in every epoch} */
  boolean streams() {
    return stream != null;
  }

  /** {@return a provenance with the name of the data, without its folder, and of the weights} */
  Provenance describe(Provenance provenance) {
    return provenance.with("data", data.getFileName().toString());
  }

  /**
   * {@return the examples divided and encoded}
   *
   * @param scaleValues whether values to predict are standardised where features are
   */
  Sets sets(CommandSpec spec, long seed, boolean scaleValues) throws IOException {
    TableReader reader = columns.reader(roles());
    Examples examples = stream == null ? read(data) : Examples.first(data, reader, roles(), stream);
    if (columns.guessesTask() && examples instanceof Examples.Rows rows) {
      Task.of(rows.table(), columns.labels().getFirst());
    }
    Sets sets = Sets.of(examples, test(), ratios(spec), seed, columns.encoding(scaleValues));
    if (weights != null) {
      return sets.weighted(examples.weights(weights, sets.split().train()));
    }
    return stream == null
        ? sets
        : sets.streaming(examples.all(data, reader, sets.encoder()), stream);
  }

  /** {@return the examples to judge by, if they come from another file} */
  private Optional<Examples> test() throws IOException {
    return test == null ? Optional.empty() : Optional.of(read(test));
  }

  private Examples read(Path file) throws IOException {
    return Examples.labelled(file, columns.reader(roles()), roles());
  }

  /** {@return the parts of columns} */
  private Optional<Roles> roles() {
    Optional<Roles> roles = columns.roles();
    return weights == null ? roles : roles.map(known -> known.withWeights(weights));
  }
}
