package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When plans ask an executor for helpers. These never come, which changes no result. */
class PlanThreadsTest {

  private static final Network NETWORK =
      Network.inputs(3).dense(5).relu().dense(2).loss(new Loss.SquaredError());

  private final List<Runnable> asked = new ArrayList<>();
  private final Engine engine = Engine.standard().withParallel(Parallel.on(asked::add, 3));
  private final float[] theta = NETWORK.initialParameters(1);

  private static Batch batch(int rows) {
    return Batch.of(Dataset.of(new float[rows * 3], 3, new float[rows * 2], 2));
  }

  private void assertAsked(int expected) {
    assertEquals(expected, asked.size());
    asked.forEach(Runnable::run); // a helper that comes late finds the step closed and leaves
    asked.clear();
  }

  @Test
  void aStepAsksForItsHelpersOnce() {
    TrainingPlan plan = TrainingPlan.compile(NETWORK, 9, 4, engine);
    for (int step = 0; step < 3; step++) {
      plan.gradients(theta, batch(9), step, new float[theta.length]);
      assertAsked(2);
    }
  }

  @Test
  void aStepThatIsPartOfAnotherAsksNoMore() {
    TrainingPlan plan = TrainingPlan.compile(NETWORK, 9, engine);
    plan.team().open();
    plan.gradients(theta, batch(9), 0, new float[theta.length]);
    plan.outputs(theta, batch(9), 0);
    assertEquals(2, asked.size());
    plan.team().close();
    assertAsked(2);
  }

  @Test
  void aReplayAsksForItsHelpersOnce() {
    TrainingPlan plan = TrainingPlan.compile(NETWORK, 9, 4, engine);
    for (int step = 0; step < 3; step++) {
      plan.outputs(theta, batch(9), step);
      assertAsked(2);
    }
  }

  @Test
  void aRefusedBatchAsksForNobody() {
    TrainingPlan plan = TrainingPlan.compile(NETWORK, 9, engine);
    assertThrows(
        IllegalArgumentException.class,
        () -> plan.gradients(theta, batch(10), 0, new float[theta.length]));
    assertAsked(0);
  }

  /** 48 rows are one task. */
  @Test
  void inferenceAsksForHelpersWhereThereIsMoreThanOneTask() {
    InferencePlan plan = InferencePlan.over(PackedNetwork.pack(NETWORK, theta, engine));
    float[] scores = new float[2 * 100];
    for (int rows : new int[] {0, 1, 48}) {
      plan.scores(new float[3 * rows], 0, rows, scores, 0);
      assertAsked(0);
    }
    for (int rows : new int[] {49, 96, 97}) {
      plan.scores(new float[3 * rows], 0, rows, scores, 0);
      assertAsked(2);
    }
  }

  @Test
  void aHelperThatComesToEachStepDoesNotShow() {
    float[] expected = new float[theta.length];
    float[] found = expected.clone();
    TrainingPlan.compile(NETWORK, 9, Engine.standard()).gradients(theta, batch(9), 1, expected);
    TrainingPlan.compile(NETWORK, 9, engine).gradients(theta, batch(9), 1, found);
    assertArrayEquals(expected, found);
  }
}
