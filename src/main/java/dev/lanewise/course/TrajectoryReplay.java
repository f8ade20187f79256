package dev.lanewise.course;

import dev.lanewise.course.CourseTrajectory.Point;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Transform.MomentumForm;
import dev.lanewise.update.Updater;
import java.util.ArrayList;
import java.util.List;

/**
 * Optimisers on a ravine, a saddle and Rosenbrock's valley. The updater moves the two parameters of
 * the smallest network, one weight and one bias, by gradients that the surface gives.
 */
public final class TrajectoryReplay {

  private static final int MOST_STEPS = 50_000;

  /** Points are kept at each of so many steps, then ever more rarely. */
  private static final int DENSE = 32;

  private static final Network TWO_PARAMETERS =
      Network.inputs(1).dense(1).loss(new Loss.SquaredError());

  private TrajectoryReplay() {}

  /**
   * {@return the paths of all optimisers over all surfaces}
   *
   * @param engine what computes
   */
  public static List<CourseTrajectory> run(Engine engine) {
    List<CourseTrajectory> trajectories = new ArrayList<>();
    for (Surface surface : Surface.values()) {
      double rate = surface == Surface.ROSENBROCK ? 0.001 : 0.02;
      trajectories.add(follow(surface, "gradient descent", Optimizer.sgd(rate), engine));
      trajectories.add(
          follow(
              surface,
              "momentum 0.9",
              Optimizer.momentum(rate, 0.9, MomentumForm.CLASSIC),
              engine));
      trajectories.add(follow(surface, "RMSprop", Optimizer.rmsprop(rate), engine));
      trajectories.add(follow(surface, "Adam", Optimizer.adam(rate), engine));
    }
    return trajectories;
  }

  private static CourseTrajectory follow(
      Surface surface, String name, Optimizer optimizer, Engine engine) {
    Updater updater = Updater.compile(optimizer, TWO_PARAMETERS, engine);
    float[] place = {(float) surface.startX, (float) surface.startY};
    float[] gradient = new float[place.length];
    List<Point> points = new ArrayList<>();
    int step = 0;
    boolean reached = false;
    while (true) {
      reached = surface.reached(place[0], place[1]);
      boolean last = reached || step == MOST_STEPS;
      if (last || kept(step)) {
        points.add(new Point(step, place[0], place[1], surface.height(place[0], place[1])));
      }
      if (last) {
        return new CourseTrajectory(surface, name, updater.rate(0), step, reached, points);
      }
      surface.slope(place[0], place[1], gradient);
      updater.update(place, gradient, 0);
      step++;
    }
  }

  /** Of the steps from 32 to 63 every second one is kept, of those from 64 to 127 every fourth. */
  private static boolean kept(int step) {
    int stride = Math.max(1, Integer.highestOneBit(step) / DENSE * 2);
    return step % stride == 0;
  }
}
