package dev.lanewise.report;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file of scalars that TensorBoard shows: TFRecords, each an {@code Event} message of
 * TensorFlow's {@code event.proto} in the encoding of Protocol Buffers.
 *
 * <p>A record is its length in 8 bytes, their masked CRC-32C in 4, the message, and its masked
 * CRC-32C in 4, all little-endian. A record is written by one call, so that the file can be read
 * while it grows. For one thread at a time.
 */
public final class EventFile implements Closeable {

  private static final String VERSION = "brain.Event:2";
  private static final int MASK_DELTA = 0xa282ead8;
  private static final int LENGTH_BYTES = 12;
  private static final int CHECK_BYTES = 4;

  /** What the three low bits of a field's key say of how its value is encoded. */
  private enum Wire {
    VARINT(0),
    EIGHT_BYTES(1),
    LENGTH_AND_BYTES(2),
    FOUR_BYTES(5);

    private final int code;

    Wire(int code) {
      this.code = code;
    }
  }

  // Field numbers of event.proto and summary.proto.
  private static final int EVENT_WALL_TIME = 1;
  private static final int EVENT_STEP = 2;
  private static final int EVENT_VERSION = 3;
  private static final int EVENT_SUMMARY = 5;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE = 2;

  private final FileChannel channel;

  private EventFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * {@return a new file in a folder, beside those that are there}
   *
   * @param folder the folder
   * @param seconds the time in seconds since 1970, by which TensorBoard orders files
   * @throws IOException if it cannot be written
   */
  public static EventFile in(Path folder, double seconds) throws IOException {
    for (int i = 0; ; i++) {
      String name = "events.out.tfevents.%010d.lanewise.%d".formatted((long) seconds, i);
      FileChannel channel;
      try {
        channel =
            FileChannel.open(
                folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      } catch (FileAlreadyExistsException e) {
        continue;
      }
      EventFile file = new EventFile(channel);
      Message version = new Message();
      version.fixed(EVENT_WALL_TIME, seconds);
      version.bytes(EVENT_VERSION, VERSION.getBytes(StandardCharsets.UTF_8));
      file.write(version.toBytes());
      return file;
    }
  }

  /**
   * Adds scalars.
   *
   * @param seconds the time in seconds since 1970
   * @param step the step that they belong to, at least 0
   * @param scalars the scalars by their names, in which {@code /} makes groups
   * @throws IOException if they cannot be written; the file is as it was then
   */
  public void add(double seconds, long step, Map<String, Double> scalars) throws IOException {
    Message summary = new Message();
    scalars.forEach(
        (tag, scalar) -> {
          Message value = new Message();
          value.bytes(VALUE_TAG, tag.getBytes(StandardCharsets.UTF_8));
          value.fixed(VALUE_SIMPLE, scalar.floatValue());
          summary.bytes(SUMMARY_VALUE, value.toBytes());
        });
    Message event = new Message();
    event.fixed(EVENT_WALL_TIME, seconds);
    event.varint(EVENT_STEP, step);
    event.bytes(EVENT_SUMMARY, summary.toBytes());
    write(event.toBytes());
  }

  private void write(byte[] message) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(LENGTH_BYTES + message.length + CHECK_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(message.length);
    bytes.putInt(check(bytes.array(), 0, Long.BYTES));
    bytes.put(message);
    bytes.putInt(check(message, 0, message.length));
    bytes.flip();
    long end = channel.position();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      channel.truncate(end);
      throw e;
    }
  }

  /** Masked, so that the check of bytes that hold checks is a good one too. */
  private static int check(byte[] bytes, int from, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, count);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** A message in the encoding of Protocol Buffers, field by field. */
  private static final class Message {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private void key(int field, Wire wire) {
      number((long) field << 3 | wire.code);
    }

    /** Seven bits a byte, the low ones first; the high bit says that more follow. */
    private void number(long value) {
      long left = value;
      while ((left & ~0x7fL) != 0) {
        out.write((int) (left & 0x7f | 0x80));
        left >>>= 7;
      }
      out.write((int) left);
    }

    void varint(int field, long value) {
      key(field, Wire.VARINT);
      number(value);
    }

    void fixed(int field, double value) {
      key(field, Wire.EIGHT_BYTES);
      little(Double.doubleToLongBits(value), Double.BYTES);
    }

    void fixed(int field, float value) {
      key(field, Wire.FOUR_BYTES);
      little(Float.floatToIntBits(value), Float.BYTES);
    }

    private void little(long bits, int count) {
      for (int i = 0; i < count; i++) {
        out.write((int) (bits >>> 8 * i));
      }
    }

    void bytes(int field, byte[] content) {
      key(field, Wire.LENGTH_AND_BYTES);
      number(content.length);
      out.writeBytes(content);
    }

    byte[] toBytes() {
      return out.toByteArray();
    }
  }
}
