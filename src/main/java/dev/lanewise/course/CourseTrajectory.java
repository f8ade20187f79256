package dev.lanewise.course;

import java.util.List;

/**
 * The path of an optimiser over a surface.
 *
 * @param surface the surface
 * @param optimizer the optimiser's name
 * @param rate its learning rate
 * @param steps the steps done
 * @param reached whether the last one reached the goal; else there were no more
 * @param points places on the way, the first and the last among them
 */
public record CourseTrajectory(
    Surface surface,
    String optimizer,
    double rate,
    int steps,
    boolean reached,
    List<Point> points) {

  /**
   * A point of the path.
   *
   * @param step the steps that led to it
   * @param x its first coordinate
   * @param y its second
   * @param height the surface's height there
   */
  public record Point(int step, float x, float y, double height) {}

  /** Creates a trajectory. */
  public CourseTrajectory {
    points = List.copyOf(points);
  }

  /**
   * {@return the last point that is known at or before a step}
   *
   * @param step the step
   */
  public Point at(int step) {
    return points.stream().filter(p -> p.step() <= step).reduce((a, b) -> b).orElseThrow();
  }

  /** {@return the last point} */
  public Point end() {
    return points.getLast();
  }
}
