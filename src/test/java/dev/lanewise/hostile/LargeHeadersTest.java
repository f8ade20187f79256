package dev.lanewise.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import dev.lanewise.Sealed;
import dev.lanewise.engine.Engine;
import dev.lanewise.json.Json;
import dev.lanewise.model.Model;
import dev.lanewise.model.SafetensorsException;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Model files with right digests whose headers are as large as headers may be, and made to cost
 * their reader as much as they can. They are read in a JVM of their own, which has a small heap.
 */
final class LargeHeadersTest {

  private static final int MOST = 16 << 20;

  private static final Model MODEL =
      Model.of(
          Network.inputs(1).dense(1).loss(new Loss.SquaredError()),
          new float[2],
          Engine.standard());

  /**
   * Seconds of processor time of all threads of the JVM: thirty times what is needed, and a small
   * part of what a million things take in time that grows as their square.
   */
  private static final double LONGEST = 60;

  /** Run in the other JVM: prints for each file the time, and what came out. */
  static final class Probe {
    public static void main(String[] files) throws IOException {
      Engine.standard();
      var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      for (String file : files) {
        long began = system.getProcessCpuTime();
        String outcome = outcome(Path.of(file));
        double seconds = (system.getProcessCpuTime() - began) * 1e-9;
        System.out.printf("%s|%.2f|%s%n", Path.of(file).getFileName(), seconds, outcome);
      }
    }

    private static String outcome(Path file) throws IOException {
      try {
        return "read, %d texts".formatted(TrainedModel.load(file).provenance().entries().size());
      } catch (SafetensorsException e) {
        return e.getMessage().substring(file.toString().length() + 2);
      } catch (OutOfMemoryError e) {
        return e.toString();
      }
    }
  }

  @TempDir Path folder;

  /** What the other JVM must say of each file. */
  private final Map<String, String> expected = new LinkedHashMap<>();

  private void file(String name, String outcome, String texts, String tensors, byte[] data)
      throws IOException {
    String header = "{\"__metadata__\":{%s,%s}%s}".formatted(Sealed.DIGEST, texts, tensors);
    byte[] file = Sealed.file(header, data);
    assertTrue(Sealed.headerBytes(file) <= MOST, name);
    assertTrue(Sealed.headerBytes(file) > MOST / 2, name);
    Files.write(folder.resolve(name), file);
    expected.put(name, outcome);
  }

  /** A file of a small model, with other or more texts and tensors. */
  private void model(String name, String outcome, String texts, String tensors) throws IOException {
    byte[] sound = MODEL.toBytes();
    String header = Sealed.header(sound).strip();
    String its = header.substring(header.indexOf("},\"dense1") + 1, header.length() - 1);
    file(name, outcome, texts, tensors + its, Sealed.data(sound));
  }

  private void network(String name, String outcome, String network) throws IOException {
    model(name, outcome, format() + "," + member("network", network), "");
  }

  private void encoder(String name, String outcome, String encoder) throws IOException {
    model(name, outcome, format() + "," + network() + "," + member("encoder", encoder), "");
  }

  private static String format() {
    return member("lanewise", "1");
  }

  private static String network() {
    return member(
        "network",
        "{\"inputs\":1,\"loss\":{\"kind\":\"squared_error\"},\"layers\":[{\"kind\":\"dense\",\"units\":1,"
            + "\"initializer\":{\"kind\":\"zeros\"},\"penalty\":{\"l1\":0,\"l2\":0,"
            + "\"l1_per_example\":0,\"l2_per_example\":0}}]}");
  }

  private static String member(String key, String text) {
    return Json.of(key) + ":" + Json.of(text);
  }

  /** {@return as many copies of a piece as a header has room for, inside of a text} */
  private static String filled(String front, String piece, String end) {
    int room = MOST - 4096 - front.length() - end.length();
    int written = piece.length() + (int) piece.chars().filter(c -> c == '"' || c == '\\').count();
    return front + piece.repeat(room / written) + end;
  }

