package dev.lanewise.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lanewise.json.Json;
import dev.lanewise.json.JsonException;
import dev.lanewise.json.JsonReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The JSON header of a safetensors file.
 *
 * @param entries the tensors, in the order of their bytes
 * @param metadata texts by key, without the digest
 * @param digest the digest that the file states, if it does
 */
record Header(List<Entry> entries, Map<String, String> metadata, Optional<Digest> digest) {

  Header {
    metadata = Collections.unmodifiableMap(metadata);
  }

  /** The largest header that is read or written, in bytes. */
  static final int MAX_BYTES = 16 << 20;

  /** The member that holds texts instead of a tensor. */
  static final String METADATA_KEY = "__metadata__";

  /** The metadata key of the file's own SHA-256. */
  static final String DIGEST_KEY = "fileSha256";

  private static final String NO_DIGEST = "0".repeat(64);
  private static final int MAX_RANK = 8;

  /** The element types that are read and written. */
  enum Type {
    F32(4),
    F64(8),
    I64(8);

    final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    static Type of(String name) {
      for (Type type : values()) {
        if (type.name().equals(name)) {
          return type;
        }
      }
      throw new IllegalArgumentException(
          "dtype %s; expected F32, F64 or I64".formatted(quoted(name)));
    }
  }

  /**
   * A tensor's place in the data section.
   *
   * @param name its name
   * @param type the type of its elements
   * @param shape its sizes
   * @param begin its first byte
   * @param end the byte behind its last
   */
  record Entry(String name, Type type, List<Integer> shape, long begin, long end) {

    Entry {
      long elements = 1;
      for (int size : shape) {
        elements = size < 0 ? Long.MAX_VALUE : elements * size;
        if (elements > Integer.MAX_VALUE) {
          throw new IllegalArgumentException(
              "shape %s; expected sizes >= 0 with a product below 2^31".formatted(shape));
        }
      }
      if (begin < 0 || end < begin || end - begin != elements * type.bytes) {
        throw new IllegalArgumentException(
            "data_offsets [%d,%d]; expected %d bytes for %s %s"
                .formatted(begin, end, elements * type.bytes, type, shape));
      }
    }

    int size() {
      return (int) ((end - begin) / type.bytes);
    }
  }

  /**
   * The SHA-256 of the whole file taken with its own digits as zeros.
   *
   * @param hex its 64 digits
   * @param at the place of the first of them in the header's bytes
   */
  record Digest(String hex, int at) {}

  /**
   * {@return the header's text} Its digits stand for the digest, which is not known yet, as zeros.
   * ASCII, padded so that the data begins at a multiple of 8.
   *
   * @param entries the tensors, in the order of their bytes
   * @param metadata texts by key
   */
  static String format(List<Entry> entries, Map<String, String> metadata) {
    Map<String, Json> texts = new LinkedHashMap<>();
    texts.put(DIGEST_KEY, Json.of(NO_DIGEST));
    metadata.forEach((key, value) -> texts.put(key, Json.of(value)));
    Map<String, Json> members = new LinkedHashMap<>();
    members.put(METADATA_KEY, new Json.Obj(texts));
    for (Entry entry : entries) {
      Map<String, Json> fields = new LinkedHashMap<>();
      fields.put("dtype", Json.of(entry.type().name()));
      fields.put("shape", new Json.Arr(entry.shape().stream().map(Json::of).toList()));
      fields.put(
          "data_offsets", new Json.Arr(List.of(Json.of(entry.begin()), Json.of(entry.end()))));
      members.put(entry.name(), new Json.Obj(fields));
    }
    String text = new Json.Obj(members).toString();
    String padded = text + " ".repeat(Math.floorMod(-text.length(), 8));
    if (padded.length() > MAX_BYTES) {
      throw new IllegalArgumentException(
          "metadata and tensor names: a header of %d bytes; expected at most %d"
              .formatted(padded.length(), MAX_BYTES));
    }
    return padded;
  }

  /**
   * {@return the place of the digest in a header that {@link #format} wrote} It is the first text.
   */
  static int digestAt(String header) {
    return header.indexOf(NO_DIGEST);
  }

