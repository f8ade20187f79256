package dev.lanewise.random;

import dev.lanewise.Significance;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shuffles, with keys of ascending epochs as batches have them. */
class ShuffleStatisticsTest {

  private static final long SHUFFLE = CounterRandom.stream("shuffle");

  private static int[] shuffled(long seed, int epoch, int n) {
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    CounterRandom.shuffle(CounterRandom.key(seed, SHUFFLE, epoch), order);
    return order;
  }

  @Test
  void everyOrderOfFiveIsAsLikely() {
    int[] counts = new int[5 * 5 * 5 * 5 * 5];
    int epochs = 240_000;
    for (int epoch = 0; epoch < epochs; epoch++) {
      int rank = 0;
      for (int value : shuffled(0, epoch, 5)) {
        rank = rank * 5 + value;
      }
      counts[rank]++;
    }
    int[] orders = Arrays.stream(counts).filter(count -> count > 0).toArray();
    Significance.uniform(Arrays.copyOf(orders, 120), "orders of five");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 16, 33, 64, 200})
  void everyRowComesToEveryPlaceAsOften(int n) {
    int epochs = 50_000;
    int[][] counts = new int[n][n];
    for (int epoch = 0; epoch < epochs; epoch++) {
      int[] order = shuffled(1, epoch, n);
      for (int place = 0; place < n; place++) {
        counts[place][order[place]]++;
      }
    }
    judge(counts, "rows and places of " + n);
  }

  /** From one epoch to the next, and for one seed and the next. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRowsPlaceSaysNothingOfItsPlaceInTheNextShuffle(boolean epochs) {
    int n = 24;
    int[][] counts = new int[n][n];
    for (int i = 0; i < 50_000; i++) {
      int[] first = epochs ? shuffled(2, 2 * i, n) : shuffled(2 * i, 0, n);
      int[] second = epochs ? shuffled(2, 2 * i + 1, n) : shuffled(2 * i + 1, 0, n);
      int[] places = new int[n];
      for (int place = 0; place < n; place++) {
        places[second[place]] = place;
      }
      for (int place = 0; place < n; place++) {
        counts[place][places[first[place]]]++;
      }
    }
    judge(counts, "places in two shuffles");
  }

  /**
   * Sums of permutation matrices: n − 1 of n cells of a row or column are free, and a cell's
   * variance is n/(n − 1) of what it would be without the others.
   */
  private static void judge(int[][] counts, String what) {
    int n = counts.length;
    double expected = Arrays.stream(counts[0]).sum() / (double) n;
    double statistic = 0;
    for (int[] row : counts) {
      for (int count : row) {
        statistic += (count - expected) * (count - expected) / expected * (n - 1) / n;
      }
    }
    Significance.chiSquared(statistic, (n - 1) * (n - 1), what);
  }

  /** Of a random order about one row stays in place, and about one follows its predecessor. */
  @ParameterizedTest
  @ValueSource(ints = {100, 1000, 1797})
  void longShufflesLeaveAboutOneRowInPlaceAndOnePairTogether(int n) {
    int epochs = 2000;
    int inPlace = 0;
    int together = 0;
    for (int epoch = 0; epoch < epochs; epoch++) {
      int[] order = shuffled(3, epoch, n);
      for (int place = 0; place < n; place++) {
        inPlace += order[place] == place ? 1 : 0;
        together += place > 0 && order[place] == order[place - 1] + 1 ? 1 : 0;
      }
    }
    Significance.poisson(inPlace, epochs, "rows in place of " + n);
    Significance.poisson(together, epochs * (n - 1.0) / n, "pairs together of " + n);
  }
}
