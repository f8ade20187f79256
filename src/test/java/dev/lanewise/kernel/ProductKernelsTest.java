package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import dev.lanewise.random.CounterRandom;
import java.lang.reflect.Method;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

@Tag("kernels")
class ProductKernelsTest {

  private final Kernels kernels = Engine.standard().kernels();

  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.of(0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 131);
  }

  @Property
  void penaltyGradientIsOneFmaOnTheSignedConstant(
      @ForAll("sizes") int n, @ForAll("sizes") int offset, @ForAll long seed) {
    float l1 = Math.abs((float) CounterRandom.normal(seed, -1));
    float l2 = (seed & 1) == 0 ? 0 : Math.abs((float) CounterRandom.normal(seed, -2));
    float[] w = Floats.awkward(offset + n + 3, seed);
    float[] g = Floats.awkward(offset + n + 5, seed + 7);
    float[] expected = g.clone();
    for (int i = 0; i < n; i++) {
      float x = w[offset + i];
      expected[offset + 1 + i] = Math.fma(l2, x, x > 0 ? l1 : x < 0 ? -l1 : 0f);
    }
    kernels.penaltyGradient(w, offset, g, offset + 1, n, l1, l2);
    assertArrayEquals(expected, g);
  }

  @Example
  void thePenaltyOfZeroHasNoSlope() {
    float[] w = new float[40];
    Arrays.fill(w, 20, 40, -0f);
    float[] g = new float[40];
    Arrays.fill(g, 5f);
    kernels.penaltyGradient(w, 0, g, 0, 40, 0.7f, 0);
    assertArrayEquals(new float[40], g);
  }

  @Provide
  Arbitrary<Integer> panels() {
    return Arbitraries.of(0, 1, 2, 3, 4, 5, 7, 8, 17, 22);
  }

  /** Rows, strides and starts as the caller likes; nothing is touched outside the result. */
  @Property
  void aProductIsFmaChains(
      @ForAll("sizes") int rows,
      @ForAll("panels") int panels,
      @ForAll("sizes") int depth,
      @ForAll long seed) {
    Tile tile = new Tile(rows, panels, depth, kernels.panelColumns(), seed);
    float[] c = tile.result();
    kernels
        .microKernel()
        .product(
            tile.a,
            3,
            tile.aRow,
            tile.aStep,
            tile.b,
            2,
            tile.pitch,
            panels,
            tile.s,
            1,
            tile.sRow,
            c,
            4,
            tile.cRow,
            rows,
            depth);
    assertArrayEquals(tile.expected(), c);
  }

  /** More rows and panels than a kernel copies at once, with some left. */
  @Example
  void aLargeProductIsFmaChains() {
    aProductIsFmaChains(131, 22, 9, 1);
  }

  /** A sum of −0 survives whatever a kernel does to fill up its steps. */
  @Property
  void aSumOfNegativeZerosStaysNegative(
      @ForAll("sizes") int rows, @ForAll("panels") int panels, @ForAll("sizes") int depth) {
    int columns = panels * kernels.panelColumns();
    float[] a = new float[rows * depth];
    float[] b = new float[depth * columns];
    Arrays.fill(b, -1f);
    float[] c = new float[rows * columns];
    Arrays.fill(c, -0f);
    int pitch = depth * kernels.panelColumns();
    kernels
        .microKernel()
        .product(a, 0, depth, 1, b, 0, pitch, panels, c, 0, columns, c, 0, columns, rows, depth);
    float[] expected = new float[rows * columns];
    Arrays.fill(expected, -0f);
    assertArrayEquals(expected, c);
  }

  @Property
  void halfAPanelIsFmaChainsInItsFirstHalf(
      @ForAll("sizes") int rows, @ForAll("sizes") int depth, @ForAll long seed) {
    int panel = kernels.panelColumns();
    Tile tile = new Tile(rows, 1, depth, panel, seed);
    float[] c = tile.result();
    kernels
        .microKernel()
        .halfPanel(
            tile.a,
            3,
            tile.aRow,
            tile.aStep,
            tile.b,
            2,
            tile.s,
            1,
            tile.sRow,
            c,
            4,
            tile.cRow,
            rows,
            depth);
    float[] expected = tile.expected();
    for (int i = 0; i < rows; i++) {
      int half = 4 + i * tile.cRow + panel / 2;
      System.arraycopy(c, half, expected, half, panel - panel / 2);
    }
    assertArrayEquals(expected, c);
  }

  /** Only machines with 512 bits choose it; the code is the same at any width. */
  @Property
  void theTileOfTwoPanelsIsFmaChainsAtAnyWidth(@ForAll("sizes") int depth, @ForAll long seed)
      throws Exception {
    if (!(kernels instanceof VectorKernels)) {
      return; // the scalar run; a property that rejects all of its tries would fail
    }
    Tile tile = new Tile(6, 2, depth, kernels.panelColumns(), seed);
    float[] c = tile.result();
    Method method =
        Arrays.stream(VectorMicroKernel.class.getDeclaredMethods())
            .filter(m -> m.getName().equals("sixByFour"))
            .findFirst()
            .orElseThrow();
    method.setAccessible(true);
    method.invoke(
        null,
        tile.a,
        3,
        tile.aRow,
        tile.aStep,
        tile.b,
        2,
        tile.pitch,
        tile.s,
        1,
        tile.sRow,
        c,
        4,
        tile.cRow,
        depth);
    assertArrayEquals(tile.expected(), c);
  }

  @Property
  void packedRowsAreTheMatrixPanelByPanel(
      @ForAll("panels") int panels, @ForAll("sizes") int depth, @ForAll long seed) {
    int panel = kernels.panelColumns();
    int step = panels * panel + 3;
    int pitch = depth * panel + 1;
    float[] b = Floats.awkward(2 + depth * step, seed);
    float[] packed = Floats.awkward(1 + panels * pitch + 4, seed + 1);
    float[] expected = packed.clone();
    for (int k = 0; k < depth; k++) {
      for (int j = 0; j < panels * panel; j++) {
        expected[1 + j / panel * pitch + k * panel + j % panel] = b[2 + k * step + j];
      }
    }
    kernels.packRows(b, 2, step, depth, packed, 1, pitch, panels);
    assertArrayEquals(expected, packed);
  }

  @Property
  void packedColumnsAreTheMatrixPanelByPanel(
      @ForAll("panels") int panels, @ForAll("sizes") int depth, @ForAll long seed) {
    int panel = kernels.panelColumns();
    int column = depth + 3;
    int pitch = depth * panel + 1;
    float[] b = Floats.awkward(2 + panels * panel * column, seed);
    float[] packed = Floats.awkward(1 + panels * pitch + 4, seed + 1);
    float[] expected = packed.clone();
    for (int k = 0; k < depth; k++) {
      for (int j = 0; j < panels * panel; j++) {
        expected[1 + j / panel * pitch + k * panel + j % panel] = b[2 + j * column + k];
      }
    }
    kernels.packColumns(b, 2, column, depth, packed, 1, pitch, panels);
    assertArrayEquals(expected, packed);
  }

  @Example
  void aPanelDividesTheColumnsOfATask() {
    assertEquals(0, 64 % kernels.panelColumns());
  }

  /** Factors and starts at offsets 3, 2 and 1, the result at 4. */
  private static final class Tile {
    private final int rows;
    private final int columns;
    private final int depth;
    private final int panel;
    private final int pitch;
    private final long seed;
    private final int aRow;
    private final int aStep;
    private final int sRow;
    private final int cRow;
    private final float[] a;
    private final float[] b;
    private final float[] s;

    Tile(int rows, int panels, int depth, int panel, long seed) {
      this.rows = rows;
      this.depth = depth;
      this.panel = panel;
      this.seed = seed;
      columns = panels * panel;
      pitch = depth * panel + 1;
      boolean transposed = (seed & 1) == 0;
      aRow = transposed ? 1 : depth + 2;
      aStep = transposed ? rows + 1 : 1;
      sRow = (seed & 2) == 0 ? 0 : columns + 3;
      cRow = columns + 5;
      a = Floats.awkward(3 + (rows + 1) * (depth + 2), seed);
      b = Floats.awkward(2 + panels * pitch, seed + 11);
      s = Floats.awkward(1 + (rows + 1) * (columns + 3), seed + 22);
    }

    float[] result() {
      return Floats.awkward(4 + (rows + 1) * cRow, seed + 33);
    }

    float[] expected() {
      float[] expected = result();
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          float sum = s[1 + i * sRow + j];
          for (int k = 0; k < depth; k++) {
            float right = b[2 + j / panel * pitch + k * panel + j % panel];
            sum = Math.fma(a[3 + i * aRow + k * aStep], right, sum);
          }
          expected[4 + i * cRow + j] = sum;
        }
      }
      return expected;
    }
  }
}
