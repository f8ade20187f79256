package dev.lanewise.kernel;

import static dev.lanewise.kernel.Functions.E0;
import static dev.lanewise.kernel.Functions.E1;
import static dev.lanewise.kernel.Functions.E2;
import static dev.lanewise.kernel.Functions.E3;
import static dev.lanewise.kernel.Functions.E4;
import static dev.lanewise.kernel.Functions.EXP_LOW;
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
import static dev.lanewise.kernel.Functions.ROUNDER;
import static dev.lanewise.kernel.Functions.ROUNDER_BITS;
import static dev.lanewise.kernel.Lanes.EXACT;
import static dev.lanewise.kernel.Lanes.EXACT_INTS;
import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;
import static dev.lanewise.kernel.NarrowLanes.EXACTLY_NARROW;
import static dev.lanewise.kernel.NarrowLanes.NARROW;
import static dev.lanewise.kernel.NarrowLanes.WIDTH;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The vector form of {@link LossKernels}. The last vector of a row overlaps the one before: it does
 * not matter to a maximum that elements are seen twice, and the overlap is read before it is
 * written. Short rows take narrow vectors, two in a row; still shorter ones, and elements after the
 * last full vector, are left to the scalar form.
 */
interface VectorLoss extends LossKernels {

  @Override
  default void subtractMaxima(float[] z, int zo, int rows, int columns) {
    if (columns < WIDTH) {
      ScalarKernels.INSTANCE.subtractMaxima(z, zo, rows, columns);
    } else if (columns <= 2 * WIDTH) {
      subtractNarrowMaxima(z, zo, rows, columns);
    } else {
      subtractWideMaxima(z, zo, rows, columns);
    }
  }

