package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Damaged pairs of files when only some of their rows are read. */
final class IdxDamageTest {

  @TempDir Path folder;

  /** Idx.Images of one pixel, bytes of which may be missing, with a number of labels. */
  private Path files(int images, int bytes, int labels, int labelBytes) throws IOException {
    ByteBuffer pixels = ByteBuffer.allocate(16 + bytes);
    pixels.putInt(0x0803).putInt(images).putInt(1).putInt(1);
    for (int i = 0; i < bytes; i++) {
      pixels.put((byte) (51 * i));
    }
    ByteBuffer classes = ByteBuffer.allocate(8 + labelBytes).putInt(0x0801).putInt(labels);
    for (int i = 0; i < labelBytes; i++) {
      classes.put((byte) (i % 2));
    }
    Files.write(folder.resolve("a-labels-idx1-ubyte"), classes.array());
    return Files.write(folder.resolve("a-images-idx3-ubyte"), pixels.array());
  }

  private static void assertRefused(String says, Executable read) {
    String message = assertThrows(IOException.class, read).getMessage();
    assertTrue(message.contains("a-images-idx3-ubyte") && message.contains(says), message);
  }

  private static Encoder encoder(Optional<Standardizer> standardizer) {
    return Encoder.of(
        false,
        List.of(new Column.Pixels(1, 1, 1)),
        standardizer,
        new Target.Classes(List.of("0", "1")));
  }

  @Test
  void theFirstImagesNeedNoMoreThanTheirBytes() throws IOException {
    Path file = files(4, 2, 4, 2);
    assertArrayEquals(new byte[] {0, 51}, Idx.first(file, 2).pixels());
    assertArrayEquals(new byte[] {0, 1}, Idx.first(file, 2).labels());
    assertEquals(0, Idx.first(file, 0).count());
    assertRefused("truncated", () -> Idx.first(file, 3));
  }

  @Test
  void missingLabelsOfTheFirstImagesAreRefused() throws IOException {
    Path file = files(4, 4, 4, 2);
    assertRefused("truncated", () -> Idx.first(file, 3));
  }

  @Test
  void asManyLabelsAsImagesAreExpected() throws IOException {
    Path file = files(4, 4, 3, 3);
    assertRefused("4 images, but 3 labels", () -> Idx.first(file, 1));
    assertRefused("4 images, but 3 labels", () -> Idx.rows(file, encoder(Optional.empty())));
  }

  @Test
  void aHeaderThatEndsEarlyIsRefused() throws IOException {
    Path file = files(1, 1, 1, 1);
    Files.write(file, new byte[] {0, 0, 8, 3, 0});
    assertRefused("truncated", () -> Idx.first(file, 1));
    assertRefused("truncated", () -> Idx.rows(file, encoder(Optional.empty())));
  }

  @Test
  void rowsAreStandardizedAsTheyAreRead() throws IOException {
    Path file = files(2, 2, 2, 2);
    Standardizer standardizer = Standardizer.of(new double[] {0.5f}, new double[] {0.25f});
    float[] features = new float[2];
    float[] targets = new float[2];
    try (RowSource.Reader rows = Idx.rows(file, encoder(Optional.of(standardizer))).open()) {
      rows.read(features, 0, targets, 0);
      rows.read(features, 1, targets, 1);
    }
    assertArrayEquals(new float[] {-2, (0.2f - 0.5f) / 0.25f}, features);
    assertArrayEquals(new float[] {0, 1}, targets);
  }
}
