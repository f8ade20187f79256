package dev.lanewise.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import dev.lanewise.kernel.NarrowKernels;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

@Tag("kernels")
class NarrowProductsTest {

  private static final int WIDEST = 200;

  private final NarrowKernels kernels = Engine.standard().kernels();

  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.of(1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 20, 33, 63, 64, 65, 131);
  }

  /** A worker whose scratch is full of what earlier products have left there. */
  private NarrowProducts used() {
    NarrowProducts products = new NarrowProducts(kernels, WIDEST);
    float[] nan = new float[16 * WIDEST];
    Arrays.fill(nan, Float.NaN);
    float[] c = new float[16 * WIDEST];
    products.multiply(nan, 0, WIDEST, nan, 0, 1, WIDEST, nan, 0, c, 0, 4, 16, 4, WIDEST);
    products.multiply(nan, 0, 4, nan, 0, 1, 4, nan, 0, c, 0, WIDEST, 16, WIDEST, 4);
    products.multiplyTransposed(nan, 0, 4, nan, 0, 64, nan, c, 0, 4, 64, 3);
    return products;
  }

  /** Forward, with W in place, and backward, with W transposed; few columns, and few steps. */
  @Property
  void aNarrowProductIsOneFmaChainForEachOutput(
      @ForAll @IntRange(min = 1, max = NarrowKernels.FEW) int few,
      @ForAll("sizes") int many,
      @ForAll("sizes") int rows,
      @ForAll boolean fewColumns,
      @ForAll boolean transposed,
      @ForAll boolean fromZero,
      @ForAll long seed) {
    int columns = fewColumns ? few : many;
    int depth = fewColumns ? many : few;
    int aRow = depth + 3;
    int bStep = transposed ? 1 : columns + 2;
    int bColumn = transposed ? depth + 2 : 1;
    int cRow = depth > NarrowKernels.FEW ? columns : columns + 4;
    float[] a = Floats.normals(3 + rows * aRow, seed);
    float[] b = Floats.normals(2 + (depth + 2) * (columns + 2), seed + 1);
    float[] s = Floats.normals(1 + columns, seed + 2);
    float[] c = Floats.normals(5 + rows * cRow + 6, seed + 3);
    float[] expected = c.clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = fromZero ? 0f : s[1 + j];
        for (int k = 0; k < depth; k++) {
          sum = Math.fma(a[3 + i * aRow + k], b[2 + k * bStep + j * bColumn], sum);
        }
        expected[5 + i * cRow + j] = sum;
      }
    }

    used()
        .multiply(
            a,
            3,
            aRow,
            b,
            2,
            bStep,
            bColumn,
            fromZero ? null : s,
            1,
            c,
            5,
            cRow,
            rows,
            columns,
            depth);
    assertArrayEquals(expected, c);
  }

  /** Few rows or few columns, with rows of both factors further apart than they are long. */
  @Property
  void aNarrowTransposedProductIsOneFmaChainForEachOutput(
      @ForAll @IntRange(min = 1, max = NarrowKernels.FEW) int few,
      @ForAll("sizes") int many,
      @ForAll("sizes") int depth,
      @ForAll boolean fewRows,
      @ForAll boolean fromZero,
      @ForAll long seed) {
    int rows = fewRows ? few : many;
    int columns = fewRows ? many : few;
    int aRow = rows + 3;
    int bRow = columns + 2;
    float[] a = Floats.normals(1 + depth * aRow, seed);
    float[] b = Floats.normals(2 + depth * bRow, seed + 1);
    float[] c = Floats.normals(5 + rows * columns + 6, seed + 2);
    float[] expected = c.clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = fromZero ? 0f : c[5 + i * columns + j];
        for (int k = 0; k < depth; k++) {
          sum = Math.fma(a[1 + k * aRow + i], b[2 + k * bRow + j], sum);
        }
        expected[5 + i * columns + j] = sum;
      }
    }

    float[] start = fromZero ? null : c;
    used().multiplyTransposed(a, 1, aRow, b, 2, bRow, start, c, 5, rows, columns, depth);
    assertArrayEquals(expected, c);
  }

  @Example
  void aLayerIsNarrowWithAtMostFourInputsOrOutputs() {
    for (int few = 1; few <= 6; few++) {
      assertEquals(few <= 4, NarrowProducts.fit(few, 100));
      assertEquals(few <= 4, NarrowProducts.fit(100, few));
    }
  }
}