  /**
   * Reads a header and checks that the tensors fill the data section without gaps.
   *
   * @param bytes the header, from the buffer's position to its limit; of an array
   * @param dataBytes the bytes that follow it in the file, if that is known
   * @return the header
   * @throws IllegalArgumentException if it is malformed
   */
  static Header parse(ByteBuffer bytes, OptionalLong dataBytes) {
    String text = utf8(bytes);
    if (!text.startsWith("{")) {
      throw new IllegalArgumentException("header: expected { as its first character");
    }
    HeaderReader reader = new HeaderReader(text);
    reader.read();
    List<Entry> entries = reader.entries;
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long at = 0;
    for (Entry entry : entries) {
      if (entry.begin() != at) {
        throw new IllegalArgumentException(
            ("tensor %s: begins at byte %d; expected %d, behind the one before it, "
                    + "without gap or overlap")
                .formatted(quoted(entry.name()), entry.begin(), at));
      }
      at = entry.end();
    }
    if (dataBytes.isPresent() && at != dataBytes.getAsLong()) {
      throw new IllegalArgumentException(
          "data: %d bytes; expected the %d that the header states"
              .formatted(dataBytes.getAsLong(), at));
    }
    return new Header(List.copyOf(entries), reader.metadata, reader.digest);
  }

  private static String utf8(ByteBuffer bytes) {
    String text =
        new String(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining(), UTF_8);
    // What is no UTF-8 has become this character. Only then a strict decoder is asked, as it takes
    // more memory than the text.
    if (text.indexOf('\ufffd') >= 0) {
      try {
        UTF_8.newDecoder().decode(bytes.duplicate());
      } catch (CharacterCodingException e) {
        throw new IllegalArgumentException("header: expected UTF-8", e);
      }
    }
    return text;
  }

  /** {@return a name as messages show it: quoted, escaped, cut if it is long} */
  static String quoted(String name) {
    boolean fits = name.codePointCount(0, name.length()) <= 80;
    return Json.of(fits ? name : name.substring(0, name.offsetByCodePoints(0, 80)) + "...")
        .toString();
  }

  /**
   * Reads the members one by one, so that a hostile header builds nothing but what a header may
   * hold.
   */
  private static final class HeaderReader {
    final List<Entry> entries = new ArrayList<>();
    final Map<String, String> metadata = new LinkedHashMap<>();
    Optional<Digest> digest = Optional.empty();

    private final String text;
    private final JsonReader json;
    private final Set<String> names = new HashSet<>();
    private Type type;
    private List<Integer> shape;
    private List<Long> offsets;

    HeaderReader(String text) {
      this.text = text;
      this.json = new JsonReader(text);
    }

    void read() {
      try {
        json.object(
            name -> {
              if (name.equals(METADATA_KEY)) {
                json.object(this::metadata);
              } else {
                tensor(name);
              }
              return names.add(name);
            });
        json.end();
      } catch (JsonException e) {
        throw new IllegalArgumentException("header: " + e.getMessage(), e);
      }
    }

    private boolean metadata(String key) {
      String value = json.string();
      if (!key.equals(DIGEST_KEY)) {
        return metadata.put(key, value) == null;
      }
      boolean first = digest.isEmpty();
      if (!value.matches("[0-9a-f]{64}") || !text.startsWith(value, json.start())) {
        throw new IllegalArgumentException(
            "metadata %s: expected 64 plain hex digits".formatted(DIGEST_KEY));
      }
      int at = text.substring(0, json.start()).getBytes(UTF_8).length;
      digest = Optional.of(new Digest(value, at));
      return first;
    }

    private void tensor(String name) {
      type = null;
      shape = null;
      offsets = null;
      try {
        json.object(this::field);
        if (type == null || shape == null || offsets == null || offsets.size() != 2) {
          throw new IllegalArgumentException("expected dtype, shape and two data_offsets");
        }
        entries.add(new Entry(name, type, List.copyOf(shape), offsets.get(0), offsets.get(1)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "tensor %s: %s".formatted(quoted(name), e.getMessage()), e);
      }
    }

    private boolean field(String field) {
      boolean first = false;
      switch (field) {
        case "dtype" -> {
          first = type == null;
          type = Type.of(json.string());
        }
        case "shape" -> {
          first = shape == null;
          shape = integers(MAX_RANK).stream().map(HeaderReader::size).toList();
        }
        case "data_offsets" -> {
          first = offsets == null;
          offsets = integers(2);
        }
        default ->
            throw new IllegalArgumentException(
                "member %s; expected dtype, shape, data_offsets".formatted(quoted(field)));
      }
      return first;
    }

    private static int size(long value) {
      if (value != (int) value) {
        throw new IllegalArgumentException("size %d; expected one below 2^31".formatted(value));
      }
      return (int) value;
    }

    private List<Long> integers(int most) {
      List<Long> integers = new ArrayList<>(most);
      json.array(
          () -> {
            if (integers.size() == most) {
              throw new IllegalArgumentException(
                  "a list; expected at most %d numbers".formatted(most));
            }
            integers.add(new Json.Num(json.number()).asLong());
          });
      return integers;
    }
  }
}
