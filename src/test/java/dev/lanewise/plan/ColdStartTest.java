package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.BeforeTry;

/** The decisions of a cold start, by a clock that only work moves. */
class ColdStartTest {

  private static final long MILLISECOND = 1_000_000;
  private static final double USUAL = 10 * MILLISECOND;

  private final Engine engine = Engine.of("auto");
  private final List<String> copies = new ArrayList<>();
  private ColdStart.Jvm jvm;
  private long now;

  /** The nanoseconds of a copy on vectors, and on scalar kernels. */
  private long vectorCopy;

  private long scalarCopy = MILLISECOND;

  @BeforeTry
  void vectorsAreThere() {
    Assume.that(engine.isVectorized());
    jvm = new ColdStart.Jvm();
    now = 0;
    copies.clear();
    vectorCopy = 500 * MILLISECOND;
  }

  private ColdStart coldStart() {
    return new ColdStart(this::copy, engine, jvm, () -> now);
  }

  private Runnable copy(Engine its) {
    return () -> {
      copies.add(its.kernels().name());
      now += its.isVectorized() ? vectorCopy : scalarCopy;
    };
  }

  /** {@return how many runs of the copy on vectors there were} */
  private long rehearsals() {
    return copies.stream().filter(name -> name.startsWith("vector")).count();
  }

  private static void work(ColdStart start, int calls, long nanos) {
    for (int i = 0; i < calls; i++) {
      start.count(nanos, USUAL, 0);
    }
  }

  @Example
  void theFirstCallIsOnScalarKernelsAndIsNotFollowedByARehearsal() {
    ColdStart start = coldStart();
    assertFalse(start.onVectors());
    work(start, 1, 5000 * MILLISECOND);
    assertEquals(List.of(), copies);
    work(start, 1, 10 * MILLISECOND);
    assertEquals(1, rehearsals());
  }

  @Example
  void workThatWillBeDoneSoonIsNeverRehearsed() {
    ColdStart start = coldStart();
    start.expect(150);
    work(start, 150, 10 * MILLISECOND);
    assertEquals(List.of(), copies);
  }

  @Example
  void slowCallsOfAColdJvmDoNotMakeWorkLong() {
    ColdStart start = coldStart();
    start.expect(150);
    work(start, 5, 300 * MILLISECOND);
    assertEquals(List.of(), copies);
  }

  @Example
  void longWorkIsRehearsedAtOnce() {
    ColdStart start = coldStart();
    start.expect(300);
    work(start, 2, 10 * MILLISECOND);
    assertEquals(1, rehearsals());
  }

  @Example
  void workOfUnknownLengthIsRehearsedAfterAWhile() {
    ColdStart start = coldStart();
    work(start, 10, 10 * MILLISECOND);
    assertEquals(List.of(), copies);
    work(start, 1, 10 * MILLISECOND);
    assertEquals(1, rehearsals());
  }

  @Example
  void manyShortPiecesOfWorkAreLongInAll() {
    for (int piece = 0; piece < 40; piece++) {
      ColdStart start = coldStart();
      start.expect(5);
      work(start, 5, 10 * MILLISECOND);
    }
    assertEquals(List.of(), copies);
    ColdStart start = coldStart();
    start.expect(5);
    work(start, 2, 10 * MILLISECOND);
    assertEquals(1, rehearsals());
  }

  @Example
  void rehearsalsTakeAsLongAsTheWorkAtMostAndOneMore() {
    for (int milliseconds = 6; milliseconds < 400; milliseconds += 13) {
      vectorCopy = milliseconds * MILLISECOND;
      now = 0;
      ColdStart start = coldStart();
      start.expect(1_000_000);
      for (int calls = 1; calls <= 200; calls++) {
        long before = now;
        start.count(10 * MILLISECOND, USUAL, 0);
        long last = vectorCopy + 3 * scalarCopy;
        assertTrue(now == before || now - last <= calls * 10 * MILLISECOND);
      }
    }
  }

  @Example
  void aCopyThatIsCloseLeadsToATrialAndAFastTrialIsTheEnd() {
    ColdStart start = coldStart();
    start.expect(1_000_000);
    work(start, 2, 10 * MILLISECOND);
    assertFalse(start.onVectors());
    vectorCopy = 4 * MILLISECOND;
    while (!start.onVectors()) {
      work(start, 1, 10 * MILLISECOND);
    }
    start.count(9 * MILLISECOND, USUAL, 0);
    assertTrue(start.isOver());
    assertTrue(start.onVectors());
  }

  @Example
  void aSlowTrialGoesBackAndIsPaidForByWorkBeforeTheNext() {
    ColdStart start = coldStart();
    start.expect(1_000_000);
    vectorCopy = 4 * MILLISECOND;
    work(start, 2, 10 * MILLISECOND);
    assertTrue(start.onVectors());
    work(start, 2, 40 * MILLISECOND);
    assertTrue(start.onVectors());
    work(start, 1, 11 * MILLISECOND);
    assertFalse(start.onVectors());
    assertFalse(start.isOver());
    work(start, 7, 10 * MILLISECOND);
    assertFalse(start.onVectors());
    work(start, 2, 10 * MILLISECOND);
    assertTrue(start.onVectors());
  }

  @Example
  void aTrialIsComparedWithCallsOfItsOwnKind() {
    ColdStart start = coldStart();
    vectorCopy = 4 * MILLISECOND;
    start.count(400 * MILLISECOND, USUAL, 0);
    start.count(2 * MILLISECOND, USUAL, 1);
    assertTrue(start.onVectors());
    start.count(3 * MILLISECOND, USUAL, 1);
    assertFalse(start.isOver());
    start.count(3 * MILLISECOND, USUAL, 0);
    assertTrue(start.isOver());
  }

  @Example
  void whereVectorsWereHotTheFirstCallTriesThem() {
    ColdStart one = coldStart();
    one.expect(1_000_000);
    vectorCopy = MILLISECOND;
    work(one, 2, 10 * MILLISECOND);
    work(one, 1, MILLISECOND);
    assertTrue(one.isOver());
    copies.clear();
    ColdStart other = coldStart();
    assertTrue(other.onVectors());
    work(other, 1, MILLISECOND);
    assertTrue(other.isOver());
    assertTrue(other.onVectors());
    ColdStart slower = coldStart();
    work(slower, 3, 20 * MILLISECOND);
    assertFalse(slower.onVectors());
    assertFalse(slower.isOver());
    assertEquals(List.of(), copies);
  }

  @Example
  void aCopyThatNeverBecomesFastIsGivenUpAndTheWorkStaysScalar() {
    ColdStart start = coldStart();
    start.expect(1_000_000);
    vectorCopy = 30 * MILLISECOND;
    int calls = 0;
    while (!start.isOver() && calls < 100_000) {
      work(start, 1, 10 * MILLISECOND);
      calls++;
    }
    assertTrue(start.isOver());
    assertFalse(start.onVectors());
  }

  @Example
  void vectorsThatLoseEveryTrialAreGivenUpAndTheWorkStaysScalar() {
    ColdStart start = coldStart();
    start.expect(1_000_000);
    vectorCopy = 2 * MILLISECOND;
    int trials = 0;
    int calls = 0;
    while (!start.isOver() && calls < 100_000) {
      trials += start.onVectors() ? 1 : 0;
      work(start, 1, start.onVectors() ? 11 * MILLISECOND : 10 * MILLISECOND);
      calls++;
    }
    assertTrue(start.isOver(), "after %d calls on vectors".formatted(trials));
    assertFalse(start.onVectors());
  }
}
