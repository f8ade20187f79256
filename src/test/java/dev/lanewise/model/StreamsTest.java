package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file, a stream and bytes in memory hold the same and are checked alike. */
final class StreamsTest {

  private static final Engine ENGINE = Engine.standard();

  @TempDir Path folder;

  @Property
  void aModelHasTheSameBytesInAFileAStreamAndMemory(
      @ForAll(supplier = Networks.Any.class) Sample sample,
      @ForAll @IntRange(min = 1, max = 9) int some)
      throws IOException {
    Path file = Files.createTempFile("lanewise", ".safetensors");
    try {
      Model model = Model.of(sample.network(), sample.theta(), ENGINE);
      model.save(file);
      byte[] bytes = Files.readAllBytes(file);
      assertArrayEquals(bytes, model.toBytes());
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      model.writeTo(out);
      assertArrayEquals(bytes, out.toByteArray());
      assertArrayEquals(bytes, TrainedModel.of(bytes).toBytes());
      assertArrayEquals(bytes, TrainedModel.read(dribble(bytes, some), "a stream").toBytes());
    } finally {
      Files.delete(file);
    }
  }

  /** A stream that gives few bytes at a time, as a network connection may. */
  private static InputStream dribble(byte[] bytes, int some) {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    return new InputStream() {
      @Override
      public int read() {
        return in.read();
      }

      @Override
      public int read(byte[] to, int at, int length) {
        return in.read(to, at, Math.min(some, length));
      }
    };
  }

  /** A stream's tensors grow while they arrive, by doubling; none ends where a growth does. */
  @Test
  void tensorsOfAStreamGrowToTheirSize() throws IOException {
    for (int size : new int[] {0, 1, 8191, 8192, 8193, 16384, 16385, 100_003}) {
      float[] floats = new float[size];
      double[] doubles = new double[size];
      long[] longs = new long[size];
      Arrays.setAll(doubles, i -> i / 3.0);
      Arrays.setAll(longs, i -> i * 0x1.fp40 > 0 ? i << 33 : -1);
      for (int i = 0; i < size; i++) {
        floats[i] = i / 7f;
      }
      byte[] bytes =
          SafetensorsFile.builder()
              .floats("f", floats)
              .doubles("d", doubles)
              .longs("l", longs)
              .build()
              .toBytes();
      SafetensorsFile read = SafetensorsFile.read(new ByteArrayInputStream(bytes), "a stream");
      assertArrayEquals(floats, read.floats("f"));
      assertArrayEquals(doubles, read.doubles("d"));
      assertArrayEquals(longs, read.longs("l"));
    }
  }

  private static String refusedStream(byte[] bytes) {
    return assertThrows(
            SafetensorsException.class,
            () -> SafetensorsFile.read(new ByteArrayInputStream(bytes), "row 7 of models"))
        .getMessage();
  }

  @Test
  void aStreamThatEndsTooEarlyIsRefusedWhereverItEnds() {
    byte[] bytes = SafetensorsFile.builder().floats("f", 1, 2, 3).build().toBytes();
    for (int length = 0; length < bytes.length; length++) {
      String message = refusedStream(Arrays.copyOf(bytes, length));
      assertEquals("row 7 of models: truncated while it was read", message);
      byte[] part = Arrays.copyOf(bytes, length);
      message = assertThrows(IOException.class, () -> SafetensorsFile.of(part)).getMessage();
      assertTrue(message.startsWith("bytes: "), message);
    }
  }

  @Test
  void whatFollowsTheFileIsRefused() {
    byte[] bytes = SafetensorsFile.builder().floats("f", 1).build().toBytes();
    String message = refusedStream(Arrays.copyOf(bytes, bytes.length + 1));
    assertEquals(
        "row 7 of models: more bytes follow; expected the end, behind the data that the header"
            + " states",
        message);
  }

  @Test
  void everyChangedByteOfAStreamIsNoticed() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    byte[] bytes = Model.of(network, new float[2], ENGINE).toBytes();
    for (int i = 0; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 4;
      String message =
          assertThrows(
                  SafetensorsException.class,
                  () -> TrainedModel.read(new ByteArrayInputStream(damaged), "row 7 of models"))
              .getMessage();
      assertTrue(message.startsWith("row 7 of models: "), message);
    }
  }

  /** Eight gigabytes that a header promises would not fit the tests' heap. */
  @Test
  void aStreamsHeaderTakesNoMemoryOnItsWord() {
    long elements = Integer.MAX_VALUE;
    byte[] header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
            .formatted(elements, 4 * elements)
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + 100).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header);
    assertEquals("row 7 of models: truncated while it was read", refusedStream(bytes.array()));
    bytes.putLong(0, (16 << 20) + 1);
    assertEquals(
        "row 7 of models: no safetensors file: header of 16777217 bytes; expected at most 16777216,"
            + " as a header may have 16 MiB",
        refusedStream(bytes.array()));
  }

  @Test
  void aStreamIsLeftOpen() throws IOException {
    byte[] bytes = SafetensorsFile.builder().floats("f", 1).build().toBytes();
    boolean[] closed = new boolean[1];
    InputStream in =
        new ByteArrayInputStream(bytes) {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    SafetensorsFile.read(in, "a stream");
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    SafetensorsFile.of(bytes).writeTo(out);
    assertArrayEquals(bytes, out.toByteArray());
    assertEquals(false, closed[0]);
  }

  @Test
  void aFileOfAStreamNamesItsSourceInLaterRefusals() throws IOException {
    byte[] bytes = SafetensorsFile.builder().floats("f", 1).build().toBytes();
    SafetensorsFile file = SafetensorsFile.read(new ByteArrayInputStream(bytes), "models/7");
    assertEquals("models/7", file.source());
    String message = assertThrows(SafetensorsException.class, () -> file.floats("g")).getMessage();
    assertTrue(message.startsWith("models/7: "), message);
    assertEquals(Optional.empty(), Optional.ofNullable(file.metadata().get("fileSha256")));
  }
}
