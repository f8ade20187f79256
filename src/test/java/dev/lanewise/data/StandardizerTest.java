package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
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

    assertArrayEquals(new double[] {1}, standardizer.deviation());
    standardizer.apply(column, 0, column, 0, rows);
    assertArrayEquals(new float[rows], column);
  }

  @Test
  void aColumnsDeviationIsThePopulations() {
    Standardizer standardizer = Standardizer.fit(new float[] {1, -5, 3, -5, 5, -5}, 2);

    assertArrayEquals(new double[] {3, -5}, standardizer.mean());
    assertArrayEquals(new double[] {Math.sqrt(8 / 3.0), 1}, standardizer.deviation());
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
    assertArrayEquals(new double[] {1}, Standardizer.fit(column, 1).deviation());
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
