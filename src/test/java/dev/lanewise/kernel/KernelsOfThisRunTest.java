package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.engine.Engine;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kernel-dependent tests run three times; this one makes sure that each run has the kernels it is
 * meant for.
 */
@Tag("kernels")
final class KernelsOfThisRunTest {

  @Test
  void kernelsAreTheExpectedOnes() {
    String expected = System.getProperty("lanewise.expectedKernels");
    Assumptions.assumeTrue(expected != null, "skipped: no kernels are expected of this run");
    assertEquals(
        expected.equals("preferred") ? preferred() : expected,
        Engine.standard().kernels().name(),
        Engine.standard()::toString);
  }

  private static String preferred() {
    int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    boolean vectors =
        Machine.hasOptimizingCompiler()
            && Machine.hasFma()
            && Machine.hasIntegerVectors()
            && bits >= 128;
    return vectors ? "vector" + bits : "scalar";
  }
}
