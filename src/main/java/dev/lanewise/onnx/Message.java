package dev.lanewise.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** A Protocol Buffers message under construction: fields in the order of the calls. */
final class Message {

  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED_32 = 5;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Message put(int field, long number) {
    key(field, VARINT);
    varint(number);
    return this;
  }

  Message put(int field, float number) {
    key(field, FIXED_32);
    int bits = Float.floatToRawIntBits(number);
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      out.write(bits >>> shift);
    }
    return this;
  }

  Message put(int field, byte[] content) {
    key(field, LENGTH_DELIMITED);
    varint(content.length);
    out.writeBytes(content);
    return this;
  }

  Message put(int field, String text) {
    return put(field, text.getBytes(UTF_8));
  }

  Message put(int field, Message message) {
    return put(field, message.toBytes());
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private void key(int field, int wireType) {
    varint((long) field << 3 | wireType);
  }

  /** Seven bits a byte, the lowest first; a negative number has ten bytes. */
  private void varint(long number) {
    long rest = number;
    while (rest >>> 7 != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
