package dev.lanewise.update;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.PromptThreads;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.update.Updater.State;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** What a caller does to an updater between its steps. */
class LiveUpdaterTest {

  private static final Engine ENGINE = Engine.standard();
  private static final Network NETWORK = Network.inputs(1).dense(1).loss(new Loss.SquaredError());

  /** A rate of 1 in epoch 0, halved with each epoch. */
  private static final Optimizer HALVED =
      Optimizer.sgd(1).withSchedule(new Schedule.Staircase(1, 0.5, 1));

  private static Updater updater(Optimizer optimizer) {
    return Updater.compile(optimizer, NETWORK, ENGINE);
  }

  /** How far one step goes along a gradient of 1. */
  private static float stride(Updater updater, int epoch) {
    float[] theta = new float[2];
    updater.update(theta, new float[] {1, 1}, epoch);
    assertEquals(theta[0], theta[1]);
    return -theta[0];
  }

  @Example
  void aRateByHandTakesThePlaceOfTheSchedule() {
    Updater updater = updater(HALVED);
    assertEquals(0.25f, stride(updater, 2));
    updater.changeRate(0.75);
    assertEquals(0.75f, stride(updater, 2));
    assertEquals(0.75f, stride(updater, 5));
    updater.changeRate(0.125);
    assertEquals(0.125, updater.rate(7));
  }

  @Example
  void factorsMultiplyWhicheverRateThereIsUntilItIsChanged() {
    Updater updater = updater(HALVED);
    updater.scaleRate(0.5);
    updater.scaleRate(0.25);
    assertEquals(0.125, updater.rate(0));
    assertEquals(0.0625f, stride(updater, 1));
    updater.changeRate(3);
    assertEquals(3, updater.rate(1));
    updater.scaleRate(0.5);
    assertEquals(1.5f, stride(updater, 1));
  }

  @Example
  void theLastRateIsThatOfTheLastStep() {
    Updater updater = updater(HALVED);
    assertEquals(Double.NaN, updater.lastRate());
    stride(updater, 3);
    updater.changeRate(9);
    assertEquals(0.125, updater.lastRate());
    stride(updater, 3);
    assertEquals(9, updater.lastRate());
  }

