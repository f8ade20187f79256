package dev.lanewise.data;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Raw data as read: text cells in rows of equal length, with or without names of columns.
 *
 * <p>A cell is missing if it is empty, {@code ?}, {@code NA} or {@code NaN}. Immutable; every
 * complaint about a cell names the source, the line and the column.
 *
 * @param source where the data comes from, usually a file's name
 * @param names the names of the columns, or none; an empty name gives way to the column's number
 * @param rows the rows
 */
public record Table(String source, List<String> names, List<Row> rows) {

  /**
   * A row of cells.
   *
   * @param line the number of its (first) line in the source, from 1
   * @param cells the cells; blanks around them are removed
   */
  public record Row(int line, List<String> cells) {
    /** Creates a row. */
    public Row {
      cells = cells.stream().map(String::strip).toList();
    }
  }

  /**
   * Creates a table.
   *
   * @throws IllegalArgumentException if rows differ in length or a name stands twice
   */
  public Table {
    Objects.requireNonNull(source, "source");
    rows = List.copyOf(Objects.requireNonNull(rows, "rows"));
    names = numbered(names);
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            "%s: the column name %s stands twice; expected different names"
                .formatted(source, name));
      }
    }
    int width = width(names, rows);
    for (Row row : rows) {
      if (row.cells().size() != width) {
        throw new IllegalArgumentException(
            "%s line %d: %d fields; expected %d"
                .formatted(source, row.line(), row.cells().size(), width));
      }
    }
  }

  private static List<String> numbered(List<String> names) {
    return IntStream.range(0, names.size())
        .mapToObj(c -> names.get(c).isBlank() ? Integer.toString(c + 1) : names.get(c).strip())
        .toList();
  }

  private static int width(List<String> names, List<Row> rows) {
    return !names.isEmpty() ? names.size() : rows.isEmpty() ? 0 : rows.getFirst().cells().size();
  }

  /**
   * {@return whether a text is a number in decimal notation, as {@code -1.5e3}}
   *
   * @param text the text, without blanks around it
   */
  public static boolean isNumber(String text) {
    return Cell.isNumber(text);
  }

  /** {@return the number of columns} */
  public int width() {
    return width(names, rows);
  }

  /** {@return whether the columns have names} */
  public boolean named() {
    return !names.isEmpty();
  }

  /** {@return the numbers of all rows, from 0} */
  public int[] all() {
    return IntStream.range(0, rows.size()).toArray();
  }

  /**
   * {@return the name of a column, or its number from 1 if there are no names}
   *
   * @param column the column's index, from 0
   * @throws IndexOutOfBoundsException if there is no such column
   */
  public String name(int column) {
    Objects.checkIndex(column, width());
    return named() ? names.get(column) : Integer.toString(column + 1);
  }

  /**
   * {@return the index of a column, from 0}
   *
   * @param nameOrNumber its name or, if no column has that name, its number from 1
   * @throws IllegalArgumentException if there is none
   */
  public int column(String nameOrNumber) {
    int index = names.indexOf(nameOrNumber);
    if (index >= 0) {
      return index;
    }
    if (nameOrNumber.matches("[1-9][0-9]{0,8}") && Integer.parseInt(nameOrNumber) <= width()) {
      return Integer.parseInt(nameOrNumber) - 1;
    }
    throw new IllegalArgumentException(
        "%s: no column %s; expected %sa number from 1 to %d"
            .formatted(source, nameOrNumber, named() ? someNames() + " or " : "", width()));
  }

  /**
   * {@return the numbers of a column}
   *
   * @param column the index of the column, from 0
   * @param rows the numbers of the rows, from 0
   * @throws IllegalArgumentException if a cell holds no number within the range of {@code float}
   */
  public float[] numbers(int column, int[] rows) {
    float[] numbers = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      numbers[i] = (float) Cell.number(cell(rows[i], column));
      if (!Float.isFinite(numbers[i])) {
        throw unexpected(rows[i], column, Cell.NUMBER);
      }
    }
    return numbers;
  }

  /** {@return the numbers of several columns, {@code [rows][columns]}} */
  float[] numbers(List<Integer> columns, int[] rows) {
    float[] numbers = Dataset.matrix(rows.length, columns.size());
    for (int c = 0; c < columns.size(); c++) {
      float[] column = numbers(columns.get(c), rows);
      for (int i = 0; i < rows.length; i++) {
        numbers[i * columns.size() + c] = column[i];
      }
    }
    return numbers;
  }

  /** The names for an error line, which must stay readable when there are hundreds. */
  private String someNames() {
    int some = 20;
    String list = names.stream().limit(some).collect(Collectors.joining(", "));
    return names.size() > some ? list + ", …" : list;
  }

  /** {@return a cell's text, without blanks around it} */
  String cell(int row, int column) {
    return rows.get(row).cells().get(column);
  }

  /** {@return whether a cell has no value} */
  boolean missing(int row, int column) {
    return Cell.missing(cell(row, column));
  }

  /** {@return the complaint that a cell is not what was expected} */
  IllegalArgumentException unexpected(int row, int column, String expected) {
    String text = cell(row, column);
    return new IllegalArgumentException(
        "%s line %d, column %s: %s; expected %s"
            .formatted(
                source,
                rows.get(row).line(),
                name(column),
                text.isEmpty() ? "empty" : shown(text),
                expected));
  }

  /** A cell for an error line, cut if it is long. */
  private static String shown(String text) {
    int most = 80;
    return text.codePointCount(0, text.length()) > most
        ? text.substring(0, text.offsetByCodePoints(0, most)) + "…"
        : text;
  }
}
