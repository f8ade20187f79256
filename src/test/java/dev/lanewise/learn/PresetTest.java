package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Temperature;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.train.DevMetric;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Tabular;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The preset for tables as a learner takes it, also on tables that are nothing like most. */
class PresetTest {

  private static final Table TABLE = Flowers.table(200, 1);

  /** Fast enough for a test. */
  private static final Tabular SMALLER = Tabular.small().withHidden(16, 16).withEpochs(12);

  private static final List<Tabular> FORMS =
      List.of(
          SMALLER,
          Tabular.full().withHidden(16, 16).withEpochs(12),
          Tabular.ensemble(3).withHidden(16, 16).withEpochs(12));

  private static Learner kinds() {
    return Learner.classifier("kind")
        .withIgnored("weight", "plant", "day", "price")
        .withPreset(SMALLER);
  }

  @Test
  void aLearnerWithThePresetIsWhatItsPartsAreByHand() {
    Roles roles =
        Roles.of("kind", Roles.Task.CLASSIFY).withIgnored("weight", "plant", "day", "price");
    int label = TABLE.column("kind");
    int[] classes = Target.Classes.of(TABLE, label).numbers(TABLE, label, TABLE.all());
    Split split = Split.stratified(classes, new Split.Ratios(60, 20, 20), 7);
    Encoder encoder = Encoder.fit(TABLE, roles, split.train(), SMALLER.encoding());
    Dataset rows = encoder.dataset(TABLE, split.train());
    Network network = SMALLER.network(rows, new Loss.SigmoidCrossEntropy());
    Recipe recipe =
        SMALLER
            .recipe(network, split.train().length)
            .withSeed(7)
            .withEarlyStopping(EarlyStopping.keepBest().withLatestOfEqual().onMetric());
    TrainingData data =
        TrainingData.of(rows)
            .withDev(encoder.dataset(TABLE, split.dev()))
            .withMetric(DevMetric.calibratedLogLoss());
    Training training = Training.start(recipe, data, Engine.standard());
    training.forEach(epoch -> {});

    Learned learned = kinds().withSeed(7).learn(TABLE);
    assertArrayEquals(training.parameters(), learned.model().parameters());
    assertEquals(encoder, learned.model().encoder().orElseThrow());
    assertEquals(training.bestEpoch(), learned.bestEpoch());
    assertEquals(12, learned.epochs().size(), "nothing stops early");
  }

  @Test
  void whatIsChangedBehindThePresetOverridesIt() {
    Learner changed =
        kinds()
            .withEncoding(Encoder.Options.standard())
            .withLoss(new Loss.SigmoidCrossEntropy(0.25f))
            .withNetwork(
                (inputs, outputs, loss) ->
                    Network.inputs(inputs).dense(3).relu().dense(outputs).loss(loss))
            .withRecipe(recipe -> recipe.withBatchSize(5));
    Run run = changed.begin(TABLE);
    assertEquals(5, run.recipe().batchSize());
    assertEquals(3, run.recipe().network().nodes().getFirst().outputs());
    assertEquals(new Loss.SigmoidCrossEntropy(0.25f), run.recipe().network().loss());
    assertEquals(
        Flowers.kinds().begin(TABLE).encoder(), run.encoder(), "the encoder of a plain learner");
    assertEquals(12, run.recipe().epochs());
    assertEquals(SMALLER.recipe(run.recipe().network(), 120).optimizer(), run.recipe().optimizer());
  }

  @Test
  void thePresetTakesThePlaceOfWhatWasChangedBefore() {
    Learner learner =
        Flowers.kinds()
            .withNetwork(
                (inputs, outputs, loss) -> Network.inputs(inputs).dense(outputs).loss(loss))
            .withPreset(SMALLER);
    assertEquals(
        kinds().begin(TABLE).recipe().toString(), learner.begin(TABLE).recipe().toString());
    assertEquals(kinds().begin(TABLE).recipe().network(), learner.begin(TABLE).recipe().network());
  }

  @Test
  void imagesHaveNoPresetForTables() {
    assertThrows(IllegalStateException.class, () -> Learner.imageClassifier().withPreset(SMALLER));
  }

