package dev.lanewise.model;

import dev.lanewise.net.Loss;

/** From logits to probabilities in {@code double}. */
final class Links {

  private Links() {}

  /** {@return ln σ(z), accurate at both ends} */
  static double logSigmoid(double z) {
    double log = -StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
    return z < 0 ? z + log : log;
  }

  /** {@return ln Σ e^z over the numbers of a row} */
  static double logSum(double[] z, int from, int count) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, z[from + i]);
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += StrictMath.exp(z[from + i] - largest);
    }
    return largest + StrictMath.log(sum);
  }

  /** {@return the probabilities of a row: one for each logit, but two for a single one} */
  static int classes(Loss.Link link, int outputs) {
    return link == Loss.Link.SIGMOID && outputs == 1 ? 2 : outputs;
  }

  /**
   * Turns the logits of one row into probabilities. Each is made from the logits, none by taking
   * another from 1, so that small ones are as accurate as large ones.
   *
   * @param link what logits stand for: {@code SIGMOID} or {@code SOFTMAX}
   * @param z the logits, divided by the temperature
   * @param at the offset of the first
   * @param outputs their number
   * @param p receives the probabilities, as many as {@link #classes} says
   * @param pAt the offset of the first
   */
  static void probabilities(Loss.Link link, double[] z, int at, int outputs, double[] p, int pAt) {
    if (link == Loss.Link.SOFTMAX) {
      softmax(z, at, outputs, p, pAt);
    } else if (outputs == 1) {
      p[pAt] = sigmoid(-z[at]);
      p[pAt + 1] = sigmoid(z[at]);
    } else {
      for (int i = 0; i < outputs; i++) {
        p[pAt + i] = sigmoid(z[at + i]);
      }
    }
  }

  private static double sigmoid(double z) {
    double e = StrictMath.exp(-Math.abs(z));
    return (z < 0 ? e : 1) / (1 + e);
  }

  private static void softmax(double[] z, int at, int outputs, double[] p, int pAt) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < outputs; i++) {
      largest = Math.max(largest, z[at + i]);
    }
    double sum = 0;
    for (int i = 0; i < outputs; i++) {
      p[pAt + i] = StrictMath.exp(z[at + i] - largest);
      sum += p[pAt + i];
    }
    for (int i = 0; i < outputs; i++) {
      p[pAt + i] /= sum;
    }
  }
}
