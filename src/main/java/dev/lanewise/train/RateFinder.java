package dev.lanewise.train;

import dev.lanewise.optim.MovingAverage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The learning-rate range test (Smith 2017): steps with exponentially growing rates, until the loss
 * diverges. Immutable.
 *
 * <p>The losses are smoothed as v := 0.9v + 0.1·loss and corrected for the start at 0. The test
 * ends before the highest rate when the smoothed loss is above the lowest so far by more than three
 * times its own or the first one's magnitude, whichever is larger, or a number is no longer finite.
 *
 * @param low the first rate, above 0
 * @param high the last rate, above the first and finite
 * @param steps the number of rates, at least 2
 */
public record RateFinder(double low, double high, int steps) {

  private static final double SMOOTHING = 0.9;
  private static final double BLOWN_UP = 3;

  /**
   * Creates a finder.
   *
   * @throws IllegalArgumentException if a number is outside its range; rates count as floats
   */
  public RateFinder {
    if (!((float) low > 0)) {
      throw new IllegalArgumentException("low: %s; expected a number above 0".formatted(low));
    }
    if (!(high > low && (float) high < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "high: %s; expected a finite number above low, %s".formatted(high, low));
    }
    if (steps < 2) {
      throw new IllegalArgumentException("steps: %d; expected at least 2".formatted(steps));
    }
  }

  /** {@return the finder that tries 100 rates from 1e-6 to 10} */
  public static RateFinder standard() {
    return new RateFinder(1e-6, 10, 100);
  }

  /** {@return the rates, each a constant factor above the one before} */
  double rate(int index) {
    return low * StrictMath.pow(high / low, index / (steps - 1.0));
  }

  /**
   * Tries the rates on a copy of a training with its latest parameters, at the beginning of the
   * first epoch and with a new optimiser state. The training is not changed.
   *
   * @param training the training; needs as much memory again meanwhile, and as much time as {@code
   *     steps + 1} steps
   * @return the losses of the rates up to the one where the loss diverges
   */
  public Curve find(Training training) {
    List<Curve.Point> points = new ArrayList<>();
    MovingAverage average = new MovingAverage(SMOOTHING);
    double lowest = Double.POSITIVE_INFINITY;
    try (Training copy = training.copy()) {
      for (int i = 0; i <= steps; i++) {
        // The loss of a batch shows the effect of the update before it.
        copy.changeRate(rate(Math.min(i, steps - 1)));
        copy.step();
        if (i == 0) {
          continue;
        }
        double loss = copy.stepLoss();
        average.add(loss);
        double smoothed = average.corrected();
        points.add(new Curve.Point(rate(i - 1), loss, smoothed));
        lowest = Math.min(lowest, smoothed);
        double first = points.getFirst().smoothedLoss();
        if (smoothed - lowest > BLOWN_UP * Math.max(Math.abs(lowest), Math.abs(first))) {
          break;
        }
      }
    } catch (DivergedException e) {
      // The rate before was far too high, and so are all that follow.
    }
    return new Curve(points);
  }

  /**
   * The loss as a function of a growing learning rate, from a {@link RateFinder}.
   *
   * @param points the rates tried, ascending
   */
  public record Curve(List<Point> points) {

    /** The ratio of the rate of the lowest loss to the suggested one. */
    private static final double MARGIN = 10;

    /**
     * A rate and the loss after a step with it.
     *
     * @param rate the learning rate of a step
     * @param loss the mean loss of the next batch after that step, without penalties
     * @param smoothedLoss the bias-corrected moving average of the losses so far
     */
    public record Point(double rate, double loss, double smoothedLoss) {}

    /** Creates a curve. */
    public Curve {
      points = List.copyOf(Objects.requireNonNull(points, "points"));
    }

    /**
     * {@return a tenth of the rate at which the smoothed loss was lowest} At the lowest point the
     * loss is about to rise, so the rate there is too high already; the point of the steepest
     * slope, which some take instead, depends on noise. Empty if no rate lowered the loss.
     */
    public OptionalDouble suggestion() {
      return points.stream()
          .min(Comparator.comparingDouble(Point::smoothedLoss))
          .filter(best -> best.smoothedLoss() < points.getFirst().smoothedLoss())
          .map(best -> OptionalDouble.of(best.rate() / MARGIN))
          .orElse(OptionalDouble.empty());
    }
  }
}
