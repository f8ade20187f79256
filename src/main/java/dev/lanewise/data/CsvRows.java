package dev.lanewise.data;

import java.io.IOException;
import java.util.Optional;

/** The rows of a CSV text, encoded a few at a time. */
final class CsvRows implements RowSource {

  /** The rows that are encoded at once, to look for columns by name not for every row. */
  private static final int CHUNK = 256;

  private final CsvSource source;
  private final TableReader options;
  private final Encoder encoder;
  private final int rows;

  /**
   * Counts the rows, in a pass over the text.
   *
   * @param source the text
   * @param options what is known of its columns
   * @param encoder what encodes the rows
   */
  CsvRows(CsvSource source, TableReader options, Encoder encoder) throws IOException {
    this.source = source;
    this.options = options;
    this.encoder = encoder;
    int count = 0;
    try (CsvReading reading = new CsvReading(source, options)) {
      for (int some = reading.count(CHUNK); some > 0; some = reading.count(CHUNK)) {
        count = Math.addExact(count, some);
      }
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

    private Reader(CsvReading reading) {
      this.reading = reading;
    }

    @Override
    public void read(float[] features, int featuresAt, float[] targets, int targetsAt)
        throws IOException {
      if (chunk == null || next == chunk.rows()) {
        encode();
      }
      int columns = columns();
      System.arraycopy(chunk.features(), next * columns, features, featuresAt, columns);
      int values = chunk.targetColumns();
      System.arraycopy(chunk.targets(), next * values, targets, targetsAt, values);
      next++;
    }

    private void encode() throws IOException {
      Table table = reading.next(CHUNK);
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
