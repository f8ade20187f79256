package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

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

  private static void check(float a, float b, float c) {
    assertEquals(Math.fma(a, b, c), Fma.software(a, b, c), () -> a + "*" + b + "+" + c);
  }
}
