package dev.lanewise.data;

import dev.lanewise.data.Table.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /**
   * {@return these cells and, behind them, others}
   *
   * @param more cells of the same kind
   */
  Series append(Series more);

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

    @Override
    public Numbers append(Series more) {
      Numbers other = (Numbers) more;
      double[] both = Arrays.copyOf(values, values.length + other.values.length);
      System.arraycopy(other.values, 0, both, values.length, other.values.length);
      BitSet bothSingles = singles == null ? new BitSet() : (BitSet) singles.clone();
      if (other.singles != null) {
        other.singles.stream().forEach(row -> bothSingles.set(values.length + row));
      }
      if (spelled == null && other.spelled == null) {
        return new Numbers(kind, both, null, null, bothSingles);
      }
      List<String> texts = new ArrayList<>(spelled == null ? List.of() : List.of(spellings));
      int[] places = Arrays.copyOf(allSpelled(), both.length);
      int[] theirs = other.allSpelled();
      for (int row = 0; row < theirs.length; row++) {
        places[values.length + row] = theirs[row] < 0 ? -1 : texts.size() + theirs[row];
      }
      texts.addAll(other.spelled == null ? List.of() : List.of(other.spellings));
      return new Numbers(kind, both, places, texts.toArray(String[]::new), bothSingles);
    }

    private int[] allSpelled() {
      if (spelled != null) {
        return spelled;
      }
      int[] none = new int[values.length];
      Arrays.fill(none, -1);
      return none;
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

    @Override
    public Texts append(Series more) {
      Texts other = (Texts) more;
      Map<String, Integer> places = new LinkedHashMap<>();
      for (String word : words) {
        places.put(word, places.size());
      }
      double[] allNumbers = Arrays.copyOf(numbers, numbers.length + other.numbers.length);
      int[] place = new int[other.words.length];
      for (int w = 0; w < place.length; w++) {
        int next = places.size();
        place[w] = places.computeIfAbsent(other.words[w], word -> next);
        if (place[w] == next) {
          allNumbers[next] = other.numbers[w];
        }
      }
      int[] both = Arrays.copyOf(codes, codes.length + other.codes.length);
      for (int row = 0; row < other.codes.length; row++) {
        int code = other.codes[row];
        both[codes.length + row] = code < 0 ? code : place[code];
      }
      return new Texts(
          kind,
          both,
          places.keySet().toArray(String[]::new),
          Arrays.copyOf(allNumbers, places.size()));
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

    @Override
    public Unread append(Series more) {
      return this;
    }
  }
}
