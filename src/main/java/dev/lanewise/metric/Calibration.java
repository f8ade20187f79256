package dev.lanewise.metric;

/**
 * How far probabilities can be taken at their word.
 *
 * @param rows the number of examples, n
 * @param ece the expected calibration error, Σ over bins of |bin|/n · |accuracy − mean confidence|,
 *     in [0, 1]: a row's confidence is the probability of its likeliest class, and the bins are the
 *     {@value #BINS} parts of (0, 1] of equal width (Guo et al. 2017)
 * @param brier the Brier score: for one output 1/n·Σ(p − y)², in [0, 1]; for several 1/n·Σ Σ_c (p_c
 *     − y_c)² with y one-hot, in [0, 2] (Brier 1950)
 */
public record Calibration(int rows, double ece, double brier) {

  /** The number of bins of confidence. */
  public static final int BINS = 15;

  /**
   * Judges the first rows of a matrix of probabilities.
   *
   * @param probabilities {@code [rows][outputs]}, in [0, 1]; the array may be longer
   * @param outputs the number of outputs; 1 for two classes, the probability being the second's
   * @param targets the number of each row's class; the array may be longer
   * @param rows the number of examples, at least 1
   * @return the result
   * @throws IllegalArgumentException if an array is too short, a probability is outside [0, 1] or a
   *     target no class
   */
  public static Calibration of(float[] probabilities, int outputs, float[] targets, int rows) {
    Rows.check(rows, "probabilities", probabilities, outputs);
    Rows.check(rows, "targets", targets, 1);
    double[] gaps = new double[BINS];
    double squares = 0;
    for (int r = 0; r < rows; r++) {
      int actual = Classification.actual(targets, r, outputs);
      int likeliest = 0;
      double confidence = 0;
      for (int c = 0; c < Math.max(2, outputs); c++) {
        double p = probability(probabilities, r, c, outputs);
        double error = p - (c == actual ? 1 : 0);
        squares += outputs == 1 && c == 0 ? 0 : error * error;
        if (p > confidence || outputs == 1 && p == confidence) {
          likeliest = c;
          confidence = p;
        }
      }
      int bin = Math.max(0, (int) Math.ceil(confidence * BINS) - 1);
      gaps[bin] += (likeliest == actual ? 1 : 0) - confidence;
    }
    double sum = 0;
    for (double gap : gaps) {
      sum += Math.abs(gap);
    }
    return new Calibration(rows, sum / rows, squares / rows);
  }

  private static double probability(float[] probabilities, int row, int number, int outputs) {
    float p = probabilities[outputs == 1 ? row : row * outputs + number];
    if (!(p >= 0 && p <= 1)) {
      throw Rows.notProbability(row, p);
    }
    return outputs == 1 && number == 0 ? 1 - (double) p : p;
  }
}
