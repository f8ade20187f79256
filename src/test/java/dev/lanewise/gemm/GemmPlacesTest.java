package dev.lanewise.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import dev.lanewise.kernel.Kernels;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/**
 * Products of matrices that stand inside others, by a worker that has multiplied before: each
 * output is its chain, and nothing around the result is touched.
 */
@Tag("kernels")
class GemmPlacesTest {

  private final Kernels kernels = Engine.standard().kernels();

  /**
   * A product; each matrix begins at an offset of its own, and its rows may be further apart than
   * they are long.
   */
  record Place(int rows, int columns, int depth, int wider, long seed) {

    float[] left(int rows, int columns) {
      return Floats.normals(3 + rows * (columns + wider) + 2, seed);
    }

    float[] right(int rows, int columns) {
      return Floats.normals(2 + rows * (columns + wider) + 3, seed + 1);
    }

    int cRow() {
      return columns + wider;
    }

    float[] result() {
      return Floats.normals(4 + rows * cRow() + 40, seed + 2);
    }

    /** The result begins at 4, the starts at an offset of their own. */
    float[] expected(Element a, Element b, Element start) {
      float[] expected = result();
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          float sum = start.at(i, j);
          for (int k = 0; k < depth; k++) {
            sum = Math.fma(a.at(i, k), b.at(k, j), sum);
          }
          expected[4 + i * cRow() + j] = sum;
        }
      }
      return expected;
    }
  }

  private interface Element {
    float at(int row, int column);
  }

  @Provide
  Arbitrary<Place> places() {
    return Combinators.combine(
            Arbitraries.of(1, 2, 3, 4, 5, 11, 12, 13, 24, 25, 47, 48, 49, 97, 131),
            Arbitraries.of(1, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 33, 63, 64),
            Arbitraries.of(0, 1, 2, 3, 5, 8, 17, 255, 256, 257, 515),
            Arbitraries.of(0, 5),
            Arbitraries.longs())
        .as(Place::new)
        .withoutEdgeCases();
  }

  /** A worker whose scratch is full of what earlier products have left there. */
  private Gemm used(int columns) {
    Gemm gemm = new Gemm(kernels, columns);
    float[] nan = new float[100 * 300];
    Arrays.fill(nan, Float.NaN);
    float[] c = new float[100 * 64];
    gemm.left(nan, 0, 256);
    gemm.right(nan, 0, 64);
    gemm.result().in(c, 0, 64);
    gemm.result().startFromMatrix(nan, 0, 64);
    gemm.multiply(96, 61, 256);
    return gemm;
  }

  @Property
  void aProductLeavesWhatIsAroundItsResult(
      @ForAll("places") Place p, @ForAll boolean rightTransposed, @ForAll Start start) {
    float[] a = p.left(p.rows, p.depth);
    int aRow = p.depth + p.wider;
    float[] b = rightTransposed ? p.right(p.columns, p.depth) : p.right(p.depth, p.columns);
    int bStep = rightTransposed ? 1 : p.columns + p.wider;
    int bColumn = rightTransposed ? p.depth + p.wider : 1;
    float[] s = Floats.normals(1 + p.rows * (p.columns + 3), p.seed + 4);
    int sRow = start == Start.MATRIX ? p.columns + 3 : 0;
    float[] expected =
        p.expected(
            (i, k) -> a[3 + i * aRow + k],
            (k, j) -> b[2 + k * bStep + j * bColumn],
            (i, j) -> start == Start.ZERO ? 0 : s[1 + i * sRow + j]);
    float[] c = p.result();
    Gemm gemm = used(p.columns);
    gemm.left(a, 3, aRow);
    if (rightTransposed) {
      gemm.rightTransposed(b, 2, bColumn);
    } else {
      gemm.right(b, 2, bStep);
    }
    gemm.result().in(c, 4, p.cRow());
    start.apply(gemm.result(), s, 1, sRow);
    gemm.multiply(p.rows, p.columns, p.depth);
    assertArrayEquals(expected, c);
  }

  /** A task with a single row has more columns than others. */
  @Property(tries = 30)
  void aLongRowLeavesWhatIsAroundIt(
      @ForAll @IntRange(min = 1000, max = 2000) int columns,
      @ForAll @IntRange(max = 19) int depth,
      @ForAll @IntRange(max = 5) int wider,
      @ForAll long seed,
      @ForAll Start start) {
    aProductLeavesWhatIsAroundItsResult(new Place(1, columns, depth, wider, seed), false, start);
  }

  @Property
  void aPackedProductLeavesWhatIsAroundItsResult(@ForAll("places") Place p) {
    float[] a = p.left(p.rows, p.depth);
    int aRow = p.depth + p.wider;
    float[] b = p.right(p.depth, p.columns);
    int bStep = p.columns + p.wider;
    float[] bias = Floats.normals(p.columns, p.seed + 4);
    Gemm gemm = used(p.columns);
    float[] packed = packed(gemm, p, b, bStep);
    float[] expected =
        p.expected(
            (i, k) -> a[3 + i * aRow + k], (k, j) -> b[2 + k * bStep + j], (i, j) -> bias[j]);
    float[] c = p.result();
    gemm.left(a, 3, aRow);
    gemm.rightPacked(packed, p.depth);
    gemm.result().in(c, 4, p.cRow());
    gemm.result().startFromVector(bias, 0);
    gemm.multiply(p.rows, p.columns, p.depth);
    assertArrayEquals(expected, c);
  }

  @Property
  void aTransposedProductLeavesWhatIsAroundItsResult(
      @ForAll("places") Place p, @ForAll boolean fromZero) {
    float[] a = p.left(p.depth, p.rows);
    int aRow = p.rows + p.wider;
    float[] b = p.right(p.depth, p.columns);
    int bStep = p.columns + p.wider;
    Gemm gemm = used(p.columns);
    float[] packed = packed(gemm, p, b, bStep);
    float[] c = p.result();
    float[] before = p.result();
    float[] expected =
        p.expected(
            (i, k) -> a[3 + k * aRow + i],
            (k, j) -> b[2 + k * bStep + j],
            (i, j) -> fromZero ? 0 : before[4 + i * p.cRow() + j]);
    gemm.leftTransposed(a, 3, aRow);
    gemm.rightPacked(packed, p.depth);
    gemm.result().in(c, 4, p.cRow());
    Start.MATRIX.orZero(fromZero).apply(gemm.result(), c, 4, p.cRow());
    gemm.multiply(p.rows, p.columns, p.depth);
    assertArrayEquals(expected, c);
  }

  private float[] packed(Gemm gemm, Place p, float[] b, int bStep) {
    float[] packed = new float[Gemm.packedLength(kernels, p.depth, p.columns)];
    Arrays.fill(packed, Float.NaN);
    gemm.pack(b, 2, bStep, p.depth, p.columns, packed, 0);
    return packed;
  }

  /** Packed columns fill whole vectors: the fewest that hold them, and no array is longer. */
  @Example
  void packedColumnsFillWholeVectors() {
    int panel = kernels.lanes();
    for (int columns = 1; columns <= 4 * panel; columns++) {
      int length = Gemm.packedLength(kernels, 7, columns);
      assertEquals(0, length % (7 * panel));
      assertTrue(length >= 7 * columns && length < 7 * (columns + panel), "columns " + columns);
    }
    assertThrows(ArithmeticException.class, () -> Gemm.packedLength(kernels, 1 << 20, 1 << 12));
  }

  /** Whatever the matrix, its tasks begin with a panel, and a wide one has fewer tasks. */
  @Example
  void tasksAreWholePanelsAndWiderUnderWideMatrices() {
    for (int columns : new int[] {1, 64, 1000, 1023, 1024, 5000}) {
      int group = Gemm.group(kernels, columns);
      assertEquals(0, group % kernels.panelColumns());
      assertEquals(columns >= 1024, group > Gemm.group(kernels, 1));
    }
  }

  /** Memory serves long parts of a row faster than short ones; each of them is as long. */
  @Example
  void tasksOfASingleRowAreFewAndOfEqualLength() {
    for (int columns : new int[] {1, 64, 1000, 1024, 2048, 2049, 5000, 9999}) {
      int group = Gemm.groupOfRow(kernels, columns);
      assertEquals(0, group % kernels.panelColumns());
      assertTrue(group >= Gemm.group(kernels, columns), "columns " + columns);
      int tasks = Math.ceilDiv(columns, 2048);
      assertEquals(tasks, Math.ceilDiv(columns, group), "tasks of " + columns);
      assertTrue(tasks == 1 || group < columns / tasks + 1 + kernels.panelColumns());
    }
  }

  /** Rows a multiple of 1 KiB apart fall into few sets of a cache. */
  @Example
  void noMatrixIsKeptWithRowsAMultipleOf256Apart() {
    for (int columns = 1; columns <= 1025; columns++) {
      int stride = Gemm.stride(columns);
      assertTrue(stride % 256 != 0, "columns " + columns);
      assertEquals(columns % 256 == 0, stride > columns);
      assertTrue(stride >= columns && stride <= columns + 16);
    }
  }
}
