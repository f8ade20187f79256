package dev.lanewise.net;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A fully connected layer: Z = X·W + b with X {@code [rows][in]}, W {@code [in][units]}, b {@code
 * [units]}.
 *
 * @param units the number of outputs, at least 1
 * @param initializer how W starts; b starts at 0
 * @param penalty what is added to the cost for large weights
 * @param maxNorm the greatest length of a unit's incoming weights, a column of W (Srebro, Rennie
 *     and Jaakkola 2005; with dropout Srivastava et al. 2014): after each step, and after a soft
 *     threshold, longer columns are scaled back to it; above 0, finite; empty for no limit
 */
public record Dense(int units, Initializer initializer, Penalty penalty, OptionalDouble maxNorm)
    implements Layer {

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if there are no units, or the greatest length is not above 0
   *     and finite as a float
   */
  public Dense {
    if (units < 1) {
      throw new IllegalArgumentException("units: %d; expected at least 1".formatted(units));
    }
    Objects.requireNonNull(initializer, "initializer");
    Objects.requireNonNull(penalty, "penalty");
    maxNorm.ifPresent(
        c -> {
          if (!((float) c > 0 && (float) c < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                "maxNorm: %s; expected a finite number above 0".formatted(c));
          }
        });
  }

  /**
   * Creates a layer whose weights may have any length.
   *
   * @param units the number of outputs, at least 1
   * @param initializer how W starts; b starts at 0
   * @param penalty what is added to the cost for large weights
   */
  public Dense(int units, Initializer initializer, Penalty penalty) {
    this(units, initializer, penalty, OptionalDouble.empty());
  }

  /**
   * Creates a layer with He's normal initialisation and no penalty.
   *
   * @param units the number of outputs, at least 1
   */
  public Dense(int units) {
    this(units, new Initializer.He(Initializer.Distribution.NORMAL), Penalty.NONE);
  }

  /**
   * {@return this layer with another initialiser}
   *
   * @param other how W starts
   */
  public Dense withInitializer(Initializer other) {
    return new Dense(units, other, penalty, maxNorm);
  }

  /**
   * {@return this layer with another penalty}
   *
   * @param other the penalty
   */
  public Dense withPenalty(Penalty other) {
    return new Dense(units, initializer, other, maxNorm);
  }

  /**
   * {@return this layer with a greatest length of a unit's incoming weights}
   *
   * @param length c, above 0
   */
  public Dense withMaxNorm(double length) {
    return new Dense(units, initializer, penalty, OptionalDouble.of(length));
  }
}
