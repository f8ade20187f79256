package dev.lanewise.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The content of a gzip file of any number of members, one behind another (RFC 1952). Zeros behind
 * the last member are padding; anything else there, a member that is cut short, reserved flags, or
 * a wrong check sum of a member or its header is refused: all that {@code gunzip -t} complains of.
 * Java's own stream takes the end of a member for the end of the file where no byte of the next one
 * has arrived yet.
 */
final class GzipMembers extends InputStream {

  private static final int HEADER_CHECK = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final InputStream bytes;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 sum = new CRC32();
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;
  private boolean over;

  /** The check sum of a header so far. */
  private final CRC32 headerSum = new CRC32();

  /**
   * Begins at the first member.
   *
   * @param bytes the file's bytes, which begin as gzip's do
   */
  GzipMembers(InputStream bytes) throws IOException {
    this.bytes = bytes;
    boolean begun = false;
    try {
      header(next());
      begun = true;
    } finally {
      if (!begun) {
        inflater.end();
      }
    }
  }

  /** {@return whether bytes begin as a gzip file does; they stay where they are} */
  static boolean begins(PushbackInputStream bytes) throws IOException {
    byte[] start = bytes.readNBytes(2);
    bytes.unread(start);
    return start.length == 2 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b;
  }

  /** The next byte of the file, −1 at its end. */
  private int next() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, bytes.read(buffer));
      if (end == 0) {
        return -1;
      }
    }
    return buffer[at++] & 0xff;
  }

  private int need() throws IOException {
    int b = next();
    if (b < 0) {
      throw new EOFException("cut short");
    }
    return b;
  }

  private void header(int first) throws IOException {
    headerSum.reset();
    headerSum.update(first);
    if (first != 0x1f || headerByte() != 0x8b || headerByte() != 8) {
      throw new ZipException("bytes that are no gzip member");
    }
    int flags = headerByte();
    if ((flags & RESERVED) != 0) {
      throw new ZipException("a member with the reserved flags 0x%x".formatted(flags & RESERVED));
    }
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(headerByte() | headerByte() << 8);
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CHECK) != 0) {
      int expected = (int) headerSum.getValue() & 0xffff;
      if ((need() | need() << 8) != expected) {
        throw new ZipException("a wrong check sum of a member's header");
      }
    }
    inflater.reset();
    sum.reset();
  }

  private int headerByte() throws IOException {
    int b = need();
    headerSum.update(b);
    return b;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      headerByte();
    }
  }

  private void skipText() throws IOException {
    while (headerByte() != 0) {
      // up to its end
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!over) {
      try {
        int count = inflater.inflate(to, offset, length);
        if (count > 0) {
          sum.update(to, offset, count);
          return count;
        }
      } catch (DataFormatException e) {
        throw new ZipException(e.getMessage());
      }
      if (inflater.finished()) {
        at = end - inflater.getRemaining();
        trailer();
        nextMember();
      } else {
        need();
        at--;
        inflater.setInput(buffer, at, end - at);
        at = end;
      }
    }
    return -1;
  }

  private void trailer() throws IOException {
    long check = word();
    long size = word();
    if (check != sum.getValue() || size != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw new ZipException("a wrong check sum");
    }
  }

  private long word() throws IOException {
    return need() | need() << 8 | need() << 16 | (long) need() << 24;
  }

  private void nextMember() throws IOException {
    int first = next();
    if (first > 0) {
      header(first);
      return;
    }
    while (first == 0) {
      first = next();
    }
    if (first > 0) {
      throw new ZipException("bytes behind its zeros");
    }
    over = true;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    bytes.close();
  }
}
