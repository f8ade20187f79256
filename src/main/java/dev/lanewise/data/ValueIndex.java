package dev.lanewise.data;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/**
 * The places of the different values of a column, categories or classes.
 *
 * <p>A text is a value if it is spelled like it; else if it is the same number, digit by digit, as
 * one value alone ({@code 1} is {@code 01} where there is no {@code 1}, {@code 1.0} is {@code 1});
 * else, if it is the same boolean as one value alone ({@code TRUE} is {@code True}); else, if it is
 * the same date or time as one value alone. A number or boolean of a program has the spelling that
 * it has as a text. Looking up texts that are spelled like a value, numbers and booleans allocates
 * nothing.
 */
final class ValueIndex {

  /** A number or boolean that is several values is none of them. */
  private static final int NONE = -1;

  private static final BinaryOperator<Integer> AMBIGUOUS = (a, b) -> NONE;

  /** Of two spellings of a number the shorter stands for both: 1, not 1.0. */
  private static final Comparator<String> SPELLING =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  /** An exponent of more digits than this makes no number that anything else is equal to. */
  private static final int LONGEST = 400;

  private final Map<String, Integer> byText = new HashMap<>();
  private final Map<BigDecimal, Integer> byNumber = new HashMap<>();
  private final Map<Double, Integer> byMoment = new HashMap<>();
  private final long[] wholes;
  private final int[] placeOfWhole;
  private final double[] doubles;
  private final int[] placeOfDouble;
  private final float[] floats;
  private final int[] placeOfFloat;
  private int whereFalse = NONE;
  private int whereTrue = NONE;

  ValueIndex(List<String> values) {
    TreeMap<Long, Integer> whole = new TreeMap<>();
    TreeMap<Double, Integer> fractions = new TreeMap<>();
    TreeMap<Float, Integer> singles = new TreeMap<>();
    for (int i = 0; i < values.size(); i++) {
      byText.put(values.get(i), i);
      BigDecimal number = exact(values.get(i));
      if (number != null) {
        byNumber.merge(number, i, AMBIGUOUS);
        double nearest = number.doubleValue() + 0.0;
        if (Double.isFinite(nearest) && isShortest(number, nearest)) {
          fractions.merge(nearest, i, AMBIGUOUS);
        }
        float single = number.floatValue() + 0f; // no negative zero
        if (Float.isFinite(single) && isShortest(number, single)) {
          singles.merge(single, i, AMBIGUOUS);
        }
        if (number.scale() <= 0 && number.precision() - number.scale() <= 19) {
          try {
            whole.merge(number.longValueExact(), i, AMBIGUOUS);
          } catch (ArithmeticException e) {
            // Nobody can ask for it as a long.
          }
        }
      }
      double moment = Dates.parse(values.get(i));
      if (!Double.isNaN(moment)) {
        byMoment.merge(moment, i, AMBIGUOUS);
      }
    }
    whole.replaceAll((number, place) -> one(place, Long.toString(number)));
    fractions.replaceAll((number, place) -> one(place, Decimal.text(number)));
    singles.replaceAll((number, place) -> one(place, Decimal.shortest(number)));
    wholes = whole.keySet().stream().mapToLong(Long::longValue).toArray();
    placeOfWhole = places(whole);
    doubles = fractions.keySet().stream().mapToDouble(Double::doubleValue).toArray();
    placeOfDouble = places(fractions);
    floats = new float[singles.size()];
    int next = 0;
    for (float single : singles.keySet()) {
      floats[next++] = single;
    }
    placeOfFloat = places(singles);
    findBooleans(values);
  }

  private static int[] places(TreeMap<?, Integer> places) {
    return places.values().stream().mapToInt(Integer::intValue).toArray();
  }

  /** The place of a number; of several spellings that which a number without one has. */
  private int one(int place, String spelling) {
    return place == NONE ? spelled(spelling) : place;
  }

  /**
   * A boolean is the only value that means it, though among other texts a letter alone means
   * something else; where all values are 0 and 1, it is one of these.
   */
  private void findBooleans(List<String> values) {
    boolean all = values.stream().allMatch(value -> Cell.truth(value) >= 0);
    for (int truth = 0; truth <= 1; truth++) {
      int meant = truth;
      int[] places =
          IntStream.range(0, values.size())
              .filter(i -> Cell.truth(values.get(i)) == meant)
              .filter(i -> all || values.get(i).length() > 1)
              .toArray();
      if (places.length == 1) {
        setBoolean(truth, places[0]);
      }
    }
    if (byNumber.keySet().stream().allMatch(ValueIndex::isBit)
        && byText.keySet().stream().allMatch(text -> exact(text) != null)) {
      setBoolean(0, byNumber.getOrDefault(BigDecimal.ZERO, NONE));
      setBoolean(1, byNumber.getOrDefault(BigDecimal.ONE, NONE));
    }
  }

  /** Whether a number is what a {@code float} stands for, its shortest decimal. */
  private static boolean isShortest(BigDecimal number, float single) {
    return number.compareTo(new BigDecimal(Float.toString(single))) == 0;
  }

  /** Whether a number is the shortest decimal that is a {@code double}. */
  private static boolean isShortest(BigDecimal number, double nearest) {
    return number.compareTo(new BigDecimal(Double.toString(nearest))) == 0;
  }

