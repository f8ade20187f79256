package dev.lanewise.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

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

  /** A kind of value. */
  public enum Kind {
    /** Members by name. */
    OBJECT,
    /** Values one behind another. */
    ARRAY,
    /** Characters in quotes. */
    STRING,
    /** A number. */
    NUMBER,
    /** {@code true} or {@code false}. */
    BOOL,
    /** {@code null}. */
    NULL
  }

  /**
   * {@return the kind of the value that comes next, by its first character}
   *
   * @throws JsonException if no value begins with that
   */
  public Kind kind() {
    blank();
    return switch (peek()) {
      case '{' -> Kind.OBJECT;
      case '[' -> Kind.ARRAY;
      case '"' -> Kind.STRING;
      case 't', 'f' -> Kind.BOOL;
      case 'n' -> Kind.NULL;
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> Kind.NUMBER;
      default -> throw noValue();
    };
  }

  /**
   * {@return where the value that was read last begins: for a string the index of its first
   * character behind the quote}
   */
  public int start() {
    return start;
  }

  /** {@return a reader of the same text from the next character on} */
  public JsonReader here() {
    JsonReader reader = new JsonReader(text);
    reader.at = at;
    return reader;
  }

  /**
   * Reads an object.
   *
   * @param member called with the name of each member; reads the member's value from this reader,
   *     and says whether the name has not been there before
   * @throws JsonException if there is no object here or a name occurs twice
   */
  public void object(Predicate<String> member) {
    expect('{', "an object");
    descend();
    if (!skip('}')) {
      do {
        String name = string("a name in quotes");
        int place = start;
        expect(':', "a colon");
        if (!member.test(name)) {
          throw error(place, "the name \"%s\" stands twice".formatted(shorten(name)));
        }
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
    skipNumber();
    return text.substring(start, at);
  }

  private void skipNumber() {
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
  }

  /**
   * {@return the literal that is read}
   *
   * @throws JsonException if it is neither true nor false
   */
  public boolean bool() {
    blank();
    if (peek() == 't') {
      literal("true");
      return true;
    }
    literal("false");
    return false;
  }

  /**
   * {@return the value that is read, whatever its kind} It takes many times the memory of its text.
   *
   * @throws JsonException if there is none here
   */
  public Json value() {
    return switch (kind()) {
      case OBJECT -> {
        Map<String, Json> members = new LinkedHashMap<>();
        object(name -> members.put(name, value()) == null);
        yield new Json.Obj(members);
      }
      case ARRAY -> {
        List<Json> items = new ArrayList<>();
        array(() -> items.add(value()));
        yield new Json.Arr(items);
      }
      case STRING -> Json.of(string());
      case BOOL -> new Json.Bool(bool());
      case NULL -> {
        literal("null");
        yield new Json.Null();
      }
      case NUMBER -> new Json.Num(number());
    };
  }

  /**
   * Reads past a value and builds nothing. It is checked except for what only strings tell that are
   * built: halves of surrogate pairs, and names that stand twice.
   *
   * @throws JsonException if there is none here
   */
  public void skip() {
    switch (kind()) {
      case OBJECT -> {
        expect('{', "an object");
        descend();
        if (!skip('}')) {
          do {
            skipString("a name in quotes");
            expect(':', "a colon");
            skip();
          } while (skip(','));
          expect('}', "a comma or }");
        }
        depth--;
      }
      case ARRAY -> array(this::skip);
      case STRING -> skipString("a string");
      case BOOL -> bool();
      case NULL -> literal("null");
      case NUMBER -> skipNumber();
    }
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

  private void literal(String word) {
    if (!text.startsWith(word, at)) {
      throw noValue();
    }
    start = at;
    at += word.length();
  }

  private JsonException noValue() {
    return error(at, "expected a value, found " + found());
  }

  private void skipString(String expected) {
    expect('"', expected);
    start = at;
    while (peek() != '"') {
      if (plain() == '\\') {
        escape();
      }
    }
    at++;
  }

  private String string(String expected) {
    expect('"', expected);
    int first = at;
    int plain = first;
    StringBuilder unescaped = null;
    while (peek() != '"') {
      if (plain() == '\\') {
        if (unescaped == null) {
          unescaped = new StringBuilder();
        }
        unescaped.append(text, plain, at - 1).append(escape());
        plain = at;
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

  /** Takes a character of a string, which may begin an escape. */
  private char plain() {
    char c = peek();
    if (at >= text.length() || c < ' ') {
      throw error(at, "expected a character of a string, found " + found());
    }
    at++;
    return c;
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
