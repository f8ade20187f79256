package dev.lanewise.cli;

import dev.lanewise.data.Roles;
import dev.lanewise.data.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the columns of a table were taken for, and why. */
final class ColumnReport {

  private final Table table;
  private final Set<Integer> labels;
  private final Set<Integer> categorical;
  private final Set<Integer> weights;
  private final Roles.Task task;

  private ColumnReport(Table table, Roles roles) {
    this.table = table;
    this.labels = places(table, roles.labels());
    this.categorical = places(table, roles.categorical());
    this.weights = places(table, roles.weights().stream().toList());
    this.task = roles.task();
  }

  private static Set<Integer> places(Table table, List<String> columns) {
    Set<Integer> places = new HashSet<>();
    columns.forEach(column -> places.add(table.column(column)));
    return places;
  }

  /**
   * {@return a line for each column, as inspect prints them}
   *
   * @param table the table
   * @param roles the parts that its columns play
   */
  static List<String> lines(Table table, Roles roles) {
    ColumnReport report = new ColumnReport(table, roles);
    List<String> lines = new ArrayList<>();
    for (int c = 0; c < table.columns(); c++) {
      String text = "%-24s %s".formatted(table.name(c), report.text(c));
      lines.add("%-16s %s".formatted("column", Lanewise.shown(text)));
    }
    return lines;
  }

  private String text(int column) {
    if (table.kind(column) == Table.Kind.IGNORED) {
      return "ignored, because --ignore names it";
    }
    int missing = 0;
    int numbers = 0;
    String other = null;
    Set<String> values = new HashSet<>();
    for (int row = 0; row < table.rows(); row++) {
      if (table.isMissing(row, column)) {
        missing++;
        continue;
      }
      String text = table.text(row, column);
      values.add(text);
      if (Table.isNumber(text)) {
        numbers++;
      } else if (other == null) {
        other = "\"%s\" in line %d".formatted(text, table.line(row));
      }
    }
    int present = table.rows() - missing;
    String of = present == 0 ? "no cell has a value" : cells(column, present, numbers, other);
    String distinct = present == 0 ? "" : ", %d different".formatted(values.size());
    String absent = missing == 0 ? "" : ", %d missing".formatted(missing);
    return part(column) + ": " + of + distinct + absent;
  }

  private String part(int column) {
    String kind =
        switch (table.kind(column)) {
          case NUMBER -> "number";
          case CATEGORY -> "category";
          case BOOLEAN -> "boolean";
          case DATE -> "date";
          case IGNORED -> "ignored";
        };
    if (weights.contains(column)) {
      return "weights, because --weights names it";
    }
    if (labels.contains(column)) {
      return task == Roles.Task.CLASSIFY ? "label, of classes" : "label, of numbers";
    }
    if (categorical.contains(column)) {
      return kind + ", because --categorical names it";
    }
    return table.kind(column) == Table.Kind.CATEGORY ? kind + ", not 95 % numbers" : kind;
  }

  private String cells(int column, int present, int numbers, String other) {
    return switch (table.kind(column)) {
      case NUMBER -> "all %d cells with a value are numbers".formatted(present);
      case BOOLEAN -> "all %d cells with a value are true or false".formatted(present);
      case DATE -> "all %d cells with a value are dates or times".formatted(present);
      case CATEGORY, IGNORED ->
          "%d of %d cells with a value are numbers%s"
              .formatted(numbers, present, other == null ? "" : ", the first that is not " + other);
    };
  }
}
