package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.reference.ReferenceNetwork;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** A single row is split into parts of their own length. */
  @Test
  void aSingleLongRowIsRightOnAnyKernelsAndThreads() {
    Network wide =
        Network.inputs(3)
            .dense(17)
            .relu()
            .dense(4500)
            .activation(Activation.Function.TANH)
            .dense(2)
            .loss(new Loss.SquaredError());
    float[] parameters = wide.initialParameters(1);
    Batch row = Batch.of(Dataset.of(new float[] {0.7f, -1.1f, 0.4f}, 3, new float[] {2, -3}, 2));
    Engine standard = Engine.standard();
    float[] expected = gradient(wide, parameters, row, Engine.of("scalar"));
    double[] theta = new double[parameters.length];
    Arrays.setAll(theta, i -> parameters[i]);
    double[] exact =
        new ReferenceNetwork(wide)
            .gradient(
                theta,
                new ReferenceNetwork.Batch(
                    new double[][] {{0.7f, -1.1f, 0.4f}}, new double[][] {{2, -3}}));
    for (int i = 0; i < exact.length; i++) {
      assertEquals(exact[i], expected[i], 1e-4 * Math.max(1, Math.abs(exact[i])), "element " + i);
    }
    assertArrayEquals(expected, gradient(wide, parameters, row, standard));
    Engine several = standard.withParallel(Parallel.on(Runnable::run, 3));
    assertArrayEquals(expected, gradient(wide, parameters, row, several));
  }

  private static float[] gradient(Network network, float[] parameters, Batch batch, Engine engine) {
    float[] gradient = new float[parameters.length];
    TrainingPlan.compile(network, 1, engine).gradients(parameters, batch, 7, gradient);
    return gradient;
  }
}
