package dev.lanewise.plan;

import dev.lanewise.net.Loss;

/**
 * Members' scores made one: the logits of their mean probability, the logarithm of their mean under
 * Poisson's loss, the mean of values. In double precision and by sums of logarithms, so that no
 * probability is too small for it. Allocates nothing; for one thread at a time.
 */
final class MeanOfMembers {

  private final Loss.Link link;
  private final int members;
  private final int outputs;

  /** The logarithms of what an output's mean is taken of, member by member. */
  private final double[] terms;

  /** The logarithm of each member's sum of exponentials. */
  private final double[] sums;

  MeanOfMembers(Loss.Link link, int members, int outputs) {
    this.link = link;
    this.members = members;
    this.outputs = outputs;
    terms = new double[members];
    sums = new double[members];
  }

  /**
   * Merges the scores of a row.
   *
   * @param scores the scores; those of a member begin {@code distance} behind those of the one
   *     before
   * @param at where those of the first member begin
   * @param distance the distance
   * @param merged receives the row's scores
   * @param to where they begin
   */
  void of(float[] scores, int at, int distance, float[] merged, int to) {
    if (link == Loss.Link.SOFTMAX) {
      for (int member = 0; member < members; member++) {
        sums[member] = logOfSum(scores, at + member * distance);
      }
    }
    for (int j = 0; j < outputs; j++) {
      merged[to + j] = (float) one(scores, at + j, distance);
    }
  }

  private double one(float[] scores, int at, int distance) {
    return switch (link) {
      case IDENTITY -> {
        double sum = 0;
        for (int member = 0; member < members; member++) {
          sum += scores[at + member * distance];
        }
        yield sum / members;
      }
      case EXP -> {
        for (int member = 0; member < members; member++) {
          terms[member] = scores[at + member * distance];
        }
        yield logOfMean();
      }
      case SOFTMAX -> {
        for (int member = 0; member < members; member++) {
          terms[member] = scores[at + member * distance] - sums[member];
        }
        yield logOfMean();
      }
      case SIGMOID -> {
        for (int member = 0; member < members; member++) {
          terms[member] = logOfSigmoid(scores[at + member * distance]);
        }
        double second = logOfMean();
        for (int member = 0; member < members; member++) {
          terms[member] = logOfSigmoid(-scores[at + member * distance]);
        }
        yield second - logOfMean();
      }
    };
  }

  /** {@return ln Σ eᶻ over the outputs of a member} */
  private double logOfSum(float[] scores, int at) {
    double most = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < outputs; j++) {
      most = Math.max(most, scores[at + j]);
    }
    double sum = 0;
    for (int j = 0; j < outputs; j++) {
      sum += StrictMath.exp(scores[at + j] - most);
    }
    return most + StrictMath.log(sum);
  }

  /** {@return ln of the mean of eᵗ over the terms t} */
  private double logOfMean() {
    double most = Double.NEGATIVE_INFINITY;
    for (double term : terms) {
      most = Math.max(most, term);
    }
    if (Double.isInfinite(most)) {
      return most;
    }
    double sum = 0;
    for (double term : terms) {
      sum += StrictMath.exp(term - most);
    }
    return most + StrictMath.log(sum / members);
  }

  /** {@return ln σ(z)} */
  private static double logOfSigmoid(double z) {
    return Math.min(z, 0) - StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
  }
}
