package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rule that lowers the learning rate when the dev rows' score no longer improves. */
class PlateauTest {

  private static final Engine ENGINE = Engine.standard();

  private static ReduceOnPlateau watching(
      int patience, double factor, double delta, double minimum) {
    return ReduceOnPlateau.of(patience, factor)
        .onMetric()
        .withMinimumDelta(delta)
        .withMinimumRate(minimum);
  }

  private static Training training(ReduceOnPlateau rule, Optimizer optimizer, double... scores) {
    Recipe recipe =
        Samples.recipe()
            .withOptimizer(optimizer)
            .withEpochs(scores.length)
            .withReduceOnPlateau(rule);
    return Training.start(recipe, Samples.data().withMetric(Samples.scripted(scores)), ENGINE);
  }

  private static List<Double> rates(ReduceOnPlateau rule, double... scores) {
    List<Double> rates = new ArrayList<>();
    training(rule, Optimizer.sgd(1), scores).forEach(e -> rates.add(e.rate()));
    return rates;
  }

  @Test
  void lowersTheRateExactlyAfterPatienceBadEpochsInARow() {
    assertEquals(
        List.of(1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125),
        rates(watching(2, 0.5, 0, 0), 0.5, 0.5, 0.4, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6));
    assertEquals(
        List.of(1.0, 1.0, 1.0, 1.0, 1.0),
        rates(watching(2, 0.5, 0, 0), 0.5, 0.5, 0.6, 0.5, 0.7),
        "an improvement begins the count anew");
  }

  @Test
  void improvementsBelowTheMinimumDeltaAndNaNDoNotCount() {
    assertEquals(
        List.of(1.0, 1.0, 0.5, 0.25), rates(watching(1, 0.5, 0.1, 0), 0.5, 0.55, Double.NaN, 1));
  }

  @Test
  void neverGoesBelowTheMinimumRate() {
    List<Double> rates = rates(watching(1, 0.1, 0, 0.03), 1, 0, 0, 0, 0, 0);
    assertEquals(List.of(1.0, 1.0, 0.1), rates.subList(0, 3));
    rates.subList(3, 6).forEach(rate -> assertEquals(0.03, rate, 1e-17));
  }

  @Test
  void leavesARateBelowTheMinimumAsItIs() {
    assertEquals(List.of(1.0, 1.0, 1.0), rates(watching(1, 0.1, 0, 3), 1, 0, 0));
  }

  @Test
  void theRateStaysAboveZeroForEver() {
    double[] scores = new double[60];
    List<Double> rates = rates(watching(1, 1e-3, 0, 0), scores);
    assertEquals(Float.MIN_NORMAL, rates.getLast(), 1e-44);
  }

  @Test
  void lowersAScheduleAndARateSetByHand() {
    Optimizer halving = Optimizer.sgd(1).withSchedule(new Schedule.Staircase(1, 0.5, 1));
    Training training = training(watching(2, 0.1, 0, 0), halving, 1, 0, 0, 0, 0, 0, 0, 0);
    List<Double> rates = new ArrayList<>();
    for (int epoch = 0; epoch < 4; epoch++) {
      rates.add(training.finishEpoch().rate());
    }
    assertArrayEquals(new double[] {1, 0.5, 0.25, 0.0125}, array(rates), 1e-17);
    training.changeRate(0.7);
    rates.clear();
    for (int epoch = 0; epoch < 3; epoch++) {
      rates.add(training.finishEpoch().rate());
    }
    assertArrayEquals(new double[] {0.7, 0.07, 0.07}, array(rates), 1e-16);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Test
  void watchesTheDevLossToo() {
    Recipe recipe =
        Samples.recipe()
            .withOptimizer(Optimizer.sgd(1e-9))
            .withEpochs(8)
            .withReduceOnPlateau(ReduceOnPlateau.of(1, 0.5).withMinimumDelta(1e9));
    Training training = Training.start(recipe, Samples.data(), ENGINE);
    List<Double> rates = new ArrayList<>();
    training.forEach(epoch -> rates.add(epoch.rate()));
    assertEquals(List.of(1e-9, 1e-9, 0.5e-9, 0.25e-9), rates.subList(0, 4));
  }

  @Test
  void divergenceBringsTheRateOfTheLastEpochBack() {
    Training training = training(watching(1, 0.5, 0, 0), Optimizer.sgd(0.5), 1, 0, 0, 0, 0);
    training.finishEpoch();
    training.finishEpoch();
    training.step();
    training.changeRate(1e37);
    assertThrows(DivergedException.class, training::finishEpoch);
    assertEquals(0.25, training.finishEpoch().rate());
  }

  @Test
  void dataWithoutWhatItWatchesAreRefused() {
    Recipe recipe = Samples.recipe().withReduceOnPlateau(ReduceOnPlateau.of(3, 0.1));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Training.start(recipe, TrainingData.of(Samples.data().training()), ENGINE));
    assertEquals(
        "plateau: patience 3 watches DEV_LOSS; expected data with dev rows", e.getMessage());
    Recipe metric = Samples.recipe().withReduceOnPlateau(watching(2, 0.1, 0, 0));
    e =
        assertThrows(
            IllegalArgumentException.class, () -> Training.start(metric, Samples.data(), ENGINE));
    assertTrue(e.getMessage().endsWith("expected data with dev rows and a metric"));
  }

  @Test
  void statesThatTheRuleCannotLeadToAreRefused() {
    PlateauWatch watch = new PlateauWatch(watching(3, 0.5, 0, 0));
    watch.restore(new PlateauWatch.State(0.5, 2));
    assertEquals(new PlateauWatch.State(0.5, 2), watch.state());
    for (PlateauWatch.State state :
        new PlateauWatch.State[] {
          null, new PlateauWatch.State(0.5, 3), new PlateauWatch.State(0.5, -1)
        }) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> watch.restore(state));
      assertEquals(
          "plateau: %s; expected a score and 0 to 2 epochs waited".formatted(state),
          e.getMessage());
    }
  }

  @Test
  void warmingUpNeedsNoDevRows() {
    Training training = training(watching(1, 0.5, 0, 0), Optimizer.sgd(0.1), 1, 1);
    training.warmUp();
    assertEquals(0.1, training.finishEpoch().rate());
  }
}
