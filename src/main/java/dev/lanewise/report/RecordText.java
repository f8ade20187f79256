package dev.lanewise.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value in the text that records print: {@code Name[key=value, …]}, {@code [value, …]}, or
 * anything else up to a comma or a bracket.
 */
sealed interface RecordText {

  /** Deeper ones are no records of this library. */
  int DEEPEST = 16;

  /** A text without parts. */
  record Scalar(String text) implements RecordText {}

  /** A list. */
  record Items(List<RecordText> items) implements RecordText {}

  /** A record. */
  record Named(String name, Map<String, RecordText> parts) implements RecordText {}

  /**
   * A value and where it ends.
   *
   * @param value the value
   * @param end the index behind its last character
   */
  record Found(RecordText value, int end) {}

  /** {@return the record or list that begins at a place of a text, if one does} */
  static Optional<Found> at(String text, int from) {
    Reader reader = new Reader(text, from);
    return reader.open() < 0
        ? Optional.empty()
        : reader.value(0).map(value -> new Found(value, reader.next));
  }

  /**
   * Reads values, of hostile texts too: neither depth nor time of a text of brackets without ends
   * grows with more than its length.
   */
  final class Reader {

    private final String text;
    private int next;

    private Reader(String text, int from) {
      this.text = text;
      next = from;
    }

    /** {@return the place of the bracket of a record or list that begins here; −1 if none does} */
    private int open() {
      int at = next;
      while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
        at++;
      }
      boolean named = at == next || Character.isUpperCase(text.charAt(next));
      return named && at < text.length() && text.charAt(at) == '[' ? at : -1;
    }

    private Optional<RecordText> value(int depth) {
      int open = open();
      if (open < 0) {
        return Optional.of(new Scalar(upTo(",]")));
      }
      if (depth == DEEPEST) {
        return Optional.empty();
      }
      String name = text.substring(next, open);
      next = open + 1;
      return name.isEmpty() ? items(depth) : named(name, depth);
    }

    /** {@return what stands here up to one of some characters, or a bracket that opens} */
    private String upTo(String ends) {
      int from = next;
      while (next < text.length()
          && text.charAt(next) != '['
          && ends.indexOf(text.charAt(next)) < 0) {
        next++;
      }
      return text.substring(from, next);
    }

    private boolean take(String expected) {
      boolean there = text.startsWith(expected, next);
      next += there ? expected.length() : 0;
      return there;
    }

    private Optional<RecordText> items(int depth) {
      List<RecordText> items = new ArrayList<>();
      while (!take("]")) {
        if (!items.isEmpty() && !take(", ")) {
          return Optional.empty();
        }
        Optional<RecordText> item = value(depth + 1);
        if (item.isEmpty()) {
          return item;
        }
        items.add(item.get());
      }
      return Optional.of(new Items(items));
    }

    private Optional<RecordText> named(String name, int depth) {
      Map<String, RecordText> parts = new LinkedHashMap<>();
      while (!take("]")) {
        if (!parts.isEmpty() && !take(", ")) {
          return Optional.empty();
        }
        String key = name.startsWith("Optional") ? "value" : upTo("=,]");
        if (!name.startsWith("Optional") && !take("=")) {
          return Optional.empty();
        }
        Optional<RecordText> part = value(depth + 1);
        if (part.isEmpty()) {
          return part;
        }
        parts.put(key, part.get());
      }
      return Optional.of(new Named(name, parts));
    }
  }
}
