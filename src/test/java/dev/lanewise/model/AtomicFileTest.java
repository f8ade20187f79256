package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is replaced by the one that was written, not overwritten, nor copied to. */
final class AtomicFileTest {

  @TempDir private Path folder;

  /** A second name of the old file stands for a reader that has it open. */
  @Test
  void whoHasTheOldFileKeepsItWhole() throws IOException {
    Path file = folder.resolve("model");
    AtomicFile.write(file, channel -> channel.write(bytes("old content")));
    Path reader = folder.resolve("reader");
    link(reader, file);
    AtomicFile.write(file, channel -> channel.write(bytes("new")));
    assertEquals("new", Files.readString(file));
    assertEquals("old content", Files.readString(reader));
  }

  /** While it is written, the file gets a second name, which then still is one of the same file. */
  @Test
  void theFileIsTheOneThatWasWrittenAndForced() throws IOException {
    Path file = folder.resolve("model");
    AtomicFile.write(file, channel -> channel.write(bytes("old content")));
    Path second = folder.resolve("second");
    AtomicFile.write(
        file,
        channel -> {
          channel.write(bytes("new"));
          link(second, temporary());
        });
    assertTrue(Files.isSameFile(second, file));
  }

  private Path temporary() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> temporary = files.filter(f -> f.toString().endsWith(".tmp")).toList();
      assertEquals(1, temporary.size());
      return temporary.getFirst();
    }
  }

  private static void link(Path name, Path file) throws IOException {
    try {
      Files.createLink(name, file);
    } catch (UnsupportedOperationException e) {
      Assumptions.abort("skipped: files here have one name only");
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
