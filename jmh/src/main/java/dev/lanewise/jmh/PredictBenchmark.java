package dev.lanewise.jmh;

import dev.lanewise.tensor.WeightFormat;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;

/**
 * Rows to scores on one thread, {@code float[]} to {@code float[]}.
 *
 * <p>One row is timed in two modes, equally for all: call by call, for percentiles, which hold the
 * clock's own cost, and back to back, for the mean.
 */
@State(Scope.Thread)
@Warmup(iterations = 12, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 30, time = 150, timeUnit = TimeUnit.MILLISECONDS)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PredictBenchmark {

  private static final int BATCH = 64;
  private static final double TOLERANCE = 1e-4;
  private static final double HALF_WIDTH_TOLERANCE = 0.1;

  /** The sizes of the net. */
  @Param({"784-512-256-10", "20-64-32-1"})
  public String net;

  /** Whose, by turns. */
  @Param("lanewise+lanewise-half+onnxruntime-bound")
  public String who;

  private Turns<Scorer> turns;
  private Scorer scorer;
  private float[] row;
  private float[] rows;
  private float[] scores;

  /** Opens each library's net and compares its scores with those of the formula. */
  @Setup
  public void open() throws Exception {
    Net described = Net.of(net);
    rows = described.rows(BATCH);
    row = described.rows(1);
    scores = new float[BATCH * described.outputs()];
    turns =
        new Turns<>(
            who,
            name -> {
              Scorer opened = open(name, described);
              check(name, opened, described, rows, BATCH);
              check(name, opened, described, row, 1);
              return opened;
            });
  }

  private static Scorer open(String name, Net described) throws Exception {
    return switch (name) {
      case "lanewise" -> new LanewiseScorer(described, WeightFormat.FLOAT32);
      case "lanewise-half" -> new LanewiseScorer(described, WeightFormat.BFLOAT16);
      case "onnxruntime-bound" -> new OnnxScorer.Bound(described);
      case "onnxruntime" -> new OnnxScorer.Documented(described);
      case "pytorch" -> new TorchScorer(described);
      case "djl" -> new DjlScorer(described);
      case "dl4j" -> new Dl4jScorer(described);
      case "encog" -> new EncogScorer(described);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /**
   * Begins a window.
   *
   * @param window which
   */
  @Setup(Level.Iteration)
  public void next(IterationParams window) {
    scorer = turns.next(window);
  }

  private void check(String name, Scorer opened, Net described, float[] some, int count) {
    double[] expected = described.expectedScores(some, count);
    opened.score(some, count, scores);
    double tolerance = name.equals("lanewise-half") ? HALF_WIDTH_TOLERANCE : TOLERANCE;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      double error = Math.abs(scores[i] - expected[i]);
      if (!(error < tolerance)) {
        throw new IllegalStateException(
            "%s: score %d of %d rows is %s; expected %s"
                .formatted(name, i, count, scores[i], expected[i]));
      }
      worst = Math.max(worst, error);
    }
    System.out.printf("%s: %d rows, largest error of a score %.1e%n", name, count, worst);
  }

  /** Closes the nets. */
  @TearDown
  public void close() throws Exception {
    turns.close();
  }

  /** One row, call by call. */
  @Benchmark
  @BenchmarkMode({Mode.SampleTime, Mode.AverageTime})
  public float[] oneRow() {
    scorer.score(row, 1, scores);
    return scores;
  }

  /** Sixty-four rows a call. */
  @Benchmark
  @BenchmarkMode(Mode.Throughput)
  @OutputTimeUnit(TimeUnit.SECONDS)
  @OperationsPerInvocation(BATCH)
  public float[] rows64() {
    scorer.score(rows, BATCH, scores);
    return scores;
  }
}
