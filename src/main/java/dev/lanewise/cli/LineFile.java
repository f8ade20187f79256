package dev.lanewise.cli;

import dev.lanewise.file.AtomicFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A text file that grows by lines while a training goes on, so that it is readable whenever that
 * ends: every line is there whole or not at all.
 *
 * <p>An old file is replaced when the first line comes, at once and whole; until then it is as it
 * was. Later lines are appended, and a line that there is no room for is cut off again. Devices and
 * pipes are written through.
 */
final class LineFile implements Closeable {

  private final Path file;

  /** Null for a file that is replaced. */
  private final OutputStream through;

  private List<String> first = List.of();
  private boolean begun;

  private LineFile(Path file, OutputStream through) {
    this.file = file;
    this.through = through;
  }

  /**
   * {@return a file that has been tried, or opened where it is written through}
   *
   * @param file the file
   * @throws IOException if it cannot be written
   */
  static LineFile at(Path file) throws IOException {
    OutputStream through = OutputFile.through(file).orElse(null);
    if (through == null) {
      FileChecks.tryTarget(file);
      if (Files.exists(file)) {
        // The new file has the permissions of this one, and is appended to.
        FileChannel.open(file, StandardOpenOption.WRITE).close();
      }
    }
    return new LineFile(file, through);
  }

  Path file() {
    return file;
  }

  /**
   * {@return the lines after the first that the file holds now} None if there is no file, or it is
   * empty or written through.
   *
   * @param header what the first line must be
   */
  List<String> linesAfter(String header) throws IOException {
    if (through != null || !Files.exists(file) || Files.size(file) == 0) {
      return List.of();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.getFirst().equals(header)) {
        return lines.subList(1, lines.size());
      }
    } catch (CharacterCodingException e) {
      // Not a file of ours, like one with another first line.
    }
    throw new IOException(
        "%s: does not begin with %s; expected the file of the run that is resumed"
            .formatted(file, header));
  }

  /**
   * Begins with lines, of which the first is the header. A stream takes the header at once, and
   * nothing that it has been given before.
   */
  void begin(List<String> lines) throws IOException {
    first = lines;
    if (through != null) {
      begun = true;
      write(lines.subList(0, 1));
    }
  }

  /** Adds lines. */
  void add(List<String> lines) throws IOException {
    if (begun) {
      write(lines);
      return;
    }
    List<String> all = new ArrayList<>(first);
    all.addAll(lines);
    AtomicFile.write(file, out -> out.write(bytes(all)));
    begun = true;
  }

  /** Writes the lines that it begins with if no others came. */
  void end() throws IOException {
    if (!begun) {
      add(List.of());
    }
  }

  private void write(List<String> lines) throws IOException {
    try {
      if (through == null) {
        append(bytes(lines));
      } else {
        through.write(bytes(lines));
        through.flush();
      }
    } catch (IOException e) {
      throw FileChecks.unwritable(file, e);
    }
  }

  private void append(byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long size = channel.size();
      channel.position(size);
      try {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
          channel.write(left);
        }
      } catch (IOException e) {
        channel.truncate(size);
        throw e;
      }
    }
  }

  private static byte[] bytes(List<String> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    if (through != null) {
      through.close();
    }
  }
}
