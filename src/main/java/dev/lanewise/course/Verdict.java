package dev.lanewise.course;

/**
 * The counts of predictions of a trained net.
 *
 * @param rows their number
 * @param right the number of those whose class is the predicted one
 * @param positive the number of those that are predicted to be of class 1
 */
record Verdict(int rows, int right, int positive) {

  /** {@return a verdict by the signs of scores} */
  static Verdict of(float[] scores, float[] labels) {
    int right = 0;
    int positive = 0;
    for (int r = 0; r < scores.length; r++) {
      int predicted = scores[r] >= 0 ? 1 : 0;
      positive += predicted;
      right += predicted == labels[r] ? 1 : 0;
    }
    return new Verdict(scores.length, right, positive);
  }

  double accuracy() {
    return (double) right / rows;
  }

  /** {@return whether all rows are given the same class} */
  boolean oneClass() {
    return positive == 0 || positive == rows;
  }
}
