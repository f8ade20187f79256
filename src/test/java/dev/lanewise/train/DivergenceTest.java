package dev.lanewise.train;

import static dev.lanewise.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.tensor.Layout;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever it is that leaves the finite numbers first: it is called divergence, and named. */
class DivergenceTest {

  private static final Engine ENGINE = Engine.standard();
  private static final Network LINE = Network.inputs(1).dense(1).loss(new Loss.SquaredError());

  /** One row of one feature. */
  private static Dataset row(float feature, float target) {
    return Dataset.of(new float[] {feature}, 1, new float[] {target}, 1);
  }

  /** Asserts that the first epoch diverges, and leaves the training where it began. */
  private static DivergedException assertDiverges(Training training) {
    float[] start = training.latestParameters();
    DivergedException e = assertThrows(DivergedException.class, training::finishEpoch);
    assertEquals(0, training.steps(), e::getMessage);
    assertEquals(0, training.epochs());
    assertEquals(0, training.bestEpoch());
    assertArrayEquals(start, training.latestParameters());
    assertArrayEquals(start, training.parameters());
    assertTrue(training.toBytes().length > 0, "it can be saved");
    return e;
  }

  static Stream<DevMetric> metrics() {
    return Stream.of(null, DevMetric.rmse(), DevMetric.mae(), DevMetric.r2());
  }

  /** Training rows are small, dev rows are not: no number of the training overflows. */
  @ParameterizedTest
  @MethodSource("metrics")
  void aDevScoreThatOverflowsIsDivergence(DevMetric metric) {
    for (EarlyStopping rule :
        new EarlyStopping[] {EarlyStopping.never(), EarlyStopping.patience(5)}) {
      Recipe recipe = Recipe.of(LINE, Optimizer.sgd(1e20)).withEpochs(9).withEarlyStopping(rule);
      TrainingData data =
          TrainingData.of(row(1, 100))
              .withDev(Dataset.of(new float[] {0, 1e38f}, 1, new float[2], 1));
      data = metric == null ? data : data.withMetric(metric);
      DivergedException e = assertDiverges(Training.start(recipe, data, ENGINE));
      assertEquals(1, e.step());
      assertEquals("dense1: Infinity in row 1, unit 0", e.place());
      assertTrue(
          e.getMessage().startsWith("step 1, the last of epoch 1: the dev loss is "),
          e::getMessage);
      assertTrue(e.getMessage().endsWith("; dense1: Infinity"), e::getMessage);
    }
  }

  @Test
  void aDevScoreOfALowerLayerNamesThatLayer() {
    Network network = Network.inputs(1).dense(3).dense(2).dense(1).loss(new Loss.SquaredError());
    float[] initial = new float[network.layout().size()];
    Layout layout = network.layout();
    Arrays.fill(
        initial, layout.slot("dense1.weight").offset(), layout.slot("dense1.weight").end(), 1);
    Arrays.fill(
        initial, layout.slot("dense2.weight").offset(), layout.slot("dense2.weight").end(), 1e30f);
    Recipe recipe = Recipe.of(network, Optimizer.sgd(1e-3));
    TrainingData data = TrainingData.of(row(0, 1)).withDev(row(1e10f, 1));
    DivergedException e = assertDiverges(Training.start(recipe, data, initial, ENGINE));
    assertEquals("dense2: Infinity in row 0, unit 0", e.place());
  }

  /** Scores are finite, the square of their distance from the targets is not. */
  @ParameterizedTest
  @MethodSource("metrics")
  void aDevLossThatOverflowsAloneIsDivergence(DevMetric metric) {
    Recipe recipe = Recipe.of(LINE, Optimizer.sgd(1e-3));
    TrainingData data = TrainingData.of(row(1, 1)).withDev(row(1e30f, 1));
    data = metric == null ? data : data.withMetric(metric);
    DivergedException e = assertDiverges(Training.start(recipe, data, new float[] {1, 0}, ENGINE));
    assertEquals("all is finite as far as the scores", e.place());
  }

