package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Tabular;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    Network network = SMALLER.network(encoder, new Loss.SigmoidCrossEntropy());
    Recipe recipe = SMALLER.recipe(network, split.train().length).withSeed(7);
    TrainingData data =
        TrainingData.of(encoder.dataset(TABLE, split.train()))
            .withDev(encoder.dataset(TABLE, split.dev()));
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
    assertEquals(SMALLER.epochs(120), run.recipe().epochs());
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

  /** Constants that are wired to nothing would leave all bits as they are. */
  @Test
  void everyConstantChangesTheModel() {
    Tabular brief = SMALLER.withEpochs(4).withBatchSize(32);
    Initializer he = new Initializer.He(Initializer.Distribution.NORMAL);
    List<Tabular> changed =
        List.of(
            brief.withHidden(16),
            brief.withActivation(Activation.Function.RELU),
            brief.withInitializers(he, new Initializer.Zeros()),
            brief.withInitializers(new Initializer.LeCun(Initializer.Distribution.NORMAL), he),
            brief.withBiasInitializer(new Initializer.Zeros()),
            brief.withScalingRate(2),
            brief.withoutScaling(),
            brief.withDropout(0.1),
            brief.withSmoothing(0.1f),
            brief.withRate(0.05),
            brief.withBiasRate(0.5),
            brief.withTransforms(List.of()),
            brief.withDecay(0.1),
            brief.withCycles(2),
            brief.withBatchSize(30),
            brief.withEpochs(3),
            brief.withMostExamples(360),
            brief.withEncoding(brief.encoding().withScale(Encoder.Scale.STANDARD)));
    long withers =
        Arrays.stream(Tabular.class.getMethods())
            .filter(method -> method.getName().startsWith("with"))
            .count();
    assertEquals(withers + 1, changed.size());
    String parameters = digest(brief);
    for (Tabular other : changed) {
      assertNotEquals(parameters, digest(other), other::toString);
    }
    assertEquals(parameters, digest(brief));
  }

  private static String digest(Tabular preset) {
    // Without dev rows, so that every epoch counts.
    return kinds()
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

  /** Trains and judges; all scores and all predictions are finite. */
  private static Learned sound(Learner learner, Table table) {
    Learned learned = learner.withPreset(SMALLER).learn(table);
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
    Run run = Learner.classifier("kind").withPreset(Tabular.small()).begin(TABLE);
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
    Learned learned = kinds().withSplit(new Split.Ratios(80, 0, 20)).learn(TABLE);
    assertEquals(12, learned.bestEpoch());
  }

  @Test
  void aSavedModelPredictsTheSame(@TempDir Path folder) throws Exception {
    Model model = kinds().learn(TABLE).model();
    Path file = folder.resolve("model.safetensors");
    model.save(file);
    float[] rows = model.encoder().orElseThrow().features(TABLE, TABLE.all());
    float[] expected = new float[TABLE.rows()];
    float[] actual = new float[TABLE.rows()];
    Predictor one = model.predictor();
    one.predict(rows, TABLE.rows(), expected);
    Model.load(file).predictor().predict(rows, TABLE.rows(), actual);
    assertArrayEquals(expected, actual);
  }
}
