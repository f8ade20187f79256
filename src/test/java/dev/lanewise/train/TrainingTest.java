package dev.lanewise.train;

import static dev.lanewise.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.plan.TrainingPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.Example;
import net.jqwik.api.Tag;

class TrainingTest {

  private static final Engine ENGINE = Engine.standard();

  /** What an observer sees of an epoch, without the time it took. */
  private static List<Object> seen(Epoch e) {
    return List.of(e.number(), e.rate(), e.trainingLoss(), e.cost(), e.devLoss(), e.devMetric());
  }

  @Example
  void learnsToTellCloudsOfPointsApart() {
    Training training =
        Training.start(
            Samples.recipe().withEpochs(30), Samples.data().withMetric(Samples.ACCURACY), ENGINE);
    Epoch last = null;
    for (Epoch epoch : training) {
      last = epoch;
    }
    assertEquals(30, last.number());
    assertTrue(last.devMetric().getAsDouble() > 0.9, "accuracy on the dev rows");
    assertTrue(training.finished());
    assertThrows(IllegalStateException.class, training::step);
  }

  @Example
  @Tag("kernels")
  void trainingIsIndependentOfKernelsAndThreads() {
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      Recipe recipe = Samples.recipe().withEpochs(3);
      float[] expected = trained(recipe, Engine.of("scalar"));
      assertArrayEquals(expected, trained(recipe, ENGINE));
      assertArrayEquals(expected, trained(recipe, ENGINE.withParallel(Parallel.on(executor, 2))));
    }
  }

  private static float[] trained(Recipe recipe, Engine engine) {
    Training training = Samples.trained(recipe, Samples.data(), engine);
    return training.parameters();
  }

  @Example
  void stepsAndEpochsAreTheSameTraining() {
    Recipe recipe = Samples.recipe().withEpochs(3);
    Training byEpoch = Training.start(recipe, Samples.data(), ENGINE);
    Training byStep = Training.start(recipe, Samples.data(), ENGINE);
    List<Object> epochs = new ArrayList<>();
    byEpoch.forEach(epoch -> epochs.add(seen(epoch)));
    List<Object> steps = new ArrayList<>();
    while (!byStep.finished()) {
      byStep.step().ifPresent(epoch -> steps.add(seen(epoch)));
    }
    assertEquals(epochs, steps);
    assertArrayEquals(byEpoch.parameters(), byStep.parameters());
  }

  /** Before the first step and within an epoch; the script of scores would show a call. */
  @Example
  void warmingUpChangesNothingOfTheTraining() {
    Recipe recipe = Samples.recipe().withEpochs(2);
    Training plain = Training.start(recipe, scriptedData(), ENGINE);
    Training warm = Training.start(recipe, scriptedData(), ENGINE);
    warm.warmUp();
    for (int step = 0; !plain.finished(); step++) {
      if (step == 2) {
        warm.warmUp();
      }
      assertEquals(
          plain.step().map(TrainingTest::seen),
          warm.step().map(TrainingTest::seen),
          "step " + step);
      assertArrayEquals(plain.latestParameters(), warm.latestParameters());
    }
    assertEquals(plain.steps(), warm.steps());
  }

  private static TrainingData scriptedData() {
    return Samples.data().withMetric(Samples.scripted(0.1, 0.2, 0.3, 0.4));
  }

  @Example
  void epochReportsTheMeanOverRowsAndTheCostWithPenalty() {
    // One full batch: loss and penalty are those of the initial parameters.
    Network network =
        Network.inputs(2)
            .add(new Dense(3).withPenalty(Penalty.l2PerExample(0.7)))
            .relu()
            .add(new Dense(1).withPenalty(Penalty.l1(0.1)))
            .loss(new Loss.SigmoidCrossEntropy());
    Recipe recipe = Recipe.of(network, Optimizer.sgd(0.1)).withBatchSize(0);
    Dataset rows = Samples.binary(41, 1);
    TrainingData data = TrainingData.of(rows);
    float[] theta = network.initialParameters(0);
    TrainingPlan plan = TrainingPlan.compile(network.resolve(41), 41, ENGINE);
    double loss = plan.gradients(theta, Batch.of(rows), 0, new float[plan.layout().size()]);
    Epoch epoch = Training.start(recipe, data, ENGINE).finishEpoch();
    assertEquals(loss, epoch.trainingLoss(), 1e-15);
    assertEquals(loss + plan.penalty(theta), epoch.cost(), 1e-15);
    double expectedPenalty = 0;
    for (int i = 0; i < 6; i++) {
      expectedPenalty += 0.7 / 82 * theta[i] * theta[i];
    }
    for (int i = 6; i < 9; i++) {
      expectedPenalty += 0.1 * Math.abs(theta[i]);
    }
    assertEquals(expectedPenalty, plan.penalty(theta), 1e-6);
  }

  @Example
  void devLossIsTheLossOfTheDevRowsWithoutDropout() {
    Network network =
        Network.inputs(2)
            .dense(8)
            .relu()
            .dropout(0.5)
            .dense(3)
            .loss(new Loss.SoftmaxCrossEntropy());
    Network plain = Network.inputs(2).dense(8).relu().dense(3).loss(new Loss.SoftmaxCrossEntropy());
    Dataset dev = Samples.classes(37, 2);
    Training training =
        Training.start(
            Recipe.of(network, Optimizer.adam(0.01)),
            TrainingData.of(Samples.classes(100, 1)).withDev(dev),
            ENGINE);
    Epoch epoch = training.finishEpoch();
    TrainingPlan plan = TrainingPlan.compile(plain, 37, ENGINE);
    float[] theta = training.parameters();
    double expected = plan.gradients(theta, Batch.of(dev), 0, new float[theta.length]);
    assertEquals(expected, epoch.devLoss().getAsDouble(), 1e-15);
  }

  @Example
  void earlyStoppingRestoresTheBestParameters() {
    List<float[]> after = new ArrayList<>();
    double[] scores = {0.5, 0.7, 0.7, 0.9, 0.8, 0.9, 0.85, 1};
    DevMetric scripted = Samples.scripted(scores);
    Recipe recipe = Samples.recipe().withEarlyStopping(EarlyStopping.patience(3).onMetric());
    Training training = Training.start(recipe, Samples.data().withMetric(scripted), ENGINE);
    for (Epoch epoch : training) {
      after.add(training.latestParameters());
    }
    assertEquals(7, after.size(), "three epochs without improvement after the fourth");
    assertEquals(4, training.bestEpoch());
    assertArrayEquals(after.get(3), training.parameters());
  }

  @Example
  void improvementsBelowTheMinimumDeltaDoNotCount() {
    DevMetric scripted = Samples.scripted(0.5, 0.55, 0.58, 0.61, 1);
    Recipe recipe =
        Samples.recipe()
            .withEarlyStopping(EarlyStopping.patience(2).onMetric().withMinimumDelta(0.1));
    Training training = Samples.trained(recipe, Samples.data().withMetric(scripted), ENGINE);
    assertEquals(3, training.epochs());
    assertEquals(1, training.bestEpoch());
  }

  @Example
  void scoreThatIsNoNumberIsNoImprovement() {
    DevMetric scripted = Samples.scripted(0.5, Double.NaN, Double.NaN);
    Recipe recipe = Samples.recipe().withEarlyStopping(EarlyStopping.patience(2).onMetric());
    Training training = Samples.trained(recipe, Samples.data().withMetric(scripted), ENGINE);
    assertEquals(3, training.epochs());
    assertEquals(1, training.bestEpoch());
  }

  @Example
  void rateFollowsTheScheduleUntilItIsChangedByHand() {
    Recipe recipe =
        Recipe.of(
                Samples.recipe().network(),
                Optimizer.sgd(0.1).withSchedule(new Schedule.Staircase(0.1, 0.5, 1)))
            .withEpochs(4);
    Training training = Training.start(recipe, Samples.data(), ENGINE);
    assertEquals(0.1, training.finishEpoch().rate());
    assertEquals(0.05, training.finishEpoch().rate());
    training.changeRate(0.7);
    assertEquals(0.7, training.finishEpoch().rate());
  }

  @Example
  void divergenceNamesTheLayerAndKeepsTheLastEpoch() {
    Network network = Network.inputs(2).dense(4).dense(1).loss(new Loss.SquaredError());
    Recipe recipe = Recipe.of(network, Optimizer.sgd(0.01)).withBatchSize(16);
    Training training = Training.start(recipe, TrainingData.of(Samples.binary(64, 1)), ENGINE);
    training.finishEpoch();
    float[] kept = training.parameters();
    training.step();
    training.changeRate(1e30);
    DivergedException e = assertThrows(DivergedException.class, training::finishEpoch);
    assertTrue(e.place().startsWith("dense"), e::getMessage);
    assertTrue(e.step() > 5 && e.step() <= 8, e::getMessage);
    assertTrue(e.getMessage().contains("in epoch 2"), e::getMessage);
    assertArrayEquals(kept, training.parameters());
    assertEquals(1, training.epochs());
    assertEquals(4, training.steps());
    // The rate went back too, so the training can go on.
    assertEquals(2, training.finishEpoch().number());
  }

  @Example
  void parameterThatIsNotFiniteAtTheEndOfAnEpochIsFound() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Recipe recipe = Recipe.of(network, Optimizer.sgd(1e38)).withBatchSize(0);
    Dataset rows = Dataset.of(new float[] {100}, 1, new float[] {1e6f}, 1);
    Training training = Training.start(recipe, TrainingData.of(rows), ENGINE);
    DivergedException e = assertThrows(DivergedException.class, training::step);
    assertTrue(e.place().startsWith("dense1.weight"), e::getMessage);
    assertEquals(1, e.step());
    assertEquals(0, training.steps());
  }

  @Example
  void dataThatDoNotFitAreRefusedByName() {
    Recipe recipe = Samples.recipe();
    assertRefused(
        "training: 3 columns; expected the network's 2",
        () ->
            Training.start(
                recipe, TrainingData.of(Dataset.of(new float[6], 3, new float[2], 1)), ENGINE));
    assertRefused(
        "dev: target 3.0 in row 1; expected a class number, 0 to 2",
        () ->
            Training.start(
                recipe,
                Samples.data().withDev(Dataset.of(new float[4], 2, new float[] {0, 3}, 1)),
                ENGINE));
    assertRefused(
        "training: target 0.5 in row 1; expected a class number, 0 to 2",
        () ->
            Training.start(
                recipe,
                TrainingData.of(Dataset.of(new float[4], 2, new float[] {0, 0.5f}, 1)),
                ENGINE));
    assertRefused(
        "earlyStopping: patience 2 watches DEV_LOSS; expected data with dev rows",
        () ->
            Training.start(
                recipe.withEarlyStopping(EarlyStopping.patience(2)),
                TrainingData.of(Samples.classes(10, 1)),
                ENGINE));
    assertRefused(
        "metric: accuracy; expected dev rows to take it of",
        () -> TrainingData.of(Samples.classes(10, 1)).withMetric(Samples.ACCURACY));
    assertRefused(
        "initial: 1 floats; expected the layout's " + recipe.network().layout().size(),
        () -> Training.start(recipe, Samples.data(), new float[1], ENGINE));
    assertRefused(
        "batchSize: 1; expected at least 2, because batch norm takes statistics over a batch",
        () -> recipe.withBatchSize(1));
    assertRefused("epochs: 0; expected at least 1", () -> recipe.withEpochs(0));
  }

  @Tag("allocation")
  @Example
  @Tag("kernels")
  void stepAllocatesNothing() {
    Network network =
        Network.inputs(20)
            .dropout(0.1)
            .add(new Dense(40).withPenalty(Penalty.l2(1e-3)))
            .batchNorm()
            .relu()
            .dropout(0.2)
            .dense(17)
            .activation(Activation.Function.GELU)
            .dense(3)
            .loss(new Loss.SoftmaxCrossEntropy());
    Recipe recipe = Recipe.of(network, Optimizer.adamW(1e-3, 0.01)).withBatchSize(16);
    Dataset rows = Samples.classes(16 * 1000, 20, 1);
    Training training =
        Training.start(recipe.withEpochs(Integer.MAX_VALUE), TrainingData.of(rows), ENGINE);
    Allocation.assertNone("steps within an epoch", 200, step -> training.step());
    assertFalse(training.finished());
  }

  @Example
  void anEpochHasAStepForEachBatch() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SigmoidCrossEntropy());
    int[][] stepsBySize = {{0, 1}, {1, 41}, {16, 3}, {41, 1}};
    for (int[] steps : stepsBySize) {
      Recipe recipe = Recipe.of(network, Optimizer.sgd(0.1)).withBatchSize(steps[0]).withEpochs(2);
      Training training = Training.start(recipe, TrainingData.of(Samples.binary(41, 1)), ENGINE);
      training.finishEpoch();
      assertEquals(steps[1], training.steps(), "batches of " + steps[0]);
    }
  }

  /** The rate is too small to change a parameter, so that the masks alone tell epochs apart. */
  @Example
  void eachStepDropsOtherUnits() {
    assertEquals(1, distinctLosses(0));
    assertEquals(6, distinctLosses(0.5));
  }

  private static long distinctLosses(double dropping) {
    Network network =
        Network.inputs(2)
            .dense(32)
            .relu()
            .dropout(dropping)
            .dense(1)
            .loss(new Loss.SigmoidCrossEntropy());
    Recipe recipe = Recipe.of(network, Optimizer.sgd(1e-30)).withBatchSize(0).withEpochs(6);
    Training training = Training.start(recipe, TrainingData.of(Samples.binary(41, 1)), ENGINE);
    List<Double> losses = new ArrayList<>();
    training.forEach(epoch -> losses.add(epoch.trainingLoss()));
    return losses.stream().distinct().count();
  }

  @Example
  void unitsThatStartAlikeStayAlike() {
    Network network =
        Network.inputs(2)
            .dense(4)
            .add(Activation.of(Activation.Function.TANH))
            .dense(1)
            .loss(new Loss.SigmoidCrossEntropy());
    for (float start : new float[] {0, 0.3f}) {
      float[] theta = new float[network.layout().size()];
      Arrays.fill(theta, start);
      Recipe recipe = Recipe.of(network, Optimizer.adam(0.01)).withBatchSize(8).withEpochs(5);
      Training training =
          Training.start(recipe, TrainingData.of(Samples.binary(41, 1)), theta, ENGINE);
      training.forEach(epoch -> {});
      float[] trained = training.parameters();
      assertTrue(trained[trained.length - 1] != start, "nothing was learned");
      for (int i = 0; i < 8; i++) {
        assertEquals(trained[i / 4 * 4], trained[i]);
      }
    }
  }
}
