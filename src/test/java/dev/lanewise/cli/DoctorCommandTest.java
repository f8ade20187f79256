package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What doctor finds. */
final class DoctorCommandTest {

  @Test
  void doctorFindsTheSameBits() {
    Map<String, Json> findings = json(run(0, "doctor", "--json"));
    assertEquals(Json.of(true), findings.get("sameBitsAsScalar"));
    assertTrue(run(0, "doctor").out().stream().anyMatch(line -> line.startsWith("kernels")));
  }
}
