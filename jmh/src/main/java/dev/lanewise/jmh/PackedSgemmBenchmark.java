package dev.lanewise.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;

/** Matrix products on one thread with B, the weights, packed beforehand, as at inference. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 9, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 30, time = 150, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class PackedSgemmBenchmark {

  /** Rows of A, columns of B, columns of A. */
  @Param({
    "1x512x784",
    "8x512x784",
    "32x512x784",
    "128x512x784",
    "256x512x784",
    "1x256x512",
    "8x256x512",
    "32x256x512",
    "128x256x512",
    "256x256x512"
  })
  public String shape;

  /** Whose products, by turns; {@code mkl} packs on the way. */
  @Param("lanewise+mkl+mkl-packed")
  public String who;

  private Turns<Product> turns;
  private Product product;

  /** Each multiplies once and is checked. */
  @Setup
  public void prepare() throws Exception {
    SgemmBenchmark.Shape s = SgemmBenchmark.Shape.of(shape);
    float[] a = s.left();
    float[] b = s.right();
    turns =
        new Turns<>(
            who,
            name -> {
              Product opened =
                  switch (name) {
                    case "lanewise" -> LanewiseProduct.packed(a, b, s.m(), s.n(), s.k());
                    case "mkl" -> BlasProduct.mkl(a, b, s.m(), s.n(), s.k());
                    case "mkl-packed" -> BlasProduct.mklPacked(a, b, s.m(), s.n(), s.k());
                    default -> throw new IllegalArgumentException(name);
                  };
              opened.multiply();
              s.check(a, b, opened.result());
              return opened;
            });
  }

  /**
   * Begins a window.
   *
   * @param window which
   */
  @Setup(Level.Iteration)
  public void next(IterationParams window) {
    product = turns.next(window);
  }

  /** One product. */
  @Benchmark
  public void product() {
    product.multiply();
  }
}
