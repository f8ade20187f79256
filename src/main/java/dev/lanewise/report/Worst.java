package dev.lanewise.report;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.IntToDoubleFunction;

/** The rows of the largest losses. */
final class Worst {

  /** How many rows are shown. */
  static final int MOST = 20;

  private Worst() {}

  /**
   * {@return the rows of the largest losses, the largest first; of equal ones the first row}
   *
   * @param rows the number of rows
   * @param loss the loss of a row
   */
  static int[] of(int rows, IntToDoubleFunction loss) {
    record Row(int row, double loss) {}
    Comparator<Row> better = Comparator.comparingDouble(Row::loss);
    PriorityQueue<Row> worst =
        new PriorityQueue<>(better.thenComparing(Comparator.comparingInt(Row::row).reversed()));
    for (int r = 0; r < rows; r++) {
      worst.add(new Row(r, loss.applyAsDouble(r)));
      if (worst.size() > MOST) {
        worst.remove();
      }
    }
    int[] chosen = new int[worst.size()];
    for (int i = chosen.length - 1; i >= 0; i--) {
      chosen[i] = worst.remove().row();
    }
    return chosen;
  }
}
