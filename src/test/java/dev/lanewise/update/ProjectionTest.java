package dev.lanewise.update;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.Floats;
import dev.lanewise.PromptThreads;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.net.Penalty.L1Form;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.tensor.Slot;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/**
 * What happens to weights after a step: the soft threshold of an L1 penalty, and greatest norms.
 */
@Tag("kernels")
class ProjectionTest {

  private static final Engine ENGINE = Engine.standard();
  private static final Penalty SOFT = Penalty.l1(0.5).withL1Form(L1Form.SOFT_THRESHOLD);

  /** Columns of ±1 at right angles to each other and to a column of ones. */
  private static final float[] DESIGN = {
    1, 1, 1, -1, 1, 1, 1, -1, 1, -1, -1, 1, 1, 1, -1, -1, 1, -1, 1, -1, -1, -1, -1, -1
  };

  private static final float[] TARGETS = {3, -1, 2, 0.5f, 1, 0, -2, 0.25f};

  /** What gradient descent makes of a linear regression; the bias last. */
  private static float[] regression(Penalty penalty) {
    Network network =
        Network.inputs(3).add(new Dense(1).withPenalty(penalty)).loss(new Loss.SquaredError());
    TrainingPlan plan = TrainingPlan.compile(network, 8, ENGINE);
    Updater updater = Updater.compile(Optimizer.sgd(0.25), plan);
    Batch batch = Batch.of(Dataset.of(DESIGN, 3, TARGETS, 1));
    float[] theta = network.initialParameters(7);
    float[] gradient = new float[theta.length];
    for (int step = 0; step < 200; step++) {
      plan.gradients(theta, batch, step, gradient);
      updater.update(theta, gradient, 0);
    }
    return theta;
  }

  /** Xᵀy/n of a column, what least squares would give it as its weight. */
  private static double correlation(int column) {
    double sum = 0;
    for (int row = 0; row < 8; row++) {
      sum += DESIGN[row * 3 + column] * TARGETS[row];
    }
    return sum / 8;
  }

  private static double soft(double w, double threshold) {
    return Math.signum(w) * Math.max(Math.abs(w) - threshold, 0);
  }

  @Example
  void softThresholdSolvesTheLassoAndTheElasticNetOfAnOrthogonalDesign() {
    double l1 = 0.4;
    float[] lasso = regression(Penalty.l1(l1).withL1Form(L1Form.SOFT_THRESHOLD));
    float[] net = regression(Penalty.l1(l1).withL1Form(L1Form.SOFT_THRESHOLD).and(Penalty.l2(0.5)));
    int zeros = 0;
    for (int column = 0; column < 3; column++) {
      double expected = soft(correlation(column), l1);
      zeros += expected == 0 ? 1 : 0;
      assertEquals(expected, lasso[column], 1e-6);
      assertEquals(expected / 1.5, net[column], 1e-6);
      if (expected == 0) {
        assertTrue(lasso[column] == 0 && net[column] == 0);
      }
    }
    assertTrue(zeros > 0 && zeros < 3);
  }

  @Example
  void subgradientsLeaveNoExactZerosWhereASoftThresholdDoes() {
    float[] theta = regression(Penalty.l1(0.4));
    for (int column = 0; column < 3; column++) {
      assertTrue(theta[column] != 0);
    }
  }

  /** One step of an optimiser from the same place for all networks of the same shape. */
  private static float[] step(Optimizer optimizer, Network network, Engine engine) {
    float[] theta = Floats.normals(network.layout().size(), 1);
    Updater.compile(optimizer, network, engine)
        .update(theta, Floats.normals(network.layout().size(), 2), 0);
    return theta;
  }

  private static Network network(int in, int hidden, Dense first, Dense last) {
    Dense plain =
        new Dense(hidden).withInitializer(first.initializer()).withPenalty(first.penalty());
    return Network.inputs(in)
        .add(first.maxNorm().isPresent() ? plain.withMaxNorm(first.maxNorm().getAsDouble()) : plain)
        .relu()
        .add(last)
        .loss(new Loss.SquaredError());
  }

