package dev.lanewise.net;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Dropout (Srivastava et al. 2014): in training each unit of each example is kept with probability
 * {@code keep}, or set to 0. The {@link Form form} says where units are scaled.
 *
 * @param keep the probability of keeping a unit, in (0, 1]
 * @param form where units are scaled, so that training and inference agree in expectation
 */
public record Dropout(double keep, Form form) implements Layer {

  /** Where units are scaled. */
  public enum Form {
    /** Kept units are divided by {@code keep} in training; in inference nothing happens. */
    INVERTED,
    /**
     * Kept units stay as they are in training; in inference all are multiplied by {@code keep},
     * which costs nothing there, because the weights that follow are multiplied instead.
     */
    CLASSIC
  }

  /**
   * Creates a layer; {@link #keeping} and {@link #of} say which probability is meant.
   *
   * @throws IllegalArgumentException if {@code keep} is outside (0, 1]
   */
  public Dropout {
    Objects.requireNonNull(form, "form");
    checkKeep("keep", keep);
  }

  private static void checkKeep(String name, double keep) {
    if (!(keep > 0 && keep <= 1)) {
      throw new IllegalArgumentException(
          "%s: %s; expected a probability in (0, 1]".formatted(name, keep));
    }
  }

  /**
   * Creates a layer of inverted dropout.
   *
   * @param keep the probability of keeping a unit, in (0, 1]
   */
  public Dropout(double keep) {
    this(keep, Form.INVERTED);
  }

  /**
   * {@return this dropout in another form}
   *
   * @param other where units are scaled
   */
  public Dropout withForm(Form other) {
    return new Dropout(keep, other);
  }

  /**
   * {@return the probability of keeping a unit if that of dropping is multiplied: 1 − (1 −
   * keep)·factor; {@code keep} itself if the factor is 1}
   *
   * @param factor what the probability of dropping is multiplied by, in [0, 1]
   * @throws IllegalArgumentException if it is outside [0, 1]
   */
  public double keepAt(double factor) {
    if (!(factor >= 0 && factor <= 1)) {
      throw new IllegalArgumentException(
          "factor: %s; expected a number in [0, 1]".formatted(factor));
    }
    return factor == 1 ? keep : 1 - (1 - keep) * factor;
  }

  /** {@return what kept units are multiplied by in training} */
  public double trainingScale() {
    return trainingScale(keep);
  }

  /**
   * {@return what kept units are multiplied by in a step of training with another probability}
   *
   * @param keepNow the probability of keeping a unit in that step, in (0, 1]
   * @throws IllegalArgumentException if it is outside (0, 1]
   */
  public double trainingScale(double keepNow) {
    checkKeep("keepNow", keepNow);
    return form == Form.INVERTED ? 1 / keepNow : 1;
  }

  /** {@return what all units are multiplied by in inference} */
  public double inferenceScale() {
    return form == Form.CLASSIC ? keep : 1;
  }

  /**
   * {@return inverted dropout that keeps units}
   *
   * @param probability the probability of keeping a unit, in (0, 1]
   */
  public static Dropout keeping(double probability) {
    return new Dropout(probability);
  }

  /**
   * {@return inverted dropout that drops units}
   *
   * @param probability the probability of dropping a unit, in [0, 1)
   * @throws IllegalArgumentException if the probability is outside [0, 1)
   */
  public static Dropout of(double probability) {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "probability of dropping: %s; expected a number in [0, 1)".formatted(probability));
    }
    return new Dropout(1 - probability);
  }

  /** Descriptions from before there were two forms do not speak of them. */
  static Dropout of(Values parameters) {
    double keep = parameters.number("keep");
    Form form = parameters.has("form") ? parameters.choice("form", Form.class) : Form.INVERTED;
    return new Dropout(keep, form);
  }

  @Override
  public Kind kind() {
    return Kind.DROPOUT;
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("keep", keep);
    parameters.put("form", form);
    return parameters;
  }

  @Override
  public String label() {
    return "Dropout, keep " + keep + (form == Form.CLASSIC ? ", classic" : "");
  }
}
