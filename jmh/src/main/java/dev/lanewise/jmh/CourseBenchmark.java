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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;

/** Whole trainings of the course's net, one run an invocation, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@Warmup(iterations = 9)
@Measurement(iterations = 6)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CourseBenchmark {

  /** The iterations of a run; the course's own are 30 000. */
  @Param("30000")
  public int iterations;

  /** The regularisation. */
  @Param({"plain", "l2", "dropout"})
  public String kind;

  /** Whose, by turns. */
  @Param("lanewise+numpy+pytorch")
  public String who;

  private Turns<CourseRun> turns;
  private CourseRun training;

  /** Opens each library's training and compares its losses with ours. */
  @Setup
  public void open() throws Exception {
    boolean random = kind.equals("dropout");
    CourseRun ours = training("lanewise");
    turns =
        new Turns<>(
            who,
            name -> {
              CourseRun opened = training(name);
              check(name, opened, ours, 1, random ? 0.1 : 1e-5);
              check(name, opened, ours, 300, random ? 0.1 : 1e-3);
              return opened;
            });
  }

  /**
   * Begins a window, which is one run.
   *
   * @param window which
   */
  @Setup(Level.Iteration)
  public void next(IterationParams window) {
    training = turns.next(window);
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

  private static void check(
      String name, CourseRun opened, CourseRun ours, int some, double tolerance) {
    double expected = ours.run(some);
    double loss = opened.run(some);
    if (!(Math.abs(loss - expected) < tolerance)) {
      throw new IllegalStateException(
          "%s: loss %s in iteration %d; expected %s".formatted(name, loss, some, expected));
    }
  }

  /** Closes the trainings. */
  @TearDown
  public void close() throws Exception {
    turns.close();
  }

  /** One run. */
  @Benchmark
  public double run() {
    return training.run(iterations);
  }
}
