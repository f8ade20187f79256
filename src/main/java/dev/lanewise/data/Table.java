package dev.lanewise.data;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Raw data as read: typed columns of equal length, with or without names. Numbers are held as
 * {@code double}, 8 bytes a cell; categories and booleans as numbers into a list of texts, 4 bytes
 * a cell.
 *
 * <p>A table is read by {@link TableReader}, whose rules for kinds of columns and for missing cells
 * it documents; the static methods here read with its defaults. Immutable; safe for use by several
 * threads. Rows and columns are counted from 0; every complaint about a cell names the source, the
 * line and the column.
 */
public final class Table {

  /** The kind of a column's values. */
  public enum Kind {
    /** Numbers. */
    NUMBER,
    /** Texts, each one of several values. */
    CATEGORY,
    /** True or false; as numbers 1 and 0. */
    BOOLEAN,
    /** Dates or times; as numbers the seconds since 1970-01-01T00:00Z. */
    DATE,
    /** Cells that were not read. */
    IGNORED
  }

  /** The source of rows, and the name of a row there: a line of a file, a row of a list. */
  record Origin(String source, String unit) {

    /** {@return a place for an error line} */
    String at(int line) {
      return source + " " + unit + " " + line;
    }
  }

  private final Origin origin;
  private final List<String> names;
  private final Map<String, Integer> places = new HashMap<>();
  private final List<Series> columns;
  private final int rows;
  private final int[] lines; // or null if the lines follow one another
  private final int firstLine;
  private final Set<String> missing; // words
  private final List<String> unnamed; // the first row of a table whose names may be there

  /**
   * Creates a table of columns that fit together.
   *
   * @param names the names of the columns, or none
   * @param lines the line of each row, or null if they follow the first
   * @param missing the words that stood for missing besides the usual ones
   * @param unnamed the cells of the first line if it was judged not to hold names, else none
   */
  Table(
      Origin origin,
      List<String> names,
      List<Series> columns,
      int rows,
      int[] lines,
      int firstLine,
      Set<String> missing,
      List<String> unnamed) {
    this.origin = origin;
    this.names = names;
    this.columns = columns;
    this.rows = rows;
    this.lines = lines;
    this.firstLine = firstLine;
    this.missing = missing;
    this.unnamed = unnamed;
    for (int c = 0; c < names.size(); c++) {
      places.put(names.get(c), c);
    }
  }

  /**
   * Reads a CSV file as {@link TableReader#csv(Path)} does with its defaults.
   *
   * @param file the file, compressed with gzip or not
   * @return the table
   * @throws IOException if the file cannot be read
   * @throws DataException if its content is no table
   */
  public static Table csv(Path file) throws IOException {
    return TableReader.create().csv(file);
  }

  /**
   * Reads the rows of a query as {@link TableReader#resultSet} does with its defaults.
   *
   * @param results the result, before its first row; read to its end, not closed
   * @return the table
   * @throws SQLException if the rows cannot be read
   * @throws DataException if a value cannot stand in a table
   */
  public static Table of(ResultSet results) throws SQLException {
    return TableReader.create().resultSet(results);
  }

  /**
   * Reads maps from names to values as {@link TableReader#maps} does with its defaults.
   *
   * @param rows the rows
   * @return the table
   * @throws DataException if a value cannot stand in a table
   */
  public static Table ofMaps(Iterable<? extends Map<String, ?>> rows) {
    return TableReader.create().maps(rows);
  }

  /**
   * Reads records as {@link TableReader#records(Class, Iterable)} does with its defaults.
   *
   * @param type the type of the rows, whose components are the columns
   * @param rows the rows
   * @param <R> the type of the rows
   * @return the table
   * @throws DataException if a value cannot stand in a table
   */
  public static <R extends Record> Table ofRecords(Class<R> type, Iterable<? extends R> rows) {
    return TableReader.create().records(type, rows);
  }

