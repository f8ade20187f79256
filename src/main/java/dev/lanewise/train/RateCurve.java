package dev.lanewise.train;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The loss as a function of a growing learning rate, from a {@link RateFinder}.
 *
 * @param points the rates tried, ascending
 */
public record RateCurve(List<Point> points) {

  /** How far below the rate of the lowest loss the suggestion is. */
  private static final double MARGIN = 10;

  /**
   * A rate and what it led to.
   *
   * @param rate the learning rate of a step
   * @param loss the mean loss of the next batch after that step, without penalties
   * @param smoothedLoss the bias-corrected moving average of the losses so far
   */
  public record Point(double rate, double loss, double smoothedLoss) {}

  /** Creates a curve. */
  public RateCurve {
    points = List.copyOf(Objects.requireNonNull(points, "points"));
  }

  /**
   * {@return a tenth of the rate at which the smoothed loss was lowest} At the lowest point the
   * loss is about to rise, so the rate there is too high already; the slope further down, which
   * some take instead, is at the mercy of noise. Empty if no rate lowered the loss.
   */
  public OptionalDouble suggestion() {
    return points.stream()
        .min(Comparator.comparingDouble(Point::smoothedLoss))
        .filter(best -> best.smoothedLoss() < points.getFirst().smoothedLoss())
        .map(best -> OptionalDouble.of(best.rate() / MARGIN))
        .orElse(OptionalDouble.empty());
  }
}
