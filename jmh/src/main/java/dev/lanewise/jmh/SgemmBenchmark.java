package dev.lanewise.jmh;

import java.util.SplittableRandom;
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

/** Matrix products on one thread, whatever packing there is included. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 9, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 30, time = 150, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class SgemmBenchmark {

  /** Rows of A, columns of B, columns of A. */
  @Param({
    "256x256x256",
    "512x512x512",
    "1024x1024x1024",
    "2048x2048x2048",
    "32x512x784",
    "64x512x784",
    "128x512x784",
    "256x512x784",
    "32x256x512",
    "64x256x512",
    "128x256x512",
    "256x256x512"
  })
  public String shape;

  /** Whose products, by turns. */
  @Param("lanewise+mkl+openblas")
  public String who;

  private Turns<Product> turns;
  private Product product;

  /** Each multiplies once and is checked. */
  @Setup
  public void prepare() throws Exception {
    Shape s = Shape.of(shape);
    float[] a = s.left();
    float[] b = s.right();
    turns =
        new Turns<>(
            who,
            name -> {
              Product opened =
                  switch (name) {
                    case "lanewise" -> LanewiseProduct.packing(a, b, s.m, s.n, s.k);
                    case "mkl" -> BlasProduct.mkl(a, b, s.m, s.n, s.k);
                    case "openblas" -> BlasProduct.openBlas(a, b, s.m, s.n, s.k);
                    case "vectorblas" -> BlasProduct.vectorBlas(a, b, s.m, s.n, s.k);
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

  /** The sizes of C = A·B: {@code [m][n] = [m][k]·[k][n]}. */
  record Shape(int m, int n, int k) {

    static Shape of(String text) {
      String[] parts = text.split("x");
      return new Shape(
          Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    float[] left() {
      return uniform(m * k, 1);
    }

    float[] right() {
      return uniform(k * n, 2);
    }

    private static float[] uniform(int size, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) random.nextDouble(-1, 1);
      }
      return values;
    }

    /** Compares every row and every column with products in double precision. */
    void check(float[] a, float[] b, float[] c) {
      for (int t = 0; t < Math.max(m, n); t++) {
        int i = t % m;
        int j = t % n;
        double sum = 0;
        for (int x = 0; x < k; x++) {
          sum += (double) a[i * k + x] * b[x * n + j];
        }
        if (!(Math.abs(c[i * n + j] - sum) <= 2e-6 * k)) {
          throw new IllegalStateException(
              "C[%d][%d] is %s; expected %s".formatted(i, j, c[i * n + j], sum));
        }
      }
    }
  }
}
