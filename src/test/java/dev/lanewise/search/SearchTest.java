package dev.lanewise.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Column;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Split;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.net.Loss;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.search.Search.Budget;
import dev.lanewise.search.Search.Method;
import dev.lanewise.search.Search.Progress;
import dev.lanewise.search.Trial.Fit;
import dev.lanewise.search.Trial.State;
import dev.lanewise.train.DevMetric;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Tabular;
import java.io.IOException;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SearchTest {

  private static final List<Method> METHODS =
      List.of(
          Method.halving(3),
          Method.random(),
          Method.sobol(),
          Method.grid(),
          Method.coarseToFine(3, 0.5));

  /** {@return all that a result tells, times aside} */
  static List<String> told(Search.Result result) {
    List<String> told = new ArrayList<>();
    for (Trial trial : result.trials()) {
      told.add(trial.toString());
      trial.rungs().forEach(rung -> told.add(rung.number() + " " + rung.fits()));
    }
    told.add(result.ranked().stream().map(Trial::number).toList().toString());
    return told;
  }

  private static float[] parameters(Learned learned) {
    return learned.model().parameters();
  }

  @Test
  void halvingTrainsTheBestOfEachRungOn() {
    Search.Result result = Planes.search().run(Planes.table());
    assertEquals(8, result.trials().size());
    for (int rung = 0; rung < 3; rung++) {
      int number = rung;
      List<Trial> there =
          result.trials().stream().filter(trial -> trial.rungs().size() > number).toList();
      assertEquals(List.of(8, 4, 2).get(rung), there.size());
      double worstOfThose =
          there.stream()
              .filter(trial -> trial.rungs().size() > number + 1)
              .mapToDouble(trial -> trial.rungs().get(number).score().orElseThrow())
              .max()
              .orElse(0);
      for (Trial trial : there) {
        if (trial.rungs().size() == rung + 1 && rung < 2) {
          assertTrue(trial.rungs().get(rung).score().orElseThrow() >= worstOfThose);
          assertTrue(
              trial.state() == State.STOPPED || trial.state() == State.FINISHED, trial::toString);
        }
        Fit fit = trial.rungs().get(rung).fits().getFirst();
        assertTrue(fit.finished() || fit.epochs() == List.of(2, 4, 8).get(rung));
        assertEquals(fit.epochs(), fit.curve().size());
        assertEquals(fit.curve().get(fit.bestEpoch() - 1), fit.score());
      }
    }
    assertEquals(State.FINISHED, result.best().state());
  }

  @Test
  void aTrialThatIsTrainedFromRungToRungHasTheBitsOfOneThatIsTrainedThrough() {
    Search.Result result = Planes.search().run(Planes.table());
    for (Trial trial : result.survivors()) {
      if (trial.state() == State.FINISHED) {
        Learned through =
            Planes.learner(
                    Planes.learner().withRecipe(recipe -> recipe.withEpochs(8)), trial.values())
                .learn(Planes.table());
        assertArrayEquals(through.model().parameters(), result.model(trial).parameters());
        assertEquals(through.bestEpoch(), trial.rungs().getLast().fits().getFirst().bestEpoch());
      }
    }
  }

  @Test
  void theLearnedModelIsThatOfTheBestTrialAndItsDevScoreIsTheTrials() {
    Search search = Planes.search().withMetric(DevMetric.logLoss());
    Search.Result result = search.run(Planes.table());
    Learned learned = result.learned();
    assertArrayEquals(result.model(result.best()).parameters(), parameters(learned));
    assertEquals(
        result.best().score().orElseThrow(),
        learned.dev().orElseThrow().scores().get("logLoss"),
        1e-6);
    assertEquals(16, learned.test().orElseThrow().rows());
  }

  @Test
  void oneWorkerTwoWorkersAndALateOnesFindTheSame() {
    for (Method method : METHODS) {
      Search search = Planes.search().withMethod(method);
      List<String> alone = told(search.run(Planes.table()));
      try (ExecutorService two = Executors.newFixedThreadPool(2)) {
        assertEquals(alone, told(search.withParallel(two, 2).run(Planes.table())));
        assertEquals(alone, told(search.withParallel(shuffling(two), 5).run(Planes.table())));
      }
      assertEquals(alone, told(search.withParallel(Runnable::run, 3).run(Planes.table())));
      assertEquals(alone, told(search.withParallel(helper -> {}, 3).run(Planes.table())));
    }
  }

  /** Lends threads late, and the last one that was asked for first. */
  private static Executor shuffling(Executor executor) {
    ConcurrentLinkedDeque<Runnable> waiting = new ConcurrentLinkedDeque<>();
    return task -> {
      waiting.addFirst(task);
      executor.execute(
          () -> {
            Thread.yield();
            Runnable next = waiting.pollLast();
            if (next != null) {
              next.run();
            }
          });
    };
  }

  @Test
  void anotherSeedTriesOtherValues() {
    List<String> one = told(Planes.search().run(Planes.table()));
    List<String> other = told(Planes.search().withSeed(1).run(Planes.table()));
    assertFalse(one.equals(other));
  }

  @Test
  void aLargerScoreIsBetterWhereTheMetricSaysSo() {
    Search.Result result =
        Planes.search().withMethod(Method.random()).withMetric(DevMetric.auc()).run(Planes.table());
    assertTrue(result.largerIsBetter());
    double best = result.best().score().orElseThrow();
    for (Trial trial : result.trials()) {
      assertTrue(trial.score().orElseThrow() <= best);
    }
  }

  @Test
  void ofEqualScoresTheLowerNumberIsBetter() {
    DevMetric constant = DevMetric.of("constant", true, (logits, dev, loss) -> 0.5);
    Search.Result result = Planes.search().withMetric(constant).run(Planes.table());
    assertEquals(0, result.best().number());
    assertEquals(
        List.of(0, 1, 2, 3),
        result.trials().stream()
            .filter(trial -> trial.rungs().size() > 1)
            .map(Trial::number)
            .toList());
  }

  @Test
  void aTrialThatDivergesComesLastWithItsReason() {
    Search search =
        Search.of(
                Planes.learner(),
                List.of(Space.choice("learning-rate", "1e-2", "1e30"), Planes.SPACES.get(1)),
                (learner, values) ->
                    learner.withRecipe(
                        recipe ->
                            recipe
                                .withBatchSize(8)
                                .withOptimizer(Optimizer.sgd(values.number("learning-rate")))))
            .withTrials(9)
            .withEpochs(9);
    Search.Result result = search.run(Planes.table());
    int failed = 0;
    for (Trial trial : result.trials()) {
      boolean wild = trial.values().text("learning-rate").equals("1e30");
      assertEquals(wild, trial.state() == State.FAILED);
      assertEquals(wild, trial.score().isEmpty());
      if (wild) {
        failed++;
        assertTrue(trial.failure().orElseThrow().contains("loss is"), trial::toString);
      }
    }
    assertTrue(failed > 0 && failed < 9);
    assertEquals(9 - failed, result.ranked().size());
  }

  @Test
  void aRefusedCombinationIsRecordedWithItsMessage() {
    Search search =
        Search.of(
                Planes.learner(),
                List.of(Planes.SPACES.get(1)),
                (learner, values) -> {
                  if (values.integer("hidden") == 3) {
                    throw new IllegalArgumentException("three is refused");
                  }
                  return learner;
                })
            .withTrials(9)
            .withEpochs(3);
    for (Trial trial : search.run(Planes.table()).trials()) {
      boolean three = trial.values().integer("hidden") == 3;
      assertEquals(three, trial.failure().isPresent());
      assertTrue(!three || trial.failure().get().contains("three is refused"));
    }
  }

  @Test
  void aSearchWhoseTrialsAllFailTellsTheFirstReason() {
    Search.Result result =
        Search.of(
                Planes.learner(),
                Planes.SPACES,
                (learner, values) -> learner.withSplit(new Split.Ratios(50, 30, 20)))
            .withTrials(3)
            .run(Planes.table());
    NoSuchElementException none = assertThrows(NoSuchElementException.class, result::best);
    assertTrue(none.getMessage().contains("trial 0"), none.getMessage());
    assertTrue(none.getMessage().contains("another split"), none.getMessage());
  }

  @Test
  void aScoreThatIsNoNumberIsAFailure() {
    DevMetric none = DevMetric.of("none", true, (logits, dev, loss) -> Double.NaN);
    Search.Result result = Planes.search().withMetric(none).run(Planes.table());
    assertTrue(result.ranked().isEmpty());
    assertTrue(result.trials().getFirst().failure().orElseThrow().contains("NaN"));
  }

  @Test
  void foldsScoreByTheirMeanAndHoldOutEveryRowThatIsNoTestRow() {
    Search.Result result = Planes.search().withFolds(4).run(Planes.table());
    for (Trial trial : result.trials()) {
      for (Trial.Rung rung : trial.rungs()) {
        assertEquals(4, rung.fits().size());
        assertEquals(
            rung.fits().stream().mapToDouble(Fit::score).average().orElseThrow(),
            rung.score().orElseThrow(),
            1e-15);
      }
    }
    Learned learned = result.learned();
    Learned through =
        Planes.learner(
                Planes.learner().withRecipe(recipe -> recipe.withEpochs(8)), result.best().values())
            .learn(Planes.table());
    assertArrayEquals(parameters(through), parameters(learned));
  }

  @Test
  void aBudgetOfEpochsEndsBeforeItIsSpentAndTellsSo() {
    for (int most : new int[] {1, 5, 9, 16, 18, 22, 27, 1000}) {
      for (Method method : List.of(Method.halving(2), Method.random())) {
        Search search =
            Planes.search().withMethod(method).withBudget(Budget.unlimited().withEpochs(most));
        Search.Result result = search.run(Planes.table());
        assertTrue(result.epochs() <= most);
        assertEquals(
            result.trials().stream().anyMatch(trial -> trial.state() == State.OPEN),
            result.stopped().isPresent());
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
          assertEquals(told(result), told(search.withParallel(two, 3).run(Planes.table())));
        }
      }
    }
  }

  @Test
  void aBudgetOfTrialsBeginsNoMore() {
    Search.Result result =
        Planes.search().withBudget(Budget.unlimited().withTrials(4)).run(Planes.table());
    assertEquals(4, result.ranked().size());
    assertEquals("4 trials", result.stopped().orElseThrow());
  }

  @Test
  void aBudgetOfTimeEndsTheSearch() {
    Search.Result result =
        Planes.search()
            .withBudget(Budget.unlimited().withTime(ChronoUnit.NANOS.getDuration()))
            .run(Planes.table());
    assertTrue(result.stopped().isPresent());
    assertEquals(0, result.epochs());
  }

  @Test
  void progressTellsOfEachRungOnce() {
    List<Progress> told = new ArrayList<>();
    Search.Result result = Planes.search().withProgress(told::add).run(Planes.table());
    assertEquals(14, told.size());
    assertEquals(14, told.getLast().planned());
    assertEquals(14, told.getLast().finished());
    assertEquals(result.epochs(), told.getLast().epochs());
  }

  @Test
  void anInterruptEndsTheSearchAndStays() {
    AtomicInteger rungs = new AtomicInteger();
    Search search =
        Planes.search()
            .withProgress(
                progress -> {
                  if (rungs.incrementAndGet() == 4) {
                    Thread.currentThread().interrupt();
                  }
                });
    assertThrows(CancellationException.class, () -> search.run(Planes.table()));
    assertTrue(Thread.interrupted());
    assertEquals(4, rungs.get());
  }

  @Test
  void whatAListenerThrowsEndsTheSearch() {
    Search search =
        Planes.search()
            .withProgress(
                progress -> {
                  throw new IllegalStateException("enough");
                });
    try (ExecutorService two = Executors.newFixedThreadPool(2)) {
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class, () -> search.withParallel(two, 3).run(Planes.table()));
      assertEquals("enough", thrown.getMessage());
    }
  }

  @Test
  void aLearnerWithoutDevRowsIsRefused() {
    Search search =
        Search.of(
            Planes.learner().withSplit(new Split.Ratios(80, 0, 20)),
            Planes.SPACES,
            Planes::learner);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> search.run(Planes.table()));
    assertTrue(refused.getMessage().contains("no dev rows"), refused.getMessage());
  }

  @Test
  void withoutEarlyStoppingTheScoreIsThatOfTheLatestEpoch() {
    Search search =
        Search.of(
                Planes.learner()
                    .withRecipe(recipe -> recipe.withEarlyStopping(EarlyStopping.never())),
                Planes.SPACES,
                Planes::learner)
            .withTrials(3)
            .withMethod(Method.random())
            .withEpochs(5);
    for (Trial trial : search.run(Planes.table()).trials()) {
      assertEquals(trial.rungs().getLast().curve().get(4), trial.score().orElseThrow());
    }
  }

  @Test
  void aParameterThatDecidesAloneIsImportantAndOneWithoutEffectIsNot() {
    List<Space> spaces = List.of(Space.uniform("x", 0, 1), Space.choice("c", "a", "b", "d"));
    Design design = new Design(Method.random(), spaces, 60, 1, 5);
    List<Integer> trials = design.next(all -> all).orElseThrow().trials();
    List<Values> values = trials.stream().map(design::values).toList();
    double[] byX = values.stream().mapToDouble(of -> Math.abs(of.number("x") - 0.5)).toArray();
    var effects = Effects.of(spaces, values, byX);
    assertTrue(effects.get("x") > 0.7, effects::toString);
    assertTrue(effects.get("c") < 0.1, effects::toString);
    double[] byC = values.stream().mapToDouble(of -> of.text("c").equals("b") ? 0 : 1).toArray();
    assertTrue(Effects.of(spaces, values, byC).get("c") > 0.99);
  }

  @Test
  void theUsualSetupSetsWhatTheUsualSpacesName() {
    Values values =
        Values.of(
            Map.of(
                "schedule", "cosine",
                "learning-rate", "0.02",
                "beta", "0.95",
                "hidden", "5,3",
                "batch-size", "16"));
    Learner learner = Search.usualSetup().learner(Planes.learner(), values);
    Recipe recipe = learner.withRecipe(r -> r.withEpochs(7)).begin(Planes.table()).recipe();
    assertEquals(new Schedule.Cosine(0.02, 0, 100), recipe.optimizer().schedule());
    assertEquals(
        new Transform.Adam(0.95, 0.999, 1e-8, Transform.EpsilonPlace.OUTSIDE_ROOT),
        recipe.optimizer().transforms().getFirst());
    assertEquals(16, recipe.batchSize());
    assertEquals(2 * 5 + 5 + 5 * 3 + 3 + 3 + 1, recipe.network().layout().size());
    Search.Result result =
        Search.of(Planes.learner(), Search.usualSpaces(), Search.usualSetup())
            .withTrials(9)
            .withEpochs(3)
            .run(Planes.table());
    assertTrue(result.ranked().size() > 5, result::toString);
  }

  @Test
  void theSpacesOfAPresetHoldItAndItsSetupSetsEachValue() {
    Tabular preset = Tabular.small().withEpochs(3);
    for (Roles.Task task : Roles.Task.values()) {
      List<Space> spaces = Search.tabularSpaces(task);
      boolean classes = task == Roles.Task.CLASSIFY;
      Loss loss = classes ? new Loss.SoftmaxCrossEntropy() : new Loss.SquaredError();
      double rate = preset.rate(loss);
      assertTrue(spaces.getFirst().place(Double.toString(rate)) > 0.1, spaces::toString);
      assertTrue(spaces.getFirst().place(Double.toString(rate)) < 0.9, spaces::toString);
      assertTrue(spaces.get(1).choices().contains("256,256,256"), spaces::toString);
    }
    Values values = Values.of(Map.of("learning-rate", "0.02", "hidden", "8,8", "dropout", "0.25"));
    assertEquals(
        Planes.learner()
            .withPreset(preset.withRate(0.02).withHidden(8, 8).withDropout(0.25))
            .learn(Planes.table())
            .model()
            .parametersSha256(),
        Search.tabularSetup(preset)
            .learner(Planes.learner(), values)
            .learn(Planes.table())
            .model()
            .parametersSha256());
    Search.Result result =
        Search.of(
                Planes.learner(),
                Search.tabularSpaces(Roles.Task.CLASSIFY),
                Search.tabularSetup(preset))
            .withTrials(3)
            .withEpochs(3)
            .run(Planes.table());
    assertEquals(3, result.ranked().size(), result::toString);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Search.tabularSetup(preset)
                    .learner(Planes.learner(), Values.of(Map.of("beta", "0.9"))));
    assertTrue(refused.getMessage().startsWith("name: beta; expected"), refused.getMessage());
  }

  @Test
  void theUsualSetupRefusesWhatItCannotSet() {
    for (Map<String, String> wrong :
        List.of(
            Map.of("momentum", "0.9"),
            Map.of("hidden", "5;3"),
            Map.of("schedule", "cosin"),
            Map.of("batch-size", "1.5"),
            Map.of("beta", "1"))) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  Search.usualSetup()
                      .learner(Planes.learner(), Values.of(wrong))
                      .begin(Planes.table()));
      assertTrue(
          refused.getMessage().contains("expected"), () -> wrong + ": " + refused.getMessage());
    }
    Learner descent =
        Planes.learner().withRecipe(recipe -> recipe.withOptimizer(Optimizer.sgd(0.1)));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Search.usualSetup()
                    .learner(descent, Values.of(Map.of("beta", "0.9")))
                    .begin(Planes.table()));
    assertTrue(refused.getMessage().startsWith("beta: "), refused.getMessage());
  }

  @Test
  void noEpochIsTrainedTwice() {
    AtomicInteger evaluated = new AtomicInteger();
    DevMetric counting =
        DevMetric.of("counting", true, (logits, dev, loss) -> evaluated.incrementAndGet());
    for (Search search : List.of(Planes.search(), Planes.search().withFolds(2))) {
      evaluated.set(0);
      Search.Result result = search.withMetric(counting).run(Planes.table());
      assertEquals(evaluated.get(), result.epochs());
    }
  }

  @Test
  void importanceIsTheShareOfTheVarianceOfRanksBetweenGroupsLessChance() {
    List<Space> spaces = List.of(Space.choice("c", "a", "b"));
    List<Values> values =
        List.of("a", "a", "b", "b").stream().map(c -> Values.of(Map.of("c", c))).toList();
    // Ranks 0, 1 and 2, 3: of a sum of squares of 5, 4 lie between; 1 − (1/5)(3/2).
    double[] scores = {0.1, 0.2, 7, Double.POSITIVE_INFINITY};
    assertEquals(0.7, Effects.of(spaces, values, scores).get("c"), 1e-12);
  }

  @Test
  void imagesAreSearchedAsTablesAre(@TempDir Path folder) throws IOException {
    byte[] pixels = new byte[60 * 4];
    byte[] labels = new byte[60];
    for (int i = 0; i < 60; i++) {
      labels[i] = (byte) (i % 3);
      for (int p = 0; p < 4; p++) {
        pixels[4 * i + p] = (byte) (p == i % 3 ? 200 : (17 * i + 31 * p) % 150);
      }
    }
    Idx.Images images = new Idx.Images("images", new Column.Pixels(2, 2, 1), pixels, labels);
    Learner learner = Learner.imageClassifier();
    Search search = Search.of(learner, Planes.SPACES, Planes::learner).withTrials(3).withEpochs(3);
    Search.Result result = search.run(images);
    assertEquals(3, result.ranked().size());
    Path journal = folder.resolve("j");
    assertEquals(told(result), told(search.run(images, journal)));
    assertEquals(told(result), told(search.run(images, journal)));
    assertEquals(3, search.withFolds(3).run(images).best().rungs().getFirst().fits().size());
  }
}
