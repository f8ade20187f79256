package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Classification;
import dev.lanewise.metric.Temperature;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DevMetricTest {

  private static final Loss SIGMOID = new Loss.SigmoidCrossEntropy();
  private static final Loss SOFTMAX = new Loss.SoftmaxCrossEntropy();
  private static final Loss SQUARED = new Loss.SquaredError();

  private static Dataset rows(int targetColumns, float... targets) {
    return Dataset.of(new float[targets.length / targetColumns], 1, targets, targetColumns);
  }

  @Test
  void readyOnesOfTwoClassesAreTheTextbooks() {
    Dataset dev = rows(1, 1, 0, 1, 0);
    float[] logits = {2, 1, -1, -3};
    assertEquals(0.5, DevMetric.accuracy().score(logits, dev, SIGMOID));
    assertEquals(0.75, DevMetric.auc().score(logits, dev, SIGMOID));
    assertEquals(0.5, DevMetric.macroF1().score(logits, dev, SIGMOID));
    double loss = 0;
    for (double z : new double[] {2, -1, -1, 3}) {
      loss += Math.log1p(Math.exp(-z)) / 4;
    }
    assertEquals(loss, DevMetric.logLoss().score(logits, dev, SIGMOID), 1e-12);
    assertEquals(Double.NaN, DevMetric.auc().score(logits, rows(1, 1, 1, 1, 1), SIGMOID));
  }

  /** Logits of some classes, the true one a little larger, with two outputs or more, or one. */
  private static float[] logits(Random random, int outputs, float[] targets) {
    float[] logits = new float[targets.length * outputs];
    for (int r = 0; r < targets.length; r++) {
      targets[r] = random.nextInt(Math.max(2, outputs));
      for (int c = 0; c < outputs; c++) {
        boolean larger = outputs == 1 ? targets[r] == 1 : targets[r] == c;
        logits[r * outputs + c] = (float) (2 * random.nextGaussian() + (larger ? 2 : 0));
      }
    }
    return logits;
  }

  @Property(tries = 100)
  void theCalibratedLogLossIsTheLeastOfAllTemperatures(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int outputs,
      @ForAll @IntRange(min = 1, max = 50) int rows) {
    float[] targets = new float[rows];
    float[] logits = logits(new Random(seed), outputs, targets);
    Loss loss = outputs == 1 ? SIGMOID : SOFTMAX;
    double least = DevMetric.calibratedLogLoss().score(logits, rows(1, targets), loss);
    assertTrue(least <= DevMetric.logLoss().score(logits, rows(1, targets), loss));
    for (double t = Temperature.LEAST; t <= Temperature.MOST; t *= 1.3) {
      Temperature other = new Temperature((float) t);
      double its = Classification.of(logits, outputs, targets, rows, other).logLoss();
      assertTrue(least <= its + 1e-7 * (1 + its), () -> least + " against " + its);
    }
  }

  /** Within the range of temperatures, whose ends rows reach that are all right or all wrong. */
  @Property(tries = 100)
  void theCalibratedLogLossDoesNotDependOnTheScaleOfLogits(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int outputs,
      @ForAll @IntRange(min = -2, max = 2) int exponent) {
    float[] targets = new float[300];
    float[] logits = logits(new Random(seed), outputs, targets);
    float[] scaled = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      scaled[i] = Math.scalb(logits[i], exponent);
    }
    Loss loss = outputs == 1 ? SIGMOID : SOFTMAX;
    DevMetric metric = DevMetric.calibratedLogLoss();
    assertEquals(
        metric.score(logits, rows(1, targets), loss),
        metric.score(scaled, rows(1, targets), loss),
        1e-12);
  }

  @Test
  void aColumnForEachClassStandsForTheLargest() {
    float[] logits = {0, 1, 2, 5, 1, 1};
    assertEquals(0.5, DevMetric.accuracy().score(logits, rows(1, 2, 1), SOFTMAX));
    assertEquals(0.5, DevMetric.accuracy().score(logits, rows(3, 0, 0, 1, 0, 1, 0), SOFTMAX));
  }

  @Test
  void severalLabelsToARowCountEachByItself() {
    float[] logits = {1, -1, 1, 1};
    assertEquals(0.75, DevMetric.accuracy().score(logits, rows(2, 1, 0, 1, 0), SIGMOID));
  }

  @Test
  void readyOnesOfValuesAreTheTextbooks() {
    Dataset dev = rows(1, 1, 4, 7);
    float[] values = {2, 4, 9};
    assertEquals(Math.sqrt(5 / 3.0), DevMetric.rmse().score(values, dev, SQUARED));
    assertEquals(1, DevMetric.mae().score(values, dev, SQUARED));
    assertEquals(1 - 5 / 18.0, DevMetric.r2().score(values, dev, SQUARED), 1e-15);
  }

  @Test
  void meansUnderPoissonAreComparedNotTheirLogarithms() {
    Dataset dev = rows(1, 1, 2);
    float[] logarithms = {0, (float) Math.log(3)};
    assertEquals(0.5, DevMetric.mae().score(logarithms, dev, new Loss.Poisson()), 1e-6);
  }

  /**
   * A network that has left the finite numbers is no better than it was, and no fault of the rows.
   */
  @Test
  void outputsThatAreNotFiniteScoreNaN() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] outputs = {1, bad};
      assertEquals(Double.NaN, DevMetric.accuracy().score(outputs, rows(1, 0, 1), SIGMOID));
      assertEquals(Double.NaN, DevMetric.rmse().score(outputs, rows(1, 0, 1), SQUARED));
    }
  }

  @Test
  void aMetricOfClassesIsRefusedForValuesBeforeAnyStep() {
    Network network = Network.inputs(1).dense(1).loss(SQUARED);
    TrainingData data =
        TrainingData.of(rows(1, 0, 1)).withDev(rows(1, 0, 1)).withMetric(DevMetric.auc());
    Recipe recipe = Recipe.of(network, Optimizer.adam(0.1));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Training.start(recipe, data, Engine.standard()));
    assertTrue(e.getMessage().startsWith("metric: auc under SquaredError"), e.getMessage());
  }

  @Test
  void earlyStoppingOnAucTakesTheEpochOfTheLargest() {
    Network network = Network.inputs(2).dense(4).relu().dense(1).loss(SIGMOID);
    Recipe recipe =
        Recipe.of(network, Optimizer.adam(0.1))
            .withEpochs(12)
            .withEarlyStopping(EarlyStopping.patience(3).onMetric());
    TrainingData data =
        TrainingData.of(Samples.binary(60, 1))
            .withDev(Samples.binary(200, 2))
            .withMetric(DevMetric.auc());
    Training training = Training.start(recipe, data, Engine.standard());
    List<Double> aucs = new ArrayList<>();
    training.forEach(epoch -> aucs.add(epoch.devMetric().orElseThrow()));
    int best = 0;
    for (int i = 1; i < aucs.size(); i++) {
      best = aucs.get(i) > aucs.get(best) ? i : best;
    }
    assertEquals(best + 1, training.bestEpoch());
    assertTrue(aucs.get(best) > 0.9);
  }
}
