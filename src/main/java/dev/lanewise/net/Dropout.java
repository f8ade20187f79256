package dev.lanewise.net;

/**
 * Inverted dropout (Srivastava et al. 2014): in training each unit of each example is kept with
 * probability {@code keep} and divided by it, or set to 0; in inference nothing happens.
 *
 * @param keep the probability of keeping a unit, in (0, 1]
 */
public record Dropout(double keep) implements Layer {

  /**
   * Creates a layer; {@link #keeping} and {@link #dropping} say which probability is meant.
   *
   * @throws IllegalArgumentException if {@code keep} is outside (0, 1]
   */
  public Dropout {
    if (!(keep > 0 && keep <= 1)) {
      throw new IllegalArgumentException(
          "keep: %s; expected a probability in (0, 1]".formatted(keep));
    }
  }

  /**
   * {@return dropout that keeps units}
   *
   * @param probability the probability of keeping a unit, in (0, 1]
   */
  public static Dropout keeping(double probability) {
    return new Dropout(probability);
  }

  /**
   * {@return dropout that drops units}
   *
   * @param probability the probability of dropping a unit, in [0, 1)
   * @throws IllegalArgumentException if the probability is outside [0, 1)
   */
  public static Dropout dropping(double probability) {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "probability of dropping: %s; expected a number in [0, 1)".formatted(probability));
    }
    return new Dropout(1 - probability);
  }
}
