package dev.lanewise.data;

import dev.lanewise.random.CounterRandom;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * The batches of a data set, dealt out anew in every epoch.
 *
 * <p>Features and targets are shuffled together, by a permutation that is a function of the seed
 * and the epoch alone; {@link #get} is random access into that order. So training can go on from
 * any batch of any epoch without replaying what came before. A full batch is never shuffled nor
 * copied.
 *
 * <p>{@link #get} copies rows into one batch that is used again, and allocates nothing. Not safe
 * for use by several threads.
 */
public final class Batches {

  private static final long SHUFFLE = CounterRandom.stream("shuffle");

  private final Dataset data;
  private final int batchSize;
  private final int count;
  private final boolean borrows;
  private final IntFunction<int[]> orderOfEpoch;
  private final Batch batch;
  private int[] order;

  /** Takes null in place of an order to leave a full batch as it is. */
  private Batches(Dataset data, int batchSize, boolean pairs, IntFunction<int[]> orderOfEpoch) {
    this.data = data;
    this.batchSize = batchSize;
    int tail = data.rows() % batchSize;
    this.count = data.rows() / batchSize + (tail > 0 ? 1 : 0);
    this.borrows = pairs && tail == 1;
    this.orderOfEpoch = orderOfEpoch;
    this.batch = orderOfEpoch == null ? Batch.of(data) : Batch.withRoom(data, batchSize);
  }

  /**
   * Deals batches in keyed random order.
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
  public static Batches of(Dataset data, int batchSize, long seed, boolean pairs) {
    int size = checkedSize(data, batchSize);
    if (pairs) {
      checkPairs(data.rows(), size);
    }
    boolean full = size == data.rows();
    return new Batches(data, size, pairs, full ? null : shuffles(data.rows(), seed));
  }

  /**
   * Deals batches in a given order, for replays; the order is also followed within a full batch.
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
    return new Batches(
        data, size, false, epoch -> checkedOrder(orderOfEpoch.apply(epoch), data.rows(), epoch));
  }

  private static int checkedSize(Dataset data, int batchSize) {
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
    // Batches of 2 have no row to lend: what is left of the one before would be alone in turn.
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

  /** {@return the rows of the largest batch, for which plans are compiled} */
  public int maxRows() {
    return batchSize;
  }

  /**
   * Goes to an epoch.
   *
   * @param epoch the epoch's number
   */
  public void start(int epoch) {
    if (orderOfEpoch != null) {
      order = orderOfEpoch.apply(epoch);
    }
  }

  /**
   * {@return a batch of the current epoch; valid until the next call}
   *
   * @param index its number in the epoch, from 0
   * @throws IndexOutOfBoundsException if there is no such batch
   * @throws IllegalStateException if no epoch was started
   */
  public Batch get(int index) {
    Objects.checkIndex(index, count);
    if (orderOfEpoch != null) {
      if (order == null) {
        throw new IllegalStateException("no epoch was started; expected start(epoch) before get");
      }
      batch.gather(data, order, border(index), border(index + 1));
    }
    return batch;
  }

  /** Where a batch begins in the order; a borrowed row moves the beginning of the last one only. */
  private int border(int index) {
    if (index == count) {
      return data.rows();
    }
    return index * batchSize - (borrows && index == count - 1 ? 1 : 0);
  }
}
