package dev.lanewise.plan;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What plans just take, and what they no longer do. */
class PlanLimitsTest {

  private static final Engine ENGINE = Engine.standard();

  private static double loss(Network network, int maxRows, Batch batch) {
    float[] theta = network.initialParameters(1);
    return TrainingPlan.compile(network, maxRows, ENGINE)
        .gradients(theta, batch, 0, new float[theta.length]);
  }

  private static Batch rows(int rows, int inputs, int targets) {
    return Batch.of(
        Dataset.of(new float[rows * inputs], inputs, new float[rows * targets], targets));
  }

  @Test
  void aPlanTakesBatchesOfOneRowUpToItsMost() {
    Network network = Network.inputs(3).dense(2).loss(new Loss.SquaredError());
    for (int rows = 1; rows <= 4; rows++) {
      assertTrue(Double.isFinite(loss(network, 4, rows(rows, 3, 2))));
    }
    assertEquals(
        "batch: 5 rows; expected at least 1 and at most 4",
        refusal(() -> loss(network, 4, rows(5, 3, 2))));
    assertEquals(
        "maxRows: 0 rows; expected at least 1",
        refusal(() -> TrainingPlan.compile(network, 0, ENGINE)));
  }

  @Test
  void underBatchNormTwoRowsAreTheFewest() {
    Network network = Network.inputs(3).dense(2).batchNorm().dense(2).loss(new Loss.SquaredError());
    assertTrue(Double.isFinite(loss(network, 2, rows(2, 3, 2))));
    assertEquals(
        "batch: 1 rows; expected at least 2 (batch norm needs a variance) and at most 2",
        refusal(() -> loss(network, 2, rows(1, 3, 2))));
    assertEquals(
        "maxRows: 1 rows; expected at least 2 (batch norm needs a variance)",
        refusal(() -> TrainingPlan.compile(network, 1, ENGINE)));
  }

  @Test
  void rowsWhoseInputsOrOutputsExceedAnArrayAreRefusedBeforeAnyMemoryIsTaken() {
    Network inputs = Network.inputs(1 << 20).dense(1).loss(new Loss.SquaredError());
    assertEquals(
        "maxRows: 2048 rows of 1048576 columns exceed an array; expected a smaller batch",
        refusal(() -> TrainingPlan.compile(inputs, 1 << 11, ENGINE)));
    Network outputs = Network.inputs(1).dense(1 << 20).dense(1).loss(new Loss.SquaredError());
    assertTrue(
        refusal(() -> TrainingPlan.compile(outputs, 1 << 11, ENGINE))
            .startsWith("maxRows: 2048 rows of "));
  }

  @Test
  void rowsThatAreTakenInPartsNeedRoomForOnePartAlone() {
    Network network = Network.inputs(1 << 10).dense(1).loss(new Loss.SquaredError());
    TrainingPlan.compile(network, 1 << 21, 2, ENGINE);
    assertTrue(
        refusal(() -> TrainingPlan.compile(network, 1 << 22, 1 << 21, ENGINE))
            .startsWith("maxRows: 2097152 rows of 1024 columns exceed an array"));
  }

  @Test
  void underBatchNormPartsAreRefusedAndNoPartsAreNot() {
    Network network = Network.inputs(3).dense(2).batchNorm().dense(2).loss(new Loss.SquaredError());
    TrainingPlan.compile(network, 4, 0, ENGINE);
    assertTrue(
        refusal(() -> TrainingPlan.compile(network, 4, 1, ENGINE))
            .startsWith("microBatch: 1; expected 0, because batch norm"));
  }

  private static MeanLoss loss(Loss loss, int outputs) {
    return MeanLoss.compile(Network.inputs(1).dense(outputs).loss(loss), 3, ENGINE);
  }

  @Test
  void classNumbersAreWholeAndFromZeroToTheLastClass() {
    MeanLoss softmax = loss(new Loss.SoftmaxCrossEntropy(), 3);
    softmax.check(new float[] {0, 2, 1}, 1, 3);
    for (float bad : new float[] {-1, 3, 0.5f, Float.NaN, Float.POSITIVE_INFINITY, -0.5f}) {
      assertEquals(
          "batch: target %s in row 1; expected a class number below 3".formatted(bad),
          refusal(() -> softmax.check(new float[] {0, bad, 1}, 1, 3)));
      softmax.check(new float[] {0, bad, 1}, 1, 1); // a row that the batch does not have
    }
  }

  @Test
  void probabilitiesAreNoClassNumbers() {
    loss(new Loss.SoftmaxCrossEntropy(), 3).check(new float[] {0.5f, 0.25f, 0.25f}, 3, 1);
    loss(new Loss.SquaredError(), 1).check(new float[] {-0.5f}, 1, 1);
    assertEquals(
        "batch: 2 target columns do not fit SquaredError[] over 1 outputs",
        refusal(() -> loss(new Loss.SquaredError(), 1).check(new float[2], 2, 1)));
  }

