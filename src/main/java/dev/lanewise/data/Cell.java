package dev.lanewise.data;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules by which one raw cell of a table is read: as missing, as a number, a boolean or a date,
 * or as one of a list of values. All sources of tables and all encoders use them.
 */
final class Cell {

  /** What is expected of a cell in a column of numbers. */
  static final String NUMBER = "a number within the range of float";

  /** The words for missing in columns of numbers, besides those of all columns; lower case. */
  private static final Set<String> USUAL_WORDS =
      Set.of(
          "na",
          "n/a",
          "nan",
          "-nan",
          "<na>",
          "#n/a",
          "#n/a n/a",
          "#na",
          "null",
          "nil",
          "none",
          "nat",
          "-",
          "\\n",
          "1.#ind",
          "-1.#ind",
          "1.#qnan",
          "-1.#qnan");

  private static final int LONGEST_WORD =
      USUAL_WORDS.stream().mapToInt(String::length).max().orElseThrow();

  private static final Pattern COMMA = Pattern.compile("[+-]?\\d*,\\d+([eE][+-]?\\d+)?");

  private static final Pattern THOUSANDS =
      Pattern.compile("[+-]?\\d{1,3}([ ',._\u2019]\\d{3})+([.,]\\d+)?");

  private static final Pattern INFINITE =
      Pattern.compile("[+-]?(inf|infinity|\u221e)", Pattern.CASE_INSENSITIVE);

  private static final Pattern FOREIGN_DATE =
      Pattern.compile(
          "(\\d{4}[./]\\d{1,2}[./]\\d{1,2}|\\d{1,2}([./-])\\d{1,2}\\2\\d{4})"
              + "([ T]+\\d{1,2}:\\d{2}.*)?");

  private Cell() {}

  /** {@return whether a character is blank or invisible at the end of a cell} */
  private static boolean isBlank(int c) {
    return c <= ' ' && c != 0
        || c >= 0x7f
            && (Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || c < 0xa0
                || Character.getType(c) == Character.FORMAT);
  }

  /**
   * {@return a text as it is compared: without blanks and invisible characters at its ends (white
   * space, U+00A0, U+200B, U+FEFF, U+00AD …); inside, a blank of any kind is U+0020, and invisible
   * characters are left out but for U+200C and U+200D, which join or part letters} The text itself
   * if there is nothing to do.
   */
  static String clean(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (from < to && isBlank(text.charAt(to - 1))) {
      to--;
    }
    String inner = from == 0 && to == text.length() ? text : text.substring(from, to);
    for (int i = 0; i < inner.length(); i++) {
      if (inner.charAt(i) >= 0x7f && isBlank(inner.charAt(i))) {
        return cleanInside(inner);
      }
    }
    return inner;
  }

  private static String cleanInside(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x7f || !isBlank(c) || c == '\u200c' || c == '\u200d') {
        clean.append(c);
      } else if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        clean.append(' ');
      }
    }
    return clean.toString();
  }

  /** {@return whether a text stands for missing in a column of numbers, booleans or dates} */
  static boolean isMissingWord(String text) {
    return missing(text)
        || (text.length() <= LONGEST_WORD && USUAL_WORDS.contains(text.toLowerCase(Locale.ROOT)));
  }

  /** {@return 1 for true, yes or t, 0 for false, no or f, in any case; else −1} */
  static int truth(String text) {
    return switch (text.length()) {
      case 1 -> (text.charAt(0) | 32) == 't' ? 1 : (text.charAt(0) | 32) == 'f' ? 0 : -1;
      case 2 -> text.equalsIgnoreCase("no") ? 0 : -1;
      case 3 -> text.equalsIgnoreCase("yes") ? 1 : -1;
      case 4 -> text.equalsIgnoreCase("true") ? 1 : -1;
      case 5 -> text.equalsIgnoreCase("false") ? 0 : -1;
      default -> -1;
    };
  }

  /** {@return whether a text is a date in another form than ISO's, such as 31.12.2024} */
  static boolean isForeignDate(String text) {
    return FOREIGN_DATE.matcher(text).matches();
  }

  /**
   * {@return the reason why a text that looks like a number is none, such as "a decimal comma";
   * null if it does not look like a number}
   */
  static String flaw(String text) {
    if (INFINITE.matcher(text).matches() || Double.isInfinite(Decimal.parse(text))) {
      return "infinite";
    }
    if (COMMA.matcher(text).matches()) {
      return "a comma, of decimals or of thousands";
    }
    if (THOUSANDS.matcher(text).matches()) {
      return "thousands set apart";
    }
    int last = text.length() - 1;
    if (last < 1) {
      return null;
    }
    char first = text.charAt(0);
    char end = text.charAt(last);
    if (end == '%' && looksLikeNumber(text.substring(0, last))) {
      return "a percent sign";
    }
    boolean money =
        (isCurrency(first) && looksLikeNumber(text.substring(1)))
            || (isCurrency(end) && looksLikeNumber(text.substring(0, last)))
            || (last > 1
                && (first == '-' || first == '+')
                && isCurrency(text.charAt(1))
                && looksLikeNumber(text.substring(2)));
    return money ? "a sign of currency" : null;
  }

  private static boolean isCurrency(char c) {
    return Character.getType(c) == Character.CURRENCY_SYMBOL;
  }

  private static boolean looksLikeNumber(String text) {
    String inner = text.strip();
    return !Double.isNaN(Decimal.parse(inner))
        || COMMA.matcher(inner).matches()
        || THOUSANDS.matcher(inner).matches();
  }

  /** {@return whether the cell, without blanks around it, means that there is no value} */
  static boolean missing(String text) {
    return text.isEmpty() || text.equals("?") || text.equals("NA") || text.equals("NaN");
  }

  /**
   * {@return the number that a cell holds in decimal notation, or NaN if it holds none} What else
   * Java takes for a number (hexadecimal, {@code 1f}, {@code Infinity}) is text.
   */
  static double number(String text) {
    return Decimal.parse(text);
  }

  /** {@return whether a cell is a number in decimal notation} */
  static boolean isNumber(String text) {
    return !Double.isNaN(number(text));
  }

  /** Refuses values of which one stands twice. */
  static void requireDifferent(String what, List<String> values) {
    Set<String> seen = new HashSet<>();
    for (String value : values) {
      if (!seen.add(value)) {
        throw new IllegalArgumentException(
            "%s: %s stands twice; expected different values".formatted(what, value));
      }
    }
  }
}
