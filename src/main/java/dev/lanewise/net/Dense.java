package dev.lanewise.net;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A fully connected layer: Z = X·W + b with X {@code [rows][in]}, W {@code [in][units]}, b {@code
 * [units]}. Immutable.
 */
public final class Dense implements Layer {

  private final int units;
  private final Initializer initializer;
  private final Penalty penalty;
  private final OptionalDouble maxNorm;

  private Dense(int units, Initializer initializer, Penalty penalty, OptionalDouble maxNorm) {
    if (units < 1) {
      throw new IllegalArgumentException("units: %d; expected at least 1".formatted(units));
    }
    maxNorm.ifPresent(
        c -> {
          if (!((float) c > 0 && (float) c < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                "maxNorm: %s; expected a finite number above 0".formatted(c));
          }
        });
    this.units = units;
    this.initializer = initializer;
    this.penalty = penalty;
    this.maxNorm = maxNorm;
  }

  /** {@return the number of outputs, at least 1} */
  public int units() {
    return units;
  }

  /** {@return how W starts; b starts at 0} */
  public Initializer initializer() {
    return initializer;
  }

  /** {@return what is added to the cost for large weights} */
  public Penalty penalty() {
    return penalty;
  }

  /**
   * {@return the greatest length of a unit's incoming weights, a column of W (Srebro, Rennie and
   * Jaakkola 2005; with dropout Srivastava et al. 2014): after each step, and after a soft
   * threshold, longer columns are scaled back to it; above 0, finite; empty for no limit}
   */
  public OptionalDouble maxNorm() {
    return maxNorm;
  }

  /**
   * Creates a layer with He's normal initialisation and no penalty.
   *
   * @param units the number of outputs, at least 1
   * @throws IllegalArgumentException if there are none
   */
  public Dense(int units) {
    this(
        units,
        new Initializer.He(Initializer.Distribution.NORMAL),
        Penalty.NONE,
        OptionalDouble.empty());
  }

  /**
   * {@return this layer with another initialiser}
   *
   * @param other how W starts
   */
  public Dense withInitializer(Initializer other) {
    return new Dense(units, Objects.requireNonNull(other, "other"), penalty, maxNorm);
  }

  /**
   * {@return this layer with another penalty}
   *
   * @param other the penalty
   */
  public Dense withPenalty(Penalty other) {
    return new Dense(units, initializer, Objects.requireNonNull(other, "other"), maxNorm);
  }

  /**
   * {@return this layer with a greatest length of a unit's incoming weights}
   *
   * @param length c, above 0
   */
  public Dense withMaxNorm(double length) {
    return new Dense(units, initializer, penalty, OptionalDouble.of(length));
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Dense other
        && units == other.units
        && initializer.equals(other.initializer)
        && penalty.equals(other.penalty)
        && maxNorm.equals(other.maxNorm);
  }

  @Override
  public int hashCode() {
    return Objects.hash(units, initializer, penalty, maxNorm);
  }

  @Override
  public String toString() {
    return "Dense[units=%s, initializer=%s, penalty=%s, maxNorm=%s]"
        .formatted(units, initializer, penalty, maxNorm);
  }
}
