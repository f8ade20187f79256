package dev.lanewise.model;

import static dev.lanewise.model.Header.quoted;

import dev.lanewise.json.Json;
import dev.lanewise.json.JsonReader;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Penalty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads the members of a JSON object in any order; messages name the place of what is refused.
 *
 * <p>An object is its members' names and places in the text: a member is read when it is taken, and
 * read straight into what it describes. So a hostile text builds nothing that a description has no
 * place for.
 */
final class Fields implements Layer.Values {

  /** More members than any object of a description has. */
  private static final int MOST_MEMBERS = 64;

  private final String path;
  private final Map<String, JsonReader> members = new HashMap<>();
  private final Set<String> left = new LinkedHashSet<>();

  /** A refusal whose message already names its place. */
  private static final class Placed extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private Placed(String message) {
      super(message);
    }

    private Placed(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Begins with the object that comes next; {@code path} is what messages call it. */
  private Fields(String path, JsonReader json) {
    this.path = path;
    json.object(
        name -> {
          if (members.size() == MOST_MEMBERS) {
            throw new IllegalArgumentException(
                "more than %d members; member %s is unknown".formatted(MOST_MEMBERS, quoted(name)));
          }
          JsonReader value = json.here();
          json.skip();
          left.add(name);
          return members.put(name, value) == null;
        });
  }

  private static void require(String path, JsonReader json, JsonReader.Kind kind, String expected) {
    if (json.kind() != kind) {
      throw new Placed("%s: expected %s".formatted(path, expected));
    }
  }

  String text(String name) {
    JsonReader json = take(name, JsonReader.Kind.STRING, "a string");
    return at(() -> path + "." + name, json::string);
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    JsonReader items = take(name, JsonReader.Kind.ARRAY, "an array");
    items.array(
        () -> {
          require(path + "." + name, items, JsonReader.Kind.STRING, "strings");
          texts.add(at(() -> path + "." + name, items::string));
        });
    return texts;
  }

  boolean flag(String name) {
    return take(name, JsonReader.Kind.BOOL, "true or false").bool();
  }

  @Override
  public int integer(String name) {
    return number(name, Json.Num::asInt);
  }

  @Override
  public float single(String name) {
    return number(name, Json.Num::asFloat);
  }

  @Override
  public double number(String name) {
    return number(name, Json.Num::asDouble);
  }

  private <T> T number(String name, Function<Json.Num, T> as) {
    JsonReader json = take(name, JsonReader.Kind.NUMBER, "a number");
    return at(() -> path + "." + name, () -> as.apply(new Json.Num(json.number())));
  }

  @Override
  public List<Integer> integers(String name) {
    List<Integer> integers = new ArrayList<>();
    JsonReader items = take(name, JsonReader.Kind.ARRAY, "an array");
    items.array(
        () -> {
          require(path + "." + name, items, JsonReader.Kind.NUMBER, "whole numbers");
          integers.add(at(() -> path + "." + name, () -> new Json.Num(items.number()).asInt()));
        });
    return integers;
  }

  double[] numbers(String name) {
    JsonReader items = take(name, JsonReader.Kind.ARRAY, "an array");
    return numbers(path + "." + name, items, Integer.MAX_VALUE);
  }

  /** Takes a number, or an array of numbers. */
  double[] numberOrNumbers(String name) {
    return has(name) && members.get(name).kind() == JsonReader.Kind.NUMBER
        ? new double[] {number(name)}
        : numbers(name);
  }

  @Override
  public <E extends Enum<E>> E choice(String name, Class<E> type) {
    String text = text(name);
    List<String> choices = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      if (choice(constant).equals(text)) {
        return constant;
      }
      choices.add(choice(constant));
    }
    throw new Placed("%s.%s: %s; expected one of %s".formatted(path, name, quoted(text), choices));
  }

