package dev.lanewise.data;

import java.util.function.IntFunction;

/** Rows in memory, gathered in an epoch's order. */
final class OrderedRows implements RowFeed {

  private final Dataset data;
  private final IntFunction<int[]> orderOfEpoch;
  private int[] order;

  OrderedRows(Dataset data, IntFunction<int[]> orderOfEpoch) {
    this.data = data;
    this.orderOfEpoch = orderOfEpoch;
  }

  @Override
  public void start(int epoch) {
    order = orderOfEpoch.apply(epoch);
  }

  @Override
  public void deal(Batch batch, int from, int to) {
    batch.gather(data, order, from, to);
  }
}
