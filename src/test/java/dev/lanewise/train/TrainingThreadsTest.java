package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Guard;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** A training is one thread's at a time, and an interrupt of it ends the loop over epochs. */
final class TrainingThreadsTest {

  private static final Engine ENGINE = Engine.standard();

  /** 97 rows in batches of 16. */
  private static final int BATCHES = 7;

  @AfterEach
  void nobodyElseIsInterrupted() {
    Thread.interrupted();
  }

  private static Recipe recipe() {
    return Samples.recipe().withEpochs(4);
  }

  /** An executor that lets a step begin and go on when it is told to. */
  private static final class Gate implements Executor {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch open = new CountDownLatch(1);

    @Override
    public void execute(Runnable helper) {
      entered.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      helper.run();
    }
  }

  @Test
  @Timeout(value = Guard.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aSecondThreadInATrainingIsRefusedAndDisturbsNothing() throws Exception {
    Training expected = Training.start(recipe(), Samples.data(), ENGINE);
    expected.finishEpoch();
    Gate gate = new Gate();
    Training training =
        Training.start(recipe(), Samples.data(), ENGINE.withParallel(Parallel.on(gate, 2)));
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<Epoch> first = threads.submit(training::finishEpoch);
      Guard.await(gate.entered);
      for (Executable call :
          List.<Executable>of(
              training::step,
              training::finishEpoch,
              () -> training.iterator().hasNext(),
              training::parameters,
              training::latestParameters,
              training::penalty,
              training::toBytes,
              training::model,
              training::warmUp,
              training::close,
              training::finished,
              training::epochs,
              training::steps,
              training::bestEpoch,
              training::observe,
              training::observation,
              () -> training.audit(1, 1, found -> {}),
              () -> training.changeRate(1),
              () -> training.changeL2(1),
              training::rollBackToBest,
              training::stop,
              training::commands,
              () -> training.replay(List.of()))) {
        String message = assertThrows(IllegalStateException.class, call).getMessage();
        assertTrue(message.startsWith("this training is at work for another thread"), message);
      }
      gate.open.countDown();
      assertEquals(1, first.get().number());
    }
    assertArrayEquals(expected.latestParameters(), training.latestParameters());
    assertEquals(2, training.finishEpoch().number(), "and now it is this thread's");
  }

  /** What a step calls back is the step's own thread. */
  @Test
  void aListenerMayAskTheTraining() {
    Training training = Training.start(recipe(), Samples.data(), ENGINE);
    List<float[]> seen = new ArrayList<>();
    training.audit(3, 1, found -> seen.add(training.latestParameters()));
    training.finishEpoch();
    assertEquals(3, seen.size());
  }

  /** Interrupts this thread within a step, by what the step calls back. */
  private static Training interruptedAt(int step) {
    Training training = Training.start(recipe(), Samples.data(), ENGINE);
    int[] steps = new int[1];
    training.audit(
        1,
        1,
        found -> {
          if (steps[0]++ == step) {
            Thread.currentThread().interrupt();
          }
        });
    return training;
  }

  @Property(tries = 12)
  void epochsEndAtAnInterruptAndGoOnWithTheSameBits(
      @ForAll @IntRange(max = 4 * BATCHES - 1) int step) throws IOException {
    Path file = Files.createTempFile("training", ".checkpoint");
    try {
      Training whole = Training.start(recipe(), Samples.data(), ENGINE);
      whole.forEach(epoch -> {});
      Training training = interruptedAt(step);
      int epochs = 0;
      for (Epoch epoch : training) {
        assertEquals(++epochs, epoch.number());
      }
      assertTrue(Thread.currentThread().isInterrupted());
      assertEquals(step + 1, training.steps(), "after the step under way");
      assertEquals((step + 1) / BATCHES, epochs, "an epoch that was done is handed out");
      assertEquals(step == 4 * BATCHES - 1, training.finished());
      assertFalse(training.iterator().hasNext());

      training.save(file);
      Training resumed = Training.resume(file, recipe(), Samples.data(), ENGINE);
      assertTrue(Thread.interrupted(), "saved and read, and still interrupted");
      resumed.forEach(epoch -> {});
      training.forEach(epoch -> {});
      assertArrayEquals(whole.latestParameters(), resumed.latestParameters());
      assertArrayEquals(whole.latestParameters(), training.latestParameters());
    } finally {
      Thread.interrupted();
      Files.delete(file);
    }
  }

  @Test
  void anInterruptedThreadHasNoNextEpoch() {
    Training training = Training.start(recipe(), Samples.data(), ENGINE);
    Iterator<Epoch> epochs = training.iterator();
    Thread.currentThread().interrupt();
    String message = assertThrows(NoSuchElementException.class, epochs::next).getMessage();
    assertEquals("the thread is interrupted", message);
    assertEquals(0, training.steps());
    assertEquals(1, training.finishEpoch().number(), "who asks for an epoch gets it");
    assertTrue(Thread.interrupted());
    assertTrue(epochs.hasNext());
    assertTrue(epochs.hasNext(), "asked twice, trained once");
    assertEquals(2, epochs.next().number());
  }

  /** A model is saved and loaded by an interrupted thread, too: channels it may not. */
  @Test
  void anInterruptedThreadSavesAndLoads() throws IOException {
    Path file = Files.createTempFile("model", ".safetensors");
    try {
      Model model = Training.start(recipe(), Samples.data(), ENGINE).model();
      Thread.currentThread().interrupt();
      model.save(file);
      TrainedModel loaded = TrainedModel.load(file);
      assertTrue(Thread.interrupted());
      assertArrayEquals(model.toBytes(), loaded.toBytes());
    } finally {
      Files.delete(file);
    }
  }
}
