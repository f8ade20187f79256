package dev.lanewise.train;

/** The best parameters so far, by a score of which smaller is better. */
final class BestEpoch {

  private final EarlyStopping rule;

  /** The parameters; the initial ones until an epoch has a score. */
  final float[] parameters;

  /** Their score. */
  double score = Double.POSITIVE_INFINITY;

  /** The epoch's number, from 1; 0 for the initial parameters. */
  int number;

  BestEpoch(float[] initial, EarlyStopping rule) {
    this.parameters = initial.clone();
    this.rule = rule;
  }

  /** Keeps an epoch if the rule takes it for better. */
  void offer(double candidate, float[] theta, int epoch) {
    if (rule.isBetter(candidate, score)) {
      score = candidate;
      number = epoch;
      System.arraycopy(theta, 0, parameters, 0, theta.length);
    }
  }

  /** Continues from a checkpoint. */
  void restore(float[] theta, double itsScore, int epoch) {
    System.arraycopy(theta, 0, parameters, 0, theta.length);
    score = itsScore;
    number = epoch;
  }
}
