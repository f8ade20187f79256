package dev.lanewise.data;

import java.util.Collection;
import java.util.Set;

/** What stands for missing in columns of numbers, booleans and dates. */
final class MissingWords {

  private final Set<String> texts;
  private final double[] numbers;

  /** Creates a list of the usual words and others, of which some may be numbers, as -999. */
  MissingWords(Collection<String> others) {
    texts = Set.copyOf(others);
    numbers =
        others.stream().mapToDouble(Cell::number).filter(word -> !Double.isNaN(word)).toArray();
  }

  /** {@return whether a clean text stands for missing} */
  boolean holds(String text) {
    return Cell.isMissingWord(text) || texts.contains(text);
  }

  /** {@return whether a number stands for missing, as NaN does} */
  boolean holds(double number) {
    if (Double.isNaN(number)) {
      return true;
    }
    for (double word : numbers) {
      if (number == word) {
        return true;
      }
    }
    return false;
  }
}
