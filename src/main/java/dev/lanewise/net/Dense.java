package dev.lanewise.net;

import java.util.Objects;

/**
 * A fully connected layer: Z = X·W + b with X {@code [rows][in]}, W {@code [in][units]}, b {@code
 * [units]}.
 *
 * @param units the number of outputs, at least 1
 * @param initializer how W starts; b starts at 0
 * @param penalty what is added to the cost for large weights
 */
public record Dense(int units, Initializer initializer, Penalty penalty) implements Layer {

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if there are no units
   */
  public Dense {
    if (units < 1) {
      throw new IllegalArgumentException("units: %d; expected at least 1".formatted(units));
    }
    Objects.requireNonNull(initializer, "initializer");
    Objects.requireNonNull(penalty, "penalty");
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
  public Dense with(Initializer other) {
    return new Dense(units, other, penalty);
  }

  /**
   * {@return this layer with another penalty}
   *
   * @param other the penalty
   */
  public Dense with(Penalty other) {
    return new Dense(units, initializer, other);
  }
}
