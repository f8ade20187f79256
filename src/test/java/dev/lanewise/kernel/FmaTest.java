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

  /** Odd numbers of 13 bits have products of 25, half-way between floats: the hair decides. */
  @Test
  void aHairBreaksATie() {
    for (int i = 0; i < 5000; i++) {
      float a = 4097 + 2 * CounterRandom.below(4, i, 800);
      float b = 4097 + 2 * CounterRandom.below(5, i, 800);
      float hair = Math.scalb(1 + (CounterRandom.word(6, i) >>> 9) * 0x1p-23f, -i % 140);
      check(a, b, hair);
      check(a, b, -hair);
      check(-a, b, hair);
      check(-a, b, -hair);
    }
  }

  /** A hair beside half-way between two floats: further down than a double of the sum reaches. */
  @Test
  void softwareFmaRoundsOnce() {
    for (int i = 0; i < 5000; i++) {
      float c = Math.scalb(1 + (CounterRandom.word(1, i) >>> 9) * 0x1p-23f, i % 80 - 40);
      float hair = (1 + CounterRandom.below(2, i, 8)) * 0x1p-23f;
      int left = CounterRandom.below(3, i, 60) - 30;
      float a = Math.scalb(1 + hair, left);
      float b = Math.scalb(1 - hair, Math.getExponent(c) - 24 - left);
      check(a, b, c);
      check(-a, b, c);
      check(-a, b, -c);
      check(a, b, -c);
    }
  }

  private static void check(float a, float b, float c) {
    assertEquals(Math.fma(a, b, c), Fma.software(a, b, c), () -> a + "*" + b + "+" + c);
  }
}
