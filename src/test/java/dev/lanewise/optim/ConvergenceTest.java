package dev.lanewise.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.optim.Transform.MomentumForm;
import dev.lanewise.update.Updater;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every optimiser finds two minima, from one table. */
class ConvergenceTest {

  /**
   * The optimisers: name, with the rate for the parabola, with the rate for Rosenbrock's valley,
   * and how near its bottom it comes there.
   */
  static List<Arguments> optimizers() {
    Transform inside = new Transform.Rms(0.9, 1e-8, EpsilonPlace.INSIDE_ROOT);
    return List.of(
        row("gradient descent", Optimizer.sgd(1), rate(0.05), rate(1e-3), 1e-3),
        row(
            "momentum",
            Optimizer.momentum(1, 0.9, MomentumForm.CLASSIC),
            rate(0.01),
            rate(1e-3),
            1e-5),
        row(
            "averaging momentum",
            Optimizer.momentum(1, 0.9, MomentumForm.EWMA),
            rate(0.1),
            rate(1e-2),
            1e-5),
        row("nesterov", Optimizer.nesterov(1, 0.9), rate(0.01), rate(1e-3), 1e-5),
        row("rmsprop", Optimizer.rmsprop(1), falling(0.05), slowly(0.01), 1e-2),
        row("rmsprop, inside", Optimizer.sgd(1).then(inside), falling(0.05), slowly(0.01), 1e-2),
        row("rmsprop, momentum", Optimizer.rmsprop(1, 0.9), falling(0.005), slowly(0.001), 1e-2),
        row("adam", Optimizer.adam(1), falling(0.05), rate(0.01), 1e-3),
        row("adamW", Optimizer.adamW(1, 0), falling(0.05), rate(0.01), 1e-3),
        row("amsgrad", Optimizer.amsgrad(1), rate(0.05), rate(0.01), 1e-3),
        row("nadam", Optimizer.nadam(1), falling(0.05), slowly(0.01), 1e-3),
        row("adagrad", Optimizer.adagrad(1), rate(1), rate(0.5), 1e-2),
        row("lion", Optimizer.lion(1, 0), falling(0.05), slowly(0.01), 1e-2),
        row("clipped by norm", Optimizer.adam(1).withClipNorm(1), falling(0.05), rate(0.01), 1e-3),
        row(
            "clipped by value",
            Optimizer.momentum(1, 0.9, MomentumForm.CLASSIC).withClipValue(1),
            rate(0.01),
            rate(1e-3),
            1e-3));
  }

  private static Arguments row(
      String name, Optimizer optimizer, Schedule parabola, Schedule rosenbrock, double distance) {
    return arguments(
        name, optimizer.withSchedule(parabola), optimizer.withSchedule(rosenbrock), distance);
  }

  private static Schedule rate(double rate) {
    return new Schedule.Constant(rate);
  }

  /** A tenth after some 650 steps, as steps need whose length does not shrink with the gradient. */
  private static Schedule falling(double rate) {
    return new Schedule.Staircase(rate, 0.9, 30);
  }

  /** A thousandth after 20 000 steps. */
  private static Schedule slowly(double rate) {
    return new Schedule.Staircase(rate, 0.5, 2000);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("optimizers")
  void everyOptimizerFindsTheBottomOfAParabola(
      String name, Optimizer optimizer, Optimizer other, double distance) {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    Updater updater = Updater.compile(optimizer, network, Engine.standard());
    float[] theta = {5, -4, 3};
    float[] gradient = new float[3];
    for (int step = 0; step < 3000; step++) {
      for (int i = 0; i < 3; i++) {
        gradient[i] = (i + 1) * (theta[i] - 1);
      }
      updater.update(theta, gradient, step);
    }
    assertArrayEquals(new float[] {1, 1, 1}, theta, 1e-3f);
  }

  /**
   * From (−1.2, 1) to (1, 1) through the bent valley of (1 − x)² + 100(y − x²)², as near as 20 000
   * steps come.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("optimizers")
  void everyOptimizerFollowsRosenbrocksValley(
      String name, Optimizer other, Optimizer optimizer, double distance) {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Updater updater = Updater.compile(optimizer, network, Engine.standard());
    float[] theta = {-1.2f, 1};
    float[] gradient = new float[2];
    for (int step = 0; step < 20_000; step++) {
      double x = theta[0];
      double bend = theta[1] - x * x;
      gradient[0] = (float) (-2 * (1 - x) - 400 * x * bend);
      gradient[1] = (float) (200 * bend);
      updater.update(theta, gradient, step);
    }
    assertEquals(0, Math.hypot(theta[0] - 1, theta[1] - 1), distance);
  }
}
