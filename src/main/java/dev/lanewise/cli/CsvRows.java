package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.RowReader;
import dev.lanewise.data.RowSource;
import dev.lanewise.data.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The rows of a CSV file, encoded a few at a time. */
final class CsvRows implements RowSource {

  /** The rows that are encoded at once, to look for columns by name not for every row. */
  private static final int CHUNK = 256;

  private final Path file;
  private final List<String> names;
  private final String[] labels;
  private final Encoder encoder;
  private final int rows;

  /**
   * Counts the rows, in a pass over the file.
   *
   * @param file the file
   * @param head the first rows, as they were read before
   * @param labels the labels' columns
   * @param encoder what encodes the rows
   */
  CsvRows(Path file, Table head, List<String> labels, Encoder encoder) throws IOException {
    this.file = file;
    this.names = head.names();
    this.labels = labels.toArray(String[]::new);
    this.encoder = encoder;
    int count = 0;
    try (CsvTable.Pass pass = begin()) {
      for (int some = CHUNK; some == CHUNK; count = Math.addExact(count, some)) {
        some = pass.next(CHUNK).size();
      }
    }
    rows = count;
  }

  /** {@return a pass before the first row, behind a header} */
  private CsvTable.Pass begin() throws IOException {
    CsvTable.Pass pass = CsvTable.pass(file);
    if (names.isEmpty()) {
      return pass;
    }
    try {
      pass.next(1);
      return pass;
    } catch (IOException e) {
      pass.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return file.toString();
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
  public RowReader open() throws IOException {
    return new Reader(begin());
  }

  private final class Reader implements RowReader {

    private final CsvTable.Pass pass;
    private Dataset chunk;
    private int next;

    private Reader(CsvTable.Pass pass) {
      this.pass = pass;
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
      List<Table.Row> lines = pass.next(CHUNK);
      if (lines.isEmpty()) {
        throw new IOException("fewer rows than before; expected %d".formatted(rows));
      }
      Table table = new Table(file.toString(), names, lines);
      chunk = encoder.dataset(table, IntStream.range(0, lines.size()).toArray(), labels);
      next = 0;
    }

    @Override
    public void close() throws IOException {
      pass.close();
    }
  }
}
