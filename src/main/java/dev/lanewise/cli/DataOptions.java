package dev.lanewise.cli;

import dev.lanewise.cli.FileChecks.Given;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Roles.Task;
import dev.lanewise.data.Split;
import dev.lanewise.data.TableReader;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.LearningCurve;
import dev.lanewise.learn.Run;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.report.RawRows;
import dev.lanewise.search.GreedyEnsemble;
import dev.lanewise.search.Search;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
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

  @Option(
      names = "--dev",
      paramLabel = "FILE",
      description = "Rows to select the best epoch with; DATA is then divided without dev rows.")
  private Path dev;

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
          "Shares of train, dev and test rows. Default: 60/20/20; with --test 80/20/0, with --dev"
              + " 80/0/20, with both 100/0/0.")
  private String split;

  @Option(
      names = "--stream",
      paramLabel = "ROWS",
      description =
          "Read DATA row by row in every epoch, mixed by a shuffle buffer of so many rows. What is"
              + " learned of columns and classes, and dev and test rows, come from as many first"
              + " rows.")
  private Integer stream;

  @Option(
      names = "--columns",
      description = "Before the training, print what each column was taken for and why.")
  private boolean listed;

  /** Checks the options. */
  void check(CommandSpec spec) {
    ColumnOptions.requireTable(spec, data, "--columns", listed);
    columns.check(spec, data, Optional.ofNullable(weights));
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
    Usage.require(
        spec,
        ratios(spec).dev() == 0 || dev == null,
        "--split %s: the dev rows are those of --dev; expected a second part of 0",
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
  }

  /** {@return the shares of train, dev and test rows} */
  Split.Ratios ratios(CommandSpec spec) {
    if (split == null) {
      return Split.Ratios.usual(dev != null, test != null);
    }
    try {
      return Split.Ratios.parse(split);
    } catch (IllegalArgumentException e) {
      throw Usage.wrong(spec, "--split: %s", e.getMessage());
    }
  }

  /** {@return whether classes are predicted, not values} */
  boolean classifies() {
    return columns.classifies();
  }

  /** {@return the class of each example, numbered as they come; the label's column is there} */
  int[] classes(Examples examples) {
    return examples.classes(columns.labels());
  }

  /** {@return whether the file is named as images are} */
  boolean namesImages() {
    return Examples.namesImages(data);
  }

  /** {@return whether rows are read anew in every epoch} */
  boolean streams() {
    return stream != null;
  }

  /** {@return whether there are to be dev rows} */
  boolean hasDev(CommandSpec spec) {
    return dev != null || ratios(spec).dev() > 0;
  }

  /** {@return the files that are read} */
  Stream<Given> files() {
    return Stream.of(
            Given.ofExamples("DATA", data),
            Given.ofExamples("--test", test),
            Given.ofExamples("--dev", dev))
        .flatMap(given -> given);
  }

  /** {@return whether dev rows have a file of their own} */
  boolean hasDevFile() {
    return dev != null;
  }

  /** {@return the file of the data, as it was given} */
  String path() {
    return data.toString();
  }

  /** {@return the name of the data, without its folder} */
  String name() {
    return data.getFileName().toString();
  }

  /** {@return a learner of these columns and rows; the options have been checked} */
  Learner learner(CommandSpec spec) {
    return columns.learner(roles()).withSplit(ratios(spec));
  }

  /** {@return an encoding of columns with what these options say in place of what it says} */
  Encoder.Options encoding(Encoder.Options usual) {
    return columns.encoding(usual);
  }

  /**
   * {@return the rows}
   *
   * @param out where the columns are listed, if that is asked for
   * @param err where a doubtful first line is told of
   * @param progress tells of the rows read
   */
  Source read(PrintWriter out, PrintWriter err, Progress progress) throws IOException {
    progress.begin("reading " + name());
    TableReader reader = progress.toldBy(columns.reader(roles()));
    Examples examples =
        stream == null ? Examples.labelled(data, reader) : Examples.first(data, reader, stream);
    columns.requireLabel(examples, data);
    columns.requireColumns(examples, data, Optional.ofNullable(weights));
    columns.requireOnePart(examples, Optional.ofNullable(weights));
    if (columns.guessesTask() && examples instanceof Examples.Rows rows) {
      Task.of(rows.table(), columns.labels().getFirst());
    }
    progress.end();
    columns.warnOfNames(examples, err);
    if (listed) {
      ColumnOptions.requireColumns(examples, data, "--columns", true);
      list(examples, out);
    }
    // Only training rows are weighted.
    TableReader unweighted = progress.toldBy(examples.likewise(columns.reader(columns.roles())));
    return new Source(
        examples, others(dev, unweighted, progress), others(test, unweighted, progress));
  }

  private static Optional<Examples> others(Path file, TableReader reader, Progress progress)
      throws IOException {
    if (file == null) {
      return Optional.empty();
    }
    progress.begin("reading " + file.getFileName());
    return Optional.of(Examples.labelled(file, reader));
  }

  /** The rows of the files, read. */
  final class Source {
    private final Examples examples;
    private final Optional<Examples> dev;
    private final Optional<Examples> test;

    private Source(Examples examples, Optional<Examples> dev, Optional<Examples> test) {
      this.examples = examples;
      this.dev = dev;
      this.test = test;
    }

    /**
     * {@return what a search finds on the rows}
     *
     * @param journal where it is written down, if that is asked for
     */
    Search.Result search(Search search, Optional<Path> journal) throws IOException {
      return examples.search(search, journal);
    }

    /**
     * {@return what is chosen by the dev rows}
     *
     * @param first the encoder of the first candidate
     * @param parts how the rows of DATA were divided
     */
    GreedyEnsemble.Selection select(GreedyEnsemble greedy, Encoder first, Split parts) {
      return dev.orElseGet(() -> examples.only(parts.dev())).select(greedy, first);
    }

    /**
     * {@return the scores of a model by the names of the sets, those that have rows}
     *
     * @param parts how the rows of DATA were divided
     */
    Map<String, Evaluation> evaluate(TrainedModel model, Split parts) {
      Map<String, Examples> sets = new LinkedHashMap<>();
      sets.put("train", examples.only(parts.train()));
      sets.put("dev", dev.orElseGet(() -> examples.only(parts.dev())));
      sets.put("test", test.orElseGet(() -> examples.only(parts.test())));
      Map<String, Evaluation> evaluations = new LinkedHashMap<>();
      sets.forEach(
          (name, rows) -> {
            if (rows.count() > 0) {
              evaluations.put(name, rows.evaluate(model));
            }
          });
      return evaluations;
    }

    /** {@return the rows of DATA, of a stream the first ones} */
    Examples examples() {
      return examples;
    }

    /** {@return the same with other rows of DATA} */
    Source withExamples(Examples others) {
      return new Source(others, dev, test);
    }

    /** {@return a learner with the dev and test rows that have files of their own} */
    Learner judging(Learner learner) {
      Learner selecting = dev.map(rows -> rows.asDev(learner)).orElse(learner);
      return test.map(rows -> rows.asTest(selecting)).orElse(selecting);
    }

    /** {@return the learning curve of a learner on the rows} */
    LearningCurve curve(Learner learner, Executor executor) {
      return examples.curve(judging(learner), executor);
    }

    /**
     * {@return the rows of a run's sets as they stand in their files, by the names of the sets; of
     * a stream the training rows that it begins with}
     */
    Map<String, RawRows> raw(Run run) {
      Map<String, RawRows> sets = new LinkedHashMap<>();
      sets.put("train", examples.raw(run.split().train()));
      if (run.dev().isPresent()) {
        sets.put("dev", dev.map(Examples::raw).orElseGet(() -> examples.raw(run.split().dev())));
      }
      if (run.test().isPresent()) {
        sets.put("test", test.map(Examples::raw).orElseGet(() -> examples.raw(run.split().test())));
      }
      return sets;
    }

    /**
     * {@return a run of a learner on the rows}
     *
     * @param progress is told what is done
     */
    Run begin(Learner learner, Progress progress) throws IOException {
      progress.begin((stream == null ? "encoding " : "counting ") + name());
      return stream == null ? examples.begin(learner) : examples.begin(learner, data, stream);
    }
  }

  private void list(Examples examples, PrintWriter out) {
    if (examples instanceof Examples.Rows rows) {
      ColumnReport.lines(rows.table(), roles().orElseThrow()).forEach(out::println);
      out.flush();
    }
  }

  /** {@return the parts of columns} */
  private Optional<Roles> roles() {
    Optional<Roles> roles = columns.roles();
    return weights == null ? roles : roles.map(known -> known.withWeights(weights));
  }
}
