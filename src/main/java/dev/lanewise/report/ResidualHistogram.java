package dev.lanewise.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers counted in ranges of equal width, whose ends are round numbers. The first and the last
 * range hold all beyond them, too: a few far numbers do not make all others one bar.
 *
 * @param ranges the ranges, each without its lower end and with its upper end
 * @param counts the numbers in each
 */
record ResidualHistogram(List<String> ranges, double[] counts) {

  private static final double TAIL = 0.005;

  /**
   * {@return the counts}
   *
   * @param numbers the numbers
   * @param most the most ranges, about
   */
  static ResidualHistogram of(Quantiles numbers, int most) {
    double low = numbers.at(TAIL);
    double high = numbers.at(1 - TAIL);
    double width = round((high - low) / most);
    if (!(width > 0 && width < Double.POSITIVE_INFINITY) || high - low < 1e-12 * Math.abs(low)) {
      String range = "%s to %s".formatted(Texts.number(low), Texts.number(high));
      return new ResidualHistogram(List.of(range), new double[] {numbers.notAbove(numbers.at(1))});
    }
    long first = (long) Math.floor(low / width);
    int count = (int) Math.max(1, (long) Math.ceil(high / width) - first);
    int digits = Math.max(0, (int) -Math.floor(StrictMath.log10(width)));
    List<String> ranges = new ArrayList<>();
    double[] counts = new double[count];
    int before = 0;
    for (int i = 0; i < count; i++) {
      double end = (first + i + 1) * width;
      int upTo = numbers.notAbove(i == count - 1 ? numbers.at(1) : end);
      counts[i] = upTo - before;
      before = upTo;
      ranges.add("%s to %s".formatted(shown((first + i) * width, digits), shown(end, digits)));
    }
    return new ResidualHistogram(ranges, counts);
  }

  private static String shown(double end, int digits) {
    return digits > 6 || Math.abs(end) >= 1e7
        ? Texts.number(end)
        : new BigDecimal(end).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }

  /** {@return the next larger of 1, 2, 5 and their products with powers of ten} */
  private static double round(double width) {
    double unit = StrictMath.pow(10, Math.floor(StrictMath.log10(width)));
    for (double times : new double[] {1, 2, 5}) {
      if (width <= times * unit) {
        return times * unit;
      }
    }
    return 10 * unit;
  }
}
