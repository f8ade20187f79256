package dev.lanewise.data;

import java.util.List;
import java.util.Objects;

/**
 * What is made of one column of the training table, or of an image: a number of encoded columns.
 * Immutable; holds all that was learned from the training rows.
 */
public sealed interface Column {

  /** {@return the column's name, or its number from 1 where there were no names} */
  String name();

  /** {@return the number of encoded columns} */
  int encodedColumns();

  /**
   * A number, taken as it is; a missing one becomes the median.
   *
   * @param name the name
   * @param median the median of the values in the training rows; the mean of the middle two
   * @param flagged whether a column follows that is 1 where the value is missing, else 0; so it is
   *     if one was missing in the training rows
   */
  record Numeric(String name, double median, boolean flagged) implements Column {
    /**
     * Creates a column.
     *
     * @throws IllegalArgumentException if the median is not within the range of {@code float}
     */
    public Numeric {
      Objects.requireNonNull(name, "name");
      if (!Float.isFinite((float) median)) {
        throw new IllegalArgumentException(
            "column %s: median %s; expected %s".formatted(name, median, Cell.NUMBER));
      }
    }

    @Override
    public int encodedColumns() {
      return flagged ? 2 : 1;
    }
  }

  /**
   * One of several values, one-hot: a column for each category, 1 for the one at hand. All are 0
   * for a value that the training rows had not.
   *
   * @param name the name
   * @param categories the values in the training rows, sorted by number if all are numbers, else by
   *     text
   * @param flagged whether missing is one more category, the last; so it is if a value was missing
   *     in the training rows
   */
  record Categorical(String name, List<String> categories, boolean flagged) implements Column {
    /**
     * Creates a column.
     *
     * @throws IllegalArgumentException if a category stands twice
     */
    public Categorical {
      Objects.requireNonNull(name, "name");
      categories = List.copyOf(Objects.requireNonNull(categories, "categories"));
      Cell.requireDifferent("column " + name, categories);
    }

    @Override
    public int encodedColumns() {
      return categories.size() + (flagged ? 1 : 0);
    }
  }

  /**
   * A column that is not looked at.
   *
   * @param name the name
   */
  record Ignored(String name) implements Column {

    /** Names a column that is left out. */
    public Ignored {
      Objects.requireNonNull(name, "name");
    }

    @Override
    public int encodedColumns() {
      return 0;
    }
  }

  /**
   * The column that is predicted.
   *
   * @param name the name
   */
  record Label(String name) implements Column {

    /** Names a column to predict. */
    public Label {
      Objects.requireNonNull(name, "name");
    }

    @Override
    public int encodedColumns() {
      return 0;
    }
  }

  /**
   * A whole image: bytes from 0 to 255 in the order row, column, channel, each divided by 255.
   *
   * @param height the rows of pixels, at least 1
   * @param width the columns of pixels, at least 1
   * @param channels the bytes of a pixel, at least 1
   */
  record Pixels(int height, int width, int channels) implements Column {
    /**
     * Creates a column.
     *
     * @throws IllegalArgumentException if a size is below 1 or there are 2^31 bytes or more
     */
    public Pixels {
      if (height < 1 || width < 1 || channels < 1 || tooMany(height, width, channels)) {
        throw new IllegalArgumentException(
            "image of %d x %d x %d; expected sizes of at least 1 and fewer than 2^31 bytes"
                .formatted(height, width, channels));
      }
    }

    private static boolean tooMany(int height, int width, int channels) {
      long pixels = (long) height * width;
      return pixels > Integer.MAX_VALUE || pixels * channels > Integer.MAX_VALUE;
    }

    @Override
    public String name() {
      return "pixels";
    }

    @Override
    public int encodedColumns() {
      return height * width * channels;
    }

    /** {@return the shape, as {@code 28 x 28 x 1}} */
    @Override
    public String toString() {
      return "%d x %d x %d".formatted(height, width, channels);
    }
  }
}
