package dev.lanewise.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/**
 * Examples that are too many for memory: read from the first to the last, any number of times.
 *
 * <p>Every pass must deliver the same rows in the same order, because a training that is resumed
 * reads them again. Rows, columns and target columns never change. The features are what the
 * network takes, already encoded and standardised.
 */
public interface RowSource {

  /** {@return where the rows come from, usually a file's name, for errors} */
  String name();

  /** {@return the number of examples in a pass} */
  int rows();

  /** {@return the number of features of an example} */
  int columns();

  /** {@return the number of targets of an example} */
  int targetColumns();

  /** {@return what encodes the rows; none unless it is known, and then a model gets it} */
  default Optional<Encoder> encoder() {
    return Optional.empty();
  }

  /**
   * {@return a new pass, before its first row} Whoever asks for it closes it.
   *
   * @throws IOException if the rows cannot be read
   */
  Reader open() throws IOException;

  /**
   * {@return the same source without some rows, such as dev rows that were taken from it} They are
   * read and passed over.
   *
   * @param rows their numbers, from 0
   * @throws IllegalArgumentException if there is no such row, one stands twice, or none is left
   */
  default RowSource without(int[] rows) {
    return new RemainingRows(this, Objects.requireNonNull(rows, "rows"));
  }

  /** One pass over the examples of a {@link RowSource}, row by row. For one thread at a time. */
  interface Reader extends Closeable {

    /**
     * Reads the next example; called once for each of the source's rows, no more.
     *
     * @param features receives the features, the source's columns, from {@code featuresAt} on; may
     *     hold anything before
     * @param featuresAt where the example's features begin
     * @param targets receives the targets, the source's target columns, from {@code targetsAt} on
     * @param targetsAt where the example's targets begin
     * @throws IOException if the example cannot be read, also if there is none left
     */
    void read(float[] features, int featuresAt, float[] targets, int targetsAt) throws IOException;
  }
}
