package dev.lanewise.kernel;

/** The fused multiply-add of the scalar kernels: {@code a·b + c} rounded once, on every machine. */
final class Fma {

  private static final boolean HARDWARE = Machine.hasFma();

  private Fma() {}

  static float fma(float a, float b, float c) {
    return HARDWARE ? Math.fma(a, b, c) : software(a, b, c);
  }

  /**
   * The exact result without hardware, where {@code Math.fma} would go through {@code BigDecimal}:
   * the product is exact in double; the sum is rounded to odd, which makes the second rounding, to
   * float, harmless (Boldo and Melquiond 2008).
   */
  static float software(float a, float b, float c) {
    double product = (double) a * b;
    double sum = product + c;
    double shift = sum - product;
    double error = (product - (sum - shift)) + (c - shift);
    if (error != 0 && Double.isFinite(sum)) {
      long bits = Double.doubleToRawLongBits(sum);
      if ((bits & 1) == 0) {
        sum = Double.longBitsToDouble((error > 0) == (sum > 0) ? bits + 1 : bits - 1);
      }
    }
    return (float) sum;
  }
}
