package dev.lanewise.json;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads JSON from front to back and builds only what the caller asks for, so that a hostile text
 * costs no more than its length.
 *
 * <p>Not safe for use by several threads.
 */
public final class JsonReader {

  private static final int MAX_DEPTH = 64;

  private final String text;
  private int at;
  private int depth;
  private int start;

  /**
   * Begins at the front of a text.
   *
   * @param text the text
   */
  public JsonReader(String text) {
    this.text = text;
  }

  /**
   * {@return where the value that was read last begins: for a string the index of its first
   * character behind the quote}
   */
  public int start() {
    return start;
  }

  /**
   * Reads an object.
   *
   * @param member called with the name of each member; reads the member's value from this reader
   * @throws JsonException if there is no object here or a name occurs twice
   */
  public void object(Consumer<String> member) {
    expect('{', "an object");
    descend();
    Set<String> names = new HashSet<>();
    if (!skip('}')) {
      do {
        String name = string("a name in quotes");
        if (!names.add(name)) {
          throw error(start, "the name \"%s\" stands twice".formatted(shorten(name)));
        }
        expect(':', "a colon");
        member.accept(name);
      } while (skip(','));
      expect('}', "a comma or }");
    }
    depth--;
  }

  /**
   * Reads an array.
   *
   * @param item called before each item; reads the item from this reader
   * @throws JsonException if there is no array here
   */
  public void array(Runnable item) {
    expect('[', "an array");
    descend();
    if (!skip(']')) {
      do {
        item.run();
      } while (skip(','));
      expect(']', "a comma or ]");
    }
    depth--;
  }

  /**
   * {@return the string that is read}
   *
   * @throws JsonException if there is none here
   */
  public String string() {
    return string("a string");
  }

  /**
   * {@return the number that is read, as its literal}
   *
   * @throws JsonException if there is none here
   */
  public String number() {
    blank();
    start = at;
    skipHere('-');
    if (!skipHere('0')) {
      digits();
    }
    if (skipHere('.')) {
      digits();
    }
    if (skipHere('e') || skipHere('E')) {
      if (!skipHere('+')) {
        skipHere('-');
      }
      digits();
    }
    return text.substring(start, at);
  }

  /**
   * {@return the value that is read, whatever its kind}
   *
   * @throws JsonException if there is none here
   */
  public Json value() {
    blank();
    return switch (peek()) {
      case '{' -> {
        Map<String, Json> members = new LinkedHashMap<>();
        object(name -> members.put(name, value()));
        yield new Json.Obj(members);
      }
      case '[' -> {
        List<Json> items = new ArrayList<>();
        array(() -> items.add(value()));
        yield new Json.Arr(items);
      }
      case '"' -> Json.of(string());
      case 't' -> literal("true", new Json.Bool(true));
      case 'f' -> literal("false", new Json.Bool(false));
      case 'n' -> literal("null", new Json.Null());
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> new Json.Num(number());
      default -> throw error(at, "expected a value, found " + found());
    };
  }

  /**
   * Checks that nothing but white space follows.
   *
   * @throws JsonException if something does
   */
  public void end() {
    blank();
    if (at < text.length()) {
      throw error(at, "expected the end, found " + found());
    }
  }

  private Json literal(String word, Json value) {
    if (!text.startsWith(word, at)) {
      throw error(at, "expected a value, found " + found());
    }
    start = at;
    at += word.length();
    return value;
  }

  private String string(String expected) {
    expect('"', expected);
    int first = at;
    int plain = first;
    StringBuilder unescaped = null;
    while (peek() != '"') {
      char c = peek();
      if (at >= text.length() || c < ' ') {
        throw error(at, "expected a character of a string, found " + found());
      }
      if (c == '\\') {
        if (unescaped == null) {
          unescaped = new StringBuilder();
        }
        unescaped.append(text, plain, at++).append(escape());
        plain = at;
      } else {
        at++;
      }
    }
    String value =
        unescaped == null
            ? text.substring(first, at)
            : unescaped.append(text, plain, at).toString();
    at++;
    start = first;
    return new Json.Str(value).value();
  }

  private char escape() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
          char hex = peek();
          // Character.digit also takes the digits of other scripts.
          int digit = hex < 128 ? Character.digit(hex, 16) : -1;
          if (digit < 0) {
            throw error(at, "expected four hex digits behind \\u, found " + found());
          }
          unit = unit << 4 | digit;
          at++;
        }
        yield (char) unit;
      }
      default -> throw error(at - 1, "expected an escape like \\n or \\u0041");
    };
  }

  private void digits() {
    int first = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == first) {
      throw error(at, "expected a digit, found " + found());
    }
  }

  private void descend() {
    if (++depth > MAX_DEPTH) {
      throw error(at, "nested deeper than " + MAX_DEPTH);
    }
  }

  private void expect(char c, String expected) {
    blank();
    start = at;
    if (!skipHere(c)) {
      throw error(at, "expected %s, found %s".formatted(expected, found()));
    }
  }

  private boolean skip(char c) {
    blank();
    return skipHere(c);
  }

  private boolean skipHere(char c) {
    boolean there = at < text.length() && text.charAt(at) == c;
    if (there) {
      at++;
    }
    return there;
  }

  private void blank() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /** The next character, or NUL at the end; NUL itself is legal nowhere outside an escape. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private String found() {
    if (at >= text.length()) {
      return "the end";
    }
    char c = text.charAt(at);
    return c > ' ' && c <= '~' ? String.valueOf(c) : "U+%04X".formatted((int) c);
  }

  private static String shorten(String name) {
    return name.length() <= 80 ? name : name.substring(0, 80) + "...";
  }

  private static JsonException error(int at, String what) {
    return new JsonException("character %d: %s".formatted(at, what));
  }
}
