package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.tensorflow.proto.Event;

/** Reads files for TensorBoard: frames as their specification says, messages by TensorFlow. */
public final class EventRecords {

  private EventRecords() {}

  /** The records of a TFRecord file; every check is verified. */
  public static List<Event> of(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    List<Event> events = new ArrayList<>();
    while (in.available() > 0) {
      byte[] length = in.readNBytes(8);
      assertEquals(masked(length), Integer.reverseBytes(in.readInt()), "check of the length");
      byte[] message =
          in.readNBytes((int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
      assertEquals(masked(message), Integer.reverseBytes(in.readInt()), "check of the message");
      events.add(Event.parseFrom(message));
    }
    return events;
  }

  /** As TensorFlow's record_writer.h says: ((crc >> 15) | (crc << 17)) + 0xa282ead8, of 32 bits. */
  private static int masked(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    long value = crc.getValue();
    return (int) (((value >>> 15 | value << 17) & 0xffffffffL) + 0xa282ead8L);
  }
}
