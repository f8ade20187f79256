package dev.lanewise.cli;

import dev.lanewise.data.TableReader;
import java.io.PrintWriter;
import java.util.function.Supplier;

/**
 * One line on standard error that tells how far a command is, rewritten as it goes on, if that is a
 * terminal; the launcher tells whether it is. Safe for use by several threads.
 *
 * <p>A command has one line. Whatever may take longer than two seconds begins a part of its own,
 * and tells of its rows, epochs or trials as often as it likes: the line is written ten times a
 * second at most. Whoever prints something else ends the line first.
 */
final class Progress implements AutoCloseable {

  /** Whether standard error is a terminal. */
  static final boolean TERMINAL = Boolean.getBoolean("lanewise.terminal");

  private static final long NANOS_BETWEEN = 100_000_000;
  private static final String TO_LINE_START = "\r\033[K";

  /** What goes beyond the terminal's width is cut, for a second line would stay. */
  private static final String CUT = "\033[?7l";

  private static final String WRAP = "\033[?7h";

  private final PrintWriter err;
  private final boolean terminal;
  private String part = "";
  private boolean shown;

  /** When the line was written last; only ever subtracted from another time. */
  private long written = System.nanoTime() - NANOS_BETWEEN;

  /**
   * Creates the line.
   *
   * @param err standard error
   */
  Progress(PrintWriter err) {
    this(err, TERMINAL);
  }

  /**
   * Creates the line.
   *
   * @param err where it goes
   * @param terminal whether that is a terminal; if not, nothing is written
   */
  Progress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /**
   * Begins a part of the command and shows its name at once.
   *
   * @param what what is done, as {@code reading data.csv}; escaped here
   */
  synchronized void begin(String what) {
    part = Lanewise.shown(what);
    if (terminal) {
      write(part);
    }
  }

  /**
   * Shows how much of the part is done, if it is time for that.
   *
   * @param done the number of things done
   * @param things what is counted, as {@code rows}
   */
  void count(long done, String things) {
    show(() -> "%s  %d %s".formatted(part, done, things));
  }

  /** {@return a reader of tables that shows the rows it has read} */
  TableReader toldBy(TableReader reader) {
    return reader.withProgress(rows -> count(rows, "rows"));
  }

  /**
   * Shows a line, if it is time for that.
   *
   * @param line makes the line, which holds nothing that would have to be escaped; not called
   *     otherwise
   */
  synchronized void show(Supplier<String> line) {
    if (terminal && System.nanoTime() - written >= NANOS_BETWEEN) {
      write(line.get());
    }
  }

  private void write(String line) {
    err.print(TO_LINE_START + CUT + line + WRAP);
    err.flush();
    shown = true;
    written = System.nanoTime();
  }

  /** {@return a time as people read it, as {@code 40 s}, {@code 12 min} or {@code 3.5 h}} */
  static String time(double seconds) {
    return seconds < 120
        ? "%.0f s".formatted(seconds)
        : seconds < 7200 ? "%.0f min".formatted(seconds / 60) : "%.1f h".formatted(seconds / 3600);
  }

  /** Removes the line, if there is one. */
  synchronized void end() {
    if (shown) {
      err.print(TO_LINE_START);
      err.flush();
      shown = false;
    }
  }

  /** Removes the line at the end of the command, however it ends. */
  @Override
  public void close() {
    end();
  }
}
