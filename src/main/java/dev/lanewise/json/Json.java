package dev.lanewise.json;

import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON value. Immutable; {@code toString()} gives it as compact JSON in ASCII. */
public sealed interface Json {

  /** The literal {@code null}. */
  record Null() implements Json {
    @Override
    public String toString() {
      return "null";
    }
  }

  /**
   * A literal {@code true} or {@code false}.
   *
   * @param value which
   */
  record Bool(boolean value) implements Json {
    @Override
    public String toString() {
      return String.valueOf(value);
    }
  }

  /**
   * A number, kept as its literal.
   *
   * @param literal the digits as JSON writes them
   */
  record Num(String literal) implements Json {

    private static final int LONGEST_INTEGER = Long.toString(Long.MIN_VALUE).length();

    /**
     * Creates a number.
     *
     * @throws JsonException if the literal is no JSON number, which NaN and infinities are not
     */
    public Num {
      JsonReader reader = new JsonReader(literal);
      reader.number();
      reader.end();
    }

    /**
     * {@return the value as an {@code int}}
     *
     * @throws JsonException if it is no integer or outside the range
     */
    public int asInt() {
      return (int) integer(Integer.MIN_VALUE, Integer.MAX_VALUE, "a 32-bit integer");
    }

    /**
     * {@return the value as a {@code long}}
     *
     * @throws JsonException if it is no integer or outside the range
     */
    public long asLong() {
      return integer(Long.MIN_VALUE, Long.MAX_VALUE, "a 64-bit integer");
    }

    private long integer(long least, long most, String expected) {
      // A longer literal would be repeated whole in the JDK's exception.
      if (literal.length() <= LONGEST_INTEGER) {
        try {
          long value = Long.parseLong(literal);
          if (value >= least && value <= most) {
            return value;
          }
        } catch (NumberFormatException e) {
          // A fraction, an exponent or too many digits: said below.
        }
      }
      throw unexpected(expected);
    }

    /**
     * {@return the nearest {@code float}}
     *
     * @throws JsonException if that is infinite
     */
    public float asFloat() {
      float value = Float.parseFloat(literal);
      if (Float.isInfinite(value)) {
        throw unexpected("a number in the range of float");
      }
      return value;
    }

    /**
     * {@return the nearest {@code double}}
     *
     * @throws JsonException if that is infinite
     */
    public double asDouble() {
      double value = Double.parseDouble(literal);
      if (Double.isInfinite(value)) {
        throw unexpected("a number in the range of double");
      }
      return value;
    }

    private JsonException unexpected(String expected) {
      String shown = literal.length() <= 40 ? literal : literal.substring(0, 40) + "...";
      return new JsonException("%s; expected %s".formatted(shown, expected));
    }

    @Override
    public String toString() {
      return literal;
    }
  }

  /**
   * A string.
   *
   * @param value the characters
   */
  record Str(String value) implements Json {
    /**
     * Creates a string.
     *
     * @throws JsonException if it holds a lone surrogate, which UTF-8 cannot encode
     */
    public Str {
      for (int i = 0; i < value.length(); i++) {
        if (Character.isSurrogate(value.charAt(i))) {
          i++;
          if (i == value.length()
              || !Character.isSurrogatePair(value.charAt(i - 1), value.charAt(i))) {
            throw new JsonException("a string with half a surrogate pair");
          }
        }
      }
    }

    @Override
    public String toString() {
      StringBuilder out = new StringBuilder(value.length() + 2);
      quote(value, out);
      return out.toString();
    }
  }

  /**
   * An array.
   *
   * @param items its values
   */
  record Arr(List<Json> items) implements Json {
    /** Creates an array. */
    public Arr {
      items = List.copyOf(items);
    }

    @Override
    public String toString() {
      StringBuilder out = new StringBuilder();
      write(this, out);
      return out.toString();
    }
  }

  /**
   * An object, whose members keep their order.
   *
   * @param members its values by name
   */
  record Obj(Map<String, Json> members) implements Json {
    /** Creates an object. */
    public Obj {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    @Override
    public String toString() {
      StringBuilder out = new StringBuilder();
      write(this, out);
      return out.toString();
    }
  }

  /**
   * {@return the string as JSON}
   *
   * @param value the characters
   */
  static Json of(String value) {
    return new Str(value);
  }

  /**
   * {@return the literal as JSON}
   *
   * @param value which
   */
  static Json of(boolean value) {
    return new Bool(value);
  }

  /**
   * {@return the integer as JSON}
   *
   * @param value the integer
   */
  static Json of(long value) {
    return new Num(Long.toString(value));
  }

  /**
   * {@return the number as JSON, in the shortest form that reads back as the same number}
   *
   * @param value the number
   * @throws JsonException if it is NaN or infinite
   */
  static Json of(float value) {
    return new Num(Float.toString(value));
  }

  /**
   * {@return the number as JSON, in the shortest form that reads back as the same number}
   *
   * @param value the number
   * @throws JsonException if it is NaN or infinite
   */
  static Json of(double value) {
    return new Num(Double.toString(value));
  }

  /**
   * {@return an object of members in their order}
   *
   * @param members values by name, each name once
   */
  @SafeVarargs
  static Json object(Map.Entry<String, Json>... members) {
    Map<String, Json> byName = new LinkedHashMap<>();
    for (Map.Entry<String, Json> member : members) {
      byName.put(member.getKey(), member.getValue());
    }
    return new Obj(byName);
  }

  /**
   * {@return the one value that a text holds}
   *
   * @param text the text
   * @throws JsonException if it is not JSON
   */
  static Json parse(String text) {
    JsonReader reader = new JsonReader(text);
    Json value = reader.value();
    reader.end();
    return value;
  }

  private static void write(Json value, StringBuilder out) {
    switch (value) {
      case Str string -> quote(string.value(), out);
      case Arr array -> {
        out.append('[');
        String separator = "";
        for (Json item : array.items()) {
          out.append(separator);
          write(item, out);
          separator = ",";
        }
        out.append(']');
      }
      case Obj object -> {
        out.append('{');
        String separator = "";
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
          out.append(separator);
          quote(member.getKey(), out);
          out.append(':');
          write(member.getValue(), out);
          separator = ",";
        }
        out.append('}');
      }
      case Num number -> out.append(number.literal());
      case Bool bool -> out.append(bool.value());
      case Null none -> out.append("null");
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c >= ' ' && c <= '~') {
        out.append(c);
      } else {
        out.append("\\u").append(HexFormat.of().toHexDigits(c));
      }
    }
    out.append('"');
  }
}
