package dev.lanewise.report;

import dev.lanewise.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of texts and numbers, as rows of cells.
 *
 * @param columns the names of the columns, at least one
 * @param rows the rows, each with a text, a number or nothing for each column
 */
public record Grid(List<String> columns, List<List<Json>> rows) implements Part {

  /**
   * Creates a table.
   *
   * @throws IllegalArgumentException if there is no column, or a row has another number of cells
   */
  public Grid {
    columns = List.copyOf(columns);
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("columns: none; expected at least one");
    }
    List<List<Json>> copy = new ArrayList<>(rows.size());
    for (List<Json> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "rows: one of %d cells; expected %d".formatted(row.size(), columns.size()));
      }
      copy.add(List.copyOf(row));
    }
    rows = List.copyOf(copy);
  }

  /**
   * {@return a cell of a number; an empty one for what is not finite}
   *
   * @param value the number
   */
  public static Json cell(double value) {
    if (!Double.isFinite(value)) {
      return new Json.Null();
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Json.of((long) value)
        : Json.of(value);
  }

  /**
   * {@return a cell of a text}
   *
   * @param text the text
   */
  public static Json cell(String text) {
    return Json.of(text);
  }

  /** {@return the table as CSV, numbers with all their digits, lines ending with a line feed} */
  public String csv() {
    StringBuilder csv = new StringBuilder();
    line(columns, csv);
    for (List<Json> row : rows) {
      line(row.stream().map(Grid::text).toList(), csv);
    }
    return csv.toString();
  }

  private static void line(List<String> fields, StringBuilder csv) {
    for (int i = 0; i < fields.size(); i++) {
      csv.append(i == 0 ? "" : ",").append(CsvText.field(fields.get(i)));
    }
    csv.append('\n');
  }

  /** {@return what a cell shows} */
  static String text(Json cell) {
    return switch (cell) {
      case Json.Null nothing -> "";
      case Json.Str text -> text.value();
      default -> cell.toString();
    };
  }
}
