package dev.lanewise.jmh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/** NumPy, in a process of its own that stays, so that its start is not measured. */
final class NumpyCourse implements CourseRun {

  private static final String SCRIPT = "course_net.py";

  private final String kind;
  private final Process python;
  private final PrintStream questions;
  private final BufferedReader answers;

  NumpyCourse(Course course, String kind) throws IOException {
    this.kind = kind;
    ProcessBuilder builder =
        new ProcessBuilder(System.getenv().getOrDefault("PYTHON", "python3"), "-c", script())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("OPENBLAS_NUM_THREADS", "1");
    builder.environment().put("OMP_NUM_THREADS", "1");
    python = builder.start();
    questions = new PrintStream(python.getOutputStream(), true, StandardCharsets.UTF_8);
    answers = python.inputReader(StandardCharsets.UTF_8);
    answer(
        "{\"sizes\": %s, \"weights\": %s, \"biases\": %s, \"rows\": %s, \"targets\": %s}"
            .formatted(
                course.net().sizes(),
                each(course, Net.Dense::weight),
                each(course, Net.Dense::bias),
                Arrays.toString(course.rows()),
                Arrays.toString(course.targets())));
  }

  private static String script() throws IOException {
    try (InputStream script = NumpyCourse.class.getResourceAsStream(SCRIPT)) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Object each(Course course, Function<Net.Dense, float[]> part) {
    return course.net().layers().stream().map(part).map(Arrays::toString).toList();
  }

  private String answer(String question) {
    questions.println(question);
    try {
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException("no NumPy: PYTHON names no python3 that has it; skipped");
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public double run(int iterations) {
    return Double.parseDouble(answer(kind + " " + iterations));
  }

  @Override
  public void close() {
    python.destroy();
  }
}
