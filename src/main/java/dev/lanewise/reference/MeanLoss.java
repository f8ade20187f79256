package dev.lanewise.reference;

import dev.lanewise.net.Loss;

/**
 * The weighted mean Σwℓ/n of a loss over the rows of a batch, computed from the logits, and its
 * gradient.
 */
final class MeanLoss {

  private final Loss loss;
  private final double[][] targets;
  private final double[] weights;

  /** The loss of rows that all have the weight 1. */
  MeanLoss(Loss loss, double[][] targets) {
    this(loss, targets, ReferenceNetwork.Batch.ones(targets.length));
  }

  MeanLoss(Loss loss, double[][] targets, double[] weights) {
    this.loss = loss;
    this.targets = targets;
    this.weights = weights;
  }

  double value(double[][] logits) {
    double sum = 0;
    for (int r = 0; r < logits.length; r++) {
      sum += weights[r] * rowLoss(logits[r], target(r, logits[r].length));
    }
    return sum / logits.length;
  }

  double[][] gradient(double[][] logits) {
    double[][] dZ = new double[logits.length][];
    for (int r = 0; r < logits.length; r++) {
      dZ[r] = rowGradient(logits[r], target(r, logits[r].length));
      for (int j = 0; j < dZ[r].length; j++) {
        dZ[r][j] *= weights[r] / logits.length;
      }
    }
    return dZ;
  }

  /** Adds, for a loss of two or three pieces, the piece that each error is in. */
  void addSides(double[][] logits, Sides sides) {
    switch (loss) {
      case Loss.Quantile quantile -> addSides(logits, sides, 0);
      case Loss.Huber huber -> addSides(logits, sides, huber.delta());
      default -> {}
    }
  }

  private void addSides(double[][] logits, Sides sides, double limit) {
    for (int r = 0; r < logits.length; r++) {
      for (int j = 0; j < logits[r].length; j++) {
        sides.add(logits[r][j] - targets[r][j], limit);
      }
    }
  }

  /**
   * {@return a row's target with one column for each logit, smoothed: a class number becomes
   * one-hot}
   */
  private double[] target(int row, int outputs) {
    double[] y = targets[row];
    if (loss.takesClassNumbers(y.length) && outputs > 1) {
      int label = (int) y[0];
      y = new double[outputs];
      y[label] = 1;
    }
    if (loss.smoothing() == 0) {
      return y;
    }
    return smoothed(y, loss.smoothing(), loss.link() == Loss.Link.SOFTMAX ? outputs : 2);
  }

  /** {@return (1 − s)·y + s/K} */
  private static double[] smoothed(double[] y, double s, int classes) {
    double[] smoothed = new double[y.length];
    for (int j = 0; j < y.length; j++) {
      smoothed[j] = (1 - s) * y[j] + s / classes;
    }
    return smoothed;
  }

  private double rowLoss(double[] z, double[] y) {
    if (loss instanceof Loss.SoftmaxCrossEntropy) {
      // −Σ y·ln softmax(z) = Σ y·ln Σ eᶻ − Σ y·z
      double value = sum(y) * logSumExp(z);
      for (int j = 0; j < z.length; j++) {
        value -= y[j] * z[j];
      }
      return value;
    }
    double value = 0;
    for (int j = 0; j < z.length; j++) {
      value += elementLoss(z[j], y[j]);
    }
    return value;
  }

  private double[] rowGradient(double[] z, double[] y) {
    double[] d = new double[z.length];
    if (loss instanceof Loss.SoftmaxCrossEntropy) {
      double sum = sum(y);
      double logSum = logSumExp(z);
      for (int j = 0; j < z.length; j++) {
        d[j] = sum * StrictMath.exp(z[j] - logSum) - y[j];
      }
      return d;
    }
    for (int j = 0; j < z.length; j++) {
      d[j] = elementGradient(z[j], y[j]);
    }
    return d;
  }

  /** {@return what one logit adds to its row's loss} */
  private double elementLoss(double z, double y) {
    double e = z - y;
    return switch (loss) {
      case Loss.SoftmaxCrossEntropy s -> throw new AssertionError(s);
      // −y·ln σ(z) − (1 − y)·ln σ(−z) = ln(1 + eᶻ) − y·z
      case Loss.SigmoidCrossEntropy s -> Nonlinearity.softplus(z) - y * z;
      case Loss.SquaredError s -> 0.5 * e * e;
      case Loss.Poisson p -> StrictMath.exp(z) - y * z;
      case Loss.Quantile q -> {
        double tau = q.tau();
        yield Math.max(-tau * e, (1 - tau) * e);
      }
      case Loss.Huber h -> {
        double delta = h.delta();
        double size = Math.abs(e);
        yield size <= delta ? 0.5 * e * e : delta * (size - 0.5 * delta);
      }
    };
  }

  /** {@return the derivative of that by z} */
  private double elementGradient(double z, double y) {
    double e = z - y;
    return switch (loss) {
      case Loss.SoftmaxCrossEntropy s -> throw new AssertionError(s);
      case Loss.SigmoidCrossEntropy s -> Nonlinearity.sigmoid(z) - y;
      case Loss.SquaredError s -> e;
      case Loss.Poisson p -> StrictMath.exp(z) - y;
      case Loss.Quantile q -> e > 0 ? 1 - (double) q.tau() : e < 0 ? -q.tau() : 0;
      case Loss.Huber h -> Math.clamp(e, -h.delta(), h.delta());
    };
  }

  /** {@return Σ y, which is 1 where the targets of a row are probabilities} */
  private static double sum(double[] y) {
    double sum = 0;
    for (double part : y) {
      sum += part;
    }
    return sum;
  }

  /** {@return ln Σ eᶻ}, computed relative to the largest logit so that nothing overflows. */
  static double logSumExp(double[] z) {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : z) {
      max = Math.max(max, score);
    }
    double sum = 0;
    for (double score : z) {
      sum += StrictMath.exp(score - max);
    }
    return max + StrictMath.log(sum);
  }
}
