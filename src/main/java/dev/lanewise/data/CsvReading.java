package dev.lanewise.data;

import dev.lanewise.data.DataException.Remedy;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A pass over a CSV text, which makes tables of its rows. */
final class CsvReading implements CellSink, Closeable {

  private final CsvSource source;
  private final TableReader options;
  private final Table.Origin origin;
  private final CsvRecords records;
  private final List<String> names;

  /** The cells of the first record, which are names or a row. */
  private final List<String> first = new ArrayList<>();

  private boolean firstIsRow;
  private TableBuilder builder; // of the rows being read; null in the first record

  /**
   * Begins a pass, before the first row.
   *
   * @throws IOException if the text cannot be read
   * @throws DataException if there is not even a first line, or a name stands twice
   */
  CsvReading(CsvSource source, TableReader options) throws IOException {
    this.source = source;
    this.options = options;
    origin = new Table.Origin(source.name(), "line");
    records = records();
    boolean begun = false;
    try {
      if (!records.next()) {
        throw new DataException(source.name() + ": no lines; expected CSV with rows");
      }
      refuseNote();
      firstIsRow = !options.isHeader(first);
      names = firstIsRow ? List.of() : Names.of(source.name(), first, Remedy.UNNAMED);
      begun = true;
    } finally {
      if (!begun) {
        records.close();
      }
    }
  }

  /** Refuses a first line that tells Excel the delimiter, as {@code sep=;}. */
  private void refuseNote() {
    boolean alone = first.size() == 1 || (first.size() == 2 && first.get(1).isEmpty());
    if (alone && first.getFirst().matches("(?i)sep=.?")) {
      throw new DataException(
          "%s line %d: %s, a note for Excel; expected a file without this line"
              .formatted(source.name(), records.line(), Names.shown(first.getFirst())));
    }
  }

  private CsvRecords records() throws IOException {
    try {
      return CsvRecords.open(source, this);
    } catch (NoClassDefFoundError e) {
      throw new IOException(
          source.name()
              + ": reading CSV takes a library; expected de.siegmar:fastcsv on the class path, or"
              + " on the module path with `requires de.siegmar.fastcsv` in the application's module"
              + " or --add-modules de.siegmar.fastcsv",
          e);
    }
  }

  /**
   * {@return the table of a text, which is read a second time if a column is not what its beginning
   * shows}
   *
   * @throws IOException if the text cannot be read
   * @throws DataException if it is no table, or a cell is not what its column shows
   */
  static Table table(CsvSource source, TableReader options) throws IOException {
    BitSet surprises = new BitSet();
    Table table = null;
    while (table == null) {
      try (CsvReading reading = new CsvReading(source, options)) {
        if (reading.read(options.mostRows(), true, surprises) == 0) {
          throw headerAlone(source);
        }
        table = reading.builder.table();
      }
    }
    return table;
  }

  /** {@return the exception for a text without rows} */
  static DataException headerAlone(CsvSource source) {
    return new DataException(
        source.name() + ": a header alone; expected rows below it", Remedy.UNNAMED);
  }

  /** {@return a table of the next rows, of none at the end} */
  Table next(int most) throws IOException {
    read(most, false, new BitSet());
    return builder.table();
  }

  /** {@return a check sum of the text, once there are no next rows} */
  long sum() {
    return records.sum();
  }

  /** Passes over the next rows; {@return their number, 0 at the end} */
  int count(int most) throws IOException {
    return read(most, false, new BitSet());
  }

  private int read(int most, boolean again, BitSet surprises) throws IOException {
    List<String> unnamed =
        firstIsRow && options.header().isEmpty() ? List.copyOf(first) : List.of();
    builder = new TableBuilder(origin, options, names, first.size(), unnamed, again, surprises);
    if (firstIsRow) {
      for (int c = 0; c < first.size(); c++) {
        builder.column(c).add(first.get(c));
      }
      builder.row(records.line(), first.size());
      firstIsRow = false;
    }
    while (builder.rows() < most && records.next()) {
      builder.row(records.line(), records.fields());
      options.tell(builder.rows());
    }
    return builder.rows();
  }

  @Override
  public void cell(int column, char[] text, int from, int to) {
    if (builder == null) {
      first.add(Cell.clean(new String(text, from, to - from)));
    } else {
      builder.cell(column, text, from, to);
    }
  }

  @Override
  public String name(int column) {
    return names == null || column >= names.size()
        ? CellSink.super.name(column)
        : Names.shown(names.get(column));
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
