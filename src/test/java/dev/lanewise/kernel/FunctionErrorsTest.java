package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * This run's kernels against double precision where errors are largest: at the worst argument of
 * all floats, where one formula gives way to another, and at the ends of the range.
 */
@Tag("kernels")
class FunctionErrorsTest {

  private static final long WINDOW = 1000;

  private static final float[] PLACES = {
    0,
    Float.MIN_NORMAL,
    0x1p-24f,
    0x1p-12f,
    0.1f,
    0.34657359f,
    0.5f,
    Functions.TANH_SMALL,
    Functions.NORMAL_SMALL,
    1,
    0x1.6a09e6p0f,
    2,
    5,
    9.01f,
    Functions.NORMAL_END,
    -Functions.EXPM1_LOW,
    87.33655f,
    88.72284f,
    Functions.EXP_HIGH,
    103.97208f,
    128,
    Functions.GATE_END,
    0x1p32f,
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY
  };

  private static long number(float x) {
    int bits = Float.floatToRawIntBits(x);
    return bits < 0 ? -1 - (bits & 0x7FFF_FFFFL) : bits;
  }

  private static FunctionSweep around(Curve curve, float x) {
    long first = Math.max(FunctionSweep.FIRST, number(x) - WINDOW);
    return FunctionSweep.over(curve, first, Math.min(FunctionSweep.LAST, number(x) + WINDOW));
  }

  private static void check(Curve curve, float x) {
    FunctionSweep sweep = around(curve, x);
    assertTrue(sweep.worst() <= curve.bound, sweep::row);
    assertTrue(sweep.worstBelow() <= curve.bound, sweep::row);
    assertEquals(0, sweep.wrongNaNs(), sweep::row);
    assertTrue(!curve.neverDecreases || sweep.decreases() == 0, sweep::row);
  }

  @ParameterizedTest
  @EnumSource
  void theWorstFloatIsWithinTheBound(Curve curve) {
    check(curve, curve.worstAt);
  }

  @ParameterizedTest
  @EnumSource
  void floatsWhereFormulasMeetAreWithinTheBound(Curve curve) {
    for (float place : PLACES) {
      check(curve, place);
      check(curve, -place);
    }
  }

  /** The limit itself, not only a number that rounds to it; GELU and SiLU end in 0, not in NaN. */
  @ParameterizedTest
  @EnumSource
  void infinitiesGiveTheLimits(Curve curve) {
    float[] y = new float[19];
    float[] x = new float[19];
    for (float end : new float[] {Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}) {
      Arrays.fill(x, end);
      curve.of(Engine.standard().kernels(), x, y, 19);
      float limit = (float) curve.meant(end);
      for (float found : y) {
        assertTrue(
            found == limit || Float.isNaN(found) && Float.isNaN(limit),
            () -> curve.title + " at " + end + ": " + found + ", expected " + limit);
      }
    }
  }

  /**
   * Else dead units would fill a training with subnormal numbers, which some processors crawl on.
   */
  @ParameterizedTest
  @EnumSource(
      names = {
        "SOFTPLUS",
        "SILU",
        "MISH",
        "GELU",
        "TANH_GELU",
        "SOFTPLUS_SLOPE",
        "SILU_SLOPE",
        "MISH_SLOPE",
        "GELU_SLOPE",
        "TANH_GELU_SLOPE"
      })
  void onTheLeftAValueIsZeroOrItsSquareIsNormal(Curve curve) {
    float[] x = new float[20_003];
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = -2 - 0.01f * i;
    }
    curve.of(Engine.standard().kernels(), x, y, x.length);
    for (int i = 0; i < x.length; i++) {
      float at = x[i];
      float value = y[i];
      assertTrue(
          value == 0 || value * value >= Float.MIN_NORMAL,
          () -> curve.title + " at " + at + ": " + value);
    }
    assertEquals(0, y[x.length - 1]);
  }
}
