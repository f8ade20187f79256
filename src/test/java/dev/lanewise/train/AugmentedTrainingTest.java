package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.SharedData;
import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Idx;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Classification;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.PackedNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentedTrainingTest {

  private static final Engine ENGINE = Engine.standard();

  private static final List<Augmentation> NOISE_AND_MIXUP =
      List.of(new Augmentation.Noise(0.3), new Augmentation.Mixup(0.4));

  @TempDir private Path folder;

  private static Recipe recipe() {
    return Samples.recipe().withEpochs(3).withAugmentations(NOISE_AND_MIXUP);
  }

  private static TrainingData data() {
    return TrainingData.of(Samples.classes(97, 1).oneHot(3)).withDev(Samples.classes(40, 2));
  }

  /** At the beginning, in the middle and at the end of an epoch of seven steps. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 7, 11, 20})
  void resumingGivesTheBitsOfNeverHavingStopped(int steps) throws IOException {
    Training whole = Training.start(recipe(), data(), ENGINE);
    for (int i = 0; i < steps; i++) {
      whole.step();
    }
    Path file = folder.resolve("a.checkpoint");
    whole.save(file);
    Training resumed = Training.resume(file, recipe(), data(), ENGINE);
    while (!whole.finished()) {
      whole.step();
      resumed.step();
    }
    assertTrue(resumed.finished());
    assertArrayEquals(whole.latestParameters(), resumed.latestParameters());
  }

  @Test
  void aCheckpointOfOtherChangesIsRefused() throws IOException {
    Path file = folder.resolve("a.checkpoint");
    Training.start(recipe(), data(), ENGINE).save(file);
    Recipe other = recipe().withAugmentations(List.of(new Augmentation.Noise(0.2)));
    IOException e =
        assertThrows(IOException.class, () -> Training.resume(file, other, data(), ENGINE));
    assertTrue(
        e.getMessage()
            .contains("augmentations is [Noise[deviation=0.3], Mixup[alpha=0.4]]; this training's"),
        e::getMessage);
  }

  @Test
  void parametersAreIndependentOfKernels() {
    Training standard = Training.start(recipe(), data(), ENGINE);
    Training scalar = Training.start(recipe(), data(), Engine.of("scalar"));
    standard.forEach(epoch -> {});
    scalar.forEach(epoch -> {});
    assertArrayEquals(scalar.parameters(), standard.parameters());
  }

  /** With one full batch as well, which would be the data set itself. */
  @ParameterizedTest
  @ValueSource(ints = {0, 16})
  void devLossIsThatOfTheUnchangedRowsAndNoDataAreWritten(int batchSize) {
    TrainingData data = data();
    Dataset rows = (Dataset) data.training();
    float[] features = rows.features().clone();
    float[] targets = rows.targets().clone();
    Dataset dev = data.dev().orElseThrow();
    float[] devFeatures = dev.features().clone();
    Training training = Training.start(recipe().withBatchSize(batchSize), data, ENGINE);
    Epoch epoch = training.finishEpoch();

    assertEquals(loss(training, Samples.classes(40, 2)), epoch.devLoss().orElseThrow(), 1e-5);
    assertArrayEquals(features, rows.features());
    assertArrayEquals(targets, rows.targets());
    assertArrayEquals(devFeatures, dev.features());
  }

  private static float[] scores(Training training, Dataset rows) {
    float[] scores = new float[rows.rows() * training.network().outputs()];
    InferencePlan.over(PackedNetwork.pack(training.network(), training.parameters(), ENGINE))
        .scores(rows.features(), 0, rows.rows(), scores, 0);
    return scores;
  }

  private static double loss(Training training, Dataset rows) {
    return Classification.of(
            scores(training, rows), training.network().outputs(), rows.targets(), rows.rows())
        .logLoss();
  }

  @Test
  void mixingClassNumbersIsRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Training.start(recipe(), Samples.data(), ENGINE));
    assertEquals(
        "augmentations: Mixup[alpha=0.4] over class numbers; expected a target column for each"
            + " class, as from Dataset.oneHot(3)",
        e.getMessage());
  }

  @Test
  void oneHotTargetsTrainAsClassNumbersDo() {
    Recipe plain = Samples.recipe().withEpochs(2);
    Training sparse = Training.start(plain, TrainingData.of(Samples.classes(97, 1)), ENGINE);
    Training dense =
        Training.start(plain, TrainingData.of(Samples.classes(97, 1).oneHot(3)), ENGINE);
    sparse.forEach(epoch -> {});
    dense.forEach(epoch -> {});
    assertArrayEquals(sparse.parameters(), dense.parameters(), 1e-4f);
  }

  @Tag("allocation")
  @Test
  void stepAllocatesNothing() {
    Recipe endless = recipe().withEpochs(Integer.MAX_VALUE);
    TrainingData rows = TrainingData.of(Samples.classes(16 * 1000, 1).oneHot(3));
    Training training = Training.start(endless, rows, ENGINE);
    Allocation.assertNone("steps within an epoch", 50, step -> training.step());
    assertFalse(training.finished());
  }

  /** Five hundred digits are too few to learn what moving does, unless they are moved. */
  @Test
  @Tag("shared")
  void movingDigitsRaisesTheirTestAccuracy() throws IOException {
    Idx.Images images = Idx.labelled(SharedData.file("data/mnist/t10k-images-idx3-ubyte.gz"));
    Encoder encoder = Encoder.fit(images);
    Dataset train = encoder.dataset(images, IntStream.range(0, 500).toArray());
    Dataset test = encoder.dataset(images, IntStream.range(7000, 10_000).toArray());
    List<Augmentation> moving =
        List.of(
            new Augmentation.Shift(images.shape(), 1),
            new Augmentation.Rotate(images.shape(), 10),
            new Augmentation.Zoom(images.shape(), 0.9, 1.1));
    double without = accuracy(train, test, List.of());
    double with = accuracy(train, test, moving);
    System.out.printf("500 digits: accuracy %.4f, moved %.4f%n", without, with);
    assertTrue(with > without + 0.02, () -> "%s, moved %s".formatted(without, with));
  }

  private static double accuracy(Dataset train, Dataset test, List<Augmentation> changes) {
    Network network =
        Network.inputs(784).dense(32).relu().dense(10).loss(new Loss.SoftmaxCrossEntropy());
    Recipe recipe =
        Recipe.of(network, Optimizer.adam(0.003))
            .withBatchSize(32)
            .withEpochs(30)
            .withAugmentations(changes);
    Training training = Samples.trained(recipe, TrainingData.of(train), ENGINE);
    return Classification.of(scores(training, test), 10, test.targets(), test.rows()).accuracy();
  }
}
