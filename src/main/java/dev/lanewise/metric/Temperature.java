package dev.lanewise.metric;

/**
 * The number that all logits are divided by before they become probabilities, so that these are
 * neither over- nor underconfident (Guo et al., "On Calibration of Modern Neural Networks", 2017).
 * Above 1 it draws probabilities together, below 1 apart; the order of classes and of rows stays as
 * it is. Immutable.
 *
 * @param value T, from {@value #LEAST} to {@value #MOST}
 */
public record Temperature(float value) {

  /** The least temperature. */
  public static final float LEAST = 0.05f;

  /** The largest temperature. */
  public static final float MOST = 20;

  /** The temperature that leaves logits as they are. */
  public static final Temperature NONE = new Temperature(1);

  private static final int MOST_STEPS = 200;
  private static final double TOLERANCE = 1e-7;

  /**
   * Creates a temperature.
   *
   * @throws IllegalArgumentException if the value is out of range
   */
  public Temperature {
    if (!(value >= LEAST && value <= MOST)) {
      throw new IllegalArgumentException(
          "temperature: %s; expected a number from %s to %s".formatted(value, LEAST, MOST));
    }
  }

  /**
   * {@return the temperature with the smallest log loss over rows, within the range of
   * temperatures; {@link #NONE} if no other makes it smaller}
   *
   * <p>−1/n·Σ ln p(true class) is convex in 1/T; its minimum is found by Newton's method within
   * bounds. Use rows that were not in the training: a network is overconfident on the rows it was
   * trained on. If all rows are classified correctly, the smallest temperature is the best. Takes a
   * few passes over the rows.
   *
   * @param logits the logits {@code [rows][outputs]}, finite, not divided by any temperature; the
   *     array may be longer
   * @param outputs the number of outputs: several for softmax; 1 for sigmoid. A network with
   *     several independent labels to a row has {@code rows·outputs} rows of 1.
   * @param targets the number of each row's class; the array may be longer
   * @param rows the number of examples, at least 1
   * @throws IllegalArgumentException if an array is too short, a logit is not finite or a target no
   *     class
   */
  public static Temperature fit(float[] logits, int outputs, float[] targets, int rows) {
    return fit(logits, outputs, targets, rows, 0, 0);
  }

  /**
   * {@return the temperature that {@link #fit} finds if every target is wrong with a probability of
   * 1/(rows + 2), and only if it lowers the rows' own log loss by more than 1/rows; else {@link
   * #NONE}}
   *
   * <p>For a temperature that nobody asked for. 1/rows of the mean is the price of one parameter by
   * Akaike's criterion (1974): what it wins less than that it wins by chance. And if all rows are
   * classified correctly, how sure to be of others is not for them to say: the share of wrong
   * targets, which Platt (1999) smooths his by, keeps the confidence below that of the rule of
   * succession, where the least log loss has none. It vanishes among many rows.
   *
   * @param logits the logits {@code [rows][outputs]}, finite, not divided by any temperature; the
   *     array may be longer
   * @param outputs the number of outputs: several for softmax; 1 for sigmoid
   * @param targets the number of each row's class; the array may be longer
   * @param rows the number of examples, at least 1
   * @throws IllegalArgumentException if an array is too short, a logit is not finite or a target no
   *     class
   */
  public static Temperature fitCautiously(float[] logits, int outputs, float[] targets, int rows) {
    return fit(logits, outputs, targets, rows, 1 / (rows + 2.0), 1.0 / rows);
  }

  /**
   * {@return the temperature with the smallest log loss; {@link #NONE} unless it wins enough}
   *
   * @param wrong the probability that a target is wrong while it is fitted
   * @param price what it must win more than
   */
  private static Temperature fit(
      float[] logits, int outputs, float[] targets, int rows, double wrong, double price) {
    double before = Classification.logLoss(logits, outputs, targets, rows, NONE);
    double inverse = new Confidence(logits, outputs, targets, rows, wrong).best();
    float value = Math.clamp((float) (1 / inverse), LEAST, MOST);
    Temperature fitted = new Temperature(value);
    double after = Classification.logLoss(logits, outputs, targets, rows, fitted);
    return after < before - price ? fitted : NONE;
  }

  /** {@return a logit divided by this} */
  double applied(double logit) {
    return logit / value;
  }

