package dev.lanewise.data;

/** The rows of an epoch in the order in which they are dealt. */
sealed interface RowFeed permits OrderedRows, ShuffleBuffer {

  /** Goes to the beginning of an epoch. */
  void start(int epoch);

  /** Replaces a batch's rows by those from place {@code from} to before {@code to}. */
  void deal(Batch batch, int from, int to);

  /** Lets go of what an unfinished epoch holds open; the epoch can go on nevertheless. */
  default void close() {}
}
