package dev.lanewise.cli;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Roles.Task;
import dev.lanewise.data.Table;
import dev.lanewise.data.TableReader;
import dev.lanewise.data.Target;
import dev.lanewise.learn.Learner;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that say what the columns of labelled examples mean. */
@Command(optionListHeading = "Columns:%n")
final class ColumnOptions {

  private enum Answer {
    YES,
    NO
  }

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "The column to predict, by name or number from 1; several with --task regress. Not used"
              + " with images.")
  private List<String> labels = List.of();

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description =
          "classify or regress. Default: classify, unless the label has more than 100 whole"
              + " numbers, which is refused.")
  private String task;

  @Option(
      names = "--header",
      paramLabel = "yes|no",
      description =
          "Whether the first line holds names. Default: if none of its fields is empty or a"
              + " number.")
  private String header;

  @Option(
      names = "--ignore",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns not to look at.")
  private List<String> ignore = List.of();

  @Option(
      names = "--categorical",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns of numbers that stand for categories; text columns always do.")
  private List<String> categorical = List.of();

  @Option(
      names = "--missing",
      paramLabel = "WORD",
      split = ",",
      description =
          "More words that stand for missing in columns of numbers. Always so: the empty cell, ?,"
              + " NA, NaN, null, none, n/a, -, \\N and the like.")
  private List<String> missing = List.of();

  @Option(
      names = "--max-categories",
      paramLabel = "N",
      description =
          "The most values of a column of categories that have an input each; the most frequent do."
              + " Default: 64.")
  private Integer maxCategories;

  @Option(names = "--no-standardize", description = "Leave columns in original units.")
  private boolean noStandardize;

  /** Checks the options that concern no file. */
  void check(CommandSpec spec) {
    if (task != null) {
      Usage.constant(spec, "--task", Task.class, task);
    }
    checkHeader(spec, header);
    checkLabels(spec, labels);
    Usage.require(
        spec,
        maxCategories == null || maxCategories >= 1,
        "--max-categories: %s; expected a number from 1",
        maxCategories);
    Usage.require(
        spec,
        labels.size() <= 1 || !classifies(),
        "--label: %s; expected one column, or --task regress",
        String.join(",", labels));
  }

  /**
   * Checks the options for a file of labelled examples.
   *
   * @param weights the column of weights, if there is one
   */
  void check(CommandSpec spec, Path data, Optional<String> weights) {
    check(spec);
    parts(weights).forEach(part -> part.requireAlone(spec, parts(weights)));
    requireTable(spec, data, "--header", header != null);
    requireTable(spec, data, "--ignore", !ignore.isEmpty());
    requireTable(spec, data, "--categorical", !categorical.isEmpty());
    requireTable(spec, data, "--missing", !missing.isEmpty());
    requireTable(spec, data, "--max-categories", maxCategories != null);
    Usage.require(
        spec,
        !labels.isEmpty() || Examples.namesImages(data),
        "--label: missing; expected the name or number of the column to predict");
    Usage.require(
        spec,
        classifies() || !Examples.namesImages(data),
        "--task regress: images have classes; expected --task classify");
  }

  /** Checks the options for rows of a model, whose encoder says what it predicts. */
  void checkForModel(CommandSpec spec, Path data) {
    checkHeader(spec, header);
    requireTable(spec, data, "--header", header != null);
    checkLabels(spec, labels);
  }

  /** Checks the value of {@code --header}. */
  static void checkHeader(CommandSpec spec, String answer) {
    if (answer != null) {
      Usage.constant(spec, "--header", Answer.class, answer);
    }
  }

  /** Checks the columns to predict. */
  static void checkLabels(CommandSpec spec, List<String> labels) {
    Usage.require(
        spec,
        Set.copyOf(labels).size() == labels.size() && !labels.contains(""),
        "--label: %s; expected different columns",
        String.join(",", labels));
  }

  /** {@return whether classes are predicted, not values} */
  boolean classifies() {
    return !"regress".equals(task);
  }

  /** {@return whether nobody said what the label holds} */
  boolean guessesTask() {
    return task == null;
  }

  /** {@return the columns that are predicted} */
  List<String> labels() {
    return labels;
  }

  /** Refuses an option for columns where a file is named as images are. */
  static void requireTable(CommandSpec spec, Path data, String option, boolean given) {
    Usage.require(
        spec,
        !given || !Examples.namesImages(data),
        "%s: images have no columns; expected a CSV file",
        option);
  }

  /**
   * A column and the option that gives it its part.
   *
   * @param option the option
   * @param column its name or number
   */
  private record Part(String option, String column) {

    void requireAlone(CommandSpec spec, List<Part> parts) {
      for (Part other : parts) {
        Usage.require(
            spec,
            other.option.equals(option) || !other.column.equals(column),
            "%s %s: also given to %s; expected one part for a column",
            other.option,
            column,
            option);
      }
    }
  }

  private List<Part> parts(Optional<String> weights) {
    List<Part> parts = new ArrayList<>();
    labels.forEach(column -> parts.add(new Part("--label", column)));
    ignore.forEach(column -> parts.add(new Part("--ignore", column)));
    categorical.forEach(column -> parts.add(new Part("--categorical", column)));
    weights.ifPresent(column -> parts.add(new Part("--weights", column)));
    return parts;
  }

  /** Refuses a table without a label, which a file named as images are may turn out to be. */
  void requireLabel(Examples examples, Path file) {
    if (labels.isEmpty() && examples instanceof Examples.Rows) {
      throw new IllegalArgumentException(
          "%s: holds a table, no images; expected --label, the name or number of the column to predict"
              .formatted(file));
    }
  }

  /**
   * Refuses options for columns of a file that holds images, which its name did not tell.
   *
   * @param examples the file
   * @param weights the column of weights, if there is one
   */
  void requireColumns(Examples examples, Path file, Optional<String> weights) {
    requireColumns(examples, file, "--header", header != null);
    requireColumns(examples, file, "--ignore", !ignore.isEmpty());
    requireColumns(examples, file, "--categorical", !categorical.isEmpty());
    requireColumns(examples, file, "--missing", !missing.isEmpty());
    requireColumns(examples, file, "--max-categories", maxCategories != null);
    requireColumns(examples, file, "--weights", weights.isPresent());
    requireColumns(examples, file, "--task regress", !classifies());
  }

  /** Refuses an option for columns where a file holds images. */
  static void requireColumns(Examples examples, Path file, String option, boolean given) {
    if (given && examples instanceof Examples.Pictures) {
      throw new IllegalArgumentException(
          "%s: %s holds images, which have classes and no columns; expected a CSV file"
              .formatted(option, file));
    }
  }

  /**
   * Warns of a first line that was taken for names although each of its texts stands in its own
   * column, as the values of a row would.
   */
  void warnOfNames(Examples examples, PrintWriter err) {
    if (header == null
        && examples instanceof Examples.Rows rows
        && rows.table().named()
        && namesAreValues(rows.table())) {
      err.println(
          ("warning: %s: the first line was taken for the names of the columns, and each stands in"
                  + " its own column, too; if it is a row: --header no")
              .formatted(rows.table().source()));
      err.flush();
    }
  }

  private static boolean namesAreValues(Table table) {
    int read = 0;
    for (int c = 0; c < table.columns(); c++) {
      if (table.kind(c) != Table.Kind.IGNORED) {
        read++;
        if (!holds(table, c, table.name(c))) {
          return false;
        }
      }
    }
    return read > 0;
  }

  private static boolean holds(Table table, int column, String text) {
    Table.Kind kind = table.kind(column);
    return (kind == Table.Kind.CATEGORY || kind == Table.Kind.BOOLEAN)
        && Arrays.stream(table.all()).anyMatch(row -> text.equals(table.text(row, column)));
  }

  /**
   * Refuses a column with two parts, once by name and once by number, which only the file tells.
   *
   * @param examples the file
   * @param weights the column of weights, if there is one
   */
  void requireOnePart(Examples examples, Optional<String> weights) {
    if (!(examples instanceof Examples.Rows rows)) {
      return;
    }
    Map<Integer, Part> parts = new HashMap<>();
    for (Part part : parts(weights)) {
      Part first = parts.putIfAbsent(rows.table().column(part.column), part);
      if (first != null && !first.option.equals(part.option)) {
        throw new DataException(
            "%s: %s %s and %s %s are one column; expected one part for a column"
                .formatted(
                    rows.table().source(), first.option, first.column, part.option, part.column));
      }
    }
  }

  /**
   * {@return what an encoder makes of a table}
   *
   * @param usual what it makes of one unless options say otherwise
   */
  Encoder.Options encoding(Encoder.Options usual) {
    Encoder.Options options =
        noStandardize ? usual.withStandardize(false).withScaledTargets(false) : usual;
    return maxCategories == null
        ? options
        : options.withMaxCategories(maxCategories).withoutIndex();
  }

  /** {@return a learner for columns that play parts, or for images} */
  Learner learner(Optional<Roles> roles) {
    return roles
        .map(Learner::of)
        .orElseGet(Learner::imageClassifier)
        .withEncoding(encoding(Encoder.Options.standard()));
  }

  /** {@return a reader of tables whose columns play these parts} */
  TableReader reader(Optional<Roles> roles) {
    TableReader reader = reader(header).withMissing(missing.toArray(String[]::new));
    return roles.isPresent() ? reader.withRoles(roles.get()) : reader;
  }

  /** {@return a reader of tables for a model, whose labels may be others than it knows} */
  TableReader reader(Encoder encoder) {
    return reader(reader(Optional.empty()), encoder, labels);
  }

  /**
   * {@return a reader of tables for a model}
   *
   * @param plain the reader, which knows of no columns
   * @param encoder the model's encoder
   * @param labels the columns with labels; none for those that the encoder knows
   */
  static TableReader reader(TableReader plain, Encoder encoder, List<String> labels) {
    Task task = encoder.target() instanceof Target.Classes ? Task.CLASSIFY : Task.REGRESS;
    TableReader reader = plain.withEncoder(encoder);
    return labels.isEmpty() ? reader : reader.withRoles(Roles.of(labels, task));
  }

  /** {@return a reader of tables that knows what a user says of the first line, if anything} */
  static TableReader reader(String header) {
    TableReader reader = TableReader.create();
    return header == null ? reader : reader.withHeader(header.equals("yes"));
  }

  /** {@return the parts that the columns of a table play; none without a label} */
  Optional<Roles> roles() {
    return labels.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Roles.of(labels, classifies() ? Task.CLASSIFY : Task.REGRESS)
                .withIgnored(ignore.toArray(String[]::new))
                .withCategorical(categorical.toArray(String[]::new)));
  }
}