  @Property(tries = 40)
  void aStepWithASoftThresholdIsThePlainStepShrunk(
      @ForAll @IntRange(min = 1, max = 200) int in,
      @ForAll @IntRange(min = 1, max = 140) int hidden,
      @ForAll boolean adaptive) {
    Optimizer optimizer = adaptive ? Optimizer.adam(0.5) : Optimizer.sgd(0.5);
    Network plain = network(in, hidden, new Dense(1), new Dense(3));
    Network shrunk = network(in, hidden, new Dense(1).withPenalty(SOFT), new Dense(3));
    float[] expected = step(optimizer, plain, ENGINE);
    Slot weight = plain.layout().slot("dense1.weight");
    for (int i = weight.offset(); i < weight.end(); i++) {
      float w = expected[i];
      expected[i] = w > 0.25f ? w - 0.25f : w < -0.25f ? w + 0.25f : 0;
    }
    assertArrayEquals(expected, step(optimizer, shrunk, ENGINE));
  }

  /** From a gradient of 0 all that a step does is to take α·λ off, 0.25, then 0.125. */
  @Example
  void aSoftThresholdTakesTheRateOfItsOwnStepWhereSchedulesCountSteps() {
    Network network =
        Network.inputs(1).add(new Dense(1).withPenalty(SOFT)).loss(new Loss.SquaredError());
    Schedule halved = new Schedule.PerStep(new Schedule.Staircase(0.5, 0.5, 1));
    Updater updater = Updater.compile(Optimizer.sgd(0.5).withSchedule(halved), network, ENGINE);
    float[] theta = {2, 0};
    updater.update(theta, new float[2], 0);
    assertEquals(1.75f, theta[0]);
    updater.update(theta, new float[2], 0);
    assertEquals(1.625f, theta[0]);
  }

  private static double length(float[] theta, Slot weight, int column) {
    double sum = 0;
    for (int row = 0; row < weight.rows(); row++) {
      double w = theta[weight.offset() + row * weight.columns() + column];
      sum += w * w;
    }
    return Math.sqrt(sum);
  }

  @Property(tries = 40)
  void longColumnsGetTheGreatestLengthAndOthersKeepTheirBits(
      @ForAll @IntRange(min = 1, max = 200) int in,
      @ForAll @IntRange(min = 1, max = 140) int hidden) {
    double limit = Math.sqrt(in); // about half the columns of normals are longer
    Network plain = network(in, hidden, new Dense(1), new Dense(3));
    Network limited = network(in, hidden, new Dense(1).withMaxNorm(limit), new Dense(3));
    float[] free = step(Optimizer.sgd(0.5), plain, ENGINE);
    float[] theta = step(Optimizer.sgd(0.5), limited, ENGINE);
    Slot weight = plain.layout().slot("dense1.weight");
    for (int column = 0; column < hidden; column++) {
      double before = length(free, weight, column);
      double factor = before > limit ? limit / before : 1;
      assertTrue(length(theta, weight, column) <= limit * (1 + 1e-6));
      for (int row = 0; row < in; row++) {
        int i = weight.offset() + row * hidden + column;
        if (before < limit * (1 - 1e-6)) {
          assertEquals(free[i], theta[i]);
        } else {
          assertEquals(free[i] * factor, theta[i], 1e-6 * Math.max(1, Math.abs(free[i])));
        }
      }
    }
    for (int i = weight.end(); i < theta.length; i++) {
      assertEquals(free[i], theta[i]);
    }
  }

  @Example
  void aColumnWhoseSquaresExceedAFloatGetsTheGreatestLengthToo() {
    Network network =
        Network.inputs(2).add(new Dense(2).withMaxNorm(1)).loss(new Loss.SquaredError());
    float[] theta = {3e20f, 0.25f, -4e20f, 0.5f, 0, 0};
    Updater.compile(Optimizer.sgd(1), network, ENGINE).update(theta, new float[6], 0);
    assertArrayEquals(new float[] {0.6f, 0.25f, -0.8f, 0.5f, 0, 0}, theta, 1e-7f);
    float[] last = {0.25f, 3e20f, 0.5f, -4e20f, 0, 0};
    Updater.compile(Optimizer.sgd(1), network, ENGINE).update(last, new float[6], 0);
    assertArrayEquals(new float[] {0.25f, 0.6f, 0.5f, -0.8f, 0, 0}, last, 1e-7f);
  }