  /** What a learner's network depends on besides the shape: columns, and rows. */
  @Test
  void aNetworkMayBeMadeForTheRows() {
    Learner learner =
        kinds()
            .withNetworkFor(
                (rows, loss) -> {
                  assertEquals(120, rows.rows(), "the training rows");
                  long numbers =
                      rows.encoder().orElseThrow().encoded().stream()
                          .filter(column -> column.what() == Encoder.What.NUMBER)
                          .count();
                  return Network.inputs(rows.columns()).dense((int) numbers).dense(1).loss(loss);
                });
    assertEquals(2, learner.begin(TABLE).recipe().network().nodes().getFirst().outputs());
    Learner none = kinds().withNetworkFor((rows, loss) -> null);
    assertThrows(NullPointerException.class, () -> none.begin(TABLE));
  }

  /** Constants that are wired to nothing would leave all bits as they are. */
  @Test
  void everyConstantChangesTheModel() {
    Tabular brief =
        Tabular.ensemble(2)
            .withHidden(16, 16)
            .withEpochs(4)
            .withBatchSize(32)
            .withStart(Recipe.Start.DRAWN);
    Initializer lecun = new Initializer.LeCun(Initializer.Distribution.NORMAL);
    Initializer he = new Initializer.He(Initializer.Distribution.NORMAL);
    List<Tabular> changed =
        List.of(
            brief.withEncoding(brief.encoding().withScale(Encoder.Scale.STANDARD)),
            brief.withCategorySize(3),
            brief.withNumbers(Tabular.Numbers.PERIODIC),
            brief.withPiecewiseSizes(5, 8),
            brief.withPiecewiseSizes(16, 5),
            brief.withNumberRate(0.5),
            brief.withoutScaling(),
            brief.withScalingRate(2),
            brief.withMembers(3),
            brief.withHidden(16),
            brief.withActivation(Activation.Function.RELU),
            brief.withBlends(false),
            brief.withBlendRate(0.5),
            brief.withDropout(0.1),
            brief.withInitializers(he, lecun),
            brief.withInitializers(lecun, he),
            brief.withBiasInitializer(new Initializer.Zeros()),
            brief.withStart(Recipe.Start.DATA),
            brief.withSmoothing(0.1f),
            brief.withRate(0.05),
            brief.withBiasRate(0.5),
            brief.withTransforms(List.of()),
            brief.withDecay(0.1),
            brief.withFading(false),
            brief.withCycles(2),
            brief.withBatchSize(30),
            brief.withEpochs(3),
            brief.withMostExamples(360));
    long withers =
        Arrays.stream(Tabular.class.getMethods())
            .filter(method -> method.getName().startsWith("with"))
            .count();
    assertEquals(withers - 1 + 2, changed.size(), "all but the calibration, which has dev rows");
    String parameters = digest(brief);
    for (Tabular other : changed) {
      assertNotEquals(parameters, digest(other), other::toString);
    }
    assertEquals(parameters, digest(brief));
  }

  /** With a category of many values. Without dev rows, so that every epoch counts. */
  private static String digest(Tabular preset) {
    return Learner.classifier("kind")
        .withIgnored("weight", "day", "price")
        .withPreset(preset)
        .withSplit(new Split.Ratios(60, 0, 40))
        .learn(TABLE)
        .model()
        .parametersSha256();
  }

  /** As the model is trained again on the rows of all parts, its rates are those of more steps. */
  @Test
  void aRefitHasTheScheduleOfItsOwnRows() {
    Run run = kinds().begin(TABLE);
    assertEquals(
        SMALLER.recipe(run.recipe().network(), 160).optimizer().schedule(),
        run.onAllRows().recipe().optimizer().schedule());
  }

  /** A table of some columns, made row by row, with a label behind them. */
  private static Table made(int rows, BiFunction<Random, Integer, List<?>> row) {
    Random random = new Random(rows);
    List<List<?>> all = new ArrayList<>();
    IntStream.range(0, rows).forEach(r -> all.add(row.apply(random, r)));
    int columns = all.getFirst().size() - 1;
    List<String> names = new ArrayList<>();
    IntStream.range(0, columns).forEach(column -> names.add("x" + column));
    names.add("y");
    return Table.ofRows(names, all);
  }

  /** Trains by each form and judges; all scores and all parameters are finite. */
  private static Learned sound(Learner learner, Table table) {
    List<Learned> all =
        FORMS.stream().map(form -> sound(learner.withPreset(form).learn(table))).toList();
    return all.getFirst();
  }

  private static Learned sound(Learned learned) {
    for (Evaluation evaluation : learned.evaluations().values()) {
      double error =
          switch (evaluation) {
            case Evaluation.OfClasses classes -> classes.classification().logLoss();
            case Evaluation.OfValues values -> values.scores().get("rmse");
          };
      assertTrue(Double.isFinite(error), evaluation::toString);
    }
    for (float parameter : learned.model().parameters()) {
      assertTrue(Float.isFinite(parameter));
    }
    return learned;
  }

