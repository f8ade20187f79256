package dev.lanewise.data;

import dev.lanewise.data.Table.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.function.ToIntFunction;

/**
 * Reads tables: from CSV, from queries, from lists of maps, records and values. Immutable; a wither
 * gives a changed copy.
 *
 * <p><b>Kinds.</b> A column is of numbers if at least 95 % of its cells that are not missing are
 * decimal numbers; another cell in it is refused, naming its line. It is of booleans if all cells
 * are {@code true/false}, {@code yes/no} or {@code t/f} in any spelling (among zeros and ones they
 * are 1 and 0); of dates if 95 % are ISO dates or times ({@code 2024-12-31}, {@code
 * 2024-12-31T23:59:59+01:00}, with a blank for T; local times are taken as UTC). All else is
 * categories; but a column that looks like numbers to a person (decimal commas, thousands set
 * apart, percent, currency), or like dates in another form, is refused, unless it is called
 * CATEGORY.
 *
 * <p><b>Missing</b> are empty cells, {@code ?}, {@code NA} and {@code NaN}; in columns of numbers,
 * booleans and dates also the usual words, in any case ({@code null}, {@code none}, {@code n/a},
 * {@code -}, {@code \N} …), and those of {@link #withMissing}. Null is missing.
 *
 * <p><b>Texts</b> lose blanks and invisible characters around them (U+00A0, U+200B, U+FEFF …);
 * inside, any blank is U+0020 and invisible characters are left out.
 *
 * <p><b>Objects</b> that may stand in a cell are null, numbers, booleans, texts, enums (by name),
 * {@code LocalDate}, {@code LocalTime}, {@code LocalDateTime}, {@code OffsetDateTime}, {@code
 * ZonedDateTime}, {@code Instant} and {@code java.util.Date} with its SQL forms. Texts are judged
 * as cells of CSV are.
 */
public final class TableReader {

  /**
   * The rows from one telling of progress to the next: more than are streamed at once, and a
   * multiple of that, so that a stream tells when its rows are counted and not in each epoch.
   */
  private static final int ROWS_BETWEEN = 4096;

  private final Map<String, Kind> kinds;
  private final Set<String> labels;
  private final Set<String> missing;
  private final Boolean header; // null to judge by the first line
  private final int most;
  private final Known known; // null to judge columns by their cells
  private final LongConsumer progress; // null for nobody

  private TableReader(
      Map<String, Kind> kinds,
      Set<String> labels,
      Set<String> missing,
      Boolean header,
      int most,
      Known known,
      LongConsumer progress) {
    this.kinds = kinds;
    this.labels = labels;
    this.missing = missing;
    this.header = header;
    this.most = most;
    this.known = known;
    this.progress = progress;
  }

  /** {@return a reader with the default rules: kinds and header are inferred from the cells} */
  public static TableReader create() {
    return new TableReader(Map.of(), Set.of(), Set.of(), null, Integer.MAX_VALUE, null, null);
  }

  /**
   * {@return a reader that keeps the texts of columns as they are spelled, as classes need them}
   * Whether such a column is of numbers is judged by its cells; of one that is, odd cells are
   * refused unless {@link #withKind} calls it a category.
   *
   * @param columns columns that are predicted, by name or number from 1
   */
  public TableReader withLabels(String... columns) {
    Objects.requireNonNull(columns, "columns");
    Set<String> more = new TreeSet<>(labels);
    more.addAll(List.of(columns));
    return new TableReader(kinds, more, missing, header, most, known, progress);
  }

  /**
   * {@return a reader for which a column has a given kind} A cell of another kind is refused.
   *
   * @param column the column, by name or number from 1
   * @param kind what it holds
   */
  public TableReader withKind(String column, Kind kind) {
    Map<String, Kind> more = new HashMap<>(kinds);
    more.put(Objects.requireNonNull(column, "column"), Objects.requireNonNull(kind, "kind"));
    return new TableReader(more, labels, missing, header, most, known, progress);
  }

  /**
   * {@return a reader that skips columns}
   *
   * @param columns the columns, by name or number from 1
   */
  public TableReader withIgnored(String... columns) {
    Objects.requireNonNull(columns, "columns");
    TableReader reader = this;
    for (String column : columns) {
      reader = reader.withKind(column, Kind.IGNORED);
    }
    return reader;
  }

  /**
   * {@return a reader with more words for missing in columns of numbers, booleans and dates}
   *
   * @param words texts of cells, such as {@code unknown}, or numbers, such as {@code -999}
   */
  public TableReader withMissing(String... words) {
    Objects.requireNonNull(words, "words");
    Set<String> more = new TreeSet<>(missing);
    for (String word : words) {
      more.add(Cell.clean(Objects.requireNonNull(word, "words")));
    }
    return new TableReader(kinds, labels, more, header, most, known, progress);
  }

  /**
   * {@return a reader that knows whether the first line of CSV holds the names of columns}
   * Otherwise it does if none of its fields is empty or a number.
   *
   * @param named whether it does
   */
  public TableReader withHeader(boolean named) {
    return new TableReader(kinds, labels, missing, named, most, known, progress);
  }

