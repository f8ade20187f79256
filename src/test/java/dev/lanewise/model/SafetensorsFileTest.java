package dev.lanewise.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Refusals;
import dev.lanewise.Sealed;
import dev.lanewise.file.AtomicFile;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Slot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {

  private static final Network NETWORK =
      Network.inputs(3).dense(4).batchNorm().relu().dense(2).loss(new Loss.SoftmaxCrossEntropy());

  @TempDir Path folder;

  // The format

  @Property
  void tensorsSurviveBitwise(
      @ForAll @Size(max = 40) int[] floatBits,
      @ForAll @Size(max = 9) long[] doubleBits,
      @ForAll @Size(max = 9) long[] longs)
      throws IOException {
    float[] floats = new float[floatBits.length];
    double[] doubles = new double[doubleBits.length];
    Arrays.setAll(doubles, i -> Double.longBitsToDouble(doubleBits[i]));
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.intBitsToFloat(floatBits[i]);
    }
    Path file = Files.createTempFile("lanewise", ".safetensors");
    try {
      SafetensorsFile.builder()
          .floats("f", floats)
          .doubles("d", doubles)
          .longs("l", longs)
          .build()
          .write(file);
      SafetensorsFile read = SafetensorsFile.read(file);
      assertArrayEquals(longs, read.longs("l"));
      for (int i = 0; i < floats.length; i++) {
        assertEquals(
            Float.floatToRawIntBits(floats[i]), Float.floatToRawIntBits(read.floats("f")[i]));
      }
      for (int i = 0; i < doubles.length; i++) {
        assertEquals(
            Double.doubleToRawLongBits(doubles[i]),
            Double.doubleToRawLongBits(read.doubles("d")[i]));
      }
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void tensorsLargerThanTheBufferSurvive() throws IOException {
    float[] floats = new float[50_021];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = i;
    }
    assertArrayEquals(
        floats,
        SafetensorsFile.read(written(SafetensorsFile.builder().floats("f", floats))).floats("f"));
  }

  @Test
  void textsSurvive() throws IOException {
    Path file = written(SafetensorsFile.builder().metadata("z", "\u20ac \"\\\n").metadata("a", ""));
    assertEquals(Map.of("z", "\u20ac \"\\\n", "a", ""), SafetensorsFile.read(file).metadata());
  }

  @Test
  void parametersStandInTheOrderOfTheLayersWithoutGaps() throws Exception {
    float[] parameters = parameters();
    byte[] bytes =
        Files.readAllBytes(
            written(SafetensorsFile.builder().parameters("", NETWORK.layout(), parameters)));
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int data = 8 + (int) file.getLong();
    assertEquals(0, data % 8);
    String header = new String(bytes, 8, data - 8, UTF_8);
    Matcher tensor =
        Pattern.compile(
                "\"([a-z0-9.]+)\":\\{\"dtype\":\"F32\",\"shape\":\\[([0-9,]+)],\"data_offsets\":\\[(\\d+),(\\d+)]}")
            .matcher(header);
    List<String> found = new ArrayList<>();
    int end = 0;
    while (tensor.find()) {
      found.add(tensor.group(1) + "[" + tensor.group(2) + "]");
      assertEquals(end, Integer.parseInt(tensor.group(3)));
      end = Integer.parseInt(tensor.group(4));
      Slot slot = NETWORK.layout().slot(tensor.group(1));
      for (int i = 0; i < slot.size(); i++) {
        assertEquals(
            parameters[slot.offset() + i],
            file.getFloat(data + Integer.parseInt(tensor.group(3)) + 4 * i));
      }
    }
    assertEquals(
        List.of(
            "dense1.weight[3,4]",
            "norm1.scale[4]",
            "norm1.shift[4]",
            "norm1.mean[4]",
            "norm1.variance[4]",
            "dense2.weight[4,2]",
            "dense2.bias[2]"),
        found);
    assertEquals(bytes.length, data + end);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update(bytes, data, end);
    assertEquals(
        HexFormat.of().formatHex(sha256.digest()), Parameters.sha256(NETWORK.layout(), parameters));
  }

  @Test
  void digestIsOfTheFileWithItsDigitsAsZeros() throws Exception {
    byte[] bytes =
        Files.readAllBytes(
            written(SafetensorsFile.builder().metadata("k", "0".repeat(64)).floats("f", 1, 2)));
    String text = new String(bytes, UTF_8);
    Matcher stated = Pattern.compile("\"fileSha256\":\"([0-9a-f]{64})\"").matcher(text);
    assertTrue(stated.find());
    Arrays.fill(bytes, stated.start(1), stated.end(1), (byte) '0');
    assertEquals(
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
        stated.group(1));
  }

  @Test
  void everyChangedByteIsNoticed() throws IOException {
    Path file = written(SafetensorsFile.builder().metadata("k", "text").floats("f", 1, 2));
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= 1;
      Files.write(file, bytes);
      try {
        // Only a change in the name of the digest can hide it; who needs the digest asks for it.
        SafetensorsFile.read(file).requireDigest();
        throw new AssertionError("byte %d changed and nobody noticed".formatted(i));
      } catch (SafetensorsException e) {
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
      }
      bytes[i] ^= 1;
    }
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    Path file = written(SafetensorsFile.builder().metadata("k", "text").floats("f", 1, 2));
    byte[] bytes = Files.readAllBytes(file);
    for (int length = 0; length < bytes.length; length++) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThrows(SafetensorsException.class, () -> SafetensorsFile.read(file));
    }
  }

  @Test
  void filesWithoutRoomForALengthAreRefused() throws IOException {
    Path file = folder.resolve("short");
    for (int length = 0; length < Long.BYTES; length++) {
      Files.write(file, new byte[length]);
      assertRefused(length + " bytes; expected at least 8", file, () -> SafetensorsFile.read(file));
    }
  }

  @Test
  void aHeaderMayBeTheWholeFile() throws IOException {
    Path file = raw("{}", 0);
    assertEquals(10, Files.size(file));
    assertRefused("tensor \"a\" is missing", file, () -> SafetensorsFile.read(file).floats("a"));
  }

  @Test
  void digestsAreOnlyNeededByThoseWhoAsk() throws IOException {
    Path file = raw("{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}  ", 4);
    assertArrayEquals(new float[1], SafetensorsFile.read(file).floats("a"));
    assertRefused(
        "metadata \"fileSha256\" is missing", file, SafetensorsFile.read(file)::requireDigest);
  }

  @Test
  void digestBehindTextOfSeveralBytesIsFound() throws Exception {
    String front = "{\"__metadata__\":{\"k\":\"\u20ac\",\"fileSha256\":\"";
    Path file = raw(front + "0".repeat(64) + "\"}}", 0);
    byte[] bytes = Files.readAllBytes(file);
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    SafetensorsFile.read(raw(front + digest + "\"}}", 0)).requireDigest();
  }

  // Hostile files

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[]|0|header: expected { as its first character",
        "{\"a\":1}|0|tensor \"a\": character 5: expected an object, found 1",
        "{\"a\":{}}|0|tensor \"a\": expected dtype, shape and two data_offsets",
        "{\"a\":{\"dtype\":\"BF16\"}}|0|tensor \"a\": dtype \"BF16\"; expected F32, F64 or I64",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}|4|tensor \"a\": shape"
            + " [-1]; expected sizes >= 0 with a product below 2^31",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,0]}}|0|tensor \"a\":"
            + " shape [65536, 65536]; expected sizes >= 0 with a product below 2^31",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296],\"data_offsets\":[0,0]}}|0|tensor \"a\":"
            + " size 4294967296; expected one below 2^31",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}|4|tensor \"a\": 1.5;"
            + " expected a 64-bit integer",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}|4|tensor"
            + " \"a\": a list; expected at most 8 numbers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}|4|tensor \"a\":"
            + " data_offsets [0,4]; expected 8 bytes for F32 [2]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}|4|tensor \"a\":"
            + " data_offsets [4,0]; expected 4 bytes for F32 [1]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-9223372036854775808,-9223372036854775804]}}|4|tensor"
            + " \"a\": data_offsets [-9223372036854775808,-9223372036854775804]; expected 4 bytes"
            + " for F32 [1]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2000000000],\"data_offsets\":[0,8000000000]}}|4|data:"
            + " 4 bytes; expected the 8000000000 that the header states",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|8|tensor \"a\": begins at"
            + " byte 4; expected 0, behind the one before it, without gap or overlap",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|4|tensor"
            + " \"b\": begins at byte 0; expected 4, behind the one before it, without gap or"
            + " overlap",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|5|data: 5 bytes; expected"
            + " the 4 that the header states",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}|4|tensor \"a\":"
            + " member \"x\"; expected dtype, shape, data_offsets",
        "{\"__metadata__\":{\"k\":1}}|0|header: character 21: expected a string, found 1",
        "{\"__metadata__\":{\"fileSha256\":\"00\"}}|0|metadata fileSha256: expected 64 plain hex"
            + " digits",
        "{} {}|0|header: character 3: expected the end, found {",
      })
  void malformedHeadersAreRefused(String header, int dataBytes, String message) throws IOException {
    Path file = raw(header, dataBytes);
    assertRefused(message, file, () -> SafetensorsFile.read(file));
  }

  @Test
  void duplicateNamesAreRefused() throws IOException {
    String tensor = "\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}";
    Path file = raw("{" + tensor + "," + tensor + "}", 0);
    assertRefused(
        "header: character 55: the name \"a\" stands twice",
        file,
        () -> SafetensorsFile.read(file));
  }

  @Test
  void headersLongerThanTheFileAreRefused() throws IOException {
    Path file = folder.resolve("hostile");
    for (long length : new long[] {1, 1L << 40, Long.MAX_VALUE, -1}) {
      Files.write(
          file, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
      assertRefused(
          "%sheader of %s bytes; expected at most 0, as the file has 8 and a header 16 MiB"
              .formatted(length == 1 ? "" : "no safetensors file: ", Long.toUnsignedString(length)),
          file,
          () -> SafetensorsFile.read(file));
    }
  }

  @Test
  void headersAbove16MebibytesAreRefused() throws IOException {
    Path file = raw("{}" + " ".repeat(16 << 20), 0);
    assertRefused(
        "no safetensors file: header of 16777218 bytes; expected at most 16777216, as the file has"
            + " 16777226 and a header 16 MiB",
        file,
        () -> SafetensorsFile.read(file));
  }

  @Test
  void headersThatAreNotUtf8AreRefused() throws IOException {
    Path file = folder.resolve("hostile");
    Files.write(file, new byte[] {3, 0, 0, 0, 0, 0, 0, 0, '{', (byte) 0xC0, '}'});
    assertRefused("header: expected UTF-8", file, () -> SafetensorsFile.read(file));
  }

  @Test
  void foldersAreRefused() {
    assertRefused(
        "is a folder; expected a safetensors file", folder, () -> SafetensorsFile.read(folder));
  }

  // Parameters of a network

  @Test
  void parametersAreReadInAnyOrder() throws IOException {
    float[] parameters = parameters();
    SafetensorsFile file =
        SafetensorsFile.builder().parameters("", NETWORK.layout(), parameters).build();
    String header =
        "{\"dense2.weight\":{\"dtype\":\"F32\",\"shape\":[4,2],\"data_offsets\":[0,32]},"
            + "\"dense1.weight\":{\"dtype\":\"F32\",\"shape\":[3,4],\"data_offsets\":[108,156]},"
            + "\"norm1.variance\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[32,48]},"
            + "\"norm1.mean\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[48,64]},"
            + "\"norm1.shift\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[64,80]},"
            + "\"norm1.scale\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[80,96]},"
            + "\"dense2.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[96,104]},"
            + "\"dense1.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[104,108]}}";
    byte[] bytes = header.getBytes(UTF_8);
    ByteBuffer content =
        ByteBuffer.allocate(8 + bytes.length + 156)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(bytes.length)
            .put(bytes);
    for (String name :
        List.of(
            "dense2.weight",
            "norm1.variance",
            "norm1.mean",
            "norm1.shift",
            "norm1.scale",
            "dense2.bias")) {
      for (float value : file.floats(name)) {
        content.putFloat(value);
      }
    }
    content.putFloat(Float.NaN); // the bias that batch norm makes redundant
    for (float value : file.floats("dense1.weight")) {
      content.putFloat(value);
    }
    Path path = folder.resolve("foreign");
    Files.write(path, content.array());
    assertArrayEquals(parameters, SafetensorsFile.read(path).parametersOf(NETWORK));
  }

  @Test
  void missingTensorsAreNamed() throws IOException {
    Path file = written(SafetensorsFile.builder().floats("dense1.bias", 0, 0, 0, 0));
    assertRefused(
        "tensor \"dense1.weight\" is missing",
        file,
        () -> SafetensorsFile.read(file).parametersOf(NETWORK));
  }

  @Test
  void extraTensorsAreNamed() throws IOException {
    Path file =
        written(
            SafetensorsFile.builder()
                .parameters("", NETWORK.layout(), parameters())
                .floats("dense3.bias", 0));
    assertRefused(
        "tensor \"dense3.bias\" is none of the network's",
        file,
        () -> SafetensorsFile.read(file).parametersOf(NETWORK));
    assertArrayEquals(parameters(), SafetensorsFile.read(file).parameters("", NETWORK.layout()));
  }

  @Test
  void misshapenTensorsAreNamed() throws IOException {
    Network transposed =
        Network.inputs(4).dense(3).batchNorm().relu().dense(2).loss(new Loss.SoftmaxCrossEntropy());
    Path file =
        written(
            SafetensorsFile.builder()
                .parameters("", transposed.layout(), transposed.initialParameters(1)));
    assertRefused(
        "tensor \"dense1.weight\": shape [4, 3]; expected [3, 4]",
        file,
        () -> SafetensorsFile.read(file).parametersOf(NETWORK));
  }

  @Test
  void otherTypesAreNamed() throws IOException {
    Path file = written(SafetensorsFile.builder().doubles("dense1.weight", 1));
    assertRefused(
        "tensor \"dense1.weight\": dtype F64; expected F32",
        file,
        () -> SafetensorsFile.read(file).parametersOf(NETWORK));
  }

  @ParameterizedTest
  @CsvSource({
    "dense2.bias, 1, NaN, expected finite numbers",
    "dense1.weight, 7, -Infinity, expected finite numbers",
    "norm1.variance, 3, -1.0, expected finite variances >= 0",
  })
  void parametersThatComputeNonsenseAreRefused(
      String name, int element, float value, String expected) throws IOException {
    float[] parameters = parameters();
    SafetensorsFile sound =
        SafetensorsFile.builder().parameters("", NETWORK.layout(), parameters).build();
    byte[] bytes = sound.toBytes();
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(Sealed.placeOf(name, bytes) + Float.BYTES * element, value);
    Sealed.seal(bytes);
    String message =
        "tensor \"%s\": %s at element %d; %s".formatted(name, value, element, expected);
    Path file = folder.resolve("nonsense");
    Files.write(file, bytes);
    assertRefused(message, file, () -> SafetensorsFile.read(file).parametersOf(NETWORK));
    parameters[NETWORK.layout().slot(name).offset() + element] = value;
    Refusals.assertRefused(
        message, () -> SafetensorsFile.builder().parameters("", NETWORK.layout(), parameters));
  }

  @Test
  void aVarianceMayBeZero() throws IOException {
    float[] parameters = parameters();
    parameters[NETWORK.layout().slot("norm1.variance").offset()] = 0;
    Path file = written(SafetensorsFile.builder().parameters("", NETWORK.layout(), parameters));
    assertArrayEquals(parameters, SafetensorsFile.read(file).parametersOf(NETWORK));
  }

  // Writing

  @Test
  void failingWriteLeavesTheOldFile() throws IOException {
    Path file = written(SafetensorsFile.builder().floats("f", 1));
    byte[] old = Files.readAllBytes(file);
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[5]);
                      throw new IOException("disk full");
                    }));
    assertTrue(e.getMessage().startsWith(file + ": cannot be written, disk full; expected"));
    assertArrayEquals(old, Files.readAllBytes(file));
    assertEquals(List.of(file), filesInFolder());
  }

  @Test
  void writeReplacesTheOldFile() throws IOException {
    Path file = written(SafetensorsFile.builder().floats("f", 1, 2, 3));
    SafetensorsFile.builder().floats("f", 4).build().write(file);
    assertArrayEquals(new float[] {4}, SafetensorsFile.read(file).floats("f"));
    assertEquals(List.of(file), filesInFolder());
  }

  @Test
  void writeIntoAMissingFolderNamesIt() {
    Path missing = folder.resolve("missing");
    NoSuchFileException e =
        assertThrows(
            NoSuchFileException.class,
            () -> SafetensorsFile.builder().build().write(missing.resolve("model")));
    String file = missing.resolve("model").toString();
    assertEquals(file + ": cannot be written, " + missing + ": no such folder", e.getMessage());
    assertFalse(Files.exists(missing));
  }

  @Test
  void writeOverAFolderIsRefused() {
    assertThrows(IOException.class, () -> SafetensorsFile.builder().build().write(folder));
  }

  @Test
  void takenNamesAreRefused() {
    SafetensorsFile.Builder builder = SafetensorsFile.builder().floats("f").metadata("k", "v");
    assertThrows(IllegalArgumentException.class, () -> builder.longs("f"));
    assertThrows(IllegalArgumentException.class, () -> builder.longs("__metadata__"));
    assertThrows(IllegalArgumentException.class, () -> builder.metadata("k", "w"));
    assertThrows(IllegalArgumentException.class, () -> builder.metadata("fileSha256", ""));
    assertThrows(
        IllegalArgumentException.class,
        () -> builder.parameters("", NETWORK.layout(), new float[1]));
  }

  private static float[] parameters() {
    float[] parameters = NETWORK.initialParameters(7);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += i;
    }
    return parameters;
  }

  private Path written(SafetensorsFile.Builder builder) throws IOException {
    Path file = folder.resolve("written");
    builder.build().write(file);
    return file;
  }

  private Path raw(String header, int dataBytes) throws IOException {
    byte[] bytes = header.getBytes(UTF_8);
    Path file = folder.resolve("raw");
    Files.write(
        file,
        ByteBuffer.allocate(8 + bytes.length + dataBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(bytes.length)
            .put(bytes)
            .array());
    return file;
  }

  private List<Path> filesInFolder() throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  private static void assertRefused(String message, Path file, Action action) {
    SafetensorsException e = assertThrows(SafetensorsException.class, action::run);
    assertEquals(file + ": " + message, e.getMessage());
  }
}