  private static Learned soundClasses(Table table) {
    return sound(Learner.classifier("y"), table);
  }

  private static double accuracy(Learned learned) {
    return ((Evaluation.OfClasses) learned.evaluations().get("test")).accuracy();
  }

  @Test
  void twoHundredRowsAreLearned() {
    Table table =
        made(
            200,
            (random, row) -> {
              double x = random.nextGaussian();
              double other = random.nextGaussian();
              return List.of(x, other, x * other > 0 ? "same" : "apart");
            });
    Learned learned = Learner.classifier("y").withPreset(SMALLER.withEpochs(100)).learn(table);
    assertTrue(accuracy(learned) > 0.75, () -> "accuracy " + accuracy(learned));
  }

  @Test
  void fewerRowsThanABatchAreOneBatch() {
    Run run = Learner.classifier("kind").withPreset(SMALLER.withBatchSize(256)).begin(TABLE);
    assertEquals(120, run.recipe().batchSize());
    int steps = 0;
    try (Training training = run.training()) {
      while (training.epochs() == 0) {
        training.step();
        steps++;
      }
    }
    assertEquals(1, steps);
  }

  @Test
  void aClassMayHaveOneRow() {
    Learned learned =
        soundClasses(
            made(80, (random, row) -> List.of(random.nextGaussian(), row == 0 ? "rare" : "usual")));
    assertTrue(accuracy(learned) >= 0.9);
    soundClasses(
        made(
            80,
            (random, row) ->
                List.of(random.nextGaussian(), row == 0 ? "rare" : row % 2 == 0 ? "b" : "c")));
  }

  @Test
  void oneColumnIsEnough() {
    Learned learned =
        soundClasses(made(120, (random, row) -> List.of(row, row < 60 ? "low" : "high")));
    assertEquals(1, learned.model().network().inputs());
    assertTrue(accuracy(learned) > 0.8, () -> "accuracy " + accuracy(learned));
  }

  /** Also to a value that the training rows do not have. */
  @Test
  void aConstantColumnSaysNothing() {
    Table table =
        made(80, (random, row) -> List.of(5, random.nextGaussian(), row % 2 == 0 ? "a" : "b"));
    Encoder encoder = soundClasses(table).model().encoder().orElseThrow();
    Table two = Table.ofRows(List.of("x0", "x1"), List.of(List.of(5, 1.5), List.of(-7e9, 1.5)));
    float[] rows = encoder.features(two, two.all());
    assertEquals(0, rows[0]);
    assertEquals(0, rows[encoder.encodedColumns()]);
  }

  @Test
  void allColumnsMayBeCategories() {
    Table table =
        made(
            150,
            (random, row) -> {
              int first = random.nextInt(2);
              int second = random.nextInt(5);
              return List.of(
                  first == 0 ? "no" : "yes",
                  "rstuv".substring(second, second + 1),
                  second > 2 ? "up" : "down");
            });
    Learned learned = Learner.classifier("y").withPreset(SMALLER.withEpochs(60)).learn(table);
    assertEquals(1 + 5, learned.model().network().inputs());
    assertEquals(1, accuracy(learned));
    soundClasses(table);
  }

  @Test
  void namesOfRowsSayNothing() {
    Table table =
        made(
            80,
            (random, row) ->
                List.of("row " + row, random.nextGaussian(), row % 2 == 0 ? "a" : "b"));
    Encoder encoder = soundClasses(table).model().encoder().orElseThrow();
    float[] known = encoder.encode(Map.of("x0", "row 3", "x1", 0.5));
    assertArrayEquals(known, encoder.encode(Map.of("x0", "row 4", "x1", 0.5)));
    assertArrayEquals(known, encoder.encode(Map.of("x0", "row 99", "x1", 0.5)));
  }

  @Test
  void everyRowMayMissAValue() {
    soundClasses(
        made(
            90,
            (random, row) ->
                Arrays.asList(
                    row % 2 == 0 ? null : random.nextGaussian(),
                    row % 2 == 1 ? null : random.nextGaussian(),
                    random.nextInt(3) == 0 ? null : "pq".substring(row % 2, row % 2 + 1),
                    row % 3 == 0 ? "a" : "b")));
  }

  @Test
  void aHundredClassesAreTold() {
    Learned learned =
        soundClasses(
            made(600, (random, row) -> List.of(row % 100, random.nextGaussian(), "c" + row % 100)));
    assertEquals(100, learned.model().network().outputs());
  }

