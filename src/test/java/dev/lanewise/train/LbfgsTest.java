package dev.lanewise.train;

import static dev.lanewise.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.PromptThreads;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.train.Lbfgs.Objective;
import dev.lanewise.train.Lbfgs.Reason;
import dev.lanewise.train.Lbfgs.Result;
import dev.lanewise.update.Updater;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LbfgsTest {

  private static final int ROWS = 200;
  private static final int COLUMNS = 6;
  private static final Network LOGISTIC =
      Network.inputs(COLUMNS)
          .add(new Dense(1).withPenalty(Penalty.l2(1e-3)))
          .loss(new Loss.SigmoidCrossEntropy());
  private static final Network HIDDEN =
      Network.inputs(COLUMNS)
          .add(new Dense(5).withPenalty(Penalty.l2(0.01)))
          .activation(Activation.Function.TANH)
          .add(new Dense(1).withPenalty(Penalty.l2(0.01)))
          .loss(new Loss.SigmoidCrossEntropy());

  /** Two clouds that overlap, in columns of different scales. */
  private static Batch rows() {
    Random random = new Random(7);
    float[] features = new float[ROWS * COLUMNS];
    float[] targets = new float[ROWS];
    for (int row = 0; row < ROWS; row++) {
      targets[row] = row % 2;
      for (int column = 0; column < COLUMNS; column++) {
        features[row * COLUMNS + column] =
            (float) ((random.nextGaussian() + targets[row]) / (1 + column));
      }
    }
    return Batch.of(Dataset.of(features, COLUMNS, targets, 1));
  }

  private static double rosenbrock(float[] theta, float[] gradient) {
    double x = theta[0];
    double bend = theta[1] - x * x;
    gradient[0] = (float) (-2 * (1 - x) - 400 * x * bend);
    gradient[1] = (float) (200 * bend);
    return (1 - x) * (1 - x) + 100 * bend * bend;
  }

  @Test
  void aPlansObjectiveIsItsCostWithPenalties() {
    TrainingPlan plan = TrainingPlan.compile(HIDDEN, ROWS, Engine.standard());
    float[] theta = HIDDEN.initialParameters(3);
    float[] expected = new float[theta.length];
    float[] found = new float[theta.length];
    double cost = plan.gradients(theta, rows(), 5, expected);
    assertEquals(
        cost + plan.penalty(theta),
        Objective.of(plan.network(), rows(), 5, plan.engine()).gradient(theta, found));
    assertArrayEquals(expected, found);
  }

  private static double norm(float[] x) {
    double sum = 0;
    for (float value : x) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  @Test
  void rosenbrocksMinimumIsFoundToTheLastBit() {
    float[] theta = {-1.2f, 1};
    Result result = new Lbfgs(2).minimize(LbfgsTest::rosenbrock, theta, 100, 1e-10);
    assertArrayEquals(new float[] {1, 1}, theta);
    assertEquals(Reason.GRADIENT_SMALL, result.reason());
    assertTrue(result.evaluations() < 80, result::toString);
  }

  /** Σ cᵢ·(xᵢ − i)²/2 with c from 1 to 1000; the reported value and gradient are those at θ. */
  @Property(tries = 50)
  void aNarrowParabolaIsMinimised(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int n) {
    Random random = new Random(seed);
    double[] curvatures = random.doubles(n, 0, 3).map(e -> Math.pow(10, e)).toArray();
    Objective parabola =
        (theta, gradient) -> {
          double sum = 0;
          for (int i = 0; i < n; i++) {
            double away = theta[i] - i;
            gradient[i] = (float) (curvatures[i] * away);
            sum += curvatures[i] * away * away / 2;
          }
          return sum;
        };
    float[] theta = new float[n];
    for (int i = 0; i < n; i++) {
      theta[i] = (float) (10 * random.nextGaussian());
    }
    Result result = new Lbfgs(n).minimize(parabola, theta, 200, 1e-3);
    assertEquals(Reason.GRADIENT_SMALL, result.reason());
    for (int i = 0; i < n; i++) {
      assertEquals(i, theta[i], 2e-3);
    }
    float[] gradient = new float[n];
    assertEquals(parabola.gradient(theta, gradient), result.value());
    assertEquals(norm(gradient), result.gradientNorm());
  }

  /** On a flat valley the first step has to be lengthened, on a steep one shortened. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-4, 1, 100})
  void eachStepMeetsTheStrongWolfeConditions(double scale) {
    Objective valley =
        (theta, gradient) -> {
          double value = scale * rosenbrock(theta, gradient);
          gradient[0] *= (float) scale;
          gradient[1] *= (float) scale;
          return value;
        };
    float[] before = {-1.2f, 1};
    float[] slopeBefore = new float[2];
    float[] slopeAfter = new float[2];
    double valueBefore = valley.gradient(before, slopeBefore);
    for (int steps = 1; steps <= 25; steps++) {
      float[] after = {-1.2f, 1};
      Result result = new Lbfgs(2).minimize(valley, after, steps, 0);
      assertEquals(steps, result.iterations());
      double valueAfter = valley.gradient(after, slopeAfter);
      double first = 0;
      double last = 0;
      for (int i = 0; i < 2; i++) {
        first += (double) slopeBefore[i] * (after[i] - before[i]);
        last += (double) slopeAfter[i] * (after[i] - before[i]);
      }
      assertTrue(first < 0 && valueAfter <= valueBefore + 0.99e-4 * first, "step " + steps);
      assertTrue(Math.abs(last) <= 0.901 * Math.abs(first), "step " + steps);
      before = after;
      slopeBefore = slopeAfter.clone();
      valueBefore = valueAfter;
    }
  }

  @Test
  void logisticRegressionIsTrainedFarBelowGradientDescent() {
    Batch rows = rows();
    TrainingPlan plan = TrainingPlan.compile(LOGISTIC, ROWS, Engine.standard());
    float[] theta = LOGISTIC.initialParameters(1);
    float[] start = theta.clone();
    Result result =
        new Lbfgs(theta.length)
            .minimize(Objective.of(plan.network(), rows, 0, plan.engine()), theta, 100, 1e-6);
    assertEquals(Reason.GRADIENT_SMALL, result.reason());
    assertTrue(result.evaluations() <= 40, result::toString);

    float[] gradient = new float[theta.length];
    double best = Double.POSITIVE_INFINITY;
    for (double rate : new double[] {0.1, 0.3, 1, 3, 10, 30}) {
      Updater updater = Updater.compile(Optimizer.sgd(rate), plan);
      float[] descended = start.clone();
      for (int i = 0; i < result.evaluations(); i++) {
        plan.gradients(descended, rows, 0, gradient);
        best = Math.min(best, norm(gradient));
        updater.update(descended, gradient, 0);
      }
    }
    assertTrue(best > 1000 * result.gradientNorm(), best + " beside " + result);
  }

  @Test
  void withoutAToleranceItStopsWhereFloatsEnd() {
    TrainingPlan plan = TrainingPlan.compile(LOGISTIC, ROWS, Engine.standard());
    float[] theta = LOGISTIC.initialParameters(1);
    Result result =
        new Lbfgs(theta.length)
            .minimize(Objective.of(plan.network(), rows(), 0, plan.engine()), theta, 10_000, 0);
    assertTrue(result.reason() != Reason.ITERATIONS, result::toString);
    assertTrue(result.evaluations() < 1_000, result::toString);
    assertTrue(result.gradientNorm() < 1e-6, result::toString);
  }

  @Test
  void aHiddenLayerIsTrainedToASmallGradient() {
    TrainingPlan plan = TrainingPlan.compile(HIDDEN, ROWS, Engine.standard());
    float[] theta = HIDDEN.initialParameters(1);
    Result result =
        new Lbfgs(theta.length)
            .minimize(Objective.of(plan.network(), rows(), 0, plan.engine()), theta, 300, 1e-4);
    assertEquals(Reason.GRADIENT_SMALL, result.reason(), result::toString);
  }

  @Test
  void searchIsIndependentOfThreads() {
    float[] alone = HIDDEN.initialParameters(1);
    float[] together = alone.clone();
    Engine engine = Engine.standard();
    TrainingPlan plan = TrainingPlan.compile(HIDDEN, ROWS, engine);
    final Result expected =
        new Lbfgs(alone.length)
            .minimize(Objective.of(plan.network(), rows(), 0, plan.engine()), alone, 20, 0);
    try (PromptThreads threads = new PromptThreads()) {
      plan = TrainingPlan.compile(HIDDEN, ROWS, engine.withParallel(Parallel.on(threads, 3)));
      Objective objective = Objective.of(plan.network(), rows(), 0, plan.engine());
      assertEquals(expected, new Lbfgs(alone.length).minimize(objective, together, 20, 0));
    }
    assertArrayEquals(alone, together);
  }

  @Test
  void aSearchForgetsTheOneBefore() {
    Lbfgs search = new Lbfgs(2, 2, 3);
    float[] elsewhere = {5, -3};
    search.minimize(LbfgsTest::rosenbrock, elsewhere, 7, 0);
    float[] again = {-1.2f, 1};
    float[] fresh = {-1.2f, 1};
    Result expected = new Lbfgs(2, 2, 3).minimize(LbfgsTest::rosenbrock, fresh, 15, 0);
    assertEquals(expected, search.minimize(LbfgsTest::rosenbrock, again, 15, 0));
    assertArrayEquals(fresh, again);
  }

  @Test
  void whatIsNotToBeMovedStays() {
    Objective statistics =
        (theta, gradient) -> {
          gradient[2] = 1e9f;
          return rosenbrock(theta, gradient);
        };
    float[] theta = {-1.2f, 1, 7};
    new Lbfgs(3, 2, 10).minimize(statistics, theta, 100, 1e-10);
    assertArrayEquals(new float[] {1, 1, 7}, theta);
  }

  /** √(0.05 − x) has no value at 0.1, where the first step leads. */
  @Test
  void stepsToWhereThereIsNoValueAreShortened() {
    Objective wall =
        (theta, gradient) -> {
          double root = Math.sqrt(0.05 - theta[0]);
          gradient[0] = (float) (100 * theta[0] - 0.05 / root);
          return 50 * theta[0] * theta[0] + 0.1 * root;
        };
    float[] theta = {-0.9f};
    Result result = new Lbfgs(1).minimize(wall, theta, 50, 1e-5);
    assertEquals(Reason.GRADIENT_SMALL, result.reason());
    assertEquals(0.0023, theta[0], 1e-4);
  }

  /**
   * max(|x|, |y|) and a little of a parabola: each step ends at a kink, where curvatures mislead.
   */
  @ParameterizedTest
  @ValueSource(floats = {0.8f, 2.8f})
  void whatIsRememberedIsForgottenWhereItLeadsNowhere(float y) {
    Objective pyramid =
        (theta, gradient) -> {
          int steep = Math.abs(theta[0]) >= Math.abs(theta[1]) ? 0 : 1;
          gradient[steep] = Math.signum(theta[steep]) + 0.1f * theta[steep];
          gradient[1 - steep] = 0.1f * theta[1 - steep];
          double squares = (double) theta[0] * theta[0] + (double) theta[1] * theta[1];
          return Math.abs(theta[steep]) + squares / 20;
        };
    float[] theta = {1.3f, y};
    Result result = new Lbfgs(2).minimize(pyramid, theta, 200, 0);
    assertTrue(result.value() < 1e-6, result::toString);
  }

  /** As a cost of floats it falls below all of them. */
  @Test
  void aFunctionWithoutABottomLeavesFiniteParametersAndAFiniteValue() {
    Objective slope =
        (theta, gradient) -> {
          gradient[0] = -1e20f;
          return -1e20f * theta[0];
        };
    float[] theta = {0};
    Result result = new Lbfgs(1).minimize(slope, theta, 3, 0);
    assertTrue(Float.isFinite(theta[0]) && theta[0] > 1e18f, () -> "at " + theta[0]);
    assertTrue(Double.isFinite(result.value()), result::toString);
    assertEquals(-1e20f * theta[0], result.value());
  }

  @Test
  void aWrongGradientIsNoDescentAndMovesNothing() {
    Objective wrong =
        (theta, gradient) -> {
          gradient[0] = -2 * theta[0];
          return theta[0] * theta[0];
        };
    float[] theta = {3};
    Result result = new Lbfgs(1).minimize(wrong, theta, 10, 0);
    assertEquals(Reason.NO_DESCENT, result.reason());
    assertEquals(3, theta[0]);
    assertEquals(9, result.value());
    assertEquals(6, result.gradientNorm());
  }

  /** A search allocates its result; an object for each iteration would be several times as much. */
  @Tag("allocation")
  @Test
  void anIterationAllocatesNothing() {
    Lbfgs search = new Lbfgs(2);
    float[] theta = new float[2];
    int[] iterations = new int[1];
    Objective objective = LbfgsTest::rosenbrock;
    Allocation.assertAtMost(
        64,
        "a search of 25 iterations",
        20,
        i -> {
          theta[0] = -1.2f;
          theta[1] = 1;
          iterations[0] = search.minimize(objective, theta, 25, 0).iterations();
        });
    assertTrue(iterations[0] > 15, iterations[0] + " iterations");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2|2|0|memory: 0; expected at least 1",
        "2|3|5|moved: 3 of 2; expected a number from 1 to the size",
        "2|0|5|moved: 0 of 2; expected a number from 1 to the size",
      })
  void sizesOutsideTheirRangeAreRefused(int size, int moved, int memory, String message) {
    assertRefused(message, () -> new Lbfgs(size, moved, memory));
  }

  @Test
  void argumentsOutsideTheirRangeAreRefusedByName() {
    Lbfgs search = new Lbfgs(2);
    Objective objective = LbfgsTest::rosenbrock;
    assertRefused(
        "theta: 3 floats; expected 2", () -> search.minimize(objective, new float[3], 1, 0));
    assertRefused(
        "iterations: -1; expected at least 0",
        () -> search.minimize(objective, new float[2], -1, 0));
    assertRefused(
        "tolerance: NaN; expected a number >= 0",
        () -> search.minimize(objective, new float[2], 1, Double.NaN));
    assertRefused(
        "theta: value NaN, gradient of length NaN; expected finite numbers",
        () -> search.minimize(objective, new float[] {Float.NaN, 0}, 1, 0));
  }

  @Test
  void whatTakesEffectAfterAStepIsNoPartOfAnObjective() {
    String message =
        "network: dense1 has a soft threshold or a max norm; expected what is in the gradient";
    Penalty l1 = Penalty.l1(0.1);
    for (Dense dense :
        new Dense[] {
          new Dense(1).withPenalty(l1.withL1Form(Penalty.L1Form.SOFT_THRESHOLD)),
          new Dense(1).withMaxNorm(2)
        }) {
      assertRefused(message, () -> Objective.of(network(dense), rows(), 0, Engine.standard()));
    }
    Objective.of(network(new Dense(1).withPenalty(l1)), rows(), 0, Engine.standard());
  }

  private static Network network(Dense dense) {
    return Network.inputs(COLUMNS).add(dense).loss(new Loss.SigmoidCrossEntropy());
  }
}
