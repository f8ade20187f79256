package dev.lanewise.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

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