  @Test
  void valuesAreLearnedInTheirUnits() {
    Table table =
        made(
            300,
            (random, row) -> {
              double x = random.nextGaussian();
              return List.of(x, 1e6 + 1000 * x);
            });
    Learned learned = Learner.regressor("y").withPreset(SMALLER.withEpochs(60)).learn(table);
    Evaluation.OfValues values = (Evaluation.OfValues) learned.evaluations().get("test");
    assertTrue(values.scores().get("rmse") < 300, values::toString);
    sound(Learner.regressor("y"), table);
  }

  @Test
  void manyColumnsFewRows() {
    soundClasses(
        made(
            40,
            (random, row) -> {
              List<Object> all = new ArrayList<>();
              IntStream.range(0, 300).forEach(column -> all.add(random.nextGaussian()));
              all.add(row % 2 == 0 ? "a" : "b");
              return all;
            }));
  }

  @Test
  void withoutDevRowsTheLastEpochIsTheResult() {
    for (Tabular form : FORMS) {
      Learner learner = kinds().withPreset(form).withSplit(new Split.Ratios(80, 0, 20));
      assertEquals(12, sound(learner.learn(TABLE)).bestEpoch());
    }
  }

  /** Many cities, of which the test rows have others; numbers; what bends, and what is missing. */
  private static Table cities() {
    return made(
        240,
        (random, row) -> {
          int city = random.nextInt(row < 200 ? 12 : 14);
          double x = 3 * random.nextGaussian();
          double y = 4 * (city % 3) + Math.abs(x) + 0.1 * random.nextGaussian();
          return Arrays.asList("city " + city, row % 11 == 0 ? null : x, row % 2, y);
        });
  }

  private static final int[] KNOWN = IntStream.range(0, 160).toArray();

  private static Learned ofCities(Tabular form) {
    Split split =
        new Split(KNOWN, IntStream.range(160, 200).toArray(), IntStream.range(200, 240).toArray());
    return sound(Learner.regressor("y").withSplit(split).withPreset(form).learn(cities()));
  }

  /** Without the cities a fifth of the variance is to be explained. */
  @Test
  void embeddedColumnsAreLearned() {
    for (Tabular form : FORMS) {
      Learned learned = ofCities(form.withEpochs(150));
      Evaluation.OfValues dev = (Evaluation.OfValues) learned.evaluations().get("dev");
      assertTrue(dev.scores().get("r2") > 0.9, () -> form + ": " + dev);
    }
  }

  @Test
  void aSavedModelPredictsTheSameFromRawValues(@TempDir Path folder) throws Exception {
    for (Tabular form : FORMS) {
      Model model = ofCities(form).model();
      Path file = folder.resolve("model.safetensors");
      model.save(file);
      Model loaded = Model.load(file);
      assertEquals(model.network(), loaded.network());
      Encoder encoder = loaded.encoder().orElseThrow();
      assertEquals(model.encoder().orElseThrow(), encoder);
      float[] rows = encoder.features(cities(), cities().all());
      float[] expected = new float[cities().rows()];
      model.predictor().predict(rows, expected.length, expected);
      float[] one = new float[1];
      Predictor predictor = loaded.predictor();
      for (int row = 0; row < expected.length; row++) {
        Map<String, Object> values = new HashMap<>();
        values.put("x0", cities().text(row, 0));
        double x = cities().number(row, 1);
        values.put("x1", Double.isNaN(x) ? null : x);
        values.put("x2", row % 2);
        predictor.predict(encoder.encode(values), 1, one);
        assertEquals(expected[row], one[0]);
      }
    }
  }

  /** A label in ten is wrong, which a network that learns all rows is sure of too soon. */
  private static Table noisy() {
    return made(
        600,
        (random, row) -> {
          List<Object> all = new ArrayList<>();
          IntStream.range(0, 5).forEach(column -> all.add(random.nextGaussian()));
          boolean same = (double) all.get(0) * (double) all.get(1) > 0;
          all.add(same != random.nextDouble() < 0.1 ? "a" : "b");
          return all;
        });
  }

  private static Learner sure(Tabular form) {
    Tabular its =
        form.withHidden(32, 32).withDropout(0).withDecay(0).withEpochs(40).withBatchSize(20);
    return Learner.classifier("y").withPreset(its);
  }

