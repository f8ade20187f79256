package dev.lanewise.net;

/**
 * A penalty on a layer's weights: l1·Σ|w| + l2/2·Σw². Biases, scales and shifts are never
 * penalised. The sub-gradient of |w| at 0 is 0.
 *
 * <p>The course's forms, λ/2m·Σ|w| and λ/2m·Σw², divide by m, the rows of the <em>training
 * set</em>, which a description does not know: they are kept apart until {@link #resolve} is told
 * m.
 *
 * @param l1 λ in λ·Σ|w|
 * @param l2 λ in λ/2·Σw²
 * @param l1PerExample λ in λ/2m·Σ|w|
 * @param l2PerExample λ in λ/2m·Σw²
 */
public record Penalty(double l1, double l2, double l1PerExample, double l2PerExample) {

  /** No penalty. */
  public static final Penalty NONE = new Penalty(0, 0, 0, 0);

  /**
   * Creates a penalty.
   *
   * @throws IllegalArgumentException if a coefficient is negative or not finite
   */
  public Penalty {
    check("l1", l1);
    check("l2", l2);
    check("l1PerExample", l1PerExample);
    check("l2PerExample", l2PerExample);
  }

  private static void check(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s: %s; expected a finite number >= 0".formatted(name, value));
    }
  }

  /**
   * {@return the penalty λ·Σ|w|}
   *
   * @param lambda λ, finite and at least 0
   */
  public static Penalty l1(double lambda) {
    return new Penalty(lambda, 0, 0, 0);
  }

  /**
   * {@return the penalty λ/2·Σw², whose gradient is λ·w}
   *
   * @param lambda λ, finite and at least 0
   */
  public static Penalty l2(double lambda) {
    return new Penalty(0, lambda, 0, 0);
  }

  /**
   * {@return the penalty λ/2m·Σ|w|, with m the rows of the training set}
   *
   * @param lambda λ, finite and at least 0
   */
  public static Penalty l1PerExample(double lambda) {
    return new Penalty(0, 0, lambda, 0);
  }

  /**
   * {@return the penalty λ/2m·Σw², with m the rows of the training set; its gradient is (λ/m)·w}
   *
   * @param lambda λ, finite and at least 0
   */
  public static Penalty l2PerExample(double lambda) {
    return new Penalty(0, 0, 0, lambda);
  }

  /**
   * {@return the sum of two penalties; L1 plus L2 is the elastic net}
   *
   * @param other the penalty to add
   */
  public Penalty and(Penalty other) {
    return new Penalty(
        l1 + other.l1,
        l2 + other.l2,
        l1PerExample + other.l1PerExample,
        l2PerExample + other.l2PerExample);
  }

  /** {@return whether no part waits for the number of training rows} */
  public boolean resolved() {
    return l1PerExample == 0 && l2PerExample == 0;
  }

  /**
   * {@return the same penalty with its per-example parts turned into plain ones}
   *
   * @param trainingRows m, the rows of the training set, at least 1
   * @throws IllegalArgumentException if there are no rows
   */
  public Penalty resolve(int trainingRows) {
    if (trainingRows < 1) {
      throw new IllegalArgumentException(
          "trainingRows: %d; expected at least 1".formatted(trainingRows));
    }
    return new Penalty(
        l1 + l1PerExample / (2.0 * trainingRows), l2 + l2PerExample / trainingRows, 0, 0);
  }
}
