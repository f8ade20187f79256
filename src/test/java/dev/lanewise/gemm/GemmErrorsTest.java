package dev.lanewise.gemm;

import dev.lanewise.ExactSum;
import dev.lanewise.Measured;
import dev.lanewise.engine.Engine;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.random.CounterRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A chain of k fused multiply-adds against the exact sum: |error| ≤ γₖ·(|s| + Σ|a·b|), and 2^-150
 * more for each step that may underflow.
 */
@Tag("kernels")
class GemmErrorsTest {

  private static final int ROWS = 3;
  private static final int COLUMNS = 19;
  private static final int[] DEPTHS = {1, 2, 7, 255, 256, 257, 4099, 100_000};

  private final Kernels kernels = Engine.standard().kernels();

  /** Hard factors, from their place k in the chain and their place in the other direction. */
  enum Factors {
    NORMAL,
    /** Equal products: roundings go one way while the sum is in one binade. */
    EQUAL,
    /** Pairs of products that cancel but for a small rest. */
    CANCELLING,
    MIXED,
    /** Products of about 2^-140. */
    SUBNORMAL;

    float left(int i, int k) {
      int at = k * 64 + i;
      return switch (this) {
        case NORMAL, CANCELLING -> (float) CounterRandom.normal(1 + i, k / 2);
        case EQUAL -> 0.1f;
        case MIXED ->
            Math.scalb((float) CounterRandom.normal(3, at), CounterRandom.below(4, at, 61) - 30);
        case SUBNORMAL -> Math.scalb((float) CounterRandom.normal(5, at), -80);
      };
    }

    float right(int k, int j) {
      int at = k * 64 + j;
      return switch (this) {
        case NORMAL -> (float) CounterRandom.normal(2, at);
        case EQUAL -> 0.3f;
        case CANCELLING -> {
          float value = 1000 * (float) CounterRandom.normal(7 + j, k / 2);
          yield k % 2 == 0 ? value : -Math.nextUp(value);
        }
        case MIXED ->
            Math.scalb((float) CounterRandom.normal(6, at), CounterRandom.below(8, at, 61) - 30);
        case SUBNORMAL -> Math.scalb((float) CounterRandom.normal(9, at), -60);
      };
    }

    float[] lefts(int depth) {
      float[] a = new float[ROWS * depth];
      for (int i = 0; i < a.length; i++) {
        a[i] = left(i / depth, i % depth);
      }
      return a;
    }

    float[] rights(int depth) {
      float[] b = new float[depth * COLUMNS];
      for (int i = 0; i < b.length; i++) {
        b[i] = right(i / COLUMNS, i % COLUMNS);
      }
      return b;
    }

    float[] starts() {
      float[] s = new float[COLUMNS];
      for (int j = 0; j < COLUMNS; j++) {
        s[j] = left(1, 2 * j) * right(2 * j, j);
      }
      return s;
    }
  }

  private static ExactSum exact(float[] a, float[] b, float start, int i, int j, int depth) {
    ExactSum sum = new ExactSum();
    sum.add(start);
    for (int k = 0; k < depth; k++) {
      sum.add((double) a[i * depth + k] * b[k * COLUMNS + j]);
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource
  void aProductIsWithinTheBoundOfItsChain(Factors factors) {
    for (int depth : DEPTHS) {
      float[] a = factors.lefts(depth);
      float[] b = factors.rights(depth);
      float[] starts = factors.starts();
      float[] packed = new float[Gemm.packedLength(kernels, depth, COLUMNS)];
      Gemm gemm = new Gemm(kernels, COLUMNS);
      gemm.pack(b, 0, COLUMNS, depth, COLUMNS, packed, 0);
      float[] c = new float[ROWS * COLUMNS];
      gemm.left(a, 0, depth);
      gemm.rightPacked(packed, depth);
      gemm.result().in(c, 0, COLUMNS);
      gemm.result().startFromVector(starts, 0);
      gemm.multiply(ROWS, COLUMNS, depth);
      Measured errors = new Measured("product %s k %d".formatted(factors, depth));
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
          ExactSum exact = exact(a, b, starts[j], i, j, depth);
          double all = exact.magnitudes();
          double bound = Measured.gamma(depth) + depth * 0x1p-150 / all;
          errors.compare(exact.value() / all, c[i * COLUMNS + j] / all, bound, "k = " + depth);
        }
      }
      boolean relative = factors != Factors.SUBNORMAL;
      errors.write(relative ? depth : 1, relative ? "u·(|s| + Σ|a·b|)" : "bound");
    }
  }

  /** As a weight's gradient is summed: over the rows of a batch. */
  @ParameterizedTest
  @EnumSource
  void aProductOverTheRowsOfABatchIsWithinTheSameBound(Factors factors) {
    for (int depth : new int[] {1, 257, 100_000}) {
      float[] a = factors.lefts(depth);
      float[] transposed = new float[a.length];
      for (int i = 0; i < a.length; i++) {
        transposed[i % depth * ROWS + i / depth] = a[i];
      }
      float[] b = factors.rights(depth);
      float[] packed = new float[Gemm.packedLength(kernels, depth, COLUMNS)];
      Gemm gemm = new Gemm(kernels, COLUMNS);
      gemm.pack(b, 0, COLUMNS, depth, COLUMNS, packed, 0);
      float[] c = new float[ROWS * COLUMNS];
      gemm.leftTransposed(transposed, 0, ROWS);
      gemm.rightPacked(packed, depth);
      gemm.result().in(c, 0, COLUMNS);
      gemm.result().startFromZero();
      gemm.multiply(ROWS, COLUMNS, depth);
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
          ExactSum exact = exact(a, b, 0, i, j, depth);
          double bound = Measured.gamma(depth) * exact.magnitudes() + depth * 0x1p-150;
          new Measured("").compare(exact.value(), c[i * COLUMNS + j], bound, "k = " + depth);
        }
      }
    }
  }
}