  /** A mean e^z overflows where z is an ordinary number. */
  @Test
  void aMeanThatOverflowsIsDivergenceAndBlamesNoRow() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.Poisson());
    Recipe recipe = Recipe.of(network, Optimizer.sgd(1e-3));
    TrainingData data =
        TrainingData.of(row(1, 1)).withDev(row(1000, 1)).withMetric(DevMetric.rmse());
    DivergedException e = assertDiverges(Training.start(recipe, data, new float[] {1, 0}, ENGINE));
    assertTrue(e.getMessage().contains("the dev loss is"), e::getMessage);
  }

  /** What takes it there: the loss, the gradient, the update, the last parameter of many. */
  @Test
  void everyParameterIsLookedAt() {
    int n = 40;
    for (int column : new int[] {0, 1, n - 1}) {
      float[] features = new float[2 * n];
      features[column] = 1;
      features[n + column] = 1;
      Dataset rows = Dataset.of(features, n, new float[] {3e18f, 3e18f}, 1);
      Network network = Network.inputs(n).dense(1).loss(new Loss.SquaredError());
      Recipe recipe = Recipe.of(network, Optimizer.sgd(3e38)).withBatchSize(0).withEpochs(1);
      DivergedException e = assertDiverges(Training.start(recipe, TrainingData.of(rows), ENGINE));
      assertEquals("dense1.weight: Infinity at index " + column, e.place().replace("-", ""));
      assertEquals(1, e.step());
    }
  }

  /** The last parameter of all is a running variance. */
  @Test
  void runningStatisticsAreLookedAt() {
    Network network =
        Network.inputs(1).dense(1).batchNorm().relu().dense(1).loss(new Loss.SquaredError());
    float[] initial = network.initialParameters(1);
    initial[network.layout().slot("dense1.weight").offset()] = 1;
    Recipe recipe = Recipe.of(network, Optimizer.sgd(1e-9)).withBatchSize(0);
    Dataset rows = Dataset.of(new float[] {-3e37f, 3e37f}, 1, new float[2], 1);
    DivergedException e =
        assertDiverges(Training.start(recipe, TrainingData.of(rows), initial, ENGINE));
    assertTrue(e.place().startsWith("norm1.variance") || e.place().startsWith("dense"), e::place);
  }

  /**
   * The averaged weights' statistics are taken over all rows, whose variance may overflow where
   * that of no batch does: a batch of two equal rows has none.
   */
  @Test
  void theAverageIsLookedAt() {
    Network network =
        Network.inputs(1).dense(1).batchNorm().relu().dense(1).loss(new Loss.SquaredError());
    float[] initial = network.initialParameters(1);
    initial[network.layout().slot("dense1.weight").offset()] = 1;
    float s = 1.73e19f;
    Dataset rows = Dataset.of(new float[] {s, s, -s, -s}, 1, new float[4], 1);
    Set<String> places = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      Recipe recipe =
          Recipe.of(network, Optimizer.sgd(1e-9))
              .withBatchSize(2)
              .withSeed(seed)
              .withAveraging(new Averaging.Epochs(1));
      Training training = Training.start(recipe, TrainingData.of(rows), initial, ENGINE);
      places.add(assertDiverges(training).place());
    }
    assertTrue(places.contains("averaged norm1.variance: Infinity at index 0"), places::toString);
  }

  /** Wherever in the batch the row stands. */
  @Test
  void divergenceInPartsOfABatchNamesTheRow() {
    Recipe recipe = Recipe.of(LINE, Optimizer.sgd(1e-3)).withBatchSize(0).withMicroBatch(2);
    Dataset rows = Dataset.of(new float[] {1, 1, 1, 1, 3e38f}, 1, new float[] {1, 1, 1, 1, 1}, 1);
    DivergedException e =
        assertDiverges(Training.start(recipe, TrainingData.of(rows), new float[] {10, 0}, ENGINE));
    assertEquals("dense1: Infinity in row 4, unit 0", e.place());
  }

  @Test
  void aFeatureThatIsNotFiniteIsNamedBeforeTheTraining() {
    Recipe recipe = Samples.recipe();
    Dataset rows = Samples.classes(5, 1);
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      for (int at : new int[] {0, 7, 9}) {
        float[] features = rows.features().clone();
        features[at] = value;
        Dataset changed = Dataset.of(features, 2, rows.targets(), 1);
        String what =
            ": feature %s in row %d, column %d; expected a finite number"
                .formatted(value, at / 2, at % 2);
        assertRefused(
            "training" + what, () -> Training.start(recipe, TrainingData.of(changed), ENGINE));
        assertRefused(
            "dev" + what,
            () -> Training.start(recipe, TrainingData.of(rows).withDev(changed), ENGINE));
      }
    }
  }

  /** Early stopping that has never had a number would give back the initial parameters. */
  @Test
  void aMetricThatIsNeverANumberIsRefusedByName() {
    for (int patience : new int[] {1, 3, 50}) {
      Recipe recipe =
          Samples.recipe()
              .withEpochs(6)
              .withEarlyStopping(EarlyStopping.patience(patience).onMetric());
      DevMetric none = DevMetric.of("none", true, (logits, dev, loss) -> Double.NaN);
      Training training = Training.start(recipe, Samples.data().withMetric(none), ENGINE);
      DataException e = assertThrows(DataException.class, () -> training.forEach(epoch -> {}));
      int epochs = Math.min(patience, 6);
      assertEquals(
          "metric none of the dev rows: NaN, and no number after any of %d epochs, so none is the best; expected rows that it is defined for"
              .formatted(epochs),
          e.getMessage());
      assertEquals(epochs - 1, training.epochs(), "back at the last epoch's end");
    }
  }

  /** Dev rows of one class have no AUC. */
  @Test
  void anAucOfOneClassIsRefused() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SigmoidCrossEntropy());
    Dataset rows = Samples.binary(30, 1);
    Dataset dev = Dataset.of(new float[8], 2, new float[4], 1);
    Recipe recipe =
        Recipe.of(network, Optimizer.adam(0.01))
            .withEarlyStopping(EarlyStopping.patience(2).onMetric());
    TrainingData data = TrainingData.of(rows).withDev(dev).withMetric(DevMetric.auc());
    Training training = Training.start(recipe, data, ENGINE);
    assertThrows(DataException.class, () -> training.forEach(epoch -> {}));
    Recipe byLoss = recipe.withEpochs(3).withEarlyStopping(EarlyStopping.patience(2));
    assertTrue(Samples.trained(byLoss, data, ENGINE).bestEpoch() > 0, "the loss is watched");
  }

  /** One number is enough, be it the last that the rule waits for. */
  @Test
  void aMetricThatIsANumberOnceIsTheBest() {
    Recipe recipe =
        Samples.recipe().withEpochs(9).withEarlyStopping(EarlyStopping.patience(3).onMetric());
    double nan = Double.NaN;
    TrainingData data =
        Samples.data().withMetric(Samples.scripted(nan, nan, 0.1, nan, nan, nan, nan));
    Training training = Samples.trained(recipe, data, ENGINE);
    assertEquals(3, training.bestEpoch());
    assertEquals(6, training.epochs());
  }
}
