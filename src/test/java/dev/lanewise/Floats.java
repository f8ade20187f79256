package dev.lanewise;

import dev.lanewise.random.CounterRandom;

/** Arrays of random numbers, each a function of its length and a seed. */
public final class Floats {

  /** Zeros, ones, numbers whose squares or products leave the range, infinities and NaN. */
  private static final float[] AWKWARD = {
    0f,
    -0f,
    1f,
    -1f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    -1e-40f,
    1e-38f,
    -1e-30f,
    1e-20f,
    1e19f,
    3e38f,
    -3e38f,
    Float.MAX_VALUE,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY
  };

  private Floats() {}

  /** {@return standard normal numbers} */
  public static float[] normals(int n, long seed) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) CounterRandom.normal(seed, i);
    }
    return values;
  }

  /** {@return standard normal numbers, one in sixteen of them an awkward one instead} */
  public static float[] awkward(int n, long seed) {
    float[] values = normals(n, seed);
    for (int i = 0; i < n; i++) {
      if (CounterRandom.below(seed + 1, i, 16) == 0) {
        values[i] = AWKWARD[CounterRandom.below(seed + 2, i, AWKWARD.length)];
      }
    }
    return values;
  }
}
