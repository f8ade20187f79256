package dev.lanewise.model;

import dev.lanewise.metric.Temperature;
import dev.lanewise.net.Loss;
import java.util.Arrays;
import java.util.List;

/**
 * The weighted mean of several models' predictions, Σ wₘ·pₘ / Σ wₘ. Each sum is taken in {@code
 * double} in the order of the models, of values as distances from the first one's; equal models
 * give what one of them gives.
 *
 * <p>Its logits are those of the mean: ln p̄ − ln(1 − p̄) of a single sigmoid output, ln p̄ of
 * classes, both taken without leaving the logarithms, so that no probability is lost for being
 * small; of values the mean value.
 */
final class MeanOfModels implements Forward {

  private final List<OneModel> models;
  private final double[] weights;
  private final double[] logWeights;
  private final double total;
  private final Loss.Link link;
  private final Temperature temperature;
  private final int columns;
  private final int outputs;

  /** Whether all predict values as they are, whose floats may be as far apart as 64 near 1e9. */
  private final boolean ofValues;

  /** Where the columns of each model begin in a row; all at 0 where all take the whole row. */
  private final int[] from;

  private final int[] widths;
  private final float[] slice;
  private final float[] predictions;
  private final double[] sums;

  /** Logarithms of each model's probabilities, allocated when they are first needed. */
  private double[][] logarithms = {};

  /**
   * @param models the models
   * @param weights the weight of each, above 0
   * @param link what they have in common
   * @param temperature the divisor of the logits of the mean
   * @param columns the columns of a row: those of each model, or all of them behind one another
   * @param widths the columns of each model
   * @param outputs the outputs of each
   */
  MeanOfModels(
      List<OneModel> models,
      double[] weights,
      Loss.Link link,
      Temperature temperature,
      int columns,
      int[] widths,
      int outputs) {
    this.models = models;
    this.weights = weights;
    logWeights = Arrays.stream(weights).map(StrictMath::log).toArray();
    total = Arrays.stream(weights).reduce(0, Double::sum);
    this.link = link;
    this.temperature = temperature;
    this.columns = columns;
    this.outputs = outputs;
    ofValues = models.stream().allMatch(model -> model.link() == Loss.Link.IDENTITY);
    this.widths = widths;
    from = new int[widths.length];
    boolean apart = Arrays.stream(widths).sum() == columns;
    int widest = 0;
    for (int i = 1; apart && i < widths.length; i++) {
      from[i] = from[i - 1] + widths[i - 1];
    }
    for (int width : widths) {
      widest = width < columns ? Math.max(widest, width) : widest;
    }
    slice = new float[Math.multiplyExact(ROWS, widest)];
    predictions = new float[Math.multiplyExact(ROWS, outputs)];
    sums = new double[predictions.length];
  }

  @Override
  public void predict(float[] rows, int at, int count, float[] out) {
    for (int done = 0; done < count; done += ROWS) {
      int some = Math.min(ROWS, count - done);
      int first = at + done * columns;
      if (temperature.equals(Temperature.NONE)) {
        mean(rows, first, some);
      } else {
        tempered(rows, first, some);
      }
      for (int i = 0; i < some * outputs; i++) {
        out[done * outputs + i] = (float) sums[i];
      }
    }
  }

  /** Leaves the mean predictions of some rows in the sums. */
  private void mean(float[] rows, int at, int count) {
    if (ofValues) {
      double[] values = logarithms()[3];
      values(rows, at, count, values);
      System.arraycopy(values, 0, sums, 0, count * outputs);
      return;
    }
    int numbers = count * outputs;
    Arrays.fill(sums, 0, numbers, 0);
    for (int m = 0; m < models.size(); m++) {
      float[] its = itsRows(m, rows, at, count);
      models.get(m).predict(its, its == rows ? at : 0, count, predictions);
      for (int i = 0; i < numbers; i++) {
        sums[i] += weights[m] * predictions[i];
      }
    }
    for (int i = 0; i < numbers; i++) {
      sums[i] /= total;
    }
  }

  /** Leaves the probabilities of some rows in the sums. */
  private void tempered(float[] rows, int at, int count) {
    double[] z = logarithms()[2];
    logits(rows, at, count, z);
    for (int i = 0; i < count * outputs; i++) {
      z[i] /= temperature.value();
    }
    double[] both = logarithms()[3];
    for (int r = 0; r < count; r++) {
      Links.probabilities(link, z, r * outputs, outputs, both, 0);
      System.arraycopy(both, outputs == 1 ? 1 : 0, sums, r * outputs, outputs);
    }
  }

