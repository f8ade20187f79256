package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.tensor.Slot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training says of itself: times, penalties, the step that failed, the best epoch. */
final class TrainingReportTest {

  private static final Engine ENGINE = Engine.standard();

  @TempDir Path folder;

  @Test
  void anEpochLastsNoLongerThanItTook() throws IOException {
    Path file = folder.resolve("a.checkpoint");
    long began = System.nanoTime();
    Training training = Training.start(Samples.recipe(), Samples.data(), ENGINE);
    lasts(began, training);
    training.step();
    training.save(file);
    lasts(began, Training.resume(file, Samples.recipe(), Samples.data(), ENGINE));
  }

  private static void lasts(long began, Training training) {
    double seconds = training.finishEpoch().seconds();
    double atMost = (System.nanoTime() - began) * 1e-9;
    assertTrue(seconds > 0 && seconds <= atMost, () -> seconds + " s of " + atMost);
  }

  /** λ·Σ|w| of the parameters that result, which are those of the best epoch. */
  @Test
  void penaltyIsThatOfTheParametersThatResult() {
    Network network =
        Network.inputs(2)
            .add(new Dense(1).withPenalty(Penalty.l1(0.25)))
            .loss(new Loss.SigmoidCrossEntropy());
    Recipe recipe =
        Recipe.of(network, Optimizer.adam(0.1))
            .withEpochs(5)
            .withEarlyStopping(scored(EarlyStopping.patience(9)));
    TrainingData data =
        TrainingData.of(Samples.binary(40, 1))
            .withDev(Samples.binary(20, 2))
            .withMetric(Samples.scripted(1, 2, 0, 0, 0));
    Training training = Samples.trained(recipe, data, ENGINE);
    assertEquals(2, training.bestEpoch());
    Slot weight = training.network().layout().slot("dense1.weight");
    float[] theta = training.parameters();
    double sum = 0;
    for (int i = weight.offset(); i < weight.end(); i++) {
      sum += Math.abs(theta[i]);
    }
    assertEquals(0.25 * sum, training.penalty(), 1e-6);
    assertTrue(sum > 0);
  }

  private static EarlyStopping scored(EarlyStopping rule) {
    return rule.onMetric();
  }

  @Test
  void ofEpochsWithEqualScoresTheFirstIsTheBest() {
    Recipe recipe =
        Samples.recipe().withEpochs(9).withEarlyStopping(scored(EarlyStopping.patience(2)));
    TrainingData data = Samples.data().withMetric(Samples.scripted(0.5, 0.5, 0.5, 0.5));
    Training training = Samples.trained(recipe, data, ENGINE);
    assertEquals(1, training.bestEpoch());
    assertEquals(3, training.epochs());
  }

