package dev.lanewise.data;

import dev.lanewise.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * The batches of a data set or a stream, in a new order in every epoch.
 *
 * <p>Features and targets are shuffled together, by a permutation that is a function of the seed
 * and the epoch alone; {@link #get} is random access into that order. So training can be resumed at
 * any batch of any epoch. For rows in memory nothing is replayed; a stream is read again from the
 * epoch's beginning if an earlier batch is requested. A full batch is never shuffled and, in
 * memory, copied only if augmentations change it.
 *
 * <p>{@link #get} copies rows into one batch that is used again, and allocates nothing, except in
 * the reader of a stream. Not safe for use by several threads.
 */
public final class Batches {

  private static final long SHUFFLE = CounterRandom.stream("shuffle");

  private final int rows;
  private final int batchSize;
  private final int count;

  /** Whether the last batch has a row of the one before. */
  private final boolean borrows;

  private final Batch batch;

  /** Null for a full batch that is left as it is. */
  private final RowFeed feed;

  /** Null without changes. */
  private final Augmenter augmenter;

  private boolean started;
  private int epoch;

  /**
   * @param rows the rows that an epoch deals, at least those of a batch
   * @param pairs whether a last batch of one row borrows one
   */
  private Batches(
      int rows, int batchSize, boolean pairs, Batch batch, RowFeed feed, Augmenter augmenter) {
    this.rows = rows;
    this.batchSize = batchSize;
    int tail = rows % batchSize;
    this.count = rows / batchSize + (tail > 0 ? 1 : 0);
    this.borrows = pairs && tail == 1;
    this.batch = batch;
    this.feed = feed;
    this.augmenter = augmenter;
  }

  /**
   * Gives batches in keyed random order.
   *
   * @param data the examples, at least one
   * @param batchSize the rows of a batch; 0, or as many as there are rows or more, means one full
   *     batch
   * @param seed the seed of the shuffles
   * @param pairs whether a batch must have two rows or more, as batch normalisation needs: a last
   *     batch of one row then borrows a row from the one before, so the last two have {@code
   *     batchSize - 1} and 2 rows
   * @return the batches
   * @throws IllegalArgumentException if there are no rows, the batch size is negative, or pairs
   *     cannot be had
   */
  public static Batches of(ExampleSet data, int batchSize, long seed, boolean pairs) {
    return of(data, batchSize, seed, pairs, List.of());
  }

  /**
   * Gives batches in keyed random order, with examples changed at random; the data set itself is
   * not changed. With changes a full batch is a copy, in the order of the data set.
   *
   * @param data the examples, at least one
   * @param batchSize the rows of a batch; 0 means one full batch
   * @param seed the seed of the shuffles and of the changes
   * @param pairs whether a batch must have two rows or more
   * @param changes what is done to the examples, in this order
   * @return the batches
   * @throws IllegalArgumentException as {@link #of(ExampleSet, int, long, boolean)}, or if a change
   *     is for images of another size than the rows of the data set
   */
  public static Batches of(
      ExampleSet data, int batchSize, long seed, boolean pairs, List<Augmentation> changes) {
    return of(data, batchSize, seed, pairs, false, changes);
  }

  /**
   * Gives batches in keyed random order, with examples changed at random, and with or without the
   * rows that make no whole batch. Where these are dropped, an epoch ends with its last whole
   * batch; all data in one batch is whole. Of rows in memory each is as likely as another to be
   * dropped; of a stream it is those that come out of the shuffle buffer last.
   *
   * @param data the examples, at least one
   * @param batchSize the rows of a batch; 0 means one full batch
   * @param seed the seed of the shuffles and of the changes
   * @param pairs whether a batch must have two rows or more
   * @param dropTail whether a last batch of fewer rows than the others is dropped
   * @param changes what is done to the examples, in this order
   * @return the batches
   * @throws IllegalArgumentException as {@link #of(ExampleSet, int, long, boolean, List)}
   */
  public static Batches of(
      ExampleSet data,
      int batchSize,
      long seed,
      boolean pairs,
      boolean dropTail,
      List<Augmentation> changes) {
    int size = checkedSize(data, batchSize);
    int rows = data.rows();
    int dealt = dropTail ? rows - rows % size : rows;
    if (pairs) {
      checkPairs(dealt, size);
    }
    boolean full = size == rows;
    if (full && changes.isEmpty() && data instanceof Dataset whole) {
      return new Batches(dealt, size, pairs, Batch.of(whole), null, null);
    }
    RowFeed feed =
        switch (data) {
          case Dataset some -> new OrderedRows(some, full ? ownOrder(rows) : shuffles(rows, seed));
          case StreamedRows stream ->
              new ShuffleBuffer(stream.source(), full ? 1 : stream.bufferRows(), seed);
        };
    Batch batch = Batch.withRoom(data, size);
    Augmenter augmenter = changes.isEmpty() ? null : new Augmenter(changes, batch, size, seed);
    return new Batches(dealt, size, pairs, batch, feed, augmenter);
  }

  /**
   * {@return a batch size to begin with, by rule of thumb: all rows if they are fewer than 2000,
   * else a power of two that grows with them: 64 below 2^14 rows, 128 below 2^16, 256 below 2^18,
   * then 512}
   *
   * @param rows the training rows, at least 1
   * @throws IllegalArgumentException if there are no rows
   */
  public static int recommendedSize(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("rows: %d; expected at least 1".formatted(rows));
    }
    if (rows < 2000) {
      return rows;
    }
    return rows < 1 << 14 ? 64 : rows < 1 << 16 ? 128 : rows < 1 << 18 ? 256 : 512;
  }

  /**
   * Gives batches in a given order, for replays; the order is also followed within a full batch.
   *
   * @param data the examples, at least one
   * @param batchSize the rows of a batch; 0 means one full batch
   * @param orderOfEpoch gives an epoch's permutation of the rows' numbers
   * @return the batches
   * @throws IllegalArgumentException if there are no rows or the batch size is negative
   */
  public static Batches inOrder(Dataset data, int batchSize, IntFunction<int[]> orderOfEpoch) {
    Objects.requireNonNull(orderOfEpoch, "orderOfEpoch");
    int size = checkedSize(data, batchSize);
    int rows = data.rows();
    IntFunction<int[]> checked = epoch -> checkedOrder(orderOfEpoch.apply(epoch), rows, epoch);
    Batch batch = Batch.withRoom(data, size);
    return new Batches(rows, size, false, batch, new OrderedRows(data, checked), null);
  }

  /**
   * Gives batches in the rows' own order, for evaluation.
   *
   * @param data the examples, at least one
   * @param batchSize the rows of a batch; 0 means one full batch
   * @return the batches
   * @throws IllegalArgumentException if there are no rows or the batch size is negative
   */
  public static Batches unshuffled(ExampleSet data, int batchSize) {
    int size = checkedSize(data, batchSize);
    RowFeed feed =
        switch (data) {
          case Dataset some -> new OrderedRows(some, ownOrder(some.rows()));
          case StreamedRows stream -> new ShuffleBuffer(stream.source(), 1, 0);
        };
    return new Batches(data.rows(), size, false, Batch.withRoom(data, size), feed, null);
  }

  private static int checkedSize(ExampleSet data, int batchSize) {
    if (data.rows() == 0) {
      throw new IllegalArgumentException("data: 0 rows; expected at least 1");
    }
    if (batchSize < 0) {
      throw new IllegalArgumentException(
          "batchSize: %d; expected a number of rows, or 0 for a full batch".formatted(batchSize));
    }
    return batchSize == 0 ? data.rows() : Math.min(batchSize, data.rows());
  }

  private static void checkPairs(int rows, int size) {
    if (rows == 1) {
      throw new IllegalArgumentException(
          "data: 1 row; expected at least 2, because batch normalisation needs two rows in a"
              + " batch");
    }
    // Batches of 2 have no row to lend: the batch before would then have one row itself.
    if (size == 1 || (size == 2 && rows % 2 == 1)) {
      throw new IllegalArgumentException(
          "batchSize: %d for %d rows leaves a batch of one row; batch normalisation needs two, expected at least %d"
              .formatted(size, rows, size + 1));
    }
  }

  /** The keyed permutations, all in one array that is used again. */
  private static IntFunction<int[]> shuffles(int rows, long seed) {
    int[] order = new int[rows];
    return epoch -> {
      for (int i = 0; i < rows; i++) {
        order[i] = i;
      }
      CounterRandom.shuffle(CounterRandom.key(seed, SHUFFLE, epoch), order);
      return order;
    };
  }

  /** The data set's own order in every epoch. */
  private static IntFunction<int[]> ownOrder(int rows) {
    int[] order = new int[rows];
    Arrays.setAll(order, i -> i);
    return epoch -> order;
  }

  private static int[] checkedOrder(int[] order, int rows, int epoch) {
    boolean[] seen = new boolean[rows];
    boolean permutation = order.length == rows;
    for (int i = 0; permutation && i < rows; i++) {
      permutation = order[i] >= 0 && order[i] < rows && !seen[order[i]];
      if (permutation) {
        seen[order[i]] = true;
      }
    }
    if (!permutation) {
      throw new IllegalArgumentException(
          "order of epoch %d: expected each of the row numbers 0 to %d once"
              .formatted(epoch, rows - 1));
    }
    return order;
  }

  /** {@return the number of batches in an epoch} */
  public int count() {
    return count;
  }

  /** {@return the number of rows that an epoch deals} */
  public int rows() {
    return rows;
  }

  /** {@return the rows of the largest batch, for which plans are compiled} */
  public int maxRows() {
    return batchSize;
  }

  /**
   * Goes to an epoch.
   *
   * @param epoch the epoch's number
   * @throws IllegalArgumentException if the epoch is negative
   */
  public void start(int epoch) {
    if (epoch < 0) {
      throw new IllegalArgumentException("epoch: %d; expected at least 0".formatted(epoch));
    }
    this.epoch = epoch;
    if (feed != null) {
      feed.start(epoch);
      started = true;
    }
  }

  /**
   * {@return a batch of the current epoch; valid until the next call}
   *
   * @param index its number in the epoch, from 0
   * @throws IndexOutOfBoundsException if there is no such batch
   * @throws IllegalStateException if no epoch was started
   * @throws java.io.UncheckedIOException if a stream's row cannot be read; the batch can be asked
   *     for again, and the stream is then read from the epoch's beginning
   */
  public Batch get(int index) {
    Objects.checkIndex(index, count);
    if (feed != null) {
      if (!started) {
        throw new IllegalStateException("no epoch was started; expected start(epoch) before get");
      }
      feed.deal(batch, border(index), border(index + 1));
      if (index == count - 1) {
        feed.close(); // a stream whose last rows are dropped would stay open
      }
      if (augmenter != null) {
        augmenter.apply(batch, epoch);
      }
    }
    return batch;
  }

  /**
   * Closes the reader that an unfinished epoch of a stream holds open. It has no other effect: the
   * next batch opens one again.
   */
  public void close() {
    if (feed != null) {
      feed.close();
    }
  }

  /** Where a batch begins in the order; a borrowed row moves the beginning of the last one only. */
  private int border(int index) {
    if (index == count) {
      return rows;
    }
    return index * batchSize - (borrows && index == count - 1 ? 1 : 0);
  }
}
