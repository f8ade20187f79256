package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import dev.lanewise.random.CounterRandom;
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
  Arbitrary<Integer> vectors() {
    return Arbitraries.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 17, 22);
  }

  /** Rows, strides and starts as the caller likes; nothing is touched outside the result. */
  @Property
  void aProductIsFmaChains(
      @ForAll("sizes") int rows,
      @ForAll("vectors") int vectors,
      @ForAll("sizes") int depth,
      @ForAll long seed) {
    Factors factors = new Factors(rows, vectors * kernels.lanes(), depth, kernels, seed);
    float[] c = factors.result();
    factors.multiply(kernels.microKernel(), c);
    assertArrayEquals(factors.expected(), c);
  }

  /** More rows and panels than a kernel copies at once, with some left. */
  @Example
  void aLargeProductIsFmaChains() {
    aProductIsFmaChains(131, 44, 9, 1);
  }

  /** A sum of −0 survives whatever a kernel does to fill up its steps. */
  @Property
  void aSumOfNegativeZerosStaysNegative(
      @ForAll("sizes") int rows, @ForAll("vectors") int vectors, @ForAll("sizes") int depth) {
    int columns = vectors * kernels.lanes();
    float[] a = new float[rows * depth];
    float[] b = new float[depth * columns];
    Arrays.fill(b, -1f);
    float[] c = new float[rows * columns];
    Arrays.fill(c, -0f);
    Left left = new Left();
    if (kernels.readsBlocks(columns)) {
      left.packed(a, depth);
    } else {
      left.inPlace(a, 0, depth, 1);
    }
    Right right = new Right();
    right.packed(b, 0, depth);
    Result result = new Result();
    result.in(c, 0, columns);
    result.startFromItself();
    kernels.microKernel().product(left, right, result, rows, columns, depth);
    float[] expected = new float[rows * columns];
    Arrays.fill(expected, -0f);
    assertArrayEquals(expected, c);
  }

  /** Columns that end within a vector, with no room for another after the last row. */
  @Property
  void columnsThatEndWithinAVectorAreFmaChains(
      @ForAll("sizes") int rows,
      @ForAll("vectors") int vectors,
      @ForAll("sizes") int depth,
      @ForAll long seed) {
    int columns = Math.max(0, vectors * kernels.lanes() - 1 - (int) (seed & 1));
    Factors factors = new Factors(rows, columns, depth, kernels, seed);
    float[] c = factors.result();
    factors.multiply(kernels.microKernel(), c);
    float[] expected = factors.expected();
    int padding = Math.min(2, vectors * kernels.lanes() - columns);
    for (int i = 0; i < rows; i++) {
      int end = 4 + i * factors.cRow + columns;
      System.arraycopy(c, end, expected, end, padding);
    }
    assertArrayEquals(expected, c);
  }

  @Property
  void packedRowsAreTheMatrixPanelByPanel(
      @ForAll("vectors") int vectors, @ForAll("sizes") int depth, @ForAll long seed) {
    int columns = vectors * kernels.lanes();
    int step = columns + 3;
    int pitch = depth + 2;
    float[] b = Floats.awkward(2 + depth * step, seed);
    float[] packed = Floats.awkward(1 + columns * pitch + 4, seed + 1);
    float[] expected = packed.clone();
    for (int k = 0; k < depth; k++) {
      for (int j = 0; j < columns; j++) {
        expected[1 + Factors.placeInPanels(kernels, k, j, pitch, columns)] = b[2 + k * step + j];
      }
    }
    kernels.packRows(b, 2, step, depth, vectors, packed, 1, pitch);
    assertArrayEquals(expected, packed);
  }

  @Property
  void eightPackedRowsLieSideBySide(
      @ForAll("sizes") int depth, @ForAll("sizes") int apart, @ForAll long seed) {
    int row = depth + 3;
    int step = 8 + apart;
    float[] a = Floats.awkward(2 + 8 * row, seed);
    float[] packed = Floats.awkward(1 + depth * step + 8, seed + 1);
    float[] expected = packed.clone();
    for (int k = 0; k < depth; k++) {
      for (int i = 0; i < 8; i++) {
        expected[1 + k * step + i] = a[2 + i * row + k];
      }
    }
    kernels.packEightRows(a, 2, row, depth, packed, 1, step);
    assertArrayEquals(expected, packed);
  }

  /** Factors and starts at offsets 3, 2 and 1, the result at 4. */
  private static final class Factors {
    private final Kernels kernels;
    private final int rows;
    private final int columns;
    private final int depth;
    private final long seed;
    private final int padded;
    private final int sRow;
    private final int cRow;
    private final float[] a;
    private final float[] b;
    private final float[] s;

    /** The steps of both factors that lie before those of the product. */
    private final int before;

    private final boolean blocks;
    private final boolean transposed;

    Factors(int rows, int columns, int depth, Kernels kernels, long seed) {
      this.kernels = kernels;
      this.rows = rows;
      this.columns = columns;
      this.depth = depth;
      this.seed = seed;
      padded = Math.ceilDiv(columns, kernels.lanes()) * kernels.lanes();
      before = (int) (seed >>> 3 & 3);
      blocks =
          kernels.blockRows() > 1 && (rows > 1 && kernels.readsBlocks(columns) || (seed & 4) == 0);
      transposed = (seed & 1) == 0;
      sRow = (seed & 2) == 0 ? 0 : padded + 3;
      cRow = padded + 5;
      a = Floats.awkward((rows + 1) * (before + depth + 2), seed);
      b = Floats.awkward((before + depth) * padded, seed + 11);
      s = Floats.awkward(1 + (rows + 1) * (padded + 3), seed + 22);
    }

    float left(int i, int k) {
      return a[i * (before + depth) + before + k];
    }

    float right(int k, int j) {
      return b[(before + k) * padded + j];
    }

    void multiply(MicroKernel microKernel, float[] c) {
      int steps = before + depth;
      Left left = new Left();
      float[] elements = new float[3 + rows * steps];
      for (int i = 0; i < rows; i++) {
        for (int k = 0; k < steps; k++) {
          int to = transposed ? 3 + k * rows + i : 3 + i * steps + k;
          if (blocks) {
            int block = i - i % kernels.blockRows();
            int height = Math.min(kernels.blockRows(), rows - block);
            to = block * steps + k * height + i - block;
          }
          elements[to] = a[i * steps + k];
        }
      }
      if (blocks) {
        left.packed(elements, steps);
      } else {
        left.inPlace(elements, 3, transposed ? 1 : steps, transposed ? rows : 1);
      }
      left.partOf(left, 0, before);
      float[] panels = new float[2 + steps * padded];
      for (int k = 0; k < steps; k++) {
        for (int j = 0; j < padded; j++) {
          panels[2 + placeInPanels(kernels, k, j, steps, padded)] = b[k * padded + j];
        }
      }
      Right right = new Right();
      right.packed(panels, 2, steps);
      right.partOf(right, 0, before);
      Result result = new Result();
      result.in(c, 4, cRow);
      if (sRow == 0) {
        result.startFromVector(s, 1);
      } else {
        result.startFromMatrix(s, 1, sRow);
      }
      microKernel.product(left, right, result, rows, columns, depth);
    }

    /** Where an element of so many columns is, with panels of {@code pitch} rows. */
    static int placeInPanels(Kernels kernels, int k, int j, int pitch, int columns) {
      int panel = kernels.panelColumns();
      int first = j - j % panel;
      return first * pitch + k * Math.min(panel, columns - first) + j % panel;
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
            sum = Math.fma(left(i, k), right(k, j), sum);
          }
          expected[4 + i * cRow + j] = sum;
        }
      }
      return expected;
    }
  }
}
