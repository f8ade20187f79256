package dev.lanewise.data;

import dev.lanewise.data.Table.Kind;
import java.util.Arrays;
import java.util.BitSet;

/** The cells of one column of a table. */
sealed interface Series {

  /** {@return what the column holds} */
  Kind kind();

  /** {@return whether a cell has no value} */
  boolean isMissing(int row);

  /** {@return a cell's number, NaN if it is missing, infinite if it holds something else} */
  double number(int row);

  /** {@return a cell's text, null if it is missing} */
  String text(int row);

  /** {@return a copy of some cells, in the order given} */
  Series select(int[] rows);

  private static int[] selected(int[] numbers, int[] rows) {
    int[] some = new int[rows.length];
    Arrays.setAll(some, i -> numbers[rows[i]]);
    return some;
  }

  /**
   * Numbers, or dates as seconds.
   *
   * @param kind NUMBER or DATE
   * @param values the numbers, NaN where missing
   * @param spelled the place among spellings of each cell whose spelling tells more than its
   *     number, else −1; or null if there is none
   * @param spellings their texts
   * @param singles the rows whose numbers were {@code float}, and so have the text of one; or null
   */
  record Numbers(Kind kind, double[] values, int[] spelled, String[] spellings, BitSet singles)
      implements Series {

    @Override
    public boolean isMissing(int row) {
      return Double.isNaN(values[row]);
    }

    @Override
    public double number(int row) {
      return values[row];
    }

    @Override
    public String text(int row) {
      if (Double.isNaN(values[row])) {
        return null;
      }
      if (spelled != null && spelled[row] >= 0) {
        return spellings[spelled[row]];
      }
      if (singles != null && singles.get(row)) {
        return Decimal.shortest((float) values[row]);
      }
      return kind == Kind.DATE ? Dates.text(values[row]) : Decimal.text(values[row]);
    }

    @Override
    public Numbers select(int[] rows) {
      double[] some = new double[rows.length];
      Arrays.setAll(some, i -> values[rows[i]]);
      BitSet someSingles = singles == null ? null : new BitSet();
      for (int i = 0; singles != null && i < rows.length; i++) {
        someSingles.set(i, singles.get(rows[i]));
      }
      return new Numbers(
          kind, some, spelled == null ? null : selected(spelled, rows), spellings, someSingles);
    }
  }

  /**
   * Texts.
   *
   * @param kind CATEGORY or BOOLEAN
   * @param codes the place of each cell among the words, −1 where missing
   * @param words the different texts
   * @param numbers the number of each word, NaN if it stands for missing in a column of numbers,
   *     infinite if it is none
   */
  record Texts(Kind kind, int[] codes, String[] words, double[] numbers) implements Series {

    /** {@return whether a text is one of the words} */
    boolean holds(String text) {
      return Arrays.asList(words).contains(text);
    }

    /**
     * {@return whether the cells hold nothing but words for missing, so nobody knows their kind}
     */
    boolean isNothingButWords() {
      return words.length > 0 && Arrays.stream(numbers).allMatch(Double::isNaN);
    }

    @Override
    public boolean isMissing(int row) {
      return codes[row] < 0;
    }

    @Override
    public double number(int row) {
      return codes[row] < 0 ? Double.NaN : numbers[codes[row]];
    }

    @Override
    public String text(int row) {
      return codes[row] < 0 ? null : words[codes[row]];
    }

    @Override
    public Texts select(int[] rows) {
      return new Texts(kind, selected(codes, rows), words, numbers);
    }
  }

  /** A column that was not read. */
  record Unread() implements Series {

    @Override
    public Kind kind() {
      return Kind.IGNORED;
    }

    @Override
    public boolean isMissing(int row) {
      return true;
    }

    @Override
    public double number(int row) {
      return Double.NaN;
    }

    @Override
    public String text(int row) {
      return null;
    }

    @Override
    public Unread select(int[] rows) {
      return this;
    }
  }
}
