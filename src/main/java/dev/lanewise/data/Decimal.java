package dev.lanewise.data;

import java.math.BigDecimal;

/**
 * Reads decimal numbers, as {@code -1.5e3}, from characters: the same {@code double} as {@link
 * Double#parseDouble}, mostly without it.
 *
 * <p>Digits that make a whole number up to 2⁵³, times or divided by a power of ten up to 10²², are
 * two exact numbers and one rounding, so the result is the nearest one (Clinger 1990).
 */
final class Decimal {

  private static final long EXACT = 1L << 53;

  /** A whole number with more digits than this is no id but a quantity. */
  private static final int LONGEST_ID = 100;

  /** As many digits surely fit into a {@code long}. */
  private static final int DIGITS = 18;

  private static final double[] POWERS = powers();

  private Decimal() {}

  private static double[] powers() {
    double[] powers = new double[23];
    for (int i = 0; i < powers.length; i++) {
      powers[i] = Double.parseDouble("1e" + i);
    }
    return powers;
  }

  /** {@return the number that a text holds in decimal notation, or NaN if it holds none} */
  static double parse(String text) {
    return parse(text.toCharArray(), 0, text.length());
  }

  /**
   * {@return the number that characters hold in decimal notation, or NaN if they hold none}
   * Infinite if it is beyond the range of {@code double}. What else Java takes for a number
   * (hexadecimal, {@code 1f}, {@code Infinity}) is none.
   */
  static double parse(char[] text, int from, int to) {
    int i = from;
    boolean negative = false;
    if (i < to && (text[i] == '-' || text[i] == '+')) {
      negative = text[i++] == '-';
    }
    long digits = 0;
    int significant = 0;
    int begin = i;
    int digit;
    while (i < to && (digit = text[i] - '0') >= 0 && digit <= 9) {
      digits = digits * 10 + digit;
      significant += significant > 0 || digit > 0 ? 1 : 0;
      i++;
    }
    int count = i - begin;
    int power = 0;
    if (i < to && text[i] == '.') {
      begin = ++i;
      while (i < to && (digit = text[i] - '0') >= 0 && digit <= 9) {
        digits = digits * 10 + digit;
        significant += significant > 0 || digit > 0 ? 1 : 0;
        i++;
      }
      power = begin - i;
      count -= power;
    }
    if (count == 0) {
      return Double.NaN;
    }
    if (i < to) {
      return withExponent(text, from, i, to);
    }
    if (significant > DIGITS || digits > EXACT || power < -22) {
      return Double.parseDouble(new String(text, from, to - from));
    }
    double value = power == 0 ? digits : digits / POWERS[-power];
    return negative ? -value : value;
  }

  /** Numbers with an exponent are rare: Java reads them, if the grammar is ours. */
  private static double withExponent(char[] text, int from, int at, int to) {
    if (text[at] != 'e' && text[at] != 'E') {
      return Double.NaN;
    }
    int i = at + 1;
    if (i < to && (text[i] == '-' || text[i] == '+')) {
      i++;
    }
    if (i == to) {
      return Double.NaN;
    }
    for (; i < to; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return Double.NaN;
      }
    }
    return Double.parseDouble(new String(text, from, to - from));
  }

  /**
   * {@return the shortest text of a number} Whole numbers below 2⁶³ have all their digits; 0 has no
   * sign.
   */
  static String text(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 0x1p63) {
      return Long.toString((long) value);
    }
    String text = Double.toString(value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text.replace(".0E", "E");
  }

  /**
   * {@return the text of a number with all its digits: that of the nearest {@code double} if this
   * is the same number}
   */
  static String text(BigDecimal value) {
    BigDecimal number = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    if (isWhole(number)) {
      return number.toPlainString();
    }
    double nearest = number.doubleValue();
    return Double.isFinite(nearest)
            && number.compareTo(new BigDecimal(Double.toString(nearest))) == 0
        ? text(nearest)
        : number.toString();
  }

  /** {@return whether a number is a whole one whose digits people write down} */
  static boolean isWhole(BigDecimal value) {
    BigDecimal number = value.stripTrailingZeros();
    return number.scale() <= 0 && (long) number.precision() - number.scale() <= LONGEST_ID;
  }

  /** {@return whether a number is a whole one within the range of {@code long}} */
  static boolean isLong(Number number) {
    double nearest = number.doubleValue();
    return (double) number.longValue() == nearest && Math.abs(nearest) <= 0x1p63;
  }

  /** {@return the text of the shortest decimal that is this {@code float} and no other} */
  static String shortest(float value) {
    return text(Double.parseDouble(Float.toString(value)));
  }

  /**
   * {@return whether the spelling of a number tells more than its value: a whole number with
   * leading zeros, or one beyond 2⁵³}
   */
  static boolean isSpelled(char[] text, int from, int to) {
    int i = from;
    if (i < to && (text[i] == '-' || text[i] == '+')) {
      i++;
    }
    int length = to - i;
    if (length < 2 || (text[i] != '0' && length < 16)) {
      return false;
    }
    long digits = 0;
    for (int j = i; j < to; j++) {
      int digit = text[j] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      digits = digits > EXACT ? digits : digits * 10 + digit;
    }
    return text[i] == '0' || digits > EXACT;
  }
}
