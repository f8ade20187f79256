package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rate, penalty, rollback and stop of a training that is under way, and their replay. */
class LiveTrainingTest {

  private static final Engine ENGINE = Engine.standard();

  @TempDir Path folder;

  /** Two dense layers with penalties of their own; L1 and dropout on top. */
  private static Network network(Penalty first, Penalty second) {
    return Network.inputs(2)
        .add(new Dense(6).withPenalty(first))
        .activation(Activation.Function.TANH)
        .add(new Dense(3).withPenalty(second))
        .loss(new Loss.SoftmaxCrossEntropy());
  }

  private static Recipe recipe(Network network) {
    return Recipe.of(network, Optimizer.adam(0.01)).withBatchSize(16).withEpochs(6).withSeed(3);
  }

  /** Early stopping, batch norm, dropout, Adam and averaging of nothing. */
  private static Recipe stopping(int patience) {
    return Samples.recipe().withEpochs(8).withEarlyStopping(EarlyStopping.patience(patience));
  }

  private static void steps(Training training, int count) {
    for (int i = 0; i < count; i++) {
      training.step();
    }
  }

  private static List<String> told(Iterable<Epoch> epochs) {
    List<String> told = new ArrayList<>();
    epochs.forEach(epoch -> told.add(epoch + " " + epoch.cost()));
    return told;
  }

  @Property(tries = 20)
  void aPenaltyChangedBeforeTheFirstStepIsThatOfTheRecipe(
      @ForAll @DoubleRange(max = 2) double lambda, @ForAll Penalty.L1Form form) {
    Penalty l1 = Penalty.l1(0.01).withL1Form(form);
    Penalty before = Penalty.l2(0.3).and(l1);
    Penalty after = Penalty.l2(lambda).and(l1);
    Training changed =
        Training.start(recipe(network(before, Penalty.l2PerExample(7))), Samples.data(), ENGINE);
    changed.changeL2(lambda);
    Training expected =
        Training.start(recipe(network(after, Penalty.l2(lambda))), Samples.data(), ENGINE);
    assertEquals(expected.network(), changed.network());
    assertEquals(expected.penalty(), changed.penalty());
    assertEquals(told(expected), told(changed));
    assertArrayEquals(expected.latestParameters(), changed.latestParameters());
    assertEquals(expected.model().network(), changed.model().network());
  }

  /** With all rows in a batch, plain descent knows nothing but its parameters. */
  @Property(tries = 20)
  void aPenaltyChangedLaterHoldsFromTheNextStepOn(
      @ForAll @DoubleRange(max = 2) double lambda, @ForAll @IntRange(min = 1, max = 5) int before) {
    Recipe plain = recipe(network(Penalty.l2(0.1), Penalty.NONE)).withBatchSize(0);
    Training changed =
        Training.start(
            plain.withOptimizer(Optimizer.sgd(0.1)).withEpochs(before + 3), Samples.data(), ENGINE);
    steps(changed, before);
    Training expected =
        Training.start(
            recipe(network(Penalty.l2(lambda), Penalty.l2(lambda)))
                .withBatchSize(0)
                .withOptimizer(Optimizer.sgd(0.1))
                .withEpochs(3),
            Samples.data(),
            changed.latestParameters(),
            ENGINE);
    changed.changeL2(lambda);
    for (Epoch epoch : expected) {
      Epoch its = changed.finishEpoch();
      assertEquals(epoch.cost(), its.cost());
      assertEquals(epoch.devLoss(), its.devLoss());
    }
    assertArrayEquals(expected.latestParameters(), changed.latestParameters());
  }

  @Example
  void auditsAndTheirReferenceHaveTheChangedPenalty() {
    Training training =
        Training.start(recipe(network(Penalty.l2(0.1), Penalty.NONE)), Samples.data(), ENGINE);
    List<Training.Audit> audits = new ArrayList<>();
    training.audit(1, 30, audits::add);
    training.step();
    training.changeL2(1.5);
    training.step();
    training.audit(1, 30, audits::add);
    training.step();
    assertEquals(3, audits.size());
    audits.forEach(audit -> assertFalse(audit.failed(), audit::toString));
  }

