package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import dev.lanewise.random.CounterRandom;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Lines between edges by their bins; nothing around the result is touched. */
@Tag("kernels")
class PiecewiseKernelsTest {

  private static final int EDGE = 3;
  private static final int LINE = 5;
  private static final int NUMBER = 2;
  private static final int STEP = 4;

  private final PiecewiseKernels kernels = Engine.standard().kernels();

  /** Bins, and numbers of which many are edges, and some are none. */
  private record Column(float[] edges, int bins, float[] x) {

    static Column of(int bins, int rows, long seed) {
      float[] all = new float[EDGE + PiecewiseKernels.edges(bins)];
      Arrays.fill(all, Float.NaN);
      float edge = -2;
      for (int e = 0; e <= bins; e++) {
        all[EDGE + e] = edge;
        edge += (float) (0.01 + CounterRandom.uniform(seed, e));
      }
      float[] x = Floats.awkward(NUMBER + rows * STEP, seed + 1);
      for (int i = 0; i < x.length; i++) {
        if (CounterRandom.below(seed + 2, i, 3) == 0) {
          x[i] = all[EDGE + CounterRandom.below(seed + 3, i, bins + 1)];
        }
      }
      return new Column(all, bins, x);
    }

    float number(int row) {
      return x[NUMBER + row * STEP];
    }

    /** {@return the last bin that a number has reached, or the first one} */
    int bin(int row) {
      for (int bin = bins - 1; bin > 0; bin--) {
        if (number(row) >= edges[EDGE + bin]) {
          return bin;
        }
      }
      return 0;
    }

    float fraction(int row) {
      float low = edges[EDGE + bin(row)];
      float fraction = (number(row) - low) / (edges[EDGE + bin(row) + 1] - low);
      return Math.min(Math.max(fraction, 0), 1);
    }
  }

  @Property
  void valuesAreOnTheLineOfTheirBin(
      @ForAll @IntRange(min = 1, max = 40) int bins,
      @ForAll @IntRange(min = 1, max = 35) int size,
      @ForAll @IntRange(max = 20) int rows,
      @ForAll long seed) {
    Column column = Column.of(bins, rows, seed);
    float[] lines = Floats.normals(LINE + bins * 2 * size, seed + 4);
    float[] found = Floats.normals(1 + rows * (size + 2), seed + 5);
    float[] expected = found.clone();
    for (int row = 0; row < rows; row++) {
      int line = LINE + column.bin(row) * 2 * size;
      for (int j = 0; j < size; j++) {
        expected[1 + row * (size + 2) + j] =
            Math.fma(column.fraction(row), lines[line + size + j], lines[line + j]);
      }
    }
    kernels.piecewise(
        column.x,
        NUMBER,
        STEP,
        column.edges,
        EDGE,
        bins,
        lines,
        LINE,
        found,
        1,
        size + 2,
        rows,
        size);
    assertArrayEquals(expected, found);
  }

  @Property
  void gradientsAreChainsOverTheRowsOfABin(
      @ForAll @IntRange(min = 1, max = 40) int bins,
      @ForAll @IntRange(min = 1, max = 35) int size,
      @ForAll @IntRange(max = 20) int rows,
      @ForAll long seed) {
    Column column = Column.of(bins, rows, seed);
    float[] delta = Floats.normals(1 + rows * (size + 2), seed + 4);
    float[] found = Floats.normals(LINE + bins * 2 * size + 3, seed + 5);
    float[] expected = found.clone();
    for (int row = 0; row < rows; row++) {
      int line = LINE + column.bin(row) * 2 * size;
      for (int j = 0; j < size; j++) {
        float d = delta[1 + row * (size + 2) + j];
        expected[line + j] += d;
        expected[line + size + j] = Math.fma(column.fraction(row), d, expected[line + size + j]);
      }
    }
    kernels.piecewiseGradient(
        column.x,
        NUMBER,
        STEP,
        column.edges,
        EDGE,
        bins,
        delta,
        1,
        size + 2,
        found,
        LINE,
        rows,
        size);
    assertArrayEquals(expected, found);
  }

  /** Where eight edges are compared at once, there is room for so many. */
  @Property
  void edgesAreFilledUp(@ForAll @IntRange(min = 1, max = 100) int bins) {
    int room = PiecewiseKernels.edges(bins);
    assertEquals(0, (room - 1) % 8);
    assertEquals(bins, Math.clamp(bins, room - 8, room - 1));
  }
}
