package dev.lanewise.data;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How one raw cell of a table is read: as missing, as a number, or as one of a list of values. */
final class Cell {

  /** What is expected of a cell in a column of numbers. */
  static final String NUMBER = "a number within the range of float";

  /** Of two spellings of a number the shorter stands for both: 1, not 1.0. */
  private static final Comparator<String> SPELLING =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private Cell() {}

  /** {@return whether the cell, without blanks around it, means that there is no value} */
  static boolean missing(String text) {
    return text.isEmpty() || text.equals("?") || text.equals("NA") || text.equals("NaN");
  }

  /**
   * {@return the number that a cell holds in decimal notation, or NaN if it holds none} What else
   * Java takes for a number (hexadecimal, {@code 1f}, {@code Infinity}) is text.
   */
  static double number(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("0123456789.-+eE".indexOf(text.charAt(i)) < 0) {
        return Double.NaN;
      }
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** {@return whether a cell is a number in decimal notation} */
  static boolean isNumber(String text) {
    return !Double.isNaN(number(text));
  }

  /**
   * {@return the different values among cells, sorted} By number if all are numbers, and then two
   * spellings of one number are one value; else by text (UTF-16 code units).
   */
  static List<String> values(Collection<String> cells) {
    TreeSet<String> texts = new TreeSet<>(cells);
    if (!texts.stream().allMatch(Cell::isNumber)) {
      return List.copyOf(texts);
    }
    TreeMap<Double, String> numbers = new TreeMap<>();
    for (String text : texts) {
      double value = number(text) + 0.0; // turns -0 into 0
      numbers.merge(value, text, (a, b) -> SPELLING.compare(a, b) <= 0 ? a : b);
    }
    return List.copyOf(numbers.values());
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

  /**
   * {@return the place of a cell among values: of its text, else of its number; −1 if there is
   * none}
   */
  static int indexOf(List<String> values, String text) {
    int index = values.indexOf(text);
    return index >= 0 ? index : indexOf(values, number(text));
  }

  /** {@return the place of a number among values; −1 if there is none, as for NaN} */
  static int indexOf(List<String> values, double number) {
    for (int i = 0; i < values.size(); i++) {
      if (number == number(values.get(i))) {
        return i;
      }
    }
    return -1;
  }
}
