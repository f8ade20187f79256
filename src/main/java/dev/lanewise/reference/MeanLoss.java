package dev.lanewise.reference;

import dev.lanewise.net.Loss;

/**
 * The weighted mean Σwℓ/n of a loss over the rows of a batch, from the scores, and its gradient.
 */
final class MeanLoss {

  private final Loss loss;
  private final double[][] targets;
  private final double[] weights;

  /** A loss of rows that all weigh 1. */
  MeanLoss(Loss loss, double[][] targets) {
    this(loss, targets, ReferenceBatch.ones(targets.length));
  }

  MeanLoss(Loss loss, double[][] targets, double[] weights) {
    this.loss = loss;
    this.targets = targets;
    this.weights = weights;
  }

  double value(double[][] scores) {
    double sum = 0;
    for (int r = 0; r < scores.length; r++) {
      sum += weights[r] * rowLoss(scores[r], target(r, scores[r].length));
    }
    return sum / scores.length;
  }

  double[][] gradient(double[][] scores) {
    double[][] dZ = new double[scores.length][];
    for (int r = 0; r < scores.length; r++) {
      dZ[r] = rowGradient(scores[r], target(r, scores[r].length));
      for (int j = 0; j < dZ[r].length; j++) {
        dZ[r][j] *= weights[r] / scores.length;
      }
    }
    return dZ;
  }

  /** Adds the branch of Huber's or the quantile loss that each error takes. */
  void addSides(double[][] scores, Sides sides) {
    if (loss instanceof Loss.Quantile) {
      for (int r = 0; r < scores.length; r++) {
        for (int j = 0; j < scores[r].length; j++) {
          sides.add(scores[r][j] - targets[r][j], 0);
        }
      }
    }
    if (loss instanceof Loss.Huber huber) {
      for (int r = 0; r < scores.length; r++) {
        for (int j = 0; j < scores[r].length; j++) {
          sides.add(scores[r][j] - targets[r][j], huber.delta());
        }
      }
    }
  }

  /**
   * {@return a row's target with one column for each score, smoothed: a class number becomes
   * one-hot}
   */
  private double[] target(int row, int outputs) {
    double[] given = targets[row];
    return switch (loss) {
      case Loss.SoftmaxCrossEntropy softmax -> {
        double[] y = given;
        if (given.length != outputs) {
          y = new double[outputs];
          y[(int) given[0]] = 1;
        }
        yield smoothed(y, softmax.smoothing(), outputs);
      }
      case Loss.SigmoidCrossEntropy sigmoid -> smoothed(given, sigmoid.smoothing(), 2);
      default -> given;
    };
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
    return switch (loss) {
      // −Σ y·ln softmax(z) = Σ y·ln Σ eᶻ − Σ y·z
      case Loss.SoftmaxCrossEntropy s -> {
        double value = sum(y) * logSumExp(z);
        for (int j = 0; j < z.length; j++) {
          value -= y[j] * z[j];
        }
        yield value;
      }
      // −y·ln σ(z) − (1 − y)·ln σ(−z) = ln(1 + eᶻ) − y·z
      case Loss.SigmoidCrossEntropy s -> {
        double value = 0;
        for (int j = 0; j < z.length; j++) {
          value += Nonlinearity.softplus(z[j]) - y[j] * z[j];
        }
        yield value;
      }
      case Loss.SquaredError s -> {
        double value = 0;
        for (int j = 0; j < z.length; j++) {
          value += 0.5 * (z[j] - y[j]) * (z[j] - y[j]);
        }
        yield value;
      }
      case Loss.Poisson p -> {
        double value = 0;
        for (int j = 0; j < z.length; j++) {
          value += StrictMath.exp(z[j]) - y[j] * z[j];
        }
        yield value;
      }
      case Loss.Quantile quantile -> {
        double value = 0;
        double tau = quantile.tau();
        for (int j = 0; j < z.length; j++) {
          value += Math.max(tau * (y[j] - z[j]), (1 - tau) * (z[j] - y[j]));
        }
        yield value;
      }
      case Loss.Huber huber -> {
        double value = 0;
        double delta = huber.delta();
        for (int j = 0; j < z.length; j++) {
          double e = Math.abs(z[j] - y[j]);
          value += e <= delta ? 0.5 * e * e : delta * (e - 0.5 * delta);
        }
        yield value;
      }
    };
  }

  private double[] rowGradient(double[] z, double[] y) {
    double[] d = new double[z.length];
    double logSum = loss instanceof Loss.SoftmaxCrossEntropy ? logSumExp(z) : 0;
    for (int j = 0; j < z.length; j++) {
      d[j] =
          switch (loss) {
            case Loss.SoftmaxCrossEntropy s -> sum(y) * StrictMath.exp(z[j] - logSum) - y[j];
            case Loss.SigmoidCrossEntropy s -> Nonlinearity.sigmoid(z[j]) - y[j];
            case Loss.SquaredError s -> z[j] - y[j];
            case Loss.Poisson p -> StrictMath.exp(z[j]) - y[j];
            case Loss.Quantile q -> z[j] > y[j] ? 1 - (double) q.tau() : z[j] < y[j] ? -q.tau() : 0;
            case Loss.Huber h -> Math.clamp(z[j] - y[j], -h.delta(), h.delta());
          };
    }
    return d;
  }

  /** {@return Σ y, which is 1 where the targets of a row are probabilities} */
  private static double sum(double[] y) {
    double sum = 0;
    for (double part : y) {
      sum += part;
    }
    return sum;
  }

  /** {@return ln Σ eᶻ}, with the largest score taken out so that nothing overflows. */
  private static double logSumExp(double[] z) {
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
