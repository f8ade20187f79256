package dev.lanewise.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/** What is written for TensorBoard is what TensorFlow's own classes read. */
class EventFileTest {

  @TempDir Path folder;

  private static Path onlyFile(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all::toString);
      return all.getFirst();
    }
  }

  @Test
  void tensorFlowReadsTheScalars() throws IOException {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("loss/train", 0.25);
    scalars.put("größe", Double.NaN);
    try (EventFile file = EventFile.in(folder, 1_700_000_000.5)) {
      file.add(1_700_000_001.25, 300, scalars);
      file.add(1_700_000_002.25, 0, Map.of("a", -0.0));
    }
    List<Event> events = EventRecords.of(onlyFile(folder));
    assertEquals("brain.Event:2", events.getFirst().getFileVersion());
    assertEquals(1_700_000_000.5, events.getFirst().getWallTime());
    Event second = events.get(1);
    assertEquals(300, second.getStep());
    assertEquals(1_700_000_001.25, second.getWallTime());
    assertEquals(
        List.of("loss/train", "größe"),
        second.getSummary().getValueList().stream().map(Summary.Value::getTag).toList());
    assertEquals(0.25f, second.getSummary().getValue(0).getSimpleValue());
    assertTrue(Float.isNaN(second.getSummary().getValue(1).getSimpleValue()));
    assertEquals(3, events.size());
    assertEquals(0, second.getUnknownFields().getSerializedSize());
  }

  @Property
  void anyScalarComesBack(@ForAll String tag, @ForAll float value, @ForAll long step)
      throws IOException {
    Path own = Files.createTempDirectory("events");
    try (EventFile file = EventFile.in(own, 1)) {
      file.add(2, step, Map.of(tag, (double) value));
    }
    Path written = onlyFile(own);
    Event event = EventRecords.of(written).get(1);
    Files.delete(written);
    Files.delete(own);
    assertEquals(step, event.getStep());
    assertEquals(value, event.getSummary().getValue(0).getSimpleValue());
    assertEquals(new String(tag.getBytes(UTF_8), UTF_8), event.getSummary().getValue(0).getTag());
  }

  /** Byte by byte: length 24, its check, field 1 (9 bytes), field 3 (15 bytes), the check. */
  @Test
  void theFirstRecordIsThePublishedOne() throws IOException {
    EventFile.in(folder, 1).close();
    String expected =
        "1800000000000000"
            + "a37f4b22"
            + "09000000000000f03f"
            + "1a0d"
            + "627261696e2e4576656e743a32";
    byte[] bytes = Files.readAllBytes(onlyFile(folder));
    assertArrayEquals(HexFormat.of().parseHex(expected), Arrays.copyOf(bytes, bytes.length - 4));
  }

  @Test
  void aSecondFileStandsBesideTheFirst() throws IOException {
    EventFile.in(folder, 12.9).close();
    EventFile.in(folder, 12.1).close();
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of(
              "events.out.tfevents.0000000012.lanewise.0",
              "events.out.tfevents.0000000012.lanewise.1"),
          files.map(f -> f.getFileName().toString()).sorted().toList());
    }
  }
}
