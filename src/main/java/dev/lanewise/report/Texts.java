package dev.lanewise.report;

import dev.lanewise.json.Json;
import java.math.BigDecimal;
import java.math.MathContext;

/** Texts and numbers in the form in which reports show them. */
final class Texts {

  /** The most characters of a text in a table. */
  static final int MOST_CHARACTERS = 60;

  private static final MathContext DIGITS = new MathContext(4);

  private Texts() {}

  /** {@return a text, or its beginning if it is too long for a table} */
  static String cut(String text) {
    int most = MOST_CHARACTERS;
    if (text.codePointCount(0, text.length()) <= most) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  /** {@return a number with four digits} */
  static String number(double value) {
    return Grid.text(cell(value));
  }

  /** {@return a cell of a number with four digits; of a whole number all} */
  static Json cell(double value) {
    return Double.isFinite(value) && value != Math.rint(value)
        ? Grid.cell(new BigDecimal(value).round(DIGITS).doubleValue())
        : Grid.cell(value);
  }
}
