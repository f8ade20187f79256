package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {

  @TempDir Path folder;

  private static byte[] idx(int magic, int[] sizes, int bytes) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + bytes).putInt(magic);
    Arrays.stream(sizes).forEach(file::putInt);
    for (int i = 0; i < bytes; i++) {
      file.put((byte) (i * 37));
    }
    return file.array();
  }

  private static byte[] compressed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static String refusal(Path file) {
    String message = assertThrows(IOException.class, () -> Idx.images(file)).getMessage();
    assertTrue(message.startsWith(file.toString() + ": "), message);
    assertFalse(message.contains("\n"), message);
    return message.substring(file.toString().length() + 2);
  }

  @Test
  void imagesAreReadWithTheLabelsBesideThem() throws IOException {
    byte[] images = idx(0x0803, new int[] {3, 2, 5}, 30);
    byte[] labels = idx(0x0801, new int[] {3}, 3);
    Path plain = file("train-images-idx3-ubyte", images);
    Path gz = file("train-images-idx3-ubyte.gz", compressed(images));
    file("train-labels-idx1-ubyte.gz", compressed(labels));

    for (Path path : new Path[] {plain, gz}) {
      Idx.Images read = Idx.labelled(path);
      assertEquals(new Column.Pixels(2, 5, 1), read.shape());
      assertEquals(3, read.count());
      assertArrayEquals(Arrays.copyOfRange(images, 16, 46), read.pixels());
      assertArrayEquals(new byte[] {0, 37, 74}, read.labels());
    }
  }

  @Test
  void fourDimensionsMeanChannels() throws IOException {
    Idx.Images read = Idx.images(file("i", idx(0x0804, new int[] {2, 3, 4, 3}, 72)));

    assertEquals(new Column.Pixels(3, 4, 3), read.shape());
    assertEquals(0, read.labels().length);
  }

  @Test
  void labelsThatAreMissingMisnamedOrMiscountedAreRefused() throws IOException {
    byte[] images = idx(0x0803, new int[] {3, 1, 1}, 3);
    Path lonely = file("t10k-images-idx3-ubyte", images);
    Path misnamed = file("pictures", images);
    Path few = file("few-images-idx3-ubyte", images);
    file("few-labels-idx1-ubyte", idx(0x0801, new int[] {2}, 2));

    for (Path path : new Path[] {lonely, misnamed, few}) {
      String message = assertThrows(IOException.class, () -> Idx.labelled(path)).getMessage();
      assertTrue(message.startsWith(path.toString()), message);
    }
  }

  private Path labelled(int images, boolean gz) throws IOException {
    byte[] pictures = idx(0x0803, new int[] {images, 2, 3}, images * 6);
    byte[] labels = idx(0x0801, new int[] {images}, images);
    for (int i = 0; i < images; i++) {
      labels[8 + i] = (byte) (i % 3 * 100);
    }
    String end = gz ? ".gz" : "";
    file("some-labels-idx1-ubyte" + end, gz ? compressed(labels) : labels);
    return file("some-images-idx3-ubyte" + end, gz ? compressed(pictures) : pictures);
  }

  @Test
  void streamedImagesHaveTheBitsOfImagesInMemory() throws IOException {
    for (boolean gz : new boolean[] {false, true}) {
      Path path = labelled(11, gz);
      Idx.Images images = Idx.labelled(path);
      Encoder encoder = Encoder.fit(images);
      Dataset expected = encoder.dataset(images, IntStream.range(0, 11).toArray());
      RowSource rows = Idx.rows(path, encoder);
      assertEquals(11, rows.rows());
      for (int pass = 0; pass < 2; pass++) {
        float[] features = new float[66];
        float[] targets = new float[11];
        try (RowSource.Reader reader = rows.open()) {
          for (int i = 0; i < 11; i++) {
            reader.read(features, i * 6, targets, i);
          }
        }
        assertArrayEquals(expected.features(), features);
        assertArrayEquals(expected.targets(), targets);
      }
    }
  }

  @Test
  void theFirstImagesAreThoseOfTheWholeFile() throws IOException {
    Path path = labelled(11, true);
    Idx.Images all = Idx.labelled(path);
    Idx.Images first = Idx.first(path, 4);
    assertEquals(all.shape(), first.shape());
    assertArrayEquals(Arrays.copyOf(all.pixels(), 24), first.pixels());
    assertArrayEquals(Arrays.copyOf(all.labels(), 4), first.labels());
    assertEquals(all, Idx.first(path, 11));
    assertEquals(all, Idx.first(path, Integer.MAX_VALUE));
  }

  @Test
  void streamedImagesThatAreDamagedAreRefused() throws IOException {
    Path path = labelled(5, false);
    Encoder encoder = Encoder.fit(Idx.labelled(path));
    RowSource rows = Idx.rows(path, encoder);
    byte[] good = Files.readAllBytes(path);
    assertEquals("truncated or damaged; expected 5 images", failure(rows, Arrays.copyOf(good, 40)));
    assertEquals("more bytes of data; expected 5 images", failure(rows, Arrays.copyOf(good, 47)));
    byte[] other = good.clone();
    other[7] = 4;
    assertEquals("sizes [4, 2, 3]; expected [5, 2, 3] as before", failure(rows, other));
    Files.write(path, good);
    Path labels = path.resolveSibling("some-labels-idx1-ubyte");
    byte[] unseen = Files.readAllBytes(labels);
    unseen[8 + 3] = 7;
    Files.write(labels, unseen);
    assertEquals(
        "label 7 of image 4; expected one of the classes 0, 100, 200", failure(rows, good));
    Path wide = file("wide-images-idx3-ubyte", idx(0x0803, new int[] {5, 3, 3}, 45));
    file("wide-labels-idx1-ubyte", idx(0x0801, new int[] {5}, 5));
    assertThrows(DataException.class, () -> Idx.rows(wide, encoder));
  }

  private static String failure(RowSource rows, byte[] images) throws IOException {
    Files.write(Path.of(rows.name()), images);
    Batches batches = Batches.of(new StreamedRows(rows, 2), 1, 0, false);
    batches.start(0);
    String message =
        assertThrows(
                UncheckedIOException.class,
                () -> {
                  for (int b = 0; b < 5; b++) {
                    batches.get(b);
                  }
                })
            .getMessage();
    assertTrue(message.startsWith(rows.name() + ", row "), message);
    return message.substring(message.indexOf(": ") + 2);
  }

  @Test
  void imagesOfOneClassAreRefusedByName() throws IOException {
    Path path = file("one-images-idx3-ubyte", idx(0x0803, new int[] {3, 1, 1}, 3));
    file("one-labels-idx1-ubyte", new byte[] {0, 0, 8, 1, 0, 0, 0, 3, 7, 7, 7});
    Idx.Images images = Idx.labelled(path);
    String message = assertThrows(DataException.class, () -> Encoder.fit(images)).getMessage();
    assertEquals(path + ": labels of the classes [7]; expected at least two", message);
  }

  @Test
  void hostileFilesAreRefusedInOneLine() throws IOException {
    byte[] good = idx(0x0803, new int[] {2, 2, 2}, 8);

    assertEquals(
        "truncated or damaged; expected an IDX file of images", refusal(file("a", new byte[0])));
    assertTrue(refusal(file("b", Arrays.copyOf(good, 3))).startsWith("truncated"));
    assertTrue(refusal(file("c", Arrays.copyOf(good, 15))).startsWith("truncated"));
    assertEquals("7 bytes of data; expected 8", refusal(file("d", Arrays.copyOf(good, 23))));
    assertEquals("more bytes of data; expected 8", refusal(file("e", Arrays.copyOf(good, 25))));
    assertTrue(
        refusal(file("f", idx(0x0801, new int[] {8}, 8)))
            .startsWith("magic 0x00000801; expected 0x00000803"));
    assertTrue(refusal(file("g", idx(0x0d03, new int[] {2, 2, 2}, 8))).startsWith("magic"));
    assertTrue(refusal(file("h", "1,2,3\n4,5,6\n".getBytes())).startsWith("magic"));
    assertTrue(
        refusal(file("i", idx(0x0803, new int[] {0, 2, 2}, 0)))
            .startsWith("size 0 of dimension 1"));
    assertTrue(
        refusal(file("j", idx(0x0803, new int[] {-1, 2, 2}, 8))).startsWith("size 4294967295"));
    assertTrue(
        refusal(file("k", idx(0x0803, new int[] {65536, 65536, 65536}, 8)))
            .startsWith("size 65536 of dimension 2"));
    assertTrue(refusal(file("l", idx(0x0803, new int[] {1 << 30, 1, 1}, 8))).startsWith("8 bytes"));
    byte[] gz = compressed(good);
    assertTrue(refusal(file("m", Arrays.copyOf(gz, gz.length / 2))).startsWith("truncated"));
    gz[gz.length - 6] ^= 1;
    assertTrue(refusal(file("n", gz)).startsWith("truncated or damaged"));
    assertTrue(refusal(folder).startsWith("a folder"));
    assertTrue(refusal(folder.resolve("none")).startsWith("no such file"));
  }

  @Test
  void idxFilesAreToldFromText() throws IOException {
    byte[] good = idx(0x0803, new int[] {2, 2, 2}, 8);

    assertTrue(Idx.recognizes(file("a", good)));
    assertTrue(Idx.recognizes(file("b", compressed(good))));
    assertFalse(Idx.recognizes(file("c", "a,b".getBytes())));
    assertFalse(Idx.recognizes(file("d", compressed("a,b".getBytes()))));
    assertFalse(Idx.recognizes(file("e", new byte[0])));
    assertFalse(Idx.recognizes(file("f", new byte[] {0x1f, (byte) 0x8b, 0})));
  }

  @Test
  void aFolderIsNoFileOfImages() {
    for (Path folder : List.of(Path.of("/"), Path.of("."))) {
      String message = assertThrows(IOException.class, () -> Idx.labelled(folder)).getMessage();
      assertTrue(message.contains("a folder"), message);
    }
  }
}
