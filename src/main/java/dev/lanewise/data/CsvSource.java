package dev.lanewise.data;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;

/**
 * Bytes of CSV that can be read as often as needed: a file, or what came through a pipe. They are
 * text in UTF-8, compressed with gzip or not.
 */
final class CsvSource {

  /** As many first bytes are looked at for zeros, which text in UTF-16 is full of. */
  private static final int LOOK = 1 << 12;

  private interface Opener {
    InputStream open() throws IOException;
  }

  private final String name;
  private final Opener opener;

  private CsvSource(String name, Opener opener) {
    this.name = name;
    this.opener = opener;
  }

  /** {@return a file's bytes; those of a pipe are taken into memory, as they come only once} */
  static CsvSource of(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": a folder; expected a CSV file");
    }
    if (Files.isRegularFile(file)) {
      return new CsvSource(file.toString(), () -> Files.newInputStream(file));
    }
    try (InputStream pipe = Files.newInputStream(file)) {
      return of(pipe, file.toString());
    }
  }

  /** {@return the bytes of a stream, which are taken into memory} */
  static CsvSource of(InputStream stream, String name) throws IOException {
    byte[] bytes = stream.readAllBytes();
    return new CsvSource(name, () -> new ByteArrayInputStream(bytes));
  }

  /** {@return what the source is called, for errors} */
  String name() {
    return name;
  }

  /** {@return the text, behind a byte order mark} */
  Text open() throws IOException {
    CheckedInputStream bytes = new CheckedInputStream(opener.open(), new CRC32());
    InputStream open = bytes;
    boolean begun = false;
    try {
      PushbackInputStream plain = content(new PushbackInputStream(bytes, LOOK));
      open = plain;
      byte[] start = plain.readNBytes(LOOK);
      requireUtf8(start);
      boolean marked = begins(start, 0xef, 0xbb, 0xbf);
      plain.unread(start, marked ? 3 : 0, start.length - (marked ? 3 : 0));
      Text text = new Text(bytes, plain);
      begun = true;
      return text;
    } catch (IOException e) {
      throw explained(e);
    } finally {
      if (!begun) {
        open.close();
      }
    }
  }

  /** The characters of one pass over the bytes. */
  static final class Text extends InputStreamReader {

    private final CheckedInputStream bytes;

    private Text(CheckedInputStream bytes, InputStream plain) {
      super(plain, decoder());
      this.bytes = bytes;
    }

    /** {@return a check sum of the bytes that were read, which are all at the end} */
    long sum() {
      return bytes.getChecksum().getValue();
    }
  }

  private static CharsetDecoder decoder() {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  private static PushbackInputStream content(PushbackInputStream bytes) throws IOException {
    return GzipMembers.begins(bytes)
        ? new PushbackInputStream(new GzipMembers(bytes), LOOK)
        : bytes;
  }

  private static boolean begins(byte[] bytes, int... start) {
    boolean same = bytes.length >= start.length;
    for (int i = 0; same && i < start.length; i++) {
      same = (bytes[i] & 0xff) == start[i];
    }
    return same;
  }

  /** Refuses what is no text, or text in another code, by what it seems to be. */
  private void requireUtf8(byte[] start) throws IOException {
    String other = otherFormat(start);
    if (other == null) {
      other = otherCode(start);
    }
    if (other != null) {
      throw new IOException("%s: %s; expected a CSV file of text in UTF-8".formatted(name, other));
    }
  }

  /** What a file is that is no text, by its first bytes; null if they are of none known. */
  private static String otherFormat(byte[] start) {
    if (begins(start, 'P', 'K', 3, 4)) {
      return "a ZIP archive, perhaps a workbook of Excel";
    }
    if (begins(start, 0x1f, 0x8b)) {
      return "gzip inside gzip";
    }
    if (begins(start, 'B', 'Z', 'h')
        && start.length > 4
        && start[3] >= '1'
        && start[3] <= '9'
        && start[4] == '1') {
      return "compressed with bzip2";
    }
    if (begins(start, 0x28, 0xb5, 0x2f, 0xfd)) {
      return "compressed with Zstandard";
    }
    if (begins(start, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return "compressed with xz";
    }
    if (begins(start, 'P', 'A', 'R', '1')) {
      return "a file of Parquet";
    }
    return begins(start, 0xd0, 0xcf, 0x11, 0xe0) ? "a workbook of an old Excel" : null;
  }

  /** The code of a text with zeros or the mark of another one; null if there are none. */
  private static String otherCode(byte[] start) {
    int[] places = new int[4]; // of zeros: in fours as in UTF-32, in twos as in UTF-16
    for (int i = 0; i < start.length; i++) {
      places[i % 4] += start[i] == 0 ? 1 : 0;
    }
    int even = places[0] + places[2];
    int odd = places[1] + places[3];
    int zeros = even + odd;
    int few = start.length / 32;
    boolean fours = Math.min(places[0], places[3]) <= few;
    boolean twos = Math.min(even, odd) <= few;
    if (begins(start, 0xff, 0xfe, 0, 0)
        || begins(start, 0, 0, 0xfe, 0xff)
        || (zeros > start.length / 8 * 5 && start.length >= 8 && fours)) {
      return "text in UTF-32";
    }
    if (begins(start, 0xff, 0xfe)
        || begins(start, 0xfe, 0xff)
        || (zeros > start.length / 8 && twos)) {
      return "text in UTF-16";
    }
    return zeros > 0 ? "bytes that are 0, which no text has" : null;
  }

  /** {@return what went wrong, with the source's name where the error has none} */
  IOException explained(IOException e) {
    return switch (e) {
      case CharacterCodingException c ->
          new IOException(
              "%s: %snot UTF-8, Latin-1 perhaps; expected a CSV file of text in UTF-8"
                  .formatted(name, place()),
              c);
      case ZipException z -> damaged(z);
      case EOFException z -> damaged(z);
      default -> e;
    };
  }

  private IOException damaged(IOException e) {
    return new IOException(
        "%s: a damaged gzip file, %s; expected a whole one".formatted(name, e.getMessage()), e);
  }

  /** Where the first bytes stand that are no UTF-8, if the source can still be read. */
  private String place() {
    try (InputStream bytes = content(new PushbackInputStream(opener.open(), LOOK))) {
      CharsetDecoder decoder = decoder();
      ByteBuffer in = ByteBuffer.allocate(1 << 16).limit(0);
      CharBuffer out = CharBuffer.allocate(in.capacity());
      int line = 1;
      boolean end = false;
      while (!end) {
        in.compact();
        int length = bytes.read(in.array(), in.position(), in.remaining());
        end = length < 0;
        in.position(in.position() + Math.max(0, length)).flip();
        CoderResult result = decoder.decode(in, out.clear(), end);
        out.flip();
        line += (int) out.chars().filter(c -> c == '\n').count();
        if (result.isError()) {
          return "line %d, byte 0x%02X: ".formatted(line, in.get(in.position()) & 0xff);
        }
      }
      return "";
    } catch (IOException e) {
      return "";
    }
  }
}