  /**
   * {@return a reader that stops after some rows}
   *
   * @param rows the most rows, at least 1
   * @throws IllegalArgumentException if there are fewer
   */
  public TableReader withMostRows(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("rows: %d; expected at least 1".formatted(rows));
    }
    return new TableReader(kinds, labels, missing, header, rows, known, progress);
  }

  /**
   * {@return a reader that tells how far it is while it reads CSV} A text that is read twice is
   * told of from its beginning again; rows that are streamed into a training are told of when they
   * are counted only.
   *
   * @param listener is told of the rows read so far every few thousand, by the thread that reads
   */
  public TableReader withProgress(LongConsumer listener) {
    Objects.requireNonNull(listener, "listener");
    return new TableReader(kinds, labels, missing, header, most, known, listener);
  }

  /** Tells how many rows have been read, if it is time for that and somebody listens. */
  void tell(long rows) {
    if (progress != null && rows % ROWS_BETWEEN == 0) {
      progress.accept(rows);
    }
  }

  /**
   * {@return a reader for columns that play parts: labels of classes keep their texts, ignored ones
   * are not read, categorical ones and groups are categories, weights are numbers}
   *
   * @param roles the parts
   */
  public TableReader withRoles(Roles roles) {
    TableReader reader = withIgnored(roles.ignored().toArray(String[]::new));
    for (String column : roles.categorical()) {
      reader = reader.withKind(column, Kind.CATEGORY);
    }
    if (roles.weights().isPresent()) {
      reader = reader.withKind(roles.weights().get(), Kind.NUMBER);
    }
    if (roles.groups().isPresent()) {
      reader = reader.withKind(roles.groups().get(), Kind.CATEGORY);
    }
    return roles.task() == Roles.Task.CLASSIFY
        ? reader.withLabels(roles.labels().toArray(String[]::new))
        : reader;
  }

  /**
   * {@return a reader of rows for an encoder: columns have the kinds, and missing cells the words,
   * that they had when it was fitted; other columns are not read} Without names then, the first
   * line holds none now, and a first line with all of the names then holds names, unless the reader
   * was told. {@link #withLabels} and {@link #withKind} take precedence.
   *
   * @param encoder the encoder
   */
  public TableReader withEncoder(Encoder encoder) {
    Objects.requireNonNull(encoder, "encoder");
    return withColumns(Known.of(encoder), encoder.missingWords());
  }

  /**
   * {@return a reader of further rows for the columns of a table: they have the kinds, and missing
   * cells the words, that they have there; other columns are not read} What is known of a first
   * line is as with {@link #withEncoder}, and the same takes precedence.
   *
   * @param table the table
   */
  public TableReader withColumnsOf(Table table) {
    Objects.requireNonNull(table, "table");
    return withColumns(Known.of(table), table.missingWords());
  }

  private TableReader withColumns(Known columns, Collection<String> missingWords) {
    Boolean named = header == null && !columns.named() ? Boolean.FALSE : header;
    Set<String> words = new TreeSet<>(missing);
    words.addAll(missingWords);
    return new TableReader(kinds, labels, words, named, most, columns, progress);
  }

  /** {@return the words for missing besides the usual ones} */
  Set<String> missingWords() {
    return missing;
  }

  /** {@return whether the first line of CSV holds names, if the reader was told} */
  Optional<Boolean> header() {
    return Optional.ofNullable(header);
  }

  /**
   * {@return whether a first line holds names: as the reader was told; else if it holds the names
   * of an encoder's columns; else if no field of it is empty or a number}
   *
   * @param first the fields of the first line
   */
  boolean isHeader(List<String> first) {
    if (header != null) {
      return header;
    }
    return first.stream().allMatch(Names::isName) || (known != null && known.isNamedBy(first));
  }

  /** {@return the most rows that are read} */
  int mostRows() {
    return most;
  }

  /**
   * {@return what is known of each column}
   *
   * @param names the names of the columns, or none
   * @param width the number of columns
   * @param place finds the place of a name
   */
  SeriesBuilder.Hints[] hints(List<String> names, int width, ToIntFunction<String> place) {
    Kind[] columns = new Kind[width];
    BitSet texts = new BitSet();
    Known.Col[] before = new Known.Col[width];
    if (known != null) {
      List<Known.Col> inPlace = known.in(names, width); // none: whoever takes the table says so
      for (int c = 0; c < inPlace.size(); c++) {
        Known.Col column = inPlace.get(c);
        before[c] = column;
        columns[c] = column == null ? Kind.IGNORED : column.kind();
        texts.set(c, column != null && column.label());
      }
    }
    for (String column : labels) {
      int c = place.applyAsInt(column);
      texts.set(c);
      columns[c] = null;
      before[c] = null;
    }
    kinds.forEach((column, kind) -> columns[place.applyAsInt(column)] = kind);
    double[] numbers =
        missing.stream()
            .mapToDouble(Cell::number)
            .filter(number -> !Double.isNaN(number))
            .toArray();
    SeriesBuilder.Hints[] hints = new SeriesBuilder.Hints[width];
    SeriesBuilder.Hints none = new SeriesBuilder.Hints(null, false, null, missing, numbers);
    for (int c = 0; c < width; c++) {
      hints[c] =
          columns[c] == null && !texts.get(c)
              ? none
              : new SeriesBuilder.Hints(columns[c], texts.get(c), before[c], missing, numbers);
    }
    return hints;
  }

  /**
   * Reads a CSV file: comma, semicolon or tab, whichever of those in the first line cuts the lines
   * evenly; fields may be quoted; empty lines are skipped.
   *
   * @param file the file, text in UTF-8, compressed with gzip (of any number of members) or not; a
   *     pipe is taken into memory
   * @return the table
   * @throws IOException if the file cannot be read, is damaged or no UTF-8, or FastCSV, an optional
   *     library, is not there
   * @throws DataException if its content is no table, or a cell is not what its column shows
   */
  public Table csv(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    return CsvReading.table(CsvSource.of(file), this);
  }

  /**
   * {@return the rows of a CSV file, encoded with their labels a few at a time, as often as needed}
   * In memory are the rows being encoded. They are counted now, in a pass over the file.
   *
   * @param file the file, not a pipe
   * @param encoder what encodes the rows; columns have the kinds that it knows
   * @throws IOException as {@link #csv(Path)}
   */
  public RowSource stream(Path file, Encoder encoder) throws IOException {
    Objects.requireNonNull(file, "file");
    TableReader reader = withEncoder(encoder);
    return new CsvRows(CsvSource.of(file), reader, encoder);
  }

  /**
   * Reads CSV from a stream as {@link #csv(Path)} does. The stream is read to its end into memory,
   * and not closed.
   *
   * @param stream the bytes
   * @param source what they are called, for errors
   * @return the table
   * @throws IOException as {@link #csv(Path)}
   * @throws DataException as {@link #csv(Path)}
   */
  public Table csv(InputStream stream, String source) throws IOException {
    Objects.requireNonNull(stream, "stream");
    Objects.requireNonNull(source, "source");
    return CsvReading.table(CsvSource.of(stream, source), this);
  }

  /**
   * Reads the rows of a query. Columns are called by their labels; SQL NULL is missing.
   *
   * @param results the result, before its first row; read to its end, not closed
   * @return the table; its lines are the rows, from 1
   * @throws SQLException if the rows cannot be read
   * @throws DataException if a value cannot stand in a table
   */
  public Table resultSet(ResultSet results) throws SQLException {
    Objects.requireNonNull(results, "results");
    return new ObjectReading("query", this).resultSet(results);
  }

  /**
   * Reads maps from names to values. The columns are all names, in the order of their first
   * appearance; a name that a map lacks is missing there.
   *
   * @param rows the rows; gone through twice
   * @return the table; its lines are the rows, from 1
   * @throws DataException if a value cannot stand in a table
   */
  public Table maps(Iterable<? extends Map<String, ?>> rows) {
    Objects.requireNonNull(rows, "rows");
    return new ObjectReading("maps", this).maps(rows);
  }

  /**
   * Reads records. The columns are the components of their type.
   *
   * @param type the type of the rows
   * @param rows the rows
   * @param <R> the type of the rows
   * @return the table; its lines are the rows, from 1
   * @throws DataException if a value cannot stand in a table
   * @throws IllegalArgumentException if the module of the type does not open it to this one
   */
  public <R extends Record> Table records(Class<R> type, Iterable<? extends R> rows) {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(rows, "rows");
    return new ObjectReading(type.getSimpleName(), this).records(type, rows, null);
  }

  /**
   * Reads records of a type that only a caller can look into. The columns are its components.
   *
   * @param type the type of the rows
   * @param rows the rows
   * @param lookup what may access it, as {@code MethodHandles.lookup()} where the type is declared
   * @param <R> the type of the rows
   * @return the table; its lines are the rows, from 1
   * @throws DataException if a value cannot stand in a table
   * @throws IllegalArgumentException if the lookup may not access the type
   */
  public <R extends Record> Table records(
      Class<R> type, Iterable<? extends R> rows, MethodHandles.Lookup lookup) {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(lookup, "lookup");
    return new ObjectReading(type.getSimpleName(), this).records(type, rows, lookup);
  }

  /**
   * Reads lists of values.
   *
   * @param names the names of the columns, or none
   * @param rows the rows
   * @return the table; its lines are the rows, from 1
   * @throws DataException if a value cannot stand in a table, or rows differ in length
   */
  public Table rows(List<String> names, Iterable<? extends List<?>> rows) {
    Objects.requireNonNull(names, "names");
    Objects.requireNonNull(rows, "rows");
    return new ObjectReading("rows", this).rows(names, rows);
  }

  /** {@return what the reader was told} */
  @Override
  public String toString() {
    return "TableReader[kinds=%s, labels=%s, missing=%s, header=%s]"
        .formatted(kinds, labels, missing, header);
  }
}
