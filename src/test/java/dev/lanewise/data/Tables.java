package dev.lanewise.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Tables for tests, from lines of CSV. */
public final class Tables {

  private Tables() {}

  /** {@return a table called {@code t.csv} of lines, the first of which names the columns} */
  public static Table named(String... lines) {
    return read(TableReader.create().withHeader(true), "t.csv", lines);
  }

  /** {@return a table called {@code t.csv} of lines, none of which names the columns} */
  public static Table unnamed(String... lines) {
    return read(TableReader.create().withHeader(false), "t.csv", lines);
  }

  /** {@return a table of lines} */
  public static Table read(TableReader reader, String source, String... lines) {
    String text = String.join("\n", lines) + "\n";
    try {
      return reader.csv(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
