package dev.lanewise.kernel;

import static dev.lanewise.kernel.Functions.COS0;
import static dev.lanewise.kernel.Functions.COS1;
import static dev.lanewise.kernel.Functions.COS2;
import static dev.lanewise.kernel.Functions.COS3;
import static dev.lanewise.kernel.Functions.DENSITY;
import static dev.lanewise.kernel.Functions.E0;
import static dev.lanewise.kernel.Functions.E1;
import static dev.lanewise.kernel.Functions.E2;
import static dev.lanewise.kernel.Functions.E3;
import static dev.lanewise.kernel.Functions.E4;
import static dev.lanewise.kernel.Functions.EXPM1_LOW;
import static dev.lanewise.kernel.Functions.EXP_HIGH;
import static dev.lanewise.kernel.Functions.EXP_LOW;
import static dev.lanewise.kernel.Functions.G0;
import static dev.lanewise.kernel.Functions.G1;
import static dev.lanewise.kernel.Functions.G2;
import static dev.lanewise.kernel.Functions.G3;
import static dev.lanewise.kernel.Functions.G4;
import static dev.lanewise.kernel.Functions.G5;
import static dev.lanewise.kernel.Functions.G6;
import static dev.lanewise.kernel.Functions.G7;
import static dev.lanewise.kernel.Functions.G8;
import static dev.lanewise.kernel.Functions.GATE_END;
import static dev.lanewise.kernel.Functions.G_CENTRE;
import static dev.lanewise.kernel.Functions.L0;
import static dev.lanewise.kernel.Functions.L1;
import static dev.lanewise.kernel.Functions.L2;
import static dev.lanewise.kernel.Functions.L3;
import static dev.lanewise.kernel.Functions.L4;
import static dev.lanewise.kernel.Functions.L5;
import static dev.lanewise.kernel.Functions.L6;
import static dev.lanewise.kernel.Functions.L7;
import static dev.lanewise.kernel.Functions.L8;
import static dev.lanewise.kernel.Functions.LN2_HIGH;
import static dev.lanewise.kernel.Functions.LN2_LOW;
import static dev.lanewise.kernel.Functions.LOG2_E;
import static dev.lanewise.kernel.Functions.NORMAL_END;
import static dev.lanewise.kernel.Functions.NORMAL_SMALL;
import static dev.lanewise.kernel.Functions.ROUNDER;
import static dev.lanewise.kernel.Functions.ROUNDER_BITS;
import static dev.lanewise.kernel.Functions.S0;
import static dev.lanewise.kernel.Functions.S1;
import static dev.lanewise.kernel.Functions.S2;
import static dev.lanewise.kernel.Functions.S3;
import static dev.lanewise.kernel.Functions.S4;
import static dev.lanewise.kernel.Functions.SELU_BELOW;
import static dev.lanewise.kernel.Functions.SELU_SCALE;
import static dev.lanewise.kernel.Functions.SIN0;
import static dev.lanewise.kernel.Functions.SIN1;
import static dev.lanewise.kernel.Functions.SIN2;
import static dev.lanewise.kernel.Functions.T0;
import static dev.lanewise.kernel.Functions.T1;
import static dev.lanewise.kernel.Functions.T2;
import static dev.lanewise.kernel.Functions.T3;
import static dev.lanewise.kernel.Functions.T4;
import static dev.lanewise.kernel.Functions.TANH_GELU;
import static dev.lanewise.kernel.Functions.TANH_GELU_CUBE;
import static dev.lanewise.kernel.Functions.TANH_GELU_SLOPE;
import static dev.lanewise.kernel.Functions.TANH_SMALL;
import static dev.lanewise.kernel.Functions.TWO_PI;
import static dev.lanewise.kernel.Functions.TWO_PI_LOW;
import static dev.lanewise.kernel.Functions.WHOLE;
import static dev.lanewise.kernel.Lanes.EXACT;
import static dev.lanewise.kernel.Lanes.EXACT_INTS;
import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * The smooth functions of {@link ActivationKernels} in vector lanes: {@link Functions}, operation
 * by operation, where the comments are.
 *
 * <p>C2 keeps vectors in registers only as long as every call between them is inlined, and it stops
 * inlining methods other than the Vector API's own once a compilation has grown large, which other
 * loops of a caller can cause. So each kernel is one flat method, and repeats the computation of
 * e^g, from its bound b to its last product e.
 */
interface VectorSmooth extends ActivationKernels {

