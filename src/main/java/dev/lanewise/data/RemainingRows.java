package dev.lanewise.data;

import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;

/** A source without some of its rows. */
final class RemainingRows implements RowSource {

  private final RowSource all;
  private final BitSet left = new BitSet();
  private final int rows;

  RemainingRows(RowSource all, int[] without) {
    this.all = all;
    for (int row : without) {
      if (row < 0 || row >= all.rows() || left.get(row)) {
        throw new IllegalArgumentException(
            "rows: %d; expected different row numbers, 0 to %d".formatted(row, all.rows() - 1));
      }
      left.set(row);
    }
    left.flip(0, all.rows());
    rows = left.cardinality();
    if (left.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: none of the %d rows is left; expected at least 1".formatted(all.name(), all.rows()));
    }
  }

  @Override
  public String name() {
    return all.name();
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return all.columns();
  }

  @Override
  public int targetColumns() {
    return all.targetColumns();
  }

  @Override
  public Optional<Encoder> encoder() {
    return all.encoder();
  }

  @Override
  public RowSource.Reader open() throws IOException {
    return new Reader(all.open());
  }

  /** Passes over what is left out before it reads a row; what was read so is overwritten. */
  private final class Reader implements RowSource.Reader {

    private final RowSource.Reader reader;
    private int next;

    private Reader(RowSource.Reader reader) {
      this.reader = reader;
    }

    @Override
    public void read(float[] features, int featuresAt, float[] targets, int targetsAt)
        throws IOException {
      do {
        reader.read(features, featuresAt, targets, targetsAt);
      } while (!left.get(next++));
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
