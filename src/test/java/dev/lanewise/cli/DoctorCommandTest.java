package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.gemm.Blocking;
import dev.lanewise.json.Json;
import dev.lanewise.kernel.ProductKernels;
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

  @Test
  void doctorTellsTheBlocksOfProducts() {
    Json.Obj products = (Json.Obj) json(run(0, "doctor", "--json")).get("products");
    ProductKernels kernels = Engine.standard().kernels();
    Blocking blocks = Blocking.of(kernels);
    assertEquals(Json.of(kernels.panelColumns()), products.members().get("panelColumns"));
    assertEquals(Json.of(blocks.steps()), products.members().get("blockSteps"));
    assertEquals(Json.of(blocks.columns()), products.members().get("blockColumns"));
    String line =
        run(0, "doctor").out().stream().filter(l -> l.startsWith("products")).findFirst().get();
    assertTrue(
        line.matches(
            "products +panels of %d columns, tiles of \\d+ x \\d vectors, A (packed|in place), "
                    .formatted(kernels.panelColumns())
                + "blocks of %d steps, .*; caches of \\d+ and \\d+ KiB( assumed)?"
                    .formatted(blocks.steps())),
        line);
  }
}