  @Override
  default void exp(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      FloatVector floored = EXACT.cast(v.blend(EXP_LOW, v.compare(LT, EXP_LOW)));
      FloatVector b = EXACT.cast(floored.blend(EXP_HIGH, floored.compare(GT, EXP_HIGH)));
      FloatVector shifted = EXACT.cast(b.lanewise(FMA, LOG2_E, ROUNDER));
      FloatVector whole = EXACT.cast(shifted.sub(ROUNDER));
      FloatVector r =
          EXACT.cast(EXACT.cast(whole.lanewise(FMA, -LN2_HIGH, b)).add(whole.mul(-LN2_LOW)));
      FloatVector p = r.lanewise(FMA, E4, E3);
      p = r.lanewise(FMA, p, E2);
      p = r.lanewise(FMA, p, E1);
      p = r.lanewise(FMA, p, E0);
      IntVector shiftedBits = EXACT_INTS.cast(shifted.reinterpretAsInts());
      IntVector exponent = EXACT_INTS.cast(shiftedBits.sub(ROUNDER_BITS));
      IntVector half = EXACT_INTS.cast(exponent.lanewise(ASHR, 1));
      IntVector otherHalf = EXACT_INTS.cast(exponent.sub(half));
      IntVector biased = EXACT_INTS.cast(half.add(127));
      IntVector otherBiased = EXACT_INTS.cast(otherHalf.add(127));
      IntVector power = EXACT_INTS.cast(biased.lanewise(LSHL, 23));
      IntVector otherPower = EXACT_INTS.cast(otherBiased.lanewise(LSHL, 23));
      FloatVector r2 = EXACT.cast(r.mul(r));
      FloatVector nearZero = EXACT.cast(r2.fma(p, r));
      FloatVector nearOne = EXACT.cast(nearZero.add(1));
      FloatVector product = EXACT.cast(nearOne.mul(power.reinterpretAsFloats()));
      FloatVector e = EXACT.cast(product.mul(otherPower.reinterpretAsFloats()));
      e.intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.exp(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void elu(float[] x, int xo, float[] y, int yo, int n, float alpha) {
    int done = elu(x, xo, y, yo, n, 1, alpha);
    ScalarKernels.INSTANCE.elu(x, xo + done, y, yo + done, n - done, alpha);
  }

  @Override
  default void selu(float[] x, int xo, float[] y, int yo, int n) {
    int done = elu(x, xo, y, yo, n, SELU_SCALE, SELU_BELOW);
    ScalarKernels.INSTANCE.selu(x, xo + done, y, yo + done, n - done);
  }

  /** Computes above·z, or below·(eᶻ − 1), as far as whole vectors go; returns how far. */
  private static int elu(float[] x, int xo, float[] y, int yo, int n, float above, float below) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      FloatVector b = EXACT.cast(v.blend(EXPM1_LOW, v.compare(LT, EXPM1_LOW)));
      FloatVector shifted = EXACT.cast(b.lanewise(FMA, LOG2_E, ROUNDER));
      FloatVector whole = EXACT.cast(shifted.sub(ROUNDER));
      FloatVector r = EXACT.cast(whole.lanewise(FMA, -LN2_LOW, whole.lanewise(FMA, -LN2_HIGH, b)));
      FloatVector p = r.lanewise(FMA, E4, E3);
      p = r.lanewise(FMA, p, E2);
      p = r.lanewise(FMA, p, E1);
      p = r.lanewise(FMA, p, E0);
      IntVector exponent =
          EXACT_INTS.cast(EXACT_INTS.cast(shifted.reinterpretAsInts()).sub(ROUNDER_BITS));
      FloatVector power =
          EXACT.cast(
              EXACT_INTS
                  .cast(EXACT_INTS.cast(exponent.add(127)).lanewise(LSHL, 23))
                  .reinterpretAsFloats());
      FloatVector expm1 = EXACT.cast(power.fma(EXACT.cast(r.mul(r)).fma(p, r), power.sub(1)));
      EXACT
          .cast(EXACT.cast(expm1.mul(below)).blend(v.mul(above), v.compare(GT, 0)))
          .intoArray(y, yo + i);
    }
    return bound;
  }

