package dev.lanewise.report;

import dev.lanewise.json.Json;
import java.math.BigDecimal;
import java.math.MathContext;

/** Texts and numbers in the form in which reports show them. */
final class Texts {

  /** The most characters of a text in a table. */
  static final int MOST_CHARACTERS = 60;

  private static final int DIGITS = 4;

  private Texts() {}

  /** {@return a text, or its beginning if it is too long for a table} */
  static String cut(String text) {
    int most = MOST_CHARACTERS;
    if (text.codePointCount(0, text.length()) <= most) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  /** {@return a number with four digits, or all before the point} */
  static String number(double value) {
    return Grid.text(cell(value));
  }

  /** {@return a cell of a number with four digits, or all before the point} */
  static Json cell(double value) {
    if (!Double.isFinite(value) || value == Math.rint(value)) {
      return Grid.cell(value);
    }
    BigDecimal exact = new BigDecimal(value);
    int before = exact.precision() - exact.scale();
    return Grid.cell(exact.round(new MathContext(Math.max(DIGITS, before))).doubleValue());
  }
}
