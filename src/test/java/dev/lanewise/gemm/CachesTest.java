package dev.lanewise.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of the caches, from folders such as Linux has. */
class CachesTest {

  private static final Caches ASSUMED = new Caches(32 << 10, 512 << 10, true);

  @TempDir private Path folder;

  private void cache(int index, String level, String type, String size) throws IOException {
    Path cache = Files.createDirectory(folder.resolve("index" + index));
    Files.writeString(cache.resolve("level"), level + "\n");
    Files.writeString(cache.resolve("type"), type + "\n");
    Files.writeString(cache.resolve("size"), size + "\n");
  }

  @Test
  void cachesOfDataAndOfBothAreRead() throws IOException {
    cache(0, "1", "Data", "48K");
    cache(1, "1", "Instruction", "64K");
    cache(2, "2", "Unified", "2M");
    cache(3, "3", "Unified", "32768K");
    assertEquals(new Caches(48 << 10, 2 << 20, false), Caches.in(folder));
  }

  @Test
  void aSizeThatIsNotThereIsAssumed() throws IOException {
    cache(0, "2", "Unified", "1024K");
    assertEquals(new Caches(32 << 10, 1 << 20, true), Caches.in(folder));
  }

  @Test
  void aFolderThatIsNotThereIsNoFailure() throws IOException {
    assertEquals(ASSUMED, Caches.in(folder.resolve("absent")));
    Path file = Files.writeString(folder.resolve("file"), "32K");
    assertEquals(ASSUMED, Caches.in(file));
    Files.createDirectories(folder.resolve("index0/level"));
    assertEquals(ASSUMED, Caches.in(folder));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "K", "-32K", "0K", "1K", "32", "32KB", "9999999M", "99999999999K", "é\t½"})
  void sizesThatMakeNoSenseAreAssumed(String size) throws IOException {
    cache(0, "1", "Data", size);
    cache(1, "2", "Unified", size);
    cache(2, "second", "?", "1M");
    assertEquals(ASSUMED, Caches.in(folder));
  }

  @Test
  void aLongFileIsNoSize() throws IOException {
    cache(0, "1", "Data", "32K" + " ".repeat(100_000) + "x");
    cache(1, "2", "Unified", "1".repeat(100_000));
    assertEquals(new Caches(32 << 10, 512 << 10, true), Caches.in(folder));
  }
}
