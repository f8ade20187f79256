package dev.lanewise.kernel;

/**
 * Elementary functions in single precision: the definition of the bits that every kernel set
 * computes.
 *
 * <p>Only additions, products, quotients, fused multiply-adds and integer operations are used, each
 * rounded once, so the same bits come out on every machine; {@link VectorSmooth} has the same
 * formulas in vector lanes, operation by operation. Selections are written the way lanes need them:
 * all branches are computed, then one is taken.
 *
 * <p>The polynomials are weighted minimax fits, made by Lawson's iteration on Chebyshev nodes in
 * double precision with values of 40 digits; their coefficients were rounded to {@code float} one
 * after the other from the constant up, the rest being fitted again each time. The error named
 * beside each is that of the rounded polynomial, relative to the function's value, before rounding
 * errors of the evaluation.
 *
 * <p>Errors, in units of the last place where the value is a normal number and of 2^-149 below: exp
 * 1.03, log, tanh and ELU 1, log1p 1.2, sigmoid 1.5, softplus and SELU 2, Mish 2.75, SiLU 3.5, GELU
 * 3.75. Exp, log, tanh and the sigmoid never decrease. The tanh form of GELU is exact to 3·2^-24 of
 * max(|z|, 1); its relative error grows in the left tail. Slopes are exact to 4·2^-24, that of
 * GELU's tanh form to 4.5·2^-24. NaN in gives NaN out, infinities give the limits.
 */
final class Functions {

  /** 1/ln 2. */
  static final float LOG2_E = 0x1.715476p0f;

  /** ln 2 cut to 17 bits, so that its product with an exponent is exact. */
  static final float LN2_HIGH = 0x1.62e4p-1f;

  /** The rest of ln 2. */
  static final float LN2_LOW = 0x1.7f7d1cp-20f;

  /** 1.5·2^23: adding it rounds to an integer, which then stands in the lowest bits. */
  static final float ROUNDER = 0x1.8p23f;

  /** The bits of {@link #ROUNDER}. */
  static final int ROUNDER_BITS = 0x4B400000;

  /** Below this, e^x is 0 in single precision, and 2^64·e^x no more than 2^-152. */
  static final float EXP_LOW = -150;

  /** From here on e^x is infinite in single precision. */
  static final float EXP_HIGH = 89;

  /** Below this, e^x − 1 is −1 in single precision. */
  static final float EXPM1_LOW = -20;

  /** (e^r − 1 − r)/r² for |r| ≤ ln(2)/2, error 2^-28 of e^r. */
  static final float E0 = 0.5f;

  static final float E1 = 0x1.55549p-3f;
  static final float E2 = 0x1.5554bep-5f;
  static final float E3 = 0x1.123afep-7f;
  static final float E4 = 0x1.6d7c9ep-10f;

  /** (tanh(x) − x)/x³ in x² for |x| ≤ 0.55, error 2^-29. */
  static final float T0 = -0x1.55554cp-2f;

  static final float T1 = 0x1.110d6ap-3f;
  static final float T2 = -0x1.b931fep-5f;
  static final float T3 = 0x1.5982a4p-6f;
  static final float T4 = -0x1.9c9668p-8f;

  /** Where tanh changes from its polynomial to exp. */
  static final float TANH_SMALL = 0.55f;

  /** (ln(1 + u) − u)/u² for 0 ≤ u ≤ 1, error 2^-27. */
  static final float L0 = -0x1.ffffd8p-2f;

  static final float L1 = 0x1.554e94p-2f;
  static final float L2 = -0x1.ff3502p-3f;
  static final float L3 = 0x1.93a7d4p-3f;
  static final float L4 = -0x1.3b5824p-3f;
  static final float L5 = 0x1.b8737cp-4f;
  static final float L6 = -0x1.de5272p-5f;
  static final float L7 = 0x1.51661p-6f;
  static final float L8 = -0x1.be5294p-9f;

  /** (Φ(z) − ½)/z in z² for |z| ≤ 0.8, error 2^-28 of Φ. */
  static final float S0 = 0x1.988452p-2f;

  static final float S1 = -0x1.1057b8p-4f;
  static final float S2 = 0x1.46b1fep-7f;
  static final float S3 = -0x1.3437bp-10f;
  static final float S4 = 0x1.9de014p-14f;

  /** Where the normal distribution changes from that polynomial to the next. */
  static final float NORMAL_SMALL = 0.8f;

