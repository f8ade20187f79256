package dev.lanewise.jmh;

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

/** What a training step does outside its large products, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 9, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 30, time = 150, timeUnit = TimeUnit.MILLISECONDS)
public class ElementwiseBenchmark {

  /** So many at once that asking another process for them does not count. */
  private static final int TIMES = 50;

  /** The operation, and the rows and columns of its result. */
  @Param({
    "dropout 64x1024",
    "dropout 1024x1024",
    "batch-norm 128x512",
    "batch-norm 256x1024",
    "batch-norm-backward 128x512",
    "batch-norm-backward 256x1024",
    "linear-relu 128x512",
    "adam 1000x1000",
    "softmax-loss 256x10",
    "softmax-loss 256x1000"
  })
  public String task;

  /** Whose, by turns; {@code pytorch-fused} differs in Adam only. */
  @Param("lanewise+pytorch+numpy")
  public String who;

  private Turns<Operation> turns;
  private Operation operation;

  /** Opens each operation and compares its result with ours. */
  @Setup
  public void open() throws Exception {
    Task described = Task.of(task);
    turns =
        new Turns<>(
            who,
            name -> {
              Operation opened = operation(described, name);
              try (Operation ours = operation(described, "lanewise")) {
                ours.run(1);
                opened.run(1);
                if (described.name().equals("dropout")) {
                  checkDropped(name, Task.values(described.size(), 1), opened.result());
                } else {
                  check(name, ours.result(), opened.result());
                }
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

  private static Operation operation(Task described, String whose) {
    return switch (whose) {
      case "lanewise" -> LanewiseOperation.of(described);
      case "pytorch" -> TorchOperation.of(described, false);
      case "pytorch-fused" -> TorchOperation.of(described, true);
      case "numpy" -> new NumPyOperation(described);
      default -> throw new IllegalArgumentException(whose);
    };
  }

  private void check(String name, float[] expected, float[] result) {
    double scale = 0;
    for (float value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(result[i] - expected[i]) <= 1e-4 * scale)) {
        throw new IllegalStateException(
            "%s: value %d is %s; expected %s".formatted(name, i, result[i], expected[i]));
      }
    }
  }

  /** Each value is 0 or its input, scaled; about the right share is 0. */
  private void checkDropped(String name, float[] x, float[] y) {
    int dropped = 0;
    for (int i = 0; i < y.length; i++) {
      dropped += y[i] == 0 ? 1 : 0;
      if (y[i] != 0 && !(Math.abs(y[i] - x[i] / (1 - Task.DROP)) <= 1e-6)) {
        throw new IllegalStateException("%s: value %d is %s".formatted(name, i, y[i]));
      }
    }
    if (Math.abs(dropped - Task.DROP * y.length) > 4 * Math.sqrt(y.length)) {
      throw new IllegalStateException("%s: %d of %d dropped".formatted(name, dropped, y.length));
    }
  }

  /** Ends the operations. */
  @TearDown
  public void close() throws Exception {
    turns.close();
  }

  /** The operation. */
  @Benchmark
  @OperationsPerInvocation(TIMES)
  public void operation() {
    operation.run(TIMES);
  }
}
