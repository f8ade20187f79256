package dev.lanewise.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a command that was run in this JVM left behind.
 *
 * @param exit the exit code
 * @param out the lines on standard output
 * @param err the lines on standard error
 */
record CommandLineRun(int exit, List<String> out, List<String> err) {

  /** {@return the outcome of a command} */
  static CommandLineRun of(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    String[] texts = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
    int exit = Lanewise.run(texts, new Results(out), new PrintWriter(err, true));
    return new CommandLineRun(
        exit,
        out.toString(StandardCharsets.UTF_8).lines().toList(),
        err.toString().lines().toList());
  }
}
