package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.random.CounterRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FmaTest {

  @Property(tries = 20_000)
  void softwareFmaIsExact(@ForAll int a, @ForAll int b, @ForAll int c) {
    check(Float.intBitsToFloat(a), Float.intBitsToFloat(b), Float.intBitsToFloat(c));
  }

  @Property(tries = 20_000)
  void softwareFmaIsExactUnderCancellation(@ForAll int a, @ForAll int b, @ForAll byte step) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    float c = -x * y;
    check(x, y, Float.intBitsToFloat(Float.floatToRawIntBits(c) + step));
  }

  @Property(tries = 20_000)
  void softwareFmaBreaksTiesAsHardwareDoes(@ForAll short a, @ForAll short b, @ForAll int tail) {
    check(a, b, Math.scalb((float) tail, -40));
  }

  /** Sums that a product half a step, a quarter, or a hair beside it decides. */
  @Test
  void softwareFmaRoundsOnce() {
    for (int i = 0; i < 20_000; i++) {
      float a = Math.scalb((float) (CounterRandom.word(1, i) >> 8), -CounterRandom.below(2, i, 40));
      float b = Math.scalb((float) (CounterRandom.word(3, i) >> 8), -CounterRandom.below(4, i, 40));
      float c = Math.scalb(a * b, CounterRandom.below(5, i, 53) - 26);
      int bits = Float.floatToRawIntBits(c) & -1 << CounterRandom.below(6, i, 24);
      check(a, b, Float.intBitsToFloat(bits));
      check(a, b, -Float.intBitsToFloat(bits));
    }
  }

  private static void check(float a, float b, float c) {
    assertEquals(Math.fma(a, b, c), Fma.software(a, b, c), () -> a + "*" + b + "+" + c);
  }
}
