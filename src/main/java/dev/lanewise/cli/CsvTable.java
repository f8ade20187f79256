package dev.lanewise.cli;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.lanewise.data.Table;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads CSV files (UTF-8, compressed with gzip or not) into tables. The only class that touches the
 * CSV library, which is optional.
 *
 * <p>The delimiter is whichever of comma, semicolon and tab is most frequent in the first line.
 * Fields may be quoted; blanks around them are removed; empty lines are skipped. The first line
 * holds names if none of its fields is empty or a number, unless the caller knows better.
 */
final class CsvTable {

  /** As many characters of the first line are looked at for delimiters. */
  private static final int LONGEST_LOOK = 1 << 20;

  private CsvTable() {}

  /**
   * Reads a table.
   *
   * @param file the file
   * @param header whether the first line holds names, if the caller knows
   * @return the table, with at least one row
   * @throws IOException if the file cannot be read, is not UTF-8, or a quote is not closed
   * @throws IllegalArgumentException if there is no row, rows differ in length, or a name stands
   *     twice
   */
  static Table read(Path file, Optional<Boolean> header) throws IOException {
    return first(file, header, Integer.MAX_VALUE);
  }

  /**
   * Reads the first rows of a table.
   *
   * @param file the file
   * @param header whether the first line holds names, if the caller knows
   * @param most the most rows, at least 1
   * @return the table, with at least one row
   * @throws IOException as {@link #read}
   * @throws IllegalArgumentException as {@link #read}
   */
  static Table first(Path file, Optional<Boolean> header, int most) throws IOException {
    try (Pass pass = pass(file)) {
      List<Table.Row> records = pass.next(1);
      if (records.isEmpty()) {
        throw new IllegalArgumentException(file + ": no lines; expected a CSV file with rows");
      }
      List<String> line = records.getFirst().cells();
      boolean named = header.orElseGet(() -> looksLikeNames(line));
      List<Table.Row> rows = named ? new ArrayList<>() : records;
      rows.addAll(pass.next(most - rows.size()));
      if (rows.isEmpty()) {
        throw new IllegalArgumentException(file + ": a header alone; expected rows below it");
      }
      return new Table(file.toString(), named ? line : List.of(), rows);
    }
  }

  /**
   * {@return a pass over the lines of a file that are not empty, before the first}
   *
   * @param file the file
   * @throws IOException as {@link #read}
   */
  static Pass pass(Path file) throws IOException {
    Reader text = null;
    Pass pass = null;
    try {
      text = open(file);
      pass = new Pass(file, records(text));
      return pass;
    } catch (NoClassDefFoundError e) {
      throw new IOException(
          file + ": reading CSV takes a library; expected de.siegmar:fastcsv on the class path", e);
    } catch (IOException e) {
      throw named(file, e);
    } finally {
      if (pass == null && text != null) {
        text.close();
      }
    }
  }

  /** {@return what went wrong, with the file's name where the error has none} */
  private static IOException named(Path file, IOException e) {
    return switch (e) {
      case CharacterCodingException c ->
          new IOException(file + ": not UTF-8; expected a CSV file of text in UTF-8", c);
      case ZipException z ->
          new IOException(file + ": a damaged gzip file; expected a whole one", z);
      case EOFException z ->
          new IOException(file + ": a damaged gzip file; expected a whole one", z);
      default -> e;
    };
  }

  /** One pass over a file's lines. */
  static final class Pass implements Closeable {

    private final Path file;
    private final CsvReader<CsvRecord> records;
    private final Iterator<CsvRecord> iterator;

    private Pass(Path file, CsvReader<CsvRecord> records) {
      this.file = file;
      this.records = records;
      iterator = records.iterator();
    }

    /**
     * {@return the next lines that are not empty, as a list that can grow; fewer at the end}
     *
     * @param most the most lines
     */
    List<Table.Row> next(int most) throws IOException {
      List<Table.Row> rows = new ArrayList<>();
      try {
        while (rows.size() < most && iterator.hasNext()) {
          CsvRecord record = iterator.next();
          boolean blank = record.getFieldCount() == 1 && record.getField(0).isBlank();
          if (!blank) {
            int line = Math.toIntExact(record.getStartingLineNumber());
            rows.add(new Table.Row(line, record.getFields()));
          }
        }
        return rows;
      } catch (CsvParseException e) {
        throw new IOException("%s: %s".formatted(file, reason(e)), e);
      } catch (UncheckedIOException e) {
        throw named(file, e.getCause());
      }
    }

    @Override
    public void close() throws IOException {
      records.close();
    }
  }

  /**
   * {@return a field as CSV: quoted if it holds a comma, a quote, a line break or blanks at its
   * ends}
   */
  static String field(String text) {
    boolean plain = text.equals(text.strip()) && !text.matches("(?s).*[,\"\r\n].*");
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private static boolean looksLikeNames(List<String> fields) {
    return fields.stream().noneMatch(field -> field.isEmpty() || Table.isNumber(field));
  }

  private static Reader open(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      bytes.mark(2);
      boolean compressed = bytes.read() == 0x1f && bytes.read() == 0x8b;
      bytes.reset();
      if (compressed) {
        bytes = new GZIPInputStream(bytes, 1 << 16);
      }
      Reader text =
          new BufferedReader(
              new InputStreamReader(
                  bytes,
                  StandardCharsets.UTF_8
                      .newDecoder()
                      .onMalformedInput(CodingErrorAction.REPORT)
                      .onUnmappableCharacter(CodingErrorAction.REPORT)));
      skipByteOrderMark(text);
      return text;
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  private static void skipByteOrderMark(Reader text) throws IOException {
    text.mark(1);
    if (text.read() != '\uFEFF') {
      text.reset();
    }
  }

  /**
   * The most frequent delimiter of the first line that is not empty; the text stays where it is.
   */
  private static char delimiter(Reader text) throws IOException {
    String delimiters = ",;\t";
    int[] counts = new int[delimiters.length()];
    boolean quoted = false;
    boolean empty = true;
    text.mark(LONGEST_LOOK);
    for (int i = 0; i < LONGEST_LOOK; i++) {
      int c = text.read();
      boolean lineEnds = !quoted && (c == '\n' || c == '\r');
      if (c < 0 || (lineEnds && !empty)) {
        break;
      }
      quoted ^= c == '"';
      empty &= Character.isWhitespace(c) && delimiters.indexOf(c) < 0;
      if (!quoted && delimiters.indexOf(c) >= 0) {
        counts[delimiters.indexOf(c)]++;
      }
    }
    text.reset();
    int best = 0;
    for (int d = 1; d < counts.length; d++) {
      best = counts[d] > counts[best] ? d : best;
    }
    return delimiters.charAt(best);
  }

  private static CsvReader<CsvRecord> records(Reader text) throws IOException {
    return CsvReader.builder()
        .fieldSeparator(delimiter(text))
        .commentStrategy(CommentStrategy.NONE)
        .skipEmptyLines(true)
        .trimWhitespacesAroundQuotes(true)
        .allowUnclosedQuote(false)
        // Rows of other lengths are refused by Table, which has better words for it.
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .ofCsvRecord(text);
  }

  private static String reason(CsvParseException e) {
    String cause = e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")";
    return e.getMessage() + cause + "; expected CSV with closed quotes";
  }
}
