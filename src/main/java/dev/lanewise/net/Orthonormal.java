package dev.lanewise.net;

import dev.lanewise.random.CounterRandom;

/**
 * Random vectors of length 1 at right angles: normal draws made orthogonal one after the other
 * (Gram and Schmidt), each twice, because rounding leaves a remainder after the first time (Giraud
 * et al. 2005: twice is enough). That is the QR factorisation whose R has a positive diagonal,
 * which is unique, so the vectors are distributed evenly over all directions (Mezzadri 2007).
 */
final class Orthonormal {

  /** A remainder below this share of its vector is rounding error, not a direction. */
  private static final double DEPENDENT = 1e-10;

  private Orthonormal() {}

  /**
   * {@return {@code count} vectors of {@code length} numbers}
   *
   * @param count at most {@code length}
   * @param key the key of the draws
   */
  static double[][] vectors(int count, int length, long key) {
    double[][] vectors = new double[count][length];
    int draws = 0;
    for (int k = 0; k < count; ) {
      double[] v = vectors[k];
      for (int i = 0; i < length; i++) {
        v[i] = CounterRandom.normal(key, draws++);
      }
      double before = StrictMath.sqrt(product(v, v));
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < k; j++) {
          subtract(product(vectors[j], v), vectors[j], v);
        }
      }
      double after = StrictMath.sqrt(product(v, v));
      if (after > DEPENDENT * before) {
        for (int i = 0; i < length; i++) {
          v[i] /= after;
        }
        k++;
      }
    }
    return vectors;
  }

  /** {@return Σxy, as four independent sums} */
  private static double product(double[] x, double[] y) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < x.length; i += 4) {
      a += x[i] * y[i];
      b += x[i + 1] * y[i + 1];
      c += x[i + 2] * y[i + 2];
      d += x[i + 3] * y[i + 3];
    }
    for (; i < x.length; i++) {
      a += x[i] * y[i];
    }
    return (a + b) + (c + d);
  }

  private static void subtract(double factor, double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] -= factor * x[i];
    }
  }
}
