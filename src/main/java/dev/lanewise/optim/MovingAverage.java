package dev.lanewise.optim;

/**
 * An exponentially weighted moving average of a series: v := β·v + (1 − β)·x from v = 0, so that
 * after t values v = (1 − β)·Σ βᵗ⁻ⁱ·xᵢ. It averages over about the last 1/(1 − β) values.
 *
 * <p>Since it starts at 0, the first values of v are too small; {@link #corrected} divides by the
 * sum of the weights, 1 − βᵗ, and leaves v as it is. Not safe for use by several threads; allocates
 * nothing after it is created.
 */
public final class MovingAverage {

  private final double beta;
  private double value;
  private double weights;

  /**
   * Creates the average of no values.
   *
   * @param beta β, the share of the old average that stays, in [0, 1)
   * @throws IllegalArgumentException if β is outside [0, 1)
   */
  public MovingAverage(double beta) {
    if (!(beta >= 0 && beta < 1)) {
      throw new IllegalArgumentException("beta: %s; expected a number in [0, 1)".formatted(beta));
    }
    this.beta = beta;
  }

  /**
   * Takes the next value of the series.
   *
   * @param x the value
   */
  public void add(double x) {
    value = beta * value + (1 - beta) * x;
    weights = beta * weights + (1 - beta);
  }

  /** {@return v, which is drawn to 0 over the first values; 0 before them} */
  public double value() {
    return value;
  }

  /** {@return v/(1 − βᵗ), the weighted mean of the t values so far; NaN before the first} */
  public double corrected() {
    return value / weights;
  }

  /** {@return the number of values that carry most of the weight, 1/(1 − β)} */
  public double window() {
    return 1 / (1 - beta);
  }
}
