package dev.lanewise.model;

import static dev.lanewise.model.Header.quoted;

import dev.lanewise.net.Block;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The content of a safetensors file: named tensors of {@code float}, {@code double} and {@code
 * long}, and texts by key.
 *
 * <p>The format: eight bytes with the header's length, little-endian; the header, a JSON object
 * that gives each tensor's type, shape and bytes, and the texts under {@code __metadata__}; the
 * tensors, little-endian and row-major, without gaps. {@link #write} adds a text {@code
 * fileSha256}: the SHA-256 of the whole file taken with its own 64 digits as zeros. {@link #read}
 * checks it where it is present.
 *
 * <p>Immutable; safe for use by several threads. Holds its tensors once; getters copy.
 */
public final class SafetensorsFile {

  private static final int BUFFER_BYTES = 1 << 16;

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

  /** {@return a file's content begun} */
  public static Builder builder() {
    return new Builder();
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
   * @param prefix what stands before the names of the layout, or nothing
   * @param layout the names, shapes and places
   * @throws SafetensorsException if a tensor is missing or misshapen, holds NaN or an infinity, or
   *     is a negative running variance
   */
  public float[] parameters(String prefix, Layout layout) throws SafetensorsException {
    Objects.requireNonNull(prefix, "prefix");
    // Shapes first: until they are right, the layout's size says nothing about the file's.
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
    for (Block block : network.blocks()) {
      if (block.batchNorm().isPresent()) {
        extra.remove(block.name(Slot.Role.BIAS));
      }
    }
    float[] parameters = parameters("", layout);
    if (!extra.isEmpty()) {
      throw refused("tensor %s is none of the network's".formatted(quoted(Collections.min(extra))));
    }
    return parameters;
  }

  /**
   * Checks that the file stated its digest, which {@link #read} found right.
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
   * old file. When this throws, the old file is as it was.
   *
   * @param file where to
   * @throws IOException if that fails
   * @throws IllegalArgumentException if names and texts need a header above 16 MiB
   */
  public void write(Path file) throws IOException {
    List<Header.Entry> entries = new ArrayList<>();
    long at = 0;
    for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
      Values values = named.getValue().values();
      long end = at + (long) values.size() * values.type().bytes;
      entries.add(
          new Header.Entry(named.getKey(), values.type(), named.getValue().shape(), at, end));
      at = end;
    }
    String text = Header.format(entries, metadata);
    ByteBuffer front =
        ByteBuffer.allocate(Long.BYTES + text.length()).order(ByteOrder.LITTLE_ENDIAN);
    front.putLong(text.length()).put(text.getBytes(StandardCharsets.US_ASCII)).flip();
    AtomicFile.write(
        file,
        channel -> {
          MessageDigest digest = Sha256.begin();
          writeFully(channel, front, digest);
          ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
          for (Tensor tensor : tensors.values()) {
            Values values = tensor.values();
            for (int from = 0, count; from < values.size(); from += count) {
              count = chunk(values, from, buffer);
              values.get(from, count, buffer);
              writeFully(channel, buffer, digest);
            }
          }
          byte[] digits = Sha256.end(digest).getBytes(StandardCharsets.US_ASCII);
          channel.position(Long.BYTES + Header.digestAt(text));
          writeFully(channel, ByteBuffer.wrap(digits), digest);
        });
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
    if (Files.isDirectory(file)) {
      throw new SafetensorsException(file + ": is a folder; expected a safetensors file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(file.toString(), channel);
    } catch (IllegalArgumentException e) {
      throw new SafetensorsException(file + ": " + e.getMessage());
    } catch (EOFException e) {
      throw new SafetensorsException(file + ": truncated while it was read");
    }
  }

  private static SafetensorsFile read(String source, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < Long.BYTES) {
      throw new IllegalArgumentException("%d bytes; expected at least 8".formatted(size));
    }
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, length);
    long headerBytes = length.getLong(0);
    long most = Math.min(Header.MAX_BYTES, size - Long.BYTES);
    if (headerBytes < 0 || headerBytes > most) {
      throw new IllegalArgumentException(
          "header of %s bytes; expected at most %d, as the file has %d and a header 16 MiB"
              .formatted(Long.toUnsignedString(headerBytes), most, size));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) headerBytes);
    readFully(channel, bytes);
    Header header = Header.parse(bytes, size - Long.BYTES - headerBytes);
    header
        .digest()
        .ifPresent(stated -> Arrays.fill(bytes.array(), stated.at(), stated.at() + 64, (byte) '0'));
    MessageDigest digest = Sha256.begin();
    digest.update(length.rewind());
    digest.update(bytes.rewind());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Header.Entry entry : header.entries()) {
      Values values = Values.zeros(entry.type(), entry.size());
      for (int at = 0, count; at < values.size(); at += count) {
        count = chunk(values, at, buffer);
        readFully(channel, buffer);
        values.put(at, count, buffer);
        digest.update(buffer);
      }
      tensors.put(entry.name(), new Tensor(entry.shape(), values));
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

  /** Makes the buffer as large as the next elements that fit in it. */
  private static int chunk(Values values, int from, ByteBuffer buffer) {
    int count = Math.min(values.size() - from, buffer.capacity() / values.type().bytes);
    buffer.clear().limit(count * values.type().bytes);
    return count;
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer, MessageDigest digest)
      throws IOException {
    digest.update(buffer.duplicate());
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException();
      }
    }
    buffer.rewind();
  }

  /** Collects tensors and texts in the order of the file. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Adds parameters, or state of their shape: a tensor for each slot, in the order of the layers.
     *
     * @param prefix what stands before the names of the layout, or nothing
     * @param layout the names, shapes and places
     * @param values the flat array, which is copied
     * @return this
     * @throws IllegalArgumentException if the array has another length than the layout or a name
     *     stands twice
     */
    public Builder parameters(String prefix, Layout layout, float[] values) {
      Objects.requireNonNull(prefix, "prefix");
      if (values.length != layout.size()) {
        throw new IllegalArgumentException(
            "values: length %d; expected %d, the size of the layout"
                .formatted(values.length, layout.size()));
      }
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

    /** {@return the content; this may go on collecting} */
    public SafetensorsFile build() {
      return new SafetensorsFile(
          "new file",
          Collections.unmodifiableMap(new LinkedHashMap<>(tensors)),
          Collections.unmodifiableMap(new LinkedHashMap<>(metadata)),
          false);
    }
  }
}
