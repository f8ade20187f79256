package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Model;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.DevMetric;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.ReduceOnPlateau;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class LearnerTest {

  private static final Table TABLE = Flowers.table(200, 1);

  private static Table some(int... rows) {
    List<List<?>> all = Flowers.rows(200, 1);
    return Table.ofRows(Flowers.NAMES, Arrays.stream(rows).<List<?>>mapToObj(all::get).toList());
  }

  /** The call is what the parts give when they are put together by hand. */
  @Test
  void theDefaultsAreThoseOfThePartsByHand() {
    int label = TABLE.column("kind");
    Roles roles =
        Roles.of("kind", Roles.Task.CLASSIFY).withIgnored("weight", "plant", "day", "price");
    int[] classes = Target.Classes.of(TABLE, label).numbers(TABLE, label, TABLE.all());
    Split split = Split.stratified(classes, new Split.Ratios(60, 20, 20), 0);
    Encoder encoder = Encoder.fit(TABLE, roles, split.train(), Encoder.Options.standard());
    Network network =
        Network.inputs(encoder.encodedColumns())
            .dense(128)
            .relu()
            .dense(64)
            .relu()
            .dense(1)
            .loss(new Loss.SigmoidCrossEntropy());
    Recipe recipe =
        Recipe.of(network, Optimizer.adam(0.001))
            .withEpochs(8)
            .withEarlyStopping(EarlyStopping.patience(10));
    TrainingData data =
        TrainingData.of(encoder.dataset(TABLE, split.train()))
            .withDev(encoder.dataset(TABLE, split.dev()))
            .withMetric(DevMetric.accuracy());
    Training training = Training.start(recipe, data, Engine.standard());
    training.forEach(epoch -> {});

    Learned learned = Flowers.kinds().learn(TABLE);
    assertArrayEquals(training.parameters(), learned.model().parameters());
    assertEquals(encoder, learned.model().encoder().orElseThrow());
    assertEquals(training.bestEpoch(), learned.bestEpoch());
    assertEquals(8, learned.epochs().size());
  }

  @Test
  void setsAreJudgedByTheModelAsItIsSaved() {
    Run run = Flowers.kinds().begin(TABLE);
    run.forEach(epoch -> {});
    Learned learned = run.finish();
    assertEquals(List.of("train", "dev", "test"), List.copyOf(learned.evaluations().keySet()));
    assertEquals(learned.model().evaluate(some(run.split().test())), learned.test().orElseThrow());
    Evaluation.OfClasses test = (Evaluation.OfClasses) learned.test().orElseThrow();
    assertEquals(List.of("iris", "rose"), test.labels());
    assertTrue(test.accuracy() > 0.8, test::toString);
  }

  @Test
  void provenanceSaysRowsSeedRecipeAndSource() {
    Learned learned = Flowers.kinds().withSeed(5).learn(TABLE);
    Map<String, String> entries = learned.model().provenance().entries();
    assertEquals("120", entries.get("rows"));
    assertEquals("5", entries.get("seed"));
    assertEquals(TABLE.source(), entries.get("data"));
    assertTrue(entries.get("recipe").contains("8 epochs"), entries::toString);
  }

  @Test
  void seedsGiveOtherSplitsAndParameters() {
    Run one = Flowers.kinds().withSeed(1).begin(TABLE);
    Run two = Flowers.kinds().withSeed(2).begin(TABLE);
    assertFalse(Arrays.equals(one.split().test(), two.split().test()));
    assertFalse(Arrays.equals(one.training().parameters(), two.training().parameters()));
  }

  @Test
  void bitsDoNotDependOnTheEngine() {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Engine wide = Engine.standard().withParallel(Parallel.on(threads, 3));
      assertArrayEquals(
          Flowers.kinds().learn(TABLE).model().parameters(),
          Flowers.kinds().withEngine(wide).learn(TABLE).model().parameters());
    }
  }

  @Test
  void groupsStayInOnePart() {
    Learner learner = Flowers.kinds().withIgnored("weight", "day", "price").withGroups("plant");
    Split split = learner.begin(TABLE).split();
    List<Set<String>> parts =
        List.of(split.train(), split.dev(), split.test()).stream()
            .map(
                rows ->
                    Arrays.stream(rows)
                        .mapToObj(row -> TABLE.text(row, TABLE.column("plant")))
                        .collect(Collectors.toSet()))
            .toList();
    for (int a = 0; a < 3; a++) {
      for (int b = 0; b < a; b++) {
        assertTrue(parts.get(a).stream().noneMatch(parts.get(b)::contains));
      }
    }
    assertTrue(
        learner.begin(TABLE).encoder().columns().stream()
            .noneMatch(c -> c.name().equals("plant") && c.encodedColumns() > 0));
  }

  @Test
  void trainingRowsAreWeightedByTheirColumnTimesTheirClass() {
    Learner learner =
        Flowers.kinds()
            .withIgnored("plant", "day", "price")
            .withWeights("weight")
            .withClassWeights(Map.of("rose", 5f));
    Run run = learner.begin(TABLE);
    Dataset rows = (Dataset) run.data().training();
    for (int i = 0; i < rows.rows(); i++) {
      int row = run.split().train()[i];
      boolean rose = TABLE.text(row, TABLE.column("kind")).equals("rose");
      assertEquals(row % 3 * (rose ? 5 : 1), rows.weights()[i]);
    }
    assertEquals(null, run.dev().orElseThrow().weights(), "dev rows count once each");
  }

  @Test
  void withoutDevRowsNothingStopsEarlyAndNoRuleWatches() {
    Learner learner =
        Flowers.kinds()
            .withSplit(new Split.Ratios(100, 0, 0))
            .withRecipe(
                r ->
                    r.withEpochs(5)
                        .withEarlyStopping(EarlyStopping.patience(1))
                        .withReduceOnPlateau(ReduceOnPlateau.of(1, 0.5)));
    Learned learned = learner.learn(TABLE);
    assertEquals(5, learned.epochs().size());
    assertEquals(Set.of("train"), learned.evaluations().keySet());
  }

  @Test
  void givenDevAndTestRowsTakeThePlaceOfTheirShares() {
    Table dev = Flowers.table(31, 2);
    Table test = Flowers.table(37, 3);
    Run both = Flowers.kinds().withDev(dev).withTest(test).begin(TABLE);
    assertEquals(200, both.train().rows());
    assertEquals(31, both.dev().orElseThrow().rows());
    assertEquals(37, both.test().orElseThrow().rows());
    assertEquals(
        "160 train, 0 dev, 40 test", Flowers.kinds().withDev(dev).begin(TABLE).split().toString());
    assertEquals(
        "160 train, 40 dev, 0 test",
        Flowers.kinds().withTest(test).begin(TABLE).split().toString());
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Flowers.kinds().withDev(dev).withSplit(new Split.Ratios(60, 20, 20)).begin(TABLE));
    assertTrue(e.getMessage().contains("dev rows, which are given"), e.getMessage());
  }

  @Test
  void aSplitOfOnesOwnIsTaken() {
    Split split =
        new Split(
            IntStream.range(0, 150).toArray(),
            IntStream.range(150, 170).toArray(),
            IntStream.range(170, 200).toArray());
    Run run = Flowers.kinds().withSplit(split).begin(TABLE);
    assertEquals(split, run.split());
    assertEquals(30, run.test().orElseThrow().rows());
  }

  @Test
  void earlyStoppingMayWatchAnyMetric() {
    Learned learned =
        Flowers.kinds()
            .withMetric(DevMetric.auc())
            .withRecipe(r -> r.withEarlyStopping(EarlyStopping.patience(3).onMetric()))
            .learn(TABLE);
    double best = learned.epochs().get(learned.bestEpoch() - 1).devMetric().orElseThrow();
    assertTrue(learned.epochs().stream().allMatch(e -> e.devMetric().orElseThrow() <= best));
  }

  @Test
  void theCallerDrivesEpochsAndMayStop() {
    try (Run run = Flowers.kinds().begin(TABLE)) {
      for (Epoch epoch : run) {
        if (epoch.number() == 2) {
          break;
        }
      }
      Learned learned = run.finish();
      assertEquals(2, learned.epochs().size());
      assertEquals(2, run.training().epochs());
    }
  }

  @Test
  void anInterruptCancelsLearningAndIsKept() {
    Thread.currentThread().interrupt();
    try {
      CancellationException e =
          assertThrows(CancellationException.class, () -> Flowers.kinds().learn(TABLE));
      assertEquals("interrupted after epoch 0", e.getMessage());
      assertTrue(Thread.currentThread().isInterrupted());
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void anInterruptedRunGoesOnWithTheSameBits() {
    Learned whole = Flowers.kinds().learn(TABLE);
    Run run = Flowers.kinds().begin(TABLE);
    for (Epoch epoch : run) {
      if (epoch.number() == 3) {
        Thread.currentThread().interrupt();
      }
    }
    assertTrue(Thread.interrupted());
    assertEquals(3, run.training().epochs());
    run.forEach(epoch -> {});
    assertArrayEquals(whole.model().parameters(), run.finish().model().parameters());
    assertEquals(8, run.finish().epochs().size());
  }

  @Test
  void temperatureAndThresholdAreFittedOnTheDevRows() {
    Learned plain = Flowers.kinds().learn(TABLE);
    Learned fitted =
        Flowers.kinds().withCalibration().withThreshold(Threshold.Measure.F1).learn(TABLE);
    assertArrayEquals(plain.model().parameters(), fitted.model().parameters());
    assertNotEquals(Temperature.NONE, fitted.model().temperature());
    Evaluation.OfClasses before = (Evaluation.OfClasses) plain.dev().orElseThrow();
    Evaluation.OfClasses after = (Evaluation.OfClasses) fitted.dev().orElseThrow();
    assertTrue(after.classification().logLoss() < before.classification().logLoss());
    assertTrue(after.scoresOf("rose").f1() >= before.scoresOf("rose").f1());
  }

  /**
   * First the temperature by the logits, then the threshold by the probabilities it gives. Of many
   * rows the best threshold is near ½ either way, so several small sets are tried.
   */
  @Test
  void theThresholdIsFittedOnCalibratedProbabilities() {
    int telling = 0;
    for (int seed = 0; seed < 6; seed++) {
      Run run =
          Flowers.kinds()
              .withSeed(seed)
              .withRecipe(recipe -> recipe.withEpochs(40).withEarlyStopping(EarlyStopping.never()))
              .withCalibration()
              .withThreshold(Threshold.Measure.F1)
              .begin(TABLE);
      run.forEach(epoch -> {});
      Model model = run.finish().model();
      Dataset dev = run.dev().orElseThrow();
      float[] logits = new float[dev.rows()];
      model.predictor().logits(dev.features(), dev.rows(), logits);
      Temperature fitted = Temperature.fit(logits, 1, dev.targets(), dev.rows());
      assertEquals(fitted, model.temperature());
      float expected = threshold(logits, fitted.value(), dev);
      assertEquals(expected, model.threshold().probability(), 1e-6f);
      telling += Math.abs(threshold(logits, 1, dev) - expected) > 1e-4 ? 1 : 0;
    }
    assertTrue(telling > 0, "the order of both does not show on these rows");
  }

  private static float threshold(float[] logits, float temperature, Dataset dev) {
    double[] second = new double[dev.rows()];
    for (int r = 0; r < second.length; r++) {
      second[r] = 1 / (1 + StrictMath.exp(-(double) logits[r] / temperature));
    }
    return Threshold.fit(second, dev.targets(), dev.rows(), Threshold.Measure.F1).probability();
  }

  @Test
  void theMetricOfTheLearnerIsTheOneThatIsWatched() {
    for (DevMetric metric : List.of(DevMetric.auc(), DevMetric.accuracy())) {
      TrainingData data = Flowers.kinds().withMetric(metric).begin(TABLE).data();
      assertEquals(metric.name(), data.metric().orElseThrow().name());
    }
    TrainingData data = Flowers.prices().withMetric(DevMetric.mae()).begin(TABLE).data();
    assertEquals(DevMetric.mae().name(), data.metric().orElseThrow().name());
    assertEquals("accuracy", Flowers.kinds().begin(TABLE).data().metric().orElseThrow().name());
  }

  @Test
  void valuesAreJudgedInTheirUnits() {
    Learned learned = Flowers.prices().withRecipe(r -> r.withEpochs(60)).learn(TABLE);
    Evaluation.OfValues test = (Evaluation.OfValues) learned.test().orElseThrow();
    assertEquals(List.of("price"), test.names());
    assertTrue(test.regression().r2().orElseThrow() > 0.8, test::toString);
    assertTrue(test.regression().rmse() > 0.05);
  }

  /** Values of 1e9 + 10x that a line fits have an error far below the spacing of floats there. */
  @Test
  void valuesFarFromZeroHaveTheirTrueError() {
    List<List<?>> rows =
        IntStream.range(0, 40).<List<?>>mapToObj(i -> List.of(i, 1e9 + 10 * i)).toList();
    Learned learned =
        Learner.regressor("y")
            .withSplit(new Split.Ratios(100, 0, 0))
            .withNetwork(
                (inputs, outputs, loss) -> Network.inputs(inputs).dense(outputs).loss(loss))
            .withRecipe(
                r -> r.withOptimizer(Optimizer.adam(0.01)).withBatchSize(0).withEpochs(2000))
            .learn(Table.ofRows(List.of("x", "y"), rows));
    Evaluation.OfValues train = (Evaluation.OfValues) learned.train();
    assertTrue(train.regression().rmse() < 0.01, train::toString);
    assertTrue(train.regression().r2().orElseThrow() > 0.999999);
  }

  @Test
  void meansWhoseLogarithmIsPredictedAreNotScaled() {
    Run run = Flowers.prices().withLoss(new Loss.Poisson()).begin(TABLE);
    assertFalse(((Target.Values) run.encoder().target()).isScaled());
  }

  @Test
  void resultsPrintAsATable() {
    String printed = Flowers.kinds().learn(TABLE).toString();
    assertTrue(printed.startsWith("set       rows        accuracy         logLoss"), printed);
    assertEquals(4, printed.lines().count());
  }

  /** No step comes after the last epoch to find that its loss is no number. */
  @Test
  void aTrainingThatDivergesInItsLastEpochSaysSoAndBlamesNoRow() {
    Learner learner =
        Flowers.prices()
            .withSplit(new Split.Ratios(100, 0, 0))
            .withRecipe(r -> r.withOptimizer(Optimizer.sgd(1e30)).withBatchSize(0).withEpochs(1));
    ArithmeticException e = assertThrows(ArithmeticException.class, () -> learner.learn(TABLE));
    assertEquals(
        "the model of epoch 1 has no finite train loss: its training has diverged", e.getMessage());
  }

  @Test
  void aTrainingOfOtherRowsOrAnotherRecipeIsNotTaken() {
    Run run = Flowers.kinds().begin(TABLE);
    Run otherSplit = Flowers.kinds().withSeed(1).begin(TABLE);
    assertNotTaken(run, otherSplit.training(), "encoder");
    assertNotTaken(run, Training.start(run.recipe().withSeed(5), run.data(), run.engine()), "seed");
    assertNotTaken(
        run,
        Training.start(run.recipe().withBatchSize(7), run.data(), run.engine()),
        "batchSize: 7; expected 64");
    float[] weights = new float[run.train().rows()];
    Arrays.fill(weights, 2);
    assertNotTaken(
        run,
        Training.start(
            run.recipe(), run.data().withTraining(run.train().withWeights(weights)), run.engine()),
        "training.weights");
    Training same =
        Training.start(
            run.recipe().withEpochs(9), run.data(), new float[parameters(run)], run.engine());
    run.use(same);
    assertSame(same, run.training());
  }

  private static int parameters(Run run) {
    return run.recipe().network().layout().size();
  }

  private static void assertNotTaken(Run run, Training begun, String what) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> run.use(begun)).getMessage();
    assertTrue(message.startsWith("begun: ") && message.contains(what), message);
  }

  @Test
  void aClosedRunTrainsNoMore() {
    Run run = Flowers.kinds().begin(TABLE);
    Iterator<Epoch> epochs = run.iterator();
    epochs.next();
    run.close();
    assertThrows(IllegalStateException.class, epochs::hasNext);
    assertThrows(IllegalStateException.class, epochs::next);
    assertThrows(IllegalStateException.class, run::iterator);
    assertThrows(IllegalStateException.class, run::training);
    assertThrows(IllegalStateException.class, run::finish);
    assertThrows(IllegalStateException.class, () -> run.withRecipe(r -> r));
    assertEquals(120, run.split().train().length);
  }

  /** An epoch is known by its number, also where the run has only some of them. */
  @Test
  void epochsAreThoseOfThisRunAndTheBestIsCountedFromTheBeginning() throws IOException {
    Run first = Flowers.kinds().begin(TABLE);
    Iterator<Epoch> before = first.iterator();
    before.next();
    before.next();
    byte[] checkpoint = first.training().toBytes();
    Run second = Flowers.kinds().begin(TABLE);
    second.use(Training.resume(checkpoint, second.recipe(), second.data(), second.engine()));
    second.forEach(epoch -> {});
    Learned resumed = second.finish();
    Learned whole = Flowers.kinds().learn(TABLE);
    assertEquals(3, resumed.epochs().getFirst().number());
    assertEquals(whole.bestEpoch(), resumed.bestEpoch());
    assertEquals(whole.epochs().size(), resumed.epochs().size() + 2);
  }

  @Test
  void aTableWithoutRowsIsRefusedAsOne() {
    Table none = Table.ofMaps(List.of());
    for (Executable call :
        List.<Executable>of(
            () -> Learner.classifier("status").learn(none),
            () -> Learner.classifier("status").crossValidate(none, 2))) {
      String message = assertThrows(DataException.class, call).getMessage();
      assertTrue(message.endsWith(": no rows; expected some to learn from"), message);
    }
  }

  /** Folds have training rows of their own. */
  @Test
  void aRecipeIsTailoredToTheTrainingRowsAfterWhatWasAskedBefore() {
    List<Integer> seen = new ArrayList<>();
    Learner learner =
        Flowers.kinds()
            .withRecipe(recipe -> recipe.withEpochs(2).withBatchSize(8))
            .withRecipeFor(
                (recipe, encoder, rows) -> {
                  assertEquals(8, recipe.batchSize());
                  assertEquals(recipe.network().inputs(), encoder.encodedColumns());
                  seen.add(rows);
                  return recipe.withBatchSize(rows / 3);
                });
    try (Run run = learner.begin(TABLE)) {
      assertEquals(List.of(run.train().rows()), seen);
      assertEquals(run.train().rows() / 3, run.recipe().batchSize());
    }
    seen.clear();
    learner.crossValidate(TABLE, 4);
    assertTrue(seen.stream().allMatch(rows -> rows < TABLE.rows() * 3 / 4), seen::toString);
  }

  @Test
  void functionsThatGiveNothingAreNamed() {
    Learner kinds = Flowers.kinds();
    assertNamed("withRecipe", () -> kinds.withRecipe(r -> null).begin(TABLE));
    assertNamed("withRecipeFor", () -> kinds.withRecipeFor((r, e, n) -> null).begin(TABLE));
    assertNamed("withNetwork", () -> kinds.withNetwork((in, out, loss) -> null).begin(TABLE));
    assertNamed("withLoss", () -> kinds.withLoss(target -> null).begin(TABLE));
    assertNamed("change", () -> kinds.begin(TABLE).withRecipe(r -> null));
    assertNamed("labels", () -> Learner.regressor((String) null));
    assertNamed("metric", () -> kinds.withMetric(null));
  }

  private static void assertNamed(String what, Executable call) {
    String message = assertThrows(NullPointerException.class, call).getMessage();
    assertTrue(message.startsWith(what), message);
  }

  @Test
  void theSplitSaysWhichRowsHadNoPartInTheModel() {
    Run run = Flowers.kinds().begin(TABLE);
    assertSame(run.split(), run.finish().split());
  }

  @Test
  void testRowsAreSelectedBySplit() {
    Learned learned = Flowers.kinds().learn(TABLE);
    Table unseen = TABLE.select(learned.split().test());
    assertEquals(learned.test(), Optional.of(learned.model().evaluate(unseen)));
  }

  /** The remedies name what a caller can do. */
  @Test
  void aMissingOrWrittenValueToPredictIsRefusedWithARemedy() {
    String missing = assertThrows(DataException.class, () -> lengths().learn(TABLE)).getMessage();
    assertTrue(
        missing.contains(", column length: missing; expected a number; Table.select leaves out"),
        missing);
    int length = TABLE.column("length");
    Table known =
        TABLE.select(IntStream.of(TABLE.all()).filter(r -> !TABLE.isMissing(r, length)).toArray());
    assertTrue(lengths().learn(known).test().isPresent());
    String text =
        assertThrows(DataException.class, () -> Learner.regressor("kind").learn(TABLE))
            .getMessage();
    assertTrue(text.endsWith("to predict classes: Learner.classifier"), text);
  }

  private static Learner lengths() {
    return Learner.regressor("length").withRecipe(r -> r.withEpochs(2));
  }

  @Test
  void rowsOfASplitThatNobodyWouldUseAreRefused() {
    Split split = new Split(new int[] {0, 1, 2, 3}, new int[] {4, 5}, new int[] {6});
    IllegalArgumentException dev =
        assertThrows(
            IllegalArgumentException.class,
            () -> Flowers.kinds().withSplit(split).withDev(TABLE).begin(TABLE));
    assertEquals("split: 2 dev rows beside those that are given; expected none", dev.getMessage());
    IllegalArgumentException test =
        assertThrows(
            IllegalArgumentException.class,
            () -> Flowers.kinds().withTest(TABLE).withSplit(split).begin(TABLE));
    assertEquals(
        "split: 1 test rows beside those that are given; expected none", test.getMessage());
  }
}