  @Test
  void theEpochOfClassesIsTheBestAfterATemperature() {
    for (Tabular form : FORMS) {
      Learned learned = sure(form).learn(noisy());
      double best = Double.POSITIVE_INFINITY;
      int its = 0;
      int byLoss = 0;
      double least = Double.POSITIVE_INFINITY;
      for (Epoch epoch : learned.epochs()) {
        double score = epoch.devMetric().orElseThrow();
        double loss = epoch.devLoss().orElseThrow();
        assertTrue(score <= loss + 1e-6, () -> score + " above the dev loss " + loss);
        its = score <= best ? epoch.number() : its;
        best = Math.min(score, best);
        byLoss = loss <= least ? epoch.number() : byLoss;
        least = Math.min(loss, least);
      }
      assertEquals(its, learned.bestEpoch());
      assertNotEquals(byLoss, its, "the rows do not tell the rules apart");
    }
  }

  @Test
  void theModelKeepsTheCautiousTemperatureOfTheDevRows() {
    Run run = sure(SMALLER).begin(noisy());
    run.forEach(epoch -> {});
    Model model = run.finish().model();
    Dataset dev = run.dev().orElseThrow();
    float[] logits = new float[dev.rows()];
    model.predictor().logits(dev.features(), dev.rows(), logits);
    assertEquals(
        Temperature.fitCautiously(logits, 1, dev.targets(), dev.rows()), model.temperature());
    assertTrue(model.temperature().value() > 1, model::toString);
    float[] served = new float[1];
    model.predictor().predict(dev.features(), 1, served);
    assertEquals(1 / (1 + Math.exp(-logits[0] / model.temperature().value())), served[0], 1e-6);
    Model asked = sure(SMALLER).withCalibration().learn(noisy()).model();
    assertEquals(Temperature.fit(logits, 1, dev.targets(), dev.rows()), asked.temperature());
  }

  @Test
  void withoutCalibrationTheEpochIsThatOfTheDevLoss() {
    Run run = sure(SMALLER.withCalibration(false)).begin(noisy());
    assertEquals("accuracy", run.data().metric().orElseThrow().name());
    run.forEach(epoch -> {});
    Learned learned = run.finish();
    double least =
        learned.epochs().stream().mapToDouble(e -> e.devLoss().orElseThrow()).min().orElseThrow();
    assertEquals(least, learned.epochs().get(learned.bestEpoch() - 1).devLoss().orElseThrow(), 0);
    assertEquals(Temperature.NONE, learned.model().temperature());
  }

  @Test
  void anotherMetricChoosesTheEpochOfClasses() {
    Learned learned = sure(SMALLER).withMetric(DevMetric.auc()).learn(noisy());
    double largest =
        learned.epochs().stream().mapToDouble(e -> e.devMetric().orElseThrow()).max().orElseThrow();
    assertEquals(
        largest, learned.epochs().get(learned.bestEpoch() - 1).devMetric().orElseThrow(), 0);
  }

  @Test
  void noTemperatureIsFittedWithoutDevRowsOrForValues() {
    Learner none = sure(SMALLER).withSplit(new Split.Ratios(80, 0, 20));
    assertEquals(Temperature.NONE, none.learn(noisy()).model().temperature());
    Run values = Learner.regressor("x0").withPreset(SMALLER).withIgnored("y").begin(noisy());
    assertEquals(EarlyStopping.Watch.DEV_LOSS, values.recipe().earlyStopping().watch());
    assertEquals("rmse", values.data().metric().orElseThrow().name());
    values.forEach(epoch -> {});
    assertEquals(Temperature.NONE, values.finish().model().temperature());
  }

  @Test
  void aRefitHasTheJointBestEpochAndTheTemperatureOfItsFirstStage() {
    Combined combined = Refit.of(sure(SMALLER), 2).learn(noisy());
    double best =
        combined.epochs().stream()
            .mapToDouble(e -> e.devMetric().orElseThrow())
            .min()
            .orElseThrow();
    assertEquals(
        best, combined.epochs().get(combined.bestEpoch() - 1).devMetric().orElseThrow(), 0);
    assertTrue(combined.model().temperature().value() > 1);
  }

  @Test
  void everyFormIsRefitted() {
    for (Tabular form : FORMS) {
      Combined combined = Refit.of(kinds().withPreset(form), 2).learn(TABLE);
      assertEquals(2, combined.members().size());
      Evaluation.OfClasses test = (Evaluation.OfClasses) combined.evaluations().get("test");
      assertTrue(test.accuracy() > 0.8, test::toString);
    }
  }
}
