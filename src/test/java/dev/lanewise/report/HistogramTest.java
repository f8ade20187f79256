package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

/** Histograms count every number once. */
class HistogramTest {

  @Property
  void everyNumberIsInTheBinThatHoldsIt(
      @ForAll @Size(min = 1, max = 60) List<@DoubleRange(min = -1e6, max = 1e6) Double> drawn,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double other) {
    double[] numbers = drawn.stream().mapToDouble(n -> n).toArray();
    Histogram bins = Histogram.over(numbers, new double[] {other});
    double[] edges = bins.edges();
    double[] shares = bins.shares(numbers);
    assertEquals(edges.length - 1, shares.length);
    assertEquals(1, Arrays.stream(shares).sum(), 1e-12);
    double slack = 1e-9 * (edges[1] - edges[0]);
    for (int bin = 0; bin < shares.length; bin++) {
      double low = edges[bin];
      double high = edges[bin + 1];
      long surely = drawn.stream().filter(n -> n > low + slack && n < high - slack).count();
      long perhaps = drawn.stream().filter(n -> n > low - slack && n < high + slack).count();
      long counted = Math.round(shares[bin] * numbers.length);
      assertTrue(counted >= surely && counted <= perhaps, "bin " + bin + ": " + counted);
    }
  }

  @Example
  void oneNumberFarOutLeavesTheOthersApart() {
    double[] numbers = new double[1001];
    Arrays.setAll(numbers, i -> i % 10);
    numbers[1000] = 1e9;
    Histogram bins = Histogram.over(numbers);
    assertTrue(bins.edges()[bins.count()] < 12, () -> Arrays.toString(bins.edges()));
    assertEquals(
        101 / 1001.0, Arrays.stream(bins.shares(numbers)).skip(bins.count() - 4).sum(), 0.1);
    double[] alone = {7};
    double[] shares = Histogram.over(alone).shares(alone);
    assertArrayEquals(new double[] {0, 1}, new double[] {shares[0], Arrays.stream(shares).sum()});
  }
}
