package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.engine.Engine;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** The sums of this run's kernels against the contract, spelled out with an array of lanes. */
@Tag("kernels")
class SumKernelsTest {

  private final SumKernels kernels = Engine.standard().kernels();

  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(0, 67),
        Arbitraries.of(4095, 4096, 4097, 4096 + 17, 2 * 4096 + 3, 12289));
  }

  private interface Term {
    float add(float lane, float x);
  }

  private static double contract(Term term, float[] x, int n) {
    double sum = 0;
    for (int block = 1; block < n + 1; block += 4096) {
      float[] lanes = new float[16];
      for (int i = 0; i < Math.min(n + 1 - block, 4096); i++) {
        lanes[i % 16] = term.add(lanes[i % 16], x[block + i]);
      }
      for (int half = 8; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
          lanes[i] += lanes[i + half];
        }
      }
      sum += lanes[0];
    }
    return sum;
  }

  /** Begins at offset 1, so that nothing is aligned. */
  private static float[] values(int n, long seed) {
    Random random = new Random(seed);
    float[] x = new float[n + 1];
    IntStream.range(0, n + 1).forEach(i -> x[i] = (float) random.nextGaussian() * (1 << i % 20));
    if (n > 0 && random.nextInt(10) == 0) {
      x[1 + random.nextInt(n)] = random.nextBoolean() ? Float.NaN : Float.NEGATIVE_INFINITY;
    }
    return x;
  }

  @Property
  void sumIsTheContractsSum(@ForAll("sizes") int n, @ForAll long seed) {
    float[] x = values(n, seed);
    assertEquals(contract((lane, v) -> lane + v, x, n), kernels.sum(x, 1, n));
  }

  @Property
  void sumOfSquaresIsTheContractsSum(@ForAll("sizes") int n, @ForAll long seed) {
    float[] x = values(n, seed);
    assertEquals(contract((lane, v) -> Fma.fma(v, v, lane), x, n), kernels.sumOfSquares(x, 1, n));
  }

  @Property
  void sumOfMagnitudesIsTheContractsSum(@ForAll("sizes") int n, @ForAll long seed) {
    float[] x = values(n, seed);
    assertEquals(contract((lane, v) -> lane + Math.abs(v), x, n), kernels.sumOfMagnitudes(x, 1, n));
  }

  @Property
  void aRowSumIsTheSumOfItsRow(
      @ForAll @IntRange(max = 7) int rows,
      @ForAll @IntRange(min = 1, max = 37) int columns,
      @ForAll long seed) {
    float[] x = values(rows * columns, seed);
    float[] sums = new float[rows + 2];
    kernels.rowSums(x, 1, rows, columns, sums, 2);
    for (int r = 0; r < rows; r++) {
      assertEquals((float) kernels.sum(x, 1 + r * columns, columns), sums[2 + r]);
    }
  }
}
