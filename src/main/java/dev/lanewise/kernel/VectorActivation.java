package dev.lanewise.kernel;

import static dev.lanewise.kernel.Functions.SELU_BELOW;
import static dev.lanewise.kernel.Functions.SELU_SCALE;
import static dev.lanewise.kernel.Lanes.EXACT;
import static dev.lanewise.kernel.Lanes.EXACT_INTS;
import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.INTS;
import static dev.lanewise.kernel.Lanes.LENGTH;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.lanewise.random.CounterRandom;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * The vector form of {@link ActivationKernels}: whole vectors first, then the rest by the scalar
 * form.
 */
interface VectorActivation extends VectorSmooth {

  @Override
  default void relu(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      EXACT.cast(v.blend(0, v.compare(LE, 0))).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.relu(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void leakyRelu(float[] x, int xo, float[] y, int yo, int n, float slope) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      EXACT.cast(EXACT.cast(v.mul(slope)).blend(v, v.compare(GT, 0))).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.leakyRelu(x, xo + bound, y, yo + bound, n - bound, slope);
  }

  @Override
  default void moveTowards(
      float[] x,
      float[] s,
      float[] d,
      float[] y,
      int at,
      int stride,
      int rows,
      int columns,
      float[] alpha,
      int ao) {
    int bound = FLOATS.loopBound(columns);
    for (int row = 0; row < rows; row++) {
      int from = at + row * stride;
      for (int j = 0; j < bound; j += LENGTH) {
        FloatVector start = EXACT.cast(FloatVector.fromArray(FLOATS, x, from + j));
        FloatVector end = EXACT.cast(FloatVector.fromArray(FLOATS, s, from + j));
        FloatVector share = EXACT.cast(FloatVector.fromArray(FLOATS, alpha, ao + j));
        FloatVector way = EXACT.cast(end.sub(start));
        way.intoArray(d, from + j);
        EXACT.cast(share.lanewise(FMA, way, start)).intoArray(y, from + j);
      }
    }
    ScalarKernels.INSTANCE.moveTowards(
        x, s, d, y, at + bound, stride, rows, columns - bound, alpha, ao + bound);
  }

  @Override
  default void reluGate(float[] a, int ao, float[] d, int dOffset, int n, float scale) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, a, ao + i));
      FloatVector g = EXACT.cast(FloatVector.fromArray(FLOATS, d, dOffset + i));
      EXACT.cast(EXACT.cast(g.mul(scale)).blend(0, v.compare(LE, 0))).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.reluGate(a, ao + bound, d, dOffset + bound, n - bound, scale);
  }

  @Override
  default void leakyReluGate(float[] z, int zo, float[] d, int dOffset, int n, float slope) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, z, zo + i));
      FloatVector g = EXACT.cast(FloatVector.fromArray(FLOATS, d, dOffset + i));
      EXACT.cast(EXACT.cast(g.mul(slope)).blend(g, v.compare(GT, 0))).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.leakyReluGate(z, zo + bound, d, dOffset + bound, n - bound, slope);
  }

  @Override
  default void seluGate(float[] s, int so, float[] d, int dOffset, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, s, so + i));
      FloatVector g = EXACT.cast(FloatVector.fromArray(FLOATS, d, dOffset + i));
      EXACT
          .cast(g.mul(EXACT.cast(v.add(SELU_BELOW)).blend(SELU_SCALE, v.compare(GT, 0))))
          .intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.seluGate(s, so + bound, d, dOffset + bound, n - bound);
  }

  @Override
  default void sigmoidGate(float[] s, int so, float[] d, int dOffset, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, s, so + i));
      FloatVector g = EXACT.cast(FloatVector.fromArray(FLOATS, d, dOffset + i));
      EXACT.cast(g.mul(v.mul(EXACT.cast(v.neg()).add(1)))).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.sigmoidGate(s, so + bound, d, dOffset + bound, n - bound);
  }

  @Override
  default void tanhGate(float[] t, int to, float[] d, int dOffset, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += LENGTH) {
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, t, to + i));
      FloatVector g = EXACT.cast(FloatVector.fromArray(FLOATS, d, dOffset + i));
      EXACT.cast(g.mul(EXACT.cast(v.neg()).lanewise(FMA, v, 1))).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.tanhGate(t, to + bound, d, dOffset + bound, n - bound);
  }

  @Override
  default void dropout(
      float[] x,
      int xo,
      float[] y,
      int yo,
      int n,
      long key,
      int index,
      int threshold,
      float scale) {
    int done = drop(x, xo, y, yo, n, key, index, threshold, scale, false);
    ScalarKernels.INSTANCE.dropout(
        x, xo + done, y, yo + done, n - done, key, index + done, threshold, scale);
  }

  @Override
  default void reluDropout(
      float[] x,
      int xo,
      float[] y,
      int yo,
      int n,
      long key,
      int index,
      int threshold,
      float scale) {
    int done = drop(x, xo, y, yo, n, key, index, threshold, scale, true);
    ScalarKernels.INSTANCE.reluDropout(
        x, xo + done, y, yo + done, n - done, key, index + done, threshold, scale);
  }

  /**
   * Applies dropout, after ReLU if {@code relu}, as far as whole vectors go. The lanes of h are
   * {@link CounterRandom#word} for consecutive indices.
   */
  private static int drop(
      float[] x,
      int xo,
      float[] y,
      int yo,
      int n,
      long key,
      int index,
      int threshold,
      float scale,
      boolean relu) {
    int bound = FLOATS.loopBound(n);
    IntVector step = EXACT_INTS.cast(IntVector.broadcast(INTS, LENGTH));
    IntVector stride = EXACT_INTS.cast(IntVector.broadcast(INTS, LENGTH * CounterRandom.SPREAD));
    IntVector at = EXACT_INTS.cast(IntVector.broadcast(INTS, index - LENGTH)).addIndex(1);
    IntVector spread =
        EXACT_INTS.cast(EXACT_INTS.cast(at).mul(CounterRandom.SPREAD)).add((int) key);
    for (int i = 0; i < bound; i += LENGTH) {
      at = step.add(at);
      spread = stride.add(spread);
      IntVector h = spread;
      h =
          EXACT_INTS
              .cast(EXACT_INTS.cast(h).lanewise(XOR, EXACT_INTS.cast(h).lanewise(LSHR, 16)))
              .mul(CounterRandom.FIRST);
      h = EXACT_INTS.cast(h).lanewise(XOR, EXACT_INTS.cast(h).lanewise(LSHR, 15));
      h =
          EXACT_INTS
              .cast(
                  EXACT_INTS
                      .cast(h)
                      .add(
                          EXACT_INTS
                              .cast(EXACT_INTS.cast(at).lanewise(ROL, 16))
                              .lanewise(XOR, (int) (key >>> 32))))
              .mul(CounterRandom.SECOND);
      h = EXACT_INTS.cast(h).lanewise(XOR, EXACT_INTS.cast(h).lanewise(LSHR, 15));
      // With the sign bits flipped, the signed comparison that all machines have is an unsigned
      // one.
      VectorMask<Float> kept =
          EXACT_INTS
              .cast(EXACT_INTS.cast(h).lanewise(XOR, Integer.MIN_VALUE))
              .compare(LT, threshold ^ Integer.MIN_VALUE)
              .cast(FLOATS);
      FloatVector v = EXACT.cast(FloatVector.fromArray(FLOATS, x, xo + i));
      FloatVector passed = EXACT.cast(relu ? v.blend(0, v.compare(LE, 0)) : v);
      EXACT
          .cast(EXACT.cast(FloatVector.zero(FLOATS)).blend(passed.mul(scale), kept))
          .intoArray(y, yo + i);
    }
    return bound;
  }
}
