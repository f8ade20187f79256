package dev.lanewise.kernel;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link Functions} in vector lanes, operation by operation; the comments are there.
 *
 * <p>Vectors pass through these methods as arguments and results, which is free only where C2 inlines them into the
 * loops of the kernels. It does: they are short, and a test watches that the kernels allocate nothing.
 */
final class VectorFunctions {

  private VectorFunctions() {}

  private static FloatVector of(float value) {
    return FloatVector.broadcast(Lanes.FLOATS, value);
  }

  static FloatVector exp(FloatVector x) {
    return exp(x, of(0), 0);
  }

  static FloatVector exp(FloatVector x, FloatVector tail, int lift) {
    FloatVector low = x.blend(Functions.EXP_LOW, x.compare(LT, Functions.EXP_LOW));
    FloatVector bounded = low.blend(Functions.EXP_HIGH, low.compare(GT, Functions.EXP_HIGH));
    FloatVector shifted = bounded.fma(of(Functions.LOG2_E), of(Functions.ROUNDER));
    FloatVector n = shifted.sub(Functions.ROUNDER);
    FloatVector r =
        n.fma(of(-Functions.LN2_HIGH), bounded).add(n.fma(of(-Functions.LN2_LOW), tail));
    FloatVector power = nearZero(r).add(1);
    IntVector exponent =
        shifted.reinterpretAsInts().sub(Float.floatToRawIntBits(Functions.ROUNDER) - lift);
    IntVector half = exponent.lanewise(ASHR, 1);
    return power.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
  }

  private static FloatVector powerOfTwo(IntVector exponent) {
    return exponent.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
  }

  static FloatVector expm1(FloatVector x) {
    FloatVector bounded = x.blend(Functions.EXPM1_LOW, x.compare(LT, Functions.EXPM1_LOW));
    FloatVector shifted = bounded.fma(of(Functions.LOG2_E), of(Functions.ROUNDER));
    FloatVector n = shifted.sub(Functions.ROUNDER);
    FloatVector r =
        n.fma(of(-Functions.LN2_LOW), n.fma(of(-Functions.LN2_HIGH), bounded));
    FloatVector scale =
        powerOfTwo(shifted.reinterpretAsInts().sub(Float.floatToRawIntBits(Functions.ROUNDER)));
    return scale.fma(nearZero(r), scale.sub(1));
  }

  private static FloatVector nearZero(FloatVector r) {
    FloatVector p = of(Functions.E4).fma(r, of(Functions.E3));
    p = p.fma(r, of(Functions.E2));
    p = p.fma(r, of(Functions.E1));
    p = p.fma(r, of(Functions.E0));
    return r.mul(r).fma(p, r);
  }

  static FloatVector log1p(FloatVector u) {
    FloatVector p = of(Functions.L8).fma(u, of(Functions.L7));
    p = p.fma(u, of(Functions.L6));
    p = p.fma(u, of(Functions.L5));
    p = p.fma(u, of(Functions.L4));
    p = p.fma(u, of(Functions.L3));
    p = p.fma(u, of(Functions.L2));
    p = p.fma(u, of(Functions.L1));
    p = p.fma(u, of(Functions.L0));
    return u.mul(u).fma(p, u);
  }

  private static FloatVector quotient(
      FloatVector high, FloatVector low, FloatVector a, FloatVector b) {
    FloatVector d = a.add(b);
    FloatVector lost = b.sub(d.sub(a));
    FloatVector inverse = of(1).div(d);
    FloatVector q = high.mul(inverse);
    FloatVector minus = q.neg();
    FloatVector rest = minus.fma(d, high).add(minus.fma(lost, low));
    return rest.fma(inverse, q);
  }

  static FloatVector sigmoid(FloatVector z) {
    FloatVector e = exp(z.abs().neg());
    return quotient(of(1).blend(e, z.compare(LT, 0)), of(0), of(1), e);
  }

  static FloatVector tanh(FloatVector x) {
    FloatVector s = x.mul(x);
    FloatVector p = of(Functions.T4).fma(s, of(Functions.T3));
    p = p.fma(s, of(Functions.T2));
    p = p.fma(s, of(Functions.T1));
    p = p.fma(s, of(Functions.T0));
    FloatVector small = s.mul(x).fma(p, x);
    FloatVector magnitude = x.abs();
    FloatVector e = exp(magnitude.mul(-2));
    FloatVector high = of(1).sub(e);
    FloatVector large = quotient(high, of(1).sub(high).sub(e), of(1), e);
    return large
        .blend(large.neg(), x.compare(LT, 0))
        .blend(small, magnitude.compare(LT, Functions.TANH_SMALL));
  }

  static FloatVector elu(FloatVector z, float alpha) {
    return expm1(z).mul(alpha).blend(z, z.compare(GT, 0));
  }

  static FloatVector eluSlope(FloatVector z, float alpha) {
    return exp(z).mul(alpha).blend(1, z.compare(GT, 0));
  }

