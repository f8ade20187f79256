package dev.lanewise.model;

import dev.lanewise.data.DataException;
import dev.lanewise.data.RowEncoder;
import dev.lanewise.data.RowReport;
import dev.lanewise.data.Target;
import dev.lanewise.json.Visible;
import dev.lanewise.metric.Threshold;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A model's answer for one row: a label with the probabilities of all labels, or values in original
 * units, in {@code double}; and which of the row's fields differ from the training rows. Immutable.
 *
 * <p>Of two classes the second is taken from the model's threshold on; at 0.5 the sign of the logit
 * decides. Of more classes the most probable is taken, the first of equal ones.
 */
public final class Decision {

  /** The names of the classes; empty for values. */
  private final List<String> labels;

  private final int chosen;

  /** A probability for each label, or the values. */
  private final double[] numbers;

  private final List<String> missing;
  private final List<String> unknown;
  private final List<String> outOfRange;

  /** Copies what the report says now. */
  private Decision(List<String> labels, int chosen, double[] numbers, RowReport report) {
    this.labels = labels;
    this.chosen = chosen;
    this.numbers = numbers;
    missing = names(report, RowReport.State.MISSING);
    unknown = names(report, RowReport.State.UNKNOWN);
    outOfRange = names(report, RowReport.State.OUT_OF_RANGE);
  }

  private static List<String> names(RowReport report, RowReport.State state) {
    return report.count(state) == 0 ? List.of() : List.copyOf(report.names(state));
  }

  /**
   * {@return the decision on a raw row by a predictor that this thread has entered}
   *
   * @throws DataException if a value is not what it should be, or an output is NaN
   */
  static <R> Decision of(
      Predictor predictor, R row, RowEncoder<R> rows, Target target, Threshold threshold) {
    float[] encoded = predictor.row();
    RowReport report = predictor.report();
    rows.encode(row, encoded, 0, report);
    double[] numbers = new double[predictor.outputs()];
    if (!(target instanceof Target.Classes classes)) {
      predictor.valuesInside(encoded, 1, numbers);
      requireNumbers(numbers, report);
      return new Decision(List.of(), -1, numbers, report);
    }
    double[] probabilities = new double[classes.labels().size()];
    predictor.logitsInside(encoded, numbers);
    requireNumbers(numbers, report);
    predictor.probabilities(numbers, 0, probabilities, 0);
    int chosen = chosen(numbers, probabilities, threshold);
    return new Decision(classes.labels(), chosen, probabilities, report);
  }

  /** Refuses to decide where the network has left the numbers. */
  private static void requireNumbers(double[] outputs, RowReport report) {
    for (double output : outputs) {
      if (Double.isNaN(output)) {
        throw new DataException(
            "row: the model's output is NaN; expected a number (missing: %s; unknown: %s; out of"
                    .formatted(
                        listed(names(report, RowReport.State.MISSING)),
                        listed(names(report, RowReport.State.UNKNOWN)))
                + " range: %s)".formatted(listed(names(report, RowReport.State.OUT_OF_RANGE))));
      }
    }
  }

  private static String listed(List<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  private static int chosen(double[] logits, double[] probabilities, Threshold threshold) {
    if (logits.length == 1) {
      boolean second =
          threshold.equals(Threshold.HALF)
              ? logits[0] >= 0
              : probabilities[1] >= threshold.probability();
      return second ? 1 : 0;
    }
    int best = 0;
    for (int c = 1; c < logits.length; c++) {
      best = logits[c] > logits[best] ? c : best;
    }
    return best;
  }

  /** {@return whether this is of a label; else it is of values} */
  public boolean hasLabel() {
    return chosen >= 0;
  }

  /**
   * {@return the label that the row is taken for}
   *
   * @throws IllegalStateException if the model predicts values
   */
  public String label() {
    return labels.get(requireLabel());
  }

  /**
   * {@return the probability of {@link #label}}
   *
   * @throws IllegalStateException if the model predicts values
   */
  public double probability() {
    return numbers[requireLabel()];
  }

  /**
   * {@return the probability of a label}
   *
   * @param label one of the model's
   * @throws IllegalArgumentException if it is none of them
   * @throws IllegalStateException if the model predicts values
   */
  public double probability(String label) {
    requireLabel();
    int at = labels.indexOf(Objects.requireNonNull(label, "label"));
    if (at < 0) {
      throw new IllegalArgumentException(
          Visible.line("label: %s; expected one of %s".formatted(label, labels)));
    }
    return numbers[at];
  }

  /**
   * {@return the probabilities of all labels, in the order of the classes} Each is made from the
   * logits: the smaller of two probabilities is as accurate as the other, however small.
   *
   * @throws IllegalStateException if the model predicts values
   */
  public Map<String, Double> probabilities() {
    requireLabel();
    Map<String, Double> all = new LinkedHashMap<>();
    for (int c = 0; c < numbers.length; c++) {
      all.put(labels.get(c), numbers[c]);
    }
    return Collections.unmodifiableMap(all);
  }

  /**
   * {@return the one value, in original units}
   *
   * @throws IllegalStateException if the model predicts a label, or several values
   */
  public double value() {
    if (hasLabel() || numbers.length != 1) {
      throw new IllegalStateException(
          hasLabel()
              ? "value: the model predicts a label"
              : "value: the model predicts %d values; ask for values".formatted(numbers.length));
    }
    return numbers[0];
  }

  /**
   * {@return the values, in original units, in the order of the target's columns}
   *
   * @throws IllegalStateException if the model predicts a label
   */
  public double[] values() {
    if (hasLabel()) {
      throw new IllegalStateException("values: the model predicts a label");
    }
    return numbers.clone();
  }

  /** {@return the columns that the row had no value for} */
  public List<String> missing() {
    return missing;
  }

  /**
   * {@return the columns whose category has no encoded column of its own, because it was absent
   * from the training rows or rare there}
   */
  public List<String> unknown() {
    return unknown;
  }

  /** {@return the columns whose number is outside the range of the training rows} */
  public List<String> outOfRange() {
    return outOfRange;
  }

  private int requireLabel() {
    if (!hasLabel()) {
      throw new IllegalStateException("label: the model predicts values");
    }
    return chosen;
  }

  /** {@return the label and its probability, or the values} */
  @Override
  public String toString() {
    return hasLabel() ? "%s (%s)".formatted(label(), probability()) : Arrays.toString(numbers);
  }
}
