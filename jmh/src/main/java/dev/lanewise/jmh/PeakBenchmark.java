package dev.lanewise.jmh;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the machine can do: fused multiply-adds in registers, and a triad over memory. The scores
 * are GFLOP/s and GB/s, of all threads together.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class PeakBenchmark {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** Chains enough to hide the latency of two pipes; more would leave too few of 16 registers. */
  private static final int CHAINS = 8;

  private static final int STEPS = 1 << 16;
  private static final int FLOPS = 2 * CHAINS * STEPS;

  /** Floats of each of a thread's arrays: beyond the last cache. */
  private static final int TRIAD = 1 << 24;

  /** A thread's arrays. */
  @State(Scope.Thread)
  public static class Memory {
    final float[] a = new float[TRIAD];
    final float[] b = new float[TRIAD];
    final float[] c = new float[TRIAD];
    float factor = 0.5f;

    /** Touches the memory. */
    @Setup
    public void fill() {
      Arrays.fill(a, 1f);
      Arrays.fill(b, 2f);
      Arrays.fill(c, 3f);
    }
  }

  /** Factors that the compiler must not know. */
  @State(Scope.Thread)
  public static class Factors {
    float factor = 0.5f;
    float term = 0.25f;
  }

  /**
   * One thread's multiply-adds.
   *
   * @param x the factors
   * @return the sums
   */
  @Benchmark
  @OperationsPerInvocation(FLOPS)
  @Threads(1)
  public float fma1(Factors x) {
    return fma(x.factor, x.term, STEPS / SPECIES.length());
  }

  /**
   * Two threads' multiply-adds.
   *
   * @param x the factors
   * @return the sums
   */
  @Benchmark
  @OperationsPerInvocation(FLOPS)
  @Threads(2)
  public float fma2(Factors x) {
    return fma(x.factor, x.term, STEPS / SPECIES.length());
  }

  /**
   * One thread's triad, counted as two reads and a write.
   *
   * @param x the arrays
   */
  @Benchmark
  @OperationsPerInvocation(3 * Float.BYTES * TRIAD)
  @Threads(1)
  public void triad1(Memory x) {
    triad(x.a, x.b, x.c, x.factor);
  }

  /**
   * Two threads' triads.
   *
   * @param x the arrays
   */
  @Benchmark
  @OperationsPerInvocation(3 * Float.BYTES * TRIAD)
  @Threads(2)
  public void triad2(Memory x) {
    triad(x.a, x.b, x.c, x.factor);
  }

  private static float fma(float factor, float term, int steps) {
    FloatVector x = FloatVector.broadcast(SPECIES, factor);
    FloatVector y = FloatVector.broadcast(SPECIES, term);
    // Different starts: the compiler would compute equal chains once.
    FloatVector s0 = x.add(y);
    FloatVector s1 = s0.add(y);
    FloatVector s2 = s1.add(y);
    FloatVector s3 = s2.add(y);
    FloatVector s4 = s3.add(y);
    FloatVector s5 = s4.add(y);
    FloatVector s6 = s5.add(y);
    FloatVector s7 = s6.add(y);
    for (int i = 0; i < steps; i++) {
      s0 = s0.fma(x, y);
      s1 = s1.fma(x, y);
      s2 = s2.fma(x, y);
      s3 = s3.fma(x, y);
      s4 = s4.fma(x, y);
      s5 = s5.fma(x, y);
      s6 = s6.fma(x, y);
      s7 = s7.fma(x, y);
    }
    FloatVector low = s0.add(s1).add(s2).add(s3);
    FloatVector high = s4.add(s5).add(s6).add(s7);
    return low.add(high).lane(0);
  }

  private static void triad(float[] a, float[] b, float[] c, float factor) {
    for (int i = 0; i < a.length; i++) {
      a[i] = b[i] + factor * c[i];
    }
  }
}
