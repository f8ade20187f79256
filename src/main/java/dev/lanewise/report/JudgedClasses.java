package dev.lanewise.report;

import dev.lanewise.data.Dataset;
import dev.lanewise.metric.Classification;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.TrainedModel;

/** What a model gives for each labelled row of a set of classes, by its logits. */
final class JudgedClasses {

  private final Evaluation.OfClasses evaluation;
  private final float[] logits;
  private final int outputs;
  private final float[] targets;
  private final int rows;
  private final Temperature temperature;
  private final Threshold threshold;

  /** Of several classes, ln Σ e^z of each row, with the logits divided by the temperature. */
  private final double[] whole;

  private JudgedClasses(TrainedModel model, Dataset rows, Evaluation.OfClasses evaluation) {
    this.evaluation = evaluation;
    outputs = model.outputs();
    targets = rows.targets();
    this.rows = rows.rows();
    temperature = model.temperature();
    threshold = model.threshold();
    logits = new float[Math.multiplyExact(this.rows, outputs)];
    model.predictor().logits(rows.features(), this.rows, logits);
    whole = new double[outputs == 1 ? 0 : this.rows];
    for (int r = 0; r < whole.length; r++) {
      whole[r] = logSum(r);
    }
  }

  /**
   * {@return what a model gives for rows}
   *
   * @param model a model of classes
   * @param rows encoded rows with the number of each row's class as target
   * @param evaluation the model's evaluation on them
   */
  static JudgedClasses of(TrainedModel model, Dataset rows, Evaluation.OfClasses evaluation) {
    return new JudgedClasses(model, rows, evaluation);
  }

  private double logSum(int row) {
    double largest = z(row, Classification.predicted(logits, row, outputs));
    double sum = 0;
    for (int c = 0; c < outputs; c++) {
      sum += StrictMath.exp(z(row, c) - largest);
    }
    return largest + StrictMath.log(sum);
  }

  private double z(int row, int output) {
    return (double) logits[row * outputs + output] / temperature.value();
  }

  /** {@return the model's evaluation on the rows} */
  Evaluation.OfClasses evaluation() {
    return evaluation;
  }

  /** {@return the number of rows} */
  int rows() {
    return rows;
  }

  /** {@return the number of classes} */
  int classes() {
    return Math.max(2, outputs);
  }

  /** {@return the model's threshold on the probability of the second of two classes} */
  double threshold() {
    return threshold.probability();
  }

  /** {@return what the logits are divided by} */
  double temperature() {
    return temperature.value();
  }

  /** {@return the number of a row's class} */
  int actual(int row) {
    return (int) targets[row];
  }

  /** {@return the number of the class that a row is taken for} */
  int predicted(int row) {
    return threshold.equals(Threshold.HALF)
        ? Classification.predicted(logits, row, outputs)
        : threshold.admits(probability(row, 1)) ? 1 : 0;
  }

  /** {@return ln of the probability of a class} */
  double logProbability(int row, int number) {
    if (outputs > 1) {
      return z(row, number) - whole[row];
    }
    double z = number == 1 ? z(row, 0) : -z(row, 0);
    return Math.min(z, 0) - StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
  }

  /** {@return the probability of a class} */
  double probability(int row, int number) {
    return outputs == 1
        ? sigmoid(number == 1 ? z(row, 0) : -z(row, 0))
        : StrictMath.exp(logProbability(row, number));
  }

  /**
   * {@return what ranks a row by a class: the logit of the second of two, which tells rows apart
   * whose probabilities are equally near 1; else the probability}
   */
  double score(int row, int number) {
    return outputs == 1 ? z(row, 0) : probability(row, number);
  }

  /** {@return the probability that a score stands for} */
  double probabilityOf(double score) {
    return outputs == 1 ? sigmoid(score) : score;
  }

  private static double sigmoid(double z) {
    double e = StrictMath.exp(-Math.abs(z));
    return (z >= 0 ? 1 : e) / (1 + e);
  }
}
