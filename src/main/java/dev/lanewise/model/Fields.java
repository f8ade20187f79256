package dev.lanewise.model;

import static dev.lanewise.model.Header.quoted;

import dev.lanewise.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads the members of a JSON object one by one; messages name the place of what is refused. */
final class Fields {

  private final String path;
  private final Map<String, Json> members;
  private final Set<String> left;

  /** Begins with an object; {@code path} is what messages call it. */
  Fields(String path, Json json) {
    if (!(json instanceof Json.Obj object)) {
      throw new IllegalArgumentException("%s: expected an object".formatted(path));
    }
    this.path = path;
    this.members = object.members();
    this.left = new HashSet<>(members.keySet());
  }

  String text(String name) {
    return take(name, Json.Str.class, "a string").value();
  }

  /** Takes all members, which must be strings. */
  Map<String, String> allTexts() {
    Map<String, String> texts = new LinkedHashMap<>();
    members.keySet().forEach(name -> texts.put(name, text(name)));
    return texts;
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Json item : take(name, Json.Arr.class, "an array").items()) {
      if (!(item instanceof Json.Str text)) {
        throw new IllegalArgumentException("%s.%s: expected strings".formatted(path, name));
      }
      texts.add(text.value());
    }
    return texts;
  }

  boolean flag(String name) {
    return take(name, Json.Bool.class, "true or false").value();
  }

  int integer(String name) {
    return number(name, Json.Num::asInt);
  }

  float single(String name) {
    return number(name, Json.Num::asFloat);
  }

  double number(String name) {
    return number(name, Json.Num::asDouble);
  }

  private <T> T number(String name, Function<Json.Num, T> as) {
    Json.Num number = take(name, Json.Num.class, "a number");
    return at(path + "." + name, () -> as.apply(number));
  }

  double[] numbers(String name) {
    List<Json> items = take(name, Json.Arr.class, "an array").items();
    double[] numbers = new double[items.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(items.get(i) instanceof Json.Num number)) {
        throw new IllegalArgumentException("%s.%s[%d]: expected a number".formatted(path, name, i));
      }
      numbers[i] = at("%s.%s[%d]".formatted(path, name, i), number::asDouble);
    }
    return numbers;
  }

  /** Takes a number, or an array of numbers. */
  double[] numberOrNumbers(String name) {
    return members.get(name) instanceof Json.Num ? new double[] {number(name)} : numbers(name);
  }

  <E extends Enum<E>> E choice(String name, Class<E> type) {
    String text = text(name);
    List<String> choices = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      if (choice(constant).equals(text)) {
        return constant;
      }
      choices.add(choice(constant));
    }
    throw new IllegalArgumentException(
        "%s.%s: %s; expected one of %s".formatted(path, name, quoted(text), choices));
  }

  /** {@return how files write a constant: {@code LEAKY_RELU} is {@code leaky_relu}} */
  static String choice(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** {@return whether there is such a member} */
  boolean has(String name) {
    return members.containsKey(name);
  }

  /** Reads a member that is an object, whole. */
  <T> T object(String name, Function<Fields, T> reader) {
    return read(path + "." + name, take(name, Json.Obj.class, "an object"), reader);
  }

  /** Reads a member that is an array of objects, whole. */
  <T> List<T> objects(String name, Function<Fields, T> reader) {
    List<T> objects = new ArrayList<>();
    for (Json item : take(name, Json.Arr.class, "an array").items()) {
      objects.add(read("%s.%s[%d]".formatted(path, name, objects.size()), item, reader));
    }
    return objects;
  }

  /**
   * Reads an object, whole: members that the reader leaves are refused.
   *
   * @param path what messages call it
   * @param json the object
   * @param reader takes the members and builds what they describe
   * @return what the reader built
   * @throws IllegalArgumentException if the object does not describe such a thing
   */
  static <T> T read(String path, Json json, Function<Fields, T> reader) {
    Fields fields = new Fields(path, json);
    T built = reader.apply(fields);
    if (!fields.left.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: member %s is unknown".formatted(path, quoted(fields.left.iterator().next())));
    }
    return built;
  }

  /** {@return an exception that says what else was expected of a member} */
  IllegalArgumentException unknown(String name, String value, String expected) {
    return new IllegalArgumentException(
        "%s.%s: %s; expected %s".formatted(path, name, quoted(value), expected));
  }

  /** {@return what a constructor builds, naming this object where it refuses} */
  <T> T build(Supplier<T> constructor) {
    return at(path, constructor);
  }

  private static <T> T at(String path, Supplier<T> source) {
    try {
      return source.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
    }
  }

  private <J extends Json> J take(String name, Class<J> type, String expected) {
    Json value = members.get(name);
    if (value == null) {
      throw new IllegalArgumentException("%s: member %s is missing".formatted(path, quoted(name)));
    }
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException("%s.%s: expected %s".formatted(path, name, expected));
    }
    left.remove(name);
    return type.cast(value);
  }
}
