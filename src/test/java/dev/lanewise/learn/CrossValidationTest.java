package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Guard;
import dev.lanewise.data.DataException;
import dev.lanewise.data.Folds;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.EarlyStopping;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CrossValidationTest {

  private static final Table TABLE = Flowers.table(120, 1);
  private static final CrossValidation KINDS = Flowers.kinds().crossValidate(TABLE, 4);

  @Test
  void bitsDoNotDependOnTheExecutor() {
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      CrossValidation other = Flowers.kinds().crossValidate(TABLE, KINDS.folds(), threads);
      assertArrayEquals(KINDS.predictions(), other.predictions());
      assertEquals(KINDS.evaluation(), other.evaluation());
      assertEquals(KINDS.scores(), other.scores());
      for (int f = 0; f < 4; f++) {
        assertArrayEquals(
            KINDS.learned().get(f).model().parameters(),
            other.learned().get(f).model().parameters());
      }
    }
  }

  /** A row's prediction is that of the one model that did not see it. */
  @Test
  void eachRowIsPredictedByTheModelThatWasNotTrainedOnIt() {
    double[] predictions = KINDS.predictions();
    assertEquals(2, KINDS.columns());
    for (int f = 0; f < 4; f++) {
      Model model = KINDS.learned().get(f).model();
      int[] rows = KINDS.folds().heldOut(f);
      float[] features = model.encoder().orElseThrow().features(TABLE, rows);
      float[] p = new float[rows.length];
      model.predictor().predict(features, rows.length, p);
      for (int i = 0; i < rows.length; i++) {
        assertEquals(p[i], predictions[2 * rows[i] + 1], 1e-6);
        assertEquals(1, predictions[2 * rows[i]] + predictions[2 * rows[i] + 1], 1e-12);
      }
    }
  }

  /** With next to no learning rate, parameters are those that a training begins with. */
  @Test
  void eachFoldBeginsWithParametersAndRowsOfItsOwn() {
    CrossValidation folds =
        Flowers.kinds()
            .withRecipe(recipe -> recipe.withOptimizer(Optimizer.sgd(1e-30)).withEpochs(1))
            .crossValidate(TABLE, 3);
    float[] first = folds.learned().get(0).model().parameters();
    for (int f = 1; f < 3; f++) {
      float[] other = folds.learned().get(f).model().parameters();
      assertTrue(Math.abs(first[0] - other[0]) > 1e-6, "fold " + f);
      assertTrue(Math.abs(first[first.length / 2] - other[first.length / 2]) > 1e-6, "fold " + f);
    }
  }

  @Test
  void heldOutRowsNeitherTrainNorSelect() {
    for (int f = 0; f < 4; f++) {
      Learned learned = KINDS.learned().get(f);
      assertEquals(30, learned.test().orElseThrow().rows());
      assertEquals(90, learned.train().rows() + learned.dev().orElseThrow().rows());
      assertEquals(67, learned.train().rows(), 1.5, "a quarter of the rows selects");
    }
  }

  /** A fold's model is the same whatever its held-out rows hold. */
  @Test
  void whatHeldOutRowsHoldIsNotLearned() {
    int[] held = KINDS.folds().heldOut(2);
    List<List<?>> rows = new ArrayList<>(Flowers.rows(120, 1));
    for (int row : held) {
      List<Object> other = new ArrayList<>(rows.get(row));
      other.set(0, 1e6);
      other.set(6, other.get(6).equals("rose") ? "iris" : "rose");
      rows.set(row, other);
    }
    Table changed = Table.ofRows(Flowers.NAMES, rows);
    Learned other = Flowers.kinds().crossValidate(changed, KINDS.folds()).learned().get(2);
    assertArrayEquals(KINDS.learned().get(2).model().parameters(), other.model().parameters());
    assertEquals(KINDS.learned().get(2).model().encoder(), other.model().encoder());
  }

  @Test
  void scoresAreMeanAndStandardErrorOverTheFolds() {
    double[] accuracies =
        KINDS.learned().stream()
            .mapToDouble(l -> l.test().orElseThrow().scores().get("accuracy"))
            .toArray();
    double mean = Arrays.stream(accuracies).average().orElseThrow();
    double variance = Arrays.stream(accuracies).map(a -> (a - mean) * (a - mean)).sum() / 3;
    CrossValidation.Score score = KINDS.scores().get("accuracy");
    assertEquals(mean, score.mean(), 1e-15);
    assertEquals(Math.sqrt(variance / 4), score.standardError(), 1e-15);
  }

  /** Folds of equal size: the mean of their accuracies is the accuracy of all. */
  @Test
  void allHeldOutRowsAreJudgedTogether() {
    Evaluation.OfClasses all = (Evaluation.OfClasses) KINDS.evaluation();
    assertEquals(120, all.rows());
    assertEquals(KINDS.scores().get("accuracy").mean(), all.accuracy(), 1e-12);
    assertEquals(KINDS.scores().get("logLoss").mean(), all.classification().logLoss(), 1e-12);
    assertTrue(all.accuracy() > 0.8);
  }

  @Test
  void valuesArePredictedInTheirUnits() {
    CrossValidation prices = Flowers.prices().crossValidate(TABLE, 3);
    double[] predictions = prices.predictions();
    double squares = 0;
    for (int row = 0; row < 120; row++) {
      double error = predictions[row] - TABLE.number(row, TABLE.column("price"));
      squares += error * error;
    }
    assertEquals(Math.sqrt(squares / 120), prices.evaluation().scores().get("rmse"), 1e-6);
  }

  @Test
  void timeOrderedFoldsLeaveTheFirstRowsWithoutPrediction() {
    double[] days = TABLE.numbers(TABLE.column("day"), TABLE.all());
    CrossValidation ordered = Flowers.kinds().crossValidate(TABLE, Folds.timeOrdered(days, 3));
    double[] predictions = ordered.predictions();
    for (int row = 0; row < 120; row++) {
      assertEquals(row < 30, Double.isNaN(predictions[2 * row]));
    }
    assertEquals(90, ordered.evaluation().rows());
  }

  @Test
  void foldsKeepGroupsTogetherWhereRowsHaveSome() {
    Learner learner = Flowers.kinds().withIgnored("weight", "day", "price").withGroups("plant");
    Folds folds = learner.crossValidate(TABLE, 3).folds();
    for (int row = 0; row < 120; row++) {
      int first = row / 4 * 4;
      int number = row;
      assertTrue(
          IntStream.range(0, 3)
              .anyMatch(
                  f ->
                      Arrays.stream(folds.heldOut(f)).anyMatch(r -> r == number)
                          && Arrays.stream(folds.heldOut(f)).anyMatch(r -> r == first)));
    }
  }

  @Test
  void failuresOfAFoldReachTheCaller() {
    Learner learner = Flowers.kinds().withIgnored("weight", "plant", "day", "no such column");
    assertThrows(DataException.class, () -> learner.crossValidate(TABLE, KINDS.folds()));
  }

  @Test
  void anInterruptCancelsAndIsKept() {
    Thread.currentThread().interrupt();
    try {
      assertThrows(
          CancellationException.class, () -> Flowers.kinds().crossValidate(TABLE, KINDS.folds()));
      assertTrue(Thread.currentThread().isInterrupted());
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void whatWouldNotBeUsedIsRefused() {
    Learner judged = Flowers.kinds().withTest(TABLE);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> judged.crossValidate(TABLE, KINDS.folds()));
    assertEquals("learner: has test rows; expected none, as folds judge", e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> Flowers.kinds().crossValidate(TABLE, Folds.plain(7, 2, 0)));
  }

  @Test
  void withoutAShareOfDevRowsAllOthersAreTrainedOn() {
    CrossValidation whole =
        Flowers.kinds().withSplit(new Split.Ratios(100, 0, 0)).crossValidate(TABLE, KINDS.folds());
    assertEquals(90, whole.learned().getFirst().train().rows());
  }

  @Test
  void theModelsOfAllFoldsAreAnEnsembleThatIsSavedAndServed() throws IOException {
    TrainedModel ensemble = TrainedModel.of(KINDS.ensemble().toBytes());
    Table others = Flowers.table(60, 9);
    double mean = 0;
    for (Learned learned : KINDS.learned()) {
      Model model = learned.model();
      float[] features = model.encoder().orElseThrow().features(others, new int[] {5});
      float[] p = new float[1];
      model.predictor().predict(features, 1, p);
      mean += p[0] / 4;
    }
    double[] both = new double[2];
    float[] joined = ensemble.encoder().orElseThrow().features(others, new int[] {5});
    ensemble.predictor().probabilities(joined, 1, both);
    assertEquals(mean, both[1], 1e-6);
    Evaluation.OfClasses judged = (Evaluation.OfClasses) ensemble.evaluate(others);
    assertTrue(judged.accuracy() > 0.8, judged::toString);
    assertEquals(List.of("iris", "rose"), judged.labels());
  }

  /** A fold that the executor has not begun may wait for the very thread that waits for it. */
  @Test
  @Timeout(value = Guard.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aThreadOfTheExecutorMayCrossValidateOnIt() throws Exception {
    try (ExecutorService one = Executors.newSingleThreadExecutor()) {
      Future<CrossValidation> inside =
          one.submit(() -> Flowers.kinds().crossValidate(TABLE, KINDS.folds(), one));
      try {
        assertArrayEquals(KINDS.predictions(), Guard.get(inside).predictions());
      } finally {
        one.shutdownNow();
      }
    }
  }

  @Test
  void whatTheExecutorRefusesTheCallerRuns() {
    ExecutorService closed = Executors.newSingleThreadExecutor();
    closed.shutdown();
    assertArrayEquals(
        KINDS.predictions(),
        Flowers.kinds().crossValidate(TABLE, KINDS.folds(), closed).predictions());
  }

  @Test
  void theEnsembleSaysFoldsSeedRecipeAndSource() {
    Map<String, String> said = KINDS.ensemble().provenance().entries();
    assertEquals(KINDS.folds().toString(), said.get("folds"));
    assertEquals("0", said.get("seed"));
    assertEquals("rows", said.get("data"));
    assertTrue(said.get("recipe").startsWith("batches of 64 rows, 8 epochs, seed 0; "));
    assertTrue(said.keySet().containsAll(List.of("lanewise", "kernels", "java", "optimizer")));
  }

  @Test
  void devRowsOfTimeOrderedFoldsAreTheLatestBeforeTheFold() {
    double[] days = TABLE.numbers(TABLE.column("day"), TABLE.all());
    CrossValidation ordered = Flowers.kinds().crossValidate(TABLE, Folds.timeOrdered(days, 3));
    for (int f = 0; f < 3; f++) {
      Split parts = ordered.learned().get(f).split();
      double last = Arrays.stream(parts.train()).mapToDouble(r -> days[r]).max().orElseThrow();
      double first = Arrays.stream(parts.dev()).mapToDouble(r -> days[r]).min().orElseThrow();
      double end = Arrays.stream(parts.dev()).mapToDouble(r -> days[r]).max().orElseThrow();
      double held = Arrays.stream(parts.test()).mapToDouble(r -> days[r]).min().orElseThrow();
      assertTrue(last < first && end < held);
      assertEquals(parts.train().length + parts.dev().length, 4.0 * parts.dev().length, 4);
    }
  }

  /** All rows of one group are dev rows, or none are. */
  @Test
  void aFoldWithoutTrainingRowsIsRefusedByItsNumber() {
    Table two =
        Table.ofRows(
            List.of("x", "g", "y"),
            IntStream.range(0, 20)
                .mapToObj(i -> List.of(i, i / 10, i % 2 == 0 ? "a" : "b"))
                .toList());
    Learner learner = Learner.classifier("y").withGroups("g").withSplit(new Split.Ratios(1, 98, 1));
    DataException e = assertThrows(DataException.class, () -> learner.crossValidate(two, 2));
    assertTrue(e.getMessage().contains("fold 1 of 2: no training rows"), e.getMessage());
  }

  /** The first fold would train for hours; the last one fails at once. */
  @Test
  @Timeout(Guard.SECONDS)
  void aFailureEndsTheFoldsThatAreStillRunning() {
    AtomicInteger begun = new AtomicInteger();
    Learner learner =
        Flowers.kinds()
            .withRecipe(
                recipe -> {
                  if (begun.incrementAndGet() == 2) {
                    throw new IllegalStateException("the second one fails");
                  }
                  return recipe.withEpochs(100_000_000).withEarlyStopping(EarlyStopping.never());
                });
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      IllegalStateException e =
          assertThrows(
              IllegalStateException.class,
              () -> learner.crossValidate(TABLE, KINDS.folds(), threads));
      assertEquals("the second one fails", e.getMessage());
      assertTrue(!Thread.currentThread().isInterrupted());
    }
  }
}
