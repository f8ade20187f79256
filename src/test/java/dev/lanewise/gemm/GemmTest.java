package dev.lanewise.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import dev.lanewise.kernel.Kernels;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;

@Tag("kernels")
class GemmTest {

  private final Kernels kernels = Engine.standard().kernels();

  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.of(1, 2, 3, 5, 6, 7, 8, 9, 12, 13, 15, 16, 17, 31, 33, 63, 64, 65, 67, 131);
  }

  /** Once in a while wide enough for the tasks of wide matrices. */
  @Provide
  Arbitrary<Integer> widths() {
    return Arbitraries.frequencyOf(Tuple.of(30, sizes()), Tuple.of(1, Arbitraries.just(1037)));
  }

  @Provide
  Arbitrary<Integer> depths() {
    return Arbitraries.of(0, 1, 2, 3, 4, 7, 64, 255, 256, 257, 512, 515);
  }

  @Property
  void everyOutputIsOneFmaChain(
      @ForAll("sizes") int rows,
      @ForAll("widths") int columns,
      @ForAll("depths") int depth,
      @ForAll boolean shared,
      @ForAll boolean rightTransposed,
      @ForAll Start start,
      @ForAll long seed) {
    float[] a = Floats.normals(rows * depth, seed);
    float[] b = Floats.normals(depth * columns, seed + 1);
    float[] s = Floats.normals(rows * columns, seed + 2);
    int bStep = rightTransposed ? 1 : columns;
    int bColumn = rightTransposed ? depth : 1;
    int sRow = start == Start.MATRIX ? columns : 0;

    float[] expected = new float[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = start == Start.ZERO ? 0f : s[i * sRow + j];
        for (int k = 0; k < depth; k++) {
          sum = Math.fma(a[i * depth + k], b[k * bStep + j * bColumn], sum);
        }
        expected[i * columns + j] = sum;
      }
    }

    Gemm gemm = new Gemm(kernels, columns);
    SharedLeft left = new SharedLeft(kernels, a.length);
    for (int task = left.set(a, 0, depth, rows, depth, columns) - 1; task >= 0; task--) {
      left.pack(task);
    }
    float[] c = new float[rows * columns];
    int group = Gemm.group(kernels, columns);
    for (int j = 0; j < columns; j += group) {
      if (shared) {
        gemm.left(left, 0);
      } else {
        gemm.left(a, 0, depth);
      }
      if (rightTransposed) {
        gemm.rightTransposed(b, j * depth, depth);
      } else {
        gemm.right(b, j, columns);
      }
      gemm.result().in(c, j, columns);
      start.apply(gemm.result(), s, j, columns);
      gemm.multiply(rows, Math.min(group, columns - j), depth);
    }
    assertArrayEquals(expected, c);
  }

  @Property
  void packingBeforehandDoesNotShow(
      @ForAll("sizes") int rows,
      @ForAll("widths") int columns,
      @ForAll("depths") int depth,
      @ForAll long seed) {
    float[] a = Floats.normals(rows * depth, seed);
    float[] b = Floats.normals(depth * columns, seed + 1);
    float[] bias = Floats.normals(columns, seed + 2);
    float[] expected = new float[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = bias[j];
        for (int k = 0; k < depth; k++) {
          sum = Math.fma(a[i * depth + k], b[k * columns + j], sum);
        }
        expected[i * columns + j] = sum;
      }
    }

    Gemm gemm = new Gemm(kernels, columns);
    float[] packed = new float[Gemm.packedLength(kernels, depth, columns)];
    gemm.pack(b, 0, columns, depth, columns, packed, 0);
    float[] c = new float[rows * columns];
    gemm.left(a, 0, depth);
    gemm.rightPacked(packed, depth);
    gemm.result().in(c, 0, columns);
    gemm.result().startFromVector(bias, 0);
    gemm.multiply(rows, columns, depth);
    assertArrayEquals(expected, c);
  }

  /** A left factor with rows of a multiple of 256 floats is copied, under a wide matrix. */
  @Example
  void rowsThatCollideInTheCacheAreTheSameChain() {
    packingBeforehandDoesNotShow(131, 272, 512, 7);
  }

  /** Few rows take all steps at once, unless they are to be packed and there is no room. */
  @Example
  void fewLongRowsAreTheSameChain() {
    for (int rows = 1; rows <= 3; rows++) {
      packingBeforehandDoesNotShow(rows, 65, 30_000, 7);
    }
  }

  @Property
  void aTransposedLeftFactorIsTheSameChain(
      @ForAll("sizes") int rows,
      @ForAll("widths") int columns,
      @ForAll("depths") int depth,
      @ForAll boolean fromZero,
      @ForAll long seed) {
    float[] a = Floats.normals(depth * rows, seed);
    float[] b = Floats.normals(depth * columns, seed + 1);
    float[] c = Floats.normals(rows * columns, seed + 2);
    float[] expected = new float[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = fromZero ? 0f : c[i * columns + j];
        for (int k = 0; k < depth; k++) {
          sum = Math.fma(a[k * rows + i], b[k * columns + j], sum);
        }
        expected[i * columns + j] = sum;
      }
    }

    Gemm gemm = new Gemm(kernels, columns);
    float[] packed = new float[Gemm.packedLength(kernels, depth, columns)];
    gemm.pack(b, 0, columns, depth, columns, packed, 0);
    gemm.leftTransposed(a, 0, rows);
    gemm.rightPacked(packed, depth);
    gemm.result().in(c, 0, columns);
    Start.MATRIX.orZero(fromZero).apply(gemm.result(), c, 0, columns);
    gemm.multiply(rows, columns, depth);
    assertArrayEquals(expected, c);
  }
}
