package dev.lanewise.jmh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A Python script on one thread, in a process of its own that stays, so that its start is not
 * measured: for each line that it is given, it answers one.
 */
final class NumPy implements AutoCloseable {

  private final Process python;
  private final PrintStream questions;
  private final BufferedReader answers;

  /**
   * Starts a script.
   *
   * @param script the resource's name
   */
  NumPy(String script) {
    try (InputStream text = NumPy.class.getResourceAsStream(script)) {
      ProcessBuilder builder =
          new ProcessBuilder(
                  System.getenv().getOrDefault("PYTHON", "python3"),
                  "-c",
                  new String(text.readAllBytes(), StandardCharsets.UTF_8))
              .redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().put("OPENBLAS_NUM_THREADS", "1");
      builder.environment().put("OMP_NUM_THREADS", "1");
      python = builder.start();
      questions = new PrintStream(python.getOutputStream(), true, StandardCharsets.UTF_8);
      answers = python.inputReader(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the answer to a line} */
  String answer(String question) {
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
  public void close() {
    python.destroy();
  }
}
