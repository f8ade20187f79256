package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the VM says of itself, as it says it in other modes: it is asked at each call. */
class MachineTest {

  private final String name = System.getProperty("java.vm.name");
  private final String mode = System.getProperty("java.vm.info");

  @BeforeEach
  void onlyWithAllTiers() {
    List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
    Assumptions.assumeTrue(
        options.stream().noneMatch(o -> o.startsWith("-XX:TieredStopAtLevel")),
        "skipped: this JVM's tiers are limited");
  }

  @AfterEach
  void asItWas() {
    System.setProperty("java.vm.name", name);
    System.setProperty("java.vm.info", mode);
  }

  private static boolean optimizes(String name, String mode) {
    System.setProperty("java.vm.name", name);
    System.setProperty("java.vm.info", mode);
    return Machine.hasOptimizingCompiler();
  }

  @Test
  void hotSpotInMixedOrCompiledModeOptimizes() {
    for (String mode : List.of("mixed mode, sharing", "mixed mode", "compiled mode")) {
      assertEquals(true, optimizes("OpenJDK 64-Bit Server VM", mode), mode);
      assertEquals(true, optimizes("Java HotSpot(TM) 64-Bit Server VM", mode), mode);
    }
  }

  @Test
  void interpretersClientsAndOtherVmsDoNot() {
    String server = "OpenJDK 64-Bit Server VM";
    assertEquals(false, optimizes(server, "interpreted mode, sharing"));
    assertEquals(false, optimizes(server, "mixed mode, emulated-client"));
    assertEquals(false, optimizes("OpenJDK Client VM", "mixed mode"));
    assertEquals(false, optimizes("Eclipse OpenJ9 VM", "mixed mode"));
  }
}
