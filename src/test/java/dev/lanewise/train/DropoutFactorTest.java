package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trainings whose probabilities of dropping units follow a schedule. */
class DropoutFactorTest {

  private static final Engine ENGINE = Engine.standard();

  private static final Network NETWORK =
      Network.inputs(2)
          .dropout(0.1)
          .dense(12)
          .relu()
          .dropout(0.4)
          .dense(7)
          .activation(Activation.Function.SELU)
          .dropout(0.2)
          .dense(3)
          .loss(new Loss.SoftmaxCrossEntropy());

  private static final TrainingData DATA = TrainingData.of(Samples.classes(50, 3));

  /** 5 steps in each of 4 epochs. */
  private static final Recipe RECIPE =
      Recipe.of(NETWORK, Optimizer.adam(0.01)).withBatchSize(10).withEpochs(4).withSeed(11);

  private static float[] trained(Recipe recipe) {
    return Samples.trained(recipe, DATA, ENGINE).latestParameters();
  }

  private static Recipe falling() {
    return RECIPE.withDropoutFactor(new Schedule.PerStep(new Schedule.Cosine(1, 0, 17)));
  }

  @Test
  void aConstantFactorIsThatOfTheProbabilities() {
    for (double factor : new double[] {0.3, 0.5, 1}) {
      assertArrayEquals(
          trained(
              Recipe.of(NETWORK.withDropoutTimes(factor), RECIPE.optimizer())
                  .withBatchSize(10)
                  .withEpochs(4)
                  .withSeed(11)),
          trained(RECIPE.withDropoutFactor(new Schedule.Constant(factor))));
    }
    assertArrayEquals(trained(RECIPE), trained(RECIPE.withDropoutFactor(new Schedule.Constant(1))));
  }

  @Test
  void aFactorCountsEpochsOrSteps() {
    float[] byEpochs =
        trained(RECIPE.withDropoutFactor(new Schedule.MultiStep(1, 0.5, List.of(2L))));
    Schedule steps = new Schedule.PerStep(new Schedule.MultiStep(1, 0.5, List.of(10L)));
    assertArrayEquals(byEpochs, trained(RECIPE.withDropoutFactor(steps)));
    Schedule later = new Schedule.PerStep(new Schedule.MultiStep(1, 0.5, List.of(11L)));
    assertFalse(Arrays.equals(byEpochs, trained(RECIPE.withDropoutFactor(later))));
    Schedule never = new Schedule.MultiStep(1, 0.5, List.of(4L));
    assertArrayEquals(trained(RECIPE), trained(RECIPE.withDropoutFactor(never)));
  }

  @Test
  void withoutAFactorThereIsNone() {
    assertArrayEquals(trained(RECIPE), trained(falling().withoutDropoutFactor()));
    assertEquals(Optional.empty(), falling().withoutDropoutFactor().dropoutFactor());
  }

  @Test
  void aTrainingGoesOnInTheMidstOfASchedule() throws IOException {
    float[] expected = trained(falling());
    for (int steps : new int[] {1, 5, 12, 19}) {
      Training first = Training.start(falling(), DATA, ENGINE);
      for (int i = 0; i < steps; i++) {
        first.step();
      }
      Training second = Training.resume(first.toBytes(), falling(), DATA, ENGINE);
      second.forEach(epoch -> {});
      assertArrayEquals(expected, second.latestParameters());
    }
  }

  @Test
  void aTrainingOfAnotherFactorIsNotResumed() {
    byte[] saved = Training.start(falling(), DATA, ENGINE).toBytes();
    IOException e =
        assertThrows(IOException.class, () -> Training.resume(saved, RECIPE, DATA, ENGINE));
    assertTrue(e.getMessage().contains("dropout times PerStep[schedule=Cosine["), e::getMessage);
    byte[] plain = Training.start(RECIPE, DATA, ENGINE).toBytes();
    assertThrows(IOException.class, () -> Training.resume(plain, falling(), DATA, ENGINE));
  }

  @Test
  void aRecipeSaysItsFactorIfItHasOne() {
    assertTrue(
        falling().toString().endsWith("\ndropout factor: " + falling().dropoutFactor().get()));
    assertFalse(RECIPE.toString().contains("dropout"));
  }

  static List<Schedule> schedules() {
    Schedule.Cosine cosine = new Schedule.Cosine(0.25, 1, 9);
    return List.of(
        new Schedule.Constant(0.5),
        new Schedule.PerStep(cosine),
        new Schedule.Staircase(0.75, 0.5, 3),
        new Schedule.MultiStep(1, 0.5, List.of(3L, 5L)),
        new Schedule.InverseTime(0.5, 1, 1),
        new Schedule.InverseSquareRoot(0.75),
        new Schedule.Polynomial(0.5, 1, 2, 11),
        new Schedule.Polynomial(1, 0.5, 2, 11),
        cosine,
        new Schedule.CosineRestarts(0.5, 0.75, 1, 1),
        new Schedule.CosineRestarts(1, 0, 7, 2),
        new Schedule.CosineLog(0.5, 1, 8),
        new Schedule.WarmUp(0.1, 7, new Schedule.OneCycle(0.5, 20)),
        new Schedule.OneCycle(0.75, 20),
        new Schedule.Chained(
            List.of(new Schedule.Chained.Leg(cosine, 20)), new Schedule.Constant(0.5)),
        new Schedule.Chained(
            List.of(new Schedule.Chained.Leg(new Schedule.Constant(0.25), 3)), cosine));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void aScheduleReachesItsHighestRateAndNoMore(Schedule schedule) {
    double highest = DropoutFactor.highest(schedule);
    double found = LongStream.range(0, 60).mapToDouble(schedule::rate).max().orElseThrow();
    boolean approaches = schedule instanceof Schedule.CosineRestarts s && s.end() > s.initial();
    double off = schedule instanceof Schedule.CosineLog ? 0.1 : 1e-12; // no count is at its peak
    assertEquals(approaches ? schedule.rate(0) : highest, found, off);
    assertTrue(found <= highest + 1e-12);
  }

  @Test
  void everyKindOfScheduleIsAmongThem() {
    Set<Class<?>> kinds = schedules().stream().map(Object::getClass).collect(Collectors.toSet());
    assertEquals(Set.of(Schedule.class.getPermittedSubclasses()), kinds);
  }

  @Test
  void roundingDoesNotLiftAFactorAbove1() {
    for (Schedule schedule : schedules()) {
      for (int count = 0; count < 60; count++) {
        double factor = DropoutFactor.at(schedule, count, count);
        assertTrue(factor >= 0 && factor <= 1, schedule + " " + count);
        assertEquals(Math.min(1, schedule.rate(count)), factor);
      }
    }
  }
}
