package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.MemoryRows;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The learning-rate range test. */
class RateFinderTest {

  private static final Engine ENGINE = Engine.standard();

  @Test
  void ratesGrowByAConstantFactorFromLowToHigh() {
    RateFinder finder = new RateFinder(1e-4, 1, 5);
    double[] rates = new double[5];
    for (int i = 0; i < 5; i++) {
      rates[i] = finder.rate(i);
    }
    assertArrayEquals(new double[] {1e-4, 1e-3, 1e-2, 1e-1, 1}, rates, 1e-12);
  }

  @Test
  void theStandardFinderTriesAHundredRatesFromAMillionthToTen() {
    assertEquals(new RateFinder(1e-6, 10, 100), RateFinder.standard());
  }

  /** ½w² from w = 1: a step of rate r leads to (1 − r)·w, whose loss is the point's. */
  @Test
  void pointsHaveTheLossesThatTheRatesLeadTo() {
    Network network =
        Network.inputs(1)
            .add(new Dense(1).withInitializer(new Initializer.Zeros()))
            .loss(new Loss.SquaredError());
    Dataset rows = Dataset.of(new float[] {1, -1}, 1, new float[] {1, -1}, 1);
    Training training =
        Training.start(
            Recipe.of(network, Optimizer.sgd(1)).withBatchSize(0), TrainingData.of(rows), ENGINE);
    RateFinder finder = new RateFinder(0.013, 100, 9);
    List<RateFinder.Curve.Point> points = finder.find(training).points();
    double w = 1;
    double average = 0;
    double lowest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < points.size(); i++) {
      RateFinder.Curve.Point point = points.get(i);
      assertEquals(finder.rate(i), point.rate());
      w *= 1 - finder.rate(i);
      assertEquals(w * w / 2, point.loss(), 1e-5 * w * w);
      average = 0.9 * average + 0.1 * point.loss();
      double smoothed = average / (1 - Math.pow(0.9, i + 1));
      assertEquals(smoothed, point.smoothedLoss(), 1e-9 * smoothed);
      boolean last = i == points.size() - 1;
      lowest = Math.min(lowest, smoothed);
      double limit = lowest + 3 * points.getFirst().smoothedLoss();
      assertEquals(last, smoothed > limit, () -> "stops when blown up: " + points);
    }
    assertTrue(points.size() < 9, points::toString);
  }

  @Test
  void changesNothingOfTheTraining() {
    Recipe recipe =
        Samples.recipe()
            .withEpochs(3)
            .withEarlyStopping(EarlyStopping.patience(2))
            .withReduceOnPlateau(ReduceOnPlateau.of(1, 0.5));
    Training plain = Training.start(recipe, Samples.data(), ENGINE);
    Training tried = Training.start(recipe, Samples.data(), ENGINE);
    RateFinder finder = new RateFinder(1e-4, 1, 20);
    List<RateFinder.Curve> curves = new ArrayList<>();
    for (int step = 0; !plain.finished(); step++) {
      if (step == 0 || step == 9) {
        curves.add(finder.find(tried));
      }
      plain.step();
      tried.step();
      assertArrayEquals(plain.latestParameters(), tried.latestParameters());
    }
    assertEquals(20, curves.getFirst().points().size());
    assertTrue(curves.get(1).points().getFirst().loss() < curves.get(0).points().getFirst().loss());
  }

  /** Whatever was the best so far, rates are tried from where the training stands. */
  @Test
  void ratesAreTriedFromTheLatestParameters() {
    Recipe recipe = Samples.recipe().withEpochs(5);
    Training plain = Training.start(recipe, Samples.data(), ENGINE);
    Training watching =
        Training.start(
            recipe.withEarlyStopping(EarlyStopping.patience(4).onMetric()),
            Samples.data().withMetric(Samples.scripted(0.9, 0.2, 0.1)),
            ENGINE);
    for (int i = 0; i < 3; i++) {
      plain.finishEpoch();
      watching.finishEpoch();
    }
    assertEquals(1, watching.bestEpoch());
    RateFinder finder = new RateFinder(1e-4, 1e-2, 5);
    assertEquals(finder.find(plain), finder.find(watching));
  }

  @Test
  void suggestionTrainsWell() {
    Training training =
        Training.start(Samples.recipe().withOptimizer(Optimizer.sgd(1e-9)), Samples.data(), ENGINE);
    double rate = new RateFinder(1e-6, 1e3, 200).find(training).suggestion().getAsDouble();
    assertTrue(rate > 1e-3 && rate < 10, () -> "rate " + rate);
    training.changeRate(rate);
    double first = training.finishEpoch().devLoss().getAsDouble();
    double last = first;
    for (Epoch epoch : training) {
      last = epoch.devLoss().getAsDouble();
    }
    assertTrue(last < first && last < 0.5, "dev loss " + last);
  }

  @Test
  void lossesBelowZeroEndTheCurveNoSooner() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.Poisson());
    float[] counts = new float[40];
    Arrays.fill(counts, 5);
    Dataset rows = Dataset.of(new float[80], 2, counts, 1);
    Recipe recipe = Recipe.of(network, Optimizer.sgd(1)).withBatchSize(8);
    Training training = Training.start(recipe, TrainingData.of(rows), ENGINE);
    for (int i = 0; i < 20; i++) {
      training.finishEpoch();
    }
    assertEquals(30, new RateFinder(1e-6, 1e-3, 30).find(training).points().size());
  }

  @Test
  void whatTheCopyReadsIsClosed() {
    MemoryRows rows = new MemoryRows(Samples.classes(97, 1));
    Training training =
        Training.start(
            Samples.recipe().withEarlyStopping(EarlyStopping.never()),
            TrainingData.streaming(rows, 8),
            ENGINE);
    new RateFinder(1e-4, 1e-3, 2).find(training);
    assertEquals(rows.opened, rows.closed);
  }

  @Test
  void divergenceEndsTheCurve() {
    Training training =
        Training.start(Samples.recipe().withOptimizer(Optimizer.sgd(1)), Samples.data(), ENGINE);
    assertTrue(new RateFinder(1e36, 1e38, 50).find(training).points().size() < 10);
  }

  @Test
  void suggestionIsATenthOfTheRateOfTheLowestLoss() {
    RateFinder.Curve curve =
        new RateFinder.Curve(
            List.of(
                new RateFinder.Curve.Point(0.01, 9, 3),
                new RateFinder.Curve.Point(0.1, 9, 1),
                new RateFinder.Curve.Point(1, 0, 2)));
    assertEquals(OptionalDouble.of(0.01), curve.suggestion());
    assertEquals(
        OptionalDouble.empty(), new RateFinder.Curve(curve.points().subList(1, 3)).suggestion());
    assertEquals(OptionalDouble.empty(), new RateFinder.Curve(List.of()).suggestion());
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    refused("low: 0.0; expected a number above 0", 0, 1, 2);
    refused("low: NaN; expected a number above 0", Double.NaN, 1, 2);
    refused("high: 0.5; expected a finite number above low, 0.5", 0.5, 0.5, 2);
    refused("high: 1.0E39; expected a finite number above low, 0.5", 0.5, 1e39, 2);
    refused("steps: 1; expected at least 2", 0.5, 1, 1);
  }

  private static void refused(String message, double low, double high, int steps) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new RateFinder(low, high, steps));
    assertEquals(message, e.getMessage());
  }
}
