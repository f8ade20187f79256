package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Runs commands in this JVM and takes apart what they print. */
final class Commands {

  static final String DIGITS = "data/digits.csv";
  static final String CANCER = "data/breast-cancer.csv";

  private Commands() {}

  static String fast(String data, String label, String options) {
    return "train %s --label %s --hidden none --epochs 3 --json %s".formatted(data, label, options);
  }

  static double score(Map<String, Json> result, String set, String name) {
    return ((Json.Num) object(result.get(set)).get(name)).asDouble();
  }

  static double decimal(Json value) {
    return ((Json.Num) value).asDouble();
  }

  static void writeIdx(Path file, byte[] bytes, int... sizes) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(4 + 4 * sizes.length + bytes.length);
    content.putInt(0x0800 | sizes.length);
    for (int size : sizes) {
      content.putInt(size);
    }
    Files.write(file, content.put(bytes).array());
  }

  static CommandLineRun run(int exit, Object... arguments) {
    CommandLineRun run = CommandLineRun.of(arguments);
    assertEquals(exit, run.exit(), run::toString);
    return run;
  }

  static String digest(String command) {
    return json(run(0, (Object[]) command.split(" "))).get("parametersSha256").toString();
  }

  static Map<String, Json> json(CommandLineRun run) {
    return object(Json.parse(run.out().getLast()));
  }

  static Map<String, Json> object(Json value) {
    return ((Json.Obj) value).members();
  }

  static long rows(Map<String, Json> result, String set) {
    return number(object(result.get(set)).get("rows"));
  }

  static long number(Json value) {
    return ((Json.Num) value).asLong();
  }
}
