package dev.lanewise.optim;

import static dev.lanewise.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Schedule.Chained;
import dev.lanewise.optim.Schedule.Constant;
import dev.lanewise.optim.Schedule.Cosine;
import dev.lanewise.optim.Schedule.CosineLog;
import dev.lanewise.optim.Schedule.CosineRestarts;
import dev.lanewise.optim.Schedule.InverseSquareRoot;
import dev.lanewise.optim.Schedule.InverseTime;
import dev.lanewise.optim.Schedule.MultiStep;
import dev.lanewise.optim.Schedule.OneCycle;
import dev.lanewise.optim.Schedule.PerStep;
import dev.lanewise.optim.Schedule.Polynomial;
import dev.lanewise.optim.Schedule.Staircase;
import dev.lanewise.optim.Schedule.WarmUp;
import dev.lanewise.update.Updater;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final Chained CHAINED =
      new Chained(
          List.of(
              new Chained.Leg(new Polynomial(1, 0.5, 1, 4), 4),
              new Chained.Leg(new Cosine(0.5, 0.1, 8), 8)),
          new InverseTime(0.1, 1, 1));

  private static void assertRates(Schedule schedule, double... countsAndRates) {
    for (int i = 0; i < countsAndRates.length; i += 2) {
      double expected = countsAndRates[i + 1];
      double rate = schedule.rate((long) countsAndRates[i]);
      assertEquals(expected, rate, 1e-14 * expected, "at " + countsAndRates[i]);
    }
  }

  @Test
  void constantStays() {
    assertRates(new Constant(0.3), 0, 0.3, 1_000_000, 0.3);
  }

  @Test
  void staircaseFallsAtTheEndOfEachInterval() {
    assertRates(new Staircase(0.5, 0.1, 10), 0, 0.5, 9, 0.5, 10, 0.05, 29, 0.005);
  }

  @Test
  void staircaseOfIntervalOneIsExponentialDecay() {
    assertRates(new Staircase(2, 0.95, 1), 0, 2, 1, 1.9, 2, 1.805, 3, 1.71475);
    double perEpoch = 0.25;
    assertRates(
        new Staircase(2, StrictMath.exp(-perEpoch), 1), 8, 2 * StrictMath.exp(-perEpoch * 8));
  }

  @Test
  void multiStepFallsAtItsMilestones() {
    assertRates(
        new MultiStep(1, 0.1, List.of(3L, 5L)), 0, 1, 2, 1, 3, 0.1, 4, 0.1, 5, 0.01, 99, 0.01);
    assertRates(new MultiStep(1, 0.1, List.of()), 7, 1);
  }

  @Test
  void inverseTimeDividesByTheEpochs() {
    assertRates(new InverseTime(0.2, 1, 1), 0, 0.2, 1, 0.1, 2, 0.2 / 3, 3, 0.05);
    assertRates(new InverseTime(0.2, 0.5, 4), 3, 0.2, 4, 0.2 / 1.5, 11, 0.1);
  }

  @Test
  void inverseSquareRootCountsFromOne() {
    assertRates(new InverseSquareRoot(0.6), 0, 0.6, 3, 0.3, 8, 0.2, 99, 0.06);
  }

  @Test
  void polynomialOfPowerOneIsALine() {
    assertRates(new Polynomial(1, 0.2, 1, 8), 0, 1, 2, 0.8, 4, 0.6, 6, 0.4, 8, 0.2, 99, 0.2);
    assertRates(new Polynomial(1, 0, 2, 4), 1, 0.5625, 2, 0.25, 3, 0.0625, 4, 0, 5, 0);
    assertRates(new Polynomial(1, 0, 0.5, 4), 0, 1, 3, 0.5);
  }

  @Test
  void cosineGoesFromItsFirstRateToItsEnd() {
    double eighth = Math.sqrt(0.5);
    assertRates(
        new Cosine(1, 0.5, 8),
        0,
        1,
        2,
        0.75 + eighth / 4,
        4,
        0.75,
        6,
        0.75 - eighth / 4,
        8,
        0.5,
        9,
        0.5);
    assertRates(new Cosine(0.3, 0, 6), 0, 0.3, 2, 0.225, 4, 0.075, 6, 0);
  }

  @Test
  void restartsRestartAndPeriodsGrow() {
    Cosine first = new Cosine(1, 0.1, 3);
    Cosine second = new Cosine(1, 0.1, 6);
    Cosine third = new Cosine(1, 0.1, 12);
    CosineRestarts restarts = new CosineRestarts(1, 0.1, 3, 2);
    for (int i = 0; i < 21; i++) {
      double expected = i < 3 ? first.rate(i) : i < 9 ? second.rate(i - 3) : third.rate(i - 9);
      assertEquals(expected, restarts.rate(i));
    }
    assertEquals(1, restarts.rate(21));
    CosineRestarts equal = new CosineRestarts(1, 0.1, 3, 1);
    for (int i = 0; i < 9; i++) {
      assertEquals(first.rate(i % 3), equal.rate(i));
    }
    assertTrue(new CosineRestarts(1, 0.1, Long.MAX_VALUE / 2, 3).rate(Long.MAX_VALUE) > 0);
  }

  /** Valleys at 1/15, 3/15 and 7/15 of the length, peaks where log₂(1 + 15t) is half way. */
  @Test
  void cosineLogHasCyclesOfWhichEachIsTwiceAsLong() {
    CosineLog cycles = new CosineLog(0.04, 4, 15_000);
    for (long valley : new long[] {0, 1_000, 3_000, 7_000, 15_000, 15_001, Long.MAX_VALUE}) {
      assertEquals(0, cycles.rate(valley), "at " + valley);
    }
    for (int cycle = 0; cycle < 4; cycle++) {
      long peak = Math.round(1_000 * (Math.pow(2, cycle + 0.5) - 1));
      assertEquals(0.04, cycles.rate(peak), 1e-6, "at " + peak);
    }
    // The longest cycle alone is that of a clock that begins later.
    CosineLog one = new CosineLog(0.04, 1, 8_000);
    assertEquals(one.rate(1_234), cycles.rate(7_000 + 1_234), 1e-15);
  }

  @Property
  void cosineLogAgreesWithItsFormula(
      @ForAll @DoubleRange(min = 0.01, max = 9) double peak,
      @ForAll @IntRange(min = 1, max = 12) int cycles,
      @ForAll @LongRange(min = 1, max = 100_000) long length,
      @ForAll @DoubleRange(max = 1) @Scale(9) double share) {
    long count = (long) (share * length);
    double t = (double) count / length;
    double u = Math.log(1 + (Math.pow(2, cycles) - 1) * t) / Math.log(2);
    double expected = peak * (1 - Math.cos(2 * Math.PI * u)) / 2;
    assertEquals(expected, new CosineLog(peak, cycles, length).rate(count), 1e-13 * peak);
  }

  /** A cycle's counts are those before its valley, which is in most lengths between two counts. */
  @Property
  void cyclesOfCosineLogEndInOrBehindTheirValleys(
      @ForAll @IntRange(min = 1, max = 9) int cycles,
      @ForAll @LongRange(min = 1, max = 2_000) long length,
      @ForAll @LongRange(max = 2_500) long limit) {
    CosineLog schedule = new CosineLog(1, cycles, length);
    List<Long> expected = new ArrayList<>();
    for (long count = 1; count <= Math.min(limit, length); count++) {
      long shares = (1L << cycles) - 1;
      for (int cycle = 1; cycle <= cycles; cycle++) {
        long valley = length * ((1L << cycle) - 1); // in parts of a count
        if (count * shares >= valley && (count - 1) * shares < valley) {
          expected.add(count);
          break;
        }
      }
    }
    assertEquals(expected, schedule.cycleEnds(limit));
    assertEquals(expected, new PerStep(schedule).cycleEnds(limit));
  }

  @Test
  void warmUpRisesToTheFirstRateOfWhatFollows() {
    Schedule then = new InverseTime(1, 1, 1);
    assertRates(new WarmUp(0.2, 4, then), 0, 0.2, 1, 0.4, 2, 0.6, 3, 0.8, 4, 1, 5, 0.5, 6, 1 / 3.0);
  }

  @Test
  void oneCycleRisesToItsPeakAndFallsBelowItsStart() {
    OneCycle cycle = new OneCycle(1, 55, 0.2, 10, 100);
    // Half way up and half way down, a half cosine is in the middle.
    assertRates(
        cycle, 0, 0.1, 5, 0.55, 10, 1, 32, (1 + 0.001) / 2, 54, 0.001, 55, 0.001, 1_000, 0.001);
    assertRates(new OneCycle(0.5, 10), 0, 0.02, 2, 0.5, 9, 0.02 / 1e4, 10, 0.02 / 1e4);
  }

  /**
   * PyTorch's {@code OneCycleLR(max_lr=1, total_steps=10)}, of the documentation's formula: what is
   * printed for it in a public bug report, to nine digits.
   */
  @Test
  void oneCycleOfTenStepsHasTheRatesOfPyTorch() {
    double[] rates = {
      0.04,
      0.52,
      1,
      0.950484632,
      0.811745654,
      0.611262022,
      0.388741978,
      0.188258346,
      0.049519368,
      4e-6
    };
    OneCycle cycle = new OneCycle(1, 10);
    for (int i = 0; i < rates.length; i++) {
      assertEquals(rates[i], cycle.rate(i), 5e-10, "at " + i);
    }
  }

  /**
   * The definition of {@code OneCycleLR}, word for word: a list of phases with their ends, of which
   * the first that has not ended is taken.
   */
  @Property
  void oneCycleIsThatOfPyTorchStepByStep(
      @ForAll @LongRange(min = 1, max = 300) long total,
      @ForAll @DoubleRange(min = 0.001, max = 0.999) @Scale(3) double pctStart,
      @ForAll @DoubleRange(min = 1, max = 50) double divFactor,
      @ForAll @DoubleRange(min = 1, max = 20_000) double finalDivFactor) {
    double maxLr = 0.7;
    double initialLr = maxLr / divFactor;
    double minLr = initialLr / finalDivFactor;
    double[] ends = {pctStart * total - 1, total - 1.0};
    double[] rates = {initialLr, maxLr, minLr};
    OneCycle cycle = new OneCycle(maxLr, total, pctStart, divFactor, finalDivFactor);
    for (int step = 0; step < total; step++) {
      double start = 0;
      double expected = Double.NaN;
      for (int phase = 0; phase < 2; phase++) {
        if (step <= ends[phase] || phase == 1) {
          double share = (step - start) / (ends[phase] - start);
          double cosine = 1 + StrictMath.cos(Math.PI * share);
          expected = rates[phase + 1] + (rates[phase] - rates[phase + 1]) / 2 * cosine;
          break;
        }
        start = ends[phase];
      }
      if (step == 0 && ends[0] == 0) {
        expected = maxLr; // there 0/0; the way up is this one rate
      }
      assertEquals(expected, cycle.rate(step), 1e-12 * maxLr, "step " + step);
    }
  }

  /**
   * {@code SequentialLR} of {@code LinearLR(1/4, total_iters=3)} and {@code CosineAnnealingLR(7)}.
   */
  @Test
  void aWarmUpBeforeACosineHasTheRatesOfPyTorch() {
    double[] rates = {
      0.25,
      0.5,
      0.75,
      1,
      0.950484434,
      0.811744901,
      0.611260467,
      0.388739533,
      0.188255099,
      0.049515566
    };
    Schedule schedule = new WarmUp(0.25, 3, new Cosine(1, 0, 7));
    for (int i = 0; i < rates.length; i++) {
      assertEquals(rates[i], schedule.rate(i), 5e-10, "at " + i);
    }
  }

  @Test
  void chainedSchedulesCountFromTheirOwnBeginning() {
    assertRates(CHAINED, 0, 1, 2, 0.75, 3, 0.625, 4, 0.5, 8, 0.3, 12, 0.1, 13, 0.05, 14, 0.1 / 3);
  }

  /** A leg has as many counts as its length says: its last is the one before that. */
  @Property
  void everyLegRunsExactlyForItsLength(
      @ForAll List<@LongRange(min = 1, max = 9) Long> lengths,
      @ForAll @LongRange(max = 40) long count) {
    List<Chained.Leg> legs = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    for (int leg = 0; leg < lengths.size(); leg++) {
      Staircase falling = new Staircase(leg + 1, 0.5, 1);
      legs.add(new Chained.Leg(falling, lengths.get(leg)));
      for (long i = 0; i < lengths.get(leg); i++) {
        rates.add((leg + 1) * Math.pow(0.5, i));
      }
    }
    double expected =
        count < rates.size() ? rates.get((int) count) : 100 * Math.pow(0.5, count - rates.size());
    assertEquals(expected, new Chained(legs, new Staircase(100, 0.5, 1)).rate(count));
  }

  @Test
  void partsThatMeetAreContinuous() {
    // 10⁶ counts on each part: no jump is larger than the steepest slope.
    long n = 1_000_000;
    Schedule warm = new WarmUp(0.01, n, new OneCycle(1, 2 * n, 0.3, 1, 1e4));
    Chained chained =
        new Chained(List.of(new Chained.Leg(warm, 3 * n)), new Polynomial(1e-4, 0, 2, n));
    for (long meeting : new long[] {n, n + 600_000 - 1, 3 * n, 4 * n}) {
      for (long at = meeting - 2; at < meeting + 2; at++) {
        assertEquals(chained.rate(at), chained.rate(at + 1), 5e-6, "at " + at);
      }
    }
  }

  @Provide
  Arbitrary<Schedule> schedules() {
    return Arbitraries.of(
        new Constant(0.1),
        new Staircase(0.1, 0.5, 100),
        new MultiStep(0.1, 0.5, List.of(1L, 10L, 11L)),
        new InverseTime(0.1, 5, 1),
        new InverseSquareRoot(0.1),
        new Polynomial(0.1, 1e-3, 3, 77),
        new Polynomial(1e-3, 0.1, 3, 77),
        new Cosine(0.1, 1e-9, 1_009),
        new CosineRestarts(0.1, 1e-3, 3, 7),
        new WarmUp(1e-3, 5, new Cosine(0.1, 1e-3, 9)),
        new OneCycle(0.1, 1_001),
        CHAINED,
        new PerStep(CHAINED));
  }

  @Property
  void ratesArePositiveUnlessTheEndIsZero(
      @ForAll("schedules") Schedule schedule, @ForAll @LongRange(max = 3_000) long count) {
    assertTrue((float) schedule.rate(count) > 0);
  }

  @Property
  void halfCosineAgreesWithTheJdk(@ForAll @DoubleRange(max = 1) @Scale(9) double x) {
    double cosine = StrictMath.cos(Math.PI / 2 * x);
    assertEquals(cosine * cosine, HalfCosine.of(x), 1e-15);
  }

  @Test
  void halfCosineIsExactAtItsEnds() {
    assertEquals(1, HalfCosine.of(0));
    assertEquals(0, HalfCosine.of(1));
  }

  @Test
  void stepsAreCountedOnlyPerStep() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Schedule falling = new Staircase(1, 0.5, 1);
    Optimizer descent = Optimizer.sgd(1);
    Updater epochs = Updater.compile(descent.withSchedule(falling), network, Engine.standard());
    Updater steps =
        Updater.compile(descent.withSchedule(new PerStep(falling)), network, Engine.standard());
    float[] byEpoch = {4, 4};
    float[] byStep = {4, 4};
    for (int step = 0; step < 3; step++) {
      epochs.update(byEpoch, new float[] {1, 0}, 1);
      steps.update(byStep, new float[] {1, 0}, 1);
    }
    assertArrayEquals(new float[] {4 - 1.5f, 4}, byEpoch);
    assertArrayEquals(new float[] {4 - 1.75f, 4}, byStep);
    assertEquals(0.5, epochs.rate(1));
    assertEquals(0.125, steps.rate(1));
    assertEquals(0.25, steps.lastRate());
  }

  @Test
  void aRateOfZeroLeavesTheParametersWhereTheyAre() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Optimizer optimizer = Optimizer.adamW(1, 0.1).withSchedule(new Polynomial(1, 0, 1, 2));
    Updater updater = Updater.compile(optimizer, network, Engine.standard());
    float[] theta = {3, -2};
    updater.update(theta, new float[] {1, 5}, 2);
    assertArrayEquals(new float[] {3, -2}, theta);
  }

  @Test
  void argumentsOutsideTheirRangeAreRefusedByName() {
    assertRefused("interval: 0; expected at least 1", () -> new Staircase(1, 0.5, 0));
    assertRefused("factor: 1.5; expected a number in (0, 1]", () -> new Staircase(1, 1.5, 1));
    assertRefused("decay: -0.5; expected a finite number >= 0", () -> new InverseTime(1, -0.5, 1));
    assertRefused(
        "milestones: [3, 3]; expected numbers above 0 that ascend",
        () -> new MultiStep(1, 0.5, List.of(3L, 3L)));
    assertRefused(
        "milestones: [0]; expected numbers above 0 that ascend",
        () -> new MultiStep(1, 0.5, List.of(0L)));
    assertRefused("initial: 0.0; expected a finite number above 0", () -> new InverseSquareRoot(0));
    assertRefused("end: NaN; expected a finite number >= 0", () -> new Cosine(1, Double.NaN, 1));
    assertRefused("power: 0.0; expected a finite number above 0", () -> new Polynomial(1, 0, 0, 1));
    assertRefused("multiplier: 0; expected at least 1", () -> new CosineRestarts(1, 0, 5, 0));
    assertRefused(
        "start: 0.0; expected a number in (0, 1]", () -> new WarmUp(0, 5, new Constant(1)));
    assertRefused("rise: 1.0; expected a number in (0, 1)", () -> new OneCycle(1, 5, 1, 25, 1e4));
    assertRefused(
        "finalDivisor: 0.5; expected a finite number, 1 or more",
        () -> new OneCycle(1, 5, 0.3, 25, 0.5));
    assertRefused("length: 0; expected at least 1", () -> new Chained.Leg(new Constant(1), 0));
    PerStep inner = new PerStep(new Constant(1));
    String complaint = ": " + inner + " inside another; expected it outermost";
    assertRefused("schedule" + complaint, () -> new PerStep(inner));
    assertRefused("then" + complaint, () -> new WarmUp(1, 5, inner));
    assertRefused("last" + complaint, () -> new Chained(List.of(), inner));
    CosineLog fromZero = new CosineLog(1, 4, 9);
    assertRefused(
        "then: " + fromZero + "; expected one whose first rate is above 0",
        () -> new WarmUp(1, 5, fromZero));
    for (int cycles : new int[] {0, -1, 53}) {
      assertRefused(
          "cycles: " + cycles + "; expected a number from 1 to 52",
          () -> new CosineLog(1, cycles, 9));
    }
    assertTrue(new CosineLog(1, 52, Long.MAX_VALUE).rate(Long.MAX_VALUE / 3) > 0);
  }

  /** A cycle of restarts ends where the rate is the initial one again, and there alone. */
  @Property
  void cyclesEndWhereTheRateStartsHighAgain(
      @ForAll @LongRange(min = 2, max = 9) long period,
      @ForAll @LongRange(min = 1, max = 3) long multiplier,
      @ForAll @LongRange(max = 100) long limit) {
    Schedule restarts = new CosineRestarts(0.1, 0.01, period, multiplier);
    List<Long> expected = new ArrayList<>();
    for (long count = 1; count <= limit; count++) {
      if (restarts.rate(count) == 0.1) {
        expected.add(count);
      }
    }
    assertEquals(expected, restarts.cycleEnds(limit));
    assertEquals(restarts.cycleEnds(limit), new PerStep(restarts).cycleEnds(limit));
    Schedule warm = new WarmUp(0.5, 4, restarts);
    assertEquals(
        restarts.cycleEnds(limit).stream().map(end -> end + 4).toList(), warm.cycleEnds(limit + 4));
    assertEquals(List.of(), warm.cycleEnds(Math.min(limit, 4)));
  }

  @Test
  void cyclesOfChainedSchedulesAreThoseOfTheirLegs() {
    Schedule chained =
        new Chained(
            List.of(
                new Chained.Leg(new CosineRestarts(0.1, 0, 3, 1), 7),
                new Chained.Leg(new Constant(0.1), 5)),
            new CosineRestarts(0.1, 0, 2, 2));
    assertEquals(List.of(3L, 6L, 14L, 18L), chained.cycleEnds(25));
    assertEquals(List.of(3L), chained.cycleEnds(5));
    assertEquals(List.of(), new Cosine(0.1, 0, 5).cycleEnds(100));
    assertEquals(List.of(2L, 6L, 14L, 30L), new CosineLog(0.1, 4, 30).cycleEnds(99));
    assertEquals(
        List.of(Long.MAX_VALUE), new CosineLog(1, 1, Long.MAX_VALUE).cycleEnds(Long.MAX_VALUE));
    assertEquals(List.of(1L, 3L, 7L, 15L), new CosineRestarts(0.1, 0, 1, 2).cycleEnds(30));
    assertEquals(
        List.of(1L << 61), new CosineRestarts(0.1, 0, 1L << 61, 8).cycleEnds(Long.MAX_VALUE));
    assertRefused("count: -1; expected at least 0", () -> chained.cycleEnds(-1));
  }
}
