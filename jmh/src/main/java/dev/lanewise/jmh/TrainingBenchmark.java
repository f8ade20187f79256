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
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;

/** Steps of training with Adam on one batch in memory. */
@State(Scope.Thread)
@Warmup(iterations = 16, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 24, time = 500, timeUnit = TimeUnit.MILLISECONDS)
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

  /**
   * Whose steps, by turns, each on one thread or, as {@code lanewise@2}, on two; {@code
   * pytorch-fused} has fused Adam and an allocator that keeps what is freed, and so has the whole
   * process; {@code lanewise-scalar} has the kernels without vectors.
   */
  @Param("lanewise+pytorch-fused+lanewise@2+pytorch-fused@2")
  public String who;

  private final ExecutorService helpers = Executors.newCachedThreadPool();
  private Turns<TrainingStep> turns;
  private TrainingStep training;

  /** Opens each training, after its first losses without dropout have been compared with ours. */
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
    turns =
        new Turns<>(
            who,
            name -> {
              if (!name.startsWith("lanewise")) {
                checkLosses(name, described.withoutDropout(), rows);
              }
              TrainingStep opened = training(name, described, rows);
              checkFalls(name, opened);
              return opened;
            });
  }

  private TrainingStep training(String name, Net described, int rows) {
    String[] parts = name.split("@");
    int threads = parts.length == 1 ? 1 : Integer.parseInt(parts[1]);
    return switch (parts[0]) {
      case "lanewise" -> lanewise(described, rows, threads, Engine.standard());
      case "lanewise-scalar" -> lanewise(described, rows, threads, Engine.of("scalar"));
      case "pytorch-fused" -> TorchTraining.fused(described, rows, RATE, threads);
      case "pytorch" -> TorchTraining.stock(described, rows, RATE, threads);
      case "djl" -> new DjlTraining(described, rows, RATE, threads);
      case "dl4j" -> new Dl4jTraining(described, rows, RATE, threads);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private TrainingStep lanewise(Net described, int rows, int threads, Engine engine) {
    return new LanewiseTraining(
        described.network(),
        described.parameters(),
        Dataset.of(
            described.rows(rows), described.inputs(), described.oneHot(rows), described.outputs()),
        Optimizer.adam(RATE),
        engine.withParallel(threads == 1 ? Parallel.callerRuns() : Parallel.on(helpers, threads)));
  }

  private void checkLosses(String name, Net described, int rows) throws Exception {
    try (TrainingStep ours = training("lanewise", described, rows);
        TrainingStep theirs = training(name, described, rows)) {
      for (int step = 0; step < 5; step++) {
        ours.step();
        theirs.step();
        double tolerance = step == 0 ? 1e-5 : 0.05; // Adam's ε stands in different places
        if (!(Math.abs(theirs.loss() - ours.loss()) < tolerance * ours.loss())) {
          throw new IllegalStateException(
              "%s: loss %s in step %d; expected %s"
                  .formatted(name, theirs.loss(), step, ours.loss()));
        }
      }
    }
  }

  private void checkFalls(String name, TrainingStep opened) {
    opened.step();
    double first = opened.loss();
    for (int step = 0; step < 10; step++) {
      opened.step();
    }
    if (!(opened.loss() < 0.9 * first)) {
      throw new IllegalStateException(
          "%s: loss %s after 10 steps; expected less than 0.9 of the first, %s"
              .formatted(name, opened.loss(), first));
    }
  }

  /**
   * Begins a window.
   *
   * @param window which
   */
  @Setup(Level.Iteration)
  public void next(IterationParams window) {
    training = turns.next(window);
    training.begin();
  }

  /** Closes the trainings and lets the helpers go. */
  @TearDown
  public void close() throws Exception {
    turns.close();
    helpers.shutdown();
  }

  /** One step. */
  @Benchmark
  public double step() {
    training.step();
    return training.loss();
  }
}
