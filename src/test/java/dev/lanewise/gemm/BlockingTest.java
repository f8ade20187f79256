package dev.lanewise.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import dev.lanewise.kernel.Kernels;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** The blocks of products: derived from caches, and never seen in the bits. */
@Tag("kernels")
class BlockingTest {

  private final Kernels kernels = Engine.standard().kernels();

  private static Blocking of(int panel, int block, int firstKiB, int secondKiB) {
    return Blocking.of(panel, block, new Caches(firstKiB << 10, secondKiB << 10, false));
  }

  /** What measured best, or no worse than any other, at each width. */
  @Example
  void knownMachinesGetTheBlocksThatMeasuredBest() {
    assertEquals(new Blocking(512, 48, 288), of(48, 8, 32, 1024));
    assertEquals(new Blocking(512, 48, 288), of(48, 8, 48, 2048));
    assertEquals(new Blocking(256, 96, 256), of(16, 1, 32, 512));
    assertEquals(new Blocking(256, 96, 256), of(16, 1, 32, 1024));
    assertEquals(new Blocking(512, 48, 128), of(8, 1, 32, 512));
    assertEquals(new Blocking(512, 48, 256), of(8, 1, 32, 1024));
  }

  @Property
  void blocksFitTheirCachesAndAreWhole(
      @ForAll("panels") int panel,
      @ForAll boolean packs,
      @ForAll @IntRange(min = 4, max = 1 << 20) int firstKiB,
      @ForAll @IntRange(min = 4, max = 1 << 20) int secondKiB) {
    int block = packs ? 8 : 1;
    Blocking blocking = of(panel, block, firstKiB, secondKiB);
    int steps = blocking.steps();
    assertTrue(steps >= 64 && steps <= 512, () -> "" + blocking);
    assertTrue(
        steps == 64 || 4L * steps * (packs ? block : panel) <= firstKiB * 512L,
        () -> "" + blocking);
    assertEquals(0, blocking.rows() % Gemm.LEFT_COLUMNS);
    assertTrue(
        blocking.rows() == Gemm.LEFT_COLUMNS || 4L * steps * blocking.rows() <= secondKiB * 256L,
        () -> "" + blocking);
    assertEquals(0, blocking.columns() % panel);
    assertTrue(
        blocking.columns() < 128 + panel
            || 4L * steps * (blocking.columns() - panel) < secondKiB * 512L,
        () -> "" + blocking);
  }

  @Provide
  Arbitrary<Integer> panels() {
    return Arbitraries.of(8, 16, 32, 48);
  }

  @Provide
  Arbitrary<Blocking> blockings() {
    int panel = kernels.panelColumns();
    return Combinators.combine(
            Arbitraries.of(1, 2, 7, 8, 64, 1000),
            Arbitraries.of(Gemm.LEFT_COLUMNS, 2 * Gemm.LEFT_COLUMNS),
            Arbitraries.of(panel, 2 * panel, 6 * panel))
        .as(Blocking::new);
  }

  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.of(1, 2, 3, 4, 8, 13, 47, 48, 49, 97, 131);
  }

  @Property
  void blocksDoNotShow(
      @ForAll("blockings") Blocking blocking,
      @ForAll("sizes") int rows,
      @ForAll @IntRange(min = 1, max = 300) int columns,
      @ForAll @IntRange(min = 0, max = 150) int depth,
      @ForAll long seed) {
    float[] a = Floats.normals(rows * depth, seed);
    float[] b = Floats.normals(depth * columns, seed + 1);
    float[] s = Floats.normals(rows * columns, seed + 2);
    float[] expected = new float[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = s[i * columns + j];
        for (int k = 0; k < depth; k++) {
          sum = Math.fma(a[i * depth + k], b[k * columns + j], sum);
        }
        expected[i * columns + j] = sum;
      }
    }
    Gemm gemm = new Gemm(kernels, columns, blocking);
    int group = Gemm.group(kernels, columns);

    gemm.left(a, 0, depth);
    float[] onTheWay = new float[rows * columns];
    for (int j = 0; j < columns; j += group) {
      gemm.right(b, j, columns);
      gemm.result().in(onTheWay, j, columns);
      gemm.result().startFromMatrix(s, j, columns);
      gemm.multiply(rows, Math.min(group, columns - j), depth);
    }
    assertArrayEquals(expected, onTheWay);

    float[] packed = new float[Gemm.packedLength(kernels, depth, columns)];
    gemm.pack(b, 0, columns, depth, columns, packed, 0);
    float[] beforehand = new float[rows * columns];
    gemm.rightPacked(packed, depth);
    gemm.result().in(beforehand, 0, columns);
    gemm.result().startFromMatrix(s, 0, columns);
    gemm.multiply(rows, columns, depth);
    assertArrayEquals(expected, beforehand);

    float[] turned = new float[rows * depth];
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < depth; k++) {
        turned[k * rows + i] = a[i * depth + k];
      }
    }
    float[] transposed = new float[rows * columns];
    gemm.leftTransposed(turned, 0, rows);
    gemm.result().in(transposed, 0, columns);
    gemm.result().startFromMatrix(s, 0, columns);
    gemm.multiply(rows, columns, depth);
    assertArrayEquals(expected, transposed);
  }
}
