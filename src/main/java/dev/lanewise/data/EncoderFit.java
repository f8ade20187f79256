package dev.lanewise.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Learns an {@link Encoder} from a table. */
final class EncoderFit {

  /**
   * More values than this in a text column are taken for names or free text, not for categories.
   */
  private static final int MAX_CATEGORIES = 50;

  private final Table table;
  private final Roles.Task task;
  private final int[] training;

  /** The labels' columns, in the order of the table. */
  private final List<Integer> labels;

  private final Set<Integer> ignored;
  private final Set<Integer> categorical;

  EncoderFit(Table table, Roles roles, int[] training) {
    if (training.length == 0) {
      throw new IllegalArgumentException("training rows: none; expected at least one");
    }
    this.table = table;
    this.task = roles.task();
    this.training = training;
    this.labels = roles.labels().stream().map(table::column).sorted().toList();
    Cell.requireDifferent("labels", labels.stream().map(table::name).toList());
    this.ignored = roles.ignored().stream().map(table::column).collect(Collectors.toSet());
    this.categorical = roles.categorical().stream().map(table::column).collect(Collectors.toSet());
    for (int c : ignored) {
      if (labels.contains(c) || categorical.contains(c)) {
        throw new IllegalArgumentException(
            "ignored: column %s is also %s; expected one part for a column"
                .formatted(table.name(c), labels.contains(c) ? "the label" : "categorical"));
      }
    }
    for (int c : labels) {
      if (categorical.contains(c)) {
        throw new IllegalArgumentException(
            "categorical: column %s is also the label; expected one part for a column"
                .formatted(table.name(c)));
      }
    }
  }

  Encoder encoder(Encoder.Options options) {
    List<Column> columns = new ArrayList<>();
    for (int c = 0; c < table.width(); c++) {
      columns.add(
          labels.contains(c)
              ? new Column.Label(table.name(c))
              : ignored.contains(c) ? new Column.Ignored(table.name(c)) : feature(c));
    }
    if (columns.stream().allMatch(column -> column.encodedColumns() == 0)) {
      throw new IllegalArgumentException(
          "%s: no column is left to learn from; expected one besides the label that is not ignored"
              .formatted(table.source()));
    }
    Encoder raw =
        Encoder.of(table.named(), columns, Optional.empty(), target(options.scaledTargets()));
    return options.standardize() ? raw.standardizing(table, training) : raw;
  }

  private Target target(boolean scaled) {
    if (task == Roles.Task.CLASSIFY) {
      return Target.Classes.of(table, labels.getFirst());
    }
    double[] values = Encoder.numbers(table, labels, training);
    int columns = labels.size();
    if (!scaled) {
      return Target.Values.unscaled(columns);
    }
    return new Target.Values(
        Standardizer.fit(
            training.length,
            columns,
            (row, to) -> System.arraycopy(values, row * columns, to, 0, columns)));
  }

  private Column feature(int column) {
    boolean text = isText(column);
    if (text) {
      checkCategories(column);
    }
    int[] present = Arrays.stream(training).filter(row -> !table.missing(row, column)).toArray();
    boolean flagged = present.length < training.length;
    String name = table.name(column);
    if (text || categorical.contains(column)) {
      List<String> cells = Arrays.stream(present).mapToObj(row -> table.cell(row, column)).toList();
      return new Column.Categorical(name, Cell.values(cells), flagged);
    }
    if (present.length == 0) {
      throw new IllegalArgumentException(
          "%s, column %s: no value in the training rows; expected one, or --ignore %s"
              .formatted(table.source(), name, name));
    }
    return new Column.Numeric(
        name, median(Encoder.numbers(table, List.of(column), present)), flagged);
  }

  private boolean isText(int column) {
    for (int row = 0; row < table.rows(); row++) {
      if (!table.missing(row, column) && !Cell.isNumber(table.cell(row, column))) {
        return true;
      }
    }
    return false;
  }

  private void checkCategories(int column) {
    Set<String> values = new TreeSet<>();
    for (int row = 0; row < table.rows(); row++) {
      if (!table.missing(row, column) && values.add(table.cell(row, column))) {
        if (values.size() > MAX_CATEGORIES) {
          throw new IllegalArgumentException(
              "%s, column %s: text with more than %d values; expected fewer, or --ignore %s"
                  .formatted(
                      table.source(), table.name(column), MAX_CATEGORIES, table.name(column)));
        }
      }
    }
  }

  private static double median(double[] numbers) {
    Arrays.sort(numbers);
    int half = numbers.length / 2;
    return numbers.length % 2 == 1 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
  }
}
