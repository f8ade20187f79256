package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** The rank of a quantile, held to whole-number arithmetic. */
final class CoverageTest {

  /** All n to 2000 with all coverages in thousandths, as doubles and as texts. */
  @Test
  void theRankIsTheExactCeiling() {
    for (int k = 1; k < 1000; k++) {
      double share = k / 1000.0;
      Coverage text = Coverage.parse("0.%03d".formatted(k));
      assertEquals(text, Coverage.of(share));
      for (int n = 1; n <= 2000; n++) {
        long expected = ((n + 1L) * k + 999) / 1000;
        long rank = text.rank(n);
        if (rank != expected) {
          assertEquals(expected, rank, "n " + n + ", coverage " + share);
        }
      }
    }
  }

  @Property
  void theRankOfAnyDecimalIsTheExactCeiling(
      @ForAll @IntRange(min = 1) int n,
      @ForAll @LongRange(min = 1, max = 999_999_999_999_999_999L) long share) {
    BigInteger whole = BigInteger.TEN.pow(18);
    BigInteger[] parts =
        BigInteger.valueOf(share).multiply(BigInteger.valueOf(n + 1L)).divideAndRemainder(whole);
    long expected = parts[0].longValueExact() + parts[1].signum();
    assertEquals(expected, Coverage.parse("0.%018d".formatted(share)).rank(n));
  }

  @Test
  void aRankBeyondTheRowsIsTheNextOfThem() {
    assertEquals(9, Conformal.rank(9, 0.9));
    assertEquals(9, Conformal.rank(8, 0.9));
    assertEquals(19, Conformal.rank(18, 0.95));
    assertEquals(1L << 31, Conformal.rank(Integer.MAX_VALUE, 0.9999999999999));
  }

  /** With so many rows the quantile is among the scores, with one less it is not. */
  @Property
  void theLeastRowsAreTheFewestWithAQuantile(
      @ForAll @LongRange(min = 1, max = 999_999) long millionths) {
    Coverage coverage = Coverage.parse("0.%06d".formatted(millionths));
    int least = coverage.leastRows().intValueExact();
    assertTrue(coverage.rank(least) <= least);
    assertTrue(least == 1 || coverage.rank(least - 1) > least - 1);
  }

  /** α/2 of the draws at either end, rounded down. */
  @Property
  void theDrawsOutsideAreHalfOfTheRest(
      @ForAll @IntRange(min = 1, max = 10_000) int n,
      @ForAll @IntRange(min = 1, max = 999) int thousandths) {
    int expected = (int) ((long) n * (1000 - thousandths) / 2000);
    assertEquals(expected, Coverage.of(thousandths / 1000.0).outside(n));
  }

  @Test
  void equalSharesAreEqualCoverages() {
    assertEquals(new Coverage(new BigDecimal("0.90")), Coverage.of(0.9));
    assertEquals(Coverage.parse(".900"), Coverage.parse("0.9"));
    assertEquals("0.9", Coverage.parse(".900").toString());
  }
}
