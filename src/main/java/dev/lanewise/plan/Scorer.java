package dev.lanewise.plan;

import dev.lanewise.data.Target;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.net.Loss;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * The meaning of a network's outputs in evaluations: classes by logits, or values in original units
 * and in {@code double}.
 *
 * @param loss the network's loss
 * @param target the target of the rows' encoder, if there is one
 */
public record Scorer(Loss loss, Optional<Target> target) {

  /**
   * The class numbers of rows, in the form that evaluations of classes take.
   *
   * @param outputs the logits of a row: 1 for two classes, else one for each
   * @param numbers the number of each row's class
   */
  public record Classes(int outputs, float[] numbers) {

    /** Keeps the numbers, which are not copied. */
    public Classes {
      Objects.requireNonNull(numbers, "numbers");
    }

    /** {@return the number of rows} */
    public int rows() {
      return numbers.length;
    }
  }

  /** Names what is judged. */
  public Scorer {
    Objects.requireNonNull(loss, "loss");
    Objects.requireNonNull(target, "target");
  }

  /** {@return whether outputs are logits of classes, not values} */
  public boolean judgesClasses() {
    return loss.givesProbabilities();
  }

  /**
   * {@return the class numbers of rows} Where a row may have several labels, each of them is a row
   * of two classes. A column of targets for each class stands for the class of the largest.
   *
   * @param targets the rows' targets {@code [rows][outputs]}, or a class number for each row
   * @param rows the number of rows
   * @param outputs the network's outputs
   * @throws IllegalArgumentException if the network predicts values
   */
  public Classes classes(float[] targets, int rows, int outputs) {
    Objects.requireNonNull(targets, "targets");
    if (!judgesClasses()) {
      throw new IllegalArgumentException("loss: %s; expected one of classes".formatted(loss));
    }
    if (loss.link() == Loss.Link.SIGMOID) {
      return new Classes(1, targets);
    }
    if (targets.length == rows) {
      return new Classes(outputs, targets);
    }
    float[] numbers = new float[rows];
    for (int r = 0; r < rows; r++) {
      for (int c = 1; c < outputs; c++) {
        float best = targets[r * outputs + (int) numbers[r]];
        numbers[r] = targets[r * outputs + c] > best ? c : numbers[r];
      }
    }
    return new Classes(outputs, numbers);
  }

  /**
   * {@return the values that outputs stand for, in original units, and in the ranges that the
   * target keeps predictions in; a mean that overflows is the largest}
   *
   * @param outputs the network's outputs, {@code [rows][columns]}
   * @param rows the number of rows
   */
  public double[] values(float[] outputs, int rows) {
    Objects.requireNonNull(outputs, "outputs");
    double[] values = loss.link() == Loss.Link.EXP ? means(outputs) : restored(outputs, rows);
    if (target.orElse(null) instanceof Target.Values kept) {
      kept.clamp(values, rows);
    }
    return values;
  }

  private static double[] means(float[] outputs) {
    double[] means = new double[outputs.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = Math.min(StrictMath.exp(outputs[i]), Double.MAX_VALUE);
    }
    return means;
  }

  /**
   * {@return targets in original units, whatever their range}
   *
   * @param targets values as the network is trained on them, {@code [rows][columns]}
   * @param rows the number of rows
   */
  public double[] restored(float[] targets, int rows) {
    Objects.requireNonNull(targets, "targets");
    double[] restored = new double[targets.length];
    if (target.orElse(null) instanceof Target.Values scaled) {
      scaled.restore(targets, rows, restored);
    } else {
      Arrays.setAll(restored, i -> targets[i]);
    }
    return restored;
  }

  /**
   * {@return the evaluation of outputs for labelled rows}
   *
   * @param outputs the network's outputs for them, finite
   * @param targets the rows' targets, as the network is trained on them
   * @param rows the number of rows, at least 1
   * @param temperature the divisor of logits before they become probabilities
   * @param threshold the least probability with which a row is taken for the second of two classes
   */
  public Evaluation evaluate(
      float[] outputs, float[] targets, int rows, Temperature temperature, Threshold threshold) {
    Objects.requireNonNull(targets, "targets");
    Objects.requireNonNull(temperature, "temperature");
    Objects.requireNonNull(threshold, "threshold");
    int columns = Objects.requireNonNull(outputs, "outputs").length / rows;
    if (!judgesClasses()) {
      return Evaluation.ofValues(values(outputs, rows), restored(targets, rows), rows, columns);
    }
    Classes classes = classes(targets, rows, columns);
    Evaluation.OfClasses judged =
        Evaluation.ofLogits(
            outputs, classes.outputs(), classes.numbers(), classes.rows(), temperature, threshold);
    return target.orElse(null) instanceof Target.Classes named
        ? judged.withLabels(named.labels())
        : judged;
  }
}