  @Example
  void theRateFinderHasTheChangedPenalty() {
    Training changed =
        Training.start(recipe(network(Penalty.NONE, Penalty.NONE)), Samples.data(), ENGINE);
    changed.changeL2(0.7);
    Training expected =
        Training.start(recipe(network(Penalty.l2(0.7), Penalty.l2(0.7))), Samples.data(), ENGINE);
    assertEquals(
        RateFinder.standard().find(expected).points(),
        RateFinder.standard().find(changed).points());
  }

  /** Adam without shuffles and masks is a function of its parameters and of its own steps. */
  @Property(tries = 20)
  void afterARollbackTheOptimiserBeginsAnewWithTheBestParameters(
      @ForAll @IntRange(min = 1, max = 9) int before) {
    Recipe recipe =
        recipe(network(Penalty.l2(0.01), Penalty.NONE))
            .withBatchSize(0)
            .withEpochs(before + 4)
            .withEarlyStopping(EarlyStopping.patience(100));
    Training training = Training.start(recipe, Samples.data(), ENGINE);
    steps(training, before);
    final float[] best = training.parameters();
    training.rollBackToBest();
    assertArrayEquals(best, training.latestParameters());
    assertEquals(before, training.steps());
    Training anew =
        Training.start(recipe.withEpochs(4), Samples.data(), training.parameters(), ENGINE);
    training.forEach(epoch -> {});
    anew.forEach(epoch -> {});
    assertArrayEquals(anew.latestParameters(), training.latestParameters());
  }

  @Example
  void aRollbackTakesTheAverageAlong() {
    Recipe recipe = stopping(8).withAveraging(new Averaging.Exponential(0.9));
    Training training = Training.start(recipe, Samples.data(), ENGINE);
    training.finishEpoch();
    training.finishEpoch();
    steps(training, 2);
    training.rollBackToBest();
    assertArrayEquals(training.parameters(), training.latestParameters());
    Training plain =
        Training.start(recipe.withEarlyStopping(EarlyStopping.never()), Samples.data(), ENGINE);
    assertThrows(IllegalStateException.class, plain::rollBackToBest);
  }

  /** The best epoch is the second of these scores; nothing is better after it. */
  @Example
  void aTrainingThatIsRolledBackHasItsPatienceAgain() {
    double[] scores = {1, 3, 2, 2, 2, 2, 2, 2, 2, 2};
    Recipe recipe =
        Samples.recipe().withEpochs(10).withEarlyStopping(EarlyStopping.patience(2).onMetric());
    Training training =
        Training.start(recipe, Samples.data().withMetric(Samples.scripted(scores)), ENGINE);
    training.forEach(epoch -> {});
    assertEquals(4, training.epochs());
    assertTrue(training.finished());
    training.rollBackToBest();
    assertFalse(training.finished());
    training.forEach(epoch -> {});
    assertEquals(6, training.epochs());
    assertEquals(2, training.bestEpoch());
  }

  @Example
  void aTrainingThatIsStoppedIsFinishedWhereItStands() throws IOException {
    Training training = Training.start(Samples.recipe(), Samples.data(), ENGINE);
    training.finishEpoch();
    steps(training, 2);
    final float[] stand = training.latestParameters();
    training.stop();
    assertTrue(training.finished());
    assertThrows(IllegalStateException.class, training::step);
    training.forEach(epoch -> assertEquals("", epoch.toString()));
    assertArrayEquals(stand, training.parameters());
    assertEquals(List.of(new Command.Stop(training.steps())), training.commands());
    Training resumed =
        Training.resume(training.toBytes(), Samples.recipe(), Samples.data(), ENGINE);
    assertFalse(resumed.finished());
    assertEquals(List.of(), resumed.commands());
    Training whole = Samples.trained(Samples.recipe(), Samples.data(), ENGINE);
    resumed.forEach(epoch -> {});
    assertArrayEquals(whole.latestParameters(), resumed.latestParameters());
  }

