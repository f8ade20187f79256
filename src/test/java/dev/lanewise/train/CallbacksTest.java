package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a step calls back may ask the training, and may fail, but may not drive it. */
final class CallbacksTest {

  private static final Engine ENGINE = Engine.standard();

  static Stream<Consumer<Training>> drivers() {
    return Stream.of(
        Training::step,
        Training::finishEpoch,
        training -> training.changeRate(0.5),
        training -> training.changeL2(0.5),
        Training::rollBackToBest,
        Training::stop,
        training -> training.replay(List.of()),
        Training::warmUp,
        Training::close,
        Training::observe,
        training -> training.audit(1, 1, audit -> {}),
        training -> training.iterator().next());
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void aListenerMayNotDriveTheTraining(Consumer<Training> drive) {
    Recipe recipe = Samples.recipe().withEpochs(2);
    Training training = Training.start(recipe, Samples.data(), ENGINE);
    AtomicInteger audits = new AtomicInteger();
    training.audit(
        3,
        1,
        audit -> {
          audits.incrementAndGet();
          String message =
              assertThrows(IllegalStateException.class, () -> drive.accept(training)).getMessage();
          assertTrue(message.contains("within a step"), message);
        });
    training.forEach(epoch -> {});
    assertTrue(audits.get() > 0);
    Training alone = Samples.trained(recipe, Samples.data(), ENGINE);
    assertArrayEquals(alone.latestParameters(), training.latestParameters());
  }

  @Test
  void aListenerMayAskTheTraining() {
    Training training = Training.start(Samples.recipe().withEpochs(2), Samples.data(), ENGINE);
    training.observe();
    AtomicInteger asked = new AtomicInteger();
    training.audit(
        5,
        1,
        audit -> {
          asked.incrementAndGet();
          assertEquals(audit.step() - 1, training.steps());
          assertEquals(audit.epoch() - 1, training.epochs());
          assertEquals(audit.epoch() - 1, training.bestEpoch());
          assertEquals(audit.epoch() > 1, training.observation().isPresent());
          assertFalse(training.finished());
          assertTrue(training.toBytes().length > 0);
        });
    training.forEach(epoch -> {});
    assertTrue(training.finished());
    assertEquals(3, asked.get(), "steps 1, 6 and 11 of 14");
  }

  /** The epoch is done again, and its evaluation is not lost. */
  @Test
  void aMetricThatThrowsLeavesTheTrainingAtTheLastEpoch() {
    Recipe recipe = Samples.recipe().withEpochs(3);
    for (Throwable thrown : new Throwable[] {new ArithmeticException(), new AssertionError()}) {
      AtomicInteger calls = new AtomicInteger();
      DevMetric metric =
          DevMetric.of(
              "brittle",
              true,
              (logits, dev, loss) -> {
                if (calls.incrementAndGet() == 2) {
                  sneak(thrown);
                }
                return logits[0];
              });
      Training training = Training.start(recipe, Samples.data().withMetric(metric), ENGINE);
      training.finishEpoch();
      assertSame(thrown, assertThrows(thrown.getClass(), training::finishEpoch));
      assertEquals(1, training.epochs());
      assertEquals(2, training.finishEpoch().number());
      training.finishEpoch();
      Training alone = Samples.trained(recipe, Samples.data(), ENGINE);
      assertArrayEquals(alone.latestParameters(), training.latestParameters());
    }
  }

  private static void sneak(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }
}
