package dev.lanewise.data;

import dev.lanewise.json.Visible;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What is predicted: one of several classes, or a number or several. Immutable. */
public sealed interface Target {

  /** {@return the number of scores that a network needs for this target} */
  int outputs();

  /** {@return the columns of targets in a data set: one for classes, whose numbers they are} */
  int columns();

  /**
   * One of several classes. A class's target is its number, from 0; of two classes the second is
   * the positive one, and one score (sigmoid) tells them apart.
   *
   * @param labels the classes' names, at least two, sorted by number if all are numbers, else by
   *     text
   */
  record Classes(List<String> labels) implements Target {
    /**
     * Creates a target.
     *
     * @throws IllegalArgumentException if there are fewer than two classes or one stands twice
     */
    public Classes {
      labels = List.copyOf(Objects.requireNonNull(labels, "labels"));
      Cell.requireDifferent("classes", labels);
      if (labels.size() < 2) {
        throw new IllegalArgumentException(
            "classes: %s; expected at least two".formatted(Visible.line(labels.toString())));
      }
    }

    /**
     * Finds the classes of a column; all rows count, so that they do not depend on a split.
     *
     * @param table the data
     * @param column the index of the label's column
     * @return the classes
     * @throws DataException if a label is missing or fractional, or there are fewer than two
     *     classes
     */
    public static Classes of(Table table, int column) {
      Map<String, Integer> counts = new HashMap<>();
      for (int row : table.all()) {
        if (table.isMissing(row, column)) {
          throw table.unexpected(row, column, "a class");
        }
        counts.merge(table.text(row, column), 1, Integer::sum);
      }
      List<String> labels = List.copyOf(ValueIndex.sorted(counts).keySet());
      if (labels.stream().allMatch(Cell::isNumber)) {
        requireWhole(table, column, labels);
      }
      if (labels.size() < 2) {
        throw new DataException(
            "%s, column %s: %s; expected at least two"
                .formatted(
                    table.source(),
                    table.name(column),
                    labels.isEmpty() ? "no classes" : "only the class " + labels.getFirst()));
      }
      return new Classes(labels);
    }

    /** Refuses fractions; digits count, so that 1E400 and 1E-400 are what they are. */
    private static void requireWhole(Table table, int column, List<String> labels) {
      ValueIndex index = new ValueIndex(labels);
      BitSet fractions = new BitSet();
      for (int c = 0; c < labels.size(); c++) {
        BigDecimal exact = ValueIndex.exact(labels.get(c));
        fractions.set(c, exact != null && exact.scale() > 0);
      }
      for (int row = 0; row < table.rows() && !fractions.isEmpty(); row++) {
        int place = index.text(table.text(row, column));
        if (place >= 0 && fractions.get(place)) {
          throw table.unexpected(
              row, column, "a class, a whole number or a text", DataException.Remedy.TASK);
        }
      }
    }

    /**
     * {@return the numbers of the rows' classes}
     *
     * @param table the data
     * @param column the index of the label's column
     * @param rows which rows
     * @throws DataException if a row has no class or another one
     */
    public int[] numbers(Table table, int column, int[] rows) {
      ValueIndex index = new ValueIndex(labels);
      Map<String, Integer> numberOf = new HashMap<>();
      int[] numbers = new int[rows.length];
      for (int i = 0; i < rows.length; i++) {
        String text = table.text(rows[i], column);
        numbers[i] = text == null ? -1 : numberOf.computeIfAbsent(text, index::text);
        if (numbers[i] < 0) {
          throw table.unexpected(rows[i], column, "one of the classes " + list());
        }
      }
      return numbers;
    }

    /** The labels for an error line, which must stay readable when there are hundreds. */
    String list() {
      int some = 20;
      String list = String.join(", ", labels.subList(0, Math.min(some, labels.size())));
      return Visible.line(labels.size() > some ? list + ", …" : list);
    }

    @Override
    public int columns() {
      return 1;
    }

    @Override
    public int outputs() {
      return labels.size() == 2 ? 1 : labels.size();
    }
  }

  /**
   * Numbers, one for each column, scaled for training column by column: (value − mean) / deviation,
   * in {@code double}, then rounded to {@code float}. Predictions may be kept in the ranges that
   * the training rows had; targets, and the loss, never are.
   *
   * @param scale the means and standard deviations of the training rows; 0 and 1 for no scaling
   * @param ranges for each column the range that its predictions are kept in, in original units;
   *     none if predictions are what the network gives
   */
  record Values(Standardizer scale, List<Column.Range> ranges) implements Target {

    /**
     * Creates a target.
     *
     * @throws IllegalArgumentException if there is no column, the scale is robust, which clips, or
     *     there are ranges, but not one for each column, or not of finite numbers
     */
    public Values {
      if (scale.columns() < 1) {
        throw new IllegalArgumentException("values: no columns; expected at least one");
      }
      if (scale.isRobust()) {
        throw new IllegalArgumentException(
            "scale: %s; expected one by mean and deviation".formatted(scale));
      }
      ranges = List.copyOf(Objects.requireNonNull(ranges, "ranges"));
      if (!ranges.isEmpty() && ranges.size() != scale.columns()) {
        throw new IllegalArgumentException(
            "ranges: %d; expected %d, one for each column, or none"
                .formatted(ranges.size(), scale.columns()));
      }
      if (ranges.contains(Column.Range.UNKNOWN)) {
        throw new IllegalArgumentException("ranges: %s; expected finite numbers".formatted(ranges));
      }
    }

