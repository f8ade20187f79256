package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.Bfloat16;
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
class HalfKernelsTest {

  private final Kernels kernels = Engine.standard().kernels();

  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.of(0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 32, 33, 65, 131, 241);
  }

  @Provide
  Arbitrary<Integer> depths() {
    return Arbitraries.of(0, 1, 2, 3, 7, 16, 31, 131);
  }

  /** A matrix that stands in a wider one. */
  @Property
  void productsAreFmaChainsOfTheRoundedMatrix(
      @ForAll("sizes") int rows,
      @ForAll("sizes") int columns,
      @ForAll("depths") int depth,
      @ForAll long seed) {
    int panel = kernels.halfPanelColumns();
    int panels = (columns + panel - 1) / panel;
    int padded = panels * panel;
    int aRow = depth + 2;
    int bStep = columns + 3;
    float[] a = Floats.normals(1 + rows * aRow, seed);
    float[] b = Floats.normals(2 + depth * bStep, seed + 1);
    float[] start = Arrays.copyOf(Floats.normals(columns, seed + 2), padded);
    float[] expected = Floats.normals(rows * padded + 3, seed + 3);
    float[] c = expected.clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < padded; j++) {
        float sum = start[j];
        for (int k = 0; j < columns && k < depth; k++) {
          sum = Math.fma(a[1 + i * aRow + k], Bfloat16.rounded(b[2 + k * bStep + j]), sum);
        }
        expected[i * padded + j] = sum;
      }
    }
    int[] packed = new int[3 + depth * padded / 2];
    kernels.packHalves(b, 2, bStep, depth, columns, packed, 3);
    int[] halves = Arrays.copyOfRange(packed, 3, packed.length);
    float[] behind = new float[5 + c.length];
    System.arraycopy(c, 0, behind, 5, c.length);
    kernels.productByHalves(a, 1, aRow, halves, panels, start, behind, 5, rows, depth);
    System.arraycopy(behind, 5, c, 0, c.length);
    assertArrayEquals(expected, c);
  }

  /** What the kernels compute with is what they multiply 1 by: −0 + x is x. */
  private float[] throughHalves(float[] floats) {
    int panel = kernels.halfPanelColumns();
    int panels = (floats.length + panel - 1) / panel;
    int[] halves = new int[panels * panel / 2];
    kernels.packHalves(floats, 0, floats.length, 1, floats.length, halves, 0);
    float[] start = new float[panels * panel];
    Arrays.fill(start, -0f);
    float[] c = new float[start.length];
    kernels.productByHalves(new float[] {1}, 0, 1, halves, panels, start, c, 0, 1, 1);
    return Arrays.copyOf(c, floats.length);
  }

  /** Floats of all exponents, every eighth half-way between two halves. */
  @Property
  void halvesAreTheNearestAndOfTwoTheEven(@ForAll("sizes") int n, @ForAll long seed) {
    float[] floats = new float[n];
    for (int i = 0; i < n; i++) {
      int bits = CounterRandom.word(seed, i);
      boolean halfWay = CounterRandom.below(seed + 1, i, 8) == 0;
      floats[i] = Float.intBitsToFloat(halfWay ? bits & 0xffff0000 | 0x8000 : bits);
    }
    assertArrayEquals(Bfloat16.rounded(floats), throughHalves(floats));
  }

  @Example
  void halvesAreRoundedAtTheEndsOfTheRange() {
    int[] bits = {0x00000001, 0x80008000, 0x00018000, 0x7f7f7fff, 0x7f7f8000, 0xff7fffff};
    int[] expected = {0x00000000, 0x80000000, 0x00020000, 0x7f7f0000, 0x7f800000, 0xff800000};
    float[] floats = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      floats[i] = Float.intBitsToFloat(bits[i]);
    }
    float[] found = throughHalves(floats);
    for (int i = 0; i < bits.length; i++) {
      assertEquals(expected[i], Float.floatToRawIntBits(found[i]), Integer.toHexString(bits[i]));
    }
  }

  @Example
  void nanStaysNan() {
    float[] floats = {Float.intBitsToFloat(0x7f800001), Float.intBitsToFloat(-1), Float.NaN};
    float[] expected = {Float.NaN, Float.NaN, Float.NaN};
    assertArrayEquals(expected, throughHalves(floats));
  }
}
