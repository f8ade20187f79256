package dev.lanewise.search;

import dev.lanewise.data.Table;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The values of one trial's parameters, as texts by name in the order of the spaces. Immutable. */
public final class Values {

  private final Map<String, String> texts;

  private Values(Map<String, String> texts) {
    this.texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
  }

  /**
   * {@return values}
   *
   * @param texts the texts by the parameters' names
   */
  public static Values of(Map<String, String> texts) {
    Objects.requireNonNull(texts, "texts");
    texts.forEach(
        (name, text) -> {
          Objects.requireNonNull(name, "texts: a name is null");
          Objects.requireNonNull(text, () -> "texts: %s is null".formatted(name));
        });
    return new Values(texts);
  }

  /** {@return the values at places of spaces} */
  static Values at(List<Space> spaces, double[] places) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < places.length; i++) {
      texts.put(spaces.get(i).name(), spaces.get(i).at(places[i]));
    }
    return new Values(texts);
  }

  /** {@return the texts by the parameters' names} */
  public Map<String, String> texts() {
    return texts;
  }

  /**
   * {@return whether there is a parameter}
   *
   * @param name its name
   */
  public boolean has(String name) {
    return texts.containsKey(Objects.requireNonNull(name, "name"));
  }

  /**
   * {@return a parameter's value as text}
   *
   * @param name the parameter
   * @throws IllegalArgumentException if there is no such parameter
   */
  public String text(String name) {
    if (!has(name)) {
      throw new IllegalArgumentException(
          "name: %s; expected one of %s".formatted(name, texts.keySet()));
    }
    return texts.get(name);
  }

  /**
   * {@return a parameter's value as a number}
   *
   * @param name the parameter
   * @throws IllegalArgumentException if there is no such parameter, or it is no number
   */
  public double number(String name) {
    String text = text(name);
    if (!Table.isNumber(text)) {
      throw new IllegalArgumentException("%s: %s; expected a number".formatted(name, text));
    }
    return Double.parseDouble(text);
  }

  /**
   * {@return a parameter's value as a whole number}
   *
   * @param name the parameter
   * @throws IllegalArgumentException if there is no such parameter, or it is no whole number of 32
   *     bits
   */
  public int integer(String name) {
    double number = number(name);
    if (number != (int) number) {
      throw new IllegalArgumentException(
          "%s: %s; expected a whole number of 32 bits".formatted(name, text(name)));
    }
    return (int) number;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Values values && texts.equals(values.texts);
  }

  @Override
  public int hashCode() {
    return texts.hashCode();
  }

  /** {@return names and values, as {@code learning-rate 0.01, hidden 64}} */
  @Override
  public String toString() {
    return texts.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