  /** {@return how files write a constant: {@code LEAKY_RELU} is {@code leaky_relu}} */
  static String choice(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean has(String name) {
    return members.containsKey(name);
  }

  @Override
  public Initializer initializer(String name) {
    return object(name, NetworkJson::initializer);
  }

  @Override
  public Penalty penalty(String name) {
    return object(name, NetworkJson::penalty);
  }

  @Override
  public List<List<Float>> singles(String name, int most) {
    List<List<Float>> lists = new ArrayList<>();
    int[] count = {0};
    JsonReader items = take(name, JsonReader.Kind.ARRAY, "an array");
    items.array(
        () -> {
          String place = path + "." + name;
          require(place, items, JsonReader.Kind.ARRAY, "arrays");
          List<Float> list = new ArrayList<>();
          items.array(
              () -> {
                if (count[0]++ == most) {
                  throw new Placed(
                      "%s: more than %d numbers; expected so many".formatted(place, most));
                }
                require(place, items, JsonReader.Kind.NUMBER, "arrays of numbers");
                list.add(at(() -> place, () -> new Json.Num(items.number()).asFloat()));
              });
          lists.add(List.copyOf(list));
        });
    return lists;
  }

  @Override
  public <T> List<T> each(String name, Function<Layer.Values, T> reader) {
    return objects(name, fields -> fields.build(() -> reader.apply(fields)));
  }

  /** Reads a member that is an object, whole. */
  <T> T object(String name, Function<Fields, T> reader) {
    return read(path + "." + name, take(name, JsonReader.Kind.OBJECT, "an object"), reader);
  }

  /** Reads a member that is an array of objects, whole. */
  <T> List<T> objects(String name, Function<Fields, T> reader) {
    List<T> objects = new ArrayList<>();
    JsonReader items = take(name, JsonReader.Kind.ARRAY, "an array");
    items.array(
        () -> objects.add(read(path + "." + name + "[" + objects.size() + "]", items, reader)));
    return objects;
  }

  /**
   * Reads the object that comes next, whole: members that the reader leaves are refused.
   *
   * @param path what messages call it
   * @param json where the object begins
   * @param reader takes the members and builds what they describe
   * @return what the reader built
   * @throws IllegalArgumentException if the object does not describe such a thing
   */
  static <T> T read(String path, JsonReader json, Function<Fields, T> reader) {
    require(path, json, JsonReader.Kind.OBJECT, "an object");
    Fields fields = at(() -> path, () -> new Fields(path, json));
    T built = reader.apply(fields);
    if (!fields.left.isEmpty()) {
      throw new Placed(
          "%s: member %s is unknown".formatted(path, quoted(fields.left.iterator().next())));
    }
    return built;
  }

  /** Reads the object that comes next, whose members, however many, must be strings. */
  static Map<String, String> texts(String path, JsonReader json) {
    Map<String, String> texts = new LinkedHashMap<>();
    require(path, json, JsonReader.Kind.OBJECT, "an object");
    json.object(
        name -> {
          require(path + "." + name, json, JsonReader.Kind.STRING, "a string");
          return texts.put(name, at(() -> path + "." + name, json::string)) == null;
        });
    return texts;
  }

  /**
   * Reads the array that comes next, whose items must be numbers.
   *
   * @param most how many there may be
   */
  static double[] numbers(String path, JsonReader json, int most) {
    require(path, json, JsonReader.Kind.ARRAY, "an array");
    double[][] numbers = {new double[16]};
    int[] count = {0};
    json.array(
        () -> {
          int i = count[0]++;
          if (i == most) {
            throw new Placed("%s: more than %d numbers; expected so many".formatted(path, most));
          }
          if (json.kind() != JsonReader.Kind.NUMBER) {
            throw new Placed("%s[%d]: expected a number".formatted(path, i));
          }
          if (i == numbers[0].length) {
            numbers[0] = Arrays.copyOf(numbers[0], 2 * i);
          }
          numbers[0][i] =
              at(() -> "%s[%d]".formatted(path, i), () -> new Json.Num(json.number()).asDouble());
        });
    return Arrays.copyOf(numbers[0], count[0]);
  }

  /** {@return an exception that says what else was expected of a member} */
  IllegalArgumentException unknown(String name, String value, String expected) {
    return new Placed("%s.%s: %s; expected %s".formatted(path, name, quoted(value), expected));
  }

  /** {@return what a constructor builds, naming this object where it refuses} */
  <T> T build(Supplier<T> constructor) {
    return at(() -> path, constructor);
  }

  /** A place is only put into words where something is refused. */
  private static <T> T at(Supplier<String> place, Supplier<T> source) {
    try {
      return source.get();
    } catch (Placed e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new Placed(place.get() + ": " + e.getMessage(), e);
    }
  }

  private JsonReader take(String name, JsonReader.Kind kind, String expected) {
    JsonReader value = members.get(name);
    if (value == null) {
      throw new Placed("%s: member %s is missing".formatted(path, quoted(name)));
    }
    require(path + "." + name, value, kind, expected);
    left.remove(name);
    return value;
  }
}
