package dev.lanewise.data;

import dev.lanewise.random.CounterRandom;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * A stream's rows, mixed: the i-th row dealt comes from the slot that the epoch's key draws for i
 * among those that are filled; the stream's next row goes there or, when there is none, the last
 * filled slot's. So the order depends on seed and epoch alone, and any place can be reached again
 * from the beginning.
 */
final class ShuffleBuffer implements RowFeed {

  private static final long BUFFER = CounterRandom.stream("shuffle buffer");

  private final RowSource source;
  private final long seed;
  private final int columns;
  private final int targetColumns;
  private final float[] features;
  private final float[] targets;

  /** The slots' row numbers in the stream. */
  private final int[] numbers;

  private int epoch;

  /** Null before the first row of a pass is asked for, and after the last one was read. */
  private RowSource.Reader reader;

  /** The rows dealt in this pass; -1 if there is none under way. */
  private int dealt = -1;

  private int read;
  private int filled;
  private long key;

  /**
   * Makes room; nothing is read.
   *
   * @param slots the rows of the buffer, at least 1
   */
  ShuffleBuffer(RowSource source, int slots, long seed) {
    this.source = source;
    this.seed = seed;
    columns = source.columns();
    targetColumns = source.targetColumns();
    int size = Math.min(slots, source.rows());
    features = Dataset.matrix(size, columns);
    targets = Dataset.matrix(size, targetColumns);
    numbers = new int[size];
  }

  @Override
  public void start(int next) {
    abandon();
    epoch = next;
  }

  /**
   * Goes on to a place, from the beginning if that lies behind.
   *
   * @throws UncheckedIOException if a row cannot be read; the next call begins a new pass
   */
  @Override
  public void deal(Batch batch, int from, int to) {
    boolean done = false;
    try {
      if (dealt < 0 || dealt > from) {
        begin();
      }
      while (dealt < from) {
        refill(draw());
      }
      batch.clear();
      while (dealt < to) {
        int slot = draw();
        batch.add(features, slot * columns, targets, slot * targetColumns, numbers[slot]);
        refill(slot);
      }
      done = true;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s, row %d of epoch %d: %s"
              .formatted(
                  source.name(),
                  read + 1,
                  epoch + 1,
                  Objects.requireNonNullElse(e.getMessage(), e.getClass().getName())),
          e);
    } finally {
      if (!done) {
        abandon();
      }
    }
  }

  private void begin() throws IOException {
    abandon();
    key = CounterRandom.key(seed, BUFFER, epoch);
    reader = source.open();
    dealt = 0;
    read = 0;
    while (filled < numbers.length) {
      read(filled);
      filled++;
    }
  }

  private int draw() {
    return CounterRandom.below(key, dealt, filled);
  }

  /** Puts another row where one has been dealt. */
  private void refill(int slot) throws IOException {
    dealt++;
    if (read < source.rows()) {
      read(slot);
      return;
    }
    filled--;
    System.arraycopy(features, filled * columns, features, slot * columns, columns);
    System.arraycopy(targets, filled * targetColumns, targets, slot * targetColumns, targetColumns);
    numbers[slot] = numbers[filled];
  }

  private void read(int slot) throws IOException {
    reader.read(features, slot * columns, targets, slot * targetColumns);
    numbers[slot] = read++;
    if (read == source.rows()) {
      RowSource.Reader last = reader;
      reader = null;
      last.close();
    }
  }

  /** Ends a pass before its time; that nothing is wanted any more is no error. */
  private void abandon() {
    RowSource.Reader open = reader;
    reader = null;
    dealt = -1;
    filled = 0;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // What was read is given up anyway.
      }
    }
  }

  @Override
  public void close() {
    if (reader != null) {
      abandon();
    }
  }
}
