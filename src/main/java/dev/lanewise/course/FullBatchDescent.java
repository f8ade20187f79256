package dev.lanewise.course;

import dev.lanewise.data.Batch;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import dev.lanewise.update.Updater;
import java.util.Map;

/**
 * Gradient descent with all rows in one batch.
 *
 * @param points the rows
 * @param rate the learning rate
 * @param iterations the number of steps
 */
record FullBatchDescent(CoursePoints points, double rate, int iterations) {

  /**
   * The result of a descent.
   *
   * @param costs the cost before each step, with penalties and under dropout
   * @param theta the last parameters
   * @param training how the training rows are predicted in the end
   * @param test how the test rows are
   */
  record Outcome(double[] costs, float[] theta, Verdict training, Verdict test) {}

  /**
   * {@return the outcome of a training}
   *
   * @param net the net
   * @param initial its first parameters
   * @param seed the seed of dropout, with a fresh mask in each step
   * @param engine what computes
   * @throws ArithmeticException if it diverges
   */
  Outcome from(CourseNet net, float[] initial, long seed, Engine engine) {
    Recipe recipe =
        Recipe.of(net.network(), Optimizer.sgd(rate))
            .withBatchSize(0)
            .withEpochs(iterations)
            .withSeed(seed);
    Training training = Training.start(recipe, TrainingData.of(points.training()), initial, engine);
    double[] costs = new double[iterations];
    for (Epoch epoch : training) {
      costs[epoch.number() - 1] = epoch.cost();
    }
    return outcome(net, costs, training.parameters(), engine);
  }

  /**
   * {@return the outcome with the same dropout masks in every step, which no {@link Training} would
   * take}
   *
   * @param net the net, without penalties
   * @param initial its first parameters
   * @param masks the keep-masks of the hidden layers, 1 and 2
   * @param engine what computes
   * @throws ArithmeticException if a cost is not finite
   */
  Outcome withMasks(CourseNet net, float[] initial, Map<Integer, boolean[]> masks, Engine engine) {
    Network network = net.network();
    Batch batch = Batch.of(points.training()).withMasks(masks);
    TrainingPlan plan = TrainingPlan.compile(network, batch.rows(), engine);
    plan.expect(iterations);
    Updater updater = Updater.compile(Optimizer.sgd(rate), plan);
    float[] theta = initial.clone();
    float[] gradient = new float[theta.length];
    double[] costs = new double[iterations];
    for (int i = 0; i < iterations; i++) {
      costs[i] = plan.gradients(theta, batch, 0, gradient);
      if (!Double.isFinite(costs[i])) {
        throw new ArithmeticException("iteration %d: cost %s".formatted(i, costs[i]));
      }
      updater.update(theta, gradient, i);
    }
    return outcome(net, costs, theta, engine);
  }

  private Outcome outcome(CourseNet net, double[] costs, float[] theta, Engine engine) {
    return new Outcome(
        costs,
        theta,
        net.judge(theta, points.training(), engine),
        net.judge(theta, points.test().orElseThrow(), engine));
  }
}
