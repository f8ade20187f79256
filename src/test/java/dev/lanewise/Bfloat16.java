package dev.lanewise;

/** The rounding of floats to bfloat16 by its definition: the nearer neighbour, of two the even. */
public final class Bfloat16 {

  private Bfloat16() {}

  /**
   * {@return the nearest number whose lower 16 bits are 0}
   *
   * @param x the number
   */
  public static float rounded(float x) {
    if (!Float.isFinite(x)) {
      return x;
    }
    int inner = Float.floatToIntBits(x) & 0xffff0000;
    float towardsZero = Float.intBitsToFloat(inner);
    float away = Float.intBitsToFloat(inner + 0x10000);
    double beyond = Float.isInfinite(away) ? Math.copySign(0x1p128, x) : away;
    double below = Math.abs((double) x - towardsZero);
    double above = Math.abs(beyond - x);
    boolean even = (inner & 0x10000) == 0;
    return below < above || below == above && even ? towardsZero : away;
  }

  /**
   * {@return the numbers, rounded}
   *
   * @param x the numbers
   */
  public static float[] rounded(float[] x) {
    float[] rounded = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      rounded[i] = rounded(x[i]);
    }
    return rounded;
  }
}
