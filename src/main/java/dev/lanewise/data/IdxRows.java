package dev.lanewise.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;

/** The images of an IDX file and their labels, one by one. */
final class IdxRows implements RowSource {

  private final Path images;
  private final int[] imageSizes;
  private final Path labels;
  private final int[] labelSizes;
  private final Encoder encoder;
  private final int columns;
  private final int[] numberOf;
  private final float[] quotient = Idx.Images.quotients();

  IdxRows(Path images, int[] imageSizes, Path labels, int[] labelSizes, Encoder encoder) {
    this.images = images;
    this.imageSizes = imageSizes;
    this.labels = labels;
    this.labelSizes = labelSizes;
    this.encoder = encoder;
    Column.Pixels shape = Idx.shape(imageSizes);
    encoder.requireImages(images.toString(), shape);
    columns = shape.encodedColumns();
    numberOf = Idx.Images.numberOf(encoder.requireClasses(images.toString()));
  }

  @Override
  public String name() {
    return images.toString();
  }

  @Override
  public int rows() {
    return imageSizes[0];
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public int targetColumns() {
    return 1;
  }

  @Override
  public RowSource.Reader open() throws IOException {
    DataInputStream pixels = Idx.reopen(images, imageSizes);
    try {
      return new Reader(pixels, Idx.reopen(labels, labelSizes));
    } catch (IOException e) {
      pixels.close();
      throw e;
    }
  }

  @Override
  public Optional<Encoder> encoder() {
    return Optional.of(encoder);
  }

  private final class Reader implements RowSource.Reader {

    private final DataInputStream pixels;
    private final DataInputStream classes;
    private final byte[] image = new byte[columns];
    private int read;

    private Reader(DataInputStream pixels, DataInputStream classes) {
      this.pixels = pixels;
      this.classes = classes;
    }

    @Override
    public void read(float[] features, int featuresAt, float[] targets, int targetsAt)
        throws IOException {
      int label = next();
      if (numberOf[label] < 0) {
        throw new IOException(
            "label %d of image %d; expected one of the classes %s"
                .formatted(label, read, encoder.requireClasses(name()).list()));
      }
      for (int p = 0; p < columns; p++) {
        features[featuresAt + p] = quotient[Byte.toUnsignedInt(image[p])];
      }
      if (encoder.standardizer().isPresent()) {
        encoder.standardizer().get().apply(features, featuresAt, features, featuresAt, 1);
      }
      targets[targetsAt] = numberOf[label];
    }

    /** {@return the label of the image that is read} Behind the last, both files must end. */
    private int next() throws IOException {
      boolean last = ++read == rows();
      try {
        pixels.readFully(image);
        if (last && pixels.read() >= 0) {
          throw new IOException("more bytes of data; expected %d images".formatted(rows()));
        }
      } catch (EOFException | ZipException e) {
        throw new IOException("truncated or damaged; expected %d images".formatted(rows()), e);
      }
      try {
        int label = classes.readUnsignedByte();
        if (last && classes.read() >= 0) {
          throw new IOException("more bytes in %s; expected %d labels".formatted(labels, rows()));
        }
        return label;
      } catch (EOFException | ZipException e) {
        throw new IOException(
            "%s truncated or damaged; expected %d labels".formatted(labels, rows()), e);
      }
    }

    @Override
    public void close() throws IOException {
      try (classes) {
        pixels.close();
      }
    }
  }
}
