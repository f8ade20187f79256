package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MeanLossTest {

  private static final Team ALONE = Parallel.callerRuns().team();

  private static final MeanLoss LOSS =
      MeanLoss.compile(
          Network.inputs(1).dense(2).loss(new Loss.SquaredError()), 3, Engine.of("scalar"));

  @Test
  void theMeanIsOverRowsAndTheGradientTakesTheScoresPlace() {
    float[] scores = {1, 2, 3, 4};
    double loss = LOSS.of(ALONE, scores, new float[] {0, 0, 3, 2}, 2, null, 2);
    assertEquals((0.5 * (1 + 4) + 0.5 * 4) / 2, loss);
    assertArrayEquals(new float[] {0.5f, 1, 0, 1}, scores);
  }

  private static double loss(
      Loss loss, float[] scores, float[] targets, int targetColumns, int rows) {
    Network network = Network.inputs(1).dense(scores.length / rows).loss(loss);
    return MeanLoss.compile(network, rows, Engine.standard())
        .of(ALONE, scores, targets, targetColumns, null, rows);
  }

  @Test
  void weightsMultiplyLossesAndGradientsAndDivideByTheRows() {
    float[] scores = {1, 2, 3, 4};
    float[] weights = {4, 0.5f};
    double loss = LOSS.of(ALONE, scores, new float[] {0, 0, 3, 2}, 2, weights, 2);
    assertEquals((4 * 0.5 * (1 + 4) + 0.5 * 0.5 * 4) / 2, loss);
    assertArrayEquals(new float[] {2, 4, 0, 0.5f}, scores);
  }

  @Test
  void smoothedClassNumbersHaveTheLossOfSmoothedProbabilities() {
    float[] sparse = {1, -2, 0.5f, 3, 0, 7};
    float[] dense = sparse.clone();
    float on = 0.75f + 0.25f / 3;
    float off = 0.25f / 3;
    float[] smoothed = {off, off, on, on, off, off};
    assertEquals(
        loss(new Loss.SoftmaxCrossEntropy(), dense, smoothed, 3, 2),
        loss(new Loss.SoftmaxCrossEntropy(0.25f), sparse, new float[] {2, 0}, 1, 2));
    assertArrayEquals(dense, sparse);
    float[] oneHot = {1, -2, 0.5f, 3, 0, 7};
    loss(new Loss.SoftmaxCrossEntropy(0.25f), oneHot, new float[] {0, 0, 1, 1, 0, 0}, 3, 2);
    assertArrayEquals(dense, oneHot);
  }

  @Test
  void smoothedSigmoidIsSmoothedSoftmaxOfTwoClasses() {
    float[] one = {1.5f, -3, 0};
    float[] two = {0, 1.5f, 0, -3, 0, 0};
    float[] classes = {1, 1, 0};
    assertEquals(
        loss(new Loss.SoftmaxCrossEntropy(0.3f), two, classes, 1, 3),
        loss(new Loss.SigmoidCrossEntropy(0.3f), one, classes, 1, 3),
        1e-6);
    assertArrayEquals(new float[] {two[1], two[3], two[5]}, one, 1e-7f);
  }

  @Test
  void smoothedLossIsSmallestAtTheSmoothedProbability() {
    float[] scores = {(float) Math.log(0.95 / 0.05), (float) Math.log(0.05 / 0.95)};
    loss(new Loss.SigmoidCrossEntropy(0.1f), scores, new float[] {1, 0}, 1, 2);
    assertArrayEquals(new float[2], scores, 1e-7f);
  }

  private static float sum(float[] values) {
    float sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  @Test
  void poissonIsSmallestAtTheLogarithmOfTheMean() {
    float[] scores = new float[4];
    Arrays.fill(scores, (float) Math.log(2.5));
    double loss = loss(new Loss.Poisson(), scores, new float[] {0, 1, 7, 2}, 1, 4);
    assertEquals(2.5 - 2.5 * Math.log(2.5), loss, 1e-6);
    assertEquals(0, sum(scores), 1e-6f);
  }

  @Test
  void quantileIsSmallestWhereItsShareOfTheTargetsLiesBelow() {
    float[] scores = {6, 6, 6, 6};
    double loss = loss(new Loss.Quantile(0.75f), scores, new float[] {7, 1, 5, 2}, 1, 4);
    assertEquals((0.75 * 1 + 0.25 * (5 + 1 + 4)) / 4, loss, 1e-6);
    assertEquals(0, sum(scores));
  }

  @Test
  void poissonRefusesTargetsBelowZeroAndNotFinite() {
    MeanLoss poisson =
        MeanLoss.compile(
            Network.inputs(1).dense(2).loss(new Loss.Poisson()), 3, Engine.of("scalar"));
    poisson.check(new float[] {0, 1, 2.5f, 3e38f}, 2, 2);
    for (float bad : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> poisson.check(new float[] {0, 1, 2, bad}, 2, 2));
      assertEquals(
          "batch: target %s in row 1; expected a number that Poisson[] takes".formatted(bad),
          e.getMessage());
    }
  }

  @Test
  void badInputIsRefusedByName() {
    refused("rows: 4; expected 1 to 3", new float[8], new float[8], 4);
    refused("rows: 0; expected 1 to 3", new float[8], new float[8], 0);
    refused("scores: length 3; expected at least 2 rows of 2", new float[3], new float[4], 2);
    refused("targets: length 3; expected at least 2 rows of 2", new float[4], new float[3], 2);
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> LOSS.of(ALONE, new float[4], new float[4], 2, new float[1], 2));
    assertEquals("weights: length 1; expected at least 2 rows of 1", e.getMessage());
  }

  private static void refused(String message, float[] scores, float[] targets, int rows) {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> LOSS.of(ALONE, scores, targets, 2, null, rows));
    assertTrue(e.getMessage().equals(message), e.getMessage());
  }
}
