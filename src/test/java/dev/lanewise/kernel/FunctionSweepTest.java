package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every function at all floats, against double precision; seconds of a core for each. The table is
 * left in {@code target/functions.md}.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FunctionSweepTest {

  private final Map<Curve, FunctionSweep> sweeps = new EnumMap<>(Curve.class);

  private FunctionSweep sweep(Curve curve) {
    return sweeps.computeIfAbsent(curve, FunctionSweep::overAll);
  }

  @ParameterizedTest
  @EnumSource
  void everyFloatIsWithinTheBound(Curve curve) {
    FunctionSweep sweep = sweep(curve);
    assertTrue(sweep.worst() <= curve.bound, sweep::row);
    assertTrue(sweep.worstBelow() <= curve.bound, sweep::row);
    assertEquals(0, sweep.wrongNaNs(), "NaN");
  }

  @ParameterizedTest
  @EnumSource
  void noFloatGivesLessThanTheOneBefore(Curve curve) {
    if (curve.neverDecreases) {
      assertEquals(0, sweep(curve).decreases(), () -> sweep(curve).row());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyNotANumberStaysOne(Curve curve) {
    stayNaN(curve, 0x7F80_0001, 0x7FFF_FFFF);
    stayNaN(curve, 0xFF80_0001, 0xFFFF_FFFF);
  }

  private static void stayNaN(Curve curve, int first, int last) {
    Kernels kernels = Engine.standard().kernels();
    float[] x = new float[(1 << 12) - 1];
    float[] y = new float[x.length];
    for (int from = first; from - last <= 0 && from - first >= 0; from += x.length) {
      int n = Math.min(x.length, last - from + 1);
      for (int i = 0; i < n; i++) {
        x[i] = Float.intBitsToFloat(from + i);
      }
      curve.of(kernels, x, y, n);
      for (int i = 0; i < n; i++) {
        assertTrue(Float.isNaN(y[i]), "NaN became a number");
      }
    }
  }

  @AfterAll
  void writeTheTable() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("| function | unit | worst error | worst below 2^-126 | bound | order |");
    lines.add("|---|---|---|---|---|---|");
    sweeps.values().forEach(sweep -> lines.add(sweep.row()));
    Files.write(Files.createDirectories(Path.of("target")).resolve("functions.md"), lines);
  }
}
