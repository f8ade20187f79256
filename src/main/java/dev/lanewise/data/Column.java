package dev.lanewise.data;

import java.util.List;
import java.util.Objects;

/**
 * The encoding of one column of the training table, or of an image, as a number of encoded columns.
 * Immutable; holds everything that was learned from the training rows.
 */
public sealed interface Column {

  /** {@return the column's name, or its number from 1 where there were no names} */
  String name();

  /** {@return the number of encoded columns} */
  int encodedColumns();

  /**
   * The least and the greatest number of a column in the training rows.
   *
   * @param min the least; −∞ if it is not known
   * @param max the greatest; ∞ if it is not known
   */
  record Range(double min, double max) {

    /** The range of a column of which nothing is known. */
    public static final Range UNKNOWN =
        new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    /**
     * Creates a range.
     *
     * @throws IllegalArgumentException if the least is not at most the greatest, or one alone is
     *     infinite
     */
    public Range {
      if (!(min <= max) || Double.isInfinite(min) != Double.isInfinite(max)) {
        throw new IllegalArgumentException(
            "min, max: %s, %s; expected finite numbers, min <= max".formatted(min, max));
      }
    }

    /**
     * {@return whether a number is in the range}
     *
     * @param number the number; NaN never is
     */
    public boolean contains(double number) {
      return number >= min && number <= max;
    }
  }

  /**
   * A number, taken as it is; a missing one becomes the median.
   *
   * @param name the name
   * @param median the median of the values in the training rows; the mean of the middle two
   * @param flagged whether a column follows that is 1 where the value is missing, else 0; so it is
   *     if one was missing in the training rows
   * @param range the values in the training rows; others are encoded all the same
   */
  record Numeric(String name, double median, boolean flagged, Range range) implements Column {
    /**
     * Creates a column.
     *
     * @throws IllegalArgumentException if the median is not within the range of {@code float}
     */
    public Numeric {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(range, "range");
      requireNumber(name, median);
    }

    /**
     * Creates a column of unknown range.
     *
     * @param name the name
     * @param median the median of the values in the training rows
     * @param flagged whether a flag follows
     * @throws IllegalArgumentException if the median is not within the range of {@code float}
     */
    public Numeric(String name, double median, boolean flagged) {
      this(name, median, flagged, Range.UNKNOWN);
    }

    private static void requireNumber(String name, double median) {
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
   * A date or time, as the seconds since 1970-01-01T00:00Z, fractions included; a missing one
   * becomes the median.
   *
   * @param name the name
   * @param median the median of the training rows, in seconds
   * @param flagged whether a column follows that is 1 where the value is missing, else 0
   * @param range the values in the training rows, in seconds
   */
  record Date(String name, double median, boolean flagged, Range range) implements Column {
    /**
     * Creates a column.
     *
     * @throws IllegalArgumentException if the median is not within the range of {@code float}
     */
    public Date {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(range, "range");
      Numeric.requireNumber(name, median);
    }

    @Override
    public int encodedColumns() {
      return flagged ? 2 : 1;
    }
  }

  /**
   * True or false, in any spelling, as 1 and 0; a missing value becomes the more frequent one. Or,
   * signed, as 1 and −1; a missing value is 0 then.
   *
   * @param name the name
   * @param usual the more frequent value of the training rows; false if both are equally frequent
   * @param flagged whether a column follows that is 1 where the value is missing, else 0; so it is
   *     if one was missing in the training rows, and never if the column is signed
   * @param signed whether false is −1
   */
  record Bool(String name, boolean usual, boolean flagged, boolean signed) implements Column {
    /**
     * Creates a column.
     *
     * @throws IllegalArgumentException if it is both signed and flagged
     */
    public Bool {
      Objects.requireNonNull(name, "name");
      if (signed && flagged) {
        throw new IllegalArgumentException(
            "column %s: signed and flagged; expected one of them, missing is 0 where it is signed"
                .formatted(name));
      }
    }

    /**
     * Creates a column of 1 and 0.
     *
     * @param name the name
     * @param usual the more frequent value of the training rows
     * @param flagged whether a flag follows
     */
    public Bool(String name, boolean usual, boolean flagged) {
      this(name, usual, flagged, false);
    }

    @Override
    public int encodedColumns() {
      return flagged ? 2 : 1;
    }
  }

  /** The numbers that the values of a {@link Categorical} become. */
  enum Code {
    /** A column for each category, which is 1 for the row's value and 0 for the others. */
    ONE_HOT,
    /** One column, which is −1 for the first of two categories, 1 for the second, else 0. */
    SIGN,
    /**
     * One column, which is the number of the value, from 0, in the order of the one-hot columns,
     * and −1 for a value that has none; never scaled. It says nothing as a number: an {@code
     * Embedding.Category} takes it.
     */
    INDEX
  }

  /**
   * One of several values, one-hot: a column for each category, which is 1 for the row's value.
   * Another value is the category "other" if there is one, else all are 0; so is a missing one
   * without a column of its own. One of two values may be a sign instead, and one of many its
   * number.
   *
   * @param name the name
   * @param categories the most frequent values of the training rows, sorted by number if all are
   *     numbers, else by text
   * @param other whether a column follows for all other values, seen or not; so it is if the
   *     training rows had others
   * @param flagged whether missing is one more category, the last; so it is if a value was missing
   *     in the training rows, unless it is to be all zeros
   * @param code the numbers that values become
   */
  record Categorical(
      String name, List<String> categories, boolean other, boolean flagged, Code code)
      implements Column {
    /**
     * Creates a column.
     *
     * @throws IllegalArgumentException if a category stands twice, or the code is a sign and there
     *     are other than two categories or one for others or missing
     */
    public Categorical {
      Objects.requireNonNull(name, "name");
      categories = List.copyOf(Objects.requireNonNull(categories, "categories"));
      Cell.requireDifferent("column " + name, categories);
      if (Objects.requireNonNull(code, "code") == Code.SIGN
          && (categories.size() != 2 || other || flagged)) {
        throw new IllegalArgumentException(
            "column %s: %d categories%s%s as a sign; expected two"
                .formatted(
                    name,
                    categories.size(),
                    other ? " and others" : "",
                    flagged ? " and missing" : ""));
      }
    }

    /**
     * Creates a one-hot column.
     *
     * @param name the name
     * @param categories the most frequent values in the training rows
     * @param other whether a column follows for all other values
     * @param flagged whether missing is one more category
     * @throws IllegalArgumentException if a category stands twice
     */
    public Categorical(String name, List<String> categories, boolean other, boolean flagged) {
      this(name, categories, other, flagged, Code.ONE_HOT);
    }

    /**
     * Creates a one-hot column whose other values are all zeros.
     *
     * @param name the name
     * @param categories the values in the training rows
     * @param flagged whether missing is one more category
     * @throws IllegalArgumentException if a category stands twice
     */
    public Categorical(String name, List<String> categories, boolean flagged) {
      this(name, categories, false, flagged);
    }

    @Override
    public int encodedColumns() {
      return switch (code) {
        case ONE_HOT -> values();
        case SIGN, INDEX -> 1;
      };
    }

    /** {@return how many values there are: categories, all others as one, missing as one} */
    public int values() {
      return categories.size() + (other ? 1 : 0) + (flagged ? 1 : 0);
    }
  }

  /**
   * A column that is ignored.
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
      return height + " x " + width + " x " + channels;
    }
  }
}
