package dev.lanewise.net;

import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A fully connected layer: Z = X·W + b with X {@code [rows][in]}, W {@code [in][units]}, b {@code
 * [units]}. Immutable.
 *
 * <p>As the last layer behind {@link Members} it has weights and a bias for each of the k members:
 * W is {@code [k·in][units]}, the members' matrices one below the other, and b {@code [k·units]}.
 */
public final class Dense implements Layer {

  private final int units;
  private final Initializer initializer;
  private final Initializer biasInitializer;
  private final Penalty penalty;
  private final OptionalDouble maxNorm;

  private Dense(
      int units,
      Initializer initializer,
      Initializer biasInitializer,
      Penalty penalty,
      OptionalDouble maxNorm) {
    if (units < 1) {
      throw new IllegalArgumentException("units: %d; expected at least 1".formatted(units));
    }
    if (!(biasInitializer instanceof Initializer.Zeros
        || biasInitializer instanceof Initializer.Fixed)) {
      throw new IllegalArgumentException(
          "biasInitializer: %s; expected Zeros or Fixed, which depend on no shape of a matrix"
              .formatted(biasInitializer));
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
    this.biasInitializer = biasInitializer;
    this.penalty = penalty;
    this.maxNorm = maxNorm;
  }

  /** {@return the number of outputs, at least 1} */
  public int units() {
    return units;
  }

  /** {@return how W starts} */
  public Initializer initializer() {
    return initializer;
  }

  /** {@return how b starts: {@link Initializer.Zeros} or {@link Initializer.Fixed}} */
  public Initializer biasInitializer() {
    return biasInitializer;
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
   * Creates a layer with He's normal initialisation, a bias of zeros and no penalty.
   *
   * @param units the number of outputs, at least 1
   * @throws IllegalArgumentException if there are none
   */
  public Dense(int units) {
    this(
        units,
        new Initializer.He(Initializer.Distribution.NORMAL),
        new Initializer.Zeros(),
        Penalty.NONE,
        OptionalDouble.empty());
  }

  /**
   * {@return this layer with another initialiser}
   *
   * @param other how W starts
   */
  public Dense withInitializer(Initializer other) {
    return new Dense(
        units, Objects.requireNonNull(other, "other"), biasInitializer, penalty, maxNorm);
  }

  /**
   * {@return this layer with another start of the bias}
   *
   * @param other how b starts: {@link Initializer.Zeros} or {@link Initializer.Fixed}
   * @throws IllegalArgumentException if it is another, which depends on the shape of a matrix
   */
  public Dense withBiasInitializer(Initializer other) {
    return new Dense(units, initializer, Objects.requireNonNull(other, "other"), penalty, maxNorm);
  }

  /**
   * {@return this layer with another penalty}
   *
   * @param other the penalty
   */
  public Dense withPenalty(Penalty other) {
    return new Dense(
        units, initializer, biasInitializer, Objects.requireNonNull(other, "other"), maxNorm);
  }

  /**
   * {@return this layer with a greatest length of a unit's incoming weights}
   *
   * @param length c, above 0
   */
  public Dense withMaxNorm(double length) {
    return new Dense(units, initializer, biasInitializer, penalty, OptionalDouble.of(length));
  }

  static Dense of(Values parameters) {
    Dense dense =
        new Dense(parameters.integer("units"))
            .withInitializer(parameters.initializer("initializer"))
            .withPenalty(parameters.penalty("penalty"));
    if (parameters.has("bias_initializer")) {
      dense = dense.withBiasInitializer(parameters.initializer("bias_initializer"));
    }
    return parameters.has("max_norm") ? dense.withMaxNorm(parameters.number("max_norm")) : dense;
  }

  @Override
  public Kind kind() {
    return Kind.DENSE;
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("units", units);
    parameters.put("initializer", initializer);
    if (startsBias()) {
      parameters.put("bias_initializer", biasInitializer);
    }
    parameters.put("penalty", penalty);
    maxNorm.ifPresent(c -> parameters.put("max_norm", c));
    return parameters;
  }

  @Override
  public String label() {
    return "Dense, "
        + label(initializer)
        + (startsBias() ? ", bias " + label(biasInitializer) : "")
        + label(penalty)
        + part("max norm", maxNorm.orElse(0));
  }

  /** Descriptions of biases that start at 0 do not speak of it, as those of before. */
  private boolean startsBias() {
    return !(biasInitializer instanceof Initializer.Zeros);
  }

  private static String label(Initializer initializer) {
    String distribution = initializer.distribution().name().toLowerCase(Locale.ROOT);
    return switch (initializer) {
      case Initializer.Zeros z -> "zeros";
      case Initializer.Fixed f -> distribution + ", deviation " + f.deviation();
      case Initializer.LeCun l -> "LeCun " + distribution;
      case Initializer.Glorot g -> "Glorot " + distribution;
      case Initializer.He h -> "He " + distribution;
      case Initializer.Orthogonal o -> "orthogonal, gain " + o.gain();
    };
  }

  private static String label(Penalty penalty) {
    return part("l1", penalty.l1())
        + part("l2", penalty.l2())
        + part("l1 per example", penalty.l1PerExample())
        + part("l2 per example", penalty.l2PerExample())
        + (penalty.l1Form() == Penalty.L1Form.SOFT_THRESHOLD ? ", l1 by soft threshold" : "");
  }

  private static String part(String name, double number) {
    return number == 0 ? "" : ", " + name + " " + number;
  }

  @Override
  public int outputs(int inputs) {
    return units;
  }

  /** {@return W, and b unless batch norm makes it redundant at this place} */
  @Override
  public List<Slot> tensors(Network.Node at) {
    int rows = at.heads() * at.inputs();
    Slot weight = new Slot(at.name(Slot.Role.WEIGHT), Slot.Role.WEIGHT, 0, rows, at.outputs());
    return at.biased() ? List.of(weight, at.vector(Slot.Role.BIAS)) : List.of(weight);
  }

  @Override
  public void initialize(float[] parameters, Network.Node at, Layout layout, long seed) {
    for (Slot matrix : at.matrices(layout)) {
      initializer.fill(parameters, matrix, seed);
    }
    if (at.biased()) {
      biasInitializer.fill(parameters, at.slot(layout, Slot.Role.BIAS), seed);
    }
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Dense other
        && units == other.units
        && initializer.equals(other.initializer)
        && biasInitializer.equals(other.biasInitializer)
        && penalty.equals(other.penalty)
        && maxNorm.equals(other.maxNorm);
  }

  @Override
  public int hashCode() {
    return Objects.hash(units, initializer, biasInitializer, penalty, maxNorm);
  }

  @Override
  public String toString() {
    return "Dense[units=%s, initializer=%s, %spenalty=%s, maxNorm=%s]"
        .formatted(
            units,
            initializer,
            startsBias() ? "biasInitializer=" + biasInitializer + ", " : "",
            penalty,
            maxNorm);
  }
}