  /** {@return pieces with numbers in them, no two alike, that take so much room} */
  private static String numbered(int room, IntFunction<String> piece) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; all.length() < room - 100; i++) {
      all.append(i == 0 ? "" : ",").append(piece.apply(i));
    }
    return all.toString();
  }

  private void allComeOutAsExpected(int megabytes) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + megabytes + "m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
    expected.keySet().forEach(name -> command.add(folder.resolve(name).toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
    Map<String, String> outcomes = new LinkedHashMap<>();
    for (String line : said.lines().toList()) {
      String[] parts = line.split("\\|", 3);
      outcomes.put(parts[0], parts[2]);
      assertTrue(Double.parseDouble(parts[1]) < LONGEST, line);
    }
    assertEquals(expected, outcomes);
  }

  /** Eight times the file, for the JVM, the bytes, their text and a part of it at the same time. */
  @Test
  void aLargeHeaderThatIsWrongIsRefusedInLittleMemoryAndTime() throws Exception {
    network("zeros", "network: expected an object", filled("[0", ",0", "]"));
    network("objects", "network: expected an object", filled("[{}", ",{}", "]"));
    network(
        "deep", "metadata \"network\": character 65: nested deeper than 64", filled("[", "[", ""));
    network(
        "zero-layers",
        "network.layers[0]: expected an object",
        filled("{\"inputs\":1,\"layers\":[0", ",0", "]}"));
    network(
        "empty-layers",
        "network.layers[0]: member \"kind\" is missing",
        filled("{\"inputs\":1,\"layers\":[{}", ",{}", "]}"));
    network(
        "members",
        "network: more than 64 members; member \"64\" is unknown",
        "{" + numbered(MOST / 5 * 4, i -> "\"" + i + "\":0") + "}");
    network(
        "one-member",
        "network: character 8: the name \"a\" stands twice",
        filled("{\"a\":0", ",\"a\":0", "}"));
    network(
        "digits",
        "network.inputs: %s...; expected a 32-bit integer".formatted("1".repeat(40)),
        filled("{\"inputs\":", "1", "}"));
    network(
        "escapes",
        "network.loss.kind: \"%s...\"; expected one of".formatted("A".repeat(80))
            + " [softmax_cross_entropy, sigmoid_cross_entropy, squared_error, huber, poisson,"
            + " quantile]",
        filled("{\"inputs\":1,\"layers\":[],\"loss\":{\"kind\":\"", "\\u0041", "\"}}"));
    network(
        "halves",
        "network.loss.kind: a string with half a surrogate pair",
        filled("{\"inputs\":1,\"layers\":[],\"loss\":{\"kind\":\"", "\\ud800", "\"}}"));
    network(
        "edges",
        "network.layers[0].parts[0].edges: more than 1048576 numbers; expected so many",
        filled(
            "{\"inputs\":1,\"loss\":{\"kind\":\"squared_error\"},\"layers\":[{\"kind\":\"embedding\","
                + "\"parts\":[{\"kind\":\"piecewise_linear\",\"columns\":[0],\"size\":1,"
                + "\"edges\":[[0,1]",
            ",[0,1]",
            "]}]}]}"));
    encoder("encoder", "encoder: expected an object", filled("[0", ",0", "]"));
    encoder(
        "columns",
        "encoder.columns[0]: member \"kind\" is missing",
        filled("{\"named\":true,\"columns\":[{}", ",{}", "]}"));
    encoder(
        "parts",
        "encoder.parts[0]: member \"named\" is missing",
        filled("{\"parts\":[{}", ",{}", "]}"));
    file(
        "ensemble",
        "network: expected an object",
        format()
            + ","
            + member("models", "999999999")
            + ","
            + member("model1.network", filled("[0", ",0", "]")),
        "",
        new byte[0]);
    model(
        "provenance",
        "provenance: expected an object",
        format() + "," + network() + "," + member("provenance", filled("[0", ",0", "]")),
        "");
    model(
        "one-text",
        "header: character 120: the name \"a\" stands twice",
        format() + ",\"a\":\"\"".repeat(MOST / 8),
        "");
    model(
        "replaced",
        "metadata \"network\" is missing",
        format() + ",\"a\":\"" + "\ufffd".repeat(MOST / 3 - 200) + "\"",
        "");
    allComeOutAsExpected(128);
  }

  /**
   * The smallest of texts and tensors take fifteen times their room in the file as Java objects.
   */
  @Test
  void manySmallThingsAreReadInTimeThatGrowsAsTheirNumber() throws Exception {
    String sound = format() + "," + network() + "," + member("provenance", "{}");
    model(
        "texts",
        "read, 0 texts",
        sound + "," + numbered(MOST - 4096, i -> "\"" + i + "\":\"\""),
        "");
    model(
        "provenance",
        "read, 848112 texts",
        format()
            + ","
            + network()
            + ","
            + member("provenance", "{" + numbered(MOST / 10 * 6, i -> "\"" + i + "\":\"\"") + "}"),
        "");
    model(
        "tensors",
        "tensor \"0\" is none of the network's",
        sound,
        ","
            + numbered(
                MOST - 4096,
                i -> "\"" + i + "\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}"));
    encoder(
        "ignored",
        "encoder: columns: 0 encoded columns; expected at least one feature",
        "{\"named\":true,\"target\":{\"kind\":\"values\",\"mean\":0,\"deviation\":1},\"columns\":["
            + numbered(MOST / 13 * 10, i -> "{\"kind\":\"ignored\",\"name\":\"" + i + "\"}")
            + "]}");
    encoder(
        "classes",
        "encoder: columns: 0 encoded columns; expected at least one feature",
        "{\"named\":true,\"columns\":[],\"target\":{\"kind\":\"classes\",\"labels\":["
            + numbered(MOST / 8 * 5, i -> "\"" + i + "\"")
            + "]}}");
    encoder(
        "categories",
        "metadata \"provenance\" is missing",
        "{\"named\":true,\"target\":{\"kind\":\"values\",\"mean\":0,\"deviation\":1},\"columns\":[{"
            + "\"kind\":\"categorical\",\"name\":\"x\",\"flagged\":false,\"categories\":["
            + numbered(MOST / 8 * 5, i -> "\"a" + i + "\"")
            + "]}]}");
    encoder(
        "means",
        "encoder.target: deviation: 1 columns; expected 8386520, as many as means",
        filled(
            "{\"named\":true,\"columns\":[],\"target\":{\"kind\":\"values\",\"mean\":[0",
            ",0",
            "],\"deviation\":[1]}}"));
    network(
        "layers",
        "network: last layer: Dropout[keep=1.0, form=INVERTED]; expected a Dense, whose outputs are"
            + " the scores that the loss takes",
        filled(
            "{\"inputs\":1,\"loss\":{\"kind\":\"squared_error\"},\"layers\":[{\"kind\":\"dropout\",\"keep\":1}",
            ",{\"kind\":\"dropout\",\"keep\":1}",
            "]}"));
    allComeOutAsExpected(640);
  }
}
