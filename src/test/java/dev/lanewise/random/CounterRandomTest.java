package dev.lanewise.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CounterRandomTest {

  @Test
  void keepingAlmostSurelyNeverWrapsToDroppingEverything() {
    assertEquals(-1, CounterRandom.threshold(Math.nextDown(1.0)));
  }
}
