package dev.lanewise.report;

import dev.lanewise.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The members of a JSON object, put together in the order in which they are written. */
public final class Members {

  private final Map<String, Json> members = new LinkedHashMap<>();

  private Members() {}

  /** {@return no members} */
  public static Members none() {
    return new Members();
  }

  /**
   * {@return the members of an object, to be added to}
   *
   * @param object the object
   */
  static Members of(Json.Obj object) {
    Members members = new Members();
    members.members.putAll(object.members());
    return members;
  }

  /**
   * Adds a member.
   *
   * @param name its name
   * @param value its value
   * @return this
   */
  public Members with(String name, Json value) {
    members.put(name, value);
    return this;
  }

  /**
   * Adds a text.
   *
   * @param name its name
   * @param text the text
   * @return this
   */
  public Members with(String name, String text) {
    return with(name, Json.of(text));
  }

  /**
   * Adds a number; {@code null} if it is not finite.
   *
   * @param name its name
   * @param number the number
   * @return this
   */
  public Members with(String name, double number) {
    return with(name, Grid.cell(number));
  }

  /**
   * Adds a truth value.
   *
   * @param name its name
   * @param value the value
   * @return this
   */
  public Members with(String name, boolean value) {
    return with(name, Json.of(value));
  }

  /**
   * Adds an object.
   *
   * @param name its name
   * @param object its members
   * @return this
   */
  public Members with(String name, Members object) {
    return with(name, object.json());
  }

  /**
   * Adds a list.
   *
   * @param name its name
   * @param items its items
   * @return this
   */
  public Members with(String name, List<? extends Json> items) {
    return with(name, new Json.Arr(List.copyOf(items)));
  }

  /** {@return the object} */
  public Json.Obj json() {
    return new Json.Obj(new LinkedHashMap<>(members));
  }
}
