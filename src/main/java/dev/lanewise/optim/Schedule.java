package dev.lanewise.optim;

/**
 * The learning rate as a function of how far training has come. Immutable; safe for use by several
 * threads.
 *
 * <p>Evaluated in {@code double} by multiplication and division alone, so that it has the same bits
 * everywhere.
 */
public sealed interface Schedule {

  /**
   * {@return the learning rate of a step}
   *
   * @param epoch the number of epochs completed before the step, at least 0
   */
  double rate(int epoch);

  /**
   * The same rate throughout.
   *
   * @param rate α, above 0
   */
  record Constant(double rate) implements Schedule {
    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if the rate is not above 0 as a float
     */
    public Constant {
      checkRate("rate", rate);
    }

    @Override
    public double rate(int epoch) {
      return rate;
    }
  }

  /**
   * A staircase of equal factors: α₀·factorᵏ with k = ⌊epoch/interval⌋. With interval 1 the
   * course's 0.95^epoch·α₀.
   *
   * @param initial α₀, above 0
   * @param factor what the rate is multiplied by at each stair, in (0, 1]
   * @param interval the epochs on one stair, at least 1
   */
  record Staircase(double initial, double factor, int interval) implements Schedule {
    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if an argument is outside its range
     */
    public Staircase {
      checkRate("initial", initial);
      if (!(factor > 0 && factor <= 1)) {
        throw new IllegalArgumentException(
            "factor: %s; expected a number in (0, 1]".formatted(factor));
      }
      checkInterval(interval);
    }

    @Override
    public double rate(int epoch) {
      return initial * Power.of(factor, epoch / interval);
    }
  }

  /**
   * Inverse time decay on a staircase: α₀/(1 + decay·k) with k = ⌊epoch/interval⌋. With interval 1
   * the course's α₀/(1 + decay·epoch).
   *
   * @param initial α₀, above 0
   * @param decay how fast the rate falls, at least 0
   * @param interval the epochs on one stair, at least 1
   */
  record InverseStaircase(double initial, double decay, int interval) implements Schedule {
    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if an argument is outside its range
     */
    public InverseStaircase {
      checkRate("initial", initial);
      if (!(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "decay: %s; expected a finite number >= 0".formatted(decay));
      }
      checkInterval(interval);
    }

    @Override
    public double rate(int epoch) {
      return initial / (1 + decay * (epoch / interval));
    }
  }

  /** Refuses a rate that is not a positive, finite float. */
  private static void checkRate(String name, double rate) {
    if (!((float) rate > 0 && (float) rate < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s: %s; expected a finite number above 0".formatted(name, rate));
    }
  }

  private static void checkInterval(int interval) {
    if (interval < 1) {
      throw new IllegalArgumentException(
          "interval: %d epochs; expected at least 1".formatted(interval));
    }
  }
}
