package dev.lanewise.data;

import java.util.Locale;

/**
 * How a data set is divided, in percent: rows to train on, to select with (dev) and to judge by
 * (test).
 *
 * @param train the training rows' share, above 0
 * @param dev the dev rows' share, 0 or more
 * @param test the test rows' share, 0 or more
 */
public record Ratios(double train, double dev, double test) {

  /**
   * Creates ratios.
   *
   * @throws IllegalArgumentException if a share is out of range or the sum is not 100
   */
  public Ratios {
    if (!(train > 0 && dev >= 0 && test >= 0 && Math.abs(train + dev + test - 100) < 1e-9)) {
      throw new IllegalArgumentException(
          "split %s/%s/%s; expected train/dev/test in percent, train above 0, together 100, as 60/20/20"
              .formatted(train, dev, test));
    }
  }

  /**
   * {@return the ratios that a text states}
   *
   * @param text three numbers, as {@code 60/20/20} or {@code 99.5/0.4/0.1}
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Ratios parse(String text) {
    String[] parts = text.split("/", -1);
    double[] shares = new double[3];
    boolean fits = parts.length == 3;
    for (int i = 0; fits && i < 3; i++) {
      shares[i] = Cell.number(parts[i].strip());
      fits = !Double.isNaN(shares[i]);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "split %s; expected train/dev/test in percent, as 60/20/20".formatted(text));
    }
    return new Ratios(shares[0], shares[1], shares[2]);
  }

  /**
   * {@return usual ratios for a size} 60/20/20 below 100 000 rows, 98/1/1 up to 1 000 000, above
   * that 99.5/0.4/0.1: ten thousand rows judge well, and the rest is better spent on training.
   *
   * @param rows the number of rows
   * @throws IllegalArgumentException if the rows are negative
   */
  public static Ratios forRows(int rows) {
    if (rows < 0) {
      throw new IllegalArgumentException("rows: %d; expected at least 0".formatted(rows));
    }
    return rows < 100_000
        ? new Ratios(60, 20, 20)
        : rows <= 1_000_000 ? new Ratios(98, 1, 1) : new Ratios(99.5, 0.4, 0.1);
  }

  /** {@return the quotas of so many rows, not rounded: train, dev, test} */
  double[] quotas(int rows) {
    return new double[] {rows * train / 100, rows * dev / 100, rows * test / 100};
  }

  /** {@return the ratios as {@link #parse} reads them} */
  @Override
  public String toString() {
    return text(train) + "/" + text(dev) + "/" + text(test);
  }

  private static String text(double share) {
    return share == Math.rint(share)
        ? String.format(Locale.ROOT, "%.0f", share)
        : Double.toString(share);
  }
}
