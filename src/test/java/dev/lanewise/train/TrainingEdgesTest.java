package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.model.SafetensorsFile;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a training ends, warms up in vain, or is to go on from what is no checkpoint of it. */
final class TrainingEdgesTest {

  private static final Engine ENGINE = Engine.standard();

  @TempDir Path folder;

  private static Recipe recipe(double rate) {
    Network network = Network.inputs(2).dense(4).relu().dense(1).loss(new Loss.SquaredError());
    return Recipe.of(network, Optimizer.sgd(rate)).withBatchSize(8).withEpochs(1);
  }

  private static TrainingData data() {
    return TrainingData.of(Samples.binary(16, 3));
  }

  @Test
  void afterTheLastEpochThereIsNoNext() {
    Iterator<Epoch> epochs = Training.start(recipe(0.1), data(), ENGINE).iterator();
    assertEquals(1, epochs.next().number());
    assertThrows(NoSuchElementException.class, epochs::next);
  }

  @Test
  void aWarmUpThatDivergesChangesNothing() {
    Training training = Training.start(recipe(1e30), data(), ENGINE);
    float[] before = training.latestParameters();
    training.warmUp();
    assertArrayEquals(before, training.latestParameters());
    assertEquals(0, training.steps());
  }

  @Test
  void aTrainingDescribesItsPlan() {
    String table = Training.start(recipe(0.1), data(), ENGINE).describe();
    assertTrue(table.contains("dense1") && table.contains("dense2"), table);
  }

  @Test
  void onlyACheckpointIsGoneOnFrom() throws IOException {
    Path file = folder.resolve("file");
    SafetensorsFile.builder().metadata("lanewise.kind", "sketch").build().write(file);
    String message =
        assertThrows(IOException.class, () -> Training.resume(file, recipe(0.1), data(), ENGINE))
            .getMessage();
    assertTrue(message.contains("a sketch; expected a checkpoint"), message);
  }
}