  @Test
  void theStepThatFailedIsNamed() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Recipe recipe = Recipe.of(network, Optimizer.sgd(1e-3)).withBatchSize(1);
    Dataset rows = Dataset.of(new float[] {1, 1}, 1, new float[] {1e38f, 1e38f}, 1);
    Training training = Training.start(recipe, TrainingData.of(rows), ENGINE);
    float[] start = training.latestParameters();
    DivergedException e = assertThrows(DivergedException.class, training::step);
    assertEquals(1, e.step());
    assertTrue(e.getMessage().startsWith("step 1, in epoch 1: the loss is "), e::getMessage);
    assertEquals(0, training.steps());
    assertArrayEquals(start, training.latestParameters());
  }

  @Test
  void mixupTakesTargetsThatCanBeMixed() {
    List<Augmentation> mixup = List.of(new Augmentation.Mixup(0.4));
    Recipe classes = Samples.recipe().withAugmentations(mixup);
    TrainingData oneHot = TrainingData.of(Samples.classes(20, 1).oneHot(3));
    assertDoesNotThrow(() -> Training.start(classes, oneHot, ENGINE));
    Network network = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    Recipe values = Recipe.of(network, Optimizer.adam(0.1)).withAugmentations(mixup);
    assertDoesNotThrow(
        () -> Training.start(values, TrainingData.of(Samples.binary(20, 1)), ENGINE));
  }

  @Test
  void aTargetThatTheLossDoesNotTakeIsFoundInItsRow() {
    Network network = Network.inputs(1).dense(2).loss(new Loss.Poisson());
    Dataset rows = Dataset.of(new float[3], 1, new float[] {0, 1, 2, -3, 4, 5}, 2);
    Recipe recipe = Recipe.of(network, Optimizer.adam(0.1));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Training.start(recipe, TrainingData.of(rows), ENGINE));
    assertEquals(
        "training: target -3.0 in row 1; expected a number that Poisson[] takes", e.getMessage());
  }

  @Test
  void aLayerOfZerosThatStaysHasNotMoved() {
    Dense zeros = new Dense(1).withInitializer(new Initializer.Zeros());
    Network network = Network.inputs(2).add(zeros).relu().add(zeros).loss(new Loss.SquaredError());
    Training training =
        Training.start(
            Recipe.of(network, Optimizer.sgd(0.1)).withBatchSize(0),
            TrainingData.of(Samples.binary(10, 1)),
            ENGINE);
    training.observe();
    training.step();
    Observation.Layer first = training.observation().orElseThrow().layers().getFirst();
    assertEquals(0, first.gradientNorm());
    assertEquals(0, first.updateRatio());
  }

  @Test
  void warningsGiveTheFiguresTheyAreAbout() {
    assertWarning(
        "vanishing: low, its gradient's RMS of 0.00050 is 0.00025 of the largest above it",
        new Observation.Layer("low", 4, 1, 0, 0.001, 0));
    assertWarning(
        "exploding: low, its outputs' RMS of 2.0e+03 is above 1000",
        new Observation.Layer("low", 4, 2000, 0, 2, 0));
    assertWarning(
        "exploding: low, its gradient's RMS of 6.0e+03 is 3.0e+03 times the largest above it",
        new Observation.Layer("low", 4, 1, 0, 12_000, 0));
    assertWarning(
        "exploding: low, a step moves its weights by 0.50 of their norm, above 0.1",
        new Observation.Layer("low", 4, 1, 0, 2, 0.5));
    assertWarning(
        "dead: low, 80 % of its units are 0 for every row",
        new Observation.Layer("low", 4, 1, 0.8, 2, 0));
  }

  /** The layer above has a gradient with a root mean square of 2. */
  private static void assertWarning(String expected, Observation.Layer low) {
    Observation.Layer high = new Observation.Layer("high", 9, 1, 0, 6, 0);
    assertEquals(List.of(expected), new Observation(1, List.of(low, high)).warnings());
  }

  @Test
  void atTheThresholdsNobodyIsWarned() {
    Observation.Layer high = new Observation.Layer("high", 4, 1, 0, 2, 0);
    for (Observation.Layer low :
        List.of(
            new Observation.Layer("low", 4, 1, 0, 2 * Observation.VANISHING, 0),
            new Observation.Layer("low", 4, Observation.EXPLODING, 0, 2, 0),
            new Observation.Layer("low", 4, 1, 0, 2 / Observation.VANISHING, 0),
            new Observation.Layer("low", 4, 1, 0, 2, Observation.LARGE_UPDATE),
            new Observation.Layer("low", 4, 1, Observation.DEAD, 2, 0))) {
      assertEquals(List.of(), new Observation(1, List.of(low, high)).warnings(), low.toString());
    }
  }

  /** Nothing is above the last layer, so nothing says what its gradient should be. */
  @Test
  void theLastLayersGradientIsNotWarnedOf() {
    for (double norm : new double[] {0, 1e-30, 1e30}) {
      Observation.Layer last = new Observation.Layer("last", 4, 1, 0, norm, 0);
      assertEquals(List.of(), new Observation(1, List.of(last)).warnings());
    }
  }
}
