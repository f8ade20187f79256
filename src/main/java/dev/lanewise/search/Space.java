package dev.lanewise.search;

import dev.lanewise.data.Table;
import dev.lanewise.json.Visible;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * The values that a search tries for one parameter: a name, and a range with a scale, or choices.
 *
 * <p>A place u in [0, 1) stands for each value, so that equal lengths of places are equally likely:
 * a range on a log scale has as many trials in each decade. {@code toString()} gives the text that
 * {@link #parse} reads, as {@code learning-rate=log:1.0E-4..1.0}. Immutable.
 */
public final class Space {

  private static final String FORMS =
      "NAME=log:A..B, linear:A..B, 1-log:A..B, int:A..B or choice:A|B|C";

  /** How places lie over the values. */
  public enum Scale {
    /** x uniform in low … high. */
    LINEAR("linear"),
    /** ln x uniform: as many values in each decade. */
    LOG("log"),
    /** ln(1 − x) uniform, for shares near 1 such as momentum's β. */
    ONE_MINUS_LOG("1-log"),
    /** Whole numbers, both ends included, all equally likely. */
    INTEGER("int"),
    /** Given values, all equally likely. */
    CHOICE("choice");

    private final String word;

    Scale(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  private final String name;
  private final Scale scale;
  private final double low;
  private final double high;
  private final List<String> choices;

  private Space(String name, Scale scale, double low, double high, List<String> choices) {
    Objects.requireNonNull(name, "name");
    if (name.isEmpty()
        || name.chars().anyMatch(c -> c <= ' ' || c == '=' || Character.isISOControl(c))) {
      throw new IllegalArgumentException(
          "name: \"%s\"; expected a name without blanks and equals signs"
              .formatted(Visible.line(name)));
    }
    this.name = name;
    this.scale = scale;
    this.low = low;
    this.high = high;
    this.choices = choices;
  }

  /**
   * {@return the numbers from low to high, uniformly}
   *
   * @param name the parameter's name
   * @param low the least value, finite
   * @param high the upper end, finite and above low
   * @throws IllegalArgumentException if the ends are no such range
   */
  public static Space uniform(String name, double low, double high) {
    requireRange(name, low, high, Double.isFinite(high - low), "finite numbers, low below high");
    return new Space(name, Scale.LINEAR, low, high, List.of());
  }

  /**
   * {@return the numbers from low to high, uniformly in their logarithm}
   *
   * @param name the parameter's name
   * @param low the least value, above 0
   * @param high the upper end, finite and above low
   * @throws IllegalArgumentException if the ends are no such range
   */
  public static Space logUniform(String name, double low, double high) {
    boolean fits = low >= Double.MIN_NORMAL && high < Double.POSITIVE_INFINITY;
    requireRange(name, low, high, fits, "finite numbers above 0, low below high");
    return new Space(name, Scale.LOG, low, high, List.of());
  }

  /**
   * {@return the numbers x from low to high with ln(1 − x) uniform, as for momentum's β: as many
   * from 0.9 to 0.99 as from 0.99 to 0.999}
   *
   * @param name the parameter's name
   * @param low the least value, at least 0
   * @param high the upper end, below 1 and above low
   * @throws IllegalArgumentException if the ends are no such range
   */
  public static Space oneMinusLog(String name, double low, double high) {
    requireRange(name, low, high, low >= 0 && high < 1, "numbers in [0, 1), low below high");
    return new Space(name, Scale.ONE_MINUS_LOG, low, high, List.of());
  }

  /**
   * {@return the whole numbers from low to high, both included}
   *
   * @param name the parameter's name
   * @param low the least value
   * @param high the largest value, above low
   * @throws IllegalArgumentException if the ends are no such range
   */
  public static Space integer(String name, int low, int high) {
    requireRange(name, low, high, true, "whole numbers, low below high");
    return new Space(name, Scale.INTEGER, low, high, List.of());
  }

  /**
   * {@return given values, in the order in which places stand for them}
   *
   * @param name the parameter's name
   * @param values at least two different texts without vertical bars, not empty
   * @throws IllegalArgumentException if they are not
   */
  public static Space choice(String name, String... values) {
    Objects.requireNonNull(name, "name");
    List<String> all = new ArrayList<>();
    for (String value : Objects.requireNonNull(values, "values")) {
      Objects.requireNonNull(value, "values: null; expected texts");
      if (value.isBlank() || value.indexOf('|') >= 0 || !value.equals(value.strip())) {
        throw new IllegalArgumentException(
            "%s: choice \"%s\"; expected a text without vertical bars and blanks around it"
                .formatted(name, Visible.line(value)));
      }
      all.add(value);
    }
    if (all.size() < 2 || new HashSet<>(all).size() < all.size()) {
      throw new IllegalArgumentException(
          "%s: choices %s; expected at least two different ones"
              .formatted(name, Visible.line(all.toString())));
    }
    return new Space(name, Scale.CHOICE, 0, all.size(), List.copyOf(all));
  }

  private static void requireRange(
      String name, double low, double high, boolean fits, String expected) {
    Objects.requireNonNull(name, "name");
    if (!(low < high && fits)) {
      throw new IllegalArgumentException(
          "%s: %s..%s; expected %s".formatted(Visible.line(name), low, high, expected));
    }
  }

  /**
   * {@return the space that a text describes: a name, an equals sign, and {@code log:A..B}, {@code
   * linear:A..B}, {@code 1-log:A..B}, {@code int:A..B} or {@code choice:A|B|C}}
   *
   * @param text the text, as {@code learning-rate=log:1e-4..1}
   * @throws IllegalArgumentException if it is anything else
   */
  public static Space parse(String text) {
    Objects.requireNonNull(text, "text");
    int equals = text.indexOf('=');
    int colon = text.indexOf(':', equals + 1);
    if (equals < 1 || colon < 0) {
      throw unreadable(text, FORMS);
    }
    String name = text.substring(0, equals).strip();
    String word = text.substring(equals + 1, colon).strip();
    String range = text.substring(colon + 1);
    for (Scale scale : Scale.values()) {
      if (scale.word.equals(word)) {
        try {
          return scale == Scale.CHOICE
              ? choice(name, stripped(range.split("\\|", -1)))
              : of(text, name, scale, range);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "space %s: %s".formatted(Visible.line(text), e.getMessage()), e);
        }
      }
    }
    throw unreadable(text, FORMS);
  }

  private static String[] stripped(String[] values) {
    String[] stripped = new String[values.length];
    for (int i = 0; i < values.length; i++) {
      stripped[i] = values[i].strip();
    }
    return stripped;
  }

  private static Space of(String text, String name, Scale scale, String range) {
    int dots = range.indexOf("..");
    if (dots < 0) {
      throw new IllegalArgumentException("expected two ends, as %s:A..B".formatted(scale));
    }
    double low = end(range.substring(0, dots));
    double high = end(range.substring(dots + 2));
    return switch (scale) {
      case LINEAR -> uniform(name, low, high);
      case LOG -> logUniform(name, low, high);
      case ONE_MINUS_LOG -> oneMinusLog(name, low, high);
      case INTEGER -> integer(name, whole(low), whole(high));
      case CHOICE -> throw new AssertionError(text);
    };
  }

  private static double end(String text) {
    String stripped = text.strip();
    if (!Table.isNumber(stripped)) {
      throw new IllegalArgumentException(
          "%s; expected a number".formatted(stripped.isEmpty() ? "an end is missing" : stripped));
    }
    return Double.parseDouble(stripped);
  }

  private static int whole(double end) {
    if (end != (int) end) {
      throw new IllegalArgumentException("%s; expected a whole number of 32 bits".formatted(end));
    }
    return (int) end;
  }

  private static IllegalArgumentException unreadable(String text, String expected) {
    return new IllegalArgumentException(
        "space %s; expected %s".formatted(Visible.line(text), expected));
  }

  /** {@return the parameter's name} */
  public String name() {
    return name;
  }

  /** {@return how places lie over the values} */
  public Scale scale() {
    return scale;
  }

  /** {@return the least value; 0 of choices} */
  public double low() {
    return low;
  }

  /** {@return the upper end; of choices their number} */
  public double high() {
    return high;
  }

  /** {@return the choices; empty for a range} */
  public List<String> choices() {
    return choices;
  }

  /** {@return how many different values there are; numbers that are not whole count as endless} */
  double count() {
    return switch (scale) {
      case INTEGER -> high - low + 1;
      case CHOICE -> choices.size();
      case LINEAR, LOG, ONE_MINUS_LOG -> Double.POSITIVE_INFINITY;
    };
  }

  /**
   * {@return the value that a place stands for, as text; a number in the shortest form that reads
   * back as the same double}
   *
   * @param unit the place, in [0, 1)
   * @throws IllegalArgumentException if it is not
   */
  public String at(double unit) {
    if (!(unit >= 0 && unit < 1)) {
      throw new IllegalArgumentException("unit: %s; expected a place in [0, 1)".formatted(unit));
    }
    return switch (scale) {
      case LINEAR -> number(low + unit * (high - low));
      case LOG -> number(onLogScale(unit, low, high));
      case ONE_MINUS_LOG -> number(1 - onLogScale(unit, 1 - low, 1 - high));
      case INTEGER -> Long.toString((long) low + (long) (unit * count()));
      case CHOICE -> choices.get((int) (unit * choices.size()));
    };
  }

  private String number(double value) {
    return Double.toString(Math.min(Math.max(value, low), high));
  }

  private static double onLogScale(double unit, double from, double to) {
    double begin = StrictMath.log(from);
    return StrictMath.exp(begin + unit * (StrictMath.log(to) - begin));
  }

  /**
   * {@return the place of a value, in [0, 1]: for an axis on which equal lengths are equally
   * likely. The middle of the places that stand for a whole number or a choice}
   *
   * @param value a value, as {@link #at} gives it
   * @throws IllegalArgumentException if it is none of this space
   */
  public double place(String value) {
    Objects.requireNonNull(value, "value");
    if (scale == Scale.CHOICE) {
      int which = choices.indexOf(value);
      if (which < 0) {
        throw outside(value);
      }
      return (which + 0.5) / choices.size();
    }
    double number = Table.isNumber(value) ? Double.parseDouble(value) : Double.NaN;
    if (!(number >= low && number <= high)) {
      throw outside(value);
    }
    return switch (scale) {
      case LINEAR -> (number - low) / (high - low);
      case LOG -> logPlace(number, low, high);
      case ONE_MINUS_LOG -> logPlace(1 - number, 1 - low, 1 - high);
      case INTEGER -> (number - low + 0.5) / count();
      case CHOICE -> throw new AssertionError(value);
    };
  }

  private static double logPlace(double value, double from, double to) {
    double begin = StrictMath.log(from);
    double place = (StrictMath.log(value) - begin) / (StrictMath.log(to) - begin);
    return Math.min(Math.max(place, 0), 1);
  }

  private IllegalArgumentException outside(String value) {
    return new IllegalArgumentException(
        "value: %s; expected one of %s".formatted(Visible.line(value), this));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Space space && toString().equals(space.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** {@return the text that {@link #parse} reads} */
  @Override
  public String toString() {
    String range =
        switch (scale) {
          case CHOICE -> String.join("|", choices);
          case INTEGER -> "%d..%d".formatted((long) low, (long) high);
          case LINEAR, LOG, ONE_MINUS_LOG -> low + ".." + high;
        };
    return name + "=" + scale + ":" + range;
  }
}