  /** Rows of one narrow vector or two, which may overlap. */
  private static void subtractNarrowMaxima(float[] z, int zo, int rows, int columns) {
    int second = columns - WIDTH;
    for (int at = zo; at < zo + rows * columns; at += columns) {
      FloatVector start = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, z, at));
      FloatVector end = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, z, at + second));
      FloatVector max = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, Float.NEGATIVE_INFINITY));
      max = max.blend(start, start.compare(GT, max));
      max = EXACTLY_NARROW.cast(max).blend(end, end.compare(GT, max));
      if (WIDTH == 8) {
        FloatVector far =
            EXACTLY_NARROW.cast(EXACTLY_NARROW.cast(max).rearrange(NarrowLanes.Down.BY_4));
        max = EXACTLY_NARROW.cast(max).blend(far, far.compare(GT, max));
      }
      FloatVector other = EXACTLY_NARROW.cast(max).rearrange(NarrowLanes.Down.BY_2);
      max = EXACTLY_NARROW.cast(max).blend(other, EXACTLY_NARROW.cast(other).compare(GT, max));
      other = EXACTLY_NARROW.cast(max).rearrange(NarrowLanes.Down.BY_1);
      max = EXACTLY_NARROW.cast(max).blend(other, EXACTLY_NARROW.cast(other).compare(GT, max));
      EXACTLY_NARROW.cast(start.sub(max)).intoArray(z, at);
      EXACTLY_NARROW.cast(end.sub(max)).intoArray(z, at + second);
    }
  }

  private static void subtractWideMaxima(float[] z, int zo, int rows, int columns) {
    for (int at = zo; at < zo + rows * columns; at += columns) {
      int last = at + columns - LENGTH;
      FloatVector end = EXACT.cast(FloatVector.fromArray(FLOATS, z, last));
      FloatVector max = EXACT.cast(FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY));
      max = max.blend(end, end.compare(GT, max));
      FloatVector other = max;
      int next = at;
      for (; next < last - LENGTH; next += 2 * LENGTH) {
        FloatVector even = EXACT.cast(FloatVector.fromArray(FLOATS, z, next));
        max = EXACT.cast(max).blend(even, even.compare(GT, max));
        FloatVector odd = EXACT.cast(FloatVector.fromArray(FLOATS, z, next + LENGTH));
        other = EXACT.cast(other).blend(odd, odd.compare(GT, other));
      }
      if (next < last) {
        FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, z, next));
        max = EXACT.cast(max).blend(v, v.compare(GT, max));
      }
      other = EXACT.cast(other);
      max = EXACT.cast(max).blend(other, other.compare(GT, max));
      if (LENGTH == 16) {
        other = EXACT.cast(max).rearrange(VectorSum.Down.BY_8);
        max = EXACT.cast(max).blend(other, EXACT.cast(other).compare(GT, max));
      }
      if (LENGTH >= 8) {
        other = EXACT.cast(max).rearrange(VectorSum.Down.BY_4);
        max = EXACT.cast(max).blend(other, EXACT.cast(other).compare(GT, max));
      }
      other = EXACT.cast(max).rearrange(VectorSum.Down.BY_2);
      max = EXACT.cast(max).blend(other, EXACT.cast(other).compare(GT, max));
      other = EXACT.cast(max).rearrange(VectorSum.Down.BY_1);
      max = EXACT.cast(max).blend(other, EXACT.cast(other).compare(GT, max));
      for (int i = at; i < last; i += LENGTH) {
        EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, z, i)).sub(max)).intoArray(z, i);
      }
      EXACT.cast(end.sub(max)).intoArray(z, last);
    }
  }

  @Override
  default void classGradients(
      float[] z,
      int zo,
      int rows,
      int columns,
      float[] classes,
      int co,
      float scale,
      float[] sums,
      int so) {
    int second = columns - WIDTH;
    if (second < 0 || second > WIDTH) {
      LossKernels.super.classGradients(z, zo, rows, columns, classes, co, scale, sums, so);
      return;
    }
    for (int r = 0, at = zo; r < rows; r++, at += columns) {
      int ofClass = at + (int) classes[co + r];
      float share = 1 / sums[so + r];
      float ofLabel = (z[ofClass] * share - 1) * scale;
      FloatVector start = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, z, at));
      FloatVector end = EXACTLY_NARROW.cast(FloatVector.fromArray(NARROW, z, at + second));
      EXACTLY_NARROW.cast(start.mul(share * scale)).intoArray(z, at);
      EXACTLY_NARROW.cast(end.mul(share * scale)).intoArray(z, at + second);
      z[ofClass] = ofLabel;
    }
  }

  /** e^−|z| as in {@link VectorSmooth}, and from it both the logarithm and the sigmoid. */
  @Override
  default void sigmoidCrossEntropy(
      float[] z, int zo, float[] targets, int to, float scale, float[] losses, int lo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, z, zo + i));
      FloatVector y = EXACT.cast(FloatVector.fromArray(FLOATS, targets, to + i));
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
      FloatVector q = e.lanewise(FMA, L8, L7);
      q = e.lanewise(FMA, q, L6);
      q = e.lanewise(FMA, q, L5);
      q = e.lanewise(FMA, q, L4);
      q = e.lanewise(FMA, q, L3);
      q = e.lanewise(FMA, q, L2);
      q = e.lanewise(FMA, q, L1);
      q = e.lanewise(FMA, q, L0);
      FloatVector log1p = EXACT.cast(e.mul(e)).fma(q, e);
      FloatVector linear = EXACT.cast(EXACT.cast(v.neg()).fma(y, v.blend(0, v.compare(LT, 0))));
      EXACT.cast(linear.add(log1p)).intoArray(losses, lo + i);
      FloatVector high =
          EXACT.cast(EXACT.cast(FloatVector.broadcast(FLOATS, 1)).blend(e, v.compare(LT, 0)));
      FloatVector d = EXACT.cast(e.add(1));
      FloatVector lost = e.sub(d.sub(1));
      FloatVector inverse = EXACT.cast(FloatVector.broadcast(FLOATS, 1)).div(d);
      FloatVector quotient = EXACT.cast(high.mul(inverse));
      FloatVector minus = EXACT.cast(quotient.neg());
      FloatVector rest = EXACT.cast(EXACT.cast(minus.fma(d, high)).add(minus.mul(lost)));
      EXACT
          .cast(EXACT.cast(EXACT.cast(rest.fma(inverse, quotient)).sub(y)).mul(scale))
          .intoArray(z, zo + i);
    }
    ScalarKernels.INSTANCE.sigmoidCrossEntropy(
        z, zo + bound, targets, to + bound, scale, losses, lo + bound, n - bound);
  }

  @Override
  default void squaredError(
      float[] z, int zo, float[] targets, int to, float scale, float[] losses, int lo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector y = EXACT.cast(FloatVector.fromArray(FLOATS, targets, to + i));
      FloatVector e = EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, z, zo + i)).sub(y));
      EXACT.cast(EXACT.cast(e.mul(0.5f)).mul(e)).intoArray(losses, lo + i);
      EXACT.cast(e.mul(scale)).intoArray(z, zo + i);
    }
    ScalarKernels.INSTANCE.squaredError(
        z, zo + bound, targets, to + bound, scale, losses, lo + bound, n - bound);
  }

  @Override
  default void huber(
      float[] z,
      int zo,
      float[] targets,
      int to,
      float scale,
      float delta,
      float[] losses,
      int lo,
      int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector y = EXACT.cast(FloatVector.fromArray(FLOATS, targets, to + i));
      FloatVector e = EXACT.cast(EXACT.cast(FloatVector.fromArray(FLOATS, z, zo + i)).sub(y));
      FloatVector cut = e.blend(-delta, e.compare(LT, -delta));
      cut = EXACT.cast(cut).blend(delta, EXACT.cast(cut).compare(GT, delta));
      EXACT.cast(EXACT.cast(cut).mul(e.sub(EXACT.cast(cut).mul(0.5f)))).intoArray(losses, lo + i);
      EXACT.cast(EXACT.cast(cut).mul(scale)).intoArray(z, zo + i);
    }
    ScalarKernels.INSTANCE.huber(
        z, zo + bound, targets, to + bound, scale, delta, losses, lo + bound, n - bound);
  }
}
