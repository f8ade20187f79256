package dev.lanewise.kernel;

import dev.lanewise.engine.Engine;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * A function's errors over a range of all floats in order, from −∞ by −0 and 0 to ∞; float number i
 * has bits i from 0 on, and below the bits of −1 − i with the sign.
 */
final class FunctionSweep {

  /** The number of ∞. */
  static final long LAST = 0x7F80_0000L;

  /** The number of −∞. */
  static final long FIRST = -1 - LAST;

  private static final int BLOCK = 4096;
  private static final long PART = 1 << 20;

  /** A prime, so that all last digits of a significand come about. */
  private static final int STRIDE = 61;

  private static final float NEARLY_ZERO = 0x1p-27f;
  private static final double SMALLEST_NORMAL = Float.MIN_NORMAL;

  private final Curve curve;
  private double worst;
  private float worstAt = Float.NaN;
  private double worstBelow;
  private float worstBelowAt = Float.NaN;
  private long decreases;
  private float decreaseAt = Float.NaN;
  private long wrongNaNs;

  private FunctionSweep(Curve curve) {
    this.curve = curve;
  }

  /**
   * {@return the errors over all floats, by as many threads as there are cores}
   *
   * <p>That is over each float with 2^-27 ≤ |x| ≤ 256, for the logarithm each above 0, for the
   * cosine each up to 2^23, and every 61st of the rest. The rest is proven: above 256 each other
   * function first cuts its argument, so it is a constant or a constant times its argument, and
   * above 2^23 there are whole turns alone; below 2^-27 the terms after the first are less than a
   * quarter of its last place, so it is again one of these.
   */
  static FunctionSweep overAll(Curve curve) {
    FunctionSweep all = new FunctionSweep(curve);
    long small = Float.floatToIntBits(NEARLY_ZERO);
    long large = Float.floatToIntBits(curve.end());
    if (curve == Curve.LOG) {
      all.add(FIRST, -1, STRIDE);
      all.add(0, LAST, 1);
      return all;
    }
    all.add(FIRST, -1 - large, STRIDE);
    all.add(-1 - large, -1 - small, 1);
    all.add(-1 - small, small, STRIDE);
    all.add(small, large, 1);
    all.add(large, LAST, STRIDE);
    return all;
  }

  /** {@return the errors from one float to another, given by their numbers} */
  static FunctionSweep over(Curve curve, long first, long last) {
    FunctionSweep sweep = new FunctionSweep(curve);
    sweep.add(first, last, 1);
    return sweep;
  }

  private void add(long first, long last, int stride) {
    long part = PART * stride;
    LongStream.rangeClosed(0, (last - first) / part)
        .parallel()
        .forEach(
            i -> {
              long from = first + i * part;
              FunctionSweep some = new FunctionSweep(curve);
              // One float twice, so that a decrease from one part to the next is seen.
              some.look(Math.max(first, from - stride), Math.min(last, from + part - 1), stride);
              join(some);
            });
  }

  /** {@return float number i of all floats in order} */
  static float number(long i) {
    return Float.intBitsToFloat(i < 0 ? (int) (-1 - i) | 0x8000_0000 : (int) i);
  }

  private synchronized void join(FunctionSweep other) {
    if (other.worst > worst) {
      worst = other.worst;
      worstAt = other.worstAt;
    }
    if (other.worstBelow > worstBelow) {
      worstBelow = other.worstBelow;
      worstBelowAt = other.worstBelowAt;
    }
    if (other.decreases > 0 && !(decreaseAt < other.decreaseAt)) {
      decreaseAt = other.decreaseAt;
    }
    decreases += other.decreases;
    wrongNaNs += other.wrongNaNs;
  }

  private void look(long first, long last, int stride) {
    Kernels kernels = Engine.standard().kernels();
    float[] x = new float[BLOCK];
    float[] y = new float[BLOCK];
    float before = Float.NEGATIVE_INFINITY;
    for (long from = first; from <= last; from += (long) BLOCK * stride) {
      int n = (int) Math.min(BLOCK, (last - from) / stride + 1);
      for (int i = 0; i < n; i++) {
        x[i] = number(from + (long) i * stride);
      }
      curve.of(kernels, x, y, n);
      for (int i = 0; i < n; i++) {
        if (y[i] < before) {
          decreases++;
          decreaseAt = decreases == 1 ? x[i] : decreaseAt;
        }
        before = y[i] == y[i] ? y[i] : before;
        compare(x[i], y[i], curve.meant(x[i]));
      }
    }
  }

  /** An infinite value counts as 2^128, and so does what is exact and larger. */
  private void compare(float x, float y, double exact) {
    if ((float) exact == y) {
      return;
    }
    if (Double.isNaN(exact) || Float.isNaN(y)) {
      wrongNaNs += Double.isNaN(exact) && Float.isNaN(y) ? 0 : 1;
      return;
    }
    double wanted = Math.clamp(exact, -0x1p128, 0x1p128);
    double error =
        Math.abs(Math.clamp(y, -0x1p128, 0x1p128) - wanted)
            / curve.measure.unitAt(x, Math.min(Math.abs(wanted), Float.MAX_VALUE));
    if (curve.measure == Curve.Measure.ULP && Math.abs(exact) < SMALLEST_NORMAL) {
      worstBelowAt = error > worstBelow ? x : worstBelowAt;
      worstBelow = Math.max(worstBelow, error);
    } else {
      worstAt = error > worst ? x : worstAt;
      worst = Math.max(worst, error);
    }
  }

  /** The worst error where the exact value is normal; 0 if all are the nearest floats. */
  double worst() {
    return worst;
  }

  /** The worst error, in 2^-149, where the exact value is below the normal numbers. */
  double worstBelow() {
    return worstBelow;
  }

  long decreases() {
    return decreases;
  }

  /** How often one of value and exact value was NaN and the other was not. */
  long wrongNaNs() {
    return wrongNaNs;
  }

  /** One line of a table in Markdown: function, unit, worst error, bound, order. */
  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s | %s |",
        curve.title,
        curve.measure.unit,
        error(worst, worstAt),
        curve.measure == Curve.Measure.ULP ? error(worstBelow, worstBelowAt) : "",
        String.format(Locale.ROOT, "%.4g", curve.bound),
        order());
  }

  private String order() {
    if (!curve.neverDecreases) {
      return "";
    }
    return decreases == 0 ? "never decreases" : decreases + " decreases, e.g. " + hex(decreaseAt);
  }

  private static String error(double worst, float at) {
    return worst == 0
        ? "0.5 (all nearest)"
        : String.format(Locale.ROOT, "%.4f at %s (%.6g)", worst, hex(at), at);
  }

  private static String hex(float x) {
    return Float.toHexString(x);
  }

  @Override
  public String toString() {
    return row();
  }
}
