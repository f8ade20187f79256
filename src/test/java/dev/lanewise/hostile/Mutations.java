package dev.lanewise.hostile;

import dev.lanewise.Sealed;
import dev.lanewise.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Inputs made from sound ones by mistakes and malice: of bytes, of lines and cells, of JSON. */
final class Mutations {

  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    7,
    8,
    255,
    256,
    65535,
    1 << 16,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 31,
    1L << 32,
    (1L << 53) + 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    16 << 20,
    (16 << 20) + 1
  };

  private static final String[] CELLS = {
    "",
    " ",
    "?",
    "NA",
    "NaN",
    "nan",
    "null",
    "-",
    "\\N",
    "0",
    "-0",
    "1",
    "01",
    "1.0",
    "1e3",
    "1e400",
    "1e999999999",
    "Infinity",
    "-inf",
    "9007199254740993",
    "1,5",
    "1.234,5",
    "12%",
    "$3",
    "true",
    "No",
    "t",
    "2024-02-29",
    "2023-02-29",
    "2024-01-01T10:00:00Z",
    "12:30",
    "\"",
    "\"\"",
    "\"a\"\"b\"",
    "\"a,b\"",
    "\"a\nb\"",
    "\"a",
    "a\"b",
    "\u00a0",
    "\u200b1",
    "\ufeff",
    "\u00ad",
    "\u00e9",
    "\ud83d\ude00",
    "\t",
    ";",
    ",",
    "|",
    "\r",
    "\0",
    "#",
    "=1+1",
    "y",
    "a",
    "b",
    "x".repeat(300)
  };

  private static final String[] LITERALS = {
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1",
    "2",
    "1.5",
    "-0.0",
    "1e38",
    "1e39",
    "1e308",
    "1e309",
    "1e-50",
    "2147483647",
    "2147483648",
    "-2147483648",
    "9223372036854775807",
    "1000000",
    "[]",
    "{}",
    "[[]]",
    "[0]",
    "\"\"",
    "\"a\"",
    "\"\\u0000\"",
    "\"\\u200b\"",
    "\"dense\"",
    "\"1\"",
    "\"2\"",
    "\"NaN\"",
    "\"1e999999999\"",
    "[1,2]",
    "[\"a\",\"a\"]",
    "{\"a\":0}",
    "{\"kind\":\"dropout\",\"keep\":1}"
  };

  private final Random random;

  Mutations(Random random) {
    this.random = random;
  }

  <T> T one(T[] of) {
    return of[random.nextInt(of.length)];
  }

  /** {@return whether something is done that is done once in so many times} */
  boolean once(int in) {
    return random.nextInt(in) == 0;
  }

  /** {@return bytes with a few changes; {@code other} is something to splice in} */
  byte[] bytes(byte[] sound, byte[] other) {
    byte[] bytes = sound.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
      bytes = changed(bytes, other);
    }
    return bytes;
  }

  private byte[] changed(byte[] bytes, byte[] other) {
    int at = random.nextInt(bytes.length);
    int length = Math.min(bytes.length - at, 1 << random.nextInt(7));
    switch (random.nextInt(9)) {
      case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> bytes[at] = (byte) random.nextInt(256);
      case 3 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 4 -> {
        return replaced(bytes, at, at + length, new byte[0]);
      }
      case 5 -> {
        return replaced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
      }
      case 6 -> {
        int from = random.nextInt(other.length);
        int to = Math.min(other.length, from + length);
        return replaced(bytes, at, at + length, Arrays.copyOfRange(other, from, to));
      }
      case 7 -> number(bytes, once(2) ? at : Math.min(at, 4 * random.nextInt(4)));
      default -> Arrays.fill(bytes, at, at + length, (byte) (once(2) ? 0 : 0xff));
    }
    return bytes;
  }

  /** Writes a number where a length may stand. */
  private void number(byte[] bytes, int at) {
    long value = NUMBERS[random.nextInt(NUMBERS.length)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.order(once(2) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    if (at + 8 <= bytes.length && once(2)) {
      buffer.putLong(at, value);
    } else if (at + 4 <= bytes.length) {
      buffer.putInt(at, (int) value);
    }
  }

  private static byte[] replaced(byte[] bytes, int from, int to, byte[] by) {
    byte[] result = new byte[from + by.length + bytes.length - to];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(by, 0, result, from, by.length);
    System.arraycopy(bytes, to, result, from + by.length, bytes.length - to);
    return result;
  }

  /** {@return compressed bytes} */
  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** {@return CSV with other cells, lines and delimiters here and there} */
  String csv(String sound) {
    List<String> lines = new ArrayList<>(List.of(sound.split("\n")));
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(lines.size());
      switch (random.nextInt(10)) {
        case 0 -> lines.add(at, lines.get(random.nextInt(lines.size())));
        case 1 -> {
          if (lines.size() > 1) {
            lines.remove(at);
          }
        }
        case 2 -> lines.set(at, lines.get(at).replace(',', one(new Character[] {';', '\t', ' '})));
        case 3 -> lines.set(at, lines.get(at) + one(new String[] {",", ",,", " ", "\r", ",1"}));
        default -> lines.set(at, line(lines.get(at)));
      }
    }
    String end = one(new String[] {"\n", "\n", "\n", "\r\n", "\r", "\n\n"});
    return String.join(end, lines) + (once(5) ? "" : end);
  }

  private String line(String line) {
    String[] cells = line.split(",", -1);
    cells[random.nextInt(cells.length)] = one(CELLS);
    return String.join(",", cells);
  }

  /** {@return JSON text with a value, a member or a character changed} */
  String json(String sound) {
    String text = other(Json.parse(sound), 1 + random.nextInt(40)).toString();
    if (once(4) && !text.isEmpty()) {
      int at = random.nextInt(text.length());
      String piece = once(2) ? one(LITERALS) : text.substring(at, Math.min(text.length(), at + 9));
      text =
          text.substring(0, at)
              + piece
              + text.substring(Math.min(text.length(), at + random.nextInt(3)));
    }
    return text;
  }

  /** {@return the value with one part changed, the deeper the more is left of the way down} */
  private Json other(Json value, int way) {
    if (way > 1 && value instanceof Json.Obj object && !object.members().isEmpty()) {
      Map<String, Json> members = new LinkedHashMap<>(object.members());
      String name = one(members.keySet().toArray(String[]::new));
      switch (random.nextInt(12)) {
        case 0 -> members.remove(name);
        case 1 -> members.put(name + "x", members.get(name));
        case 2 -> members.put(name, one(members.values().toArray(Json[]::new)));
        default -> members.put(name, other(members.get(name), way - 1));
      }
      return new Json.Obj(members);
    }
    if (way > 1 && value instanceof Json.Arr array && !array.items().isEmpty()) {
      List<Json> items = new ArrayList<>(array.items());
      int at = random.nextInt(items.size());
      switch (random.nextInt(8)) {
        case 0 -> items.remove(at);
        case 1 -> items.add(items.get(at));
        case 2 -> items.set(at, items.get(random.nextInt(items.size())));
        default -> items.set(at, other(items.get(at), way - 1));
      }
      return new Json.Arr(items);
    }
    if (way > 1 && value instanceof Json.Str text && text.value().startsWith("{")) {
      return Json.of(json(text.value())); // JSON in JSON, as in a header
    }
    return Json.parse(one(LITERALS));
  }

  /** {@return a safetensors file with another header, or other data, mostly sealed again} */
  byte[] file(byte[] sound, byte[] other) {
    byte[] file;
    if (once(4)) {
      file = bytes(sound, other);
    } else {
      byte[] data = Sealed.data(sound);
      if (once(3)) {
        data = bytes(data.length == 0 ? new byte[1] : data, other);
      }
      String header = once(4) ? Sealed.header(sound) : json(Sealed.header(sound));
      if (once(20)) {
        header =
            new String(
                bytes(header.getBytes(StandardCharsets.UTF_8), other), StandardCharsets.UTF_8);
      }
      file = Sealed.file(header, data);
    }
    if (!once(10)) {
      Sealed.seal(file);
    }
    return file;
  }
}
