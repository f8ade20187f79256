package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernels")
class EngineTest {

  @Test
  void scalarKernelsCanAlwaysBeHad() {
    assertEquals("scalar kernels (asked for), 1 thread", Engine.of("scalar").toString());
  }

  @Test
  void anUnknownWordIsRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> Engine.of("sse"));
    assertTrue(e.getMessage().startsWith("kernels: sse; expected auto, scalar"), e.getMessage());
  }

  @Test
  void forcingVectorsWithoutTheModuleSaysWhatToAdd() {
    Assumptions.assumeFalse(Machine.readsVectorModule(), "the module is there");
    var e = assertThrows(UnsupportedOperationException.class, () -> Engine.of("vector"));
    assertTrue(e.getMessage().contains("--add-modules jdk.incubator.vector"), e.getMessage());
    assertTrue(Engine.of("auto").toString().contains("--add-modules jdk.incubator.vector"));
  }

  @Test
  void aSecondWidthIsRefused() {
    Engine engine = Engine.standard();
    Assumptions.assumeTrue(engine.kernels() instanceof VectorKernels, "scalar kernels");
    String other = engine.kernels().name().equals("vector128") ? "vector256" : "vector128";
    var e = assertThrows(UnsupportedOperationException.class, () -> Engine.of(other));
    assertTrue(e.getMessage().startsWith(other + ": this "), e.getMessage());
  }

  @Test
  void anEngineSaysWhatWasChosenAndWhy() {
    Engine engine = Engine.standard().withParallel(Parallel.on(Runnable::run, 2));
    assertTrue(engine.toString().startsWith(engine.kernels().name() + " kernels ("));
    assertTrue(engine.toString().endsWith("), 2 threads"));
  }
}
