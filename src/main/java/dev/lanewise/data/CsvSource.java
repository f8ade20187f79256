package dev.lanewise.data;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
  Reader open() throws IOException {
    InputStream bytes = opener.open();
    try {
      PushbackInputStream plain = content(new PushbackInputStream(bytes, LOOK));
      byte[] start = plain.readNBytes(LOOK);
      requireUtf8(start);
      boolean marked =
          start.length >= 3
              && start[0] == (byte) 0xef
              && start[1] == (byte) 0xbb
              && start[2] == (byte) 0xbf;
      plain.unread(start, marked ? 3 : 0, start.length - (marked ? 3 : 0));
      return new InputStreamReader(
          plain,
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT));
    } catch (IOException e) {
      bytes.close();
      throw explained(e);
    }
  }

  private static PushbackInputStream content(PushbackInputStream bytes) throws IOException {
    return GzipMembers.begins(bytes)
        ? new PushbackInputStream(new GzipMembers(bytes), LOOK)
        : bytes;
  }

  private void requireUtf8(byte[] start) throws IOException {
    int zeros = 0;
    for (byte b : start) {
      zeros += b == 0 ? 1 : 0;
    }
    boolean marked =
        start.length >= 2
            && ((start[0] == (byte) 0xff && start[1] == (byte) 0xfe)
                || (start[0] == (byte) 0xfe && start[1] == (byte) 0xff));
    if (marked || zeros > 0) {
      throw new IOException(
          "%s: %s; expected a CSV file of text in UTF-8"
              .formatted(
                  name,
                  marked || zeros > start.length / 8
                      ? "text in UTF-16"
                      : "bytes that are 0, which no text has"));
    }
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
      int line = 1;
      int more = 0;
      byte[] buffer = new byte[1 << 16];
      int length;
      while ((length = bytes.read(buffer)) >= 0) {
        for (int i = 0; i < length; i++) {
          int b = buffer[i] & 0xff;
          boolean continues = (b & 0xc0) == 0x80;
          if (continues != more > 0 || b > 0xf4) {
            return "line %d, byte 0x%02X: ".formatted(line, b);
          }
          more = continues ? more - 1 : b < 0x80 ? 0 : b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
          line += b == '\n' ? 1 : 0;
        }
      }
      return "";
    } catch (IOException e) {
      return "";
    }
  }
}