  /**
   * {@return the probabilities of all classes, {@code [rows][classes]}, a column for each also of
   * two} Each is accurate to a few units in the last place, near 1 and near 0 alike: the
   * probability of the first of two classes is the sigmoid of −z, never 1 − p.
   *
   * @param logits {@code [rows][outputs]}, not divided by this; the array may be longer
   * @param outputs the number of outputs: 1 for two classes by a sigmoid, else one for each class
   * @param rows the number of rows, at least 1
   * @throws IllegalArgumentException if the array is too short
   */
  public double[] probabilities(float[] logits, int outputs, int rows) {
    Rows.check(rows, "logits", logits, outputs);
    int classes = Math.max(2, outputs);
    double[] p = new double[classes];
    double[] all = new double[Math.multiplyExact(rows, classes)];
    for (int r = 0; r < rows; r++) {
      probabilities(logits, r, outputs, p);
      System.arraycopy(p, 0, all, r * classes, classes);
    }
    return all;
  }

  /** Writes the probabilities of all classes of one row. */
  void probabilities(float[] logits, int row, int outputs, double[] p) {
    if (outputs == 1) {
      double z = applied(logits[row]);
      double e = StrictMath.exp(-Math.abs(z));
      p[z >= 0 ? 1 : 0] = 1 / (1 + e);
      p[z >= 0 ? 0 : 1] = e / (1 + e);
      return;
    }
    int from = row * outputs;
    double largest = applied(logits[from + Classification.predicted(logits, row, outputs)]);
    double sum = 0;
    for (int c = 0; c < outputs; c++) {
      p[c] = StrictMath.exp(applied(logits[from + c]) - largest);
      sum += p[c];
    }
    for (int c = 0; c < outputs; c++) {
      p[c] /= sum;
    }
  }

  /**
   * Divides logits by this, in place.
   *
   * @param logits the logits; changed
   * @param count how many of them, from the first
   * @throws IllegalArgumentException if there are fewer logits or the count is negative
   */
  public void apply(float[] logits, int count) {
    if (count < 0 || count > logits.length) {
      throw new IllegalArgumentException(
          "count: %d; expected at most the %d logits".formatted(count, logits.length));
    }
    if (value != 1) {
      for (int i = 0; i < count; i++) {
        logits[i] /= value;
      }
    }
  }

  /** The log loss of rows as a function of b = 1/T: its slope, its curvature and its minimum. */
  private static final class Confidence {
    private final float[] logits;
    private final int outputs;
    private final float[] targets;
    private final int rows;

    /** The probability that a target is wrong. */
    private final double wrong;

    private double slope;
    private double curvature;

    Confidence(float[] logits, int outputs, float[] targets, int rows, double wrong) {
      this.logits = logits;
      this.outputs = outputs;
      this.targets = targets;
      this.rows = rows;
      this.wrong = wrong;
    }

    /**
     * {@return the b of the smallest loss, by Newton's method, with bisection where a step would
     * leave the bounds} A step of ε has an error of about ε² behind it.
     */
    double best() {
      double low = 1.0 / MOST;
      double high = 1.0 / LEAST;
      if (slopeAt(low) >= 0) {
        return low;
      }
      if (slopeAt(high) <= 0) {
        return high;
      }
      double b = 1;
      for (int step = 0; step < MOST_STEPS && slopeAt(b) != 0; step++) {
        double next = b - slope / curvature;
        if (Math.abs(next - b) <= TOLERANCE * b) {
          return Math.clamp(next, low, high);
        }
        if (slope > 0) {
          high = b;
        } else {
          low = b;
        }
        b = next > low && next < high ? next : StrictMath.sqrt(low * high);
      }
      return b;
    }

    private double slopeAt(double b) {
      slope = 0;
      curvature = 0;
      for (int r = 0; r < rows; r++) {
        if (outputs == 1) {
          addSigmoid(b, logits[r], targets[r]);
        } else {
          addSoftmax(b, r * outputs, (int) targets[r]);
        }
      }
      return slope;
    }

    private void addSigmoid(double b, double z, double y) {
      double e = StrictMath.exp(-Math.abs(b * z));
      double p = (z >= 0 ? 1 : e) / (1 + e);
      slope += z * (p - ((1 - 2 * wrong) * y + wrong));
      curvature += z * z * (e / ((1 + e) * (1 + e)));
    }

    /**
     * The slope is the logits' mean under their probabilities less the true class's score, or less
     * the mean under targets that may be wrong.
     */
    private void addSoftmax(double b, int from, int actual) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < outputs; c++) {
        largest = Math.max(largest, logits[from + c]);
      }
      double sum = 0;
      double first = 0;
      double second = 0;
      double all = 0;
      for (int c = 0; c < outputs; c++) {
        double z = logits[from + c] - largest;
        double weight = StrictMath.exp(b * z);
        sum += weight;
        first += weight * z;
        second += weight * z * z;
        all += z;
      }
      double mean = first / sum;
      double its = logits[from + actual] - largest;
      slope += mean - ((1 - wrong) * its + wrong / (outputs - 1) * (all - its));
      curvature += second / sum - mean * mean;
    }
  }
}
