package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Commands for tests of other packages. */
public final class CommandLines {

  private CommandLines() {}

  /** Runs a command that must succeed. */
  public static void run(Object... words) {
    CommandLineRun run = CommandLineRun.of(words);
    assertEquals(0, run.exit(), run::toString);
  }
}