  private static boolean isBit(BigDecimal number) {
    return number.equals(BigDecimal.ZERO) || number.equals(BigDecimal.ONE);
  }

  private void setBoolean(int truth, int place) {
    if (truth == 1) {
      whereTrue = place;
    } else {
      whereFalse = place;
    }
  }

  /**
   * {@return the number that a text is, exactly, in the one form that equal numbers have, or null}
   */
  static BigDecimal exact(String text) {
    if (!Cell.isNumber(text) || text.length() > LONGEST) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(text);
      return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  /** {@return the place of a clean text, −1 if it is none of the values} */
  int text(String text) {
    Integer place = byText.get(text);
    if (place != null) {
      return place;
    }
    BigDecimal number = exact(text);
    if (number != null) {
      return byNumber.getOrDefault(number, NONE);
    }
    return switch (Cell.truth(text)) {
      case 1 -> whereTrue;
      case 0 -> whereFalse;
      default -> byMoment.isEmpty() ? NONE : byMoment.getOrDefault(Dates.parse(text), NONE);
    };
  }

  /** {@return the place of a text that is spelled like a value, −1 if none is} */
  int spelled(String text) {
    return byText.getOrDefault(text, NONE);
  }

  /** {@return the place of a whole number} */
  int whole(long number) {
    int at = Arrays.binarySearch(wholes, number);
    return at >= 0 ? placeOfWhole[at] : NONE;
  }

  /** {@return the place of a number} */
  int number(double number) {
    if (number == Math.rint(number) && Math.abs(number) < 0x1p63) {
      return whole((long) number);
    }
    if (Double.isInfinite(number)) {
      return spelled(Decimal.text(number));
    }
    int at = Arrays.binarySearch(doubles, number);
    return at >= 0 ? placeOfDouble[at] : NONE;
  }

  /** {@return the place of the shortest decimal of a {@code float}} */
  int single(float number) {
    if (Float.isInfinite(number)) {
      return number(number);
    }
    int at = Arrays.binarySearch(floats, number + 0f);
    return at >= 0 ? placeOfFloat[at] : NONE;
  }

  /** {@return the place of a number with all its digits} */
  int exact(BigDecimal number) {
    Integer place =
        byNumber.get(number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros());
    return place == null ? NONE : one(place, Decimal.text(number));
  }

  /** {@return the place of a boolean} */
  int truth(boolean value) {
    Integer place = byText.get(value ? "true" : "false");
    return place != null ? place : value ? whereTrue : whereFalse;
  }

  /**
   * {@return the different values with their counts, sorted} By number if all are numbers, and then
   * two spellings of one number are one value, the shorter; else by text (UTF-16 code units), and
   * if all are booleans two spellings of one are one value, the more frequent or else the first.
   * Among zeros and ones a boolean is 0 or 1.
   */
  static Map<String, Integer> sorted(Map<String, Integer> texts) {
    return sortedValues(isOfBits(texts) ? bits(texts) : texts);
  }

  /** Whether there are zeros or ones, and nothing else but booleans. */
  private static boolean isOfBits(Map<String, Integer> counts) {
    boolean bits = false;
    for (String text : counts.keySet()) {
      BigDecimal number = exact(text);
      if (number == null ? Cell.truth(text) < 0 : !isBit(number)) {
        return false;
      }
      bits |= number != null;
    }
    return bits;
  }

  private static Map<String, Integer> bits(Map<String, Integer> counts) {
    Map<String, Integer> bits = new HashMap<>();
    counts.forEach(
        (text, count) -> {
          int truth = Cell.truth(text);
          bits.merge(truth < 0 ? text : Integer.toString(truth), count, Integer::sum);
        });
    return bits;
  }

  private static Map<String, Integer> sortedValues(Map<String, Integer> counts) {
    Map<String, Integer> sorted = new LinkedHashMap<>();
    TreeSet<String> texts = new TreeSet<>(counts.keySet());
    TreeMap<BigDecimal, String> numbers = new TreeMap<>();
    Map<BigDecimal, Integer> countOf = new HashMap<>();
    for (String text : texts) {
      BigDecimal number = exact(text);
      if (number == null) {
        boolean booleans = texts.stream().allMatch(each -> Cell.truth(each) >= 0);
        texts.forEach(each -> sorted.put(each, counts.get(each)));
        return booleans ? merged(sorted) : sorted;
      }
      numbers.merge(number, text, (a, b) -> SPELLING.compare(a, b) <= 0 ? a : b);
      countOf.merge(number, counts.get(text), Integer::sum);
    }
    numbers.forEach((number, text) -> sorted.put(text, countOf.get(number)));
    return sorted;
  }

  /** One spelling of each boolean among sorted texts, with the counts of all its spellings. */
  private static Map<String, Integer> merged(Map<String, Integer> booleans) {
    String[] usual = new String[2];
    int[] count = new int[2];
    booleans.forEach(
        (text, times) -> {
          int truth = Cell.truth(text);
          count[truth] += times;
          if (usual[truth] == null || times > booleans.get(usual[truth])) {
            usual[truth] = text;
          }
        });
    Map<String, Integer> merged = new LinkedHashMap<>();
    for (String text : booleans.keySet()) {
      int truth = Cell.truth(text);
      if (text.equals(usual[truth])) {
        merged.put(text, count[truth]);
      }
    }
    return merged;
  }
}
