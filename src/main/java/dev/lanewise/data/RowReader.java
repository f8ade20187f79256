package dev.lanewise.data;

import java.io.Closeable;
import java.io.IOException;

/** One pass over the examples of a {@link RowSource}, row by row. For one thread at a time. */
public interface RowReader extends Closeable {

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
