package dev.lanewise.model;

import static dev.lanewise.model.Header.quoted;

import dev.lanewise.file.AtomicFile;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The content of a safetensors file: named tensors of {@code float}, {@code double} and {@code
 * long}, and texts by key.
 *
 * <p>The format: eight bytes with the header's length, little-endian; the header, a JSON object
 * that gives each tensor's type, shape and bytes, and the texts under {@code __metadata__}; the
 * tensors, little-endian and row-major, without gaps. Writing adds a text {@code fileSha256}: the
 * SHA-256 of the whole file taken with its own 64 digits as zeros. Reading checks it where it is
 * present. Files, streams and bytes in memory are written alike and checked alike.
 *
 * <p>Immutable; safe for use by several threads. Holds its tensors once; getters copy.
 */
public final class SafetensorsFile {

  private static final int BUFFER_BYTES = 1 << 16;

  /** The elements allocated for a stream's tensor before they arrive. */
  private static final int FIRST_ELEMENTS = BUFFER_BYTES / Long.BYTES;

  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final String source;
  private final Map<String, Tensor> tensors;
  private final Map<String, String> metadata;
  private final boolean digested;

  private SafetensorsFile(
      String source, Map<String, Tensor> tensors, Map<String, String> metadata, boolean digested) {
    this.source = source;
    this.tensors = tensors;
    this.metadata = metadata;
    this.digested = digested;
  }

  private record Tensor(List<Integer> shape, Values values) {}

  /** {@return a builder of a file's content} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return where this was read from, as messages call it} */
  public String source() {
    return source;
  }

  /** {@return the names of the tensors, in the order of their bytes} */
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  /** {@return the texts by key, in their order, without {@code fileSha256}} */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * {@return the text under a key}
   *
   * @param key the key
   * @throws SafetensorsException if there is none
   */
  public String metadata(String key) throws SafetensorsException {
    Objects.requireNonNull(key, "key");
    String text = metadata.get(key);
    if (text == null) {
      throw refused("metadata %s is missing".formatted(quoted(key)));
    }
    return text;
  }

  /**
   * {@return the elements of an F32 tensor, copied}
   *
   * @param name the tensor's name
   * @throws SafetensorsException if there is no such tensor of that type
   */
  public float[] floats(String name) throws SafetensorsException {
    return values(Values.Floats.class, "F32", name).array().clone();
  }

  /**
   * {@return the elements of an F64 tensor, copied}
   *
   * @param name the tensor's name
   * @throws SafetensorsException if there is no such tensor of that type
   */
  public double[] doubles(String name) throws SafetensorsException {
    return values(Values.Doubles.class, "F64", name).array().clone();
  }

  /**
   * {@return the elements of an I64 tensor, copied}
   *
   * @param name the tensor's name
   * @throws SafetensorsException if there is no such tensor of that type
   */
  public long[] longs(String name) throws SafetensorsException {
    return values(Values.Longs.class, "I64", name).array().clone();
  }

  /**
   * {@return parameters from tensors that {@link Builder#parameters} wrote}
   *
   * @param prefix the prefix of the layout's names, or nothing
   * @param layout the names, shapes and places
   * @throws SafetensorsException if a tensor is missing or misshapen, holds NaN or an infinity, or
   *     is a negative running variance
   */
  public float[] parameters(String prefix, Layout layout) throws SafetensorsException {
    Objects.requireNonNull(prefix, "prefix");
    // Shapes first: until they are right, the layout's size tells nothing about the file's.
    for (Slot slot : layout.slots()) {
      String name = prefix + slot.name();
      values(Values.Floats.class, "F32", name);
      List<Integer> shape = tensors.get(name).shape();
      List<Integer> expected = shape(slot);
      if (!shape.equals(expected)) {
        throw refused("tensor %s: shape %s; expected %s".formatted(quoted(name), shape, expected));
      }
    }
    float[] parameters = new float[layout.size()];
    for (Slot slot : layout.slots()) {
      String name = prefix + slot.name();
      float[] array = values(Values.Floats.class, "F32", name).array();
      System.arraycopy(array, 0, parameters, slot.offset(), array.length);
    }
    try {
      Parameters.check(prefix, layout, parameters);
    } catch (IllegalArgumentException e) {
      throw refused(e.getMessage());
    }
    return parameters;
  }

