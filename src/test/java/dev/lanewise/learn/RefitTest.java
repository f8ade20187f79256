package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.MemoryRows;
import dev.lanewise.data.Column;
import dev.lanewise.data.DataException;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.DevMetric;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.ReduceOnPlateau;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Models that are trained anew on training and dev rows, for the epochs that the dev rows chose.
 */
final class RefitTest {

  private static final Table TABLE = Flowers.table(120, 1);

  private static Network network(int inputs, int outputs, Loss loss) {
    return Network.inputs(inputs).dense(6).relu().dense(outputs).loss(loss);
  }

  private static Learner learner(long seed, int patience) {
    return Flowers.kinds()
        .withNetwork(RefitTest::network)
        .withSeed(seed)
        .withRecipe(
            recipe ->
                recipe
                    .withOptimizer(Optimizer.adam(0.3))
                    .withEpochs(12)
                    .withEarlyStopping(
                        patience == 0 ? EarlyStopping.never() : EarlyStopping.patience(patience)));
  }

  private static long seed(Combined combined, int member) {
    return Long.parseLong(
        combined.members().get(member).model().provenance().entries().get("seed"));
  }

  private static Split all(Split split) {
    int[] both =
        IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.dev()))
            .sorted()
            .toArray();
    return new Split(both, new int[0], split.test());
  }

  @Property(tries = 8)
  void itsModelsAreThoseTrainedByHandOnTrainingAndDevRows(
      @ForAll @IntRange(min = 1, max = 3) int models,
      @ForAll @IntRange(max = 3) int patience,
      @ForAll @IntRange(max = 5) int seed) {
    Learner learner = learner(seed, patience);
    Combined combined = Refit.of(learner, models).learn(TABLE);
    assertEquals(models, combined.members().size());
    for (int m = 0; m < models; m++) {
      long its = seed(combined, m);
      assertEquals(m == 0, its == seed);
      Model byHand =
          learner
              .withSplit(all(combined.split()))
              .withRecipe(recipe -> recipe.withSeed(its).withEpochs(combined.bestEpoch()))
              .learn(TABLE)
              .model();
      Model refitted = combined.members().get(m).model();
      assertArrayEquals(byHand.parameters(), refitted.parameters());
      assertEquals(byHand.encoder(), refitted.encoder());
      assertEquals("96", refitted.provenance().entries().get("rows"));
    }
  }

  /** The runs of the first stage by hand: each to the last epoch, whatever its own best one. */
  private static List<List<Epoch>> byHand(Learner learner, Combined combined) {
    List<List<Epoch>> runs = new ArrayList<>();
    for (int m = 0; m < combined.members().size(); m++) {
      long its = seed(combined, m);
      try (Run run =
          learner
              .withSplit(combined.split())
              .withRecipe(r -> r.withSeed(its).withEarlyStopping(EarlyStopping.never()))
              .begin(TABLE)) {
        List<Epoch> epochs = new ArrayList<>();
        run.forEach(epochs::add);
        runs.add(epochs);
      }
    }
    return runs;
  }

  @Property(tries = 8)
  void theJointBestEpochIsThatOfTheBestMean(
      @ForAll @IntRange(min = 1, max = 3) int models,
      @ForAll @IntRange(max = 3) int patience,
      @ForAll @IntRange(max = 5) int seed) {
    Learner learner = learner(seed, patience);
    Combined combined = Refit.of(learner, models).learn(TABLE);
    List<List<Epoch>> runs = byHand(learner, combined);
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    int epochs = 0;
    while (epochs < 12 && !(patience > 0 && epochs - best >= patience)) {
      double sum = 0;
      for (List<Epoch> run : runs) {
        sum += run.get(epochs).devLoss().orElseThrow();
      }
      epochs++;
      if (sum / models < least) {
        least = sum / models;
        best = epochs;
      }
      assertEquals(sum / models, combined.epochs().get(epochs - 1).devLoss().orElseThrow());
    }
    assertEquals(best, combined.bestEpoch());
    assertEquals(epochs, combined.epochsTrained());
    assertEquals(epochs, combined.epochs().size());
  }

  @Test
  void aMetricIsWatchedWhereTheRuleSaysSo() {
    Learner learner =
        learner(3, 0)
            .withMetric(DevMetric.auc())
            .withRecipe(r -> r.withEarlyStopping(EarlyStopping.patience(4).onMetric()));
    Combined combined = Refit.of(learner, 2).learn(TABLE);
    double best = combined.epochs().get(combined.bestEpoch() - 1).devMetric().orElseThrow();
    for (Epoch epoch : combined.epochs()) {
      assertTrue(epoch.devMetric().orElseThrow() <= best, epoch::toString);
    }
    for (Epoch epoch : combined.epochs().subList(0, combined.bestEpoch() - 1)) {
      assertTrue(epoch.devMetric().orElseThrow() < best, epoch::toString);
    }
  }

  /** The same rule as in a training of its own. */
  @Test
  void ofEqualMeansTheFirstCountsOrTheLatestIfTheRuleSaysSo() {
    DevMetric always = DevMetric.of("always", true, (logits, dev, loss) -> 0.5);
    EarlyStopping first = EarlyStopping.keepBest().onMetric();
    for (EarlyStopping rule : List.of(first, first.withLatestOfEqual())) {
      Learner learner =
          learner(3, 0).withMetric(always).withRecipe(r -> r.withEpochs(3).withEarlyStopping(rule));
      Combined combined = Refit.of(learner, 2).learn(TABLE);
      assertEquals(3, combined.epochsTrained());
      assertEquals(rule.latestOfEqual() ? 3 : 1, combined.bestEpoch());
    }
  }

  /** The dev rows are judged before they are trained on, all others after that. */
  @Test
  void devScoresAreOfTheFirstStageAndOthersOfTheLast() {
    Learner learner = learner(2, 3);
    Combined combined = Refit.of(learner, 2).learn(TABLE);
    List<Model> stage = new ArrayList<>();
    for (int m = 0; m < 2; m++) {
      long its = seed(combined, m);
      stage.add(
          learner
              .withSplit(combined.split())
              .withRecipe(
                  r ->
                      r.withSeed(its)
                          .withEpochs(combined.bestEpoch())
                          .withEarlyStopping(EarlyStopping.never()))
              .learn(TABLE)
              .model());
    }
    Table dev = TABLE.select(combined.split().dev());
    assertEquals(Ensemble.of(stage).evaluate(dev), combined.dev().orElseThrow());
    Table test = TABLE.select(combined.split().test());
    assertEquals(combined.model().evaluate(test), combined.test().orElseThrow());
    Table rows = TABLE.select(all(combined.split()).train());
    assertEquals(combined.model().evaluate(rows), combined.train());
    assertEquals(List.of("train", "dev", "test"), List.copyOf(combined.evaluations().keySet()));
  }

  @Test
  void testRowsPlayNoPart() {
    Learner learner = learner(1, 3);
    Combined combined = Refit.of(learner, 2).learn(TABLE);
    List<List<?>> rows = new ArrayList<>(Flowers.rows(120, 1));
    for (int row : combined.split().test()) {
      List<Object> other = new ArrayList<>(rows.get(row));
      other.set(0, 1e6);
      other.set(1, "blue");
      rows.set(row, other);
    }
    Combined again =
        Refit.of(learner.withSplit(combined.split()), 2).learn(Table.ofRows(Flowers.NAMES, rows));
    assertEquals(combined.model().parametersSha256(), again.model().parametersSha256());
  }

  @Test
  void ofOneTheResultIsAModelAndOfSeveralAnEnsemble() {
    Learner learner = learner(1, 3);
    Model one = assertInstanceOf(Model.class, Refit.of(learner, 1).learn(TABLE).model());
    Ensemble three = assertInstanceOf(Ensemble.class, Refit.of(learner, 3).learn(TABLE).model());
    String told = one.provenance().entries().get("combined");
    assertTrue(told.matches("refit, 1 models on training and dev rows for the joint best.*"), told);
    assertTrue(three.provenance().entries().get("combined").startsWith("refit, 3 models"));
    assertEquals("1", three.provenance().entries().get("seed"));
    assertEquals(3, three.models().size());
  }

  @Test
  void withoutDevRowsTheEpochIsTheLast() {
    Learner learner = learner(1, 3).withSplit(new Split.Ratios(80, 0, 20));
    Combined combined = Refit.of(learner, 1).learn(TABLE);
    assertEquals(12, combined.bestEpoch());
    assertEquals(12, combined.epochs().size());
    assertArrayEquals(
        learner.learn(TABLE).model().parameters(), ((Model) combined.model()).parameters());
  }

  @Test
  void devRowsOfTheirOwnAreTrainedOnToo() {
    Table dev = Flowers.table(30, 2);
    Learner learner = learner(4, 3);
    Combined combined = Refit.of(learner.withDev(dev), 1).learn(TABLE);
    Table both = TABLE.append(dev);
    int[] train =
        IntStream.concat(Arrays.stream(combined.split().train()), IntStream.range(120, 150))
            .toArray();
    Model byHand =
        learner
            .withSplit(new Split(train, new int[0], combined.split().test()))
            .withRecipe(recipe -> recipe.withEpochs(combined.bestEpoch()))
            .learn(both)
            .model();
    assertArrayEquals(byHand.parameters(), ((Model) combined.model()).parameters());
    assertEquals(byHand.encoder(), combined.model().encoder());
  }

  @Test
  void temperatureAndThresholdAreFittedInTheFirstStageAndHandedOn() {
    Learner learner = learner(2, 3);
    Learner fitting = learner.withCalibration().withThreshold(Threshold.Measure.F1);
    Combined plain = Refit.of(learner, 2).learn(TABLE);
    Combined fitted = Refit.of(fitting, 2).learn(TABLE);
    assertEquals(plain.model().parametersSha256(), fitted.model().parametersSha256());
    assertTrue(!fitted.model().temperature().equals(Temperature.NONE));
    double before = ((Evaluation.OfClasses) plain.dev().orElseThrow()).classification().logLoss();
    double after = ((Evaluation.OfClasses) fitted.dev().orElseThrow()).classification().logLoss();
    assertTrue(after < before, before + " " + after);
    assertEquals(
        fitted.model().evaluate(TABLE.select(fitted.split().test())), fitted.test().orElseThrow());
  }

  /** Images whose pixel tells the class: bright ones are of class 1. */
  private static Idx.Images images(int count, int seed) {
    byte[] pixels = new byte[count];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) ((i + seed) % 2);
      pixels[i] = (byte) (100 * labels[i] + 7 * i % 60);
    }
    return new Idx.Images("images", new Column.Pixels(1, 1, 1), pixels, labels);
  }

  @Test
  void imagesAreRefittedAndBaggedToo() {
    Idx.Images images = images(40, 0);
    Idx.Images dev = images(10, 1);
    Learner learner =
        Learner.imageClassifier()
            .withNetwork(RefitTest::network)
            .withRecipe(recipe -> recipe.withEpochs(4));
    Combined combined = Refit.of(learner.withDev(dev), 1).learn(images);
    int[] train =
        IntStream.concat(Arrays.stream(combined.split().train()), IntStream.range(40, 50))
            .toArray();
    Model byHand =
        learner
            .withSplit(new Split(train, new int[0], combined.split().test()))
            .withRecipe(recipe -> recipe.withEpochs(combined.bestEpoch()))
            .learn(images.append(dev))
            .model();
    assertArrayEquals(byHand.parameters(), ((Model) combined.model()).parameters());
    assertTrue(Bagging.of(learner, 2).learn(images).outOfBag().isPresent());
  }

  private static Run streamed(Learner learner) throws IOException {
    return learner.begin(TABLE, encoder -> new MemoryRows(encoder.dataset(TABLE, TABLE.all())), 40);
  }

  @Test
  void aStreamIsRefittedWithoutItsTestRows() throws IOException {
    Learner learner = learner(2, 3);
    Combined combined;
    try (Run run = streamed(learner)) {
      combined = Refit.learn(run, 1, (training, epoch) -> {});
    }
    try (Run run =
        streamed(
            learner
                .withSplit(all(combined.split()))
                .withRecipe(recipe -> recipe.withEpochs(combined.bestEpoch())))) {
      run.forEach(epoch -> {});
      assertArrayEquals(run.finish().model().parameters(), ((Model) combined.model()).parameters());
    }
    try (Run run = streamed(learner.withDev(Flowers.table(30, 2)))) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Refit.learn(run, 1, (t, epoch) -> {}))
              .getMessage();
      assertTrue(message.startsWith("dev: rows of their own beside a stream"), message);
    }
  }

  /** What a run was given beyond its learner counts in both stages. */
  @Test
  void theRecipeOfARunThatWasChangedIsThatOfBothStages() {
    Learner learner = learner(2, 0);
    Combined expected = Refit.of(learner.withRecipe(r -> r.withBatchSize(7)), 2).learn(TABLE);
    try (Run run = learner.begin(TABLE).withRecipe(r -> r.withBatchSize(7))) {
      Combined actual = Refit.learn(run, 2, (training, epoch) -> {});
      assertEquals(expected.model().parametersSha256(), actual.model().parametersSha256());
      assertEquals(expected.bestEpoch(), actual.bestEpoch());
    }
  }

  @Test
  void theBitsDoNotDependOnTheThreads() {
    Learner learner = learner(5, 3);
    String expected = Refit.of(learner, 2).learn(TABLE).model().parametersSha256();
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      Engine two = Engine.standard().withParallel(Parallel.on(pool, 3));
      assertEquals(
          expected, Refit.of(learner.withEngine(two), 2).learn(TABLE).model().parametersSha256());
    }
  }

  @Test
  void everyTrainingsEpochsAreToldOf() {
    List<Integer> trainings = new ArrayList<>();
    try (Run run = learner(2, 0).begin(TABLE)) {
      Combined combined = Refit.learn(run, 2, (training, epoch) -> trainings.add(training));
      int best = combined.bestEpoch();
      assertEquals(12, trainings.stream().filter(t -> t == 0).count());
      assertEquals(12, trainings.stream().filter(t -> t == 1).count());
      assertEquals(best, trainings.stream().filter(t -> t == 2).count());
      assertEquals(best, trainings.stream().filter(t -> t == 3).count());
    }
  }

  @Test
  void anInterruptEndsIt() {
    try (Run run = learner(2, 0).begin(TABLE)) {
      assertThrows(
          CancellationException.class,
          () -> Refit.learn(run, 2, (training, epoch) -> Thread.currentThread().interrupt()));
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void aRuleThatLowersTheRateByDevRowsIsRefused() {
    Learner learner =
        learner(2, 0).withRecipe(r -> r.withReduceOnPlateau(ReduceOnPlateau.of(2, 0.5)));
    String message =
        assertThrows(IllegalArgumentException.class, () -> Refit.of(learner, 1).learn(TABLE))
            .getMessage();
    assertTrue(message.startsWith("reduceOnPlateau: "), message);
  }

  @Test
  void aMetricThatIsNeverANumberIsRefused() {
    Learner learner =
        learner(2, 0)
            .withMetric(DevMetric.of("luck", true, (logits, dev, loss) -> Double.NaN))
            .withRecipe(r -> r.withEarlyStopping(EarlyStopping.patience(3).onMetric()));
    String message =
        assertThrows(DataException.class, () -> Refit.of(learner, 2).learn(TABLE)).getMessage();
    assertTrue(
        message.startsWith("metric luck of the dev rows: no number after any of 3"), message);
  }

  @Test
  void theRecipesScheduleKeepsItsLength() {
    Learner learner = learner(2, 3);
    Combined combined = Refit.of(learner, 1).learn(TABLE);
    Recipe recipe = learner.begin(TABLE).recipe();
    assertEquals(12, recipe.epochs());
    assertTrue(
        combined
            .model()
            .provenance()
            .entries()
            .get("optimizer")
            .equals(recipe.optimizer().toString()));
  }
}
