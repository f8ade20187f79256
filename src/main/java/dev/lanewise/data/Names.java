package dev.lanewise.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Names of columns, and how names and cells are shown in an error line. */
final class Names {

  private Names() {}

  /**
   * {@return names without invisible characters around them; an empty one gives way to the column's
   * number, as {@link #orNumbers} says}
   *
   * @param remedy what may be done where a name stands twice
   * @throws DataException if a name stands twice
   */
  static List<String> of(String source, List<String> cells, DataException.Remedy remedy) {
    List<String> names = orNumbers(cells);
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new DataException(
            "%s: the column name %s stands twice; expected different names"
                .formatted(source, shown(name)),
            remedy);
      }
    }
    return names;
  }

  /**
   * {@return names, an empty one being the column's number, with the word "column" before it where
   * another column has that number for a name}
   */
  static List<String> orNumbers(List<String> cells) {
    List<String> names = new ArrayList<>(cells.size());
    cells.forEach(cell -> names.add(Cell.clean(cell)));
    Set<String> given = new HashSet<>(names);
    for (int c = 0; c < names.size(); c++) {
      String number = Integer.toString(c + 1);
      if (names.get(c).isEmpty()) {
        names.set(c, given.contains(number) ? "column " + number : number);
      }
    }
    return List.copyOf(names);
  }

  /**
   * {@return the place of a column}
   *
   * @param unnamed the first line where it was judged to hold no names, else none
   * @param nameOrNumber its name or, if no column has that name, the only one that differs by upper
   *     and lower case alone, or its number from 1
   */
  static int place(
      String source,
      List<String> names,
      Map<String, Integer> places,
      int columns,
      List<String> unnamed,
      String nameOrNumber) {
    Integer place = places.get(nameOrNumber);
    if (place != null) {
      return place;
    }
    int alike = places(List.of(nameOrNumber), names)[0];
    if (alike >= 0) {
      return alike;
    }
    if (nameOrNumber.matches("[1-9][0-9]{0,8}") && Integer.parseInt(nameOrNumber) <= columns) {
      return Integer.parseInt(nameOrNumber) - 1;
    }
    if (columns == 0) {
      throw new DataException(
          "%s: no rows, and so no column %s; expected at least one row"
              .formatted(source, shown(nameOrNumber)));
    }
    String problem =
        "%s: no column %s; expected %sa number from 1 to %d"
            .formatted(
                source, shown(nameOrNumber), names.isEmpty() ? "" : some(names) + " or ", columns);
    if (unnamed.contains(nameOrNumber)) {
      throw new DataException(problem + "; " + noHeader(unnamed), DataException.Remedy.NAMED);
    }
    List<String> whole =
        Stream.concat(names.stream(), unnamed.stream())
            .filter(name -> List.of(name.split("[\t;,]", -1)).contains(nameOrNumber))
            .toList();
    throw new DataException(
        whole.isEmpty()
            ? problem
            : "%s; it is a part of %s, as the first line holds several delimiters"
                .formatted(problem, shown(whole.getFirst())));
  }

  /**
   * {@return the place of each name among others, −1 for none} A name that is not there, letter by
   * letter, is the one that differs by upper and lower case alone, as where a data base writes
   * names in capitals; unless several do, on either side.
   */
  static int[] places(List<String> wanted, List<String> there) {
    Map<String, Integer> exact = new HashMap<>();
    for (int c = 0; c < there.size(); c++) {
      exact.put(there.get(c), c);
    }
    int[] places = wanted.stream().mapToInt(name -> exact.getOrDefault(name, -1)).toArray();
    if (IntStream.of(places).allMatch(place -> place >= 0)) {
      return places;
    }
    wanted.forEach(exact::remove);
    Map<String, Integer> alike = new HashMap<>();
    exact.forEach((name, place) -> alike.merge(fold(name), place, (a, b) -> -1));
    Map<String, Integer> lost = new HashMap<>();
    for (int w = 0; w < places.length; w++) {
      if (places[w] < 0) {
        lost.merge(fold(wanted.get(w)), w, (a, b) -> -1);
      }
    }
    lost.forEach(
        (name, w) -> {
          if (w >= 0) {
            places[w] = alike.getOrDefault(name, -1);
          }
        });
    return places;
  }

  private static String fold(String name) {
    return Cell.clean(name).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  /** {@return why a first line was not taken for a header} */
  static String noHeader(List<String> first) {
    for (int c = 0; c < first.size(); c++) {
      if (!isName(first.get(c))) {
        return "the first line was not taken for a header, because its field %d is %s"
            .formatted(
                c + 1, first.get(c).isEmpty() ? "empty" : "a number, " + shown(first.get(c)));
      }
    }
    return "the first line was not taken for a header";
  }

  /** {@return whether a cell of the first line may be a name: neither empty nor a number} */
  static boolean isName(String cell) {
    return !cell.isEmpty() && !Cell.isNumber(cell);
  }

  /**
   * {@return a class for an error line, with its article: that of collections by their interface}
   */
  static String type(Class<?> type) {
    if (type.isArray()) {
      return "an array";
    }
    for (Class<?> known : List.of(List.class, Set.class, Map.class, Optional.class)) {
      if (known.isAssignableFrom(type)) {
        return (known == Optional.class ? "an " : "a ") + known.getSimpleName();
      }
    }
    return "a value of class " + type.getName();
  }

  /** The names for an error line, which must stay readable when there are hundreds. */
  static String some(List<String> names) {
    int some = 20;
    String list = names.stream().limit(some).map(Names::shown).collect(Collectors.joining(", "));
    return names.size() > some ? list + ", …" : list;
  }

  /**
   * {@return a text for an error line: cut if it is long, with the code points of what cannot be
   * seen}
   */
  static String shown(String text) {
    if (text.isEmpty()) {
      return "empty";
    }
    int most = 80;
    String start =
        text.codePointCount(0, text.length()) > most
            ? text.substring(0, text.offsetByCodePoints(0, most)) + "…"
            : text;
    StringBuilder shown = new StringBuilder();
    start
        .codePoints()
        .forEach(
            c -> {
              boolean visible = c == ' ' || (c != 0 && !Cell.isBlank(c));
              shown.append(visible ? Character.toString(c) : "<U+%04X>".formatted(c));
            });
    return shown.toString();
  }
}