  @Override
  default void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      FloatVector g = EXACT.cast(EXACT.cast(v.abs()).neg());
      FloatVector b = EXACT.cast(g.blend(EXP_LOW, g.compare(LT, EXP_LOW)));
      FloatVector shifted = EXACT.cast(b.lanewise(FMA, LOG2_E, ROUNDER));
      FloatVector whole = EXACT.cast(shifted.sub(ROUNDER));
      FloatVector r =
          EXACT.cast(EXACT.cast(whole.lanewise(FMA, -LN2_HIGH, b)).add(whole.mul(-LN2_LOW)));
      FloatVector p = r.lanewise(FMA, E4, E3);
      p = r.lanewise(FMA, p, E2);
      p = r.lanewise(FMA, p, E1);
      p = r.lanewise(FMA, p, E0);
      IntVector shiftedBits = EXACT_INTS.cast(shifted.reinterpretAsInts());
      IntVector exponent = EXACT_INTS.cast(shiftedBits.sub(ROUNDER_BITS));
      IntVector half = EXACT_INTS.cast(exponent.lanewise(ASHR, 1));
      IntVector otherHalf = EXACT_INTS.cast(exponent.sub(half));
      IntVector biased = EXACT_INTS.cast(half.add(127));
      IntVector otherBiased = EXACT_INTS.cast(otherHalf.add(127));
      IntVector power = EXACT_INTS.cast(biased.lanewise(LSHL, 23));
      IntVector otherPower = EXACT_INTS.cast(otherBiased.lanewise(LSHL, 23));
      FloatVector r2 = EXACT.cast(r.mul(r));
      FloatVector nearZero = EXACT.cast(r2.fma(p, r));
      FloatVector nearOne = EXACT.cast(nearZero.add(1));
      FloatVector product = EXACT.cast(nearOne.mul(power.reinterpretAsFloats()));
      FloatVector e = EXACT.cast(product.mul(otherPower.reinterpretAsFloats()));
      FloatVector high =
          EXACT.cast(EXACT.cast(FloatVector.broadcast(FLOATS, 1)).blend(e, v.compare(LT, 0)));
      FloatVector d = EXACT.cast(e.add(1));
      FloatVector lost = e.sub(d.sub(1));
      FloatVector inverse = EXACT.cast(FloatVector.broadcast(FLOATS, 1)).div(d);
      FloatVector q = EXACT.cast(high.mul(inverse));
      FloatVector minus = EXACT.cast(q.neg());
      FloatVector rest = EXACT.cast(EXACT.cast(minus.fma(d, high)).add(minus.mul(lost)));
      EXACT.cast(rest.fma(inverse, q)).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.sigmoid(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void tanh(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      FloatVector t = EXACT.cast(v.abs());
      FloatVector g = EXACT.cast(t.mul(-2));
      FloatVector b = EXACT.cast(g.blend(EXP_LOW, g.compare(LT, EXP_LOW)));
      FloatVector shifted = EXACT.cast(b.lanewise(FMA, LOG2_E, ROUNDER));
      FloatVector whole = EXACT.cast(shifted.sub(ROUNDER));
      FloatVector r =
          EXACT.cast(EXACT.cast(whole.lanewise(FMA, -LN2_HIGH, b)).add(whole.mul(-LN2_LOW)));
      FloatVector p = r.lanewise(FMA, E4, E3);
      p = r.lanewise(FMA, p, E2);
      p = r.lanewise(FMA, p, E1);
      p = r.lanewise(FMA, p, E0);
      IntVector shiftedBits = EXACT_INTS.cast(shifted.reinterpretAsInts());
      IntVector exponent = EXACT_INTS.cast(shiftedBits.sub(ROUNDER_BITS));
      IntVector half = EXACT_INTS.cast(exponent.lanewise(ASHR, 1));
      IntVector otherHalf = EXACT_INTS.cast(exponent.sub(half));
      IntVector biased = EXACT_INTS.cast(half.add(127));
      IntVector otherBiased = EXACT_INTS.cast(otherHalf.add(127));
      IntVector power = EXACT_INTS.cast(biased.lanewise(LSHL, 23));
      IntVector otherPower = EXACT_INTS.cast(otherBiased.lanewise(LSHL, 23));
      FloatVector r2 = EXACT.cast(r.mul(r));
      FloatVector nearZero = EXACT.cast(r2.fma(p, r));
      FloatVector nearOne = EXACT.cast(nearZero.add(1));
      FloatVector product = EXACT.cast(nearOne.mul(power.reinterpretAsFloats()));
      FloatVector e = EXACT.cast(product.mul(otherPower.reinterpretAsFloats()));
      FloatVector high = EXACT.cast(EXACT.cast(e.neg()).add(1));
      FloatVector low = EXACT.cast(EXACT.cast(high.neg()).add(1)).sub(e);
      FloatVector d = EXACT.cast(e.add(1));
      FloatVector lost = e.sub(d.sub(1));
      FloatVector inverse = EXACT.cast(FloatVector.broadcast(FLOATS, 1)).div(d);
      FloatVector q = EXACT.cast(high.mul(inverse));
      FloatVector minus = EXACT.cast(q.neg());
      FloatVector rest = EXACT.cast(EXACT.cast(minus.fma(d, high)).add(minus.fma(lost, low)));
      FloatVector large = EXACT.cast(rest.fma(inverse, q));
      FloatVector s = EXACT.cast(v.mul(v));
      FloatVector odd = s.lanewise(FMA, T4, T3);
      odd = s.lanewise(FMA, odd, T2);
      odd = s.lanewise(FMA, odd, T1);
      odd = s.lanewise(FMA, odd, T0);
      FloatVector small = EXACT.cast(s.mul(v)).fma(odd, v);
      EXACT
          .cast(
              EXACT
                  .cast(large.blend(large.neg(), v.compare(LT, 0)))
                  .blend(small, t.compare(LT, TANH_SMALL)))
          .intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.tanh(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void gelu(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      FloatVector floored = EXACT.cast(v.blend(-NORMAL_END, v.compare(LT, -NORMAL_END)));
      FloatVector z = EXACT.cast(floored.blend(NORMAL_END, floored.compare(GT, NORMAL_END)));
      FloatVector t = EXACT.cast(z.abs());
      FloatVector h = EXACT.cast(t.mul(-0.5f));
      FloatVector g = EXACT.cast(h.mul(t));
      FloatVector rest = h.fma(t, g.neg());
      FloatVector shifted = EXACT.cast(g.lanewise(FMA, LOG2_E, ROUNDER));
      FloatVector whole = EXACT.cast(shifted.sub(ROUNDER));
      FloatVector r =
          EXACT.cast(
              EXACT
                  .cast(whole.lanewise(FMA, -LN2_HIGH, g))
                  .add(whole.lanewise(FMA, -LN2_LOW, rest)));
      FloatVector p = r.lanewise(FMA, E4, E3);
      p = r.lanewise(FMA, p, E2);
      p = r.lanewise(FMA, p, E1);
      p = r.lanewise(FMA, p, E0);
      FloatVector nearZero = EXACT.cast(r.mul(r)).fma(p, r);
      // tail = t·Φ(−t)/e^g
      FloatVector d = EXACT.cast(t.add(G_CENTRE));
      FloatVector lost = t.sub(d.sub(G_CENTRE));
      FloatVector inverse = EXACT.cast(EXACT.cast(FloatVector.broadcast(FLOATS, 1)).div(d));
      FloatVector u = EXACT.cast(EXACT.cast(t.sub(G_CENTRE)).mul(inverse));
      FloatVector ratio = u.lanewise(FMA, G8, G7);
      ratio = u.lanewise(FMA, ratio, G6);
      ratio = u.lanewise(FMA, ratio, G5);
      ratio = u.lanewise(FMA, ratio, G4);
      ratio = u.lanewise(FMA, ratio, G3);
      ratio = u.lanewise(FMA, ratio, G2);
      ratio = u.lanewise(FMA, ratio, G1);
      ratio = u.lanewise(FMA, ratio, G0);
      FloatVector q = EXACT.cast(inverse.mul(ratio));
      FloatVector minus = EXACT.cast(q.neg());
      FloatVector missing = EXACT.cast(EXACT.cast(minus.fma(d, ratio)).add(minus.mul(lost)));
      FloatVector tail = EXACT.cast(t.mul(missing.fma(inverse, q)));
      FloatVector s = EXACT.cast(z.mul(z));
      FloatVector odd = s.lanewise(FMA, S4, S3);
      odd = s.lanewise(FMA, odd, S2);
      odd = s.lanewise(FMA, odd, S1);
      odd = s.lanewise(FMA, odd, S0);
      FloatVector small = s.fma(odd, z.mul(0.5f));
      IntVector shiftedBits = EXACT_INTS.cast(shifted.reinterpretAsInts());
      IntVector exponent = EXACT_INTS.cast(shiftedBits.sub(ROUNDER_BITS));
      IntVector biased = EXACT_INTS.cast(exponent.add(127));
      IntVector power = EXACT_INTS.cast(biased.lanewise(LSHL, 23));
      FloatVector product = EXACT.cast(tail.fma(nearZero, tail));
      FloatVector large = EXACT.cast(product.mul(power.reinterpretAsFloats()));
      FloatVector gelu =
          EXACT.cast(
              EXACT
                  .cast(EXACT.cast(v.sub(large)).blend(large.neg(), v.compare(LT, 0)))
                  .blend(small, t.compare(LT, NORMAL_SMALL)));
      EXACT.cast(gelu.blend(0, v.compare(LE, -NORMAL_END))).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.gelu(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void softplus(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      FloatVector g = EXACT.cast(EXACT.cast(v.abs()).neg());
      FloatVector b = EXACT.cast(g.blend(-GATE_END, g.compare(LT, -GATE_END)));
      FloatVector shifted = EXACT.cast(b.lanewise(FMA, LOG2_E, ROUNDER));
      FloatVector whole = EXACT.cast(shifted.sub(ROUNDER));
      FloatVector r =
          EXACT.cast(EXACT.cast(whole.lanewise(FMA, -LN2_HIGH, b)).add(whole.mul(-LN2_LOW)));
      FloatVector p = r.lanewise(FMA, E4, E3);
      p = r.lanewise(FMA, p, E2);
      p = r.lanewise(FMA, p, E1);
      p = r.lanewise(FMA, p, E0);
      IntVector shiftedBits = EXACT_INTS.cast(shifted.reinterpretAsInts());
      IntVector exponent = EXACT_INTS.cast(shiftedBits.sub(ROUNDER_BITS));
      IntVector biased = EXACT_INTS.cast(exponent.add(127));
      IntVector power = EXACT_INTS.cast(biased.lanewise(LSHL, 23));
      FloatVector r2 = EXACT.cast(r.mul(r));
      FloatVector nearZero = EXACT.cast(r2.fma(p, r));
      FloatVector nearOne = EXACT.cast(nearZero.add(1));
      FloatVector e = EXACT.cast(nearOne.mul(power.reinterpretAsFloats()));
      FloatVector q = e.lanewise(FMA, L8, L7);
      q = e.lanewise(FMA, q, L6);
      q = e.lanewise(FMA, q, L5);
      q = e.lanewise(FMA, q, L4);
      q = e.lanewise(FMA, q, L3);
      q = e.lanewise(FMA, q, L2);
      q = e.lanewise(FMA, q, L1);
      q = e.lanewise(FMA, q, L0);
      FloatVector log1p = EXACT.cast(e.mul(e)).fma(q, e);
      FloatVector softplus = EXACT.cast(EXACT.cast(v.blend(0, v.compare(LT, 0))).add(log1p));
      EXACT.cast(softplus.blend(0, v.compare(LE, -GATE_END))).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.softplus(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void eluGate(float[] x, int xo, float[] d, int dOffset, int n, float alpha) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      FloatVector grad = EXACT.cast(FloatVector.fromArray(FLOATS, d, dOffset + i));
      FloatVector floored = EXACT.cast(v.blend(EXP_LOW, v.compare(LT, EXP_LOW)));
      FloatVector b = EXACT.cast(floored.blend(EXP_HIGH, floored.compare(GT, EXP_HIGH)));
      FloatVector shifted = EXACT.cast(b.lanewise(FMA, LOG2_E, ROUNDER));
      FloatVector whole = EXACT.cast(shifted.sub(ROUNDER));
      FloatVector r =
          EXACT.cast(EXACT.cast(whole.lanewise(FMA, -LN2_HIGH, b)).add(whole.mul(-LN2_LOW)));
      FloatVector p = r.lanewise(FMA, E4, E3);
      p = r.lanewise(FMA, p, E2);
      p = r.lanewise(FMA, p, E1);
      p = r.lanewise(FMA, p, E0);
      IntVector shiftedBits = EXACT_INTS.cast(shifted.reinterpretAsInts());
      IntVector exponent = EXACT_INTS.cast(shiftedBits.sub(ROUNDER_BITS));
      IntVector half = EXACT_INTS.cast(exponent.lanewise(ASHR, 1));
      IntVector otherHalf = EXACT_INTS.cast(exponent.sub(half));
      IntVector biased = EXACT_INTS.cast(half.add(127));
      IntVector otherBiased = EXACT_INTS.cast(otherHalf.add(127));
      IntVector power = EXACT_INTS.cast(biased.lanewise(LSHL, 23));
      IntVector otherPower = EXACT_INTS.cast(otherBiased.lanewise(LSHL, 23));
      FloatVector r2 = EXACT.cast(r.mul(r));
      FloatVector nearZero = EXACT.cast(r2.fma(p, r));
      FloatVector nearOne = EXACT.cast(nearZero.add(1));
      FloatVector product = EXACT.cast(nearOne.mul(power.reinterpretAsFloats()));
      FloatVector e = EXACT.cast(product.mul(otherPower.reinterpretAsFloats()));
      EXACT
          .cast(EXACT.cast(grad.mul(e.mul(alpha))).blend(grad, v.compare(GT, 0)))
          .intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.eluGate(x, xo + bound, d, dOffset + bound, n - bound, alpha);
  }

  @Override
  default void geluGate(float[] x, int xo, float[] d, int dOffset, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      FloatVector grad = EXACT.cast(FloatVector.fromArray(FLOATS, d, dOffset + i));
      FloatVector floored = EXACT.cast(v.blend(-NORMAL_END, v.compare(LT, -NORMAL_END)));
      FloatVector z = EXACT.cast(floored.blend(NORMAL_END, floored.compare(GT, NORMAL_END)));
      FloatVector t = EXACT.cast(z.abs());
      FloatVector h = EXACT.cast(t.mul(-0.5f));
      FloatVector g = EXACT.cast(h.mul(t));
      FloatVector rest = h.fma(t, g.neg());
      FloatVector shifted = EXACT.cast(g.lanewise(FMA, LOG2_E, ROUNDER));
      FloatVector whole = EXACT.cast(shifted.sub(ROUNDER));
      FloatVector r =
          EXACT.cast(
              EXACT
                  .cast(whole.lanewise(FMA, -LN2_HIGH, g))
                  .add(whole.lanewise(FMA, -LN2_LOW, rest)));
      FloatVector p = r.lanewise(FMA, E4, E3);
      p = r.lanewise(FMA, p, E2);
      p = r.lanewise(FMA, p, E1);
      p = r.lanewise(FMA, p, E0);
      IntVector shiftedBits = EXACT_INTS.cast(shifted.reinterpretAsInts());
      IntVector exponent = EXACT_INTS.cast(shiftedBits.sub(ROUNDER_BITS));
      IntVector biased = EXACT_INTS.cast(exponent.add(127));
      IntVector power = EXACT_INTS.cast(biased.lanewise(LSHL, 23));
      FloatVector r2 = EXACT.cast(r.mul(r));
      FloatVector nearZero = EXACT.cast(r2.fma(p, r));
      FloatVector nearOne = EXACT.cast(nearZero.add(1));
      FloatVector e = EXACT.cast(nearOne.mul(power.reinterpretAsFloats()));
      // tail = Φ(−t)/e
      FloatVector sum = EXACT.cast(t.add(G_CENTRE));
      FloatVector lost = t.sub(sum.sub(G_CENTRE));
      FloatVector inverse = EXACT.cast(EXACT.cast(FloatVector.broadcast(FLOATS, 1)).div(sum));
      FloatVector u = EXACT.cast(EXACT.cast(t.sub(G_CENTRE)).mul(inverse));
      FloatVector ratio = u.lanewise(FMA, G8, G7);
      ratio = u.lanewise(FMA, ratio, G6);
      ratio = u.lanewise(FMA, ratio, G5);
      ratio = u.lanewise(FMA, ratio, G4);
      ratio = u.lanewise(FMA, ratio, G3);
      ratio = u.lanewise(FMA, ratio, G2);
      ratio = u.lanewise(FMA, ratio, G1);
      ratio = u.lanewise(FMA, ratio, G0);
      FloatVector q = EXACT.cast(inverse.mul(ratio));
      FloatVector minus = EXACT.cast(q.neg());
      FloatVector tail =
          EXACT.cast(EXACT.cast(minus.fma(sum, ratio)).add(minus.mul(lost))).fma(inverse, q);
      FloatVector s = EXACT.cast(z.mul(z));
      FloatVector odd = s.lanewise(FMA, S4, S3);
      odd = s.lanewise(FMA, odd, S2);
      odd = s.lanewise(FMA, odd, S1);
      odd = s.lanewise(FMA, odd, S0);
      FloatVector small = z.lanewise(FMA, e.lanewise(FMA, DENSITY, odd), 0.5f);
      FloatVector large = EXACT.cast(t.lanewise(FMA, -DENSITY, tail)).mul(e);
      FloatVector outer =
          EXACT.cast(
              EXACT
                  .cast(EXACT.cast(FloatVector.broadcast(FLOATS, 1)).sub(large))
                  .blend(large, v.compare(LT, 0)));
      FloatVector slope = EXACT.cast(outer.blend(small, t.compare(LT, NORMAL_SMALL)));
      FloatVector ended = EXACT.cast(slope.blend(0, v.compare(LE, -NORMAL_END)));
      EXACT.cast(grad.mul(ended)).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.geluGate(x, xo + bound, d, dOffset + bound, n - bound);
  }

  @Override
  default void silu(float[] x, int xo, float[] y, int yo, int n) {
    int done = gated(x, xo, y, yo, n, 1, 0);
    ScalarKernels.INSTANCE.silu(x, xo + done, y, yo + done, n - done);
  }

  @Override
  default void tanhGelu(float[] x, int xo, float[] y, int yo, int n) {
    int done = gated(x, xo, y, yo, n, TANH_GELU, TANH_GELU_CUBE);
    ScalarKernels.INSTANCE.tanhGelu(x, xo + done, y, yo + done, n - done);
  }

  /** Computes z·σ(g) with g = linear·z + cube·z³ as far as whole vectors go; returns how far. */
  private static int gated(float[] x, int xo, float[] y, int yo, int n, float linear, float cube) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      FloatVector floored = EXACT.cast(v.blend(-GATE_END, v.compare(LT, -GATE_END)));
      FloatVector z = EXACT.cast(floored.blend(GATE_END, floored.compare(GT, GATE_END)));
      FloatVector argument = EXACT.cast(z.mul(EXACT.cast(z.mul(cube)).lanewise(FMA, z, linear)));
      FloatVector g = EXACT.cast(EXACT.cast(argument.abs()).neg());
      FloatVector b = EXACT.cast(g.blend(-GATE_END, g.compare(LT, -GATE_END)));
      FloatVector shifted = EXACT.cast(b.lanewise(FMA, LOG2_E, ROUNDER));
      FloatVector whole = EXACT.cast(shifted.sub(ROUNDER));
      FloatVector r =
          EXACT.cast(EXACT.cast(whole.lanewise(FMA, -LN2_HIGH, b)).add(whole.mul(-LN2_LOW)));
      FloatVector p = r.lanewise(FMA, E4, E3);
      p = r.lanewise(FMA, p, E2);
      p = r.lanewise(FMA, p, E1);
      p = r.lanewise(FMA, p, E0);
      IntVector shiftedBits = EXACT_INTS.cast(shifted.reinterpretAsInts());
      IntVector exponent = EXACT_INTS.cast(shiftedBits.sub(ROUNDER_BITS));
      IntVector biased = EXACT_INTS.cast(exponent.add(127));
      IntVector power = EXACT_INTS.cast(biased.lanewise(LSHL, 23));
      FloatVector r2 = EXACT.cast(r.mul(r));
      FloatVector nearZero = EXACT.cast(r2.fma(p, r));
      FloatVector nearOne = EXACT.cast(nearZero.add(1));
      FloatVector e = EXACT.cast(nearOne.mul(power.reinterpretAsFloats()));
      VectorMask<Float> negative = argument.compare(LT, 0);
      FloatVector quotient = EXACT.cast(EXACT.cast(v.blend(z.mul(e), negative)).div(e.add(1)));
      EXACT.cast(quotient.blend(0, argument.compare(LE, -GATE_END))).intoArray(y, yo + i);
    }
    return bound;
  }

  @Override
  default void mish(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      FloatVector floored = EXACT.cast(v.blend(-GATE_END, v.compare(LT, -GATE_END)));
      FloatVector z = EXACT.cast(floored.blend(GATE_END, floored.compare(GT, GATE_END)));
      FloatVector g = EXACT.cast(EXACT.cast(z.abs()).neg());
      FloatVector shifted = EXACT.cast(g.lanewise(FMA, LOG2_E, ROUNDER));
      FloatVector whole = EXACT.cast(shifted.sub(ROUNDER));
      FloatVector r =
          EXACT.cast(EXACT.cast(whole.lanewise(FMA, -LN2_HIGH, g)).add(whole.mul(-LN2_LOW)));
      FloatVector p = r.lanewise(FMA, E4, E3);
      p = r.lanewise(FMA, p, E2);
      p = r.lanewise(FMA, p, E1);
      p = r.lanewise(FMA, p, E0);
      IntVector shiftedBits = EXACT_INTS.cast(shifted.reinterpretAsInts());
      IntVector exponent = EXACT_INTS.cast(shiftedBits.sub(ROUNDER_BITS));
      IntVector biased = EXACT_INTS.cast(exponent.add(127));
      IntVector power = EXACT_INTS.cast(biased.lanewise(LSHL, 23));
      FloatVector r2 = EXACT.cast(r.mul(r));
      FloatVector nearZero = EXACT.cast(r2.fma(p, r));
      FloatVector nearOne = EXACT.cast(nearZero.add(1));
      FloatVector u = EXACT.cast(nearOne.mul(power.reinterpretAsFloats()));
      VectorMask<Float> negative = v.compare(LT, 0);
      FloatVector square = EXACT.cast(FloatVector.broadcast(FLOATS, 2)).blend(1, negative);
      FloatVector constant = EXACT.cast(FloatVector.broadcast(FLOATS, 1)).blend(2, negative);
      FloatVector divisor = u.fma(u.lanewise(FMA, square, 2), constant);
      FloatVector missing =
          EXACT
              .cast(EXACT.cast(EXACT.cast(u.add(u)).blend(u.add(1), negative)).mul(u))
              .div(divisor);
      FloatVector product = z.mul(u);
      FloatVector minus = EXACT.cast(EXACT.cast(z.blend(product, negative)).neg());
      FloatVector mish = EXACT.cast(minus.fma(missing, v.blend(product, negative)));
      EXACT.cast(mish.blend(0, v.compare(LE, -GATE_END))).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.mish(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void mishGate(float[] x, int xo, float[] d, int dOffset, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      FloatVector grad = EXACT.cast(FloatVector.fromArray(FLOATS, d, dOffset + i));
      FloatVector floored = EXACT.cast(v.blend(-GATE_END, v.compare(LT, -GATE_END)));
      FloatVector z = EXACT.cast(floored.blend(GATE_END, floored.compare(GT, GATE_END)));
      FloatVector g = EXACT.cast(EXACT.cast(z.abs()).neg());
      FloatVector shifted = EXACT.cast(g.lanewise(FMA, LOG2_E, ROUNDER));
      FloatVector whole = EXACT.cast(shifted.sub(ROUNDER));
      FloatVector r =
          EXACT.cast(EXACT.cast(whole.lanewise(FMA, -LN2_HIGH, g)).add(whole.mul(-LN2_LOW)));
      FloatVector p = r.lanewise(FMA, E4, E3);
      p = r.lanewise(FMA, p, E2);
      p = r.lanewise(FMA, p, E1);
      p = r.lanewise(FMA, p, E0);
      IntVector shiftedBits = EXACT_INTS.cast(shifted.reinterpretAsInts());
      IntVector exponent = EXACT_INTS.cast(shiftedBits.sub(ROUNDER_BITS));
      IntVector biased = EXACT_INTS.cast(exponent.add(127));
      IntVector power = EXACT_INTS.cast(biased.lanewise(LSHL, 23));
      FloatVector r2 = EXACT.cast(r.mul(r));
      FloatVector nearZero = EXACT.cast(r2.fma(p, r));
      FloatVector nearOne = EXACT.cast(nearZero.add(1));
      FloatVector u = EXACT.cast(nearOne.mul(power.reinterpretAsFloats()));
      VectorMask<Float> negative = v.compare(LT, 0);
      FloatVector square = EXACT.cast(FloatVector.broadcast(FLOATS, 2)).blend(1, negative);
      FloatVector constant = EXACT.cast(FloatVector.broadcast(FLOATS, 1)).blend(2, negative);
      FloatVector divisor = u.fma(u.lanewise(FMA, square, 2), constant);
      FloatVector inverse = EXACT.cast(FloatVector.broadcast(FLOATS, 1)).div(divisor);
      FloatVector twice = EXACT.cast(u.add(u));
      FloatVector rest =
          EXACT.cast(EXACT.cast(EXACT.cast(twice.mul(u)).blend(2, negative)).mul(inverse));
      FloatVector tangent =
          EXACT
              .cast(EXACT.cast(rest.neg()).add(1))
              .blend(EXACT.cast(u.fma(u, twice)).mul(inverse), negative);
      FloatVector open =
          EXACT
              .cast(EXACT.cast(FloatVector.broadcast(FLOATS, 2)).blend(twice, negative))
              .mul(u.fma(inverse, inverse));
      FloatVector slope = EXACT.cast(EXACT.cast(z.mul(open)).fma(rest, tangent));
      FloatVector ended = EXACT.cast(slope.blend(0, v.compare(LE, -GATE_END)));
      EXACT.cast(grad.mul(ended)).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.mishGate(x, xo + bound, d, dOffset + bound, n - bound);
  }

  @Override
  default void softplusGate(float[] x, int xo, float[] d, int dOffset, int n) {
    int done = gatedSlope(x, xo, d, dOffset, n, 1, 0, 0, 0);
    ScalarKernels.INSTANCE.softplusGate(x, xo + done, d, dOffset + done, n - done);
  }

  @Override
  default void siluGate(float[] x, int xo, float[] d, int dOffset, int n) {
    int done = gatedSlope(x, xo, d, dOffset, n, 1, 0, 1, 0);
    ScalarKernels.INSTANCE.siluGate(x, xo + done, d, dOffset + done, n - done);
  }

  @Override
  default void tanhGeluGate(float[] x, int xo, float[] d, int dOffset, int n) {
    int done =
        gatedSlope(x, xo, d, dOffset, n, TANH_GELU, TANH_GELU_CUBE, TANH_GELU, TANH_GELU_SLOPE);
    ScalarKernels.INSTANCE.tanhGeluGate(x, xo + done, d, dOffset + done, n - done);
  }

  /** Multiplies by the derivative of that, with g′ = constant + square·z²; returns how far. */
  private static int gatedSlope(
      float[] x,
      int xo,
      float[] d,
      int dOffset,
      int n,
      float linear,
      float cube,
      float constant,
      float square) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      FloatVector grad = EXACT.cast(FloatVector.fromArray(FLOATS, d, dOffset + i));
      FloatVector floored = EXACT.cast(v.blend(-GATE_END, v.compare(LT, -GATE_END)));
      FloatVector z = EXACT.cast(floored.blend(GATE_END, floored.compare(GT, GATE_END)));
      FloatVector argument = EXACT.cast(z.mul(EXACT.cast(z.mul(cube)).lanewise(FMA, z, linear)));
      FloatVector g = EXACT.cast(EXACT.cast(argument.abs()).neg());
      FloatVector b = EXACT.cast(g.blend(-GATE_END, g.compare(LT, -GATE_END)));
      FloatVector shifted = EXACT.cast(b.lanewise(FMA, LOG2_E, ROUNDER));
      FloatVector whole = EXACT.cast(shifted.sub(ROUNDER));
      FloatVector r =
          EXACT.cast(EXACT.cast(whole.lanewise(FMA, -LN2_HIGH, b)).add(whole.mul(-LN2_LOW)));
      FloatVector p = r.lanewise(FMA, E4, E3);
      p = r.lanewise(FMA, p, E2);
      p = r.lanewise(FMA, p, E1);
      p = r.lanewise(FMA, p, E0);
      IntVector shiftedBits = EXACT_INTS.cast(shifted.reinterpretAsInts());
      IntVector exponent = EXACT_INTS.cast(shiftedBits.sub(ROUNDER_BITS));
      IntVector biased = EXACT_INTS.cast(exponent.add(127));
      IntVector power = EXACT_INTS.cast(biased.lanewise(LSHL, 23));
      FloatVector r2 = EXACT.cast(r.mul(r));
      FloatVector nearZero = EXACT.cast(r2.fma(p, r));
      FloatVector nearOne = EXACT.cast(nearZero.add(1));
      FloatVector e = EXACT.cast(nearOne.mul(power.reinterpretAsFloats()));
      VectorMask<Float> negative = argument.compare(LT, 0);
      FloatVector large = EXACT.cast(EXACT.cast(FloatVector.broadcast(FLOATS, 1)).div(e.add(1)));
      FloatVector small = EXACT.cast(e.mul(large));
      FloatVector open = EXACT.cast(large.blend(small, negative));
      FloatVector shut = small.blend(large, negative);
      FloatVector slope = EXACT.cast(z.mul(square)).lanewise(FMA, z, constant);
      FloatVector gate = EXACT.cast(open.mul(EXACT.cast(z.mul(slope)).lanewise(FMA, shut, 1)));
      FloatVector ended = EXACT.cast(gate.blend(0, argument.compare(LE, -GATE_END)));
      EXACT.cast(grad.mul(ended)).intoArray(d, dOffset + i);
    }
    return bound;
  }

  @Override
  default void cosTurns(float[] t, int to, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, t, to + i));
      FloatVector m = EXACT.cast(v.abs());
      FloatVector lifted = EXACT.cast(m.add(WHOLE));
      FloatVector near = EXACT.cast(m.sub(lifted.sub(WHOLE)));
      FloatVector r = EXACT.cast(near.blend(m.sub(m), m.compare(GT, WHOLE)));
      FloatVector a = EXACT.cast(r.abs());
      FloatVector folded = EXACT.cast(a.neg()).add(0.5f);
      FloatVector b = EXACT.cast(a.blend(folded, a.compare(GT, 0.25f)));
      FloatVector quarter = EXACT.cast(b.neg()).add(0.25f);
      FloatVector u = EXACT.cast(b.blend(quarter, b.compare(GT, 0.125f)));
      FloatVector s = EXACT.cast(u.mul(u));
      FloatVector p = EXACT.cast(s.lanewise(FMA, COS3, COS2));
      p = EXACT.cast(s.lanewise(FMA, p, COS1));
      p = EXACT.cast(s.lanewise(FMA, p, COS0));
      FloatVector even = EXACT.cast(s.lanewise(FMA, p, 1));
      FloatVector q = EXACT.cast(s.lanewise(FMA, SIN2, SIN1));
      q = EXACT.cast(s.lanewise(FMA, q, SIN0));
      q = EXACT.cast(s.lanewise(FMA, q, TWO_PI_LOW));
      FloatVector rest = EXACT.cast(u.mul(q));
      FloatVector odd = EXACT.cast(u.lanewise(FMA, TWO_PI, rest));
      FloatVector c = EXACT.cast(even.blend(odd, b.compare(GT, 0.125f)));
      EXACT.cast(c.blend(c.neg(), a.compare(GT, 0.25f))).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.cosTurns(t, to + bound, y, yo + bound, n - bound);
  }

  @Override
  default void cosTurnsGate(float[] t, int to, float[] d, int dOffset, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, t, to + i));
      FloatVector m = EXACT.cast(v.abs());
      FloatVector lifted = EXACT.cast(m.add(WHOLE));
      FloatVector near = EXACT.cast(m.sub(lifted.sub(WHOLE)));
      FloatVector r = EXACT.cast(near.blend(m.sub(m), m.compare(GT, WHOLE)));
      FloatVector a = EXACT.cast(r.abs());
      FloatVector folded = EXACT.cast(a.neg()).add(0.5f);
      FloatVector b = EXACT.cast(a.blend(folded, a.compare(GT, 0.25f)));
      FloatVector quarter = EXACT.cast(b.neg()).add(0.25f);
      FloatVector u = EXACT.cast(b.blend(quarter, b.compare(GT, 0.125f)));
      FloatVector s = EXACT.cast(u.mul(u));
      FloatVector p = EXACT.cast(s.lanewise(FMA, COS3, COS2));
      p = EXACT.cast(s.lanewise(FMA, p, COS1));
      p = EXACT.cast(s.lanewise(FMA, p, COS0));
      FloatVector even = EXACT.cast(s.lanewise(FMA, p, 1));
      FloatVector q = EXACT.cast(s.lanewise(FMA, SIN2, SIN1));
      q = EXACT.cast(s.lanewise(FMA, q, SIN0));
      q = EXACT.cast(s.lanewise(FMA, q, TWO_PI_LOW));
      FloatVector rest = EXACT.cast(u.mul(q));
      FloatVector odd = EXACT.cast(u.lanewise(FMA, TWO_PI, rest));
      FloatVector c = EXACT.cast(odd.blend(even, b.compare(GT, 0.125f)));
      FloatVector signed = EXACT.cast(c.blend(c.neg(), r.compare(LT, 0)));
      FloatVector sine = EXACT.cast(signed.blend(signed.neg(), v.compare(LT, 0)));
      FloatVector slope = EXACT.cast(sine.mul(-TWO_PI));
      FloatVector gradient = EXACT.cast(FloatVector.fromArray(FLOATS, d, dOffset + i));
      EXACT.cast(gradient.mul(slope)).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.cosTurnsGate(t, to + bound, d, dOffset + bound, n - bound);
  }
}