    /**
     * Creates a target whose predictions are what the network gives.
     *
     * @param scale the means and standard deviations of the training rows; 0 and 1 for no scaling
     * @throws IllegalArgumentException if there is no column, or the scale is robust, which clips
     */
    public Values(Standardizer scale) {
      this(scale, List.of());
    }

    /**
     * Creates a target of one column.
     *
     * @param mean the mean of the training rows, or 0 for no scaling
     * @param deviation their standard deviation, or 1 for no scaling
     * @throws IllegalArgumentException if a number is not finite or the deviation not above 0
     */
    public Values(double mean, double deviation) {
      this(Standardizer.of(new double[] {mean}, new double[] {deviation}));
    }

    /**
     * {@return values in original units}
     *
     * @param columns the number of columns, at least 1
     * @throws IllegalArgumentException if the columns are not at least 1
     */
    public static Values unscaled(int columns) {
      if (columns < 1) {
        throw new IllegalArgumentException("columns: %d; expected at least 1".formatted(columns));
      }
      double[] ones = new double[columns];
      Arrays.fill(ones, 1);
      return new Values(Standardizer.of(new double[columns], ones));
    }

    /**
     * {@return these values with predictions kept in ranges}
     *
     * @param other the range of each column's values in the training rows, in original units; none
     *     for predictions that are what the network gives
     * @throws IllegalArgumentException if there are ranges, but not one for each column, or not of
     *     finite numbers
     */
    public Values withRanges(List<Column.Range> other) {
      return new Values(scale, other);
    }

    /** {@return whether values are trained on in other units than the original ones} */
    public boolean isScaled() {
      return !scale.equals(unscaled(columns()).scale);
    }

    /**
     * {@return values as the network is trained on them}
     *
     * @param values the values in original units {@code [rows][columns]}; not changed
     * @throws IllegalArgumentException if they are no whole rows
     */
    public float[] scaled(double[] values) {
      if (values.length % columns() != 0) {
        throw new IllegalArgumentException(
            "values: %d numbers; expected whole rows of %d".formatted(values.length, columns()));
      }
      float[] scaled = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        scaled[i] = scale.apply(i % columns(), values[i]);
      }
      return scaled;
    }

    /**
     * Brings a network's scores back to original units, in place, each to the nearest {@code
     * float}. Allocates nothing.
     *
     * @param scores the scores {@code [rows][columns]}
     * @param rows the number of rows
     * @throws IllegalArgumentException if the scores are fewer or the number of rows negative
     */
    public void restore(float[] scores, int rows) {
      check("scores", scores.length, rows);
      int columns = columns();
      for (int i = 0; i < rows * columns; i++) {
        scores[i] = (float) scale.restore(i % columns, scores[i]);
      }
    }

    /**
     * Brings a network's scores, or scaled targets, back to original units in full precision, as
     * judging them takes: of numbers near 1e9, floats are 64 apart. Allocates nothing.
     *
     * @param scores the scores {@code [rows][columns]}; not changed
     * @param rows the number of rows
     * @param out receives {@code [rows][columns]}
     * @throws IllegalArgumentException if an array is too short or the number of rows negative
     */
    public void restore(float[] scores, int rows, double[] out) {
      check("scores", scores.length, rows);
      check("out", out.length, rows);
      int columns = columns();
      for (int i = 0; i < rows * columns; i++) {
        out[i] = scale.restore(i % columns, scores[i]);
      }
    }

    /**
     * Brings predictions to the nearest numbers of their columns' ranges, in place; without ranges
     * nothing is done. NaN stays, infinities become the ends. Allocates nothing.
     *
     * @param predictions predictions in original units {@code [rows][columns]}
     * @param rows the number of rows
     * @throws IllegalArgumentException if the predictions are fewer or the number of rows negative
     */
    public void clamp(double[] predictions, int rows) {
      check("predictions", predictions.length, rows);
      for (int i = 0; !ranges.isEmpty() && i < rows * columns(); i++) {
        predictions[i] = clamped(i, predictions[i]);
      }
    }

    /**
     * Brings predictions to their columns' ranges as {@link #clamp(double[], int)}, each to the
     * nearest {@code float}: a clamped one has the bits that clamping before rounding gives.
     *
     * @param predictions predictions in original units {@code [rows][columns]}
     * @param rows the number of rows
     * @throws IllegalArgumentException if the predictions are fewer or the number of rows negative
     */
    public void clamp(float[] predictions, int rows) {
      check("predictions", predictions.length, rows);
      for (int i = 0; !ranges.isEmpty() && i < rows * columns(); i++) {
        predictions[i] = (float) clamped(i, predictions[i]);
      }
    }

    private double clamped(int place, double prediction) {
      Column.Range range = ranges.get(place % ranges.size());
      return Math.min(Math.max(prediction, range.min()), range.max());
    }

    private void check(String name, int length, int rows) {
      if (rows < 0 || length < (long) rows * columns()) {
        throw new IllegalArgumentException(
            "%s: length %d; expected %d rows of %d columns"
                .formatted(name, length, rows, columns()));
      }
    }

    @Override
    public int columns() {
      return scale.columns();
    }

    /** {@return the means and deviations, and the ranges if predictions are kept in some} */
    @Override
    public String toString() {
      return "Values[mean=%s, deviation=%s%s]"
          .formatted(
              Arrays.toString(scale.centre()),
              Arrays.toString(scale.spread()),
              ranges.isEmpty() ? "" : ", ranges=" + ranges);
    }

    @Override
    public int outputs() {
      return scale.columns();
    }
  }
}
