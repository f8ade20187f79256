package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.MemoryRows;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Training on rows that are streamed, and in parts of batches. */
class StreamTest {

  private static final Engine ENGINE = Engine.standard();
  private static final Dataset ROWS = Samples.classes(97, 1);

  private static Recipe recipe() {
    return Samples.recipe().withEpochs(4).withEarlyStopping(EarlyStopping.patience(2));
  }

  private static TrainingData streamed(MemoryRows source, int buffer) {
    return TrainingData.streaming(source, buffer).withDev(Samples.classes(40, 2));
  }

  private static List<Object> rest(Training training) {
    List<Object> seen = new ArrayList<>();
    for (Epoch e : training) {
      seen.add(List.of(e.number(), e.trainingLoss(), e.cost(), e.devLoss()));
    }
    return seen;
  }

  @Property(tries = 30)
  void resumedStreamHasTheBitsOfOneThatNeverStopped(
      @ForAll @IntRange(max = 27) int steps, @ForAll @IntRange(min = 1, max = 110) int buffer)
      throws IOException {
    Path file = Files.createTempFile("training", ".checkpoint");
    try {
      Training whole = Training.start(recipe(), streamed(new MemoryRows(ROWS), buffer), ENGINE);
      for (int i = 0; i < steps && !whole.finished(); i++) {
        whole.step();
      }
      whole.save(file);
      Training resumed =
          Training.resume(file, recipe(), streamed(new MemoryRows(ROWS), buffer), ENGINE);
      assertEquals(rest(whole), rest(resumed));
      assertArrayEquals(whole.latestParameters(), resumed.latestParameters());
      assertArrayEquals(whole.parameters(), resumed.parameters());
    } finally {
      Files.delete(file);
    }
  }

  @Property(tries = 20)
  void aStepThatCannotReadChangesNothing(
      @ForAll @IntRange(max = 290) int failing, @ForAll @IntRange(min = 1, max = 110) int buffer)
      throws IOException {
    goesOnAsIfNothingHadFailed(
        recipe().withEpochs(3).withEarlyStopping(EarlyStopping.never()), failing, buffer);
  }

  /** Rows are read for statistics too, once after each epoch from the second on. */
  @Property(tries = 20)
  void anEpochWhoseStatisticsCannotBeReadIsDoneAgain(
      @ForAll @IntRange(min = 2 * 97, max = 5 * 97 - 1) int failing,
      @ForAll @IntRange(min = 1, max = 110) int buffer)
      throws IOException {
    goesOnAsIfNothingHadFailed(
        recipe()
            .withEpochs(3)
            .withEarlyStopping(EarlyStopping.never())
            .withAveraging(new Averaging.Epochs(2)),
        failing,
        buffer);
  }

  private static void goesOnAsIfNothingHadFailed(Recipe recipe, int failing, int buffer)
      throws IOException {
    Training expected = Training.start(recipe, streamed(new MemoryRows(ROWS), buffer), ENGINE);
    List<Object> seen = rest(expected);
    MemoryRows source = new MemoryRows(ROWS);
    source.failing = failing;
    Training training = Training.start(recipe, streamed(source, buffer), ENGINE);
    List<Epoch> epochs = new ArrayList<>();
    Path file = Files.createTempFile("training", ".checkpoint");
    try {
      UncheckedIOException e =
          assertThrows(
              UncheckedIOException.class,
              () -> {
                while (true) {
                  training.step().ifPresent(epochs::add);
                }
              });
      assertTrue(e.getMessage().startsWith("memory, row "), e::getMessage);
      training.save(file);
      Training resumed =
          Training.resume(file, recipe, streamed(new MemoryRows(ROWS), buffer), ENGINE);
      assertEquals(seen.subList(epochs.size(), seen.size()), rest(resumed));
      assertEquals(seen.subList(epochs.size(), seen.size()), rest(training));
      assertArrayEquals(expected.latestParameters(), resumed.latestParameters());
      assertArrayEquals(expected.latestParameters(), training.latestParameters());
      assertArrayEquals(expected.parameters(), resumed.parameters());
      assertArrayEquals(expected.parameters(), training.parameters());
    } finally {
      Files.delete(file);
    }
  }

  @Example
  void anotherStreamIsRefusedByName() throws IOException {
    Path file = Files.createTempFile("training", ".checkpoint");
    try {
      Training training = Training.start(recipe(), streamed(new MemoryRows(ROWS), 8), ENGINE);
      training.step();
      training.save(file);
      IOException e =
          assertThrows(
              IOException.class,
              () -> Training.resume(file, recipe(), streamed(new MemoryRows(ROWS), 9), ENGINE));
      assertEquals(
          file
              + ": training rows differ from those of the checkpoint: these are 97 rows, 2 columns,"
              + " 1 target columns, streamed through a buffer of 9 rows; expected 97 rows,"
              + " 2 columns, 1 target columns, streamed through a buffer of 8 rows",
          e.getMessage());
    } finally {
      Files.delete(file);
    }
  }

