package dev.lanewise.course;

import java.util.Arrays;
import java.util.OptionalDouble;

/** The same score of several trainings, which differ in their seed alone. */
final class Sample {

  private final double[] sorted;

  /**
   * Creates a sample.
   *
   * @param scores the scores, at least one
   */
  Sample(double... scores) {
    sorted = scores.clone();
    Arrays.sort(sorted);
  }

  /** {@return the arithmetic mean} */
  double mean() {
    return Arrays.stream(sorted).sum() / sorted.length;
  }

  /** {@return the smallest score} */
  double minimum() {
    return sorted[0];
  }

  /** {@return the largest score} */
  double maximum() {
    return sorted[sorted.length - 1];
  }

  /** {@return the middle score, or the mean of the middle two} */
  double median() {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /**
   * {@return the standard error of the mean, √(Σ(x − mean)²/(n − 1)/n); nothing for a single score}
   */
  OptionalDouble standardError() {
    int n = sorted.length;
    if (n == 1) {
      return OptionalDouble.empty();
    }
    double mean = mean();
    double squares = 0;
    for (double score : sorted) {
      squares += (score - mean) * (score - mean);
    }
    return OptionalDouble.of(Math.sqrt(squares / (n - 1) / n));
  }
}
