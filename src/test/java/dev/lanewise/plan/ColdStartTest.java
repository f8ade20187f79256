package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.BeforeTry;

/** The decisions of a cold start, by calls of made-up lengths. */
class ColdStartTest {

  private static final long MILLISECOND = 1_000_000;
  private static final double USUAL = 10 * MILLISECOND;

  private ColdStart.Jvm jvm;

  @BeforeTry
  void aFreshJvm() {
    jvm = new ColdStart.Jvm();
  }

  private ColdStart coldStart() {
    return new ColdStart(jvm);
  }

  private ColdStart longWork() {
    ColdStart start = coldStart();
    start.expect(1_000_000);
    return start;
  }

  private static void work(ColdStart start, int calls, long nanos) {
    for (int i = 0; i < calls; i++) {
      start.count(nanos, USUAL, 0);
    }
  }

  /** Has other work go over. */
  private void heat() {
    ColdStart other = longWork();
    work(other, 1, 10 * MILLISECOND);
    work(other, 1, MILLISECOND);
    assertTrue(other.isOver());
  }

  @Example
  void theFirstCallIsOnScalarKernels() {
    assertFalse(coldStart().onVectors());
    assertFalse(longWork().onVectors());
  }

  @Example
  void workThatWillBeDoneSoonStaysOnScalarKernels() {
    ColdStart start = coldStart();
    start.expect(450);
    for (int i = 0; i < 190; i++) {
      work(start, 1, 10 * MILLISECOND);
      assertFalse(start.onVectors());
    }
  }

  @Example
  void slowCallsOfAColdJvmDoNotMakeWorkLong() {
    ColdStart start = coldStart();
    start.expect(450);
    work(start, 5, 300 * MILLISECOND);
    assertFalse(start.onVectors());
  }

  @Example
  void longWorkTriesVectorsAtItsSecondCall() {
    ColdStart start = coldStart();
    start.expect(600);
    work(start, 1, 10 * MILLISECOND);
    assertTrue(start.onVectors());
    assertFalse(start.isOver());
  }

  @Example
  void workOfUnknownLengthTriesVectorsAfterAWhile() {
    ColdStart start = coldStart();
    work(start, 10, 10 * MILLISECOND);
    assertFalse(start.onVectors());
    work(start, 1, 10 * MILLISECOND);
    assertTrue(start.onVectors());
  }

  @Example
  void manyShortPiecesOfWorkAreLongInAll() {
    for (int piece = 0; piece < 40; piece++) {
      ColdStart start = coldStart();
      start.expect(5);
      work(start, 5, 10 * MILLISECOND);
      assertFalse(start.onVectors());
    }
    ColdStart start = coldStart();
    start.expect(5);
    work(start, 1, 10 * MILLISECOND);
    assertTrue(start.onVectors());
  }

  @Example
  void theFirstCallOnVectorsThatIsFasterIsTheEnd() {
    ColdStart start = longWork();
    work(start, 1, 10 * MILLISECOND);
    for (long nanos = 2000 * MILLISECOND; nanos > 10 * MILLISECOND; nanos /= 2) {
      work(start, 1, nanos);
      assertTrue(start.onVectors());
      assertFalse(start.isOver());
    }
    work(start, 1, 9 * MILLISECOND);
    assertTrue(start.isOver());
    assertTrue(start.onVectors());
  }

  @Example
  void vectorsThatStaySlowAreLeftAndTriedAgainAfterFourTimesAsMuchWork() {
    ColdStart start = longWork();
    work(start, 1, 10 * MILLISECOND);
    for (int trial = 0; trial < 3; trial++) {
      int calls = 0;
      while (start.onVectors() && calls < 10_000) {
        work(start, 1, 11 * MILLISECOND);
        calls++;
      }
      assertFalse(start.isOver());
      assertEquals(10_000, calls * 11, 11);
      int rest = 0;
      while (!start.onVectors() && rest < 10_000) {
        work(start, 1, 10 * MILLISECOND);
        rest++;
      }
      assertEquals(40_000, rest * 10, 60);
    }
    work(start, 1, 9 * MILLISECOND);
    assertTrue(start.isOver());
  }

  @Example
  void aTrialHasTimeForManyCallsAlsoIfTheyAreSlow() {
    ColdStart start = longWork();
    work(start, 1, 10 * MILLISECOND);
    work(start, 49, 1000 * MILLISECOND);
    assertTrue(start.onVectors());
    work(start, 1, 1000 * MILLISECOND);
    assertFalse(start.onVectors());
  }

  @Example
  void goingOverIsPaidForLikeCalls() {
    heat();
    ColdStart start = coldStart();
    start.expect(100);
    work(start, 3, 10 * MILLISECOND);
    start.pay(10 * MILLISECOND);
    assertEquals(20 * (30 + 10) / 10, callsUntilATrial(start));
    work(start, 3, 10 * MILLISECOND);
    assertEquals(20 * 30 / 10, callsUntilATrial(start));
  }

  private static int callsUntilATrial(ColdStart start) {
    int calls = 0;
    while (!start.onVectors() && calls < 10_000) {
      work(start, 1, 10 * MILLISECOND);
      calls++;
    }
    return calls;
  }

  @Example
  void aTrialIsComparedWithCallsOfItsOwnKind() {
    ColdStart start = coldStart();
    start.count(400 * MILLISECOND, USUAL, 0);
    assertTrue(start.onVectors());
    start.count(300 * MILLISECOND, USUAL, 1);
    assertFalse(start.isOver());
    start.count(300 * MILLISECOND, USUAL, 0);
    assertTrue(start.isOver());
  }

  @Example
  void whereVectorsWereHotTheFirstCallsTryThem() {
    heat();
    ColdStart other = coldStart();
    assertTrue(other.onVectors());
    work(other, 1, MILLISECOND);
    assertTrue(other.isOver());
    assertTrue(other.onVectors());
  }

  @Example
  void shortWorkLeavesVectorsAfterThreeSlowCallsAlsoWhereOthersWereHot() {
    heat();
    ColdStart slower = coldStart();
    slower.expect(100);
    work(slower, 2, 20 * MILLISECOND);
    assertTrue(slower.onVectors());
    work(slower, 1, 20 * MILLISECOND);
    assertFalse(slower.onVectors());
    assertFalse(slower.isOver());
  }
}
