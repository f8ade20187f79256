package dev.lanewise.data;

import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;

/** A text whose beginning, up to 2²⁰ characters, was looked at to find its delimiter. */
final class LookAhead extends Reader {

  /** The delimiters, the one that is preferred first if two would do. */
  private static final String DELIMITERS = "\t;,";

  private static final int MOST = 1 << 20;

  private final Reader rest;
  private final char[] start;
  private final int length;
  private final boolean whole;
  private int at;

  /** Reads the beginning of a text. */
  LookAhead(Reader text) throws IOException {
    rest = text;
    char[] read = new char[1 << 13];
    int count = 0;
    int more = 0;
    while (count < MOST && (more = text.read(read, count, read.length - count)) >= 0) {
      count += more;
      if (count == read.length && count < MOST) {
        read = Arrays.copyOf(read, Math.min(MOST, 4 * count));
      }
    }
    start = read;
    length = count;
    whole = more < 0;
  }

  private static final char START = '\1';
  private static final char NONE = 0;

  /**
   * What one delimiter would make of the lines.
   *
   * @param before the semicolon or comma that stands before every one of it, or none
   */
  private record Cut(char delimiter, int first, int same, int lines, char before) {

    boolean isEven() {
      return same == lines;
    }
  }

  /**
   * {@return the delimiter} Of those in the first line it is the one that cuts all lines into as
   * many fields as the first, a tab rather than a semicolon rather than a comma, so that decimal
   * commas are not split; if there is none, the one for which most lines are as the first.
   */
  char delimiter() {
    Cut best = new Cut(',', 0, -1, 0, NONE);
    for (int d = 0; d < DELIMITERS.length(); d++) {
      Cut cut = cut(DELIMITERS.charAt(d));
      boolean better =
          cut.first() > 1
              && (best.first() < 2
                  || (!best.isEven()
                      && (cut.isEven()
                          || cut.same() > best.same()
                          || (cut.same() == best.same() && cut.first() > best.first()))));
      best = better ? cut : best;
    }
    if (best.delimiter() == '\t' && best.before() != NONE) {
      Cut other = cut(best.before()); // tabs behind delimiters are blanks
      best = other.isEven() && other.first() == best.first() ? other : best;
    }
    return best.delimiter();
  }

  /** Counts the fields of lines; quotes protect where they begin a field and end. */
  private Cut cut(char delimiter) {
    int first = 0;
    int same = 0;
    int lines = 0;
    int at = 0;
    char before = START;
    while (at < length) {
      int fields = 1;
      boolean begins = true;
      boolean blank = true;
      char last = NONE;
      while (at < length && start[at] != '\n' && start[at] != '\r') {
        char c = start[at];
        if (c == '"' && begins) {
          at = afterQuotes(at);
          last = c;
          begins = false;
          blank = false;
          continue;
        }
        if (c == delimiter) {
          fields++;
          before = before == START || before == last ? last : NONE;
          last = c;
          begins = true;
          blank = false;
        } else if (c > ' ') {
          begins = false;
          blank = false;
          last = c;
        }
        at++;
      }
      boolean complete = at < length || whole;
      at++;
      if (!blank && complete) {
        first = lines == 0 ? fields : first;
        same += fields == first ? 1 : 0;
        lines++;
      } else if (!blank && lines == 0) {
        return new Cut(delimiter, fields, 1, 1, NONE); // a first line without an end
      }
    }
    char other = DELIMITERS.indexOf(before) > 0 ? before : NONE;
    return new Cut(delimiter, first, same, lines, other);
  }

  /** The place behind a quoted field; behind the quote alone if it is never closed. */
  private int afterQuotes(int quote) {
    int at = quote + 1;
    while (at < length) {
      if (start[at] != '"') {
        at++;
      } else if (at + 1 < length && start[at + 1] == '"') {
        at += 2;
      } else {
        return at + 1;
      }
    }
    return quote + 1;
  }

  @Override
  public int read(char[] to, int offset, int count) throws IOException {
    if (at == length) {
      return rest.read(to, offset, count);
    }
    int some = Math.min(count, length - at);
    System.arraycopy(start, at, to, offset, some);
    at += some;
    return some;
  }

  @Override
  public void close() throws IOException {
    rest.close();
  }
}
