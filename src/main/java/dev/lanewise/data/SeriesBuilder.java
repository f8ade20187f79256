package dev.lanewise.data;

import dev.lanewise.data.DataException.Remedy;
import dev.lanewise.data.Table.Kind;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Takes the cells of one column and judges what it holds.
 *
 * <p>At first all cells are kept as texts. Once there are some thousand rows, or at the end, the
 * texts show whether the column is of numbers; from then on its cells are parsed at once and no
 * text is kept. Should that prove wrong at the end, the column is a <em>surprise</em>: its source
 * is read again with all texts of this column, or, if it cannot be, the texts are made of the
 * numbers.
 */
final class SeriesBuilder {

  /** A column is of numbers if at most one cell in so many is something else. */
  private static final int ODD_ONE_IN = 20;

  /** A label with more different texts than this is kept as numbers if it is of numbers. */
  private static final int MOST_LABELS = 1 << 14;

  /** From here on a {@code double} may stand for several whole numbers. */
  private static final double EXACT = 0x1p53;

  private static final Complaint NO_COMPLAINT = null;

  /**
   * What the reader was told about a column.
   *
   * @param kind its kind, or null if its cells show it
   * @param label whether it is a label, which keeps its texts
   * @param known what is known of it from an encoder or another table, or null
   * @param words what stands for missing where numbers are expected
   * @param numbers those of the words that are numbers
   */
  record Hints(Kind kind, boolean label, Known.Col known, Set<String> words, double[] numbers) {

    /** Whether odd cells are refused: an encoder's labels are judged by who asks for them. */
    boolean isJudged() {
      return known == null || !known.label();
    }
  }

  /**
   * What is wrong with a column.
   *
   * @param row the first row where it is so
   * @param text the cell there
   * @param expected what was expected
   * @param remedy what may be done
   */
  record Complaint(int row, String text, String expected, Remedy remedy) {}

  private final Hints hints;
  private final boolean again;
  private final boolean texts;
  private int rows;

  // as texts
  private Ints codes = new Ints();
  private Dictionary dictionary = new Dictionary();
  private boolean judged; // whether the texts of a label were judged when they became many

  // as numbers
  private Kind numeric; // NUMBER or DATE once cells are parsed at once
  private Doubles numbers;
  private Ints spelled;
  private Dictionary spellings;
  private BitSet singles; // the rows that were float, null for none
  private int count;
  private int booleans;
  private int odd;
  private int firstOdd = -1;
  private String firstOddText;
  private int firstBoolean = -1;
  private String firstBooleanText;
  private Map<Integer, String> oddTexts; // of all that are no numbers, if the source is read once

  private String name;
  private boolean surprise;
  private Complaint complaint;

  /**
   * Creates a column without cells.
   *
   * @param hints what is known about it
   * @param again whether its source can be read again
   * @param texts whether all texts are kept to the end, because the column was a surprise
   */
  SeriesBuilder(Hints hints, boolean again, boolean texts) {
    this.hints = hints;
    this.again = again;
    this.texts = texts;
    if (hints.kind() == Kind.NUMBER || hints.kind() == Kind.DATE) {
      parseAtOnce(hints.kind());
    }
  }

  private void parseAtOnce(Kind kind) {
    numeric = kind;
    numbers = new Doubles();
    oddTexts = again ? null : new TreeMap<>();
    for (int row = 0; row < rows; row++) {
      numbers.add(Double.NaN);
    }
  }

  /** {@return whether it is a label} */
  boolean isLabel() {
    return hints.label();
  }

  /** {@return whether cells are looked at} */
  boolean isRead() {
    return hints.kind() != Kind.IGNORED;
  }

  /** Takes a cell. */
  void add(char[] text, int from, int to) {
    if (!isRead()) {
      return;
    }
    while (from < to && text[from] <= ' ' && text[from] != 0) {
      from++;
    }
    while (from < to && text[to - 1] <= ' ' && text[to - 1] != 0) {
      to--;
    }
    if (numeric == Kind.NUMBER) {
      addNumber(text, from, to);
    } else if (numeric == null && isPlain(text, from, to)) {
      addText(text, from, to);
    } else {
      add(Cell.clean(new String(text, from, to - from)));
    }
  }

