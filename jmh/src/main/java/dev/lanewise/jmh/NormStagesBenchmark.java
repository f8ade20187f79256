package dev.lanewise.jmh;

import dev.lanewise.engine.Engine;
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
 * The backward pass of batch normalisation, partial derivative by partial derivative and in closed
 * form, on one thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 6, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 20, time = 150, timeUnit = TimeUnit.MILLISECONDS)
public class NormStagesBenchmark {

  private static final int TIMES = 10;

  /** Rows and columns; the course's own are 100 and 500. */
  @Param({"100x500", "256x1024"})
  public String shape;

  /** The closed form by our kernels, or by our scalar ones, and the stages, by turns. */
  @Param({"lanewise+staged", "lanewise-scalar+staged"})
  public String who;

  private Turns<Operation> turns;
  private Operation operation;

  /** Compares each gradient with that of our kernels. */
  @Setup
  public void open() throws Exception {
    Task task = Task.of("batch-norm-backward " + shape);
    turns =
        new Turns<>(
            who,
            name -> {
              Operation opened = operation(task, name);
              try (Operation ours = operation(task, "lanewise")) {
                ours.run(1);
                opened.run(1);
                check(name, ours.result(), opened.result());
              }
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
    operation = turns.next(window);
  }

  private static Operation operation(Task task, String whose) {
    return switch (whose) {
      case "lanewise" -> LanewiseOperation.of(task);
      case "lanewise-scalar" -> LanewiseOperation.normBackward(task, Engine.of("scalar").kernels());
      case "staged" -> new StagedNorm(task);
      default -> throw new IllegalArgumentException(whose);
    };
  }

  private void check(String name, float[] expected, float[] result) {
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(result[i] - expected[i]) <= 1e-5 * (1 + Math.abs(expected[i])))) {
        throw new IllegalStateException(
            "%s: value %d is %s; expected %s".formatted(name, i, result[i], expected[i]));
      }
    }
  }

  /** Ends the operations. */
  @TearDown
  public void close() throws Exception {
    turns.close();
  }

  /** The backward pass. */
  @Benchmark
  @OperationsPerInvocation(TIMES)
  public void backward() {
    operation.run(TIMES);
  }
}