  @Override
  public void goOver() {
    models.forEach(OneModel::goOver);
  }

  @Override
  public void logits(float[] rows, int at, int count, float[] out) {
    double[] z = logarithms()[2];
    for (int done = 0; done < count; done += ROWS) {
      int some = Math.min(ROWS, count - done);
      logits(rows, at + done * columns, some, z);
      for (int i = 0; i < some * outputs; i++) {
        out[done * outputs + i] = (float) z[i];
      }
    }
  }

  @Override
  public void logits(float[] rows, int at, int count, double[] out) {
    switch (link) {
      case SIGMOID -> logOdds(rows, at, count, out);
      case SOFTMAX -> logProbabilities(rows, at, count, out);
      case EXP, IDENTITY -> values(rows, at, count, out);
    }
  }

  private void logOdds(float[] rows, int at, int count, double[] out) {
    int numbers = count * outputs;
    double[] positive = begun(0, numbers);
    double[] negative = begun(1, numbers);
    for (int m = 0; m < models.size(); m++) {
      logits(m, rows, at, count, sums);
      for (int i = 0; i < numbers; i++) {
        double z = sums[i] / models.get(m).temperature().value();
        positive[i] = added(positive[i], Links.logSigmoid(z) + logWeights[m]);
        negative[i] = added(negative[i], Links.logSigmoid(-z) + logWeights[m]);
      }
    }
    for (int i = 0; i < numbers; i++) {
      out[i] = positive[i] - negative[i];
    }
  }

  private void logProbabilities(float[] rows, int at, int count, double[] out) {
    int numbers = count * outputs;
    double[] all = begun(0, numbers);
    for (int m = 0; m < models.size(); m++) {
      logits(m, rows, at, count, sums);
      for (int i = 0; i < numbers; i++) {
        sums[i] /= models.get(m).temperature().value();
      }
      for (int r = 0; r < count; r++) {
        double whole = Links.logSum(sums, r * outputs, outputs);
        for (int i = r * outputs; i < (r + 1) * outputs; i++) {
          all[i] = added(all[i], sums[i] - whole + logWeights[m]);
        }
      }
    }
    double log = StrictMath.log(total);
    for (int i = 0; i < numbers; i++) {
      out[i] = all[i] - log;
    }
  }

  /** {@return ln(e^a + e^b)} */
  private static double added(double a, double b) {
    double larger = Math.max(a, b);
    if (larger == Double.NEGATIVE_INFINITY) {
      return larger;
    }
    return larger + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - larger));
  }

  /** {@return scratch of logarithms of 0} */
  private double[] begun(int which, int numbers) {
    double[] scratch = logarithms()[which];
    Arrays.fill(scratch, 0, numbers, Double.NEGATIVE_INFINITY);
    return scratch;
  }

  private double[][] logarithms() {
    if (logarithms.length == 0) {
      logarithms = new double[4][Math.max(2, sums.length)];
    }
    return logarithms;
  }

  @Override
  public void values(float[] rows, int at, int count, double[] out) {
    int numbers = count * outputs;
    double[] first = logarithms()[0];
    for (int m = 0; m < models.size(); m++) {
      float[] its = itsRows(m, rows, at, count);
      models.get(m).values(its, its == rows ? at : 0, count, sums);
      if (m == 0) {
        System.arraycopy(sums, 0, first, 0, numbers);
        Arrays.fill(out, 0, numbers, 0);
      }
      for (int i = 0; i < numbers; i++) {
        out[i] += weights[m] * (sums[i] - first[i]);
      }
    }
    for (int i = 0; i < numbers; i++) {
      out[i] = first[i] + out[i] / total;
    }
  }

  private void logits(int m, float[] rows, int at, int count, double[] out) {
    float[] its = itsRows(m, rows, at, count);
    models.get(m).logits(its, its == rows ? at : 0, count, out);
  }

  /** {@return the rows as a model takes them: as they are, or its columns of them, copied} */
  private float[] itsRows(int m, float[] rows, int at, int count) {
    int width = widths[m];
    if (width == columns) {
      return rows;
    }
    for (int r = 0; r < count; r++) {
      System.arraycopy(rows, at + r * columns + from[m], slice, r * width, width);
    }
    return slice;
  }
}
