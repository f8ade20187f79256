package dev.lanewise.train;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.tensor.Layout;
import dev.lanewise.update.Updater;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  private static final Engine ENGINE = Engine.standard();

  @TempDir Path folder;

  private static Recipe recipe() {
    return Samples.recipe().withEpochs(4).withEarlyStopping(EarlyStopping.patience(2));
  }

  private static TrainingData data() {
    return Samples.data().withMetric(Samples.ACCURACY);
  }

  @Example
  void aResumedTrainingThatDivergesGoesBackToItsCheckpoint() throws IOException {
    Path file = Files.createTempFile("training", ".checkpoint");
    try {
      Training whole = Training.start(recipe(), data(), ENGINE);
      whole.finishEpoch();
      whole.save(file);
      Training resumed = Training.resume(file, recipe(), data(), ENGINE);
      resumed.changeRate(1e30);
      assertThrows(DivergedException.class, resumed::finishEpoch);
      assertEquals(whole.steps(), resumed.steps());
      assertEquals(1, resumed.epochs());
      assertArrayEquals(whole.latestParameters(), resumed.latestParameters());
      assertEquals(rest(whole), rest(resumed));
    } finally {
      Files.delete(file);
    }
  }

  /** A metric of which larger is better: what was best before the checkpoint stays the best. */
  @Test
  void theBestScoreOfAMetricOutlivesACheckpoint() throws IOException {
    Recipe recipe =
        Samples.recipe().withEpochs(4).withEarlyStopping(EarlyStopping.patience(3).onMetric());
    Training begun =
        Training.start(recipe, Samples.data().withMetric(Samples.scripted(0.5, 0.9)), ENGINE);
    begun.finishEpoch();
    begun.finishEpoch();
    float[] best = begun.parameters();
    Training resumed =
        Training.resume(
            begun.toBytes(), recipe, Samples.data().withMetric(Samples.scripted(0.6, 0.7)), ENGINE);
    resumed.forEach(epoch -> {});
    assertEquals(4, resumed.epochs());
    assertEquals(2, resumed.bestEpoch());
    assertArrayEquals(best, resumed.parameters());
  }

  /** What is left to be seen of a training, without times. */
  private static List<Object> rest(Training training) {
    List<Object> seen = new ArrayList<>();
    for (Epoch e : training) {
      seen.add(
          List.of(e.number(), e.rate(), e.trainingLoss(), e.cost(), e.devLoss(), e.devMetric()));
    }
    return seen;
  }

  @Property(tries = 30)
  void resumedTrainingHasTheBitsOfOneThatNeverStopped(
      @ForAll @IntRange(max = 27) int steps, @ForAll boolean rateByHand) throws IOException {
    Path file = Files.createTempFile("training", ".checkpoint");
    try {
      Training whole = Training.start(recipe(), data(), ENGINE);
      for (int i = 0; i < steps && !whole.finished(); i++) {
        whole.step();
      }
      if (rateByHand) {
        whole.changeRate(0.003);
      }
      whole.save(file);
      Training resumed = Training.resume(file, recipe(), data(), ENGINE);
      assertEquals(rest(whole), rest(resumed));
      assertEquals(whole.steps(), resumed.steps());
      assertEquals(whole.bestEpoch(), resumed.bestEpoch());
      assertArrayEquals(whole.parameters(), resumed.parameters());
      assertArrayEquals(whole.latestParameters(), resumed.latestParameters());
    } finally {
      Files.delete(file);
    }
  }

  @Property(tries = 30)
  void averageAndPlateauGoOnAsIfTheTrainingHadNeverStopped(
      @ForAll @IntRange(max = 40) int steps, @ForAll boolean epochs, @ForAll boolean watching)
      throws IOException {
    Averaging form = epochs ? new Averaging.Epochs(2) : new Averaging.Exponential(0.9);
    Recipe recipe =
        recipe()
            .withEpochs(7)
            .withEarlyStopping(watching ? EarlyStopping.patience(3) : EarlyStopping.never())
            .withAveraging(form)
            .withReduceOnPlateau(ReduceOnPlateau.of(3, 0.5).withMinimumDelta(1e9));
    Path file = Files.createTempFile("training", ".checkpoint");
    try {
      Training whole = Training.start(recipe, data(), ENGINE);
      for (int i = 0; i < steps && !whole.finished(); i++) {
        whole.step();
      }
      whole.save(file);
      Training resumed = Training.resume(file, recipe, data(), ENGINE);
      assertArrayEquals(whole.parameters(), resumed.parameters());
      assertEquals(rest(whole), rest(resumed));
      assertArrayEquals(whole.parameters(), resumed.parameters());
      assertArrayEquals(whole.latestParameters(), resumed.latestParameters());
    } finally {
      Files.delete(file);
    }
  }

  /** Also where the best epoch is not the last one before the checkpoint. */
  @Test
  void aResumedTrainingKnowsWhichEpochWasTheBest() throws IOException {
    DevMetric never = DevMetric.of("never better", true, (logits, dev, loss) -> 1);
    Recipe recipe = recipe().withEarlyStopping(EarlyStopping.patience(3).onMetric());
    TrainingData data = Samples.data().withMetric(never);
    Training whole = Training.start(recipe, data, ENGINE);
    while (!whole.finished()) {
      whole.step();
      Training resumed = Training.resume(whole.toBytes(), recipe, data, ENGINE);
      assertEquals(whole.bestEpoch(), resumed.bestEpoch());
      assertEquals(whole.finished(), resumed.finished());
      assertArrayEquals(whole.parameters(), resumed.parameters());
    }
    assertEquals(1, whole.bestEpoch());
    assertEquals(4, whole.epochs());
  }

  /** What the best epoch is chosen by must be the same, down to the ranges of predictions. */
  @Test
  void aCheckpointKnowsWhatItsMetricIsOf() throws IOException {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Recipe recipe =
        Recipe.of(network, Optimizer.adam(0.1))
            .withEpochs(3)
            .withEarlyStopping(EarlyStopping.keepBest().onMetric());
    TrainingData free = values(false);
    TrainingData kept = values(true);
    byte[] bytes = Training.start(recipe, free, ENGINE).toBytes();
    assertEquals("rmse", Training.identity(recipe, free).get("metric"));
    IOException e =
        assertThrows(IOException.class, () -> Training.resume(bytes, recipe, kept, ENGINE));
    assertEquals(
        "bytes: metric is rmse; this training's is rmse, predictions kept in"
            + " [Range[min=1.0, max=4.0]]",
        e.getMessage());
    byte[] others = Training.start(recipe, kept, ENGINE).toBytes();
    Training.resume(others, recipe, kept, ENGINE);
    assertThrows(IOException.class, () -> Training.resume(others, recipe, free, ENGINE));
  }

  private static TrainingData values(boolean clamped) {
    Table table =
        Table.ofRows(
            List.of("x", "y"),
            List.of(List.of(0, 1), List.of(1, 4), List.of(2, 3), List.of(3, 0), List.of(4, 9)));
    int[] training = {0, 1, 2};
    Encoder encoder =
        Encoder.fit(
            table,
            Roles.of("y", Roles.Task.REGRESS),
            training,
            Encoder.Options.standard().withClampedPredictions(clamped));
    return TrainingData.of(encoder.dataset(table, training))
        .withDev(encoder.dataset(table, new int[] {3, 4}))
        .withMetric(DevMetric.rmse());
  }

  /** Texts that a checkpoint of today has, so that it can be resumed tomorrow. */
  @Test
  void aRecipeWithoutNewOptionsHasTheIdentityThatItHad() {
    Map<String, String> texts = Training.identity(recipe(), data());
    assertEquals("16", texts.get("batchSize"));
    assertEquals(
        "EarlyStopping[patience=2, minimumDelta=0.0, watch=DEV_LOSS]", texts.get("earlyStopping"));
    assertEquals("accuracy", texts.get("metric"));
    assertEquals(
        List.of(
            "network",
            "optimizer",
            "batchSize",
            "microBatch",
            "seed",
            "earlyStopping",
            "plateau",
            "averaging",
            "augmentations",
            "training",
            "dev",
            "metric",
            "training.features",
            "training.targets",
            "training.weights",
            "dev.features",
            "dev.targets",
            "dev.weights"),
        List.copyOf(texts.keySet()));
    assertTrue(recipe().toString().contains("\nbatches of 16 rows, 4 epochs, seed 7\n"));
    assertEquals(
        "16, tail dropped", Training.identity(recipe().withDroppedTail(), data()).get("batchSize"));
    assertTrue(
        recipe()
            .withDroppedTail()
            .toString()
            .contains("\nbatches of 16 rows, tail dropped, 4 epochs, seed 7\n"));
  }

  private Path saved(int steps) throws IOException {
    Training training = Training.start(recipe(), data(), ENGINE);
    for (int i = 0; i < steps; i++) {
      training.step();
    }
    Path file = folder.resolve("a.checkpoint");
    training.save(file);
    return file;
  }

  @Test
  void savingDoesNotDisturbTheTraining() throws IOException {
    Training one = Training.start(recipe(), data(), ENGINE);
    Training other = Training.start(recipe(), data(), ENGINE);
    while (!one.finished()) {
      one.step();
      one.save(folder.resolve("a.checkpoint"));
      other.step();
    }
    assertArrayEquals(other.latestParameters(), one.latestParameters());
  }

  @Test
  void trainingCanBeResumedForMoreEpochs() throws IOException {
    Path file = saved(28);
    Training longer = Training.resume(file, recipe().withEpochs(6), data(), ENGINE);
    assertEquals(4, longer.epochs());
    assertEquals(5, longer.finishEpoch().number());
  }

  @Test
  void trainingThatHasMoreEpochsThanTheRecipeIsFinished() throws IOException {
    Training shorter = Training.resume(saved(28), recipe().withEpochs(2), data(), ENGINE);
    assertTrue(shorter.finished());
    assertEquals(4, shorter.epochs());
  }

  @Test
  void checkpointOfAnotherTrainingIsRefusedByName() throws IOException {
    Path file = saved(5);
    Recipe recipe = recipe();
    refused(file, "seed is 7; this training's is 8", recipe.withSeed(8), data());
    refused(file, "batchSize is 16; this training's is 17", recipe.withBatchSize(17), data());
    refused(
        file,
        "earlyStopping is EarlyStopping[patience=2, ",
        recipe.withEarlyStopping(EarlyStopping.patience(3)),
        data());
    refused(
        file,
        "optimizer is Optimizer[",
        recipe.withOptimizer(
            Optimizer.adam(0.01).withSchedule(new Schedule.Staircase(0.01, 0.5, 10))),
        data());
    refused(
        file,
        "training rows differ from those of the checkpoint: these are 98 rows, 2 columns, 1 target"
            + " columns; expected 97 rows",
        recipe,
        TrainingData.of(Samples.classes(98, 1))
            .withDev(Samples.classes(40, 2))
            .withMetric(Samples.ACCURACY));
    refused(file, "metric is accuracy; this training's is none", recipe, Samples.data());
    refused(
        file,
        "plateau is none; this training's is ReduceOnPlateau[patience=2, ",
        recipe.withReduceOnPlateau(ReduceOnPlateau.of(2, 0.1)),
        data());
    refused(
        file,
        "averaging is none; this training's is Epochs[from=3]",
        recipe.withAveraging(new Averaging.Epochs(3)),
        data());
    float[] weights = new float[97];
    Arrays.fill(weights, 2);
    Dataset rows = (Dataset) data().training();
    TrainingData weighted = data().withTraining(rows.withWeights(weights));
    refused(
        file,
        "training rows differ from those of the checkpoint in their weights",
        recipe,
        weighted);
  }

  /** One bit of one number is another training's. */
  @Test
  void checkpointOfOtherRowsIsRefusedByName() throws IOException {
    Path file = saved(5);
    Dataset rows = (Dataset) data().training();
    Dataset dev = data().dev().orElseThrow();
    for (int at : new int[] {0, rows.features().length - 1}) {
      refused(
          file,
          "training rows differ from those of the checkpoint in their features",
          recipe(),
          data().withTraining(Dataset.of(changed(rows.features(), at), 2, rows.targets(), 1)));
    }
    refused(
        file,
        "training rows differ from those of the checkpoint in their targets",
        recipe(),
        data().withTraining(Dataset.of(rows.features(), 2, flipped(rows.targets()), 1)));
    refused(
        file,
        "dev rows differ from those of the checkpoint in their features",
        recipe(),
        data().withDev(Dataset.of(changed(dev.features(), 3), 2, dev.targets(), 1)));
    refused(
        file,
        "dev rows differ from those of the checkpoint in their targets",
        recipe(),
        data().withDev(Dataset.of(dev.features(), 2, flipped(dev.targets()), 1)));
  }

  @Test
  void checkpointOfOtherPartsOfABatchIsRefused() throws IOException {
    Network network = Network.inputs(2).dense(3).loss(new Loss.SoftmaxCrossEntropy());
    Recipe recipe = Recipe.of(network, Optimizer.adam(0.01)).withBatchSize(16).withMicroBatch(4);
    byte[] saved = Training.start(recipe, Samples.data(), ENGINE).toBytes();
    IOException e =
        assertThrows(
            IOException.class,
            () -> Training.resume(saved, recipe.withMicroBatch(8), Samples.data(), ENGINE));
    assertTrue(e.getMessage().contains("microBatch is 4; this training's is 8"), e.getMessage());
  }

  /** More numbers than a digest takes at once, and the weights of training and of dev rows. */
  @Test
  void checkpointOfRowsThatDifferInTheLastNumberOrInAWeightIsRefused() throws IOException {
    Dataset many = Samples.classes(20_000, 3);
    Dataset dev = Samples.classes(40, 2);
    float[] ones = new float[many.rows()];
    Arrays.fill(ones, 1);
    float[] others = ones.clone();
    others[others.length - 1] = 2;
    float[] ofDev = Arrays.copyOf(ones, 40);
    TrainingData data = TrainingData.of(many.withWeights(ones)).withDev(dev.withWeights(ofDev));
    Recipe recipe = Samples.recipe().withBatchSize(0).withEpochs(2);
    byte[] saved = Training.start(recipe, data, ENGINE).toBytes();
    float[] last = changed(many.features(), many.features().length - 1);
    Map<String, TrainingData> different =
        Map.of(
            "training rows differ from those of the checkpoint in their features",
            data.withTraining(Dataset.of(last, 2, many.targets(), 1).withWeights(ones)),
            "training rows differ from those of the checkpoint in their weights",
            data.withTraining(many.withWeights(others)),
            "dev rows differ from those of the checkpoint in their weights",
            data.withDev(dev.withWeights(Arrays.copyOfRange(others, 19_960, 20_000))));
    Training.resume(saved, recipe, data, ENGINE);
    different.forEach(
        (message, rows) -> {
          IOException e =
              assertThrows(IOException.class, () -> Training.resume(saved, recipe, rows, ENGINE));
          assertTrue(e.getMessage().contains(message), e.getMessage());
        });
  }

  private static float[] changed(float[] values, int at) {
    float[] changed = values.clone();
    changed[at] = Math.nextUp(changed[at]);
    return changed;
  }

  private static float[] flipped(float[] labels) {
    float[] flipped = labels.clone();
    flipped[0] = 1 - flipped[0];
    return flipped;
  }

  @Property(tries = 10)
  void aStreamAndBytesResumeAsAFileDoes(@ForAll @IntRange(max = 27) int steps) throws IOException {
    Training whole = Training.start(recipe(), data(), ENGINE);
    for (int i = 0; i < steps && !whole.finished(); i++) {
      whole.step();
    }
    byte[] bytes = whole.toBytes();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    whole.writeTo(out);
    assertArrayEquals(bytes, out.toByteArray());
    Training ofBytes = Training.resume(bytes, recipe(), data(), ENGINE);
    Training ofStream =
        Training.resume(new ByteArrayInputStream(bytes), "a stream", recipe(), data(), ENGINE);
    assertArrayEquals(bytes, ofBytes.toBytes());
    assertArrayEquals(bytes, ofStream.toBytes());
    List<Object> expected = rest(whole);
    assertEquals(expected, rest(ofBytes));
    assertEquals(expected, rest(ofStream));
    assertArrayEquals(whole.parameters(), ofBytes.parameters());
    assertArrayEquals(whole.parameters(), ofStream.parameters());
  }

  @Test
  void aCheckpointIsNoModelAndAModelNoCheckpoint() throws IOException {
    byte[] checkpoint = Training.start(recipe(), data(), ENGINE).toBytes();
    String message =
        assertThrows(IOException.class, () -> TrainedModel.of(checkpoint)).getMessage();
    assertEquals("bytes: a checkpoint; expected a model: resume it with Training.resume", message);
    byte[] model =
        Model.of(recipe().network(), recipe().network().initialParameters(1), ENGINE).toBytes();
    message =
        assertThrows(
                IOException.class,
                () ->
                    Training.resume(
                        new ByteArrayInputStream(model), "models/7", recipe(), data(), ENGINE))
            .getMessage();
    assertEquals("models/7: a model; expected a checkpoint: load it with Model.load", message);
  }

  private static void refused(Path file, String message, Recipe recipe, TrainingData data) {
    IOException e =
        assertThrows(IOException.class, () -> Training.resume(file, recipe, data, ENGINE));
    assertTrue(e.getMessage().startsWith(file + ": " + message), e::getMessage);
    assertEquals(-1, e.getMessage().indexOf('\n'), "one line");
  }

  @Test
  void damagedCheckpointIsRefused() throws IOException {
    Path file = saved(5);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 20] ^= 1;
    Files.write(file, bytes);
    IOException e =
        assertThrows(IOException.class, () -> Training.resume(file, recipe(), data(), ENGINE));
    assertTrue(e.getMessage().contains("SHA-256"), e::getMessage);
  }

  @Test
  void countsThatLeadOutsideAnEpochAreNotWritten() {
    for (int[] place : new int[][] {{3, 0, 7}, {3, 0, 4}, {0, -1, 7}, {7, 1, -7}}) {
      Layout layout = Samples.recipe().network().layout();
      Checkpoint checkpoint =
          new Checkpoint(
              new float[layout.size()],
              new Updater.State(place[0], 0, OptionalDouble.empty(), 1, Map.of()),
              new Checkpoint.Progress(place[1], place[2], 0, 0),
              null,
              0,
              0,
              null,
              null,
              List.of());
      assertRefusedSaying("progress.counts", () -> checkpoint.file(layout, Map.of(), 7));
    }
  }

  @Test
  void whatNobodyCouldResumeIsNotWritten() {
    notWritten("tensor \"dense1.weight\": NaN at element 1; expected", Float.NaN, 0, 0, 0);
    notWritten("tensor \"best.dense1.weight\": NaN at element 1; expected", 0, Float.NaN, 0, 0);
    notWritten("tensor optimizer.m: NaN at element 1; expected numbers", 0, 0, Float.NaN, 0);
    notWritten("progress.sums: NaN; expected numbers", 0, 0, 0, Double.NaN);
  }

  /** One number of an otherwise good checkpoint is as given in four places. */
  private static void notWritten(
      String message, float parameter, float best, float moment, double score) {
    Layout layout = Samples.recipe().network().layout();
    Checkpoint checkpoint =
        new Checkpoint(
            zerosBut(layout, parameter),
            new Updater.State(
                0, 0, OptionalDouble.empty(), 1, Map.of("m", zerosBut(layout, moment))),
            new Checkpoint.Progress(0, 0, 0, 0),
            zerosBut(layout, best),
            score,
            0,
            null,
            null,
            List.of());
    assertRefusedSaying(message, () -> checkpoint.file(layout, Map.of(), 7));
  }

  /** A parameter may be infinite for a step, until the next one finds it. */
  @Test
  void aTrainingThatHasDivergedIsNotSavedOverItsCheckpoint() throws IOException {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Recipe recipe = Recipe.of(network, Optimizer.sgd(1e38)).withBatchSize(1);
    TrainingData data = TrainingData.of(Dataset.of(new float[] {10, 20}, 1, new float[] {3, 4}, 1));
    Training training = Training.start(recipe, data, ENGINE);
    Path file = folder.resolve("a.checkpoint");
    training.save(file);
    byte[] before = Files.readAllBytes(file);
    training.step();
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> training.save(file));
    assertTrue(e.getMessage().startsWith("the training has diverged and cannot be"), e::getMessage);
    assertArrayEquals(before, Files.readAllBytes(file));
    assertThrows(DivergedException.class, training::finishEpoch);
    assertArrayEquals(before, training.toBytes());
  }

  private static float[] zerosBut(Layout layout, float value) {
    float[] values = new float[layout.size()];
    values[1] = value;
    return values;
  }
}
