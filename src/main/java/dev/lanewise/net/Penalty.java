package dev.lanewise.net;

import java.util.Objects;

/**
 * A penalty on a layer's weights: l1·Σ|w| + l2/2·Σw². Biases, scales and shifts are never
 * penalised. The sub-gradient of |w| at 0 is 0. Immutable.
 *
 * <p>The L1 part takes effect in one of two {@link L1Form forms}: by its sub-gradient, which makes
 * weights small, or by a soft threshold after each step, which makes them exactly 0. Together with
 * an L2 part, either form gives the elastic net.
 *
 * <p>The course's forms, λ/2m·Σ|w| and λ/2m·Σw², divide by m, the rows of the <em>training
 * set</em>, which a description does not know. They are kept apart until {@link #resolve} is given
 * m.
 */
public final class Penalty {

  private final double l1;
  private final double l2;
  private final double l1PerExample;
  private final double l2PerExample;
  private final L1Form l1Form;

  /** How a penalty λ·Σ|w| takes effect; it is part of the cost either way. */
  public enum L1Form {
    /**
     * The gradient has the part λ·sign(w), which goes through the optimiser like the rest of it.
     */
    SUBGRADIENT,
    /**
     * After each step with learning rate α a weight becomes sign(w)·max(|w| − α·λ, 0), the proximal
     * step of ISTA (Daubechies, Defrise and De Mol 2004); the gradient has no part of the penalty.
     * With momentum or adaptive optimisers the threshold is the same α·λ, decoupled from their
     * state as weight decay is in AdamW.
     */
    SOFT_THRESHOLD
  }

  /** No penalty. */
  public static final Penalty NONE = new Penalty(0, 0, 0, 0, L1Form.SUBGRADIENT);

  private Penalty(double l1, double l2, double l1PerExample, double l2PerExample, L1Form l1Form) {
    check("l1", l1);
    check("l2", l2);
    check("l1PerExample", l1PerExample);
    check("l2PerExample", l2PerExample);
    this.l1 = l1;
    this.l2 = l2;
    this.l1PerExample = l1PerExample;
    this.l2PerExample = l2PerExample;
    this.l1Form = l1Form;
  }

  /** {@return λ in λ·Σ|w|} */
  public double l1() {
    return l1;
  }

  /** {@return λ in λ/2·Σw²} */
  public double l2() {
    return l2;
  }

  /** {@return λ in λ/2m·Σ|w|} */
  public double l1PerExample() {
    return l1PerExample;
  }

  /** {@return λ in λ/2m·Σw²} */
  public double l2PerExample() {
    return l2PerExample;
  }

  /** {@return how the L1 part takes effect} */
  public L1Form l1Form() {
    return l1Form;
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
    return new Penalty(lambda, 0, 0, 0, L1Form.SUBGRADIENT);
  }

  /**
   * {@return the penalty λ/2·Σw², whose gradient is λ·w}
   *
   * @param lambda λ, finite and at least 0
   */
  public static Penalty l2(double lambda) {
    return new Penalty(0, lambda, 0, 0, L1Form.SUBGRADIENT);
  }

  /**
   * {@return the penalty λ/2m·Σ|w|, with m the rows of the training set}
   *
   * @param lambda λ, finite and at least 0
   */
  public static Penalty l1PerExample(double lambda) {
    return new Penalty(0, 0, lambda, 0, L1Form.SUBGRADIENT);
  }

  /**
   * {@return the penalty λ/2m·Σw², with m the rows of the training set; its gradient is (λ/m)·w}
   *
   * @param lambda λ, finite and at least 0
   */
  public static Penalty l2PerExample(double lambda) {
    return new Penalty(0, 0, 0, lambda, L1Form.SUBGRADIENT);
  }

  /**
   * {@return this penalty with another form of its L1 part}
   *
   * @param form how the L1 part takes effect
   */
  public Penalty withL1Form(L1Form form) {
    return new Penalty(l1, l2, l1PerExample, l2PerExample, Objects.requireNonNull(form, "form"));
  }

  /**
   * {@return this penalty with λ/2·Σw² as its L2 part, in the place of both L2 forms}
   *
   * @param lambda λ, finite and at least 0
   * @throws IllegalArgumentException if it is not
   */
  public Penalty withL2(double lambda) {
    check("lambda", lambda);
    return new Penalty(l1, lambda, l1PerExample, 0, l1Form);
  }

  /** {@return λ of the L1 part that is in the gradient; 0 with a soft threshold} */
  public double subgradient() {
    return l1Form == L1Form.SUBGRADIENT ? l1 : 0;
  }

  /** {@return λ of the soft threshold: 0 where the L1 part is in the gradient} */
  public double threshold() {
    return l1Form == L1Form.SOFT_THRESHOLD ? l1 : 0;
  }

  /**
   * {@return the sum of two penalties; L1 plus L2 is the elastic net} The L1 part is a soft
   * threshold if it is in one of them.
   *
   * @param other the penalty to add
   */
  public Penalty and(Penalty other) {
    return new Penalty(
        l1 + other.l1,
        l2 + other.l2,
        l1PerExample + other.l1PerExample,
        l2PerExample + other.l2PerExample,
        l1Form == L1Form.SOFT_THRESHOLD ? l1Form : other.l1Form);
  }

  /** {@return whether no part still depends on the number of training rows} */
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
        l1 + l1PerExample / (2.0 * trainingRows), l2 + l2PerExample / trainingRows, 0, 0, l1Form);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Penalty other
        && Double.compare(l1, other.l1) == 0
        && Double.compare(l2, other.l2) == 0
        && Double.compare(l1PerExample, other.l1PerExample) == 0
        && Double.compare(l2PerExample, other.l2PerExample) == 0
        && l1Form.equals(other.l1Form);
  }

  @Override
  public int hashCode() {
    return Objects.hash(l1, l2, l1PerExample, l2PerExample, l1Form);
  }

  @Override
  public String toString() {
    return "Penalty[l1=%s, l2=%s, l1PerExample=%s, l2PerExample=%s, l1Form=%s]"
        .formatted(l1, l2, l1PerExample, l2PerExample, l1Form);
  }
}
