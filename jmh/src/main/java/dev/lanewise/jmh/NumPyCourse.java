package dev.lanewise.jmh;

import java.util.Arrays;
import java.util.function.Function;

/** NumPy's course net, in a process of its own. */
final class NumPyCourse implements CourseRun {

  private final String kind;
  private final NumPy script = new NumPy("course_net.py");

  NumPyCourse(Course course, String kind) {
    this.kind = kind;
    script.answer(
        "{\"sizes\": %s, \"weights\": %s, \"biases\": %s, \"rows\": %s, \"targets\": %s}"
            .formatted(
                course.net().sizes(),
                each(course, Net.Dense::weight),
                each(course, Net.Dense::bias),
                Arrays.toString(course.rows()),
                Arrays.toString(course.targets())));
  }

  private static Object each(Course course, Function<Net.Dense, float[]> part) {
    return course.net().layers().stream().map(part).map(Arrays::toString).toList();
  }

  @Override
  public double run(int iterations) {
    return Double.parseDouble(script.answer(kind + " " + iterations));
  }

  @Override
  public void close() {
    script.close();
  }
}
