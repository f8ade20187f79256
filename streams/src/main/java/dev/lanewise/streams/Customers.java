package dev.lanewise.streams;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Customers as the topics hold them: {@code plan,since,monthly,calls,newsletter[,status]}. */
final class Customers {

  /** The columns, of which the last is the label. */
  static final List<String> COLUMNS =
      List.of("plan", "since", "monthly", "calls", "newsletter", "status");

  private Customers() {}

  /** {@return the values of a line, an empty one as null, for missing} */
  static List<String> values(String line) {
    List<String> values = new ArrayList<>(Arrays.asList(line.split(",", -1)));
    values.replaceAll(value -> value.isEmpty() ? null : value);
    return values;
  }
}
