package dev.lanewise.train;

/** The best parameters so far, by a score of which smaller is better. */
final class BestEpoch {

  private final double minimumDelta;

  /** The parameters; the initial ones until an epoch has a score. */
  final float[] parameters;

  /** Their score. */
  double score = Double.POSITIVE_INFINITY;

  /** The epoch's number, from 1; 0 for the initial parameters. */
  int number;

  BestEpoch(float[] initial, double minimumDelta) {
    this.parameters = initial.clone();
    this.minimumDelta = minimumDelta;
  }

  /** Keeps an epoch if it is better; NaN never is. */
  void offer(double candidate, float[] theta, int epoch) {
    if (candidate < score - minimumDelta) {
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