  /**
   * Reads records of a type that only a caller can look into, as {@link TableReader#records(Class,
   * Iterable, MethodHandles.Lookup)} does with its defaults.
   *
   * @param type the type of the rows, whose components are the columns
   * @param rows the rows
   * @param lookup what may access it, as {@code MethodHandles.lookup()} where the type is declared
   * @param <R> the type of the rows
   * @return the table
   * @throws DataException if a value cannot stand in a table
   * @throws IllegalArgumentException if the lookup may not access the type
   */
  public static <R extends Record> Table ofRecords(
      Class<R> type, Iterable<? extends R> rows, MethodHandles.Lookup lookup) {
    return TableReader.create().records(type, rows, lookup);
  }

  /**
   * Reads lists of values as {@link TableReader#rows} does with its defaults.
   *
   * @param names the names of the columns, or none
   * @param rows the rows
   * @return the table
   * @throws DataException if a value cannot stand in a table, or rows differ in length
   */
  public static Table ofRows(List<String> names, Iterable<? extends List<?>> rows) {
    return TableReader.create().rows(names, rows);
  }

  /**
   * {@return whether a text is a number in decimal notation, as {@code -1.5e3}}
   *
   * @param text the text, without blanks around it
   */
  public static boolean isNumber(String text) {
    return Cell.isNumber(text);
  }

  /** {@return where the data comes from, usually a file's name} */
  public String source() {
    return origin.source();
  }

  /** {@return the number of rows} */
  public int rows() {
    return rows;
  }

  /** {@return the number of columns} */
  public int columns() {
    return columns.size();
  }

  /** {@return whether the columns have names} */
  public boolean named() {
    return !names.isEmpty();
  }

  /** {@return the names of the columns, or none} */
  public List<String> names() {
    return names;
  }

  /** {@return the numbers of all rows, from 0} */
  public int[] all() {
    return IntStream.range(0, rows).toArray();
  }

  /**
   * {@return the name of a column, or its number from 1 if there are no names}
   *
   * @param column the column's index, from 0
   * @throws IndexOutOfBoundsException if there is no such column
   */
  public String name(int column) {
    Objects.checkIndex(column, columns());
    return named() ? names.get(column) : Integer.toString(column + 1);
  }

  /**
   * {@return the index of a column, from 0}
   *
   * @param nameOrNumber its name or, if no column has that name, the only one that differs by upper
   *     and lower case alone, or its number from 1
   * @throws DataException if there is none
   */
  public int column(String nameOrNumber) {
    Objects.requireNonNull(nameOrNumber, "nameOrNumber");
    return Names.place(this.origin.source(), names, places, columns(), unnamed, nameOrNumber);
  }

  /** {@return the words that stood for missing besides the usual ones} */
  Set<String> missingWords() {
    return missing;
  }

  /**
   * {@return the kind of a column}
   *
   * @param column the column's index, from 0
   * @throws IndexOutOfBoundsException if there is no such column
   */
  public Kind kind(int column) {
    return series(column).kind();
  }

  /**
   * {@return whether a cell has no value}
   *
   * @param row the row, from 0
   * @param column the column's index, from 0
   * @throws IndexOutOfBoundsException if there is no such row or column
   */
  public boolean isMissing(int row, int column) {
    return series(column).isMissing(Objects.checkIndex(row, rows));
  }

  /**
   * {@return a cell's number, NaN if it is missing} A boolean is 1 or 0, a date its seconds since
   * 1970-01-01T00:00Z, a category the number that its text is.
   *
   * @param row the row, from 0
   * @param column the column's index, from 0
   * @throws DataException if the cell holds no number
   * @throws IndexOutOfBoundsException if there is no such row or column
   */
  public double number(int row, int column) {
    double number = series(column).number(Objects.checkIndex(row, rows));
    if (Double.isInfinite(number)) {
      throw unexpected(row, column, "a number", DataException.Remedy.WORD);
    }
    return number;
  }

  /**
   * {@return a cell's text, null if it is missing} The text of a number or a date is its shortest
   * one, but for whole numbers with leading zeros or beyond 2⁵³, and for labels, which keep theirs.
   *
   * @param row the row, from 0
   * @param column the column's index, from 0
   * @throws IndexOutOfBoundsException if there is no such row or column
   */
  public String text(int row, int column) {
    return series(column).text(Objects.checkIndex(row, rows));
  }

