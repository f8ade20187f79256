package dev.lanewise.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.Locale;

/**
 * Where a command's results go, as UTF-8. A print writer tells of a failure only that there was
 * one; this knows the first.
 */
final class Results extends PrintWriter {

  private final Kept kept;

  /**
   * Creates a writer, which flushes each line.
   *
   * @param out where to
   */
  Results(OutputStream out) {
    this(new Kept(out));
  }

  private Results(Kept kept) {
    super(kept, true, StandardCharsets.UTF_8);
    this.kept = kept;
  }

  /** {@return a writer to the same place that fails as soon as that does} */
  Writer strict() {
    flush();
    return writer(kept);
  }

  /** {@return a writer of text as UTF-8} */
  static Writer writer(OutputStream out) {
    return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  /** Flushes, and refuses to go on if anything could not be written. */
  void requireWritten() throws IOException {
    if (!checkError() && kept.failure == null) {
      return;
    }
    String why = kept.failure == null ? "closed" : kept.failure.getMessage();
    if (kept.failure != null && tellsOfReaderGone(kept.failure)) {
      throw new ReaderGoneException(why);
    }
    throw new IOException(
        "standard output: cannot be written, %s; expected room for the results".formatted(why));
  }

  /** {@return whether what could not be written went to a pipe whose reader has ended} */
  static boolean tellsOfReaderGone(IOException e) {
    return !(e instanceof FileSystemException)
        && String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
  }

  /** What read a pipe has ended, as {@code head} does; nobody is left to be told. */
  static final class ReaderGoneException extends IOException {

    private static final long serialVersionUID = 1;

    ReaderGoneException(String message) {
      super(message);
    }
  }

  /** Keeps the first failure of a stream. */
  private static final class Kept extends OutputStream {

    private final OutputStream out;
    private IOException failure;

    private Kept(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        out.write(bytes, from, count);
      } catch (IOException e) {
        throw kept(e);
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        out.flush();
      } catch (IOException e) {
        throw kept(e);
      }
    }

    private IOException kept(IOException e) {
      failure = failure == null ? e : failure;
      return e;
    }
  }
}
