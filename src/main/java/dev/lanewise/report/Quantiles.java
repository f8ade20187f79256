package dev.lanewise.report;

import java.util.Arrays;

/** The quantiles of numbers, on straight lines between neighbouring ones. */
final class Quantiles {

  private final double[] sorted;

  private Quantiles(double[] sorted) {
    this.sorted = sorted;
  }

  /** {@return the quantiles of numbers, at least one; they are copied} */
  static Quantiles of(double[] numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return new Quantiles(sorted);
  }

  /**
   * {@return the number below which a share of the others lies}
   *
   * @param share from 0, for the least, to 1, for the largest
   */
  double at(double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    double rest = place - below;
    return rest == 0 ? sorted[below] : sorted[below] + rest * (sorted[below + 1] - sorted[below]);
  }

  /** {@return the number of those that are not above another} */
  int notAbove(double number) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] <= number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
