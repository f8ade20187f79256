package dev.lanewise.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Statistics of a few scores. */
final class SampleTest {

  @Test
  void theStandardErrorIsTheDeviationOfTheMean() {
    // Squares of −3, −1, 1, 3 sum to 20; 20/3/4 = 5/3.
    Sample sample = new Sample(7, 1, 3, 5);
    assertEquals(4, sample.mean());
    assertEquals(Math.sqrt(5.0 / 3), sample.standardError().getAsDouble(), 1e-15);
    assertTrue(new Sample(7).standardError().isEmpty());
  }

  @Test
  void theMedianIsInTheMiddleOfSortedScores() {
    assertEquals(3, new Sample(100, 1, 3).median());
    assertEquals(4, new Sample(5, 100, 1, 3).median());
    assertEquals(7, new Sample(7).median());
  }
}
