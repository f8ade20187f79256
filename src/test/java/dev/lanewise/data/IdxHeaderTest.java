package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a header may say, and where the labels of a file of images are looked for. */
final class IdxHeaderTest {

  private static final int IMAGES = 0x0803;
  private static final int LABELS = 0x0801;

  @TempDir Path folder;

  private Path file(String name, int bytes, int... header) throws IOException {
    ByteBuffer file = ByteBuffer.allocate(4 * header.length + bytes);
    for (int number : header) {
      file.putInt(number);
    }
    for (int i = 0; i < bytes; i++) {
      file.put((byte) (i % 7));
    }
    return Files.write(folder.resolve(name), file.array());
  }

  private static String refusal(Path file, int most) {
    String said = assertThrows(IOException.class, () -> Idx.first(file, most)).getMessage();
    return said.substring(said.indexOf(": ") + 2);
  }

  @Test
  void theFirstImagesOfAFileOfGigabytesAreRead() throws IOException {
    Path file = file("a-images-idx3-ubyte", 20_000, IMAGES, 1_000_000, 100, 100);
    file("a-labels-idx1-ubyte", 2, LABELS, 1_000_000);
    Idx.Images first = Idx.first(file, 2);
    assertEquals(new Column.Pixels(100, 100, 1), first.shape());
    assertEquals(2, first.count());
    assertArrayEquals(new byte[] {0, 1}, first.labels());
  }

  @Test
  void whatNoArrayHoldsIsRefused() throws IOException {
    file("a-labels-idx1-ubyte", 3, LABELS, 3);
    Path many = file("a-images-idx3-ubyte", 9, IMAGES, 3, 1 << 15, 1 << 15);
    assertEquals("3 images of 32768 x 32768 x 1; expected a product below 2^31", refusal(many, 3));
    Path large = file("a-images-idx3-ubyte", 9, IMAGES, 3, 1 << 16, 1 << 15);
    assertEquals(
        "size 32768 of dimension 3; expected at least 1 and a product below 2^31",
        refusal(large, 1));
  }

  @Test
  void imagesHaveThreeOrFourDimensions() throws IOException {
    file("a-labels-idx1-ubyte", 1, LABELS, 1);
    for (int dimensions : new int[] {2, 5}) {
      Path file = file("a-images-idx3-ubyte", 1, 0x0800 | dimensions, 1, 1, 1, 1, 1);
      assertEquals(
          "magic 0x0000080%d; expected 0x00000803, an IDX file of images in bytes"
              .formatted(dimensions),
          refusal(file, 1));
    }
  }

  @Test
  void aFileIsNotItsOwnLabels() throws IOException {
    Path file = file("pictures", 1, IMAGES, 1, 1, 1);
    assertEquals(
        "no labels for a file of this name; expected one like train-images-idx3-ubyte.gz",
        refusal(file, 1));
  }

  @Test
  void labelsOfPackedImagesMayBePlain() throws IOException {
    Path plain = file("a-images-idx3-ubyte", 1, IMAGES, 1, 1, 1);
    file("a-labels-idx1-ubyte", 1, LABELS, 1);
    Path packed = folder.resolve("a-images-idx3-ubyte.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(plain, out);
    }
    assertArrayEquals(new byte[] {0}, Idx.labelled(packed).labels());
  }

  @Test
  void oneByteTooManyIsFoundInEitherFile() throws IOException {
    Encoder encoder =
        Encoder.of(
            false,
            List.of(new Column.Pixels(1, 1, 1)),
            Optional.empty(),
            new Target.Classes(List.of("0", "1")));
    for (int extra = 0; extra < 2; extra++) {
      Path file = file("a-images-idx3-ubyte", 1 + extra, IMAGES, 1, 1, 1);
      Path labels = file("a-labels-idx1-ubyte", 2 - extra, LABELS, 1);
      try (RowSource.Reader rows = Idx.rows(file, encoder).open()) {
        String said =
            assertThrows(IOException.class, () -> rows.read(new float[1], 0, new float[1], 0))
                .getMessage();
        String expected =
            extra == 1
                ? "more bytes of data; expected 1 images"
                : "more bytes in %s; expected 1 labels".formatted(labels);
        assertEquals(expected, said);
      }
    }
  }
}
