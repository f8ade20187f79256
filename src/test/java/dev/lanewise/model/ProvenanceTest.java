package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a model came from, as it says itself. */
class ProvenanceTest {

  @Test
  void entriesKeepTheirOrderAndALaterTextReplacesAnEarlierOne() {
    Provenance seeded = Provenance.UNKNOWN.with("seed", "1").with("data", "a.csv");
    Provenance again = seeded.with("seed", "2");
    assertEquals(List.of("seed", "data"), List.copyOf(again.entries().keySet()));
    assertEquals(List.of("2", "a.csv"), List.copyOf(again.entries().values()));
    assertEquals("1", seeded.entries().get("seed"));
    assertThrows(UnsupportedOperationException.class, () -> seeded.entries().put("x", "y"));
  }

  @Test
  void anEngineNamesLibraryKernelsAndJava() {
    Provenance provenance = Provenance.of(Engine.of("scalar"));
    assertEquals(
        List.of("lanewise", "kernels", "java"), List.copyOf(provenance.entries().keySet()));
    assertEquals("scalar", provenance.entries().get("kernels"));
    assertEquals(Runtime.version().toString(), provenance.entries().get("java"));
  }

  @Test
  void aModelPrintsItsNetworkAndALineForEachEntry() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    Provenance provenance = Provenance.UNKNOWN.with("seed", "1").with("data", "a.csv");
    assertEquals("seed             1%ndata             a.csv".formatted(), provenance.toString());
    Model model =
        Model.of(network, network.initialParameters(1), Engine.of("scalar"))
            .withProvenance(provenance);
    assertEquals("%s%n%s".formatted(network, provenance), model.toString());
    assertEquals(provenance, model.provenance());
  }
}
