package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Each output of a narrow product is one chain, and nothing around the result is touched. */
@Tag("kernels")
class NarrowKernelsTest {

  private final NarrowKernels kernels = Engine.standard().kernels();

  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.of(
        0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 15, 16, 17, 20, 24, 31, 33, 63, 64, 65, 131);
  }

  @Property
  void fewRowsAreFmaChains(
      @ForAll("sizes") int columns, @ForAll("sizes") int depth, @ForAll long seed) {
    for (int rows = 1; rows <= NarrowKernels.FEW; rows++) {
      fewRows(rows, columns, depth, seed);
    }
  }

  /** Longer than a row that is computed a few vectors at a time. */
  @Property(tries = 30)
  void longRowsAreFmaChains(
      @ForAll @IntRange(min = 1000, max = 1100) int columns,
      @ForAll @IntRange(max = 20) int depth,
      @ForAll long seed) {
    fewRows(1, columns, depth, seed);
  }

  private void fewRows(int rows, int columns, int depth, long seed) {
    int aStep = rows + 3;
    int bStep = columns + 1;
    float[] a = Floats.awkward(3 + depth * aStep, seed);
    float[] b = Floats.awkward(2 + depth * bStep, seed + 1);
    float[] s = Floats.awkward(rows * columns, seed + 2);
    float[] c = Floats.awkward(rows * columns + 5, seed + 3);
    float[] expected = c.clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = s[i * columns + j];
        for (int k = 0; k < depth; k++) {
          sum = Math.fma(a[3 + k * aStep + i], b[2 + k * bStep + j], sum);
        }
        expected[i * columns + j] = sum;
      }
    }
    kernels.fewRows(a, 3, aStep, b, 2, bStep, s, c, rows, columns, depth);
    assertArrayEquals(expected, c);
  }

  @Property
  void fewColumnsAreFmaChains(
      @ForAll("sizes") int rows, @ForAll("sizes") int depth, @ForAll long seed) {
    for (int columns = 1; columns <= NarrowKernels.FEW; columns++) {
      fewColumns(rows, columns, depth, seed);
    }
  }

  /** Repeats each four of the numbers. */
  private static float[] twice(float[] fours) {
    float[] twice = new float[2 * fours.length];
    for (int i = 0; i < fours.length; i++) {
      int row = i / NarrowKernels.FEW * NarrowKernels.WIDE;
      twice[row + i % NarrowKernels.FEW] = fours[i];
      twice[row + NarrowKernels.FEW + i % NarrowKernels.FEW] = fours[i];
    }
    return twice;
  }

  private void fewColumns(int rows, int columns, int depth, long seed) {
    int aRow = depth + 3;
    float[] a = Floats.awkward(3 + rows * aRow, seed);
    float[] b = twice(Floats.awkward(depth * NarrowKernels.FEW, seed + 1));
    float[] s = twice(Floats.awkward(NarrowKernels.FEW, seed + 2));
    float[] c = Floats.awkward(4 + rows * columns + 5, seed + 3);
    float[] expected = c.clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = s[j];
        for (int k = 0; k < depth; k++) {
          sum = Math.fma(a[3 + i * aRow + k], b[k * NarrowKernels.WIDE + j], sum);
        }
        expected[4 + i * columns + j] = sum;
      }
    }
    kernels.fewColumns(a, 3, aRow, b, s, c, 4, rows, columns, depth);
    assertArrayEquals(expected, c);
  }

  @Property
  void aColumnHasFmaChains(
      @ForAll("sizes") int rows,
      @ForAll("sizes") int depth,
      @ForAll boolean collide,
      @ForAll long seed) {
    int aRow = collide ? 1024 : depth + 3;
    float[] a = Floats.awkward(3 + rows * aRow, seed);
    float[] b = Floats.awkward(depth, seed + 1);
    float start = Floats.awkward(1, seed + 2)[0];
    float[] c = Floats.awkward(4 + rows + 5, seed + 3);
    float[] expected = c.clone();
    for (int i = 0; i < rows; i++) {
      float sum = start;
      for (int k = 0; k < depth; k++) {
        sum = Math.fma(a[3 + i * aRow + k], b[k], sum);
      }
      expected[4 + i] = sum;
    }
    kernels.oneColumn(a, 3, aRow, b, start, c, 4, rows, depth);
    assertArrayEquals(expected, c);
  }

  @Property
  void fewStepsAreFmaChains(
      @ForAll("sizes") int rows, @ForAll("sizes") int columns, @ForAll long seed) {
    for (int depth = 1; depth <= NarrowKernels.FEW; depth++) {
      fewSteps(rows, columns, depth, seed);
    }
  }

  private void fewSteps(int rows, int columns, int depth, long seed) {
    int aRow = depth + 3;
    int bRow = columns + 2;
    int cRow = columns + 1;
    float[] a = Floats.awkward(3 + rows * aRow, seed);
    float[] b = Floats.awkward(2 + depth * bRow, seed + 1);
    float[] s = Floats.awkward(1 + columns, seed + 2);
    float[] c = Floats.awkward(4 + rows * cRow + 5, seed + 3);
    float[] expected = c.clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = s[1 + j];
        for (int k = 0; k < depth; k++) {
          sum = Math.fma(a[3 + i * aRow + k], b[2 + k * bRow + j], sum);
        }
        expected[4 + i * cRow + j] = sum;
      }
    }
    kernels.fewSteps(a, 3, aRow, b, 2, bRow, s, 1, c, 4, cRow, rows, columns, depth);
    assertArrayEquals(expected, c);
  }
}
