package dev.lanewise.reference;

import dev.lanewise.random.CounterRandom;

/** Inverted dropout with one mask: kept units are divided by the keeping probability. */
final class Masking {

  private final boolean[] kept;
  private final double keep;

  /**
   * @param kept for each unit, {@code [rows · width]}
   * @param keep the probability of keeping
   */
  Masking(boolean[] kept, double keep) {
    this.kept = kept;
    this.keep = keep;
  }

  /** {@return the mask that a training step draws for a dropout} */
  static boolean[] draw(long stepKey, int dropout, double keep, int units) {
    long key = CounterRandom.key(stepKey, dropout, 0);
    int threshold = CounterRandom.threshold(keep);
    boolean[] mask = new boolean[units];
    for (int i = 0; i < units; i++) {
      mask[i] = CounterRandom.kept(key, i, threshold);
    }
    return mask;
  }

  /**
   * {@return a·mask/keep}; the backward pass is the same map, because it is linear and diagonal.
   */
  double[][] apply(double[][] a) {
    double[][] masked = new double[a.length][];
    for (int r = 0; r < a.length; r++) {
      int width = a[r].length;
      masked[r] = new double[width];
      for (int j = 0; j < width; j++) {
        masked[r][j] = kept[r * width + j] ? a[r][j] / keep : 0;
      }
    }
    return masked;
  }
}
