package dev.lanewise.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads IDX files of bytes, the format of MNIST, compressed with gzip or not.
 *
 * <p>A header of four bytes (two zeros, 8 for unsigned bytes, the number of dimensions), a size in
 * four bytes (big-endian) for each dimension, then the data, row-major, to the end of the file. A
 * file that is anything else is refused in one line; memory is taken as bytes arrive, never on a
 * header's word.
 */
public final class Idx {

  private static final int UNSIGNED_BYTES = 0x08;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private Idx() {}

  /** What a file holds. */
  private record Content(int[] sizes, byte[] bytes) {}

  /**
   * {@return whether a file, compressed or not, begins as an IDX file does} No text begins so.
   *
   * @param file the file
   * @throws IOException if the file cannot be read
   */
  public static boolean recognizes(Path file) throws IOException {
    try (InputStream in = open(file)) {
      byte[] start = in.readNBytes(2);
      return start.length == 2 && start[0] == 0 && start[1] == 0;
    } catch (EOFException | ZipException e) {
      return false;
    }
  }

  /**
   * Reads images alone.
   *
   * @param file a file of three dimensions (images, rows, columns) or four (and channels)
   * @return the images, without labels
   * @throws IOException if the file cannot be read or is no such file
   */
  public static Images images(Path file) throws IOException {
    return images(file, new byte[0]);
  }

  /**
   * Reads images and their labels. The labels' file stands beside the images' and is named as
   * MNIST's are: {@code train-labels-idx1-ubyte.gz} for {@code train-images-idx3-ubyte.gz}; either
   * may be compressed.
   *
   * @param file the images' file, of three dimensions (images, rows, columns) or four (and
   *     channels)
   * @return the images with labels
   * @throws IOException if a file cannot be found or read, or is no such file
   */
  public static Images labelled(Path file) throws IOException {
    return images(file, read(labelsOf(file), 1, 1, "labels").bytes());
  }

  private static Images images(Path file, byte[] labels) throws IOException {
    Content content = read(file, 3, 4, "images");
    int[] sizes = content.sizes();
    if (labels.length != 0 && labels.length != sizes[0]) {
      throw new IOException(
          "%s: %d images, but %d labels; expected one for each"
              .formatted(file, sizes[0], labels.length));
    }
    int channels = sizes.length == 4 ? sizes[3] : 1;
    return new Images(
        file.toString(), new Column.Pixels(sizes[1], sizes[2], channels), content.bytes(), labels);
  }

  private static Path labelsOf(Path file) throws IOException {
    String name = file.getFileName().toString();
    String labels = name.replaceFirst("images([-.])idx[34]", "labels$1idx1");
    if (labels.equals(name)) {
      throw new IOException(
          "%s: no labels for a file of this name; expected one like train-images-idx3-ubyte.gz"
              .formatted(file));
    }
    String plain = labels.endsWith(".gz") ? labels.substring(0, labels.length() - 3) : labels;
    for (String candidate : List.of(labels, plain, plain + ".gz")) {
      Path path = file.resolveSibling(candidate);
      if (Files.exists(path)) {
        return path;
      }
    }
    throw new IOException("%s: no labels; expected %s beside it".formatted(file, labels));
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      in.mark(2);
      boolean compressed = in.read() == 0x1f && in.read() == 0x8b;
      in.reset();
      return compressed ? new GZIPInputStream(in, 1 << 16) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static Content read(Path file, int fewest, int most, String what) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("%s: a folder; expected an IDX file of %s".formatted(file, what));
    }
    if (!Files.isReadable(file)) {
      throw new IOException("%s: no such file, or not readable".formatted(file));
    }
    try (DataInputStream in = new DataInputStream(open(file))) {
      int magic = in.readInt();
      int dimensions = magic & 0xff;
      if (magic >>> 8 != UNSIGNED_BYTES || dimensions < fewest || dimensions > most) {
        throw new IOException(
            "%s: magic 0x%08x; expected 0x%08x, an IDX file of %s in bytes"
                .formatted(file, magic, UNSIGNED_BYTES << 8 | fewest, what));
      }
      int[] sizes = new int[dimensions];
      int count = sizes(in, sizes, file);
      byte[] bytes = in.readNBytes(count);
      if (bytes.length < count || in.read() >= 0) {
        throw new IOException(
            "%s: %s of data; expected %d"
                .formatted(
                    file, bytes.length < count ? bytes.length + " bytes" : "more bytes", count));
      }
      return new Content(sizes, bytes);
    } catch (EOFException | ZipException e) {
      throw new IOException(
          "%s: truncated or damaged; expected an IDX file of %s".formatted(file, what), e);
    }
  }

  private static int sizes(DataInputStream in, int[] sizes, Path file) throws IOException {
    long count = 1;
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] = in.readInt();
      count *= sizes[d];
      if (sizes[d] < 1 || count > MAX_BYTES) {
        throw new IOException(
            "%s: size %d of dimension %d; expected at least 1 and a product below 2^31"
                .formatted(file, Integer.toUnsignedLong(sizes[d]), d + 1));
      }
    }
    return (int) count;
  }
}
