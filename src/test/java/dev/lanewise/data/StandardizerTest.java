package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Standardizer.Fitted;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StandardizerTest {

  @Property
  void trainingColumnsGetMeanZeroAndDeviationOne(
      @ForAll @Size(min = 2, max = 67) List<@FloatRange(min = -1000, max = 1000) Float> values) {
    float[] column = new float[values.size()];
    for (int i = 0; i < column.length; i++) {
      column[i] = values.get(i);
    }
    float[] y = column.clone();
    Standardizer.fit(column, 1).apply(column, 0, y, 0, column.length);
    double sum = 0;
    double squares = 0;
    double spread = 0;
    for (int i = 0; i < y.length; i++) {
      sum += y[i];
      squares += (double) y[i] * y[i];
      spread = Math.max(spread, Math.abs(column[i] - column[0]));
    }
    if (spread > 1e-2) {
      assertEquals(0, sum / y.length, 1e-2);
      assertEquals(1, squares / y.length, 1e-2);
    }
  }

  @Property
  void constantColumnsBecomeZeroAndKeepTheirUnits(
      @ForAll @FloatRange(min = -1e30f, max = 1e30f) float value,
      @ForAll @IntRange(min = 1, max = 67) int rows) {
    float[] column = new float[rows];
    java.util.Arrays.fill(column, value);
    Standardizer standardizer = Standardizer.fit(column, 1);

    assertArrayEquals(new double[] {1}, standardizer.spread());
    standardizer.apply(column, 0, column, 0, rows);
    assertArrayEquals(new float[rows], column);
  }

  @Test
  void aColumnsDeviationIsThePopulations() {
    Standardizer standardizer = Standardizer.fit(new float[] {1, -5, 3, -5, 5, -5}, 2);

    assertArrayEquals(new double[] {3, -5}, standardizer.centre());
    assertArrayEquals(new double[] {Math.sqrt(8 / 3.0), 1}, standardizer.spread());
  }

  @Property
  void aRowHasTheSameBitsInAnyBatch(
      @ForAll @IntRange(min = 1, max = 33) int columns,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll long seed) {
    java.util.Random random = new java.util.Random(seed);
    float[] x = new float[rows * columns];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    Standardizer standardizer = Standardizer.fit(x, columns);
    float[] together = new float[x.length];
    standardizer.apply(x, 0, together, 0, rows);
    float[] apart = new float[x.length];
    for (int r = rows - 1; r >= 0; r--) {
      standardizer.apply(x, r * columns, apart, r * columns, 1);
    }
    assertArrayEquals(together, apart);
  }

  @Test
  void nanStaysInItsPlace() {
    float[] row = {1, Float.NaN};
    Standardizer.of(new double[2], new double[] {2, 2}).apply(row, 0, row, 0, 1);

    assertArrayEquals(new float[] {0.5f, Float.NaN}, row);
  }

  @Test
  void deviationsTooSmallForFloatCountAsConstant() {
    float[] column = {0, Float.MIN_VALUE, 0, 0, 0, 0, 0, 0, 0};
    assertArrayEquals(new double[] {1}, Standardizer.fit(column, 1).spread());
  }

  /** A robust scale of numbers in any order. */
  private static Standardizer robust(double... numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return Standardizer.of(List.of(Fitted.quartiles(sorted.length, rank -> sorted[rank])));
  }

  /** What {@code numpy.median} and {@code numpy.percentile} give. */
  @Test
  void quartilesAreNumPys() {
    double[][] numbers = {{1, 2, 3, 4}, {1, 3}, {5, -1, 0.25, 7, 100, 2, 2.5}};
    double[] median = {2.5, 2, 2.5};
    double[] between = {3.25 - 1.75, 2.5 - 1.5, 6 - 1.125};
    for (int i = 0; i < numbers.length; i++) {
      assertArrayEquals(new double[] {median[i]}, robust(numbers[i]).centre());
      assertArrayEquals(new double[] {between[i]}, robust(numbers[i]).spread());
    }
  }

  @Test
  void whereTheQuartilesAreOneNumberHalfTheRangeIsTheSpread() {
    Standardizer standardizer = robust(7, 0, 0, 0, 0, -1, 0, 0, 0);

    assertArrayEquals(new double[] {4}, standardizer.spread());
    assertEquals((float) (1.75 / Math.sqrt(1 + 1.75 * 1.75 / 9)), standardizer.apply(0, 7));
    assertArrayEquals(new double[] {4}, robust(-4, 0, 0, 0, 0, 1e-50, 1e-50, 1e-50, 4).spread());
  }

  @Property
  void aConstantColumnIsZeroInEveryRowOfARobustScale(
      @ForAll @FloatRange(min = -1e30f, max = 1e30f) float value,
      @ForAll @IntRange(min = 1, max = 67) int rows,
      @ForAll float other) {
    Standardizer standardizer = Standardizer.of(List.of(Fitted.quartiles(rows, rank -> value)));

    assertArrayEquals(new double[1], standardizer.spread());
    assertEquals(0f, standardizer.apply(0, value));
    assertEquals(0f, standardizer.apply(0, other));
    assertEquals(value, standardizer.restore(0, 0));
  }

  @Property
  void clippedNumbersAreOddInOrderAndWithinThree(@ForAll float one, @ForAll float other) {
    Standardizer standardizer = Standardizer.robust(new double[1], new double[] {1});
    float y = standardizer.apply(0, one);

    assertTrue(Math.abs(y) <= 3, () -> one + " to " + y);
    assertEquals(-y, standardizer.apply(0, -one) + 0f, 0f);
    assertEquals(one / Math.sqrt(1 + (double) one * one / 9), y, 1e-6 * Math.abs(y));
    float next = standardizer.apply(0, other);
    assertTrue(
        one == other || one < other == y < next || y == next,
        () -> "%s to %s, %s to %s".formatted(one, y, other, next));
    if (Math.abs(one - other) > 1e-3 && Math.abs(one) < 30 && Math.abs(other) < 30) {
      assertTrue(y != next, () -> one + " and " + other);
    }
  }

  @Property
  void restoringUndoesTheClip(
      @ForAll @FloatRange(min = -60, max = 60) float x,
      @ForAll @FloatRange(min = -1e9f, max = 1e9f) float centre,
      @ForAll @IntRange(min = -30, max = 30) int power) {
    double spread = Math.scalb(1.7, power);
    Standardizer standardizer = Standardizer.robust(new double[] {centre}, new double[] {spread});
    double value = centre + (double) x * spread;
    double slope = Math.pow(1 + x * x / 9.0, 1.5);
    assertEquals(
        value,
        standardizer.restore(0, standardizer.apply(0, value)),
        0x1p-22 * slope * spread + 0x1p-50 * Math.abs(centre));
  }

  @Test
  void numbersAtTheLimitAreRestoredAsInfinite() {
    Standardizer standardizer = Standardizer.robust(new double[] {5}, new double[] {2});
    assertEquals(3f, standardizer.apply(0, Float.MAX_VALUE));
    assertEquals(Double.POSITIVE_INFINITY, standardizer.restore(0, 3));
    assertEquals(Double.NEGATIVE_INFINITY, standardizer.restore(0, -3));
  }

  @Property
  void robustScalesOfColumnsTimesAPowerOfTwoHaveTheSameBits(
      @ForAll @Size(min = 1, max = 40) List<@DoubleRange(min = -1e6, max = 1e6) Double> numbers,
      @ForAll @IntRange(min = -60, max = 60) int power) {
    double[] column = numbers.stream().mapToDouble(Double::doubleValue).toArray();
    double[] other = new double[column.length];
    for (int i = 0; i < column.length; i++) {
      other[i] = Math.scalb(column[i], power);
    }
    assertSameRows(robust(column), column, robust(other), other);
  }

  @Property
  void robustScalesOfWholeNumbersShiftedByOneHaveTheSameBits(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = -1000, max = 1000) Integer> numbers,
      @ForAll @IntRange(min = -1000000, max = 1000000) int shift) {
    double[] column = numbers.stream().mapToDouble(Integer::doubleValue).toArray();
    double[] other = numbers.stream().mapToDouble(number -> number + shift).toArray();
    assertSameRows(robust(column), column, robust(other), other);
  }

  private static void assertSameRows(
      Standardizer one, double[] column, Standardizer two, double[] other) {
    for (int i = 0; i < column.length; i++) {
      assertEquals(one.apply(0, column[i]), two.apply(0, other[i]), "row " + i);
    }
  }

  @Property
  void anOutlierMovesNoOtherRow(
      @ForAll @Size(min = 5, max = 40) List<@IntRange(min = -99, max = 99) Integer> numbers) {
    double[] column = numbers.stream().mapToDouble(Integer::doubleValue).sorted().toArray();
    double[] other = column.clone();
    other[other.length - 1] = 1e6;
    Standardizer one = robust(column);
    Standardizer two = robust(other);
    Assume.that(column[column.length / 4] < column[column.length / 2]);
    for (int i = 0; i + 1 < column.length; i++) {
      assertEquals(one.apply(0, column[i]), two.apply(0, other[i]), "row " + i);
    }
    assertTrue(two.apply(0, 1e6) <= 3);
  }

  @Test
  void badInputIsRefused() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Standardizer.fit(new float[] {1, 2, 3, Float.NaN}, 2))
            .getMessage();
    assertTrue(message.contains("row 1, column 1: NaN"), message);
    assertThrows(IllegalArgumentException.class, () -> Standardizer.fit(new float[0], 1));
    assertThrows(IllegalArgumentException.class, () -> Standardizer.fit(new float[3], 2));
    assertThrows(
        IllegalArgumentException.class, () -> Standardizer.of(new double[1], new double[] {0}));
    assertThrows(
        IllegalArgumentException.class, () -> Standardizer.of(new double[2], new double[] {1}));
  }
}