  /** {@return a training that has been given commands at random steps} */
  private static Training commanded(Recipe recipe, Random random) {
    Training training = Training.start(recipe, Samples.data(), ENGINE);
    int most = 10 + random.nextInt(30);
    while (!training.finished()) {
      training.step();
      while (random.nextInt(4) == 0) {
        switch (random.nextInt(3)) {
          case 0 -> training.changeRate(0.001 + 0.05 * random.nextDouble());
          case 1 -> training.changeL2(0.3 * random.nextDouble());
          default -> {
            if (training.bestEpoch() > 0) {
              training.rollBackToBest();
            }
          }
        }
      }
      if (training.steps() == most) {
        training.stop();
      }
    }
    return training;
  }

  @Property(tries = 40)
  void commandsReplayedGiveTheSameBits(@ForAll long seed, @ForAll @IntRange(max = 40) int saved)
      throws IOException {
    Recipe recipe = stopping(5);
    Training live = commanded(recipe, new Random(seed));
    Training replayed = Training.start(recipe, Samples.data(), ENGINE);
    replayed.replay(Command.parse(Command.text(live.commands())));
    for (int i = 0; i < saved && !replayed.finished(); i++) {
      replayed.step();
    }
    Training resumed = Training.resume(replayed.toBytes(), recipe, Samples.data(), ENGINE);
    resumed.replay(live.commands());
    for (Training its : List.of(replayed, resumed)) {
      its.forEach(epoch -> {});
      assertArrayEquals(live.latestParameters(), its.latestParameters());
      assertArrayEquals(live.parameters(), its.parameters());
      assertEquals(live.commands(), its.commands());
      assertEquals(live.steps(), its.steps());
      assertEquals(live.network(), its.network());
      assertArrayEquals(live.toBytes(), its.toBytes());
    }
  }

  @Property(tries = 30)
  void aResumedTrainingHasHadItsCommands(@ForAll long seed, @ForAll @IntRange(max = 30) int steps)
      throws IOException {
    Random random = new Random(seed);
    Recipe recipe = stopping(8);
    Training whole = Training.start(recipe, Samples.data(), ENGINE);
    steps(whole, steps);
    whole.changeL2(0.2 * random.nextDouble());
    if (whole.bestEpoch() > 0) {
      whole.rollBackToBest();
    }
    whole.changeRate(0.02);
    Training resumed = Training.resume(whole.toBytes(), recipe, Samples.data(), ENGINE);
    assertEquals(whole.commands(), resumed.commands());
    assertEquals(whole.network(), resumed.network());
    assertArrayEquals(whole.toBytes(), resumed.toBytes());
    assertEquals(told(whole), told(resumed));
    assertArrayEquals(whole.toBytes(), resumed.toBytes());
  }

  @Example
  void aDivergenceUndoesTheCommandsOfItsEpoch() {
    Training training = Training.start(stopping(8), Samples.data(), ENGINE);
    training.changeL2(0.1);
    training.finishEpoch();
    final Network network = training.network();
    final List<Command> before = training.commands();
    training.changeL2(0.2);
    training.step();
    training.changeRate(1e30);
    assertThrows(DivergedException.class, training::finishEpoch);
    assertEquals(before, training.commands());
    assertEquals(network, training.network());
    Training calm = Training.start(stopping(8), Samples.data(), ENGINE);
    calm.changeL2(0.1);
    calm.finishEpoch();
    assertEquals(told(calm), told(training));
  }

