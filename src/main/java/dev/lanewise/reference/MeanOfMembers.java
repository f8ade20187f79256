package dev.lanewise.reference;

import dev.lanewise.net.Loss;

/**
 * The logits of the mean of members' probabilities, the logarithm of their mean under Poisson's
 * loss, the mean of their values.
 */
final class MeanOfMembers {

  private final Loss.Link link;
  private final int members;

  MeanOfMembers(Loss.Link link, int members) {
    this.link = link;
    this.members = members;
  }

  /** {@return the logits {@code [rows][outputs]} of {@code [rows · members][outputs]}} */
  double[][] of(double[][] logits) {
    double[][] merged = new double[logits.length / members][logits[0].length];
    for (int r = 0; r < merged.length; r++) {
      for (int j = 0; j < merged[r].length; j++) {
        merged[r][j] =
            switch (link) {
              case IDENTITY -> sum(logits, r, j) / members;
              case EXP, SOFTMAX -> logOfMean(logits, r, j, 1);
              case SIGMOID -> logOfMean(logits, r, j, 1) - logOfMean(logits, r, j, -1);
            };
      }
    }
    return merged;
  }

  private double sum(double[][] logits, int r, int j) {
    double sum = 0;
    for (int m = 0; m < members; m++) {
      sum += logits[r * members + m][j];
    }
    return sum;
  }

  /** {@return ln of the mean of what the logits, times a sign, stand for} */
  private double logOfMean(double[][] logits, int r, int j, double sign) {
    double[] logs = new double[members];
    for (int m = 0; m < members; m++) {
      double[] z = logits[r * members + m];
      logs[m] =
          switch (link) {
            case SIGMOID -> -Nonlinearity.softplus(-sign * z[j]);
            case SOFTMAX -> z[j] - MeanLoss.logSumExp(z);
            default -> z[j];
          };
    }
    return MeanLoss.logSumExp(logs) - StrictMath.log(members);
  }
}
