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
@Measurement(iterations = 8, time = 150, timeUnit = TimeUnit.MILLISECONDS)
public class PeakBenchmark {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /**
   * The multiply-adds of a call, each two operations; 12 and 24 chains of any width divide them.
   */
  private static final int FLOPS = 3 << 18;

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
    return fma(x.factor, x.term);
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
    return fma(x.factor, x.term);
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

  /**
   * Chains enough to hide the latency of two pipes with some to spare, and registers enough to hold
   * them: vectors of 512 bits come with 32 registers, narrower ones may have 16. The chains start
   * differently, for the compiler would compute equal ones once.
   */
  private static float fma(float factor, float term) {
    return SPECIES.length() >= 16 ? fma24(factor, term) : fma12(factor, term);
  }

  private static float fma12(float factor, float term) {
    FloatVector x = FloatVector.broadcast(SPECIES, factor);
    FloatVector y = FloatVector.broadcast(SPECIES, term);
    FloatVector s0 = x.add(y);
    FloatVector s1 = s0.add(y);
    FloatVector s2 = s1.add(y);
    FloatVector s3 = s2.add(y);
    FloatVector s4 = s3.add(y);
    FloatVector s5 = s4.add(y);
    FloatVector s6 = s5.add(y);
    FloatVector s7 = s6.add(y);
    FloatVector s8 = s7.add(y);
    FloatVector s9 = s8.add(y);
    FloatVector s10 = s9.add(y);
    FloatVector s11 = s10.add(y);
    int steps = FLOPS / (2 * 12 * SPECIES.length());
    for (int i = 0; i < steps; i++) {
      s0 = s0.fma(x, y);
      s1 = s1.fma(x, y);
      s2 = s2.fma(x, y);
      s3 = s3.fma(x, y);
      s4 = s4.fma(x, y);
      s5 = s5.fma(x, y);
      s6 = s6.fma(x, y);
      s7 = s7.fma(x, y);
      s8 = s8.fma(x, y);
      s9 = s9.fma(x, y);
      s10 = s10.fma(x, y);
      s11 = s11.fma(x, y);
    }
    s0 = s0.add(s1).add(s2).add(s3);
    s4 = s4.add(s5).add(s6).add(s7);
    s8 = s8.add(s9).add(s10).add(s11);
    return s0.add(s4).add(s8).lane(0);
  }

  private static float fma24(float factor, float term) {
    FloatVector x = FloatVector.broadcast(SPECIES, factor);
    FloatVector y = FloatVector.broadcast(SPECIES, term);
    FloatVector s0 = x.add(y);
    FloatVector s1 = s0.add(y);
    FloatVector s2 = s1.add(y);
    FloatVector s3 = s2.add(y);
    FloatVector s4 = s3.add(y);
    FloatVector s5 = s4.add(y);
    FloatVector s6 = s5.add(y);
    FloatVector s7 = s6.add(y);
    FloatVector s8 = s7.add(y);
    FloatVector s9 = s8.add(y);
    FloatVector s10 = s9.add(y);
    FloatVector s11 = s10.add(y);
    FloatVector s12 = s11.add(y);
    FloatVector s13 = s12.add(y);
    FloatVector s14 = s13.add(y);
    FloatVector s15 = s14.add(y);
    FloatVector s16 = s15.add(y);
    FloatVector s17 = s16.add(y);
    FloatVector s18 = s17.add(y);
    FloatVector s19 = s18.add(y);
    FloatVector s20 = s19.add(y);
    FloatVector s21 = s20.add(y);
    FloatVector s22 = s21.add(y);
    FloatVector s23 = s22.add(y);
    int steps = FLOPS / (2 * 24 * SPECIES.length());
    for (int i = 0; i < steps; i++) {
      s0 = s0.fma(x, y);
      s1 = s1.fma(x, y);
      s2 = s2.fma(x, y);
      s3 = s3.fma(x, y);
      s4 = s4.fma(x, y);
      s5 = s5.fma(x, y);
      s6 = s6.fma(x, y);
      s7 = s7.fma(x, y);
      s8 = s8.fma(x, y);
      s9 = s9.fma(x, y);
      s10 = s10.fma(x, y);
      s11 = s11.fma(x, y);
      s12 = s12.fma(x, y);
      s13 = s13.fma(x, y);
      s14 = s14.fma(x, y);
      s15 = s15.fma(x, y);
      s16 = s16.fma(x, y);
      s17 = s17.fma(x, y);
      s18 = s18.fma(x, y);
      s19 = s19.fma(x, y);
      s20 = s20.fma(x, y);
      s21 = s21.fma(x, y);
      s22 = s22.fma(x, y);
      s23 = s23.fma(x, y);
    }
    s0 = s0.add(s1).add(s2).add(s3);
    s4 = s4.add(s5).add(s6).add(s7);
    s8 = s8.add(s9).add(s10).add(s11);
    s12 = s12.add(s13).add(s14).add(s15);
    s16 = s16.add(s17).add(s18).add(s19);
    s20 = s20.add(s21).add(s22).add(s23);
    return s0.add(s4).add(s8).add(s12).add(s16).add(s20).lane(0);
  }

  private static void triad(float[] a, float[] b, float[] c, float factor) {
    for (int i = 0; i < a.length; i++) {
      a[i] = b[i] + factor * c[i];
    }
  }
}
