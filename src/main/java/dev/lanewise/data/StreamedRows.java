package dev.lanewise.data;

import java.util.Objects;
import java.util.Optional;

/**
 * Examples that are read anew in every epoch and mixed by a shuffle buffer: at first the buffer is
 * filled; then one of its rows, drawn by a key, goes to the batch, and the next row of the source
 * takes its place. In memory are the buffer and one batch.
 *
 * <p>The order is a function of the seed and the epoch. A row is dealt less than a buffer's length
 * before its turn in the source, so a small buffer mixes neighbours only, and a source that is
 * sorted by class needs a large one; with as many rows as the source has, or more, all orders are
 * equally likely. A full batch is in the source's order, and takes all rows into memory.
 *
 * @param source the rows
 * @param bufferRows the rows of the shuffle buffer; 1 for the source's own order
 */
public record StreamedRows(RowSource source, int bufferRows) implements ExampleSet {

  /**
   * Creates a description; nothing is read.
   *
   * @throws IllegalArgumentException if the buffer or the source has no row, or the source no
   *     column
   */
  public StreamedRows {
    Objects.requireNonNull(source, "source");
    if (bufferRows < 1) {
      throw new IllegalArgumentException(
          "bufferRows: %d; expected at least 1".formatted(bufferRows));
    }
    if (source.rows() < 0 || source.columns() < 1 || source.targetColumns() < 1) {
      throw new IllegalArgumentException(
          "%s: %d rows, %d columns, %d target columns; expected rows of at least 1 and 1"
              .formatted(source.name(), source.rows(), source.columns(), source.targetColumns()));
    }
  }

  @Override
  public int rows() {
    return source.rows();
  }

  @Override
  public int columns() {
    return source.columns();
  }

  @Override
  public int targetColumns() {
    return source.targetColumns();
  }

  @Override
  public Optional<Encoder> encoder() {
    return source.encoder();
  }

  /** {@return the sizes, by which a checkpoint knows its data again} */
  @Override
  public String toString() {
    return rows()
        + " rows, "
        + columns()
        + " columns, "
        + targetColumns()
        + " target columns, streamed through a buffer of "
        + bufferRows
        + " rows";
  }
}