  /**
   * {@return the line of a row in its source, from 1; in objects the number of the row, from 1}
   *
   * @param row the row, from 0
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public int line(int row) {
    Objects.checkIndex(row, rows);
    return lines == null ? firstLine + row : lines[row];
  }

  /**
   * {@return the numbers of a column}
   *
   * @param column the index of the column, from 0
   * @param rows the numbers of the rows, from 0
   * @throws DataException if a cell is missing or holds no number; {@link #select} leaves rows out
   * @throws IndexOutOfBoundsException if there is no such row or column
   */
  public double[] numbers(int column, int[] rows) {
    double[] numbers = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      numbers[i] = number(rows[i], column);
      if (Double.isNaN(numbers[i])) {
        throw unexpected(rows[i], column, "a number", DataException.Remedy.SELECT);
      }
    }
    return numbers;
  }

  /**
   * {@return a copy of some rows, in the order given} Kinds of columns, names, lines in the source
   * and words for missing stay as they are.
   *
   * @param rows the rows' numbers, from 0; a row may be taken more than once
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public Table select(int[] rows) {
    requireRows(rows);
    int[] theirs = new int[rows.length];
    Arrays.setAll(theirs, i -> line(rows[i]));
    return new Table(
        origin,
        names,
        columns.stream().map(column -> column.select(rows)).toList(),
        rows.length,
        theirs,
        firstLine,
        missing,
        unnamed);
  }

  /**
   * {@return a table of these rows and, behind them, those of another} Columns are found by name,
   * or by place where a table has no names; columns that only the other one has are left out.
   *
   * @param more the other table
   * @throws DataException if it lacks a column, or holds cells of another kind in it
   */
  public Table append(Table more) {
    Objects.requireNonNull(more, "more");
    List<Series> both = new ArrayList<>();
    for (int c = 0; c < columns(); c++) {
      Series column = columns.get(c);
      if (column.kind() == Kind.IGNORED) {
        both.add(column);
        continue;
      }
      Series theirs = more.columns.get(more.column(named() && more.named() ? name(c) : number(c)));
      if (theirs.kind() != column.kind()) {
        throw new DataException(
            "%s, column %s: %s; expected %s, as in %s"
                .formatted(
                    more.source(),
                    name(c),
                    theirs.kind().name().toLowerCase(Locale.ROOT),
                    column.kind().name().toLowerCase(Locale.ROOT),
                    source()));
      }
      both.add(column.append(theirs));
    }
    int[] theirLines = new int[Math.addExact(rows, more.rows)];
    Arrays.setAll(theirLines, i -> i < rows ? line(i) : more.line(i - rows));
    Set<String> words = new HashSet<>(missing);
    words.addAll(more.missing);
    String name = "%s and %s".formatted(source(), more.source());
    return new Table(
        new Origin(name, origin.unit()),
        names,
        both,
        theirLines.length,
        theirLines,
        firstLine,
        words,
        unnamed);
  }

  private static String number(int column) {
    return Integer.toString(column + 1);
  }

  /** Refuses numbers that are no rows of this table. */
  void requireRows(int[] numbers) {
    Objects.requireNonNull(numbers, "rows");
    for (int row : numbers) {
      if (row < 0 || row >= rows) {
        throw new IndexOutOfBoundsException(
            "rows: %d; expected 0 to %d, the rows of %s".formatted(row, rows - 1, source()));
      }
    }
  }

  /** {@return the cells of a column} */
  Series series(int column) {
    return columns.get(Objects.checkIndex(column, columns()));
  }

  /** {@return the exception for a cell that is not what was expected} */
  DataException unexpected(int row, int column, String expected) {
    return unexpected(row, column, expected, DataException.Remedy.NONE);
  }

  /** {@return the exception for a cell that is not what was expected, with a remedy} */
  DataException unexpected(int row, int column, String expected, DataException.Remedy remedy) {
    String text = text(row, column);
    return new DataException(
        "%s, column %s: %s; expected %s"
            .formatted(
                origin.at(line(row)),
                name(column),
                text == null ? "missing" : Names.shown(text),
                expected),
        remedy);
  }

  /** {@return source and size} */
  @Override
  public String toString() {
    return "%s: %d rows, %d columns".formatted(source(), rows, columns());
  }
}