  /** (t + 3.625)·Φ(−t)·e^(t²/2) in u = (t − 3.625)/(t + 3.625) for 0.79 ≤ t ≤ 15, error 2^-27. */
  static final float G0 = 0x1.7eb56ep-1f;

  static final float G1 = -0x1.27900cp-1f;
  static final float G2 = 0x1.56a382p-2f;
  static final float G3 = -0x1.1204b8p-3f;
  static final float G4 = 0x1.baef7ap-6f;
  static final float G5 = 0x1.17436ap-8f;
  static final float G6 = -0x1.f57c7ap-9f;
  static final float G7 = 0x1.4cc39ep-15f;
  static final float G8 = 0x1.d25feap-12f;

  /** The middle of that range, in u. */
  static final float G_CENTRE = 3.625f;

  /** From −9 down, GELU and its derivative count as 0; see {@link #GATE_END}. */
  static final float NORMAL_END = 9;

  /** 2π in two parts. */
  static final float TWO_PI = 0x1.921fb6p2f;

  static final float TWO_PI_LOW = -0x1.777a5cp-23f;

  /** (cos(2πu) − 1)/u² in u² for |u| ≤ 1/8, error 2^-31 of the cosine. */
  static final float COS0 = -0x1.3bd3ccp4f;

  static final float COS1 = 0x1.03c1bp6f;
  static final float COS2 = -0x1.55b2b4p6f;
  static final float COS3 = 0x1.d4f632p5f;

  /** (sin(2πu)/u − 2π)/u² in u² for |u| ≤ 1/8, error 2^-28 of the sine. */
  static final float SIN0 = -0x1.4abbbep5f;

  static final float SIN1 = 0x1.465facp6f;
  static final float SIN2 = -0x1.2db5ccp6f;

  /** Up to here adding this rounds to a whole number; beyond it all numbers are whole. */
  static final float WHOLE = 0x1p23f;

  /** λ, the slope of SELU above 0. */
  static final float SELU_SCALE = 1.0507009873554805f;

  /** λα, the factor of eᶻ − 1 below 0. */
  static final float SELU_BELOW = 1.7580993408473766f;

  /** 1/√(2π), the normal density at 0. */
  static final float DENSITY = 0x1.988454p-2f;

  /** 2·√(2/π), the factor of z in the tanh form of GELU, written with the sigmoid. */
  static final float TANH_GELU = 1.5957691216057308f;

  /** The factor of z³. */
  static final float TANH_GELU_CUBE = 0.07135481627260025f;

  /** Three times that, in the derivative. */
  static final float TANH_GELU_SLOPE = 0.21406444881780076f;

  /**
   * From −43 down, softplus, z·σ(g), Mish and their derivatives count as 0; from 43 up they are at
   * their limits. What is dropped is 10^-17 at most; the squares of what remains are normal
   * numbers, and a step with subnormal numbers in it can take a hundred times as long.
   */
  static final float GATE_END = 43;

  private Functions() {}

  /** {@return eˣ} */
  static float exp(float x) {
    return exp(1, x, 0);
  }