  /**
   * {@return the parameters of a network, when the file holds these and nothing else} A {@code
   * denseN.bias} that batch norm makes redundant may be there and is ignored.
   *
   * @param network the network
   * @throws SafetensorsException if a tensor is missing, extra or misshapen, holds NaN or an
   *     infinity, or is a negative running variance
   */
  public float[] parametersOf(Network network) throws SafetensorsException {
    Layout layout = network.layout();
    Set<String> extra = new HashSet<>(tensors.keySet());
    layout.slots().forEach(slot -> extra.remove(slot.name()));
    for (Network.Node dense : network.dense()) {
      if (!dense.biased()) {
        extra.remove(dense.name(Slot.Role.BIAS));
      }
    }
    float[] parameters = parameters("", layout);
    if (!extra.isEmpty()) {
      throw refused("tensor %s is none of the network's".formatted(quoted(Collections.min(extra))));
    }
    return parameters;
  }

  /**
   * Checks that the file stated its digest, which reading found right.
   *
   * @throws SafetensorsException if it did not
   */
  public void requireDigest() throws SafetensorsException {
    if (!digested) {
      throw refused("metadata %s is missing".formatted(quoted(Header.DIGEST_KEY)));
    }
  }

  private <V extends Values> V values(Class<V> type, String typeName, String name)
      throws SafetensorsException {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw refused("tensor %s is missing".formatted(quoted(name)));
    }
    if (!type.isInstance(tensor.values())) {
      throw refused(
          "tensor %s: dtype %s; expected %s"
              .formatted(quoted(name), tensor.values().type(), typeName));
    }
    return type.cast(tensor.values());
  }

  /** {@return an exception that names the file} */
  SafetensorsException refused(String why) {
    return new SafetensorsException(source + ": " + why);
  }

  private static List<Integer> shape(Slot slot) {
    return Arrays.stream(slot.shape()).boxed().toList();
  }

  /**
   * Writes the file: to a temporary name in the same folder, forced to disk, then moved over the
   * old file, whose permissions it takes; a link is followed. If this throws, the old file is
   * unchanged.
   *
   * @param file where to
   * @throws IOException if that fails
   * @throws IllegalArgumentException if names and texts need a header above 16 MiB
   */
  public void write(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    byte[] front = front();
    AtomicFile.write(file, out -> writeTo(out, front));
  }

  /**
   * Writes the bytes of the file to a stream, which is neither flushed nor closed.
   *
   * @param out where to
   * @throws IOException if that fails; part of the bytes may be written then
   * @throws IllegalArgumentException if names and texts need a header above 16 MiB
   */
  public void writeTo(OutputStream out) throws IOException {
    Objects.requireNonNull(out, "out");
    writeTo(out, front());
  }

  /**
   * {@return the bytes of the file}
   *
   * @throws IllegalArgumentException if names and texts need a header above 16 MiB, or the file
   *     more bytes than an array can have
   */
  public byte[] toBytes() {
    byte[] front = front();
    long size = front.length;
    for (Tensor tensor : tensors.values()) {
      size += tensor.values().bytes();
    }
    if (size > LONGEST_ARRAY) {
      throw new IllegalArgumentException(
          "a file of %d bytes; expected at most %d, as many as an array can have"
              .formatted(size, LONGEST_ARRAY));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) size).put(front);
    chunks(bytes::put);
    return bytes.array();
  }

  private void writeTo(OutputStream out, byte[] front) throws IOException {
    out.write(front);
    chunks(chunk -> out.write(chunk.array(), 0, chunk.limit()));
  }

  /** {@return what stands before the tensors: the header's length and the header} */
  private byte[] front() {
    List<Header.Entry> entries = new ArrayList<>();
    long at = 0;
    for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
      Values values = named.getValue().values();
      long end = at + values.bytes();
      entries.add(
          new Header.Entry(named.getKey(), values.type(), named.getValue().shape(), at, end));
      at = end;
    }
    String text = Header.format(entries, metadata);
    ByteBuffer front =
        ByteBuffer.allocate(Long.BYTES + text.length()).order(ByteOrder.LITTLE_ENDIAN);
    front.putLong(text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
    MessageDigest digest = Sha256.begin();
    digest.update(front.array());
    chunks(digest::update);
    byte[] digits = Sha256.end(digest).getBytes(StandardCharsets.US_ASCII);
    front.put(Long.BYTES + Header.digestAt(text), digits);
    return front.array();
  }

  /** Takes some bytes. */
  private interface Sink<X extends Exception> {
    void take(ByteBuffer chunk) throws X;
  }

  /** Hands on the bytes of the tensors, piece by piece. */
  private <X extends Exception> void chunks(Sink<X> sink) throws X {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Tensor tensor : tensors.values()) {
      Values values = tensor.values();
      for (int from = 0, count; from < values.size(); from += count) {
        count = chunk(values, from, buffer);
        values.get(from, count, buffer);
        sink.take(buffer);
      }
    }
  }

  /**
   * Reads a file whole, in memory bounded by its size.
   *
   * @param file the file
   * @return its content
   * @throws SafetensorsException if it is malformed, holds tensors of other types than F32, F64 and
   *     I64, or does not have the digest that it states
   * @throws IOException if it cannot be read
   */
  public static SafetensorsFile read(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    if (Files.isDirectory(file)) {
      throw new SafetensorsException(file + ": is a folder; expected a safetensors file");
    }
    // A channel of one's own would be closed by an interrupt of the thread; this stream is not.
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in, OptionalLong.of(Files.size(file)));
    }
  }

  /**
   * Reads a stream to its end, with the same checks as a file. Memory is allocated as bytes arrive,
   * at most three times as much as have arrived, never because a header announces it. The stream is
   * not closed.
   *
   * @param in the stream, at the first byte of the file; it must end with the file's last
   * @param source what messages call it, such as an address or a table's row
   * @return its content
   * @throws SafetensorsException as {@link #read(Path)}, also if something follows the file
   * @throws IOException if it cannot be read
   */
  public static SafetensorsFile read(InputStream in, String source) throws IOException {
    Objects.requireNonNull(in, "in");
    return read(Objects.requireNonNull(source, "source"), in, OptionalLong.empty());
  }

  /**
   * Reads a file whose bytes are in memory, with the same checks; messages call it {@code bytes}.
   *
   * @param bytes the bytes; not kept
   * @return its content
   * @throws SafetensorsException as {@link #read(Path)}
   */
  public static SafetensorsFile of(byte[] bytes) throws SafetensorsException {
    Objects.requireNonNull(bytes, "bytes");
    try {
      return read("bytes", new ByteArrayInputStream(bytes), OptionalLong.of(bytes.length));
    } catch (SafetensorsException e) {
      throw e;
    } catch (IOException e) {
      throw new AssertionError("an array can be read", e);
    }
  }

  /** Reads a file of known size, or of unknown size from a stream. */
  private static SafetensorsFile read(String source, InputStream in, OptionalLong size)
      throws IOException {
    try {
      return content(source, in, size);
    } catch (IllegalArgumentException e) {
      throw new SafetensorsException(source + ": " + e.getMessage());
    } catch (EOFException e) {
      throw new SafetensorsException(source + ": truncated while it was read");
    }
  }

  private static SafetensorsFile content(String source, InputStream in, OptionalLong size)
      throws IOException {
    if (size.isPresent() && size.getAsLong() < Long.BYTES) {
      throw new IllegalArgumentException(
          "%d bytes; expected at least 8".formatted(size.getAsLong()));
    }
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(in, length);
    int headerBytes = headerBytes(length.getLong(0), size);
    byte[] bytes = in.readNBytes(headerBytes);
    if (bytes.length < headerBytes) {
      throw new EOFException();
    }
    Header header = Header.parse(ByteBuffer.wrap(bytes), dataBytes(headerBytes, size));
    header
        .digest()
        .ifPresent(stated -> Arrays.fill(bytes, stated.at(), stated.at() + 64, (byte) '0'));
    MessageDigest digest = Sha256.begin();
    digest.update(length);
    digest.update(bytes);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Header.Entry entry : header.entries()) {
      int believed = size.isPresent() ? entry.size() : Math.min(entry.size(), FIRST_ELEMENTS);
      Values values = Values.zeros(entry.type(), believed);
      for (int at = 0, count; at < entry.size(); at += count) {
        if (at == values.size()) {
          values = values.grown((int) Math.min(2L * at, entry.size()));
        }
        count = chunk(values, at, buffer);
        readFully(in, buffer);
        values.put(at, count, buffer);
        digest.update(buffer);
      }
      tensors.put(entry.name(), new Tensor(entry.shape(), values));
    }
    if (in.read() >= 0) {
      throw new IllegalArgumentException(
          "more bytes follow; expected the end, behind the data that the header states");
    }
    String actual = Sha256.end(digest);
    header
        .digest()
        .filter(stated -> !stated.hex().equals(actual))
        .ifPresent(
            stated -> {
              throw new IllegalArgumentException(
                  "damaged: its SHA-256 is %s; the header states %s"
                      .formatted(actual, stated.hex()));
            });
    return new SafetensorsFile(source, tensors, header.metadata(), header.digest().isPresent());
  }

  /** Checks the header's length. */
  private static int headerBytes(long stated, OptionalLong size) {
    long most =
        size.isPresent()
            ? Math.min(Header.MAX_BYTES, size.getAsLong() - Long.BYTES)
            : Header.MAX_BYTES;
    if (stated < 0 || stated > most) {
      throw new IllegalArgumentException(
          "%sheader of %s bytes; expected at most %d, as %s 16 MiB"
              .formatted(
                  stated < 0 || stated > Header.MAX_BYTES ? "no safetensors file: " : "",
                  Long.toUnsignedString(stated),
                  most,
                  size.isPresent()
                      ? "the file has %d and a header".formatted(size.getAsLong())
                      : "a header may have"));
    }
    return (int) stated;
  }

  private static OptionalLong dataBytes(int headerBytes, OptionalLong size) {
    return size.isPresent()
        ? OptionalLong.of(size.getAsLong() - Long.BYTES - headerBytes)
        : OptionalLong.empty();
  }

  /** Makes the buffer as large as the next elements that fit in it. */
  private static int chunk(Values values, int from, ByteBuffer buffer) {
    int count = Math.min(values.size() - from, buffer.capacity() / values.type().bytes);
    buffer.clear().limit(count * values.type().bytes);
    return count;
  }

  private static void readFully(InputStream in, ByteBuffer buffer) throws IOException {
    if (in.readNBytes(buffer.array(), 0, buffer.limit()) < buffer.limit()) {
      throw new EOFException();
    }
  }

  /** Collects tensors and texts in the order of the file. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Adds parameters: a tensor for each slot, in the order of the layers. What {@link
     * SafetensorsFile#parameters} would refuse to read is not written.
     *
     * @param prefix the prefix of the layout's names, or nothing
     * @param layout the names, shapes and places
     * @param values the flat array, which is copied
     * @return this
     * @throws IllegalArgumentException if the array has another length than the layout, holds NaN
     *     or an infinity or a negative running variance, or a name stands twice
     */
    public Builder parameters(String prefix, Layout layout, float[] values) {
      Objects.requireNonNull(prefix, "prefix");
      if (values.length != layout.size()) {
        throw new IllegalArgumentException(
            "values: length %d; expected %d, the size of the layout"
                .formatted(values.length, layout.size()));
      }
      Parameters.check(prefix, layout, values);
      for (Slot slot : layout.slots()) {
        float[] array = Arrays.copyOfRange(values, slot.offset(), slot.end());
        add(prefix + slot.name(), new Tensor(shape(slot), new Values.Floats(array)));
      }
      return this;
    }

    /**
     * Adds an F32 vector.
     *
     * @param name its name
     * @param values its elements, which are copied
     * @return this
     * @throws IllegalArgumentException if the name stands twice
     */
    public Builder floats(String name, float... values) {
      return add(name, new Tensor(List.of(values.length), new Values.Floats(values.clone())));
    }

    /**
     * Adds an F64 vector.
     *
     * @param name its name
     * @param values its elements, which are copied
     * @return this
     * @throws IllegalArgumentException if the name stands twice
     */
    public Builder doubles(String name, double... values) {
      return add(name, new Tensor(List.of(values.length), new Values.Doubles(values.clone())));
    }

    /**
     * Adds an I64 vector.
     *
     * @param name its name
     * @param values its elements, which are copied
     * @return this
     * @throws IllegalArgumentException if the name stands twice
     */
    public Builder longs(String name, long... values) {
      return add(name, new Tensor(List.of(values.length), new Values.Longs(values.clone())));
    }

    /**
     * Adds a text.
     *
     * @param key its key
     * @param text the text
     * @return this
     * @throws IllegalArgumentException if the key stands twice or is {@code fileSha256}
     */
    public Builder metadata(String key, String text) {
      Objects.requireNonNull(text, "text");
      if (key.equals(Header.DIGEST_KEY) || metadata.putIfAbsent(key, text) != null) {
        throw new IllegalArgumentException(
            "key %s: expected another, it is taken".formatted(quoted(key)));
      }
      return this;
    }

    private Builder add(String name, Tensor tensor) {
      if (name.equals(Header.METADATA_KEY) || tensors.putIfAbsent(name, tensor) != null) {
        throw new IllegalArgumentException(
            "name %s: expected another, it is taken".formatted(quoted(name)));
      }
      return this;
    }

    /** {@return the content; more may be added to this builder afterwards} */
    public SafetensorsFile build() {
      return new SafetensorsFile(
          "new file",
          Collections.unmodifiableMap(new LinkedHashMap<>(tensors)),
          Collections.unmodifiableMap(new LinkedHashMap<>(metadata)),
          false);
    }
  }
}