  @Example
  void aRefusedCommandChangesNothing() {
    Training training = Training.start(stopping(8), Samples.data(), ENGINE);
    training.step();
    final byte[] before = training.toBytes();
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> training.changeL2(bad));
      assertThrows(IllegalArgumentException.class, () -> training.changeRate(bad));
    }
    assertThrows(IllegalStateException.class, training::rollBackToBest);
    for (String bad :
        List.of("step 0: stop", "step 3: stop; step 3: rate 1", "step 4: rate 1; step 3: rate 1")) {
      var e =
          assertThrows(IllegalArgumentException.class, () -> training.replay(Command.parse(bad)));
      assertTrue(e.getMessage().startsWith("commands: step"), e::getMessage);
    }
    assertArrayEquals(before, training.toBytes());
    assertEquals(List.of(), training.commands());
  }

  @Example
  void aReplayGoesOnFromTheCommandsThereHaveBeen() {
    Training training = Training.start(stopping(8), Samples.data(), ENGINE);
    training.changeRate(0.5);
    assertThrows(
        IllegalArgumentException.class,
        () -> training.replay(List.of(new Command.ChangeRate(0, 0.4))));
    assertThrows(IllegalArgumentException.class, () -> training.replay(List.of()));
    training.replay(Command.parse("step 0: rate 0.5; step 2: l2 0.1"));
    assertThrows(IllegalStateException.class, () -> training.changeRate(1));
    steps(training, 2);
    assertEquals("step 0: rate 0.5; step 2: l2 0.1", Command.text(training.commands()));
    training.changeRate(0.1);
  }

  @Example
  void nothingIsRolledBackWithoutEarlyStopping() {
    Training training = Training.start(Samples.recipe(), Samples.data(), ENGINE);
    training.finishEpoch();
    assertThrows(IllegalStateException.class, training::rollBackToBest);
    assertThrows(
        IllegalArgumentException.class,
        () -> training.replay(List.of(new Command.RollBack(training.steps()))));
  }

  @Test
  void modelsAndCheckpointsNoteTheCommands() throws IOException {
    Training training = Training.start(stopping(8), Samples.data(), ENGINE);
    training.finishEpoch();
    Path model = folder.resolve("model");
    Path checkpoint = folder.resolve("checkpoint");
    training.model().save(model);
    training.save(checkpoint);
    assertEquals(List.of(), Training.commandsIn(model));
    assertEquals(List.of(), Training.commandsIn(checkpoint));
    training.changeL2(1e-4);
    training.rollBackToBest();
    training.stop();
    training.model().save(model);
    training.save(checkpoint);
    assertEquals(training.commands(), Training.commandsIn(model));
    assertEquals(training.commands(), Training.commandsIn(checkpoint));
    assertEquals(
        "step 7: l2 1.0E-4; step 7: roll back; step 7: stop",
        training.model().provenance().entries().get("commands"));
  }

  @Test
  void moreCommandsThanATextHoldsAreInTheCheckpointAlone() throws IOException {
    Training training = Training.start(stopping(8), Samples.data(), ENGINE);
    for (int i = 0; i <= 10_000; i++) {
      training.changeRate(1e-3 + i * 1e-9);
    }
    Path file = folder.resolve("file");
    training.model().save(file);
    IOException e = assertThrows(IOException.class, () -> Training.commandsIn(file));
    assertTrue(e.getMessage().contains("10001, too many"), e::getMessage);
    training.save(file);
    assertEquals(training.commands(), Training.commandsIn(file));
  }

  @Property
  void aCommandIsReadFromItsText(@ForAll @IntRange(min = 0) int step, @ForAll long bits) {
    double x = Math.scalb(1 + (bits >>> 12) * 0x1p-52, (int) (bits % 100));
    List<Command> all =
        List.of(
            new Command.ChangeRate(step, x),
            new Command.ChangeL2(step, x),
            new Command.RollBack(step),
            new Command.Stop(step));
    assertEquals(all, Command.parse(Command.text(all)));
    assertEquals(all, Command.parse(" \n" + Command.text(all).replace(";", " \r\n ") + " ;"));
  }

  @Test
  void whatIsNoCommandIsRefusedByName() {
    for (String bad :
        List.of(
            "fast",
            "step 1",
            "step 1: rate",
            "step 1: rate fast",
            "step 1: rate 0",
            "step 1: l2 -1",
            "step 1: stop now",
            "step -1: stop",
            "step 99999999999999999999: stop",
            "step 1 stop",
            "1: stop")) {
      var e =
          assertThrows(
              IllegalArgumentException.class, () -> Command.parse("step 0: rate 1; " + bad));
      assertTrue(e.getMessage().startsWith("text: " + bad), e::getMessage);
    }
  }
}
