package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is replaced, not overwritten. */
final class AtomicFileTest {

  @TempDir private Path folder;

  /** A second name of the old file stands for a reader that has it open. */
  @Test
  void whoHasTheOldFileKeepsItWhole() throws IOException {
    Path file = folder.resolve("model");
    write(file, "old content");
    Path reader = folder.resolve("reader");
    try {
      Files.createLink(reader, file);
    } catch (UnsupportedOperationException e) {
      Assumptions.abort("skipped: files here have one name only");
    }
    write(file, "new");
    assertEquals("new", Files.readString(file));
    assertEquals("old content", Files.readString(reader));
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(
        file, channel -> channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
  }
}