  /** 2 tasks of 64 columns in blocks of rows, of a step that is shared. */
  @Example
  void everyColumnOfALargeMatrixHasTheGreatestLength() {
    Network large =
        Network.inputs(301).add(new Dense(101).withMaxNorm(0.5)).loss(new Loss.SquaredError());
    float[] theta = Floats.normals(large.layout().size(), 3);
    Updater.compile(Optimizer.sgd(1), large, ENGINE).update(theta, new float[theta.length], 0);
    for (int column = 0; column < 101; column++) {
      assertEquals(0.5, length(theta, large.layout().slot("dense1.weight"), column), 1e-6);
    }
  }

  @Example
  void eachMatrixHasAGreatestLengthOfItsOwn() {
    Network network =
        Network.inputs(301)
            .add(new Dense(101).withMaxNorm(0.5))
            .add(new Dense(70).withMaxNorm(0.25))
            .loss(new Loss.SquaredError());
    float[] theta = Floats.normals(network.layout().size(), 3);
    Updater.compile(Optimizer.sgd(1), network, ENGINE).update(theta, new float[theta.length], 0);
    for (int column = 0; column < 101; column++) {
      assertEquals(0.5, length(theta, network.layout().slot("dense1.weight"), column), 1e-6);
    }
    for (int column = 0; column < 70; column++) {
      assertEquals(0.25, length(theta, network.layout().slot("dense2.weight"), column), 1e-6);
    }
  }

  @Example
  void theSoftThresholdComesBeforeTheGreatestLength() {
    Network network =
        Network.inputs(2)
            .add(
                new Dense(1)
                    .withPenalty(Penalty.l1(1).withL1Form(L1Form.SOFT_THRESHOLD))
                    .withMaxNorm(1))
            .loss(new Loss.SquaredError());
    float[] theta = {4, 5, 9};
    Updater.compile(Optimizer.sgd(1), network, ENGINE).update(theta, new float[3], 0);
    assertArrayEquals(new float[] {0.6f, 0.8f, 9}, theta, 1e-7f);
  }

  /** Large enough for several tasks of each kind, or there is nothing to share. */
  @Property(tries = 10)
  void projectionsAreIndependentOfThreadsAndKernels(
      @ForAll @IntRange(min = 300, max = 600) int in,
      @ForAll @IntRange(min = 100, max = 300) int hidden) {
    Dense both = new Dense(3).withPenalty(SOFT).withMaxNorm(2);
    Network network = network(in, hidden, both, both);
    float[] expected = step(Optimizer.adam(0.1), network, Engine.of("scalar"));
    assertArrayEquals(expected, step(Optimizer.adam(0.1), network, ENGINE));
    try (PromptThreads prompt = new PromptThreads()) {
      Engine threads = ENGINE.withParallel(Parallel.on(prompt, 3));
      assertArrayEquals(expected, step(Optimizer.adam(0.1), network, threads));
    }
  }

  @Tag("allocation")
  @Example
  void projectionsAllocateNothing() {
    Dense both = new Dense(3).withPenalty(SOFT).withMaxNorm(2);
    Network network = network(100, 200, both, both);
    Updater updater = Updater.compile(Optimizer.adam(1e-3), network, ENGINE);
    float[] theta = Floats.normals(network.layout().size(), 1);
    float[] gradient = Floats.normals(theta.length, 2);
    Allocation.assertNone("updates", 200, step -> updater.update(theta, gradient, 0));
  }

  /** The columns of each member's weights are limited, not those of all together. */
  @Example
  void theGreatestNormIsThatOfEachHead() {
    Dense last = new Dense(2).withMaxNorm(0.5);
    Network network =
        Network.inputs(3).add(Members.of(3)).dense(70).add(last).loss(new Loss.SquaredError());
    TrainingPlan plan = TrainingPlan.compile(network, 8, ENGINE);
    float[] theta = network.initialParameters(2);
    for (Slot head : network.nodes().getLast().matrices(network.layout())) {
      for (int i = head.offset(); i < head.end(); i++) {
        theta[i] *= 10;
      }
    }
    Updater.compile(Optimizer.sgd(0.1), plan).update(theta, new float[theta.length], 0);
    for (Slot head : network.nodes().getLast().matrices(network.layout())) {
      for (int unit = 0; unit < 2; unit++) {
        double squares = 0;
        for (int i = head.offset() + unit; i < head.end(); i += 2) {
          squares += theta[i] * theta[i];
        }
        assertEquals(0.5, Math.sqrt(squares), 1e-6, head.name());
      }
    }
  }
}
