package dev.lanewise.jmh;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.optim.Optimizer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Steps of training with Adam on one batch in memory. */
@State(Scope.Thread)
@Warmup(iterations = 3, time = 700, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 700, timeUnit = TimeUnit.MILLISECONDS)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TrainingBenchmark {

  private static final float RATE = 1e-3f;

  /**
   * A is 784-512-256-10 with batches of 128; B is A with batch norm and dropout 0.5; C is
   * 1024-2048-2048-10 with batches of 256.
   */
  @Param({"A", "B", "C"})
  public String net;

  /** The threads of a step. */
  @Param({"1", "2"})
  public int threads;

  /**
   * Whose; {@code pytorch-fused} has fused Adam and an allocator that keeps what is freed, {@code
   * lanewise-scalar} the kernels without vectors.
   */
  @Param({"lanewise", "pytorch-fused", "pytorch", "djl", "dl4j"})
  public String who;

  private final ExecutorService helpers = Executors.newCachedThreadPool();
  private TrainingStep training;

  /**
   * Opens the library's training, after its first losses without dropout have been compared with
   * ours.
   */
  @Setup
  public void open() throws Exception {
    Net described =
        switch (net) {
          case "A" -> Net.of("784-512-256-10");
          case "B" -> Net.of("784-512-256-10").normalizedAndDropping(0.5);
          case "C" -> Net.of("1024-2048-2048-10");
          default -> throw new IllegalArgumentException(net);
        };
    int rows = net.equals("C") ? 256 : 128;
    checkLosses(described.withoutDropout(), rows);
    training = training(who, described, rows);
    checkFalls();
  }

  private TrainingStep training(String whose, Net described, int rows) {
    return switch (whose) {
      case "lanewise" -> lanewise(described, rows, Engine.standard());
      case "lanewise-scalar" -> lanewise(described, rows, Engine.of("scalar"));
      case "pytorch-fused" -> TorchTraining.fused(described, rows, RATE, threads);
      case "pytorch" -> TorchTraining.stock(described, rows, RATE, threads);
      case "djl" -> new DjlTraining(described, rows, RATE, threads);
      case "dl4j" -> new Dl4jTraining(described, rows, RATE, threads);
      default -> throw new IllegalArgumentException(whose);
    };
  }

  private TrainingStep lanewise(Net described, int rows, Engine engine) {
    return new LanewiseTraining(
        described.network(),
        described.parameters(),
        Dataset.of(
            described.rows(rows), described.inputs(), described.oneHot(rows), described.outputs()),
        Optimizer.adam(RATE),
        engine.withParallel(threads == 1 ? Parallel.callerRuns() : Parallel.on(helpers, threads)));
  }

  private void checkLosses(Net described, int rows) throws Exception {
    // One kind of kernels in a JVM, as in life: the compiler makes use of it.
    String expected = who.equals("lanewise-scalar") ? who : "lanewise";
    try (TrainingStep ours = training(expected, described, rows);
        TrainingStep theirs = training(who, described, rows)) {
      for (int step = 0; step < 5; step++) {
        ours.step();
        theirs.step();
        double tolerance = step == 0 ? 1e-5 : 0.05; // Adam's ε stands in different places
        if (!(Math.abs(theirs.loss() - ours.loss()) < tolerance * ours.loss())) {
          throw new IllegalStateException(
              "%s: loss %s in step %d; expected %s"
                  .formatted(who, theirs.loss(), step, ours.loss()));
        }
      }
    }
  }

  private void checkFalls() {
    training.step();
    double first = training.loss();
    for (int step = 0; step < 20; step++) {
      training.step();
    }
    if (!(training.loss() < 0.8 * first)) {
      throw new IllegalStateException(
          "%s: loss %s after 20 steps; expected less than 0.8 of the first, %s"
              .formatted(who, training.loss(), first));
    }
  }

  /** Closes the training and lets the helpers go. */
  @TearDown
  public void close() throws Exception {
    training.close();
    helpers.shutdown();
  }

  /** One step. */
  @Benchmark
  public double step() {
    training.step();
    return training.loss();
  }
}