  @Example
  void ratesAndFactorsThatAreNotPositiveAreRefusedAndChangeNothing() {
    Updater updater = updater(HALVED);
    updater.scaleRate(0.5);
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      var rate = assertThrows(IllegalArgumentException.class, () -> updater.changeRate(bad));
      assertEquals("rate: " + bad + "; expected a finite number above 0", rate.getMessage());
      var factor = assertThrows(IllegalArgumentException.class, () -> updater.scaleRate(bad));
      assertTrue(factor.getMessage().startsWith("rateFactor: "), factor::getMessage);
    }
    assertEquals(0.25, updater.rate(1));
  }

  @Property(tries = 20)
  void anUpdaterGoesOnFromWhereAnotherStandsAndSharesNothingWithIt(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.1, max = 2) double factor) {
    Optimizer optimizer =
        Optimizer.adam(0.1).withSchedule(new Schedule.PerStep(new Schedule.Cosine(1, 0, 9)));
    Random random = new Random(seed);
    Updater one = updater(optimizer);
    for (int step = 0; step < 3; step++) {
      one.update(new float[2], gradient(random), 0);
    }
    one.scaleRate(factor);
    Updater other = updater(optimizer);
    other.restore(one);
    assertEquals(3, other.step());
    assertEquals(one.rate(0), other.rate(0));
    final State before = other.state();
    float[] expected = {1, 2};
    float[] found = {1, 2};
    float[] next = gradient(random);
    one.update(expected, next, 0);
    assertSameState(before, other.state());
    other.update(found, next, 0);
    assertArrayEquals(expected, found);
    assertSameState(one.state(), other.state());
  }

  @Example
  void aStateIsACopy() {
    Updater updater = updater(Optimizer.momentum(1, 0.5, Transform.MomentumForm.CLASSIC));
    stride(updater, 0);
    State state = updater.state();
    stride(updater, 0);
    assertEquals(1, state.step());
    assertArrayEquals(new float[] {1, 1}, state.moments().get("link1.velocity"));
    assertArrayEquals(new float[] {1.5f, 1.5f}, updater.state().moments().get("link1.velocity"));
    updater.restore(state);
    Arrays.fill(state.moments().get("link1.velocity"), 7);
    assertArrayEquals(new float[] {1, 1}, updater.state().moments().get("link1.velocity"));
    assertThrows(UnsupportedOperationException.class, () -> state.moments().clear());
  }

  @Example
  void aRefusedStateLeavesEveryMomentAsItWas() {
    Updater updater = updater(Optimizer.adam(1));
    stride(updater, 0);
    final State before = updater.state();
    State misshapen =
        new State(
            4,
            0,
            OptionalDouble.of(1),
            2,
            Map.of("link1.mean", new float[] {8, 8}, "link1.squares", new float[3]));
    var e = assertThrows(IllegalArgumentException.class, () -> updater.restore(misshapen));
    assertEquals("optimiser state link1.squares: 3 floats; expected 2", e.getMessage());
    assertSameState(before, updater.state());
  }

  private static void assertSameState(State expected, State found) {
    assertEquals(expected.step(), found.step());
    assertEquals(expected.rateByHand(), found.rateByHand());
    assertEquals(expected.rateFactor(), found.rateFactor());
    assertEquals(expected.moments().keySet(), found.moments().keySet());
    expected
        .moments()
        .forEach((name, values) -> assertArrayEquals(values, found.moments().get(name), name));
  }

  private static float[] gradient(Random random) {
    return new float[] {(float) random.nextGaussian(), (float) random.nextGaussian()};
  }

  @Example
  void theScheduleIsAskedForTheEpochThatIsGiven() {
    Updater updater = updater(HALVED);
    assertEquals(0.125f, stride(updater, 3));
    assertEquals(1, stride(updater, 0));
    assertThrows(IllegalArgumentException.class, () -> stride(updater, -1));
  }

  /** A small network's step is no work to share; a large one's asks once, and lets go again. */
  @Example
  void helpersAreAskedForOnceAStepAndOnlyWhereThereIsWorkForThem() {
    AtomicInteger asked = new AtomicInteger();
    try (PromptThreads threads = new PromptThreads()) {
      Engine engine =
          ENGINE.withParallel(
              Parallel.on(
                  command -> {
                    asked.incrementAndGet();
                    threads.execute(command);
                  },
                  2));
      step(Updater.compile(Optimizer.adam(1), NETWORK, engine), NETWORK);
      assertEquals(0, asked.get());
      Network large = Network.inputs(200).dense(200).dense(1).loss(new Loss.SquaredError());
      Updater updater = Updater.compile(Optimizer.adam(1).withClipNorm(1), large, engine);
      for (int step = 1; step <= 3; step++) {
        step(updater, large);
        assertEquals(step, asked.get());
      }
    }
  }

  @Example
  void anUpdaterOverAPlanUsesThePlansThreads() {
    AtomicInteger asked = new AtomicInteger();
    Network large = Network.inputs(200).dense(200).dense(1).loss(new Loss.SquaredError());
    Engine engine = ENGINE.withParallel(Parallel.on(command -> asked.incrementAndGet(), 2));
    TrainingPlan plan = TrainingPlan.compile(large, 1, engine);
    Updater updater = Updater.compile(Optimizer.adam(1), plan);
    plan.team().open();
    try {
      assertEquals(1, asked.get());
      step(updater, large);
      assertEquals(1, asked.get());
    } finally {
      plan.team().close();
    }
    step(updater, large);
    assertEquals(2, asked.get());
  }

  private static void step(Updater updater, Network network) {
    int size = network.layout().size();
    updater.update(new float[size], new float[size], 0);
  }
}
