package dev.lanewise.jmh;

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

/** Whole trainings of the course's net, one run an invocation, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@Warmup(iterations = 1)
@Measurement(iterations = 2)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CourseBenchmark {

  private static final int ITERATIONS = 30_000;

  /** The regularisation. */
  @Param({"plain", "l2", "dropout"})
  public String kind;

  /** Whose. */
  @Param({"lanewise", "numpy", "pytorch"})
  public String who;

  private CourseRun training;

  /** Opens the library's training and compares its losses with ours. */
  @Setup
  public void open() throws Exception {
    training = training(who);
    boolean random = kind.equals("dropout");
    CourseRun ours = training("lanewise");
    check(ours, 1, random ? 0.1 : 1e-5);
    check(ours, 300, random ? 0.1 : 1e-3);
  }

  private CourseRun training(String whose) throws Exception {
    Course course = Course.of(kind);
    return switch (whose) {
      case "lanewise" -> new LanewiseCourse(course);
      case "numpy" -> new NumPyCourse(course, kind);
      case "pytorch" -> new TorchCourse(course);
      default -> throw new IllegalArgumentException(whose);
    };
  }

  private void check(CourseRun ours, int iterations, double tolerance) {
    double expected = ours.run(iterations);
    double loss = training.run(iterations);
    if (!(Math.abs(loss - expected) < tolerance)) {
      throw new IllegalStateException(
          "%s: loss %s in iteration %d; expected %s".formatted(who, loss, iterations, expected));
    }
  }

  /** Closes the library's training. */
  @TearDown
  public void close() throws Exception {
    training.close();
  }

  /** One run. */
  @Benchmark
  public double run() {
    return training.run(ITERATIONS);
  }
}
