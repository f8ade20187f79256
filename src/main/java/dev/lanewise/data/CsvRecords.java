package dev.lanewise.data;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;

/**
 * One pass over the records of a CSV text; a line that is empty or has nothing but blanks is none.
 * The only class that touches the CSV library, which is optional.
 */
final class CsvRecords implements Closeable {

  private static final int LONGEST_FIELD = 1 << 26;

  private final CsvSource source;
  private final Handler handler;
  private final CsvReader<Handler> reader;
  private final Iterator<Handler> records;
  private final CsvSource.Text text;

  private CsvRecords(
      CsvSource source, CellSink sink, CsvSource.Text text, LookAhead start, char delimiter) {
    this.source = source;
    this.text = text;
    handler = new Handler(source.name(), sink);
    reader =
        CsvReader.builder()
            .fieldSeparator(delimiter)
            .commentStrategy(CommentStrategy.NONE)
            .skipEmptyLines(true)
            .trimWhitespacesAroundQuotes(true)
            .allowUnclosedQuote(false)
            .maxBufferSize(LONGEST_FIELD)
            // Rows of other lengths are refused by the table, which has better words for it.
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .build(handler, start);
    records = reader.iterator();
  }

  /**
   * Begins a pass before the first record.
   *
   * @param source the text
   * @param sink takes the cells
   * @throws IOException if the text cannot be read, or the library is not there
   */
  static CsvRecords open(CsvSource source, CellSink sink) throws IOException {
    CsvSource.Text text = source.open();
    CsvRecords records = null;
    try {
      LookAhead start = new LookAhead(text);
      records = new CsvRecords(source, sink, text, start, start.delimiter());
      return records;
    } catch (IOException e) {
      throw source.explained(e);
    } finally {
      if (records == null) {
        text.close();
      }
    }
  }

  /** Reads the next record into the sink; {@return whether there was one} */
  boolean next() throws IOException {
    try {
      while (records.hasNext()) {
        records.next();
        if (!handler.isBlank()) {
          return true;
        }
      }
      return false;
    } catch (CsvParseException e) {
      if (e.getCause() instanceof IOException cause) {
        throw source.explained(cause);
      }
      if (e.getCause() instanceof DataException refusal) {
        throw refusal;
      }
      throw new DataException("%s: %s".formatted(source.name(), reason(e)));
    } catch (UncheckedIOException e) {
      throw source.explained(e.getCause());
    }
  }

  private static String reason(CsvParseException e) {
    String cause = e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")";
    return e.getMessage() + cause + "; expected CSV with closed quotes";
  }

  /** {@return the line where the last record begins, from 1} */
  int line() {
    return Math.toIntExact(handler.line);
  }

  /** {@return a check sum of all bytes, once there is no next record} */
  long sum() {
    return text.sum();
  }

  /** {@return the number of cells of the last record} */
  int fields() {
    return handler.fields;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** Hands the cells on, but not those of a blank line. */
  private static final class Handler extends CsvCallbackHandler<Handler> {

    private static final char[] NOTHING = {};

    private final String source;
    private final CellSink sink;
    private long line;
    private int fields;
    private boolean empty;
    private boolean blankFirst;

    private Handler(String source, CellSink sink) {
      this.source = source;
      this.sink = sink;
    }

    /** Whether the record is one cell of blanks, which was not handed on. */
    private boolean isBlank() {
      return blankFirst && fields == 1;
    }

    @Override
    protected RecordType getRecordType() {
      return empty ? RecordType.EMPTY : RecordType.DATA;
    }

    @Override
    protected int getFieldCount() {
      return fields;
    }

    @Override
    protected void beginRecord(long startingLineNumber) {
      line = startingLineNumber;
      fields = 0;
      empty = false;
      blankFirst = false;
    }

    @Override
    protected void addField(char[] buffer, int offset, int length, boolean quoted) {
      if (!quoted) {
        refuseHiddenQuote(buffer, offset, length);
      }
      if (fields > 0) {
        if (fields == 1 && blankFirst) {
          sink.cell(0, NOTHING, 0, 0);
        }
        sink.cell(fields, buffer, offset, offset + length);
      } else if (quoted || !isBlank(buffer, offset, length)) {
        sink.cell(0, buffer, offset, offset + length);
      } else {
        blankFirst = true;
      }
      fields++;
    }

    /**
     * Refuses quotes that are none because something that nobody sees stands before them, as where
     * files with byte order marks were joined.
     */
    private void refuseHiddenQuote(char[] buffer, int offset, int length) {
      int quote = afterBlanks(buffer, offset, offset + length);
      if (quote > offset && quote < offset + length && buffer[quote] == '"') {
        throw new DataException(
            "%s line %d, column %s: %s before a quote; expected the quote first in its field"
                .formatted(
                    source,
                    line,
                    sink.name(fields),
                    Names.shown(new String(buffer, offset, quote - offset))));
      }
    }

    private static boolean isBlank(char[] buffer, int offset, int length) {
      return afterBlanks(buffer, offset, offset + length) == offset + length;
    }

    /** The place of the first character that is not blank, the end if there is none. */
    private static int afterBlanks(char[] buffer, int from, int to) {
      int at = from;
      while (at < to && Cell.isBlank(Character.codePointAt(buffer, at, to))) {
        at += Character.charCount(Character.codePointAt(buffer, at, to));
      }
      return at;
    }

    @Override
    protected void setComment(char[] buffer, int offset, int length) {
      throw new AssertionError("comments are cells");
    }

    @Override
    protected void setEmpty() {
      empty = true;
      fields = 1;
    }

    @Override
    protected Handler buildRecord() {
      return this;
    }
  }
}