  /**
   * {@return factor · e^(x + tail)} With x = n·ln 2 + r it is 2^n·e^r. The factor is multiplied in
   * within the one rounding that e^r needs anyway.
   *
   * @param factor 1, or a number not far below
   * @param x the exponent
   * @param tail a correction, below 2^-10
   */
  static float exp(float factor, float x, float tail) {
    float bounded = x < EXP_LOW ? EXP_LOW : x;
    bounded = bounded > EXP_HIGH ? EXP_HIGH : bounded;
    float shifted = Fma.fma(bounded, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Fma.fma(n, -LN2_HIGH, bounded) + Fma.fma(n, -LN2_LOW, tail);
    float power = Fma.fma(factor, nearZero(r), factor);
    // The exponent is applied in two halves: 2^n itself need not be a normal number.
    int exponent = Float.floatToRawIntBits(shifted) - ROUNDER_BITS;
    int half = exponent >> 1;
    return power
        * Float.intBitsToFloat((half + 127) << 23)
        * Float.intBitsToFloat((exponent - half + 127) << 23);
  }

  /** {@return eˣ − 1 for x ≤ 0} */
  static float expm1(float x) {
    float bounded = x < EXPM1_LOW ? EXPM1_LOW : x;
    float shifted = Fma.fma(bounded, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Fma.fma(n, -LN2_LOW, Fma.fma(n, -LN2_HIGH, bounded));
    int exponent = Float.floatToRawIntBits(shifted) - ROUNDER_BITS;
    float scale = Float.intBitsToFloat((exponent + 127) << 23);
    return Fma.fma(scale, nearZero(r), scale - 1);
  }

  /** {@return eʳ − 1 for |r| ≤ ln(2)/2} */
  private static float nearZero(float r) {
    float p = Fma.fma(E4, r, E3);
    p = Fma.fma(p, r, E2);
    p = Fma.fma(p, r, E1);
    p = Fma.fma(p, r, E0);
    return Fma.fma(r * r, p, r);
  }

  /** {@return the natural logarithm} Scalar only, as no vector kernel needs it. */
  static float log(float x) {
    if (!(x > 0 && x < Float.POSITIVE_INFINITY)) {
      return x == 0 ? Float.NEGATIVE_INFINITY : x > 0 ? x : Float.NaN;
    }
    boolean subnormal = x < Float.MIN_NORMAL;
    int bits = Float.floatToRawIntBits(subnormal ? x * 0x1p23f : x);
    int sqrtHalf = 0x3F3504F3;
    int k = ((bits - sqrtHalf) >> 23) - (subnormal ? 23 : 0);
    float f = Float.intBitsToFloat(((bits - sqrtHalf) & 0x007F_FFFF) + sqrtHalf) - 1;
    // (ln(1 + f) − f + f²/2)/f³ for √½ ≤ 1 + f ≤ √2, error 2^-30
    float p = Fma.fma(0x1.1b3e34p-4f, f, -0x1.e30016p-4f);
    p = Fma.fma(p, f, 0x1.e65d0ap-4f);
    p = Fma.fma(p, f, -0x1.fb40fep-4f);
    p = Fma.fma(p, f, 0x1.233208p-3f);
    p = Fma.fma(p, f, -0x1.5562e8p-3f);
    p = Fma.fma(p, f, 0x1.99a54ap-3f);
    p = Fma.fma(p, f, -0x1.ffffeep-3f);
    p = Fma.fma(p, f, 0x1.555546p-2f);
    p = Fma.fma(p, f, -0.5f);
    return Fma.fma(f * f, p, Fma.fma(k, LN2_LOW, f)) + k * LN2_HIGH;
  }

  /** {@return ln(1 + u) for 0 ≤ u ≤ 1} */
  static float log1p(float u) {
    float p = Fma.fma(L8, u, L7);
    p = Fma.fma(p, u, L6);
    p = Fma.fma(p, u, L5);
    p = Fma.fma(p, u, L4);
    p = Fma.fma(p, u, L3);
    p = Fma.fma(p, u, L2);
    p = Fma.fma(p, u, L1);
    p = Fma.fma(p, u, L0);
    return Fma.fma(u * u, p, u);
  }

  /**
   * {@return (high + low)/(a + b), as if rounded once} The rounding error of a + b is known
   * exactly, and one step of correction removes it; without it the sigmoid would not be monotonic.
   */
  private static float quotient(float high, float low, float a, float b) {
    float d = a + b;
    float lost = b - (d - a);
    float inverse = 1 / d;
    float q = high * inverse;
    float rest = Fma.fma(-q, d, high) + Fma.fma(-q, lost, low);
    return Fma.fma(rest, inverse, q);
  }

  /** {@return 1/(1 + e⁻ᶻ)} */
  static float sigmoid(float z) {
    float e = exp(-Math.abs(z));
    return quotient(z < 0 ? e : 1, 0, 1, e);
  }

  /** {@return the hyperbolic tangent} */
  static float tanh(float x) {
    float s = x * x;
    float p = Fma.fma(T4, s, T3);
    p = Fma.fma(p, s, T2);
    p = Fma.fma(p, s, T1);
    p = Fma.fma(p, s, T0);
    float small = Fma.fma(s * x, p, x);
    float magnitude = Math.abs(x);
    float e = exp(-2 * magnitude);
    float high = 1 - e;
    float large = quotient(high, (1 - high) - e, 1, e);
    return magnitude < TANH_SMALL ? small : x < 0 ? -large : large;
  }

  /** {@return z where it is positive, else alpha·(eᶻ − 1)} */
  static float elu(float z, float alpha) {
    return z > 0 ? z : alpha * expm1(z);
  }

  /** {@return the derivative of ELU} */
  static float eluSlope(float z, float alpha) {
    return z > 0 ? 1 : alpha * exp(z);
  }

  /** {@return λz where z is positive, else λα·(eᶻ − 1)} */
  static float selu(float z) {
    return z > 0 ? SELU_SCALE * z : SELU_BELOW * expm1(z);
  }

  /** {@return the derivative of SELU, λ or λα·eᶻ, given SELU's value} */
  static float seluSlope(float value) {
    return value > 0 ? SELU_SCALE : value + SELU_BELOW;
  }

  /** {@return ln(1 + eᶻ)} */
  static float softplus(float z) {
    float bounded = bounded(z, GATE_END);
    float softplus = (z < 0 ? 0 : z) + log1p(exp(-Math.abs(bounded)));
    return z <= -GATE_END ? 0 : softplus;
  }

  /** {@return the derivative of softplus, which is the sigmoid} */
  static float softplusSlope(float z) {
    return gatedSlope(z, 1, 0, 0, 0);
  }

  /** {@return z/(1 + e⁻ᶻ)} */
  static float silu(float z) {
    return gated(z, 1, 0);
  }

  /** {@return the derivative of SiLU} */
  static float siluSlope(float z) {
    return gatedSlope(z, 1, 0, 1, 0);
  }

  /**
   * {@return ½z·(1 + tanh(√(2/π)·(z + 0.044715z³)))} It is z·σ(g) with twice the argument of tanh
   * as g.
   */
  static float tanhGelu(float z) {
    return gated(z, TANH_GELU, TANH_GELU_CUBE);
  }

  /** {@return the derivative of the tanh form of GELU} */
  static float tanhGeluSlope(float z) {
    return gatedSlope(z, TANH_GELU, TANH_GELU_CUBE, TANH_GELU, TANH_GELU_SLOPE);
  }

  /** {@return z·σ(g) with g = linear·z + cube·z³} */
  private static float gated(float z, float linear, float cube) {
    float bounded = bounded(z, GATE_END);
    float g = bounded * Fma.fma(cube * bounded, bounded, linear);
    float e = exp(-Math.abs(g));
    float numerator = g < 0 ? bounded * e : z;
    float quotient = numerator / (e + 1);
    return g <= -GATE_END ? 0 : quotient;
  }

  /**
   * {@return the derivative of that, σ(g)·(1 + z·σ(−g)·g′), with g′ = constant + square·z²} With 0
   * in place of g′ it is σ(g).
   */
  private static float gatedSlope(float z, float linear, float cube, float constant, float square) {
    float bounded = bounded(z, GATE_END);
    float g = bounded * Fma.fma(cube * bounded, bounded, linear);
    float slope = Fma.fma(square * bounded, bounded, constant);
    float e = exp(-Math.abs(g));
    float large = 1 / (e + 1);
    float small = e * large;
    float open = g < 0 ? small : large;
    float shut = g < 0 ? large : small;
    return g <= -GATE_END ? 0 : open * Fma.fma(bounded * slope, shut, 1);
  }

  /**
   * {@return z·tanh(ln(1 + eᶻ))} With u = e^(−|z|) the hyperbolic tangent is u·(1 − (u² + u)/(u² +
   * 2u + 2)) for z < 0, else 1 − 2u²/(2u² + 2u + 1); the quotients are 2/5 at most.
   */
  static float mish(float z) {
    float bounded = bounded(z, GATE_END);
    float u = exp(-Math.abs(bounded));
    float missing = (z < 0 ? u + 1 : 2 * u) * u / mishDivisor(z, u);
    float product = bounded * u;
    // Of z bounded, because ∞·0 is NaN.
    float mish = Fma.fma(z < 0 ? -product : -bounded, missing, z < 0 ? product : z);
    return z <= -GATE_END ? 0 : mish;
  }

  /** {@return the derivative of Mish, t + z·(1 − t)·(1 + t)·σ(z) with that tangent t} */
  static float mishSlope(float z) {
    float bounded = bounded(z, GATE_END);
    float u = exp(-Math.abs(bounded));
    float inverse = 1 / mishDivisor(z, u);
    float rest = (z < 0 ? 2 : 2 * u * u) * inverse;
    float tangent = z < 0 ? Fma.fma(u, u, 2 * u) * inverse : 1 - rest;
    float open = (z < 0 ? 2 * u : 2) * Fma.fma(u, inverse, inverse);
    return z <= -GATE_END ? 0 : Fma.fma(bounded * open, rest, tangent);
  }

  /** {@return u² + 2u + 2 for z < 0, else 2u² + 2u + 1} */
  private static float mishDivisor(float z, float u) {
    return Fma.fma(u, Fma.fma(u, z < 0 ? 1 : 2, 2), z < 0 ? 2 : 1);
  }

  /** {@return z limited to [−bound, bound]} NaN passes. */
  static float bounded(float z, float bound) {
    float bounded = z < -bound ? -bound : z;
    return bounded > bound ? bound : bounded;
  }

  /**
   * {@return cos(2πt)} What is left of t by the nearest whole number is exact, however large t is;
   * so is its distance from the nearest quarter.
   */
  static float cosTurns(float t) {
    float a = Math.abs(fraction(t));
    float b = a > 0.25f ? -a + 0.5f : a;
    boolean isFar = b > 0.125f;
    float u = isFar ? -b + 0.25f : b;
    float c = isFar ? oddTurns(u) : evenTurns(u);
    return a > 0.25f ? -c : c;
  }

  /** {@return sin(2πt)} */
  static float sinTurns(float t) {
    float r = fraction(t);
    float a = Math.abs(r);
    float b = a > 0.25f ? -a + 0.5f : a;
    boolean isFar = b > 0.125f;
    float u = isFar ? -b + 0.25f : b;
    float s = isFar ? evenTurns(u) : oddTurns(u);
    float signed = r < 0 ? -s : s;
    return t < 0 ? -signed : signed;
  }

  /** {@return the derivative of cos(2πt), −2π·sin(2πt)} */
  static float cosTurnsSlope(float t) {
    return -TWO_PI * sinTurns(t);
  }

  /** {@return |t| less the nearest whole number} NaN where t is infinite. */
  private static float fraction(float t) {
    float m = Math.abs(t);
    float near = m - (m + WHOLE - WHOLE);
    return m > WHOLE ? m - m : near;
  }

  /** {@return cos(2πu) for |u| ≤ 1/8} */
  private static float evenTurns(float u) {
    float s = u * u;
    float p = Fma.fma(s, COS3, COS2);
    p = Fma.fma(s, p, COS1);
    p = Fma.fma(s, p, COS0);
    return Fma.fma(s, p, 1);
  }

  /** {@return sin(2πu) for |u| ≤ 1/8} */
  private static float oddTurns(float u) {
    float s = u * u;
    float p = Fma.fma(s, SIN2, SIN1);
    p = Fma.fma(s, p, SIN0);
    return Fma.fma(u, TWO_PI, u * Fma.fma(s, p, TWO_PI_LOW));
  }

  /** {@return z·Φ(z)} */
  static float gelu(float z) {
    float bounded = bounded(z, NORMAL_END);
    float t = Math.abs(bounded);
    float square = bounded * bounded;
    float small = Fma.fma(square, normalOdd(square), 0.5f * bounded);
    float tail = bell(t * normalTail(t), t);
    float large = z < 0 ? -tail : z - tail;
    return z <= -NORMAL_END ? 0 : t < NORMAL_SMALL ? small : large;
  }

  /** {@return the derivative of GELU, Φ(z) + z·φ(z)} */
  static float geluSlope(float z) {
    float bounded = bounded(z, NORMAL_END);
    float t = Math.abs(bounded);
    float bell = bell(1, t);
    float small = Fma.fma(bounded, Fma.fma(bell, DENSITY, normalOdd(bounded * bounded)), 0.5f);
    float tail = Fma.fma(t, -DENSITY, normalTail(t)) * bell;
    float large = z < 0 ? tail : 1 - tail;
    return z <= -NORMAL_END ? 0 : t < NORMAL_SMALL ? small : large;
  }

  /** {@return (Φ(z) − ½)/z for |z| ≤ 0.8, given z²} */
  private static float normalOdd(float square) {
    float p = Fma.fma(S4, square, S3);
    p = Fma.fma(p, square, S2);
    p = Fma.fma(p, square, S1);
    return Fma.fma(p, square, S0);
  }

  /** {@return Φ(−t)·e^(t²/2) for 0.79 ≤ t ≤ 15} */
  private static float normalTail(float t) {
    float u = (t - G_CENTRE) * (1 / (G_CENTRE + t));
    float p = Fma.fma(G8, u, G7);
    p = Fma.fma(p, u, G6);
    p = Fma.fma(p, u, G5);
    p = Fma.fma(p, u, G4);
    p = Fma.fma(p, u, G3);
    p = Fma.fma(p, u, G2);
    p = Fma.fma(p, u, G1);
    p = Fma.fma(p, u, G0);
    return quotient(p, 0, G_CENTRE, t);
  }

  /**
   * {@return factor · e^(−t²/2)} The rounding error of the square is carried along; otherwise it
   * would be multiplied by t²/2.
   */
  private static float bell(float factor, float t) {
    float half = -0.5f * t;
    float square = half * t;
    return exp(factor, square, Fma.fma(half, t, -square));
  }
}