  static FloatVector softplus(FloatVector z) {
    return z.blend(0, z.compare(LT, 0)).add(log1p(exp(z.abs().neg())));
  }

  static FloatVector silu(FloatVector z) {
    FloatVector bounded = z.blend(Functions.EXP_LOW, z.compare(LT, Functions.EXP_LOW));
    return gated(bounded, bounded);
  }

  private static FloatVector gated(FloatVector z, FloatVector g) {
    VectorMask<Float> negative = g.compare(LT, 0);
    FloatVector lifted = exp(g.abs().neg(), of(0), Functions.LIFT);
    FloatVector numerator = z.blend(z.mul(lifted), negative);
    FloatVector quotient = numerator.div(lifted.mul(Functions.LOWER).add(1));
    return quotient.blend(quotient.mul(Functions.LOWER), negative);
  }

  static FloatVector siluSlope(FloatVector z) {
    FloatVector bounded = bounded(z, -Functions.EXP_LOW);
    return gatedSlope(bounded, bounded, of(1));
  }

  private static FloatVector bounded(FloatVector z, float bound) {
    FloatVector bounded = z.blend(-bound, z.compare(LT, -bound));
    return bounded.blend(bound, bounded.compare(GT, bound));
  }

  private static FloatVector gatedSlope(FloatVector z, FloatVector g, FloatVector slope) {
    VectorMask<Float> negative = g.compare(LT, 0);
    FloatVector e = exp(g.abs().neg());
    FloatVector large = of(1).div(e.add(1));
    FloatVector small = e.mul(large);
    FloatVector open = large.blend(small, negative);
    FloatVector shut = small.blend(large, negative);
    return open.mul(z.mul(slope).fma(shut, of(1)));
  }

  static FloatVector tanhGelu(FloatVector z) {
    FloatVector bounded = z.blend(Functions.EXP_LOW, z.compare(LT, Functions.EXP_LOW));
    return gated(bounded, tanhGeluArgument(bounded));
  }

  private static FloatVector tanhGeluArgument(FloatVector z) {
    return z.mul(z.mul(Functions.TANH_GELU_CUBE).fma(z, of(Functions.TANH_GELU)));
  }

  static FloatVector tanhGeluSlope(FloatVector z) {
    FloatVector bounded = bounded(z, -Functions.EXP_LOW);
    FloatVector slope =
        bounded.mul(Functions.TANH_GELU_SLOPE).fma(bounded, of(Functions.TANH_GELU));
    return gatedSlope(bounded, tanhGeluArgument(bounded), slope);
  }

  static FloatVector gelu(FloatVector z) {
    FloatVector bounded = bounded(z, Functions.NORMAL_END);
    FloatVector t = bounded.abs();
    FloatVector square = bounded.mul(bounded);
    FloatVector small = square.fma(normalOdd(square), bounded.mul(0.5f));
    FloatVector tail = t.mul(normalTail(t)).mul(bell(t));
    return z.sub(tail)
        .blend(tail.neg(), z.compare(LT, 0))
        .blend(small, t.compare(LT, Functions.NORMAL_SMALL));
  }

  static FloatVector geluSlope(FloatVector z) {
    FloatVector bounded = bounded(z, Functions.NORMAL_END);
    FloatVector t = bounded.abs();
    FloatVector bell = bell(t);
    FloatVector density = bell.fma(of(Functions.DENSITY), normalOdd(bounded.mul(bounded)));
    FloatVector small = bounded.fma(density, of(0.5f));
    FloatVector tail = t.fma(of(-Functions.DENSITY), normalTail(t)).mul(bell);
    return of(1)
        .sub(tail)
        .blend(tail, z.compare(LT, 0))
        .blend(small, t.compare(LT, Functions.NORMAL_SMALL));
  }

  private static FloatVector normalOdd(FloatVector square) {
    FloatVector p = of(Functions.S4).fma(square, of(Functions.S3));
    p = p.fma(square, of(Functions.S2));
    p = p.fma(square, of(Functions.S1));
    return p.fma(square, of(Functions.S0));
  }

  private static FloatVector normalTail(FloatVector t) {
    FloatVector centre = of(Functions.G_CENTRE);
    FloatVector u = t.sub(centre).mul(of(1).div(centre.add(t)));
    FloatVector p = of(Functions.G8).fma(u, of(Functions.G7));
    p = p.fma(u, of(Functions.G6));
    p = p.fma(u, of(Functions.G5));
    p = p.fma(u, of(Functions.G4));
    p = p.fma(u, of(Functions.G3));
    p = p.fma(u, of(Functions.G2));
    p = p.fma(u, of(Functions.G1));
    p = p.fma(u, of(Functions.G0));
    return quotient(p, of(0), centre, t);
  }

  private static FloatVector bell(FloatVector t) {
    FloatVector half = t.mul(-0.5f);
    FloatVector square = half.mul(t);
    return exp(square, half.fma(t, square.neg()), 0);
  }
}