  /** Whether a text has no character that may be an invisible one inside it. */
  private static boolean isPlain(char[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Cell.isPlain(text[i])) {
        return false;
      }
    }
    return true;
  }

  /** Takes a cell that was cleaned, empty if it has no value. */
  void add(String text) {
    if (!isRead()) {
      return;
    }
    if (numeric != null) {
      double value = numeric == Kind.NUMBER ? Decimal.parse(text) : Dates.parse(text);
      if (value - value == 0) {
        char[] spelling = text.toCharArray();
        addParsed(value, numeric == Kind.NUMBER ? spelling(spelling, 0, spelling.length) : -1);
      } else {
        addOdd(text);
      }
    } else {
      addCode(Cell.missing(text) ? -1 : dictionary.code(text));
    }
    rows++;
  }

  /** Takes a cell that has no value. */
  void addMissing() {
    add("");
  }

  /** Takes a number from a source that has such. */
  void add(double value) {
    if (!isRead()) {
      return;
    }
    if (Double.isNaN(value)) {
      addMissing();
      return;
    }
    if (!addAtOnce(value, Kind.NUMBER)) {
      add(Decimal.text(value));
    }
  }

  /** Takes a whole number, with all its digits. */
  void add(long value) {
    if (Math.abs((double) value) < EXACT) {
      add((double) value);
    } else {
      add(Long.toString(value));
    }
  }

  /** Takes a number with all its digits; as a number it is the nearest {@code double}. */
  void add(BigDecimal value) {
    double nearest = value.doubleValue();
    boolean many = Math.abs(nearest) >= EXACT && Decimal.isWhole(value);
    if (many || !addAtOnce(nearest, Kind.NUMBER)) {
      add(Decimal.text(value));
    }
  }

  /** Takes a date or time, which is so many seconds. */
  void add(Object value, double seconds) {
    if (!addAtOnce(seconds, Kind.DATE)) {
      add(Dates.text(value));
    }
  }

  /**
   * Takes a {@code float}. As a number it is the {@code double} that is equal to it, as a text its
   * shortest decimal.
   */
  void add(float value) {
    if (!isRead()) {
      return;
    }
    if (Float.isNaN(value)) {
      addMissing();
      return;
    }
    if (singles == null) {
      singles = new BitSet();
    }
    singles.set(rows);
    if (!addAtOnce(value, Kind.NUMBER)) {
      add(Decimal.shortest(value));
    }
  }

  /** Takes a number of a column of such; {@return whether it could} */
  private boolean addAtOnce(double value, Kind kind) {
    if (numeric == null && hints.kind() == null && !hints.label() && dictionary.size() == 0) {
      parseAtOnce(kind);
    }
    boolean seconds = numeric == Kind.DATE && hints.kind() == Kind.DATE;
    if ((numeric != kind && !seconds) || Double.isInfinite(value)) {
      return false;
    }
    addParsed(value, -1);
    rows++;
    return true;
  }

  private void addText(char[] text, int from, int to) {
    boolean missing =
        from == to || (to - from <= 3 && Cell.missing(new String(text, from, to - from)));
    addCode(missing ? -1 : dictionary.code(text, from, to));
    rows++;
  }

  private void addCode(int code) {
    codes.add(code);
    if (hints.label() && !judged && dictionary.size() > MOST_LABELS) {
      judged = true; // once: a census goes through all cells
      rows++;
      settle();
      rows--;
    }
  }

  private void addNumber(char[] text, int from, int to) {
    double value = from == to ? Double.NaN : Decimal.parse(text, from, to);
    if (value - value == 0) {
      addParsed(value, spelling(text, from, to));
      rows++;
    } else if (from == to) {
      addOdd("");
      rows++;
    } else {
      add(Cell.clean(new String(text, from, to - from)));
    }
  }

  private void addParsed(double value, int spelling) {
    for (double missing : hints.numbers()) {
      if (value == missing) {
        append(Double.NaN, spelling);
        keep(Decimal.text(value));
        return;
      }
    }
    append(value, spelling);
    count++;
  }

  /** The code of a cell's spelling, −1 if it tells no more than the number. */
  private int spelling(char[] text, int from, int to) {
    if (!Decimal.isSpelled(text, from, to)) {
      return -1;
    }
    if (spellings == null) {
      spellings = new Dictionary();
    }
    return spellings.code(text, from, to);
  }

  /** Appends a row's number and the code of its spelling: the two arrays stay of one length. */
  private void append(double number, int spelling) {
    numbers.add(number);
    if (spelling >= 0 && spelled == null) {
      spelled = new Ints();
      for (int row = 0; row < rows; row++) {
        spelled.add(-1);
      }
    }
    if (spelled != null) {
      spelled.add(spelling);
    }
  }

  private boolean isMissingWord(String text) {
    return Cell.isMissingWord(text) || hints.words().contains(text);
  }

  private void keep(String text) {
    if (oddTexts != null) {
      oddTexts.put(rows, text);
    }
  }

  /** Takes a cell among numbers that is none. */
  private void addOdd(String text) {
    int truth = numeric == Kind.NUMBER ? Cell.truth(text) : -1;
    if (Cell.missing(text)) {
      append(Double.NaN, -1);
      return;
    }
    keep(text);
    if (isMissingWord(text)) {
      append(Double.NaN, -1);
    } else if (truth >= 0) {
      append(truth, -1);
      booleans++;
      if (firstBoolean < 0) {
        firstBoolean = rows;
        firstBooleanText = text;
      }
    } else {
      append(Double.NaN, -1);
      odd++;
      if (firstOdd < 0) {
        firstOdd = rows;
        firstOddText = text;
      }
    }
  }

  /** Judges by the cells so far whether numbers are parsed at once from now on. */
  void settle() {
    if (numeric != null || texts || !isRead() || hints.kind() != null) {
      return;
    }
    Census census = new Census();
    Kind kind = census.kind();
    boolean spellingsGo = !hints.label() || dictionary.size() > MOST_LABELS;
    if ((kind != Kind.NUMBER && kind != Kind.DATE) || census.present() == 0 || !spellingsGo) {
      return;
    }
    Ints read = codes;
    int taken = rows;
    rows = 0;
    codes = null;
    numeric = kind;
    numbers = new Doubles();
    oddTexts = again ? null : new TreeMap<>();
    Dictionary words = dictionary;
    dictionary = null;
    for (int row = 0; row < taken; row++) {
      int code = read.get(row);
      add(code < 0 ? "" : words.word(code));
    }
  }

  /** {@return whether the source must be read again for this column, with all texts} */
  boolean isSurprise() {
    return surprise;
  }

  /** {@return what is wrong with the column, null for nothing} */
  Complaint complaint() {
    return complaint;
  }

  /**
   * {@return the column, whose cells are all here; null if there is a complaint or a surprise}
   *
   * @param name the column's name, null if there is none
   * @param maybeNames whether the first row may be the names
   */
  Series finish(String name, boolean maybeNames) {
    this.name = name;
    complaint = NO_COMPLAINT;
    if (!isRead()) {
      return new Series.Unread();
    }
    return numeric == null ? finishTexts(maybeNames) : finishNumbers(maybeNames);
  }

  private Series finishNumbers(boolean maybeNames) {
    boolean zeroOne = booleans == 0 || isZeroOne();
    int strange = zeroOne ? odd : odd + booleans;
    int present = count + booleans + odd;
    if (strange == 0) {
      return new Series.Numbers(
          numeric,
          numbers.take(),
          spelled == null ? null : spelled.take(),
          spelled == null ? null : spellings.words(),
          singles);
    }
    boolean few = strange * (long) ODD_ONE_IN <= present;
    if (hints.kind() == null && !(few && hints.isJudged())) {
      if (again) {
        surprise = true;
        return null;
      }
      textsAgain();
      return finishTexts(maybeNames);
    }
    boolean first = odd == 0 || (!zeroOne && firstBoolean >= 0 && firstBoolean < firstOdd);
    complaint =
        odd(
            first ? firstBoolean : firstOdd,
            first ? firstBooleanText : firstOddText,
            numeric,
            maybeNames && strange == 1);
    return null;
  }

  private boolean isZeroOne() {
    for (int row = 0; row < rows; row++) {
      double value = numbers.get(row);
      if (value != 0 && value != 1 && !Double.isNaN(value)) {
        return false;
      }
    }
    return true;
  }

  /** Makes texts of numbers; those that were none are still there. */
  private void textsAgain() {
    codes = new Ints();
    dictionary = new Dictionary();
    int[] places = spelled == null ? null : spelled.take();
    for (int row = 0; row < rows; row++) {
      String text = oddTexts.get(row);
      if (text == null) {
        double value = numbers.get(row);
        text =
            Double.isNaN(value)
                ? ""
                : places != null && places[row] >= 0
                    ? spellings.word(places[row])
                    : numeric == Kind.DATE
                        ? Dates.text(value)
                        : isSingle(row) ? Decimal.shortest((float) value) : Decimal.text(value);
      }
      codes.add(text.isEmpty() ? -1 : dictionary.code(text));
    }
    numeric = null;
    numbers = null;
  }

  private boolean isSingle(int row) {
    return singles != null && singles.get(row);
  }

  private Complaint odd(int row, String text, Kind kind, boolean maybeNames) {
    if (maybeNames && row == 0) {
      return new Complaint(row, text, "a number, as in the other lines", Remedy.NAMED);
    }
    if (kind == Kind.DATE) {
      return new Complaint(
          row, text, "an ISO date or time, as 2024-12-31", Remedy.WORD_OR_CATEGORY);
    }
    if (kind == Kind.BOOLEAN) {
      return new Complaint(row, text, "true or false", Remedy.WORD_OR_CATEGORY);
    }
    return new Complaint(row, text, Cell.expectedNumber(text), Remedy.WORD_OR_CATEGORY);
  }

  private Series finishTexts(boolean maybeNames) {
    Census census = new Census();
    Kind kind = hints.kind() == null ? census.kind() : hints.kind();
    complaint = census.complaint(kind, maybeNames);
    if (complaint != null) {
      return null;
    }
    int[] all = codes.take();
    String[] words = dictionary.words();
    if (kind == Kind.BOOLEAN || kind == Kind.CATEGORY) {
      double[] values = new double[words.length];
      for (int code = 0; code < values.length; code++) {
        boolean told = hints.kind() == Kind.CATEGORY && census.isWord(code); // a value like others
        values[code] = told ? Double.POSITIVE_INFINITY : census.number(code, kind);
        boolean ofWords = kind == Kind.BOOLEAN || (hints.label() && census.isLabelOfNumbers());
        if (ofWords && hints.kind() != Kind.CATEGORY && Double.isNaN(values[code])) {
          census.drop(all, code);
        }
      }
      return new Series.Texts(kind, all, words, values);
    }
    double[] values = new double[all.length];
    int[] special = null;
    for (int row = 0; row < values.length; row++) {
      values[row] = all[row] < 0 ? Double.NaN : census.number(all[row], kind);
      if (isSingle(row)) {
        values[row] = (float) values[row];
      }
      if (all[row] >= 0 && census.isKept(all[row])) {
        if (special == null) {
          special = new int[all.length];
          Arrays.fill(special, -1);
        }
        special[row] = all[row];
      }
    }
    return new Series.Numbers(kind, values, special, special == null ? null : words, singles);
  }

  /** What the different texts of the column are, and how many of each there are. */
  private final class Census {

    private enum What {
      NUMBER,
      BOOLEAN,
      DATE,
      WORD,
      FLAWED,
      FOREIGN_DATE,
      ZERO,
      OTHER
    }

    private final What[] whats = new What[dictionary.size()];
    private final double[] values = new double[whats.length];
    private final int[] first = new int[whats.length];
    private final int[] counts = new int[What.values().length];
    private boolean zeroOne = true;

    Census() {
      for (int code = 0; code < whats.length; code++) {
        String text = dictionary.word(code);
        whats[code] = what(text, code);
        first[code] = -1;
      }
      for (int row = 0; row < rows; row++) {
        int code = codes.get(row);
        if (code >= 0) {
          counts[whats[code].ordinal()]++;
          first[code] = first[code] < 0 ? row : first[code];
        }
      }
    }

    private What what(String text, int code) {
      values[code] = Decimal.parse(text);
      boolean number = values[code] - values[code] == 0;
      if (number && !isMissingNumber(values[code])) {
        zeroOne &= values[code] == 0 || values[code] == 1;
        return What.NUMBER;
      }
      if (number || isMissingWord(text)) {
        values[code] = Double.NaN;
        return What.WORD;
      }
      int truth = Cell.truth(text);
      if (truth >= 0) {
        values[code] = truth;
        return What.BOOLEAN;
      }
      double seconds = Dates.parse(text);
      if (!Double.isNaN(seconds)) {
        values[code] = seconds;
        return What.DATE;
      }
      values[code] = Double.POSITIVE_INFINITY;
      if (text.indexOf(0) >= 0) {
        return What.ZERO;
      }
      boolean beyond = hints.label() && Double.isInfinite(Decimal.parse(text)); // a class by digits
      return !beyond && Cell.flaw(text) != null
          ? What.FLAWED
          : Cell.isForeignDate(text) ? What.FOREIGN_DATE : What.OTHER;
    }

    private boolean isMissingNumber(double value) {
      for (double missing : hints.numbers()) {
        if (missing == value) {
          return true;
        }
      }
      return false;
    }

    private int count(What what) {
      return counts[what.ordinal()];
    }

    int present() {
      int present = 0;
      for (What what : What.values()) {
        present += what == What.WORD ? 0 : count(what);
      }
      return present;
    }

    private boolean isMost(int some) {
      int present = present();
      return some > 0 && (present - some) * (long) ODD_ONE_IN <= present;
    }

    /** Numbers, and booleans where they can be numbers. */
    private int numeric() {
      return count(What.NUMBER) + (zeroOne ? count(What.BOOLEAN) : 0);
    }

    /** Whether a label is of numbers, but for odd cells. */
    boolean isLabelOfNumbers() {
      return count(What.NUMBER) > 0 && isMost(numeric());
    }

    /** Whether a text stands for missing in a column of numbers. */
    boolean isWord(int code) {
      return whats[code] == What.WORD;
    }

    /** What the cells show. */
    Kind kind() {
      int present = present();
      if (hints.label()) {
        boolean numbers = present == 0 ? count(What.WORD) == 0 : isLabelOfNumbers();
        return numbers && (hints.isJudged() || numeric() == present) ? Kind.NUMBER : Kind.CATEGORY;
      }
      if (present == 0) {
        return count(What.WORD) == 0 ? Kind.NUMBER : Kind.CATEGORY;
      }
      if (count(What.BOOLEAN) == present) {
        return Kind.BOOLEAN;
      }
      if (count(What.NUMBER) > 0 && isMost(numeric())) {
        return Kind.NUMBER;
      }
      return isMost(count(What.DATE)) ? Kind.DATE : Kind.CATEGORY;
    }

    /** What is wrong if the column is of a kind; null for nothing. */
    Complaint complaint(Kind kind, boolean maybeNames) {
      Complaint zero = zero();
      if (zero != null) {
        return zero;
      }
      if (kind == Kind.CATEGORY) {
        return hints.kind() == null && hints.isJudged() ? ofCategories(maybeNames) : NO_COMPLAINT;
      }
      int strange = -1;
      for (int code = 0; code < whats.length; code++) {
        if (!fits(whats[code], kind) && (strange < 0 || first[code] < first[strange])) {
          strange = code;
        }
      }
      return strange < 0
          ? NO_COMPLAINT
          : odd(first[strange], dictionary.word(strange), kind, maybeNames && strange == 0);
    }

    /** A text with U+0000, which is part of none. */
    private Complaint zero() {
      if (count(What.ZERO) == 0) {
        return NO_COMPLAINT;
      }
      int strange = -1;
      for (int code = 0; code < whats.length; code++) {
        if (whats[code] == What.ZERO && (strange < 0 || first[code] < first[strange])) {
          strange = code;
        }
      }
      return new Complaint(
          first[strange], dictionary.word(strange), "a text without U+0000", Remedy.NONE);
    }

    private boolean fits(What what, Kind kind) {
      return switch (what) {
        case WORD -> true;
        case NUMBER -> kind == Kind.NUMBER || (kind == Kind.BOOLEAN && zeroOne);
        case BOOLEAN -> kind == Kind.BOOLEAN || (kind == Kind.NUMBER && zeroOne);
        case DATE -> kind == Kind.DATE;
        default -> false;
      };
    }

    /**
     * What is wrong with texts that nobody called categories: numbers in disguise, or dates, which
     * may be classes all the same.
     */
    private Complaint ofCategories(boolean maybeNames) {
      boolean numbers = count(What.FLAWED) > 0 && isMost(count(What.NUMBER) + count(What.FLAWED));
      boolean dates = !hints.label() && isMost(count(What.FOREIGN_DATE) + count(What.DATE));
      boolean named =
          maybeNames
              && whats.length > 1
              && first[0] == 0
              && whats[0] != What.NUMBER
              && count(What.NUMBER) == present() - 1
              && count(What.NUMBER) > 1;
      if (!numbers && !dates && !named) {
        return ownName();
      }
      int strange = -1;
      for (int code = 0; code < whats.length; code++) {
        boolean culprit = dates ? whats[code] == What.FOREIGN_DATE : whats[code] != What.NUMBER;
        if (culprit && whats[code] != What.WORD && (strange < 0 || first[code] < first[strange])) {
          strange = code;
        }
      }
      return odd(first[strange], dictionary.word(strange), dates ? Kind.DATE : Kind.NUMBER, named);
    }

    /** The name of a column of numbers among its cells, as where files with headers were joined. */
    private Complaint ownName() {
      for (int code = 0; code < whats.length; code++) {
        if (dictionary.word(code).equals(name) && whats[code] == What.OTHER) {
          int others = present() - count(What.OTHER);
          boolean alone = true;
          for (int other = 0; other < whats.length; other++) {
            alone &= other == code || whats[other] != What.OTHER;
          }
          return alone && count(What.NUMBER) == others && others > count(What.OTHER)
              ? new Complaint(
                  first[code], name, "a number, not the column's name again", Remedy.NONE)
              : NO_COMPLAINT;
        }
      }
      return NO_COMPLAINT;
    }

    /** The number of a text in a column of a kind: NaN if it is missing, infinite if it is none. */
    double number(int code, Kind kind) {
      boolean number =
          switch (whats[code]) {
            case NUMBER, WORD -> true;
            case BOOLEAN -> kind == Kind.BOOLEAN || (kind != Kind.DATE && zeroOne);
            case DATE -> kind == Kind.DATE;
            default -> false;
          };
      return number ? values[code] : Double.POSITIVE_INFINITY;
    }

    /** Whether the spelling of a cell in a column of numbers is kept; a boolean is 1 or 0. */
    boolean isKept(int code) {
      String text = dictionary.word(code);
      boolean number = whats[code] == What.NUMBER;
      return hints.label()
          ? number || !zeroOne || whats[code] != What.BOOLEAN
          : number && Decimal.isSpelled(text.toCharArray(), 0, text.length());
    }

    /** Takes a word for missing out of the cells. */
    void drop(int[] all, int code) {
      for (int row = 0; row < all.length; row++) {
        all[row] = all[row] == code ? -1 : all[row];
      }
    }
  }
}
