package dev.lanewise.data;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** The rows of a CSV text, encoded a few at a time. */
final class CsvRows implements RowSource {

  /** The rows that are encoded at once, to look for columns by name not for every row. */
  private static final int CHUNK = 256;

  private final CsvSource source;
  private final TableReader options;
  private final Encoder encoder;
  private final int rows;

  /** The check sum of the text; empty if rows beyond the most are not read. */
  private final OptionalLong sum;

  /**
   * Counts the rows, in a pass over the text.
   *
   * @param source the text
   * @param options what is known of its columns, and the most rows
   * @param encoder what encodes the rows
   * @throws DataException if there are none
   */
  CsvRows(CsvSource source, TableReader options, Encoder encoder) throws IOException {
    this.source = source;
    this.options = options;
    this.encoder = encoder;
    int count = 0;
    try (CsvReading reading = new CsvReading(source, options)) {
      int some = -1;
      while (some != 0 && count < options.mostRows()) {
        some = reading.count(Math.min(CHUNK, options.mostRows() - count));
        count = Math.addExact(count, some);
        options.tell(count);
      }
      sum = some == 0 ? OptionalLong.of(reading.sum()) : OptionalLong.empty();
    }
    if (count == 0) {
      throw CsvReading.headerAlone(source);
    }
    rows = count;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return encoder.encodedColumns();
  }

  @Override
  public int targetColumns() {
    return encoder.target().columns();
  }

  @Override
  public Optional<Encoder> encoder() {
    return Optional.of(encoder);
  }

  @Override
  public RowSource.Reader open() throws IOException {
    return new Reader(new CsvReading(source, options));
  }

  private final class Reader implements RowSource.Reader {

    private final CsvReading reading;
    private Dataset chunk;
    private int next;
    private int read;

    private Reader(CsvReading reading) {
      this.reading = reading;
    }

    @Override
    public void read(float[] features, int featuresAt, float[] targets, int targetsAt)
        throws IOException {
      if (read == rows) {
        throw new IOException("no row is left of %d".formatted(rows));
      }
      if (chunk == null || next == chunk.rows()) {
        encode();
      }
      int columns = columns();
      System.arraycopy(chunk.features(), next * columns, features, featuresAt, columns);
      int values = chunk.targetColumns();
      System.arraycopy(chunk.targets(), next * values, targets, targetsAt, values);
      next++;
      read++;
      if (read == rows && sum.isPresent()) {
        requireSameText();
      }
    }

    /** Refuses a text that was written to since its rows were counted. */
    private void requireSameText() throws IOException {
      if (reading.count(1) > 0) {
        throw new IOException("more rows than before; expected %d".formatted(rows));
      }
      if (reading.sum() != sum.getAsLong()) {
        throw new IOException("another text than before; expected one that stays as it is");
      }
    }

    private void encode() throws IOException {
      Table table = reading.next(Math.min(CHUNK, rows - read));
      if (table.rows() == 0) {
        throw new IOException("fewer rows than before; expected %d".formatted(rows));
      }
      chunk = encoder.dataset(table, table.all());
      next = 0;
    }

    @Override
    public void close() throws IOException {
      reading.close();
    }
  }
}
