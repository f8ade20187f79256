package dev.lanewise.model;

import static dev.lanewise.Refusals.assertRefused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How far the format of a safetensors file goes: what is just possible, and what no longer is. */
class HeaderLimitsTest {

  private static final int MOST = 16 << 20;

  @TempDir Path folder;

  private static Header parse(String header, long dataBytes) {
    return Header.parse(ByteBuffer.wrap(header.getBytes(UTF_8)), OptionalLong.of(dataBytes));
  }

  private static String tensor(String shape, long begin, long end) {
    return "{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}".formatted(shape, begin, end);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|4",
        "[0]|0",
        "[0,2147483647]|0",
        "[1,1,1,1,1,1,1,1]|4",
        "[2147483647]|8589934588",
        "[65536,32767]|8589672448",
      })
  void shapesUpToTheLargestArrayAreRead(String shape, long bytes) {
    Header header = parse("{\"a\":" + tensor(shape, 0, bytes) + "}", bytes);
    assertEquals(bytes / 4, header.entries().getFirst().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[2147483648]|0|tensor \"a\": size 2147483648; expected one below 2^31",
        "[-2147483649]|0|tensor \"a\": size -2147483649; expected one below 2^31",
        "[65536,32768]|8589934592|tensor \"a\": shape [65536, 32768]; expected sizes >= 0 with a"
            + " product below 2^31",
        "[-2,-2]|16|tensor \"a\": shape [-2, -2]; expected sizes >= 0 with a product below 2^31",
        "[0,-1]|0|tensor \"a\": shape [0, -1]; expected sizes >= 0 with a product below 2^31",
        "[1]|-4|tensor \"a\": data_offsets [-4,0]; expected 4 bytes for F32 [1]",
      })
  void shapesAndPlacesBeyondAreRefused(String shape, long end, String message) {
    long begin = Math.min(0, end);
    assertRefused(
        message,
        () -> parse("{\"a\":" + tensor(shape, begin, Math.max(0, end)) + "}", Math.max(0, end)));
  }

  /** Of tensors at one place the empty ones come first, whatever the order of the header. */
  @Test
  void emptyTensorsMayStandAtAnyPlace() {
    String header =
        "{\"b\":%s,\"a\":%s,\"c\":%s,\"d\":%s}"
            .formatted(
                tensor("[1]", 0, 4),
                tensor("[0]", 0, 0),
                tensor("[0]", 4, 4),
                tensor("[2]", 4, 12));
    assertEquals(
        List.of("a", "b", "c", "d"),
        parse(header, 12).entries().stream().map(Header.Entry::name).toList());
  }

  @Test
  void aTensorNeedsEachOfItsMembers() {
    for (String member : List.of("\"dtype\":\"F32\",", "\"shape\":[1],")) {
      String header = "{\"a\":" + tensor("[1]", 0, 4).replace(member, "") + "}";
      assertRefused(
          "tensor \"a\": expected dtype, shape and two data_offsets", () -> parse(header, 4));
    }
    for (String offsets : List.of("", ",\"data_offsets\":[]", ",\"data_offsets\":[0]")) {
      String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]" + offsets + "}}";
      assertRefused(
          "tensor \"a\": expected dtype, shape and two data_offsets", () -> parse(header, 4));
    }
    assertRefused(
        "tensor \"a\": a list; expected at most 2 numbers",
        () -> parse("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}}", 4));
  }

  /** What one tensor says does not hold for the next. */
  @Test
  void aTensorInheritsNothingFromTheOneBeforeIt() {
    for (String member :
        List.of("\"dtype\":\"F32\",", "\"shape\":[0],", ",\"data_offsets\":[4,4]")) {
      String second = tensor("[0]", 4, 4).replace(member, "");
      assertRefused(
          "tensor \"b\": expected dtype, shape and two data_offsets",
          () -> parse("{\"a\":" + tensor("[1]", 0, 4) + ",\"b\":" + second + "}", 4));
    }
  }

  /** The place of the digits is where zeros are put to check them. */
  @Test
  void aDigestMustStandInPlainLowerCaseHexDigits() {
    for (String digits :
        List.of("\\u0030" + "0".repeat(63), "A".repeat(64), "0".repeat(63), "0".repeat(65))) {
      assertRefused(
          "metadata fileSha256: expected 64 plain hex digits",
          () -> parse("{\"__metadata__\":{\"fileSha256\":\"" + digits + "\"}}", 0));
    }
    Header header = parse("{\"__metadata__\":{\"fileSha256\":\"" + "9f".repeat(32) + "\"}}", 0);
    assertEquals(new Header.Digest("9f".repeat(32), 31), header.digest().orElseThrow());
    assertTrue(header.metadata().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 79, 80})
  void namesOfUpTo80CharactersAreShownWhole(int length) {
    assertEquals("\"" + "n".repeat(length) + "\"", Header.quoted("n".repeat(length)));
  }

  @ParameterizedTest
  @ValueSource(ints = {81, 500})
  void longerNamesAreCutBehindTheir80thCharacter(int length) {
    assertEquals("\"" + "n".repeat(80) + "...\"", Header.quoted("n".repeat(length)));
    String clef = "\ud834\udd1e"; // one character of two chars
    String shown = Header.quoted(clef.repeat(length));
    assertEquals(Header.quoted(clef.repeat(80)).length() + 3, shown.length());
  }

  @Test
  void headersAreWrittenAndReadUpToTheirLargestLength() throws IOException {
    SafetensorsFile.Builder builder = SafetensorsFile.builder().floats("f", 5);
    String empty = Header.format(List.of(), Map.of("k", "")).stripTrailing();
    int tensor = ",\"f\":".length() + tensor("[1]", 0, 4).length();
    int most = MOST - empty.length() - tensor;
    Path file = folder.resolve("large");
    builder.metadata("k", "x".repeat(most)).build().write(file);
    assertArrayEquals(new float[] {5}, SafetensorsFile.read(file).floats("f"));
    assertEquals(8 + MOST + 4, file.toFile().length());
    SafetensorsFile larger =
        SafetensorsFile.builder().floats("f", 5).metadata("k", "x".repeat(most + 1)).build();
    assertRefused(
        "metadata and tensor names: a header of 16777224 bytes; expected at most 16777216",
        () -> {
          try {
            larger.write(file);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  /** Around the 64 KiB that are read and written at once. */
  @ParameterizedTest
  @ValueSource(ints = {8191, 8192, 8193, 16383, 16384, 16385, 32768})
  void tensorsAroundTheBuffersSizeSurvive(int size) throws IOException {
    float[] floats = new float[size];
    double[] doubles = new double[size];
    long[] longs = new long[size];
    for (int i = 0; i < size; i++) {
      floats[i] = i;
      doubles[i] = -i;
      longs[i] = ~i;
    }
    Path file = folder.resolve("file");
    SafetensorsFile.builder()
        .floats("f", floats)
        .doubles("d", doubles)
        .longs("l", longs)
        .build()
        .write(file);
    SafetensorsFile read = SafetensorsFile.read(file);
    assertEquals(List.of("f", "d", "l"), read.names());
    assertArrayEquals(floats, read.floats("f"));
    assertArrayEquals(doubles, read.doubles("d"));
    assertArrayEquals(longs, read.longs("l"));
  }

  @Test
  void contentIsCopiedInAndOut() throws SafetensorsException {
    float[] floats = {1};
    double[] doubles = {1};
    long[] longs = {1};
    SafetensorsFile.Builder builder =
        SafetensorsFile.builder().floats("f", floats).doubles("d", doubles).longs("l", longs);
    SafetensorsFile file = builder.build();
    builder.floats("later", 1).metadata("later", "");
    Arrays.fill(floats, 7);
    Arrays.fill(doubles, 7);
    Arrays.fill(longs, 7);
    Arrays.fill(file.floats("f"), 8);
    Arrays.fill(file.doubles("d"), 8);
    Arrays.fill(file.longs("l"), 8);
    assertEquals(1, file.floats("f")[0]);
    assertEquals(1, file.doubles("d")[0]);
    assertEquals(1, file.longs("l")[0]);
    assertEquals(List.of("f", "d", "l"), file.names());
    assertEquals(Map.of(), file.metadata());
  }

  @Test
  void whatIsNotThereIsNamed() {
    SafetensorsFile file = SafetensorsFile.builder().floats("f", 1).metadata("k", "v").build();
    complains("metadata \"z\" is missing", () -> file.metadata("z"));
    complains("tensor \"z\" is missing", () -> file.floats("z"));
    complains("tensor \"f\": dtype F32; expected F64", () -> file.doubles("f"));
    complains("tensor \"f\": dtype F32; expected I64", () -> file.longs("f"));
  }

  private interface Action {
    void run() throws SafetensorsException;
  }

  private static void complains(String message, Action action) {
    var e = assertThrows(SafetensorsException.class, action::run);
    assertEquals("new file: " + message, e.getMessage());
  }
}
