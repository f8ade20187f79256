package dev.lanewise.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
    Objects.requireNonNull(file, "file");
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
    Objects.requireNonNull(file, "file");
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
    Objects.requireNonNull(file, "file");
    return images(file, read(labelsOf(file), 1, 1, "labels").bytes());
  }

  /**
   * Reads the first images and their labels, which stand where {@link #labelled} looks for them.
   *
   * @param file the images' file
   * @param most the most images, at least 0
   * @return the first images, all if there are no more
   * @throws IOException if a file cannot be found or read, or is no such file
   * @throws IllegalArgumentException if the number of images is negative
   */
  public static Images first(Path file, int most) throws IOException {
    Objects.requireNonNull(file, "file");
    if (most < 0) {
      throw new IllegalArgumentException("most: %d; expected at least 0".formatted(most));
    }
    Path labelsFile = labelsOf(file);
    try (DataInputStream images = data(file);
        DataInputStream labels = data(labelsFile)) {
      int[] sizes = header(images, file, 3, 4, "images", Long.MAX_VALUE);
      int[] labelSizes = header(labels, labelsFile, 1, 1, "labels", Long.MAX_VALUE);
      requireOneEach(file, sizes, labelSizes);
      int count = Math.min(most, sizes[0]);
      Column.Pixels shape = shape(sizes);
      long bytes = (long) count * shape.encodedColumns();
      if (bytes > MAX_BYTES) {
        throw new IOException(
            "%s: %d images of %s; expected a product below 2^31".formatted(file, count, shape));
      }
      byte[] pixels = images.readNBytes((int) bytes);
      byte[] some = labels.readNBytes(count);
      if (pixels.length < bytes || some.length < count) {
        throw new EOFException();
      }
      return new Images(file.toString(), shape, pixels, some);
    } catch (EOFException | ZipException e) {
      throw new IOException(
          "%s: truncated or damaged; expected IDX files of images and labels".formatted(file), e);
    }
  }

  /**
   * {@return labelled images as a source of rows: features are bytes divided by 255, standardised
   * if the encoder does so, the target is the class's number}
   *
   * @param file the images' file, with its labels where {@link #labelled} looks for them; only the
   *     sizes are read now
   * @param encoder the encoder of images of this shape
   * @throws IOException if a file cannot be found or read, or is no such file
   * @throws IllegalArgumentException if the encoder is of something else
   */
  public static RowSource rows(Path file, Encoder encoder) throws IOException {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(encoder, "encoder");
    Path labelsFile = labelsOf(file);
    try (DataInputStream images = data(file);
        DataInputStream labels = data(labelsFile)) {
      int[] sizes = header(images, file, 3, 4, "images", Long.MAX_VALUE);
      int[] labelSizes = header(labels, labelsFile, 1, 1, "labels", Long.MAX_VALUE);
      requireOneEach(file, sizes, labelSizes);
      return new IdxRows(file, sizes, labelsFile, labelSizes, encoder);
    } catch (EOFException | ZipException e) {
      throw new IOException(
          "%s: truncated or damaged; expected IDX files of images and labels".formatted(file), e);
    }
  }

  private static void requireOneEach(Path file, int[] images, int[] labels) throws IOException {
    if (images[0] != labels[0]) {
      throw new IOException(
          "%s: %d images, but %d labels; expected one for each"
              .formatted(file, images[0], labels[0]));
    }
  }

  /** {@return the shape of images in a file of these sizes} */
  static Column.Pixels shape(int[] sizes) {
    return new Column.Pixels(sizes[1], sizes[2], sizes.length == 4 ? sizes[3] : 1);
  }

  /** {@return a file's bytes behind its header, which must be the one that it had} */
  static DataInputStream reopen(Path file, int[] sizes) throws IOException {
    DataInputStream in = data(file);
    try {
      int[] now = header(in, file, sizes.length, sizes.length, "bytes", Long.MAX_VALUE);
      if (!Arrays.equals(sizes, now)) {
        throw new IOException(
            "sizes %s; expected %s as before"
                .formatted(Arrays.toString(now), Arrays.toString(sizes)));
      }
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static Images images(Path file, byte[] labels) throws IOException {
    Content content = read(file, 3, 4, "images");
    int[] sizes = content.sizes();
    if (labels.length != 0 && labels.length != sizes[0]) {
      throw new IOException(
          "%s: %d images, but %d labels; expected one for each"
              .formatted(file, sizes[0], labels.length));
    }
    return new Images(file.toString(), shape(sizes), content.bytes(), labels);
  }

  /**
   * {@return the file that {@link #labelled} reads the labels from; empty if there is none}
   *
   * @param file the images' file, which is not opened
   */
  public static Optional<Path> labelsFile(Path file) {
    Objects.requireNonNull(file, "file");
    Path name = file.getFileName();
    String labels = name == null ? "" : labelsName(name.toString());
    if (name == null || labels.equals(name.toString())) {
      return Optional.empty();
    }
    String plain = labels.endsWith(".gz") ? labels.substring(0, labels.length() - 3) : labels;
    return Stream.of(labels, plain, plain + ".gz")
        .map(file::resolveSibling)
        .filter(Files::exists)
        .findFirst();
  }

  /**
   * {@return the name of the labels' file; the images' own name if it is not named as those are}
   */
  private static String labelsName(String images) {
    return images.replaceFirst("images([-.])idx[34]", "labels$1idx1");
  }

  private static Path labelsOf(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("%s: a folder; expected an IDX file of images".formatted(file));
    }
    String name = file.getFileName().toString();
    String labels = labelsName(name);
    if (labels.equals(name)) {
      throw new IOException(
          "%s: no labels for a file of this name; expected one like train-images-idx3-ubyte.gz"
              .formatted(file));
    }
    return labelsFile(file)
        .orElseThrow(
            () -> new IOException("%s: no labels; expected %s beside it".formatted(file, labels)));
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      in.mark(2);
      boolean compressed = in.read() == 0x1f && in.read() == 0x8b;
      in.reset();
      return compressed ? new GzipMembers(in) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static DataInputStream data(Path file) throws IOException {
    return new DataInputStream(open(file));
  }

  /** Reads a header; {@return the sizes of the dimensions} */
  private static int[] header(
      DataInputStream in, Path file, int fewest, int most, String what, long mostBytes)
      throws IOException {
    int magic = in.readInt();
    int dimensions = magic & 0xff;
    if (magic >>> 8 != UNSIGNED_BYTES || dimensions < fewest || dimensions > most) {
      throw new IOException(
          "%s: magic 0x%08x; expected 0x%08x, an IDX file of %s in bytes"
              .formatted(file, magic, UNSIGNED_BYTES << 8 | fewest, what));
    }
    int[] sizes = new int[dimensions];
    sizes(in, sizes, file, mostBytes);
    return sizes;
  }

  private static Content read(Path file, int fewest, int most, String what) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("%s: a folder; expected an IDX file of %s".formatted(file, what));
    }
    if (!Files.isReadable(file)) {
      throw new IOException("%s: no such file, or not readable".formatted(file));
    }
    try (DataInputStream in = data(file)) {
      int[] sizes = header(in, file, fewest, most, what, MAX_BYTES);
      int count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
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

  /** An image must fit into an array, and all of them unless they are read one by one. */
  private static void sizes(DataInputStream in, int[] sizes, Path file, long mostBytes)
      throws IOException {
    long count = 1;
    long each = 1;
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] = in.readInt();
      count *= sizes[d];
      each *= d == 0 ? 1 : sizes[d];
      if (sizes[d] < 1 || each > MAX_BYTES || count > mostBytes) {
        throw new IOException(
            "%s: size %d of dimension %d; expected at least 1 and a product below 2^31"
                .formatted(file, Integer.toUnsignedLong(sizes[d]), d + 1));
      }
    }
  }

  /**
   * Images of one shape, with or without labels, as bytes.
   *
   * <p>A view: the arrays are neither copied nor written.
   *
   * @param source where the images come from, usually a file's name
   * @param shape the shape of an image
   * @param pixels the bytes {@code [images][height][width][channels]}, from 0 to 255
   * @param labels a class from 0 to 255 for each image, or none at all
   */
  public record Images(String source, Column.Pixels shape, byte[] pixels, byte[] labels) {

    /**
     * Creates images.
     *
     * @throws IllegalArgumentException if there are no whole images or the labels are more or fewer
     */
    public Images {
      Objects.requireNonNull(source, "source");
      int size = shape.encodedColumns();
      if (pixels.length % size != 0) {
        throw new IllegalArgumentException(
            "%s: %d bytes; expected whole images of %d".formatted(source, pixels.length, size));
      }
      if (labels.length != 0 && labels.length != pixels.length / size) {
        throw new IllegalArgumentException(
            "%s: %d images, but %d labels; expected one for each"
                .formatted(source, pixels.length / size, labels.length));
      }
    }

    /**
     * {@return these images and, behind them, others}
     *
     * @param more images of the same shape, with labels if these have some
     * @throws DataException if they are of another shape, or only one of both has labels
     */
    public Images append(Images more) {
      if (!shape.equals(more.shape)) {
        throw new DataException(
            "%s: images of %s; expected %s, as in %s"
                .formatted(more.source, more.shape, shape, source));
      }
      if ((labels.length == 0) != (more.labels.length == 0)) {
        throw new DataException(
            "%s: %d labels; expected %s, as in %s"
                .formatted(
                    more.source,
                    more.labels.length,
                    labels.length == 0 ? "none" : "one for each image",
                    source));
      }
      return new Images(
          "%s and %s".formatted(source, more.source),
          shape,
          joined(pixels, more.pixels),
          joined(labels, more.labels));
    }

    private static byte[] joined(byte[] first, byte[] second) {
      byte[] both = Arrays.copyOf(first, Math.addExact(first.length, second.length));
      System.arraycopy(second, 0, both, first.length, second.length);
      return both;
    }

    /** {@return the number of images} */
    public int count() {
      return pixels.length / shape.encodedColumns();
    }

    /** {@return the classes among the labels} */
    Target.Classes classes() {
      boolean[] seen = new boolean[256];
      for (byte label : labels) {
        seen[Byte.toUnsignedInt(label)] = true;
      }
      List<String> names =
          IntStream.range(0, 256).filter(label -> seen[label]).mapToObj(Integer::toString).toList();
      if (names.size() < 2) {
        throw new DataException(
            "%s: labels of the classes %s; expected at least two".formatted(source, names));
      }
      return new Target.Classes(names);
    }

    /**
     * {@return the numbers of the images' classes}
     *
     * @param classes the classes
     * @param rows which images
     * @throws DataException if there are no labels or one is no class of these
     */
    public int[] numbers(Target.Classes classes, int[] rows) {
      if (labels.length < count()) {
        throw new DataException(
            "%s: images without labels; expected a label for each".formatted(source));
      }
      int[] numberOf = numberOf(classes);
      int[] numbers = new int[rows.length];
      for (int i = 0; i < rows.length; i++) {
        int label = Byte.toUnsignedInt(labels[rows[i]]);
        numbers[i] = numberOf[label];
        if (numbers[i] < 0) {
          throw new DataException(
              "%s: label %d of image %d; expected one of the classes %s"
                  .formatted(source, label, rows[i] + 1, classes.list()));
        }
      }
      return numbers;
    }

    /** {@return the number of each label's class, -1 for none} */
    static int[] numberOf(Target.Classes classes) {
      ValueIndex index = new ValueIndex(classes.labels());
      int[] numberOf = new int[256];
      for (int label = 0; label < numberOf.length; label++) {
        numberOf[label] = index.whole(label);
      }
      return numberOf;
    }

    /** {@return what a byte becomes as a feature: a 255th of it} */
    static float[] quotients() {
      float[] quotient = new float[256];
      for (int i = 0; i < quotient.length; i++) {
        quotient[i] = i / 255f;
      }
      return quotient;
    }

    /** {@return images as {@code float} rows, every byte divided by 255} */
    float[] scaled(int[] rows) {
      float[] quotient = quotients();
      int size = shape.encodedColumns();
      float[] scaled = Dataset.matrix(rows.length, size);
      for (int i = 0; i < rows.length; i++) {
        int from = Objects.checkIndex(rows[i], count()) * size;
        for (int p = 0; p < size; p++) {
          scaled[i * size + p] = quotient[Byte.toUnsignedInt(pixels[from + p])];
        }
      }
      return scaled;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Images that
          && source.equals(that.source)
          && shape.equals(that.shape)
          && Arrays.equals(pixels, that.pixels)
          && Arrays.equals(labels, that.labels);
    }

    @Override
    public int hashCode() {
      return Objects.hash(source, shape, Arrays.hashCode(pixels), Arrays.hashCode(labels));
    }

    /** {@return source, number and shape} */
    @Override
    public String toString() {
      return "%s: %d images of %s".formatted(source, count(), shape);
    }
  }
}
