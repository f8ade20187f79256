package dev.lanewise.model;

import java.util.Arrays;
import java.util.List;

/**
 * Predicts with all models of an {@link Ensemble} and averages: each mean is summed in {@code
 * double} in the order of the models and rounded once, so that equal models give what one of them
 * gives. A row's prediction has the same bits in any batch.
 *
 * <p>For one thread at a time. A prediction allocates nothing.
 */
public final class EnsemblePredictor {

  /** The rows that are passed from model to model at once. */
  private static final int ROWS = 256;

  private final List<Predictor> predictors;
  private final float[] rows;
  private final float[] predictions;
  private final double[] sums;

  EnsemblePredictor(List<Predictor> predictors) {
    this.predictors = predictors;
    rows = new float[Math.multiplyExact(ROWS, columns())];
    predictions = new float[Math.multiplyExact(ROWS, outputs())];
    sums = new double[predictions.length];
  }

  /** {@return the encoded columns of a row} */
  public int columns() {
    return predictors.getFirst().columns();
  }

  /** {@return the numbers that a row's results have, as {@link Predictor#outputs} says} */
  public int outputs() {
    return predictors.getFirst().outputs();
  }

  /**
   * Predicts the mean of the models' probabilities, or of their values in original units.
   *
   * @param rows encoded rows {@code [count][columns]}; not changed
   * @param count the number of rows, at least 0
   * @param out receives {@code [count][outputs]}; another array than {@code rows}
   * @throws IllegalArgumentException if the count is negative or an array is too short; nothing is
   *     written then
   */
  public void predict(float[] rows, int count, float[] out) {
    if (count < 0) {
      throw new IllegalArgumentException("count: %d; expected at least 0".formatted(count));
    }
    Predictor.check("rows", rows, count, columns());
    Predictor.check("out", out, count, outputs());
    for (int from = 0; from < count; from += ROWS) {
      int some = Math.min(ROWS, count - from);
      System.arraycopy(rows, from * columns(), this.rows, 0, some * columns());
      average(some, out, from * outputs());
    }
  }

  private void average(int count, float[] out, int at) {
    int numbers = count * outputs();
    Arrays.fill(sums, 0, numbers, 0);
    for (int p = 0; p < predictors.size(); p++) {
      predictors.get(p).predict(rows, count, predictions);
      for (int i = 0; i < numbers; i++) {
        sums[i] += predictions[i];
      }
    }
    for (int i = 0; i < numbers; i++) {
      out[at + i] = (float) (sums[i] / predictors.size());
    }
  }
}