  @Test
  void countsAreCheckedInTheRowsOfTheBatchAlone() {
    MeanLoss poisson = loss(new Loss.Poisson(), 2);
    poisson.check(new float[] {0, 1, 2, -1}, 2, 1);
    assertTrue(
        refusal(() -> poisson.check(new float[] {0, 1, 2, -1}, 2, 2))
            .startsWith("batch: target -1.0 in row 1;"));
    assertTrue(
        refusal(() -> poisson.check(new float[] {0, -2, 2, -1}, 2, 2))
            .startsWith("batch: target -2.0 in row 0;"));
  }

  @Test
  void arraysOfJustTheRowsAreEnoughForALoss() {
    MeanLoss squared = loss(new Loss.SquaredError(), 2);
    Team alone = Parallel.callerRuns().team();
    float[] scores = {1, 1, 1, 1, 1, 1};
    assertEquals(1, squared.of(alone, scores, new float[6], 2, new float[] {1, 1, 1}, 3));
    assertEquals(
        "weights: length 2; expected at least 3 rows of 1",
        refusal(() -> squared.of(alone, new float[6], new float[6], 2, new float[2], 3)));
  }

  @Test
  void masksAreTakenWhereUnitsAreDroppedAndNowhereElse() {
    Network network =
        Network.inputs(3)
            .dropout(0.5)
            .dense(2)
            .dense(4)
            .dropout(0.5)
            .dense(1)
            .loss(new Loss.SquaredError());
    Batch batch = rows(2, 3, 1);
    loss(network, 2, batch.withMasks(Map.of(0, new boolean[6], 2, new boolean[8])));
    for (int number : new int[] {1, 3, 4}) {
      assertEquals(
          "mask of dropout " + number + ": the network drops nothing there; expected none",
          refusal(() -> loss(network, 2, batch.withMasks(Map.of(number, new boolean[4])))));
    }
    assertEquals(
        "mask of dropout 0: 4 units; expected 2 rows of 3",
        refusal(() -> loss(network, 2, batch.withMasks(Map.of(0, new boolean[4])))));
  }

  @Test
  void scoresFitIntoArraysThatEndWithThem() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    InferencePlan plan =
        InferencePlan.over(PackedNetwork.pack(network, new float[] {1, 10, 0.5f}, ENGINE));
    float[] scores = new float[4];
    plan.scores(new float[] {9, 1, 2, 3, 4}, 1, 2, scores, 2);
    assertArrayEquals(new float[] {0, 0, 21.5f, 43.5f}, scores);
    assertEquals(
        "features: 2 rows of 2 columns from offset 2 in an array of length 5",
        refusal(() -> plan.scores(new float[5], 2, 2, scores, 0)));
    assertEquals(
        "scores: 2 rows of 1 columns from offset 3 in an array of length 4",
        refusal(() -> plan.scores(new float[5], 0, 2, scores, 3)));
    assertEquals(
        "scores: 2 rows of 1 columns from offset -1 in an array of length 4",
        refusal(() -> plan.scores(new float[5], 0, 2, scores, -1)));
  }

  @Test
  void thePenaltyIsHalfTheSquaresAndTheMagnitudesOfTheWeightsAlone() {
    Network network =
        Network.inputs(2)
            .add(new Dense(1).withPenalty(Penalty.l1(0.5).and(Penalty.l2(3))))
            .add(new Dense(1).withPenalty(Penalty.l2(10)))
            .add(new Dense(1).withPenalty(Penalty.l1(100)))
            .dense(1)
            .loss(new Loss.SquaredError());
    float[] theta = {1, -2, 3, -4, 5, 7, 7, 7, 7};
    TrainingPlan plan = TrainingPlan.compile(network, 1, ENGINE);
    assertEquals(0.5 * 3 + 3 / 2.0 * 5 + 5 * 9 + 100 * 4, plan.penalty(theta), 1e-9);
    assertTrue(refusal(() -> plan.penalty(new float[8])).startsWith("parameters: length 8"));
  }

  /** From (1, 3) a mean of 2 and a variance of 1, of 2 where it is divided by n − 1. */
  @Test
  void twoRowsAreEnoughForStatistics() {
    Dataset rows = Dataset.of(new float[] {1, 3}, 1, new float[2], 1);
    for (BatchNorm.Variance variance : BatchNorm.Variance.values()) {
      Network network =
          Network.inputs(1)
              .dense(1)
              .add(new BatchNorm(1e-5, 0.9, variance))
              .dense(1)
              .loss(new Loss.SquaredError());
      float[] theta = new float[network.layout().size()];
      theta[network.layout().slot("dense1.weight").offset()] = 1;
      float[] found = BatchStatistics.reestimate(network, theta, rows, ENGINE);
      boolean unbiased = variance == BatchNorm.Variance.UNBIASED;
      assertEquals(2, found[network.layout().slot("norm1.mean").offset()]);
      assertEquals(unbiased ? 2 : 1, found[network.layout().slot("norm1.variance").offset()]);
    }
  }
}
