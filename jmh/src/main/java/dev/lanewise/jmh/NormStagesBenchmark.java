package dev.lanewise.jmh;

import dev.lanewise.engine.Engine;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
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

/**
 * The backward pass of batch normalisation, partial derivative by partial derivative and in closed
 * form, on one thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class NormStagesBenchmark {

  private static final int TIMES = 10;

  /** Rows and columns; the course's own are 100 and 500. */
  @Param({"100x500", "256x1024"})
  public String shape;

  /** The closed form by our kernels, by our scalar ones, and the stages. */
  @Param({"lanewise", "lanewise-scalar", "staged"})
  public String who;

  private Operation operation;

  /** Compares the gradient with that of our kernels. */
  @Setup
  public void open() throws Exception {
    Task task = Task.of("batch-norm-backward " + shape);
    operation = operation(task, who);
    try (Operation ours = operation(task, "lanewise")) {
      ours.run(1);
      operation.run(1);
      check(ours.result(), operation.result());
    }
  }

  private static Operation operation(Task task, String whose) {
    return switch (whose) {
      case "lanewise" -> LanewiseOperation.of(task);
      case "lanewise-scalar" -> LanewiseOperation.normBackward(task, Engine.of("scalar").kernels());
      case "staged" -> new StagedNorm(task);
      default -> throw new IllegalArgumentException(whose);
    };
  }

  private void check(float[] expected, float[] result) {
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(result[i] - expected[i]) <= 1e-5 * (1 + Math.abs(expected[i])))) {
        throw new IllegalStateException(
            "%s: value %d is %s; expected %s".formatted(who, i, result[i], expected[i]));
      }
    }
  }

  /** Ends the operation. */
  @TearDown
  public void close() throws Exception {
    operation.close();
  }

  /** The backward pass. */
  @Benchmark
  @OperationsPerInvocation(TIMES)
  public void backward() {
    operation.run(TIMES);
  }
}
