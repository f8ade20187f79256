package dev.lanewise.data;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
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

  /** The scripts whose letters are neither joined nor have forms to choose from. */
  private static final Set<UnicodeScript> WITHOUT_FORMS =
      EnumSet.of(
          UnicodeScript.COMMON,
          UnicodeScript.CYRILLIC,
          UnicodeScript.GREEK,
          UnicodeScript.INHERITED,
          UnicodeScript.LATIN,
          UnicodeScript.UNKNOWN);

  private static final int LONGEST_WORD =
      USUAL_WORDS.stream().mapToInt(String::length).max().orElseThrow();

  /** A longer text than this is no number or date in disguise. */
  private static final int LONGEST = 64;

  private static final Pattern COMMA = Pattern.compile("[+-]?\\d*,\\d+([eE][+-]?\\d+)?");

  /** In threes from the right; or three, then in twos, as in India. */
  private static final Pattern THOUSANDS =
      Pattern.compile(
          "[+-]?\\d{1,3}(["
              + " ',._\u2019]\\d{3})+([.,]\\d+)?|[+-]?\\d{1,2}(,\\d{2})+,\\d{3}(\\.\\d+)?");

  private static final Pattern INFINITE =
      Pattern.compile("[+-]?(inf|infinity|\u221e|1\\.#inf)", Pattern.CASE_INSENSITIVE);

  /** Minus signs and dashes that stand for U+002D. */
  private static final String DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d";

  /** A currency before or behind a number: its sign, with letters or without, or its code. */
  private static final String CURRENCY =
      "(\\p{Alpha}{0,3}\\p{Sc}|Rs\\.?|Fr\\.|[Kk]r\\.?|z\u0142|K\u010d|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|ILS|INR|JPY|KRW|MXN"
          + "|NOK|NZD|PLN|RMB|RUB|SEK|SGD|THB|TRY|USD|ZAR)";

  private static final Pattern MONEY =
      Pattern.compile("([+-]? *)" + CURRENCY + " *(.+)|(.+?) *" + CURRENCY);

  /** As spreadsheets keep digits from being a number: {@code ="12"} or {@code '12}. */
  private static final Pattern QUOTED = Pattern.compile("=?\"(.+)\"|'(.+?)'?");

  private static final Pattern POWER_OF_TEN =
      Pattern.compile("(.+?) *([\u00d7\u00b7*x] *10\\^ *[+-]?\\d+|[\u00d7\u00b7] *10.*)");

  /** What is a number but for something that nobody would call one for. */
  private static final Pattern HEXADECIMAL = Pattern.compile("[+-]?0[xX]\\p{XDigit}+");

  private static final Pattern COMPARED = Pattern.compile("([<>~=\u2248\u2264\u2265]|[<>]=) *(.+)");

  private static final Pattern BEHIND =
      Pattern.compile("([+-]?(?:\\d+[.,]?\\d*|[.,]\\d+)) *(-|[^\\d\\s.,:/-][^\\d:/-]*)");

  private static final String TIME = "\\d{1,2}:\\d{2}(:\\d{2}([.,]\\d+)?)?";

  private static final String HALF_OF_DAY = " *[AaPp]\\.?[Mm]\\.?";

  private static final String MONTH =
      "(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?"
          + "|oct(ober)?|nov(ember)?|dec(ember)?)\\.?";

  private static final String DAY = "\\d{1,2}(st|nd|rd|th)?";

  /** Days written in another form than ISO's. */
  private static final String FOREIGN_DAY =
      "\\d{4}[./-]\\d{1,2}[./-]\\d{1,2}"
          + "|\\d{1,2}(?<part>[./-])\\d{1,2}\\k<part>\\d{4}"
          + "|\\d{1,2}/\\d{1,2}/\\d{2}"
          + "|([0-2]\\d|3[01])\\.(0\\d|1[0-2])\\.\\d{2}"
          + "|(0?[1-9]|1[0-2])[/-]\\d{4}|\\d{4}[/-](0[1-9]|1[0-2])";

  /** A time that passes: hours beyond a day's, days, or ISO's form. */
  private static final String DURATION =
      "-?\\d+:\\d{2}(:\\d{2}([.,]\\d+)?)?"
          + "|-?\\d+ days?,?( +[+-]?\\d+:\\d{2}:\\d{2}([.,]\\d+)?)?"
          + "|-?P(\\d+[YMWD])*T(\\d+([.,]\\d+)?[HMS])+";

  /** A month by its name, with a day before or behind it or none, and a year. */
  private static final String NAMED_MONTH =
      "((mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\\.?,? +)?"
          + ("(" + DAY + "[. -]*)?" + MONTH + "[., -]*(" + DAY + ",?[ -]+)?")
          + ("(" + TIME + " +)?(\\d{4}|\\d{2})");

  private static final Pattern FOREIGN_DATE =
      Pattern.compile(
          ("(" + FOREIGN_DAY + "|" + NAMED_MONTH + ")([ T]+" + TIME + ".*)?")
              + ("|" + TIME + HALF_OF_DAY)
              + ("|" + DURATION)
              + "|\\d{8}T\\d{4,6}Z?",
          Pattern.CASE_INSENSITIVE);

  private Cell() {}

  /** {@return whether a character is blank or invisible at the end of a cell} */
  static boolean isBlank(int c) {
    return c <= ' ' && c != 0
        || c >= 0x7f
            && (Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || c < 0xa0
                || Character.getType(c) == Character.FORMAT
                || isFiller(c));
  }

  /** Whether a character is a letter or a sign that nobody sees, or is no character. */
  private static boolean isFiller(int c) {
    return c == 0x034f
        || c == 0x115f
        || c == 0x1160
        || c == 0x17b4
        || c == 0x17b5
        || c == 0x2800
        || c == 0x3164
        || c == 0xffa0
        || c == 0xfffc
        || (c & 0xfffe) == 0xfffe
        || (c >= 0xfdd0 && c <= 0xfdef)
        || isSelector(c);
  }

  /** Whether a character chooses a form of the one before it, or is a tag of a flag. */
  private static boolean isSelector(int c) {
    return (c >= 0x180b && c <= 0x180f) || (c >= 0xfe00 && c <= 0xfe0f) || c >> 12 == 0xe0;
  }

  /** Whether a character may have forms to choose from, or be joined to the next one. */
  private static boolean hasForms(int c) {
    return c > 0x7f
        && (Character.isEmoji(c)
            || isSelector(c)
            || c == 0x200d
            || !WITHOUT_FORMS.contains(UnicodeScript.of(c)));
  }

  /**
   * {@return a text as it is compared: without blanks and invisible characters at its ends (white
   * space, U+00A0, U+200B, U+FEFF, U+00AD, control characters but U+0000 …); inside, line breaks
   * and tabs stay, a blank of any kind is U+0020, and invisible characters are left out but for
   * those that join or part letters, or choose a form, behind an emoji or a letter of a script that
   * has forms; letters with accents in the one form (NFC) that their spellings have in common} The
   * text itself if there is nothing to do.
   */
  static String clean(String text) {
    String inner = withoutEnds(text);
    for (int i = 0; i < inner.length(); i++) {
      if (!isPlain(inner.charAt(i))) {
        return withoutEnds(cleanInside(inner));
      }
    }
    return inner;
  }

  /** A text without blanks at its ends; what chooses a form is judged by what it follows. */
  private static String withoutEnds(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.codePointAt(from))) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (from < to
        && isBlank(text.codePointBefore(to))
        && !isSelector(text.codePointBefore(to))) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return from == 0 && to == text.length() ? text : text.substring(from, to);
  }

  /** {@return whether a character stays as it is inside a text, whatever stands beside it} */
  static boolean isPlain(char c) {
    return c >= ' ' ? c < 0x7f : c == '\n' || c == '\t' || c == '\r' || c == 0;
  }

  private static String cleanInside(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    int last = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      boolean forms = c == 0x200c || c == 0x200d || isSelector(c);
      boolean keycap = c == 0xfe0f && i + 1 < text.length() && text.charAt(i + 1) == 0x20e3;
      boolean control = Character.isISOControl(c) && c != 0x85;
      if (c < 0x7f && isPlain((char) c) || !isBlank(c) || keycap || (forms && hasForms(last))) {
        clean.appendCodePoint(c);
        last = c;
      } else if (!control && (Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85)) {
        clean.append(' ');
        last = ' ';
      }
    }
    String same =
        clean.length() == text.length() && text.contentEquals(clean) ? text : clean.toString();
    return Normalizer.isNormalized(same, Form.NFC) ? same : Normalizer.normalize(same, Form.NFC);
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
    return mayHoldNumber(text) && FOREIGN_DATE.matcher(text).matches();
  }

  /**
   * {@return the reason why a text that is a number to a person is none here, such as "a decimal
   * comma"; null if it is no number to anybody}
   */
  static String flaw(String text) {
    if ((text.length() <= LONGEST && INFINITE.matcher(text).matches())
        || Double.isInfinite(Decimal.parse(text))) {
      return "infinite";
    }
    if (!mayHoldNumber(text)) {
      return null;
    }
    if (COMMA.matcher(text).matches()) {
      return "a comma, of decimals or of thousands";
    }
    if (THOUSANDS.matcher(text).matches()) {
      return "thousands set apart";
    }
    int last = text.length() - 1;
    if (last < 1) {
      return foreign(text);
    }
    char first = text.charAt(0);
    char end = text.charAt(last);
    if (first == '(' && end == ')' && looksLikeNumber(text.substring(1, last))) {
      return "parentheses";
    }
    if (isPercent(end) && looksLikeNumber(text.substring(0, last))
        || isPercent(first) && looksLikeNumber(text.substring(1))) {
      return "a percent sign";
    }
    Matcher money = MONEY.matcher(text);
    if (money.matches()
        && looksLikeNumber(money.group(3) == null ? money.group(4) : money.group(3))) {
      return "a sign of currency";
    }
    Matcher quoted = QUOTED.matcher(text);
    if (quoted.matches()
        && looksLikeNumber(quoted.group(1) == null ? quoted.group(2) : quoted.group(1))) {
      return "quotes around it";
    }
    if (first == '\u00b1' && looksLikeNumber(text.substring(1))) {
      return "a sign of plus or minus";
    }
    Matcher power = POWER_OF_TEN.matcher(text);
    if (power.matches() && looksLikeNumber(power.group(1))) {
      return "a power of ten that is written out";
    }
    return (first == '-' || first == '+')
            && text.charAt(1) == ' '
            && looksLikeNumber(text.substring(1))
        ? "a blank behind its sign"
        : foreign(text);
  }

  /** Whether a text has a digit, and is no longer than people write numbers and dates. */
  private static boolean mayHoldNumber(String text) {
    return text.length() <= LONGEST && text.chars().anyMatch(Character::isDigit);
  }

  private static boolean isPercent(char c) {
    return c == '%' || c == '\u2030' || c == '\u066a' || c == '\uff05';
  }

  /** The flaw of a number in digits or with a minus sign that are not those of ASCII. */
  private static String foreign(String text) {
    StringBuilder usual = new StringBuilder(text.length());
    boolean dash = false;
    boolean digits = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x7f && DASHES.indexOf(c) >= 0) {
        usual.append('-');
        dash = true;
      } else if (c >= 0x7f && Character.isDigit(c)) {
        usual.append(Character.digit(c, 10));
        digits = true;
      } else {
        usual.append(c);
      }
    }
    if ((!dash && !digits) || !looksLikeNumber(usual.toString())) {
      return null;
    }
    return digits ? "digits other than 0 to 9" : "a minus sign other than U+002D";
  }

  private static boolean looksLikeNumber(String text) {
    String inner = text.strip();
    return !Double.isNaN(Decimal.parse(inner)) || (!inner.isEmpty() && flaw(inner) != null);
  }

  /**
   * {@return what stands beside a number in a text that is none, such as a unit, and might be a
   * value of its own in another column; null if it is no such text}
   */
  static String beside(String text) {
    if (!mayHoldNumber(text)) {
      return null;
    }
    if (HEXADECIMAL.matcher(text).matches()) {
      return "hexadecimal digits";
    }
    Matcher compared = COMPARED.matcher(text);
    if (compared.matches() && looksLikeNumber(compared.group(2))) {
      return "a sign of comparison";
    }
    Matcher behind = BEHIND.matcher(text);
    if (!behind.matches()) {
      return null;
    }
    return behind.group(2).equals("-") ? "a minus sign behind it" : "anything behind it";
  }

  /** {@return what is expected in place of a text in a column of numbers, naming what is wrong} */
  static String expectedNumber(String text) {
    String flaw = flaw(text);
    if (flaw != null) {
      return flaw.equals("infinite") ? "a finite number" : "a number without " + flaw;
    }
    if (truth(text) >= 0) {
      return "a number, not a boolean";
    }
    if (isForeignDate(text) || !Double.isNaN(Dates.parse(text))) {
      return "a number, not a date";
    }
    String beside = beside(text);
    return beside == null ? "a number" : "a number without " + beside;
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
            "%s: %s stands twice; expected different values".formatted(what, Names.shown(value)));
      }
    }
  }
}