  /** A full batch has no order to differ in. */
  @Example
  void aFullBatchHasTheSameBitsStreamedAndInMemory() {
    Recipe recipe = Samples.recipe().withEpochs(5).withBatchSize(0);
    Training memory = Training.start(recipe, TrainingData.of(ROWS), ENGINE);
    Training stream =
        Training.start(recipe, TrainingData.streaming(new MemoryRows(ROWS), 10), ENGINE);
    assertEquals(last(memory), last(stream));
    assertArrayEquals(memory.parameters(), stream.parameters());
  }

  private static double last(Training training) {
    double loss = 0;
    for (Epoch e : training) {
      loss = e.trainingLoss();
    }
    return loss;
  }

  @Example
  void streamedRowsAreLearned() {
    Training training =
        Training.start(
            Samples.recipe().withEpochs(30),
            streamed(new MemoryRows(ROWS), 16).withMetric(Samples.ACCURACY),
            ENGINE);
    double accuracy = 0;
    for (Epoch e : training) {
      accuracy = e.devMetric().getAsDouble();
    }
    assertTrue(accuracy > 0.9, "accuracy " + accuracy);
  }

  @Example
  void streamsThatDoNotFitAreRefused() {
    MemoryRows wide = new MemoryRows(Samples.classes(10, 3, 1));
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Training.start(recipe(), streamed(wide, 4), ENGINE));
    assertEquals("training: 3 columns; expected the network's 2", e.getMessage());
    assertEquals(0, wide.opened);
  }

  /** Rows that are dropped are not waited for. */
  @Property(tries = 20)
  void aStreamWhoseTailIsDroppedIsClosedAtTheEndOfEachEpoch(
      @ForAll @IntRange(min = 1, max = 110) int buffer,
      @ForAll @IntRange(min = 2, max = 100) int batch) {
    MemoryRows source = new MemoryRows(ROWS);
    Recipe recipe = recipe().withBatchSize(batch).withDroppedTail();
    Training training = Training.start(recipe, streamed(source, buffer), ENGINE);
    assertEquals(Math.max(1, 97 / batch), training.stepsPerEpoch());
    for (Epoch epoch : training) {
      assertEquals(epoch.number(), source.opened);
      assertEquals(epoch.number(), source.closed);
    }
    assertEquals(training.epochs() * training.stepsPerEpoch(), training.steps());
  }

  @Example
  void aStreamLeftWithinAnEpochIsClosed() {
    MemoryRows source = new MemoryRows(ROWS);
    try (Training training = Training.start(recipe(), streamed(source, 8), ENGINE)) {
      training.warmUp();
      training.step();
      assertEquals(source.closed + 1, source.opened);
    }
    assertEquals(source.closed, source.opened);
  }

  @Tag("allocation")
  @Example
  void aStreamedStepAllocatesNothing() {
    Recipe recipe =
        Samples.recipe()
            .withEpochs(Integer.MAX_VALUE)
            .withBatchSize(16)
            .withEarlyStopping(EarlyStopping.never());
    Training training =
        Training.start(
            recipe,
            TrainingData.streaming(new MemoryRows(Samples.classes(16 * 1000, 1)), 100),
            ENGINE);
    Allocation.assertNone("steps within an epoch", 200, step -> training.step());
  }

  private static Recipe plain() {
    Network network =
        Network.inputs(2)
            .dense(16)
            .relu()
            .dropout(0.2)
            .dense(3)
            .loss(new Loss.SoftmaxCrossEntropy());
    return Recipe.of(network, Optimizer.adam(0.01)).withSeed(3).withEpochs(3);
  }

  private static Training trained(Recipe recipe) {
    Training training = Samples.trained(recipe, TrainingData.of(ROWS), ENGINE);
    return training;
  }

  /** Parts of 64 rows leave every bit of the gradient, so all of the training. */
  @Example
  void partsOfWholeBlocksAreTheSameTraining() {
    for (int batch : new int[] {0, 97, 90}) {
      Recipe recipe = plain().withBatchSize(batch);
      assertArrayEquals(
          trained(recipe).parameters(), trained(recipe.withMicroBatch(64)).parameters());
    }
  }

  /** 97 rows in batches of 20 are four of 20 and one of 17, each divided by its own size. */
  @Property(tries = 20)
  void partsAreTheSameTrainingToFloatAccuracy(
      @ForAll @IntRange(min = 1, max = 110) int microBatch, @ForAll @IntRange(max = 100) int size) {
    Recipe recipe = plain().withBatchSize(size).withOptimizer(Optimizer.sgd(0.1)).withMicroBatch(0);
    float[] whole = trained(recipe).parameters();
    float[] parts = trained(recipe.withMicroBatch(microBatch)).parameters();
    for (int i = 0; i < whole.length; i++) {
      assertEquals(whole[i], parts[i], 1e-5 * Math.max(1, Math.abs(whole[i])));
    }
  }

  @Example
  void partsAndBatchNormExcludeEachOther() {
    var e = assertThrows(IllegalArgumentException.class, () -> Samples.recipe().withMicroBatch(8));
    assertEquals(
        "microBatch: 8; expected 0, because batch norm takes statistics over a whole batch",
        e.getMessage());
  }
}
